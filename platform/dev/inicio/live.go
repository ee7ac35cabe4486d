package inicio

import (
	"context"
	"io"
	"net/http"
	"time"
)

// LivePath is the path of Live, and OrdersMax the number of orders that the page shows.
const (
	LivePath  = "/dev/pedidos/vivo"
	OrdersMax = 20
)

// Interval is the interval at which the state of the orders is read while a page is open.
const Interval = 500 * time.Millisecond

// Times of a stream.
const (
	streamLife   = 10 * time.Minute // after which the browser connects again, so that its session is checked again
	heartbeat    = 15 * time.Second // of silence, after which a comment is sent
	eventTimeout = 10 * time.Second // for the browser to take an event
)

// Look returns a function that reads the state of the customer's orders; the session of the browser that sent r names
// the customer. The state is a text; two texts differ when the orders differ. It returns false when the browser has no
// session.
type Look func(w http.ResponseWriter, r *http.Request) (func(context.Context) (string, error), bool)

// Live is a stream of Server-Sent Events for the page of orders: one event when the stream opens and one for each
// change of the orders, which Live reads every cada. An event carries no data; the page then reads the API. The stream
// ends when the state cannot be read. It answers 401 to a browser without a session.
func Live(mirar Look, cada time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		huella, ok := mirar(w, r)
		if !ok {
			http.Error(w, "not logged in", http.StatusUnauthorized)
			return
		}
		ctx, soltar := context.WithTimeout(r.Context(), streamLife)
		defer soltar()
		h := w.Header()
		h.Set("Content-Type", "text/event-stream")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Accel-Buffering", "no")
		report(ctx, stream{w: w, control: http.NewResponseController(w)}, huella, cada)
	})
}

// report sends an event for each change of huella until ctx ends, the browser has gone or huella fails.
func report(
	ctx context.Context,
	abierta stream,
	huella func(context.Context) (string, error),
	cada time.Duration,
) {
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
		case time.Since(callado) > heartbeat:
			texto = ": still here\n\n"
		}
		if antes = ahora; texto != "" {
			callado = time.Now()
			if abierta.send(texto) != nil {
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

// stream is an open stream.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

// send writes and flushes texto. Errors: the browser has gone, or has not read for eventTimeout.
func (c stream) send(texto string) error {
	// A writer without deadlines, as in tests, refuses.
	_ = c.control.SetWriteDeadline(time.Now().Add(eventTimeout))
	if _, err := io.WriteString(c.w, texto); err != nil {
		return err
	}
	return c.control.Flush()
}
