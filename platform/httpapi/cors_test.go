package httpapi_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"despensa/platform/httpapi"
)

const shop = "https://tienda.lahuerta.com.ar"

// TestCORS: only pages of the listed origins read answers, and a call from such a page counts by its token, never by
// a cookie.
func TestCORS(t *testing.T) {
	for name, row := range map[string]struct {
		list   []string
		what   string
		header []string
		status int
		vuelve []string
		not    []string // headers that must not be there
	}{
		"listed, with a token": {list: []string{shop}, what: "GET /api/v1/cosas/a",
			header: []string{"Origin: " + shop, comoCliente}, status: 200,
			vuelve: []string{"Access-Control-Allow-Origin: " + shop, "Vary: Origin"},
			not:    []string{"Access-Control-Allow-Credentials"}},
		"listed, an error": {list: []string{shop}, what: "GET /api/v1/cosas/nada", header: []string{"Origin: " + shop},
			status: 404,
			vuelve: []string{"Access-Control-Allow-Origin: " + shop}},
		"listed, a bad token": {list: []string{shop}, what: "GET /api/v1/cosas/a",
			header: []string{"Origin: " + shop, "Authorization: Bearer malo"}, status: 401,
			vuelve: []string{"Access-Control-Allow-Origin: " + shop}},
		"not listed": {list: []string{shop}, what: "GET /api/v1/cosas/a", header: []string{"Origin: https://otra.com.ar"},
			status: 200,
			vuelve: []string{"Vary: Origin"}, not: []string{"Access-Control-Allow-Origin"}},
		"a subdomain": {list: []string{shop}, what: "GET /api/v1/cosas/a",
			header: []string{"Origin: https://x.tienda.lahuerta.com.ar"}, status: 200,
			not: []string{"Access-Control-Allow-Origin"}},
		"a longer name": {list: []string{shop}, what: "GET /api/v1/cosas/a",
			header: []string{"Origin: " + shop + ".evil.com"}, status: 200, not: []string{"Access-Control-Allow-Origin"}},
		"without TLS": {list: []string{shop}, what: "GET /api/v1/cosas/a",
			header: []string{"Origin: http://tienda.lahuerta.com.ar"}, status: 200,
			not: []string{"Access-Control-Allow-Origin"}},
		"hidden": {list: []string{shop}, what: "GET /api/v1/cosas/a", header: []string{"Origin: null"},
			status: 200, not: []string{"Access-Control-Allow-Origin"}},
		"no list": {what: "GET /api/v1/cosas/a", header: []string{"Origin: " + shop}, status: 200,
			not: []string{"Access-Control-Allow-Origin"}},
		"not the API": {list: []string{shop}, what: "GET /salud/vivo", header: []string{"Origin: " + shop}, status: 200,
			not: []string{"Access-Control-Allow-Origin"}},
		"the login's path": {list: []string{shop}, what: "GET /sesion/inicio", header: []string{"Origin: " + shop},
			status: 200, not: []string{"Access-Control-Allow-Origin"}},
		"preflight": {list: []string{shop}, what: "OPTIONS /api/v1/cosas/a", status: 204,
			header: []string{"Origin: " + shop, "Access-Control-Request-Method: PATCH",
				"Access-Control-Request-Headers: authorization,idempotency-key"},
			vuelve: []string{"Access-Control-Allow-Origin: " + shop, "Access-Control-Allow-Methods: OPTIONS, GET, PATCH",
				"Access-Control-Max-Age: 600",
				"Access-Control-Allow-Headers: Accept,Authorization"},
			not: []string{"Access-Control-Allow-Credentials", "RateLimit"}},
		"preflight, not listed": {list: []string{shop}, what: "OPTIONS /api/v1/cosas/a",
			header: []string{"Origin: https://otra.com.ar", "Access-Control-Request-Method: PATCH"},
			status: 204, not: []string{"Access-Control-Allow-Origin", "Access-Control-Allow-Methods"}},
		"the cookie reads nothing": {list: []string{shop}, what: "GET /api/v1/nadie",
			header: []string{"Origin: " + shop, "Cookie: s=cliente"}, status: 401},
		"the cookie changes nothing": {list: []string{shop}, what: "POST /api/v1/cosas/a/sobre",
			header: []string{"Origin: " + shop, "Cookie: s=cliente"}, status: 401,
			not: []string{"Access-Control-Allow-Credentials"}},
		"our own page's cookie": {list: []string{shop}, what: "GET /api/v1/nadie", header: []string{"Cookie: s=cliente"},
			status: 403},
		"two origins": {list: []string{shop}, what: "GET /api/v1/cosas/a",
			header: []string{"Origin: " + shop, "Origin: https://otra.com.ar"}, status: 200,
			not: []string{"Access-Control-Allow-Origin"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := limited(t, func(o *httpapi.Options) { o.Config.CORS = row.list })
			method, path, _ := strings.Cut(row.what, " ")
			r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
			for _, h := range row.header {
				k, v, _ := strings.Cut(h, ": ")
				r.Header.Add(k, v)
			}
			w := b.pedir(r)
			if w.Code != row.status {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			for _, h := range row.vuelve {
				k, v, _ := strings.Cut(h, ": ")
				if !strings.HasPrefix(strings.Join(w.Header().Values(k), ", "), v) {
					t.Errorf("header %s: %v, want %s", k, w.Header().Values(k), v)
				}
			}
			for _, k := range row.not {
				if v := w.Header().Values(k); len(v) > 0 {
					t.Errorf("header %s: %v", k, v)
				}
			}
		})
	}
}

// TestCORSExposes: scripts may read the headers that they need to go on: ETag, Location, Retry-After, X-Request-Id
// and more.
func TestCORSExposes(t *testing.T) {
	b := limited(t, func(o *httpapi.Options) { o.Config.CORS = []string{shop} })
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/api/v1/cosas/a", nil)
	r.Header.Set("Origin", shop)
	exposed := strings.Split(b.pedir(r).Header().Get("Access-Control-Expose-Headers"), ",")
	for _, h := range []string{
		"ETag", "Location", "Retry-After", "X-Request-Id", "Idempotent-Replayed", "RateLimit", "RateLimit-Policy",
	} {
		if !slices.Contains(exposed, h) {
			t.Errorf("%s is not exposed: %v", h, exposed)
		}
	}
}

// TestPreflightsCountForNothing: no measure counts preflights.
func TestPreflightsCountForNothing(t *testing.T) {
	b := limited(t, func(o *httpapi.Options) { o.Config.CORS = []string{shop} })
	for range 50 {
		r := httptest.NewRequestWithContext(t.Context(), "OPTIONS", "/api/v1/cosas", nil)
		r.Header.Set("Origin", shop)
		r.Header.Set("Access-Control-Request-Method", "GET")
		if w := b.pedir(r); w.Code != http.StatusNoContent {
			t.Fatal(w.Code)
		}
	}
	if w := b.pedir(httptest.NewRequestWithContext(t.Context(), "GET", "/api/v1/cosas/a", nil)); w.Code != 200 {
		t.Errorf("a call from the same address: %d", w.Code)
	}
}

// TestCORSOfAStream: a page of a listed origin may read a stream.
func TestCORSOfAStream(t *testing.T) {
	b := nuevoBanco(t, func(o *httpapi.Options) { o.Config.CORS = []string{shop} })
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	r := httptest.NewRequestWithContext(ctx, "GET", "/api/v1/cosas/x/vivo", nil)
	r.Header.Set("Origin", shop)
	end := make(chan *httptest.ResponseRecorder, 1)
	go func() { end <- b.pedir(r) }()
	<-b.api.entro
	cancel()
	w := <-end
	if w.Header().Get("Access-Control-Allow-Origin") != shop ||
		w.Header().Get("Content-Type") != "text/event-stream" {
		t.Errorf("%v", w.Header())
	}
}
