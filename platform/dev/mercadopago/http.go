package mercadopago

import (
	"bytes"
	"context"
	"crypto/subtle"
	"errors"
	"io"
	"net/http"
	"path"
	"strings"
	"time"
)

// maxBody is the maximum size of a request's body, in bytes.
const maxBody = 256 << 10

// handler answers a call. An error that is no apiError becomes 500.
type handler func(r *http.Request) (answer, error)

// gateway wraps each call of the gateway with the behaviour that Settings asks for, in this order: silence, outage,
// the call itself, the Failures, the latency. A caller that gives up during the latency has had the effect of its call
// without the answer; a caller that gives up during the silence has had no effect.
func (s *Simulator) gateway(accion string, llamada handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		vigentes := s.Settings()
		if vigentes.Silence {
			// The server notices the caller's end only after the body has been read.
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
			return
		}
		var out answer
		if vigentes.Outage {
			out = errOutage.answer()
		} else {
			out = s.play(llamada, r, s.failures.hit(accion))
		}
		if wait(r.Context(), time.Duration(vigentes.LatencyMS)*time.Millisecond) {
			writeAnswer(w, out)
		}
	}
}

// failuresKey is the context key of the Failures that hit a call.
type failuresKey struct{}

// play runs the call and applies the Failures activas to it and to its answer.
func (s *Simulator) play(llamada handler, r *http.Request, activas []Failure) answer {
	for _, f := range activas {
		if f.Clase == failureRefused {
			return f.refuse()
		}
	}
	out := s.respond(
		llamada,
		r.WithContext(context.WithValue(r.Context(), failuresKey{}, activas)),
	)
	for _, f := range activas {
		out = f.lie(out)
	}
	return out
}

// routes serves the routes of mux and refuses every other call in JSON, as the gateway does; the mux alone would answer
// in plain text, or lead a path with two slashes to a place outside Prefix.
func routes(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "" {
			http.Redirect(w, r, Prefix+"/", http.StatusMovedPermanently)
			return
		}
		h, patron := mux.Handler(r)
		limpio := path.Clean(r.URL.Path) == strings.TrimSuffix(r.URL.Path, "/") ||
			r.URL.Path == "/"
		if patron != "" && limpio {
			mux.ServeHTTP(w, r)
			return
		}
		n := refusedWriter{header: w.Header()}
		if h.ServeHTTP(&n, r); n.status == http.StatusMethodNotAllowed { // the mux has set the header Allow
			writeAnswer(w, errMethod.answer())
			return
		}
		w.Header().Del("Location")
		writeAnswer(w, errNoRoute.answer())
	})
}

// refusedWriter is a ResponseWriter that keeps the status and the headers of an answer and drops its body.
type refusedWriter struct {
	header http.Header
	status int
}

// Header implements http.ResponseWriter.
func (n *refusedWriter) Header() http.Header { return n.header }

// WriteHeader implements http.ResponseWriter.
func (n *refusedWriter) WriteHeader(estado int) { n.status = estado }

// Write implements http.ResponseWriter and drops b.
func (n *refusedWriter) Write(b []byte) (int, error) { return len(b), nil }

// control wraps each call of the control API. It refuses a page of another origin.
func (s *Simulator) control(llamada handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if s.cors.Check(r) != nil {
			writeAnswer(w, errOrigin.answer())
			return
		}
		writeAnswer(w, s.respond(llamada, r))
	}
}

// withToken refuses a call without the access token. Error: errCredential.
func (s *Simulator) withToken(llamada handler) handler {
	return func(r *http.Request) (answer, error) {
		t, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !ok || subtle.ConstantTimeCompare([]byte(t), []byte(s.o.Token)) != 1 {
			return answer{}, errCredential
		}
		return llamada(r)
	}
}

// respond runs llamada and turns its error into an answer. It logs an error that is no apiError.
func (s *Simulator) respond(llamada handler, r *http.Request) answer {
	out, err := llamada(r)
	if err == nil {
		return out
	}
	var e *apiError
	if errors.As(err, &e) {
		return e.answer()
	}
	if r.Context().Err() == nil {
		s.o.Log.ErrorContext(r.Context(), "mercadopago: call failed", "ruta", r.Pattern, "error", err)
	}
	return errInternal.answer()
}

func writeAnswer(w http.ResponseWriter, out answer) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if out.status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "1")
	}
	w.WriteHeader(out.status)
	_, err := w.Write(out.body)
	for n := 0; err == nil && n < out.padding; n++ { // until the client has gone
		_, err = w.Write(blanks)
	}
}

// blanks is 1 MiB of blanks, which a JSON parser skips.
var blanks = bytes.Repeat([]byte(" "), 1<<20)

// wait waits for pausa. It returns false when ctx has ended first.
func wait(ctx context.Context, pausa time.Duration) bool {
	if pausa <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(pausa)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// readBody reads the whole body of r; nil when the body is empty or null. Errors: errSyntax, errMaximum.
func readBody(r *http.Request) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	switch {
	case err != nil:
		return nil, errSyntax
	case len(b) > maxBody:
		return nil, errMaximum.about("body")
	}
	if t := strings.TrimSpace(string(b)); t == "" || t == "null" {
		return nil, nil
	}
	return b, nil
}
