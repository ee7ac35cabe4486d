package inicio

import (
	"context"
	"io"
	"net/http"
	"time"
)

// RutaVivo is where Vivo is mounted, and Pedidos how many orders the page shows.
const (
	RutaVivo = "/dev/pedidos/vivo"
	Pedidos  = 20
)

// Cada is how often the state of the orders is read while a page is open.
const Cada = 500 * time.Millisecond

// How long a stream lasts and how long it may be silent: afterwards the browser comes back with its cookie, which may have
// ended meanwhile.
const (
	duraVivo    = 10 * time.Minute
	latido      = 15 * time.Second
	plazoSuceso = 10 * time.Second
)

// Mirar gives what reads the state of the orders of the browser that asks, as a text that differs when they differ; false:
// nobody is logged in there.
type Mirar func(w http.ResponseWriter, r *http.Request) (func(context.Context) (string, error), bool)

// Vivo tells the page of orders, by Server-Sent Events, that what it shows has changed: an event when it is opened and one
// for each change. An event carries no data, the page reads the API. The stream ends when the state cannot be read.
func Vivo(mirar Mirar, cada time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		huella, ok := mirar(w, r)
		if !ok {
			http.Error(w, "not logged in", http.StatusUnauthorized)
			return
		}
		ctx, soltar := context.WithTimeout(r.Context(), duraVivo)
		defer soltar()
		h := w.Header()
		h.Set("Content-Type", "text/event-stream")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Accel-Buffering", "no")
		contar(ctx, corriente{w: w, control: http.NewResponseController(w)}, huella, cada)
	})
}

// contar sends an event for each change until ctx ends, the reader is gone or the state cannot be read.
func contar(ctx context.Context, c corriente, huella func(context.Context) (string, error), cada time.Duration) {
	t := time.NewTicker(cada)
	defer t.Stop()
	var antes, texto string
	callado := time.Now()
	for texto = "retry: 1000\n\nevent: cambio\ndata: {}\n\n"; ; texto = "" {
		ahora, err := huella(ctx)
		switch {
		case err != nil:
			return
		case texto != "": // the first round
		case ahora != antes:
			texto = "event: cambio\ndata: {}\n\n"
		case time.Since(callado) > latido:
			texto = ": still here\n\n"
		}
		if antes = ahora; texto != "" {
			callado = time.Now()
			if c.enviar(texto) != nil {
				return
			}
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
	}
}

// corriente is an open stream.
type corriente struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

// enviar writes at once. Errors: a reader that is gone, or that does not read.
func (c corriente) enviar(texto string) error {
	_ = c.control.SetWriteDeadline(time.Now().Add(plazoSuceso)) // not every writer has one
	if _, err := io.WriteString(c.w, texto); err != nil {
		return err
	}
	return c.control.Flush()
}
