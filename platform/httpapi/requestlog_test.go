package httpapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"despensa/platform/httpapi"
	"despensa/platform/oidc"
)

// requestLines gives the lines of banco's log about requests, without time and duration.
func requestLines(banco *banco) (lines []string) {
	for l := range strings.Lines(banco.diario.String()) {
		if _, rest, ok := strings.Cut(strings.TrimSpace(l), "msg=request "); ok {
			lines = append(
				lines,
				regexp.MustCompile(` ms=[0-9.e-]+`).ReplaceAllString(rest, ""),
			)
		}
	}
	return lines
}

// TestARequestIsOneLine: a request is one line with route, method, status, kind of caller and id. Of the caller's own
// texts it has the id alone.
func TestARequestIsOneLine(t *testing.T) {
	gps := oidc.Principal{
		Sub:         "gps@clients",
		Machine:     true,
		Permissions: []string{"crear:posiciones"},
	}
	known := tokens{
		"cliente": conocidos["cliente"],
		"maquina": conocidos["maquina"],
		"gps":     gps,
	}
	for name, row := range map[string]struct {
		call
		want string
	}{
		"nobody": {call{method: "GET", path: "/api/v1/cosas/mio"},
			`ruta=/api/v1/cosas/:id metodo=GET status=200 quien=nadie`},
		"person": {call{method: "GET", path: "/api/v1/cosas/mio", token: "cliente"},
			`ruta=/api/v1/cosas/:id metodo=GET status=200 quien=persona`},
		"machine": {call{method: "GET", path: "/api/v1/nadie", token: "maquina"},
			`ruta=/api/v1/nadie metodo=GET status=403 quien=maquina`},
		"device": {call{method: "GET", path: "/api/v1/nadie", token: "gps"},
			`ruta=/api/v1/nadie metodo=GET status=403 quien=dispositivo`},
		"refused": {call{method: "GET", path: "/api/v1/cosas/mio", token: "falso"},
			`ruta=/api/v1/cosas/:id metodo=GET status=401 quien=nadie`},
		"query": {call{method: "GET", path: "/api/v1/cosas?mio=1"},
			`ruta=/api/v1/cosas metodo=GET status=422 quien=nadie`},
		"path":   {call{method: "GET", path: "/mio/mio"}, `ruta="" metodo=GET status=404 quien=nadie`},
		"method": {call{method: "MIO", path: "/mio"}, `ruta="" metodo=otro status=404 quien=nadie`},
		"body": {call{method: "POST", path: "/api/v1/cosas", token: "cliente", body: `{"mio":1}`,
			header: []string{conClave}},
			`ruta=/api/v1/cosas metodo=POST status=422 quien=persona`},
	} {
		b := nuevoBanco(t, func(o *httpapi.Options) {
			o.Requests = httpapi.Requests{PerSecond: 10}
			o.Verifier, o.DevicePermission = known, "crear:posiciones"
		})
		row.header = append(row.header, "X-Request-Id: r1")
		b.pedir(row.request(t))
		got := requestLines(b)
		if !slices.Equal(got, []string{"solicitud=r1 " + row.want}) ||
			strings.Contains(strings.ToLower(b.diario.String()), "mio") {
			t.Errorf("%s: %q, want %q; all: %s", name, got, row.want, b.diario)
		}
	}
}

// TestTheLogOfRequestsIsBounded: lines above the rate are left out and counted, and the next line carries their
// number. Lines about failed and slow requests are never left out.
func TestTheLogOfRequestsIsBounded(t *testing.T) {
	now := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
	b := nuevoBanco(t, func(o *httpapi.Options) {
		o.Requests = httpapi.Requests{PerSecond: 3}
		o.Now = func() time.Time { return now }
	})
	ask := func(id string, times int) {
		for range times {
			b.pedir(call{method: "GET", path: "/api/v1/cosas/" + id}.request(t))
		}
	}
	ask("a", 10)
	ask("rota", 2)
	now = now.Add(time.Second)
	ask("a", 4)
	got := requestLines(b)
	counts := map[string]int{}
	for _, l := range got {
		_, rest, _ := strings.Cut(l, "status=")
		counts[rest]++
	}
	want := map[string]int{
		"200 quien=nadie":            6,
		"500 quien=nadie callados=7": 1,
		"500 quien=nadie":            1,
	}
	for k, n := range want {
		if counts[k] != n {
			t.Errorf("%d lines %q, want %d: %q", counts[k], k, n, got)
		}
	}
	m := scrape(t, b, "despensa_http_requests_unlogged_total")
	if len(got) != 8 || !slices.Equal(m, []string{"despensa_http_requests_unlogged_total 8"}) {
		t.Errorf("%d lines, %q", len(got), m)
	}
}

func TestASlowRequestIsLogged(t *testing.T) {
	for name, row := range map[string]struct {
		requests httpapi.Requests
		path     string
		lines    int
	}{
		"slow":            {requests: httpapi.Requests{Slow: 1}, path: "/api/v1/cosas/a", lines: 1},
		"fast":            {requests: httpapi.Requests{Slow: time.Hour}, path: "/api/v1/cosas/a"},
		"none is":         {requests: httpapi.Requests{}, path: "/api/v1/cosas/a"},
		"no stream is":    {requests: httpapi.Requests{Slow: 1}, path: "/api/v1/numeros/a/vivo"},
		"one of the rate": {requests: httpapi.Requests{PerSecond: 1, Slow: time.Hour}, path: "/api/v1/cosas/a", lines: 1},
	} {
		b := nuevoBanco(t, func(o *httpapi.Options) { o.Requests = row.requests })
		hay := make(chan struct{})
		httpapi.RegisterStream(
			b.s.API(),
			operation("n", "GET /numeros/{id}/vivo"),
			httpapi.Access{Public: true},
			map[string]any{"numero": numero{}},
			func(context.Context, *porID) (func(context.Context, *httpapi.Stream) error, error) {
				return func(context.Context, *httpapi.Stream) error { close(hay); return errors.New("over") }, nil
			},
		)
		b.pedir(call{method: "GET", path: row.path}.request(t))
		if got := requestLines(b); len(got) != row.lines {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestEachLineIsJSON: each line of the log is a JSON document, also those about panics and those of net/http.
func TestEachLineIsJSON(t *testing.T) {
	d := &diario{}
	b := nuevoBanco(t, func(o *httpapi.Options) {
		o.Log = slog.New(slog.NewJSONHandler(d, &slog.HandlerOptions{Level: slog.LevelDebug}))
		o.Requests = httpapi.Requests{PerSecond: 100}
	})
	b.s.Mount("/cruda/", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = w.Write([]byte("x")) // net/http logs a line about this
		_, _ = c.Write([]byte("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"))
		_ = c.Close()
	}))
	url, parar := escuchar(t, b)
	cl := nuevoCliente(t)
	for _, path := range []string{
		"/api/v1/cosas/panico", "/api/v1/cosas/rota", "/api/v1/cosas/almacen", "/cruda/", "/no",
	} {
		if r := traer(t.Context(), cl, url+path); r.err != nil {
			t.Fatal(r.err)
		}
	}
	if err := parar(); err != nil {
		t.Fatal(err)
	}
	messages := map[string]bool{}
	for l := range strings.Lines(d.String()) {
		var x struct {
			Message string `json:"msg"`
		}
		if err := json.Unmarshal([]byte(l), &x); err != nil {
			t.Errorf("%v: %s", err, l)
		}
		x.Message, _, _ = strings.Cut(x.Message, " from ")
		messages[x.Message] = true
	}
	for _, m := range []string{
		"panic", "request", "request failed", "not available", "http: response.Write on hijacked connection",
	} {
		if !messages[m] {
			t.Errorf("no line %q of %v", m, messages)
		}
	}
}

// gone is the connection of a client that does not read any more.
type gone struct{ http.ResponseWriter }

func (gone) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

// TestACallerWhoGoesWhileTheAnswerIsSent: a client that closes the connection while the answer is sent causes no
// panic.
func TestACallerWhoGoesWhileTheAnswerIsSent(t *testing.T) {
	for _, path := range []string{"/api/v1/cosas/larga", "/api/v1/cosas?limite=x"} {
		b := nuevoBanco(t)
		b.s.Handler().
			ServeHTTP(gone{httptest.NewRecorder()}, call{method: "GET", path: path}.request(t))
		if s := b.diario.String(); strings.Contains(s, "panic") ||
			strings.Contains(s, "ERROR") {
			t.Errorf("%s: %s", path, s)
		}
	}
}
