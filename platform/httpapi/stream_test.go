package httpapi_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"despensa/platform/httpapi"
)

type numero struct {
	N int64 `json:"n"`
}

type entradaFlujo struct {
	ID string `path:"id"`
	httpapi.WithResume
}

// numeros registers a stream that sends the numbers up to hasta, after the last one that the reader has seen, and
// then one more for each value of hay. The id "nada" does not exist.
func numeros(banco *banco, hasta int64, hay chan struct{}) {
	httpapi.RegisterStream(
		banco.s.API(),
		operation("numeros", "GET /numeros/{id}/vivo"),
		httpapi.Access{Roles: []string{"cliente"}},
		map[string]any{"numero": numero{}},
		func(_ context.Context, in *entradaFlujo) (func(context.Context, *httpapi.Stream) error, error) {
			if in.ID == "nada" {
				return nil, porNombre["nada"]
			}
			return func(_ context.Context, c *httpapi.Stream) error {
				n := in.After(hasta)
				for {
					for ; n < hasta; n++ {
						if err := c.Send(httpapi.Event{ID: n + 1, Type: "numero", Data: numero{n + 1}}); err != nil {
							return err
						}
					}
					if err := c.Wait(hay); err != nil {
						return err
					}
					hasta++
				}
			}, nil
		},
	)
}

func pedirFlujo(ctx context.Context, token, camino, ultimo string) *http.Request {
	r := httptest.NewRequestWithContext(ctx, "GET", camino, nil)
	r.Header.Set("Authorization", "Bearer "+token)
	if ultimo != "" {
		r.Header.Set("Last-Event-ID", ultimo)
	}
	return r
}

// TestAStreamBeginsAnew: a reader with a last id that the stream has not given receives all events and does not wait
// for ever.
func TestAStreamBeginsAnew(t *testing.T) {
	const all = ": despensa\nretry: 1000\n\n" +
		"id: 1\nevent: numero\ndata: {\"n\":1}\n\n" +
		"id: 2\nevent: numero\ndata: {\"n\":2}\n\n"
	for _, last := range []string{"3", "999999", "-1", "x", "1.5", "0", " ", "999999999999999999999999", "uno dos"} {
		synctest.Test(t, func(t *testing.T) {
			b := nuevoBanco(t)
			numeros(b, 2, nil)
			ctx, leave := context.WithTimeout(t.Context(), time.Second) // fake time
			defer leave()
			w := b.pedir(pedirFlujo(ctx, "cliente", "/api/v1/numeros/a/vivo", last))
			if w.Code != 200 || w.Body.String() != all {
				t.Errorf("after %q: %d %q", last, w.Code, w.Body)
			}
		})
	}
}

// TestHeadOfAStreamEnds: HEAD of a stream answers the header and ends, so that the client can use the connection for
// its next request.
func TestHeadOfAStreamEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := nuevoBanco(t)
		numeros(b, 2, nil)
		b.s.MountStream(
			"/eco/vivo",
			http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/event-stream")
				_, _ = w.Write([]byte("data: {}\n\n"))
				<-r.Context().Done()
			}),
		)
		for _, path := range []string{"/api/v1/numeros/a/vivo", "/eco/vivo"} {
			begun := time.Now() // fake time: none passes unless something waits
			ctx, leave := context.WithTimeout(t.Context(), time.Second)
			r := pedirFlujo(ctx, "cliente", path, "")
			r.Method = http.MethodHead
			w := b.pedir(r)
			if w.Code != http.StatusOK ||
				w.Header().Get("Content-Type") != "text/event-stream" ||
				!time.Now().Equal(begun) {
				t.Errorf("%s: %d %v after %v", path, w.Code, w.Header(), time.Since(begun))
			}
			leave()
		}
		lines := scrape(t, b, "despensa_http_request_duration_seconds_count")
		if len(lines) > 0 && strings.Contains(strings.Join(lines, ""), "/vivo") {
			t.Errorf("streams among the durations: %q", lines)
		}
		const counted = `despensa_http_requests_total{code="200",method="HEAD",url="/api/v1/numeros/:id/vivo"} 1`
		if lines := scrape(t, b, "despensa_http_requests_total"); !slices.Contains(lines, counted) {
			t.Errorf("counted as %q", lines)
		}
	})
}

// TestStrictTransport: answers carry Strict-Transport-Security when http.url is https, in small or capital letters.
func TestStrictTransport(t *testing.T) {
	for address, want := range map[string]bool{
		"https://a.example": true, "HTTPS://a.example": true, "http://a.example": false,
	} {
		b := nuevoBanco(t, func(o *httpapi.Options) { o.Config.URL = address })
		w := b.pedir(httptest.NewRequestWithContext(t.Context(), "GET", "/salud/vivo", nil))
		if got := w.Header().Get("Strict-Transport-Security") != ""; got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}

func TestStreamSendsResumesAndKeepsAlive(t *testing.T) {
	casos := map[string]struct {
		ultimo string
		pasa   time.Duration
		tengo  string
	}{
		"from the beginning": {tengo: ": despensa\nretry: 1000\n\n" +
			"id: 1\nevent: numero\ndata: {\"n\":1}\n\nid: 2\nevent: numero\ndata: {\"n\":2}\n\n"},
		"after the last seen": {
			ultimo: "1",
			tengo:  ": despensa\nretry: 1000\n\nid: 2\nevent: numero\ndata: {\"n\":2}\n\n",
		},
		"a comment every 15s": {
			ultimo: "2",
			pasa:   31 * time.Second,
			tengo:  ": despensa\nretry: 1000\n\n:\n\n:\n\n",
		},
	}
	for nombre, x := range casos {
		t.Run(nombre, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := nuevoBanco(t)
				numeros(b, 2, nil)
				ctx, soltar := context.WithCancel(t.Context())
				fin := make(chan *httptest.ResponseRecorder, 1)
				go func() { fin <- b.pedir(pedirFlujo(ctx, "cliente", "/api/v1/numeros/a/vivo", x.ultimo)) }()
				<-time.After(x.pasa + time.Millisecond) // fake time
				soltar()
				w := <-fin
				if w.Code != 200 || w.Header().Get("Content-Type") != "text/event-stream" ||
					w.Body.String() != x.tengo {
					t.Errorf("%d %v %q", w.Code, w.Header(), w.Body)
				}
			})
		})
	}
}

func TestStreamAsksBeforeItBegins(t *testing.T) {
	casos := map[string]struct {
		token, camino, ultimo, code string
		status                      int
	}{
		"not there": {
			token:  "cliente",
			camino: "/api/v1/numeros/nada/vivo",
			code:   "cosa-inexistente",
			status: 404,
		},
		"not for the role": {
			token:  "auditor",
			camino: "/api/v1/numeros/a/vivo",
			code:   "sin-permiso",
			status: 403,
		},
		"no such token": {
			token:  "falso",
			camino: "/api/v1/numeros/a/vivo",
			code:   "token-invalido",
			status: 401,
		},
	}
	b := nuevoBanco(t)
	numeros(b, 2, nil)
	// Bounds a stream that opens although it must not.
	ctx, soltar := context.WithTimeout(t.Context(), 5*time.Second)
	defer soltar()
	for nombre, x := range casos {
		w := b.pedir(pedirFlujo(ctx, x.token, x.camino, x.ultimo))
		if w.Code != x.status || !strings.Contains(w.Body.String(), `"`+x.code+`"`) ||
			w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", nombre, w.Code, w.Body)
		}
	}
}

func TestStreamEndsWithItsToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := nuevoBanco(t, func(o *httpapi.Options) {
			o.Verifier = tokens{
				"corto": {
					Sub:     "c",
					Roles:   []string{"cliente"},
					Expires: time.Now().Add(time.Minute),
				},
			}
		})
		numeros(b, 0, nil)
		empezo := time.Now()
		b.pedir(pedirFlujo(t.Context(), "corto", "/api/v1/numeros/a/vivo", ""))
		if d := time.Since(empezo); d != time.Minute { // fake time
			t.Errorf("ended after %v", d)
		}
	})
}

// abrirFlujo opens a stream on a TCP connection and reads its first line.
func abrirFlujo(
	t *testing.T,
	cliente *http.Client,
	url string,
) (*http.Response, *bufio.Reader) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", url+"/api/v1/numeros/a/vivo", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer cliente")
	res, err := cliente.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	br := bufio.NewReader(res.Body)
	if res.StatusCode == http.StatusOK {
		if _, err := br.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	return res, br
}

func TestStreamsPerCaller(t *testing.T) {
	b := nuevoBanco(t, func(o *httpapi.Options) { o.Config.Flujos = 2 })
	numeros(b, 0, nil)
	url, parar := escuchar(t, b)
	cl := nuevoCliente(t)
	uno, _ := abrirFlujo(t, cl, url)
	_, _ = abrirFlujo(t, cl, url)
	if res, _ := abrirFlujo(t, cl, url); res.StatusCode != 429 ||
		res.Header.Get("Retry-After") != "5" {
		t.Errorf("the third one: %d", res.StatusCode)
	}
	_ = uno.Body.Close()
	for intento := 0; ; intento++ { // the server notices a moment later
		if res, _ := abrirFlujo(t, cl, url); res.StatusCode == 200 {
			break
		}
		if intento == 1000 {
			t.Fatal("a stream that was closed still counts")
		}
	}
	if err := parar(); err != nil {
		t.Error(err)
	}
}

// TestStopEndsStreamsThatNobodyReads: a client that does not read its stream does not delay the stop of the server.
// http.cierre is two seconds here, and a stop that takes longer is an error.
func TestStopEndsStreamsThatNobodyReads(t *testing.T) {
	b := nuevoBanco(t, func(o *httpapi.Options) { o.Config.Cierre = 2 * time.Second })
	atascado := make(chan struct{})
	var una bool
	httpapi.RegisterStream(b.s.API(), operation("mucho", "GET /numeros/{id}/vivo"),
		httpapi.Access{Public: true}, map[string]any{"numero": numero{}},
		func(context.Context, *porID) (func(context.Context, *httpapi.Stream) error, error) {
			return func(_ context.Context, c *httpapi.Stream) error {
				texto := strings.Repeat("x", 1<<20)
				for n := 0; ; n++ {
					if n == 8 && !una { // more than the buffers between server and client hold
						una = true
						close(atascado)
					}
					if err := c.Send(httpapi.Event{Type: "numero", Data: texto}); err != nil {
						return err
					}
				}
			}, nil
		})
	url, parar := escuchar(t, b)
	_, br := abrirFlujo(t, nuevoCliente(t), url)
	go func() { // reads eight events and then no more
		n := 0
		for n < 6<<20 {
			k, err := br.Discard(1 << 10)
			if err != nil {
				return
			}
			n += k
		}
	}()
	<-atascado
	if err := parar(); err != nil && !errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
}

func TestStreamInTheDocument(t *testing.T) {
	b := nuevoBanco(t)
	numeros(b, 0, nil)
	op := b.s.API().OpenAPI().Paths["/numeros/{id}/vivo"].Get
	r := op.Responses["200"]
	if r == nil || r.Content["text/event-stream"] == nil ||
		len(r.Content["text/event-stream"].Schema.Items.OneOf) != 1 {
		t.Fatalf("%+v", op.Responses)
	}
	for _, s := range []string{"401", "403", "404", "422", "429", "500"} {
		if op.Responses[s] == nil {
			t.Errorf("no answer %s in the document", s)
		}
	}
	w := b.pedir(
		httptest.NewRequestWithContext(t.Context(), "GET", "/api/v1/openapi.json", nil),
	)
	var doc struct {
		Paths map[string]map[string]struct {
			Responses map[string]struct{ Headers map[string]any }
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	flujo := doc.Paths["/numeros/{id}/vivo"]["get"].Responses
	if h := flujo["200"].Headers; len(h) > 0 {
		t.Errorf("headers of a stream in the document: %v", h)
	}
}
