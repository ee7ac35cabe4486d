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

// maxCuerpo is the maximum size of a request's body, in bytes.
const maxCuerpo = 256 << 10

// manejador answers a call. An error that is no errorAPI becomes 500.
type manejador func(r *http.Request) (respuesta, error)

// pasarela wraps each call of the gateway with the behaviour that Ajustes asks for, in this order: silence, outage,
// the call itself, the Fallas, the latency. A caller that gives up during the latency has had the effect of its call
// without the answer; a caller that gives up during the silence has had no effect.
func (s *Simulador) pasarela(accion string, llamada manejador) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		vigentes := s.Ajustes()
		if vigentes.Silencio {
			_, _ = io.Copy(io.Discard, r.Body) // the server notices the caller's end only after the body has been read
			<-r.Context().Done()
			return
		}
		var out respuesta
		if vigentes.Caida {
			out = errCaida.respuesta()
		} else {
			out = s.jugar(llamada, r, s.fallas.tocan(accion))
		}
		if esperar(r.Context(), time.Duration(vigentes.LatenciaMS)*time.Millisecond) {
			escribir(w, out)
		}
	}
}

// enFallas is the context key of the Fallas that hit a call.
type enFallas struct{}

// jugar runs the call and applies the Fallas activas to it and to its answer.
func (s *Simulador) jugar(llamada manejador, r *http.Request, activas []Falla) respuesta {
	for _, f := range activas {
		if f.Clase == fallaNegada {
			return f.negar()
		}
	}
	out := s.responder(llamada, r.WithContext(context.WithValue(r.Context(), enFallas{}, activas)))
	for _, f := range activas {
		out = f.mentir(out)
	}
	return out
}

// rutas serves the routes of mux and refuses every other call in JSON, as the gateway does; the mux alone would answer
// in plain text, or lead a path with two slashes to a place outside Prefijo.
func rutas(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "" {
			http.Redirect(w, r, Prefijo+"/", http.StatusMovedPermanently)
			return
		}
		h, patron := mux.Handler(r)
		limpio := path.Clean(r.URL.Path) == strings.TrimSuffix(r.URL.Path, "/") || r.URL.Path == "/"
		if patron != "" && limpio {
			mux.ServeHTTP(w, r)
			return
		}
		n := negada{cabecera: w.Header()}
		if h.ServeHTTP(&n, r); n.estado == http.StatusMethodNotAllowed { // the mux has set the header Allow
			escribir(w, errMetodo.respuesta())
			return
		}
		w.Header().Del("Location")
		escribir(w, errSinRuta.respuesta())
	})
}

// negada is a ResponseWriter that keeps the status and the headers of an answer and drops its body.
type negada struct {
	cabecera http.Header
	estado   int
}

// Header implements http.ResponseWriter.
func (n *negada) Header() http.Header { return n.cabecera }

// WriteHeader implements http.ResponseWriter.
func (n *negada) WriteHeader(estado int) { n.estado = estado }

// Write implements http.ResponseWriter and drops b.
func (n *negada) Write(b []byte) (int, error) { return len(b), nil }

// control wraps each call of the control API. It refuses a page of another origin.
func (s *Simulador) control(llamada manejador) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if s.cors.Check(r) != nil {
			escribir(w, errOrigen.respuesta())
			return
		}
		escribir(w, s.responder(llamada, r))
	}
}

// conToken refuses a call without the access token. Error: errCredencial.
func (s *Simulador) conToken(llamada manejador) manejador {
	return func(r *http.Request) (respuesta, error) {
		t, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !ok || subtle.ConstantTimeCompare([]byte(t), []byte(s.o.Token)) != 1 {
			return respuesta{}, errCredencial
		}
		return llamada(r)
	}
}

// responder runs llamada and turns its error into an answer. It logs an error that is no errorAPI.
func (s *Simulador) responder(llamada manejador, r *http.Request) respuesta {
	out, err := llamada(r)
	if err == nil {
		return out
	}
	var e *errorAPI
	if errors.As(err, &e) {
		return e.respuesta()
	}
	if r.Context().Err() == nil {
		s.o.Log.ErrorContext(r.Context(), "mercadopago: call failed", "ruta", r.Pattern, "error", err)
	}
	return errInterno.respuesta()
}

func escribir(w http.ResponseWriter, out respuesta) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if out.estado == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "1")
	}
	w.WriteHeader(out.estado)
	_, err := w.Write(out.cuerpo)
	for n := 0; err == nil && n < out.relleno; n++ { // until the client has gone
		_, err = w.Write(blancos)
	}
}

// blancos is 1 MiB of blanks, which a JSON parser skips.
var blancos = bytes.Repeat([]byte(" "), 1<<20)

// esperar waits for pausa. It returns false when ctx has ended first.
func esperar(ctx context.Context, pausa time.Duration) bool {
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

// cuerpo reads the whole body of r; nil when the body is empty or null. Errors: errSintaxis, errMaximo.
func cuerpo(r *http.Request) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r.Body, maxCuerpo+1))
	switch {
	case err != nil:
		return nil, errSintaxis
	case len(b) > maxCuerpo:
		return nil, errMaximo.de("body")
	}
	if t := strings.TrimSpace(string(b)); t == "" || t == "null" {
		return nil, nil
	}
	return b, nil
}
