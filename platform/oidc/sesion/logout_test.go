package sesion

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"despensa/platform/fault"
)

// cortesRotos is a store of ends of sessions that answers err.
type cortesRotos struct{ err error }

func (c cortesRotos) End(context.Context, string, time.Time) error { return c.err }
func (c cortesRotos) EndedUntil(context.Context, string, string) (time.Time, bool, error) {
	return time.Time{}, false, c.err
}

// navegador gives a request of a browser with the session content, to the replica sessions.
func navegador(t *testing.T, sessions *Sessions, content content) *http.Request {
	t.Helper()
	w := httptest.NewRecorder()
	if err := sessions.save(w, content); err != nil {
		t.Fatal(err)
	}
	return peticion(t, w)
}

// salir logs out from a page of this server, with the cookies of r and the form cuerpo.
func salir(
	t *testing.T,
	sessions *Sessions,
	r *http.Request,
	cuerpo string,
) *httptest.ResponseRecorder {
	t.Helper()
	p := httptest.NewRequestWithContext(
		t.Context(),
		"POST",
		"http://x/sesion/fin",
		strings.NewReader(cuerpo),
	)
	p.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	p.Header.Set("Origin", "http://x")
	for _, g := range r.Cookies() {
		p.AddCookie(g)
	}
	w := httptest.NewRecorder()
	sessions.Handler().ServeHTTP(w, p)
	return w
}

// TestLogoutEndsTheSession: a logout ends the session at every replica, for every copy of its cookie, older and
// renewed ones too. The person's other sessions go on unless todas is asked for.
func TestLogoutEndsTheSession(t *testing.T) {
	for nombre, row := range map[string]struct {
		cuerpo   string
		adelanto time.Duration // of the clock that began the session
		otras    bool          // the person's other sessions go on
	}{
		"this one":                        {otras: true},
		"all":                             {cuerpo: "todas=1"},
		"this one, begun by a fast clock": {adelanto: time.Minute, otras: true},
		"all, begun by a fast clock":      {cuerpo: "todas=1", adelanto: time.Minute},
	} {
		t.Run(nombre, func(t *testing.T) {
			ahora := mediodia
			aca := nuevas(
				t,
				clave,
				"http://x",
				&ahora,
			)
			alla := nuevas(
				t,
				clave,
				"http://x",
				&ahora,
			)
			alla.o.Ends = aca.o.Ends // a second replica with the same store
			c := abierta(ahora.Add(row.adelanto))
			original := navegador(t, aca, c)
			c.Seen, c.Access = ahora.Add(time.Second).Unix(), "otro"
			renovada := navegador(t, alla, c)
			otra := abierta(ahora.Add(-time.Minute))
			otraSesion := navegador(t, aca, otra)
			for _, s := range []*Sessions{aca, alla} {
				if _, err := s.Token(httptest.NewRecorder(), original); err != nil {
					t.Fatal(err)
				}
			}
			w := salir(t, aca, original, row.cuerpo)
			if w.Code != http.StatusSeeOther || len(peticion(t, w).Cookies()) > 0 {
				t.Errorf("logout: %d, %v", w.Code, w.Result().Cookies())
			}
			for _, s := range []*Sessions{aca, alla} {
				for copia, r := range map[string]*http.Request{"a copy": original, "a renewed copy": renovada} {
					w := httptest.NewRecorder()
					if _, err := s.Token(w, r); !errors.Is(err, ErrSession) ||
						!errors.Is(s.StillOpen(r), ErrSession) {
						t.Errorf("%s: %v", copia, err)
					}
				}
				if err := s.StillOpen(otraSesion); (err == nil) != row.otras {
					t.Errorf("another session: %v", err)
				}
			}
			ahora = ahora.Add(2 * time.Minute)
			if err := alla.StillOpen(navegador(t, alla, abierta(ahora))); err != nil {
				t.Errorf("a new login: %v", err)
			}
			if w := salir(t, aca, original, ""); w.Code != http.StatusSeeOther {
				t.Errorf("a second logout: %d", w.Code)
			}
		})
	}
}

// TestEndsThatCannotBeLookedUp: while the ends of sessions cannot be read, no session is accepted, and no logout
// reports success.
func TestEndsThatCannotBeLookedUp(t *testing.T) {
	for nombre, falla := range map[string]error{"away": fault.ErrStoreAway, "broken": errors.New("disk I/O error")} {
		t.Run(nombre, func(t *testing.T) {
			ahora := mediodia
			s := nuevas(t, clave, "http://x", &ahora)
			r := navegador(t, s, abierta(ahora))
			s.o.Ends = cortesRotos{falla}
			w := httptest.NewRecorder()
			token, err := s.Token(w, r)
			if e, ok := fault.As(err); !ok || e.Kind != fault.Unavailable || token != "" ||
				len(w.Result().Cookies()) > 0 {
				t.Errorf("a request: %q %v, cookies %v", token, err, w.Result().Cookies())
			}
			if e, ok := fault.As(s.StillOpen(r)); !ok || e.Kind != fault.Unavailable {
				t.Errorf("a stream: %v", s.StillOpen(r))
			}
			for _, cuerpo := range []string{"", "todas=1"} {
				w := salir(t, s, r, cuerpo)
				if w.Code != http.StatusServiceUnavailable || len(w.Result().Cookies()) > 0 ||
					w.Header().
						Get("Retry-After") ==
						"" || !strings.Contains(w.Body.String(), "sigue abierta") {
					t.Errorf(
						"logout %q: %d %v %s",
						cuerpo,
						w.Code,
						w.Result().Cookies(),
						w.Body,
					)
				}
			}
			sinSesion := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
			if w := salir(t, s, sinSesion, ""); w.Code != http.StatusSeeOther {
				t.Errorf("logout without a session: %d", w.Code)
			}
		})
	}
}
