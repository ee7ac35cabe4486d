// Package apiclient is the Go client of the HTTP API: a method and a type for every operation and schema of its
// document, calls with a key that stays the same over repetitions, lists that go on, streams that resume, problems as
// errors, tokens that renew themselves, and a login at the embedded provider.
package apiclient

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Token gives the access token of the next call; with an empty one, the call has no Authorization header.
type Token func(context.Context) (string, error)

// Fijo is a Token that never changes.
func Fijo(crudo string) Token {
	return func(context.Context) (string, error) { return crudo, nil }
}

// Defaults of a Cliente.
const (
	intentosMax  = 4
	respuestaMax = 32 << 20 // bytes
	esperaMax    = 5 * time.Second
)

// Cliente calls one server. Safe for concurrent use.
type Cliente struct {
	url   string
	token Token
	http  *http.Client

	// Intentos is how many times the client tries a call in all (default 4).
	Intentos int
	// Paciencia, unless 0, replaces Intentos: a call is tried again for so long. A Paciencia longer than a restart of the
	// server hides the restart from the caller.
	Paciencia time.Duration
	// Espera waits before another try; tests replace it.
	Espera func(context.Context, time.Duration) error
	// Clave makes Idempotency-Keys (default random UUIDs).
	Clave func() string
}

// New makes a client of the server at url ("http://127.0.0.1:8080"); token may be nil.
func New(url string, token Token, h *http.Client) *Cliente {
	if token == nil {
		token = Fijo("")
	}
	if h == nil {
		h = &http.Client{Timeout: 30 * time.Second}
	}
	return &Cliente{
		url:      strings.TrimSuffix(url, "/"),
		token:    token,
		http:     h,
		Intentos: intentosMax,
		Espera:   esperar,
		Clave:    uuid.NewString,
	}
}

// llamada is one call with all its tries.
type llamada struct {
	metodo, camino string
	cuerpo         []byte
	cabecera       http.Header
	respuesta      *Respuesta
	flujo          bool          // the answer is a stream
	abierta        io.ReadCloser // body of the stream, once it is open
}

// Respuesta is the part of an answer besides its body.
type Respuesta struct {
	Status   int
	Cabecera http.Header
	// Intentos is how many times the call was tried.
	Intentos int
}

// Repetida reports whether an earlier call with the same key has had the effect.
func (r Respuesta) Repetida() bool { return r.Cabecera.Get("Idempotent-Replayed") == "true" }

// Opcion changes one call.
type Opcion func(*llamada)

// ConClave sends this Idempotency-Key instead of a new one.
func ConClave(clave string) Opcion { return ConCabecera("Idempotency-Key", clave) }

// SiCoincide sends If-Match.
func SiCoincide(etag string) Opcion { return ConCabecera("If-Match", etag) }

// ConCabecera adds one header.
func ConCabecera(nombre, valor string) Opcion {
	return func(l *llamada) { l.cabecera.Set(nombre, valor) }
}

// EnRespuesta stores status and header of the answer in r.
func EnRespuesta(r *Respuesta) Opcion {
	return func(l *llamada) { l.respuesta = r }
}

// Hacer calls metodo on camino ("/pedidos", under /api/v1; a path that begins with /api/ or /dev/ is taken as it is).
// cuerpo is sent as JSON unless nil; the answer is read into salida unless nil. A POST carries an Idempotency-Key that
// stays the same over the tries. Network errors, 429, 502, 503 and 504 are tried again where a repetition is safe.
// Each operation of the document has a method of its own, which calls Hacer. Errors: *Problema for an answer of 400
// and above.
func (c *Cliente) Hacer(ctx context.Context, metodo, camino string, cuerpo, salida any, opciones ...Opcion) error {
	l := &llamada{metodo: metodo, camino: camino, cabecera: http.Header{}}
	if err := l.preparar(cuerpo); err != nil {
		return err
	}
	if metodo == http.MethodPost {
		l.cabecera.Set("Idempotency-Key", c.Clave())
	}
	for _, o := range opciones {
		o(l)
	}
	var r Respuesta
	b, err := c.insistir(ctx, l, &r)
	if l.respuesta != nil {
		*l.respuesta = r
	}
	if err != nil || salida == nil || len(b) == 0 {
		return err
	}
	if err := json.Unmarshal(b, salida); err != nil {
		return fmt.Errorf("apiclient: %s %s: answer: %w", metodo, camino, err)
	}
	return nil
}

func (l *llamada) preparar(cuerpo any) error {
	if !strings.HasPrefix(l.camino, "/api/") && !strings.HasPrefix(l.camino, "/dev/") {
		l.camino = "/api/v1" + l.camino
	}
	l.cabecera.Set("Accept", "application/json")
	if cuerpo == nil {
		return nil
	}
	var err error
	if l.cuerpo, err = json.Marshal(cuerpo); err != nil {
		return fmt.Errorf("apiclient: body: %w", err)
	}
	l.cabecera.Set("Content-Type", "application/json")
	return nil
}

// segura reports whether the call may be sent again without harm.
func (l *llamada) segura() bool {
	return l.metodo != http.MethodPost && l.metodo != http.MethodPatch || l.cabecera.Get("Idempotency-Key") != ""
}

// insistir tries the call until an answer or an error is final.
func (c *Cliente) insistir(ctx context.Context, l *llamada, r *Respuesta) ([]byte, error) {
	empezo := time.Now()
	for {
		r.Intentos++
		b, pausa, err := c.intentar(ctx, l, r)
		if err == nil || pausa < 0 || !l.segura() || c.harto(r.Intentos, empezo) {
			return b, err
		}
		if pausa == 0 {
			pausa = 50 * time.Millisecond << min(r.Intentos, 6)
		}
		if pausa > esperaMax {
			return b, err
		}
		if e := c.Espera(ctx, pausa); e != nil {
			return b, errors.Join(err, e)
		}
	}
}

// harto reports whether a call has been tried often or long enough.
func (c *Cliente) harto(intentos int, desde time.Time) bool {
	if c.Paciencia > 0 {
		return time.Since(desde) >= c.Paciencia
	}
	return intentos >= c.Intentos
}

// intentar sends the call, and a second time when the server refuses its token and the client gets another one.
func (c *Cliente) intentar(ctx context.Context, l *llamada, r *Respuesta) (b []byte, pausa time.Duration, err error) {
	crudo, err := c.token(ctx)
	if err != nil {
		return nil, c.trasToken(ctx, err), fmt.Errorf("apiclient: token: %w", err)
	}
	b, pausa, err = c.enviar(ctx, l, crudo, r)
	if crudo == "" || r.Status != http.StatusUnauthorized {
		return b, pausa, err
	}
	otro, e := c.token(context.WithValue(ctx, rehusado{}, crudo))
	if e != nil || otro == crudo {
		return b, pausa, err
	}
	return c.enviar(ctx, l, otro, r)
}

// trasToken is the wait before another try after a token could not be got; negative when the provider has refused the
// login, so that another try is no use.
func (c *Cliente) trasToken(ctx context.Context, err error) time.Duration {
	if c.Paciencia == 0 || ctx.Err() != nil || errors.Is(err, ErrIngreso) || errors.Is(err, ErrEmisor) {
		return -1
	}
	return 0
}

// enviar sends the call once. pausa is the wait before another try: negative when another try is no use, 0 when the
// client may choose.
func (c *Cliente) enviar(
	ctx context.Context, l *llamada, crudo string, r *Respuesta,
) (b []byte, pausa time.Duration, err error) {
	q, err := c.peticion(ctx, l, crudo)
	if err != nil {
		return nil, -1, err
	}
	r.Status = 0
	res, err := c.por(l).Do(q)
	if err != nil {
		if ctx.Err() != nil {
			return nil, -1, fmt.Errorf("apiclient: %s %s: %w", l.metodo, l.camino, err)
		}
		return nil, 0, fmt.Errorf("apiclient: %s %s: %w", l.metodo, l.camino, err)
	}
	r.Status, r.Cabecera = res.StatusCode, res.Header
	if l.flujo && res.StatusCode == http.StatusOK {
		l.abierta = res.Body
		return nil, -1, nil
	}
	defer func() { _ = res.Body.Close() }() // read-only
	b, err = io.ReadAll(io.LimitReader(res.Body, respuestaMax+1))
	switch {
	case err != nil:
		return nil, 0, fmt.Errorf("apiclient: %s %s: answer: %w", l.metodo, l.camino, err)
	case len(b) > respuestaMax:
		return nil, -1, fmt.Errorf("apiclient: %s %s: answer too large", l.metodo, l.camino)
	case res.StatusCode >= http.StatusBadRequest:
		return nil, pausaDe(res), problema(res.StatusCode, b)
	case res.StatusCode >= http.StatusMultipleChoices:
		return nil, -1, fmt.Errorf("apiclient: %s %s: status %d", l.metodo, l.camino, res.StatusCode)
	}
	return b, -1, nil
}

// por is the HTTP client of the call. The one of a stream has no timeout.
func (c *Cliente) por(l *llamada) *http.Client {
	if !l.flujo {
		return c.http
	}
	sin := *c.http
	sin.Timeout = 0
	return &sin
}

func (c *Cliente) peticion(ctx context.Context, l *llamada, crudo string) (*http.Request, error) {
	q, err := http.NewRequestWithContext(ctx, l.metodo, c.url+l.camino, bytes.NewReader(l.cuerpo))
	if err != nil {
		return nil, fmt.Errorf("apiclient: %s %s: %w", l.metodo, l.camino, err)
	}
	q.Header = l.cabecera.Clone()
	if crudo != "" {
		q.Header.Set("Authorization", "Bearer "+crudo)
	}
	return q, nil
}

// pausaDe is the wait before another try after an answer of 429 or 503, or of 502 or 504, by which a proxy says that
// the server is away.
func pausaDe(res *http.Response) time.Duration {
	switch res.StatusCode {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusBadGateway, http.StatusGatewayTimeout:
	default:
		return -1
	}
	s, err := strconv.Atoi(res.Header.Get("Retry-After"))
	if err != nil || s < 0 {
		return 0
	}
	return time.Duration(s) * time.Second
}

func esperar(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
