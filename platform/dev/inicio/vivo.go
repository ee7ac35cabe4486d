package inicio

import (
	"context"
	"io"
	"net/http"
	"time"
)

// RutaVivo is the path of Vivo, and Pedidos the number of orders that the page shows.
const (
	RutaVivo = "/dev/pedidos/vivo"
	Pedidos  = 20
)

// Cada is the interval at which the state of the orders is read while a page is open.
const Cada = 500 * time.Millisecond

// Times of a stream.
const (
	duraVivo    = 10 * time.Minute // after which the browser connects again, so that its session is checked again
	latido      = 15 * time.Second // of silence, after which a comment is sent
	plazoSuceso = 10 * time.Second // for the browser to take an event
)

// Mirar returns a function that reads the state of the customer's orders; the session of the browser that sent r names
// the customer. The state is a text; two texts differ when the orders differ. It returns false when the browser has no
// session.
type Mirar func(w http.ResponseWriter, r *http.Request) (func(context.Context) (string, error), bool)

// Vivo is a stream of Server-Sent Events for the page of orders: one event when the stream opens and one for each
// change of the orders, which Vivo reads every cada. An event carries no data; the page then reads the API. The stream
// ends when the state cannot be read. It answers 401 to a browser without a session.
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

// contar sends an event for each change of huella until ctx ends, the browser has gone or huella fails.
func contar(ctx context.Context, abierta corriente, huella func(context.Context) (string, error), cada time.Duration) {
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
			if abierta.enviar(texto) != nil {
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

// enviar writes and flushes texto. Errors: the browser has gone, or has not read for plazoSuceso.
func (c corriente) enviar(texto string) error {
	_ = c.control.SetWriteDeadline(time.Now().Add(plazoSuceso)) // a writer without deadlines, as in tests, refuses
	if _, err := io.WriteString(c.w, texto); err != nil {
		return err
	}
	return c.control.Flush()
}
