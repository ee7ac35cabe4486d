package httpapi_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"despensa/platform/fault"
	"despensa/platform/httpapi"
	"despensa/platform/oidc"
)

// sesiones is a fake of Sessions: the value of the cookie is the access token.
type sesiones struct {
	propia   bool
	falla    error
	terminan atomic.Bool
	pedidas  atomic.Int64
}

var errSesion = fault.New(fault.Unauthenticated, "sesion-vencida", "Over.")

func (s *sesiones) Carries(r *http.Request) bool { return len(r.CookiesNamed("s")) > 0 }
func (s *sesiones) OwnPage(*http.Request) bool   { return s.propia }
func (s *sesiones) Token(_ http.ResponseWriter, r *http.Request) (string, error) {
	s.pedidas.Add(1)
	return r.CookiesNamed("s")[0].Value, s.falla
}
func (s *sesiones) StillOpen(*http.Request) error {
	if s.terminan.Load() {
		return errSesion
	}
	return nil
}

func TestSessionOrToken(t *testing.T) {
	casos := map[string]struct {
		metodo, camino, token, galleta string
		propia                         bool
		falla                          error
		status                         int
		pedidas                        int64 // how often the session was asked
	}{
		"session": {
			metodo:  "GET",
			camino:  "/cosas/a",
			galleta: "cliente",
			status:  200,
			pedidas: 1,
		},
		"its role": {
			metodo:  "GET",
			camino:  "/nadie",
			galleta: "cliente",
			status:  403,
			pedidas: 1,
		},
		"session, our page": {
			metodo:  "POST",
			camino:  "/cosas/a/sobre",
			galleta: "cliente",
			propia:  true,
			status:  200,
			pedidas: 1,
		},
		"session, another page": {
			metodo:  "POST",
			camino:  "/cosas/a/sobre",
			galleta: "cliente",
			status:  403,
			pedidas: 1,
		},
		"session over": {metodo: "GET", camino: "/cosas/a", galleta: "cliente", propia: true,
			falla: errSesion, status: 401, pedidas: 1},
		"session, provider away": {
			metodo:  "GET",
			camino:  "/cosas/a",
			galleta: "cliente",
			propia:  true,
			falla:   oidc.ErrProvider,
			status:  503,
			pedidas: 1,
		},
		"session, store broken": {
			metodo:  "GET",
			camino:  "/cosas/a",
			galleta: "cliente",
			propia:  true,
			falla:   errors.New("disk"),
			status:  500,
			pedidas: 1,
		},
		"token beside session": {
			metodo:  "POST",
			camino:  "/cosas/a/sobre",
			token:   "cliente",
			galleta: "otro",
			status:  200,
		},
		"bad token beside session": {
			metodo:  "GET",
			camino:  "/cosas/a",
			token:   "falso",
			galleta: "cliente",
			propia:  true,
			status:  401,
		},
		"neither": {
			metodo: "GET",
			camino: "/cosas/a",
			propia: true,
			status: 200,
		},
		"neither, where one is needed": {
			metodo: "POST",
			camino: "/cosas/a/sobre",
			propia: true,
			status: 401,
		},
	}
	for nombre, x := range casos {
		t.Run(nombre, func(t *testing.T) {
			s := &sesiones{propia: x.propia, falla: x.falla}
			b := nuevoBanco(t, func(o *httpapi.Options) { o.Sessions = s })
			r := httptest.NewRequestWithContext(
				t.Context(),
				x.metodo,
				httpapi.Prefix+x.camino,
				nil,
			)
			if x.token != "" {
				r.Header.Set("Authorization", "Bearer "+x.token)
			}
			if x.galleta != "" {
				r.AddCookie(&http.Cookie{Name: "s", Value: x.galleta})
			}
			if w := b.pedir(r); w.Code != x.status || s.pedidas.Load() != x.pedidas {
				t.Errorf(
					"%d %s; the session was asked %d times",
					w.Code,
					w.Body,
					s.pedidas.Load(),
				)
			}
		})
	}
}

// TestFailuresOfSessionsThatCount: forged sessions use up the refused tokens of their network; sessions that fail
// because the identity provider is away do not.
func TestFailuresOfSessionsThatCount(t *testing.T) {
	for nombre, row := range map[string]struct {
		falla  error
		status int
	}{"provider away": {oidc.ErrProvider, 503}, "forged": {errSesion, 429}} {
		t.Run(nombre, func(t *testing.T) {
			b := nuevoBanco(t, func(o *httpapi.Options) {
				o.Sessions = &sesiones{falla: row.falla}
				o.Config.LimiteFallos = 1
				o.Now = func() time.Time { return time.Unix(1, 0) }
			})
			ultimo := 0
			for range 4 {
				r := httptest.NewRequestWithContext(
					t.Context(),
					"GET",
					httpapi.Prefix+"/cosas/a",
					nil,
				)
				r.AddCookie(&http.Cookie{Name: "s", Value: "cliente"})
				ultimo = b.pedir(r).Code
			}
			if ultimo != row.status {
				t.Errorf("the fourth: %d", ultimo)
			}
		})
	}
}

// TestStreamEndsWithItsSession: a stream ends soon after its session, whether it is busy or silent.
func TestStreamEndsWithItsSession(t *testing.T) {
	for nombre, cada := range map[string]time.Duration{"busy": 100 * time.Millisecond, "silent": time.Hour} {
		t.Run(nombre, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &sesiones{}
				b := nuevoBanco(t, func(o *httpapi.Options) { o.Sessions = s })
				hay := make(chan struct{}, 100)
				numeros(b, 0, hay)
				ctx, soltar := context.WithCancel(t.Context())
				defer soltar()
				go func() {
					for tic := time.Tick(cada); ; {
						select {
						case <-tic:
							hay <- struct{}{}
						case <-ctx.Done():
							return
						}
					}
				}()
				r := httptest.NewRequestWithContext(
					ctx,
					"GET",
					httpapi.Prefix+"/numeros/a/vivo",
					nil,
				)
				r.AddCookie(&http.Cookie{Name: "s", Value: "cliente"})
				fin := make(chan time.Time, 1)
				go func() { b.pedir(r); fin <- time.Now() }()
				<-time.After(20 * time.Second)
				cortada := time.Now()
				s.terminan.Store(true)
				select {
				case cuando := <-fin:
					if d := cuando.Sub(cortada); d > time.Second {
						t.Errorf("it went on for %v", d)
					}
				case <-time.After(time.Minute):
					t.Error("it goes on")
				}
				soltar()
				synctest.Wait()
			})
		})
	}
}
