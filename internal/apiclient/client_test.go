package apiclient_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"despensa/internal/apiclient"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// servidor answers the n-th request with the n-th answer, the last one for ever.
type servidor struct {
	*httptest.Server
	mu      sync.Mutex
	pedidos []*http.Request
	cuerpos []string
}

func nuevoServidor(t *testing.T, respuestas ...func(http.ResponseWriter)) *servidor {
	s := &servidor{}
	s.Server = httptest.NewServer(
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			b, _ := io.ReadAll(r.Body)
			s.mu.Lock()
			s.pedidos, s.cuerpos = append(s.pedidos, r), append(s.cuerpos, string(b))
			n := min(len(s.pedidos), len(respuestas)) - 1
			s.mu.Unlock()
			respuestas[n](w)
		}),
	)
	t.Cleanup(s.Close)
	return s
}

func (s *servidor) cliente(t *testing.T, pausas *[]time.Duration) *apiclient.Client {
	tr := &http.Transport{}
	t.Cleanup(tr.CloseIdleConnections)
	c := apiclient.New(s.URL+"/", apiclient.Fixed("tok"), &http.Client{Transport: tr})
	c.Wait = func(_ context.Context, d time.Duration) error {
		*pausas = append(*pausas, d)
		return nil
	}
	return c
}

func bien(w http.ResponseWriter) {
	w.Header().Set("Idempotent-Replayed", "true")
	w.WriteHeader(http.StatusCreated)
	_, _ = fmt.Fprint(w, `{"id":"7"}`)
}

func cortada(http.ResponseWriter) { panic(http.ErrAbortHandler) }

func mal(status int, code, cuando string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "application/problem+json")
		if cuando != "" {
			w.Header().Set("Retry-After", cuando)
		}
		w.WriteHeader(status)
		const cuerpo = `{"status":%d,"code":%q,"detail":"d","permitidos":["x"],` +
			`"errors":[{"location":"body.a","message":"m"}]}`
		_, _ = fmt.Fprintf(w, cuerpo, status, code)
	}
}

// respuestas are the server's answers to one try after another.
type respuestas = []func(http.ResponseWriter)

func TestHacer(t *testing.T) {
	casos := map[string]struct {
		metodo     string
		respuestas respuestas
		pedidos    int
		code       string
		pausas     string
	}{
		"at once": {
			metodo:     "POST",
			respuestas: respuestas{bien},
			pedidos:    1,
			pausas:     "[]",
		},
		"broken off, then": {
			metodo:     "POST",
			respuestas: respuestas{cortada, bien},
			pedidos:    2,
			pausas:     "[100ms]",
		},
		"asked to wait": {
			metodo:     "POST",
			respuestas: respuestas{mal(503, "lejos", "2"), mal(429, "muchas", "1"), bien},
			pedidos:    3,
			pausas:     "[2s 1s]",
		},
		"never": {metodo: "POST", respuestas: respuestas{mal(503, "lejos", "")},
			pedidos: 4, code: "lejos", pausas: "[100ms 200ms 400ms]"},
		"too long a wait": {
			metodo:     "POST",
			respuestas: respuestas{mal(503, "lejos", "3600"), bien},
			pedidos:    1,
			code:       "lejos",
			pausas:     "[]",
		},
		"no is no": {metodo: "POST", respuestas: respuestas{mal(409, "ocupada", ""), bien},
			pedidos: 1, code: "ocupada", pausas: "[]"},
		"500 is no": {
			metodo:     "POST",
			respuestas: respuestas{mal(500, "error-interno", ""), bien},
			pedidos:    1,
			code:       "error-interno",
			pausas:     "[]",
		},
		"a PATCH is not again": {
			metodo:     "PATCH",
			respuestas: respuestas{mal(503, "lejos", "1"), bien},
			pedidos:    1,
			code:       "lejos",
			pausas:     "[]",
		},
		"a GET is": {
			metodo:     "GET",
			respuestas: respuestas{mal(503, "lejos", "1"), bien},
			pedidos:    2,
			pausas:     "[1s]",
		},
	}
	for nombre, x := range casos {
		t.Run(nombre, func(t *testing.T) {
			s := nuevoServidor(t, x.respuestas...)
			pausas := []time.Duration{}
			var out struct{ ID string }
			var r apiclient.Response
			err := s.cliente(t, &pausas).
				Do(t.Context(), x.metodo, "/cosas", map[string]int{"a": 1}, &out,
					apiclient.IntoResponse(&r))
			if apiclient.Code(err) != x.code || (x.code == "") != (err == nil) {
				t.Fatal(err)
			}
			if err == nil &&
				(out.ID != "7" || r.Status != 201 || !r.Repeated() || r.Tries != x.pedidos) {
				t.Errorf("%+v %+v", out, r)
			}
			if len(s.pedidos) != x.pedidos || fmt.Sprint(pausas) != x.pausas {
				t.Errorf("%d requests, waits %v", len(s.pedidos), pausas)
			}
			s.comprobar(t, x.metodo)
		})
	}
}

// comprobar checks that all tries were the same request, key included.
func (s *servidor) comprobar(t *testing.T, metodo string) {
	clave := s.pedidos[0].Header.Get("Idempotency-Key")
	if (clave != "") != (metodo == "POST") {
		t.Errorf("key %q", clave)
	}
	for i, p := range s.pedidos {
		if p.Header.Get("Idempotency-Key") != clave || s.cuerpos[i] != `{"a":1}` ||
			p.URL.Path != "/api/v1/cosas" ||
			p.Header.Get("Authorization") != "Bearer tok" {
			t.Errorf("try %d: %v %s", i, p.Header, s.cuerpos[i])
		}
	}
}

func TestProblema(t *testing.T) {
	s := nuevoServidor(
		t,
		mal(409, "ocupada", ""),
		func(w http.ResponseWriter) { w.WriteHeader(502) },
	)
	pausas := []time.Duration{}
	c := s.cliente(t, &pausas)
	var p *apiclient.Problema
	if err := c.Do(t.Context(), "GET", "/x", nil, nil); !errors.As(err, &p) {
		t.Fatal(err)
	}
	if p.Status != 409 || string(p.Extra["permitidos"]) != `["x"]` || len(p.Extra) != 1 ||
		p.Errors[0].Location != "body.a" {
		t.Errorf("%+v", p)
	}
	if err := c.Do(t.Context(), "GET", "/x", nil, nil); !errors.As(err, &p) ||
		p.Status != 502 ||
		p.Code != "" {
		t.Error(err)
	}
}

func TestOpciones(t *testing.T) {
	s := nuevoServidor(t, bien)
	pausas := []time.Duration{}
	c := s.cliente(t, &pausas)
	err := c.Do(
		t.Context(),
		"POST",
		"/api/otra?x=1",
		nil,
		nil,
		apiclient.WithKey("mia"),
		apiclient.IfMatch(`"3"`),
	)
	if err != nil {
		t.Fatal(err)
	}
	p := s.pedidos[0]
	if p.Header.Get("Idempotency-Key") != "mia" || p.Header.Get("If-Match") != `"3"` ||
		p.URL.String() != "/api/otra?x=1" || p.Header.Get("Content-Type") != "" {
		t.Errorf("%s %v", p.URL, p.Header)
	}
	roto := apiclient.New(
		s.URL,
		func(context.Context) (string, error) { return "", errors.New("sin token") },
		nil,
	)
	if err := roto.Do(t.Context(), "GET", "/x", nil, nil); err == nil ||
		!strings.Contains(err.Error(), "sin token") {
		t.Error(err)
	}
}
