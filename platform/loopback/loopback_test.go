package loopback_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"despensa/platform/loopback"
)

// visto is one exchange as text: the request as the handler saw it, and the answer as the client saw it.
type visto struct{ pedido, respuesta string }

// hablar makes one request to the handler: over loopback, or over a socket when transporte is nil.
func hablar(
	t *testing.T,
	handler http.Handler,
	transporte http.RoundTripper,
	metodo, cuerpo string,
) visto {
	t.Helper()
	var v visto
	base := "http://dev.local"
	pedidos := make(chan string, 2)
	espia := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(b))
		host, _, _ := strings.Cut(r.RemoteAddr, ":")
		pedidos <- strings.Join([]string{
			r.Method, r.RequestURI, r.URL.Path, r.URL.RawQuery, r.Proto, host, cabeceras(r.Header), string(b),
		}, "\n")
		handler.ServeHTTP(w, r)
	})
	if transporte == nil {
		srv := httptest.NewServer(espia)
		defer srv.Close()
		base = srv.URL
		transporte = &http.Transport{DisableCompression: true}
	} else {
		transporte = loopback.Transport{Handler: espia}
	}
	c := http.Client{
		Transport:     transporte,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer c.CloseIdleConnections()
	req, err := http.NewRequestWithContext(
		t.Context(),
		metodo,
		base+"/a%2Fb/c?d=e%20f",
		strings.NewReader(cuerpo),
	)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Clave", "uno")
	res, err := c.Do(req)
	v.pedido = <-pedidos
	if err != nil {
		v.respuesta = "no answer"
		return v
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	v.respuesta = strings.Join([]string{res.Status, cabeceras(res.Header), string(b)}, "\n")
	if err != nil {
		v.respuesta += " cut off"
	}
	return v
}

// cabeceras gives the headers of header as text, without those that depend on the connection or the time of day.
func cabeceras(header http.Header) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(header)) {
		if k != "Date" && k != "Content-Length" && k != "Transfer-Encoding" {
			out = append(out, k+": "+strings.Join(header[k], ", "))
		}
	}
	return strings.Join(out, "\n")
}

// TestBothSidesSeeASocket compares exchanges over loopback with the same exchanges over a socket: the request that the
// handler sees, and the answer that the client sees.
func TestBothSidesSeeASocket(t *testing.T) {
	tests := map[string]struct {
		metodo string
		h      http.HandlerFunc
	}{
		"an answer": {"POST", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusCreated)
			w.Header().Set("X-Tarde", "si")
			_, _ = w.Write([]byte(`{"id": 1}`))
		}},
		"no status": {"GET", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			_, _ = w.Write([]byte("x"))
		}},
		"nothing": {"GET", func(http.ResponseWriter, *http.Request) {}},
		"two statuses": {
			"GET",
			func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(402); w.WriteHeader(200) },
		},
		"no content": {
			"GET",
			func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) },
		},
		"a redirection": {"GET", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/x", http.StatusFound)
		}},
		"a long answer": {
			"GET",
			func(w http.ResponseWriter, _ *http.Request) { larga(w, 3<<20) },
		},
		"only its head": {
			"HEAD",
			func(w http.ResponseWriter, _ *http.Request) { larga(w, 10) },
		},
		"broken off": {
			"POST",
			func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		},
		"broken off later": {"GET", func(w http.ResponseWriter, _ *http.Request) {
			larga(w, 1<<20)
			panic(http.ErrAbortHandler)
		}},
		"what was asked": {"PUT", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			_, _ = io.Copy(w, r.Body)
		}},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			socket := hablar(t, tt.h, nil, tt.metodo, "cuerpo")
			lazo := hablar(t, tt.h, loopback.Transport{}, tt.metodo, "cuerpo")
			if socket != lazo {
				t.Errorf("by a socket\n%s\nwithout\n%s", recorte(socket), recorte(lazo))
			}
		})
	}
}

func larga(w http.ResponseWriter, n int) {
	w.Header().Set("Content-Type", "application/json")
	for range 4 {
		_, _ = w.Write(bytes.Repeat([]byte(" "), n/4))
	}
}

func recorte(visto visto) string {
	return visto.pedido + "\n--\n" + visto.respuesta[:min(len(visto.respuesta), 400)]
}

// TestAClientThatGivesUp: the client gets the error of its own context, and the handler's context ends.
func TestAClientThatGivesUp(t *testing.T) {
	type clave struct{}
	for nombre, responde := range map[string]bool{"before the answer": false, "while it reads": true} {
		t.Run(nombre, func(t *testing.T) {
			dentro, fuera := make(chan any, 1), make(chan struct{})
			h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if responde {
					w.(http.Flusher).Flush() //nolint:forcetypeassert // the test requires a Flusher
				}
				dentro <- r.Context().Value(clave{})
				<-r.Context().Done()
				close(fuera)
			})
			ctx, dejar := context.WithCancel(
				context.WithValue(t.Context(), clave{}, "of the client"),
			)
			req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://dev.local/", nil)
			go func() {
				if x := <-dentro; x != nil {
					t.Errorf("the handler sees %v", x)
				}
				dejar()
			}()
			c := http.Client{Transport: loopback.Transport{Handler: h}}
			res, err := c.Do(req)
			if err == nil {
				_, err = io.ReadAll(res.Body)
				_ = res.Body.Close()
			}
			if !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			<-fuera
		})
	}
}

// TestADeadline: the client's own deadline ends a request that the handler never answers.
func TestADeadline(t *testing.T) {
	fuera := make(chan struct{})
	h := http.HandlerFunc(
		func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done(); close(fuera) },
	)
	c := http.Client{Transport: loopback.Transport{Handler: h}, Timeout: 10 * time.Millisecond}
	_, err := c.Get("http://dev.local/")
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	<-fuera
}

// TestAnAnswerWithoutEnd ends for the handler when the client closes it.
func TestAnAnswerWithoutEnd(t *testing.T) {
	fin := make(chan error, 1)
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		var err error
		for err == nil {
			_, err = w.Write(make([]byte, 1<<16))
		}
		fin <- err
	})
	c := http.Client{Transport: loopback.Transport{Handler: h}}
	res, err := c.Get("http://dev.local/")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(io.Discard, res.Body, 1<<20); err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if err := <-fin; !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
}
