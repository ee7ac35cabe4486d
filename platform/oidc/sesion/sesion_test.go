package sesion

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"despensa/platform/config"
	"despensa/platform/oidc"

	"golang.org/x/oauth2"
)

const (
	clave = "una-clave-de-mas-de-treinta-y-dos-bytes"
	nueva = "otra-clave-de-mas-de-treinta-y-dos-bytes"
)

var mediodia = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// cortes is a store of ends of sessions in memory.
type cortes map[string]time.Time

func (c cortes) End(_ context.Context, id string, cuando time.Time) error {
	c[id] = cuando
	return nil
}
func (c cortes) EndedUntil(_ context.Context, persona, sesion string) (time.Time, bool, error) {
	_, terminada := c[sesion]
	return c[persona], terminada, nil
}

// conocidos are the access tokens that the provider has issued, with their callers; nil: every token is good and
// belongs to yo.
type conocidos map[string]oidc.Principal

func (k conocidos) Verify(_ context.Context, crudo string) (oidc.Principal, error) {
	p, ok := k[crudo]
	if k != nil && !ok {
		return p, oidc.ErrToken
	}
	if k == nil {
		p.ID = "yo"
	}
	return p, nil
}
func (conocidos) VerifyID(context.Context, string, string, string) (string, error) {
	return "", oidc.ErrToken
}
func (conocidos) Endpoints(context.Context) (oidc.Endpoints, error) {
	return oidc.Endpoints{}, oidc.ErrProvider
}

func nuevas(t *testing.T, claves, url string, ahora *time.Time) *Sessions {
	t.Helper()
	s, err := New(Options{
		Config: Config{
			Clave:       config.Secret(claves),
			Edad:        12 * time.Hour,
			Inactividad: 2 * time.Hour,
			Renovar:     time.Minute,
		},
		URL:      func() string { return url },
		Verifier: conocidos(nil),
		Ends:     cortes{},
		Log:      slog.New(slog.DiscardHandler),
		Now:      func() time.Time { return *ahora },
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// peticion is a request with the cookies that responseRecorder sets; those that responseRecorder deletes are left out.
func peticion(t *testing.T, responseRecorder *httptest.ResponseRecorder) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	for _, c := range responseRecorder.Result().Cookies() {
		if c.MaxAge > 0 {
			r.AddCookie(c)
		}
	}
	return r
}

func abierta(ahora time.Time) content {
	return content{
		Access: "acceso", Refresh: "refresco", ID: "yo", Began: ahora.UnixMilli(),
		Seen: ahora.Unix(), Given: ahora.Unix(), Expires: ahora.Add(time.Hour).Unix(),
	}
}

func TestProviderAwayAtLogin(t *testing.T) {
	ahora, w := mediodia, httptest.NewRecorder()
	s := nuevas(t, clave, "http://x", &ahora)
	s.Handler().
		ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "http://x/sesion/inicio", nil))
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") != "5" ||
		!strings.Contains(w.Body.String(), "Probá de nuevo") {
		t.Errorf("%d, come back after %q: %s", w.Code, w.Header().Get("Retry-After"), w.Body)
	}
}

func TestKeysRotate(t *testing.T) {
	ahora := mediodia
	w := httptest.NewRecorder()
	if err := nuevas(t, clave, "http://x", &ahora).save(w, abierta(ahora)); err != nil {
		t.Fatal(err)
	}
	for claves, bien := range map[string]bool{
		clave: true, nueva + "," + clave: true, clave + "," + nueva: true, nueva: false,
	} {
		if err := nuevas(t, claves, "http://x", &ahora).StillOpen(peticion(t, w)); (err == nil) != bien {
			t.Errorf("%s: %v", claves, err)
		}
	}
	for _, mala := range []string{"", "corta", clave + ",corta"} {
		if _, err := newSealer(mala); err == nil || strings.Contains(err.Error(), "corta") {
			t.Errorf("key %q: %v", mala, err)
		}
	}
	s, err := newSealer(clave)
	if err != nil {
		t.Fatal(err)
	}
	texto, err := s.seal(loginCookie, abierta(ahora))
	if e := s.open(sessionCookie, texto, &content{}); err != nil || !errors.Is(e, errSeal) {
		t.Errorf("sealed for one purpose, opened for another: %v %v", err, e)
	}
}

func TestCookies(t *testing.T) {
	ahora := mediodia
	casos := map[string]struct {
		url, nombre string
		tokens      int
		galletas    int
		bien        bool
	}{
		"plain": {
			url:      "http://x",
			nombre:   "despensa",
			tokens:   1000,
			galletas: 1,
			bien:     true,
		},
		"over https": {
			url:      "https://x",
			nombre:   "__Host-despensa",
			tokens:   1000,
			galletas: 1,
			bien:     true,
		},
		"a scheme in capitals": {
			url:      "HTTPS://x",
			nombre:   "__Host-despensa",
			tokens:   1000,
			galletas: 1,
			bien:     true,
		},
		"in pieces": {
			url:      "https://x",
			nombre:   "__Host-despensa",
			tokens:   7000,
			galletas: 2,
			bien:     true,
		},
		"too long by far": {url: "https://x", tokens: 60_000},
	}
	for nombre, row := range casos {
		t.Run(nombre, func(t *testing.T) {
			s, w, c := nuevas(t, clave, row.url, &ahora), httptest.NewRecorder(), abierta(ahora)
			c.Access = ""
			for len(c.Access) < row.tokens {
				c.Access += oauth2.GenerateVerifier()
			}
			if err := s.save(w, c); (err == nil) != row.bien {
				t.Fatal(err)
			}
			puestas := peticion(t, w).Cookies()
			if row.bien && (len(puestas) < row.galletas || puestas[0].Name != row.nombre) {
				t.Fatalf("%d cookies", len(puestas))
			}
			if !row.bien {
				return
			}
			if token, err := s.Token(httptest.NewRecorder(), peticion(t, w)); err != nil ||
				token != c.Access {
				t.Error(err)
			}
			for _, g := range w.Result().Cookies() {
				if !g.HttpOnly || g.SameSite != http.SameSiteLaxMode || g.Path != "/" ||
					g.Domain != "" ||
					g.Secure != strings.HasPrefix(strings.ToLower(row.url), "https") ||
					len(g.Value) > pieceSize {
					t.Errorf("%+v", g)
				}
			}
			r := peticion(t, w)
			r.AddCookie(&http.Cookie{Name: row.nombre, Value: "otra"})
			if err := s.StillOpen(r); !errors.Is(err, ErrSession) {
				t.Errorf("planted beside: %v", err)
			}
		})
	}
}

func TestAges(t *testing.T) {
	casos := map[string]struct {
		pasa   time.Duration
		usa    time.Duration // how often the session is used meanwhile
		vive   bool
		cortar bool
	}{
		"a while":          {pasa: time.Hour, vive: true},
		"idle":             {pasa: 2 * time.Hour},
		"used":             {pasa: 10 * time.Hour, usa: time.Hour, vive: true},
		"used, but old":    {pasa: 13 * time.Hour, usa: time.Hour},
		"ended everywhere": {pasa: time.Minute, cortar: true},
	}
	for nombre, row := range casos {
		t.Run(nombre, func(t *testing.T) {
			ahora := mediodia
			s, w := nuevas(t, clave, "http://x", &ahora), httptest.NewRecorder()
			c := abierta(ahora)
			c.Expires = ahora.Add(100 * time.Hour).Unix()
			if err := s.save(w, c); err != nil {
				t.Fatal(err)
			}
			r := peticion(t, w)
			for paso := row.usa; paso > 0 && paso < row.pasa; paso += row.usa {
				ahora = mediodia.Add(paso)
				w := httptest.NewRecorder()
				if _, err := s.Token(w, r); err == nil && len(w.Result().Cookies()) > 0 {
					r = peticion(t, w)
				}
			}
			if row.cortar {
				ahora = ahora.Add(time.Second)
				_ = s.o.Ends.End(t.Context(), "yo", ahora)
			}
			ahora = mediodia.Add(row.pasa)
			if _, err := s.Token(httptest.NewRecorder(), r); (err == nil) != row.vive {
				t.Error(err)
			}
		})
	}
}

// TestAClockThatWasAhead: a session begun by a clock that was ahead is over. An end written by such a clock does not
// keep its person out: the next login counts. An end a few hours in the future comes from another replica, and
// stands.
func TestAClockThatWasAhead(t *testing.T) {
	casos := map[string]struct {
		empezo, corte time.Duration // after now; corte 0: none
		vive, luego   bool          // this session; one that begins a second later
	}{
		"another replica's clock": {empezo: time.Minute, vive: true, luego: true},
		"begun tomorrow":          {empezo: 24 * time.Hour, luego: true},
		"begun in 2030":           {empezo: 4 * 365 * 24 * time.Hour, luego: true},
		"ended in an hour":        {empezo: -time.Minute, corte: time.Hour},
		"ended tomorrow":          {empezo: -time.Minute, corte: 24 * time.Hour, luego: true},
		"ended in 2030": {
			empezo: -time.Minute,
			corte:  4 * 365 * 24 * time.Hour,
			luego:  true,
		},
	}
	for nombre, row := range casos {
		t.Run(nombre, func(t *testing.T) {
			ahora := mediodia
			s := nuevas(t, clave, "http://x", &ahora)
			if row.corte != 0 {
				_ = s.o.Ends.End(t.Context(), "yo", ahora.Add(row.corte))
			}
			vive := func(empezo time.Time) bool {
				c, w := abierta(empezo), httptest.NewRecorder()
				c.Seen, c.Expires = ahora.Unix(), ahora.Add(time.Hour).Unix()
				if err := s.save(w, c); err != nil {
					t.Fatal(err)
				}
				_, err := s.Token(httptest.NewRecorder(), peticion(t, w))
				return err == nil
			}
			if v := vive(ahora.Add(row.empezo)); v != row.vive {
				t.Errorf("it is good: %v, want %v", v, row.vive)
			}
			ahora = ahora.Add(time.Second)
			if v := vive(ahora); v != row.luego {
				t.Errorf("the next one is good: %v, want %v", v, row.luego)
			}
		})
	}
}

func TestConfig(t *testing.T) {
	bien := Config{Clave: clave, Edad: time.Hour, Inactividad: time.Hour, Renovar: time.Minute}
	if err := bien.Validate(); err != nil {
		t.Fatal(err)
	}
	for key, romper := range map[string]func(*Config){
		"sesion.clave":       func(c *Config) { c.Clave = "corta" },
		"sesion.edad":        func(c *Config) { c.Edad = 0 },
		"sesion.inactividad": func(c *Config) { c.Inactividad = 2 * time.Hour },
		"sesion.renovar":     func(c *Config) { c.Renovar = -1 },
	} {
		c := bien
		romper(&c)
		if err := c.Validate(); err == nil || !strings.HasPrefix(err.Error(), key+":") {
			t.Errorf("%s: %v", key, err)
		}
	}
}
