// Package elastico is the searchable trail in an Elasticsearch 7 server: one index after another, each with the name
// that its records got together with their numbers. No other package imports the client library.
package elastico

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"sync"
	"time"

	"despensa/modules/clientes/internal/auditoria"

	"github.com/olivere/elastic/v7"
)

// Opciones say which server.
type Opciones struct {
	// URL of the server, which may hold a user and a password.
	URL string
	// Prefijo begins the name of every index: small letters, digits and dashes.
	Prefijo string
	// Plazo is the time of one call.
	Plazo time.Duration
}

// ErrDireccion: the text is no URL of a server. The error does not repeat the text, which may hold a password.
var ErrDireccion = errors.New(
	"auditoria.elasticsearch: a URL like https://user:password@host:9200 expected",
)

var prefijoValido = regexp.MustCompile(`^[a-z][a-z0-9-]{0,60}$`)

// Validar checks the address and the prefix. Errors: ErrDireccion; one that names auditoria.prefijo.
func (o Opciones) Validar() error {
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" ||
		u.RawQuery != "" ||
		u.Fragment != "" {
		return ErrDireccion
	}
	if !prefijoValido.MatchString(o.Prefijo) {
		return errors.New("auditoria.prefijo: small letters, digits and dashes expected")
	}
	return nil
}

// Buscador is the trail on a server. Safe for concurrent use.
type Buscador struct {
	o          Opciones
	c          *elastic.Client
	transporte *http.Transport

	mu     sync.Mutex
	modelo bool            // the index template is there
	hechos map[string]bool // indices that are there
}

var _ auditoria.Buscador = (*Buscador)(nil)

// New prepares a Buscador; the server is not asked anything yet. Errors: those of Validar.
func New(o Opciones) (*Buscador, error) {
	if err := o.Validar(); err != nil {
		return nil, err
	}
	u, err := url.Parse(o.URL)
	if err != nil {
		return nil, ErrDireccion
	}
	d := &Buscador{
		o:      o,
		hechos: map[string]bool{},
		transporte: &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			MaxIdleConnsPerHost: 4,
			IdleConnTimeout:     30 * time.Second,
			TLSHandshakeTimeout: 5 * time.Second,
			ForceAttemptHTTP2:   true,
		},
	}
	opciones := []elastic.ClientOptionFunc{
		elastic.SetHttpClient(&http.Client{Timeout: o.Plazo, Transport: d.transporte}),
	}
	if u.User != nil {
		clave, _ := u.User.Password()
		opciones = append(opciones, elastic.SetBasicAuth(u.User.Username(), clave))
		u.User = nil
	}
	if d.c, err = elastic.NewSimpleClient(append(opciones, elastic.SetURL(u.String()))...); err != nil {
		return nil, ErrDireccion
	}
	return d, nil
}

// Cerrar implements auditoria.Buscador.
func (d *Buscador) Cerrar() error {
	d.transporte.CloseIdleConnections()
	return nil
}

// nombre is the index that has the records of indice; all: a pattern.
func (d *Buscador) nombre(indice string) string { return d.o.Prefijo + "-" + indice }

// insistir makes a call of the client library. After a failure the library refuses the next call without making it;
// insistir then makes that call again.
func insistir[T any](llamar func() (T, error)) (T, error) {
	t, err := llamar()
	if elastic.IsConnErr(err) {
		t, err = llamar()
	}
	return t, err
}

// falla is err as logs and callers may see it: the call, with the HTTP status or the end of the context. It repeats
// neither the address of the server nor any part of a record.
func falla(que string, err error) error {
	if err == nil {
		return nil
	}
	var e *elastic.Error
	if errors.As(err, &e) {
		return fmt.Errorf(
			"%w: %s: status %d%s",
			auditoria.ErrBuscador,
			que,
			e.Status,
			clase(e.Details),
		)
	}
	for _, fin := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, fin) {
			return fmt.Errorf("%w: %s: %w", auditoria.ErrBuscador, que, fin)
		}
	}
	return fmt.Errorf("%w: %s: no answer", auditoria.ErrBuscador, que)
}

// clase is the server's type of an error. It leaves out the reason, which may quote a part of a record.
func clase(errorDetails *elastic.ErrorDetails) string {
	if errorDetails == nil {
		return ""
	}
	return ", " + errorDetails.Type
}

// Borrar implements auditoria.Buscador.
func (d *Buscador) Borrar(ctx context.Context, indice string) error {
	_, err := insistir(func() (*elastic.IndicesDeleteResponse, error) {
		return d.c.DeleteIndex(d.nombre(indice)).Do(ctx)
	})
	if err != nil && !elastic.IsNotFound(err) {
		return falla("delete an index", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.hechos, indice)
	return nil
}
