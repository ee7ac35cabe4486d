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

// maxCuerpo bounds a request's body, in bytes.
const maxCuerpo = 256 << 10

// manejador answers a call; its errors are errorAPI or internal.
type manejador func(r *http.Request) (respuesta, error)

// pasarela is what every call of the gateway goes through: silence, outage, the
// call itself, what is wrong with its answer, then the latency. So a caller that gives up
// during the latency has had its effect without the answer; one that met silence has not.
func (s *Simulador) pasarela(accion string, h manejador) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a := s.Ajustes()
		if a.Silencio {
			_, _ = io.Copy(io.Discard, r.Body) // else the server does not notice that the caller has gone
			<-r.Context().Done()
			return
		}
		var out respuesta
		if a.Caida {
			out = errCaida.respuesta()
		} else {
			out = s.jugar(h, r, s.fallas.tocan(accion))
		}
		if esperar(r.Context(), time.Duration(a.LatenciaMS)*time.Millisecond) {
			escribir(w, out)
		}
	}
}

// enFallas is where a call finds the Fallas that hit it.
type enFallas struct{}

// jugar does the call and plays fs on it.
func (s *Simulador) jugar(h manejador, r *http.Request, fs []Falla) respuesta {
	for _, f := range fs {
		if f.Clase == fallaNegada {
			return f.negar()
		}
	}
	out := s.responder(h, r.WithContext(context.WithValue(r.Context(), enFallas{}, fs)))
	for _, f := range fs {
		out = f.mentir(out)
	}
	return out
}

// rutas serves the routes of m and refuses every other call in JSON, as the gateway does; a mux alone would answer in
// plain text, or lead a path with two slashes to a place outside Prefijo.
func rutas(m *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "" {
			http.Redirect(w, r, Prefijo+"/", http.StatusMovedPermanently)
			return
		}
		h, patron := m.Handler(r)
		limpio := path.Clean(r.URL.Path) == strings.TrimSuffix(r.URL.Path, "/") || r.URL.Path == "/"
		if patron != "" && limpio {
			m.ServeHTTP(w, r)
			return
		}
		n := negada{cabecera: w.Header()}
		if h.ServeHTTP(&n, r); n.estado == http.StatusMethodNotAllowed { // Allow says which it knows
			escribir(w, errMetodo.respuesta())
			return
		}
		w.Header().Del("Location")
		escribir(w, errSinRuta.respuesta())
	})
}

// negada takes the status and the headers of an answer, and drops its body.
type negada struct {
	cabecera http.Header
	estado   int
}

func (n *negada) Header() http.Header         { return n.cabecera }
func (n *negada) WriteHeader(estado int)      { n.estado = estado }
func (n *negada) Write(b []byte) (int, error) { return len(b), nil }

// control is what every call of the control API goes through.
func (s *Simulador) control(h manejador) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if s.cors.Check(r) != nil {
			escribir(w, errOrigen.respuesta())
			return
		}
		escribir(w, s.responder(h, r))
	}
}

// conToken asks for the access token.
func (s *Simulador) conToken(h manejador) manejador {
	return func(r *http.Request) (respuesta, error) {
		t, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !ok || subtle.ConstantTimeCompare([]byte(t), []byte(s.o.Token)) != 1 {
			return respuesta{}, errCredencial
		}
		return h(r)
	}
}

func (s *Simulador) responder(h manejador, r *http.Request) respuesta {
	out, err := h(r)
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

// blancos is a MiB that JSON ignores.
var blancos = bytes.Repeat([]byte(" "), 1<<20)

// esperar waits for d; false when ctx ended first.
func esperar(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// cuerpo reads the whole body; nothing and null are both nil.
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
