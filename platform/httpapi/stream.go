package httpapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"time"

	"despensa/platform/fault"
	"despensa/platform/oidc"

	"github.com/danielgtaylor/huma/v2"
)

const (
	latido      = 15 * time.Second // between two comments on a silent stream
	plazoSuceso = 10 * time.Second // for the reader to take one event
	reconexion  = time.Second      // after which a browser comes back
	cadaMirada  = time.Second / 2  // between two checks that a stream's session is still open
	tipoFlujo   = "text/event-stream"
)

// ErrFlujos answers a caller with http.flujos streams and downloads open already.
var ErrFlujos = fault.New(fault.TooMany, "demasiados-flujos",
	"Too many streams are open; close some.").WithRetry(5 * time.Second)

// ConReanudar is embedded in the input of a stream of events with ids.
type ConReanudar struct {
	Ultimo string `header:"Last-Event-ID" doc:"Id of the last event that arrived; the stream goes on after it. What is no id of this stream's: it begins anew."`
}

// Desde gives the id after which the stream goes on; ultimo is the id of its last event. An id that the stream has
// not given yields 0, the beginning: a reader that waited for events after an unknown id could wait for ever.
func (c ConReanudar) Desde(ultimo int64) int64 {
	n, err := strconv.ParseInt(c.Ultimo, 10, 64)
	if err != nil || n < 0 || n > ultimo {
		return 0
	}
	return n
}

// Suceso is one event of a stream.
type Suceso struct {
	ID    int64 // of the event, from 1; 0: the event has no id
	Tipo  string
	Datos any // written as JSON
}

// Flujo registers a stream of Server-Sent Events; op.Path ends in /vivo. sucesos names the types of events, each with
// a value of its data's type. abrir checks the call (its errors become problems) and returns the function that sends
// events until it gets an error from Enviar or Esperar or has one of its own. Any error ends the stream, and the
// client connects again for the rest.
func Flujo[I any](api huma.API, op huma.Operation, a Acceso, sucesos map[string]any,
	abrir func(context.Context, *I) (func(context.Context, *Corriente) error, error)) {
	op.MaxBodyBytes = -1
	preparar(api, &op, a)
	op.Responses = map[string]*huma.Response{"200": {
		Description: "Events as they happen, with a comment every 15 seconds.",
		Content:     map[string]*huma.MediaType{tipoFlujo: {Schema: esquemaDe(api, sucesos)}},
	}}
	registrarLargo(api, op, abrir, correrFlujo)
}

// registrarLargo registers an operation with a long answer. abrir checks the call; correr writes the answer, which
// counts among the caller's streams until correr returns.
func registrarLargo[I, F any](api huma.API, op huma.Operation, abrir func(context.Context, *I) (F, error),
	correr func(huma.Context, F)) {
	huma.Register(api, op, func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
		canonicalQuery(in)
		f, err := abrir(ctx, in)
		if err != nil {
			return nil, aProblema(ctx, err)
		}
		soltar, err := pedidoDe(ctx).abrirFlujo(ctx)
		if err != nil {
			return nil, aProblema(ctx, err)
		}
		return &huma.StreamResponse{Body: func(hc huma.Context) {
			defer soltar()
			correr(hc, f)
		}}, nil
	})
}

// esquemaDe describes the events of a stream, each as an object of its fields: OpenAPI 3.1 cannot describe a stream.
func esquemaDe(api huma.API, sucesos map[string]any) *huma.Schema {
	var uno []*huma.Schema
	for _, tipo := range slices.Sorted(maps.Keys(sucesos)) {
		dato := *api.OpenAPI().Components.Schemas.Schema(reflect.TypeOf(sucesos[tipo]), true, tipo)
		dato.Description = "What happened, as JSON."
		uno = append(uno, &huma.Schema{
			Title: "Event " + tipo, Type: huma.TypeObject, Required: []string{"event", "data"},
			Properties: map[string]*huma.Schema{
				"id":    {Type: huma.TypeInteger, Description: "For Last-Event-ID."},
				"event": {Type: huma.TypeString, Enum: []any{tipo}, Description: "What kind of event it is."},
				"data":  &dato,
			},
		})
	}
	return &huma.Schema{Title: "Server-Sent Events", Type: huma.TypeArray, Items: &huma.Schema{OneOf: uno}}
}

// correrFlujo answers with the stream that correr sends. The stream ends when the program stops, the caller's token
// expires or the session is closed.
func correrFlujo(hc huma.Context, correr func(context.Context, *Corriente) error) {
	w, ok := hc.BodyWriter().(http.ResponseWriter)
	if !ok {
		return
	}
	ctx := hc.Context()
	ahora := time.Now()
	c := &Corriente{
		ctx: ctx, w: w, control: http.NewResponseController(w),
		latido: time.NewTimer(latido), mirada: ahora, vista: ahora,
	}
	defer c.latido.Stop()
	defer c.cortarCon(ctx)()
	hc.SetHeader("Content-Type", tipoFlujo)
	hc.SetHeader("X-Accel-Buffering", "no") // proxies that hold answers back know it
	hc.SetStatus(http.StatusOK)
	if isHead(ctx) {
		return // the client needs the connection for its next request, and an answer to HEAD carries no events
	}
	if p, ok := oidc.De(ctx); ok && !p.Vence.IsZero() {
		fin := time.NewTimer(time.Until(p.Vence))
		defer fin.Stop()
		c.fin = fin.C
	}
	if vigente, ok := ctx.Value(claveVigente{}).(func() error); ok {
		mirar := time.NewTicker(cadaMirada)
		defer mirar.Stop()
		c.vigente, c.mirar = vigente, mirar.C
	}
	err := c.escribir(fmt.Appendf(nil, ": despensa\nretry: %d\n\n", reconexion.Milliseconds()))
	if err == nil {
		err = correr(ctx, c)
	}
	if err != nil && ctx.Err() == nil && !errors.Is(err, errFin) {
		pedidoDe(ctx).registro().DebugContext(ctx, "stream ended", "solicitud", pedidoDe(ctx).id, "error", err)
	}
}

// cortarCon makes a hanging write fail as soon as ctx ends. The caller must call soltar, which undoes that and waits
// for a cut under way: afterwards the server reuses the ResponseWriter for another request.
func (c *Corriente) cortarCon(ctx context.Context) (soltar func()) {
	cortada := make(chan struct{})
	parar := context.AfterFunc(ctx, func() {
		defer close(cortada)
		_ = c.control.SetWriteDeadline(time.Now())
	})
	return func() {
		if !parar() {
			<-cortada
		}
	}
}

// errFin ends a stream when the caller's token expires.
var errFin = errors.New("httpapi: the caller's token is over")

// Corriente is an open stream; one goroutine uses it.
type Corriente struct {
	ctx     context.Context
	w       io.Writer
	control *http.ResponseController
	latido  *time.Timer
	fin     <-chan time.Time
	vigente func() error     // asks whether the browser's session is open; nil: the caller has a token
	mirar   <-chan time.Time // ticks when a silent stream must call vigente
	mirada  time.Time        // when vigente was last called
	vista   time.Time        // when vigente last said that the session is open
}

// Enviar sends one event. Errors: the client has gone, the session is closed, suceso.Datos cannot be written as JSON;
// the stream is over.
func (c *Corriente) Enviar(suceso Suceso) error {
	if time.Since(c.mirada) > cadaMirada { // a busy stream has no pauses in which Esperar asks
		if err := c.revisar(); err != nil {
			return err
		}
	}
	datos, err := enJSON(suceso.Datos)
	if err != nil {
		return fmt.Errorf("httpapi: event: %w", err)
	}
	var b bytes.Buffer
	if suceso.ID > 0 {
		fmt.Fprintf(&b, "id: %d\n", suceso.ID)
	}
	fmt.Fprintf(&b, "event: %s\ndata: %s\n\n", suceso.Tipo, datos)
	return c.escribir(b.Bytes())
}

// Esperar returns nil when hay delivers, and keeps the connection alive meanwhile. An error means that the stream is
// over.
func (c *Corriente) Esperar(hay <-chan struct{}) error {
	for {
		select {
		case <-hay:
			return nil
		case <-c.ctx.Done():
			return c.ctx.Err()
		case <-c.fin:
			return errFin
		case <-c.mirar:
			if err := c.revisar(); err != nil {
				return err
			}
		case <-c.latido.C:
			if err := c.latir(); err != nil {
				return err
			}
		}
	}
}

// latir sends a comment, so that proxies keep the connection open.
func (c *Corriente) latir() error { return c.escribir([]byte(":\n\n")) }

// revisar asks whether the session is still open. While the store of sessions does not answer, the stream goes on for
// latido: otherwise every browser would connect again at once.
func (c *Corriente) revisar() error {
	c.mirada = time.Now()
	if c.vigente == nil {
		return nil
	}
	err := c.vigente()
	if err == nil {
		c.vista = c.mirada
	}
	if e, ok := fault.As(err); ok && e.Kind == fault.Unavailable && c.mirada.Sub(c.vista) < latido {
		return nil
	}
	return err
}

// escribir sends b at once. Errors: a reader that does not take b within plazoSuceso; the program stops.
func (c *Corriente) escribir(b []byte) error {
	_ = c.control.SetWriteDeadline(time.Now().Add(plazoSuceso)) // not every writer has deadlines (tests)
	if err := c.ctx.Err(); err != nil {
		return err
	}
	if _, err := c.w.Write(b); err != nil {
		return err
	}
	c.latido.Reset(latido)
	return c.control.Flush()
}

// abrirFlujo counts one more stream of the caller until soltar is called. Errors: ErrFlujos.
func (q pedido) abrirFlujo(ctx context.Context) (soltar func(), err error) {
	s := q.servidor
	if s == nil {
		return func() {}, nil
	}
	principal, _ := oidc.De(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.flujos[principal.Sub] >= s.o.Config.Flujos {
		return nil, ErrFlujos
	}
	s.flujos[principal.Sub]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.flujos[principal.Sub]--; s.flujos[principal.Sub] == 0 {
			delete(s.flujos, principal.Sub)
		}
	}, nil
}
