package httpapi_test

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"despensa/platform/httpapi"
	"despensa/platform/oidc"

	"github.com/danielgtaylor/huma/v2"
)

const proxy = "10.0.0.1:1234"

// client is a caller behind the proxy at 10.0.0.1.
type client struct {
	from, token, cookie, forged string
}

// call makes one call of c to banco.
func (c client) call(banco *banco, method, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(context.Background(), method, path, nil)
	r.RemoteAddr = proxy
	if c.forged != "" {
		r.Header.Add("X-Forwarded-For", c.forged)
	}
	r.Header.Add("X-Forwarded-For", cmp.Or(c.from, "203.0.113.1"))
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	if c.cookie != "" {
		r.AddCookie(&http.Cookie{Name: "s", Value: c.cookie})
	}
	return banco.pedir(r)
}

// limited is a server behind the proxy at 10.0.0.1. Each of its measures allows two calls a second, four at once.
func limited(t *testing.T, changes ...func(*httpapi.Options)) *banco {
	still := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	b := nuevoBanco(t, append([]func(*httpapi.Options){func(o *httpapi.Options) {
		o.Config.Proxies = []string{"10.0.0.0/8"}
		o.Config.Limite, o.Config.LimiteFallos = 2, 2
		o.Now = func() time.Time { return still }
		o.Sessions = &sesiones{propia: true}
	}}, changes...)...)
	httpapi.Register(b.s.API(), httpapi.Notice(huma.Operation{
		OperationID: "aviso", Method: "POST", Path: "/avisos/{de}", Summary: "s", DefaultStatus: http.StatusOK,
	}), httpapi.Access{Public: true}, func(context.Context, *struct {
		De string `path:"de"`
	}) (*struct{}, error) {
		return nil, nil
	})
	b.s.Mount("/sesion/", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
	}))
	return b
}

// TestFloodsLeaveOthersAlone: a flood of one kind of call from one client gets neither other kinds of calls nor other
// clients refused.
func TestFloodsLeaveOthersAlone(t *testing.T) {
	const thing, notice, login = "GET /api/v1/cosas/a", "POST /api/v1/avisos/mercadopago", "GET /sesion/inicio"
	type calls struct {
		client
		what string
	}
	somebody := client{from: "203.0.113.7"}
	for name, row := range map[string]struct {
		flood  func(i int) calls
		suffer []calls
		pass   []calls
	}{
		"anonymous reading": {
			flood: func(int) calls { return calls{somebody, thing} },
			suffer: []calls{{somebody, thing}, {somebody, "GET /api/v1/cosas"}, {somebody, "GET /api/v1/no/hay"},
				{somebody, "POST /api/v1/cosas"}},
			pass: []calls{
				{client{from: "203.0.113.8"}, thing}, {somebody, notice}, {somebody, login}, {somebody, "GET /salud/vivo"},
				{client{from: somebody.from, token: "cliente"}, thing}, {client{from: somebody.from, cookie: "otro"}, thing},
			},
		},
		"one caller, from many addresses": {
			flood:  func(i int) calls { return calls{client{from: fmt.Sprint("203.0.113.", i), token: "cliente"}, thing} },
			suffer: []calls{{client{from: "198.51.100.1", token: "cliente"}, thing}, {client{cookie: "cliente"}, thing}},
			pass:   []calls{{client{from: "203.0.113.1", token: "otro"}, thing}, {client{from: "203.0.113.1"}, thing}},
		},
		"forged tokens": {
			flood: func(i int) calls { return calls{client{from: somebody.from, token: fmt.Sprint("forjado", i)}, thing} },
			suffer: []calls{{client{from: somebody.from, token: "malo"}, thing},
				{client{from: somebody.from, token: "malo"}, notice}},
			pass: []calls{
				{client{from: somebody.from, token: "cliente"}, thing}, {client{from: somebody.from, cookie: "otro"}, thing},
				{somebody, thing},
				{somebody, notice}, {somebody, login}, {client{from: "203.0.113.8", token: "auditor"}, "GET /api/v1/cosas"},
			},
		},
		"forged addresses": {
			flood: func(i int) calls {
				return calls{client{from: somebody.from, forged: fmt.Sprint("203.0.113.", i)}, thing}
			},
			suffer: []calls{{somebody, thing}},
			pass:   []calls{{client{from: "203.0.113.3"}, thing}},
		},
		"addresses of one IPv6 subscriber": {
			flood:  func(i int) calls { return calls{client{from: fmt.Sprintf("2001:db8:1:1::%x", i)}, thing} },
			suffer: []calls{{client{from: "2001:db8:1:1:ffff::"}, thing}},
			pass:   []calls{{client{from: "2001:db8:1:2::1"}, thing}},
		},
		"notices": {
			flood:  func(int) calls { return calls{somebody, notice} },
			suffer: []calls{{somebody, "POST /api/v1/avisos/otro"}},
			pass:   []calls{{client{from: "203.0.113.8"}, notice}, {somebody, thing}, {somebody, login}},
		},
		"logins": {
			flood:  func(int) calls { return calls{somebody, login} },
			suffer: []calls{{somebody, "GET /sesion/vuelta"}},
			pass:   []calls{{client{from: "203.0.113.8"}, login}, {somebody, thing}, {somebody, notice}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := limited(t)
			do := func(c calls) *httptest.ResponseRecorder {
				method, path, _ := strings.Cut(c.what, " ")
				return c.call(b, method, path)
			}
			for i := range 60 {
				do(row.flood(i))
			}
			for _, c := range row.pass {
				if w := do(c); w.Code != 200 {
					t.Errorf("%+v: %d %s", c, w.Code, w.Body)
				}
			}
			for _, c := range row.suffer {
				w := do(c)
				if w.Code != http.StatusTooManyRequests ||
					w.Header().Get("Retry-After") != "1" ||
					!strings.Contains(w.Header().Get("RateLimit"), ";r=0;") {
					t.Errorf("%+v: %d %v", c, w.Code, w.Header())
				}
			}
		})
	}
}

// TestForgedTokensStopCostingTheProvider: for a network that has used up its refused tokens, forged tokens ask the
// identity provider for no more keys, and good tokens still verify.
func TestForgedTokensStopCostingTheProvider(t *testing.T) {
	v := &asker{tokens: conocidos}
	b := limited(t, func(o *httpapi.Options) { o.Verifier = v })
	status := map[int]int{}
	for i := range 50 {
		status[client{token: fmt.Sprint("forjado", i)}.call(b, "GET", "/api/v1/cosas/a").Code]++
	}
	if status[401] != 4 || status[429] != 46 || v.asked.Load() != 4 {
		t.Errorf("%v, the provider was asked %d times", status, v.asked.Load())
	}
	for _, token := range []string{"cliente", "otro"} {
		if w := (client{token: token}).call(b, "GET", "/api/v1/cosas/a"); w.Code != 200 {
			t.Errorf("%s: %d", token, w.Code)
		}
	}
	if _ = (client{from: "203.0.113.8", token: "forjado"}).call(b, "GET", "/api/v1/cosas/a"); v.asked.Load() != 5 {
		t.Errorf("another network: asked %d times", v.asked.Load())
	}
}

// asker counts a call to the identity provider for each unknown token, unless the context allows known keys alone.
type asker struct {
	tokens
	asked atomic.Int64
}

func (a *asker) Verify(ctx context.Context, raw string) (oidc.Principal, error) {
	p, err := a.tokens.Verify(ctx, raw)
	if err != nil && !oidc.KnownKeys(ctx) {
		a.asked.Add(1)
	}
	return p, err
}

// TestProviderAwayIsNoRefusedToken: calls that fail because the identity provider is away use up no refused tokens.
func TestProviderAwayIsNoRefusedToken(t *testing.T) {
	b := limited(t, func(o *httpapi.Options) { o.Config.Limite = 1000 })
	for range 20 {
		if w := (client{token: "sin-claves"}).call(b, "GET", "/api/v1/cosas/a"); w.Code != http.StatusServiceUnavailable {
			t.Fatal(w.Code)
		}
	}
	if w := (client{token: "malo"}).call(b, "GET", "/api/v1/cosas/a"); w.Code != http.StatusUnauthorized {
		t.Errorf("the first bad token: %d", w.Code)
	}
}

// slow takes 100 ms to verify a token, and counts how many calls verify at the same time.
type slow struct {
	tokens
	now, most atomic.Int64
}

func (s *slow) Verify(ctx context.Context, raw string) (oidc.Principal, error) {
	if n := s.now.Add(1); n > s.most.Load() {
		s.most.Store(n)
	}
	defer s.now.Add(-1)
	<-time.After(100 * time.Millisecond)
	return s.tokens.Verify(ctx, raw)
}

// TestForgedTokensAreCheckedOneByOne: for a network that sends forged tokens one signature is checked at a time, and
// a good token among them is accepted.
func TestForgedTokensAreCheckedOneByOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &slow{tokens: conocidos}
		b := limited(t, func(o *httpapi.Options) { o.Verifier = v })
		for range 4 {
			client{token: "malo"}.call(b, "GET", "/api/v1/cosas/a")
		}
		v.most.Store(0)
		for i := range 20 {
			go client{token: fmt.Sprint("forjado", i)}.call(b, "GET", "/api/v1/cosas/a")
		}
		synctest.Wait()
		if w := (client{token: "cliente"}).call(b, "GET", "/api/v1/cosas/a"); w.Code != 200 {
			t.Errorf("the good one: %d %s", w.Code, w.Body)
		}
		if v.most.Load() != 1 {
			t.Errorf("%d at once", v.most.Load())
		}
	})
}

// TestDireccionIsTheNetwork: ClientNetwork gives handlers the network that the limits count by.
func TestDireccionIsTheNetwork(t *testing.T) {
	b := limited(t)
	var seen string
	httpapi.Register(b.s.API(), operation("donde", "GET /donde"), httpapi.Access{Public: true},
		func(ctx context.Context, _ *struct{}) (*struct{}, error) {
			seen = httpapi.ClientNetwork(ctx)
			return nil, nil
		})
	for from, want := range map[string]string{"203.0.113.7": "203.0.113.7", "2001:db8:1:2:3::4": "2001:db8:1:2::/64"} {
		client{from: from}.call(b, "GET", "/api/v1/donde")
		if seen != want {
			t.Errorf("%s: %s", from, seen)
		}
	}
}

// TestMountedHandlersSeeTheClient: a mounted handler sees the client's address and not the proxy's. The stand-in of
// the identity provider counts wrong passwords by that address.
func TestMountedHandlersSeeTheClient(t *testing.T) {
	b := limited(t)
	var seen string
	b.s.Mount(
		"/otra/",
		http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = r.RemoteAddr }),
	)
	for from, want := range map[string]string{"203.0.113.7": "203.0.113.7:0", "2001:db8::4": "[2001:db8::4]:0"} {
		if (client{from: from}).call(b, "GET", "/otra/x"); seen != want {
			t.Errorf("%s: %s", from, seen)
		}
	}
}

// TestAnswersNameTheirMeasure: each answer of the API names the measure that counted the call, and the OpenAPI
// document lists the RateLimit fields.
func TestAnswersNameTheirMeasure(t *testing.T) {
	b := limited(t)
	for name, row := range map[string]struct {
		client
		what, fields string
	}{
		"a caller": {client: client{token: "cliente"}, what: "GET /api/v1/cosas/a",
			fields: `"limite";q=4;w=2 "limite";r=3;t=1`},
		"nobody": {what: "GET /api/v1/cosas/a",
			fields: `"limite_anonimo";q=4;w=2 "limite_anonimo";r=3;t=1`},
		"a bad token": {client: client{token: "malo"}, what: "GET /api/v1/cosas/a",
			fields: `"limite_fallos";q=4;w=2 "limite_fallos";r=3;t=1`},
		"a webhook": {what: "POST /api/v1/avisos/x",
			fields: `"limite_avisos";q=4;w=2 "limite_avisos";r=3;t=1`},
		"a login": {what: "GET /sesion/inicio",
			fields: `"limite_ingresos";q=4;w=2 "limite_ingresos";r=3;t=1`},
		"health": {what: "GET /salud/vivo", fields: " "},
	} {
		method, path, _ := strings.Cut(row.what, " ")
		h := row.call(b, method, path).Header()
		if said := h.Get("RateLimit-Policy") + " " + h.Get("RateLimit"); said != row.fields {
			t.Errorf("%s: %s", name, said)
		}
	}
	doc := b.pedir(
		httptest.NewRequestWithContext(t.Context(), "GET", "/api/v1/openapi.json", nil),
	).Body.String()
	for _, s := range []string{
		`"RateLimit":{"$ref":"#/components/headers/RateLimit"}`, `"Retry-After":{"description"`,
		`draft-ietf-httpapi-ratelimit-headers-11`,
	} {
		if !strings.Contains(doc, s) {
			t.Errorf("the document lacks %s", s)
		}
	}
}
