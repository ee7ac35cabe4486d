package sesion

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"despensa/platform/oidc"

	"golang.org/x/oauth2"
)

var errCaido = errors.New("away")

// renovable is a browser that has been logged in since noon, with an access token for an hour.
type renovable struct {
	*Sessions
	t     *testing.T
	ahora time.Time
	r     *http.Request
	veces atomic.Int64
	dice  func() (*oauth2.Token, error) // the provider
}

func nuevaRenovable(t *testing.T) *renovable {
	t.Helper()
	v := &renovable{t: t, ahora: mediodia}
	v.Sessions = nuevas(t, clave, "http://x", &v.ahora)
	v.o.Verifier = conocidos{
		"acceso": {ID: "yo", Expires: mediodia.Add(time.Hour)},
		"nuevo":  {ID: "yo", Expires: mediodia.Add(2 * time.Hour)},
		"ajeno":  {ID: "otro", Expires: mediodia.Add(2 * time.Hour)},
	}
	v.renewal = func(context.Context, string) (*oauth2.Token, error) { v.veces.Add(1); return v.dice() }
	w := httptest.NewRecorder()
	if err := v.save(w, abierta(v.ahora)); err != nil {
		t.Fatal(err)
	}
	v.r = peticion(t, w)
	return v
}

// pedir makes one request of the browser at cuando after noon. escrita: the answer sets the session cookie; borrada:
// the answer deletes it.
func (v *renovable) pedir(
	cuando time.Duration,
) (token string, escrita, borrada bool, err error) {
	v.ahora = mediodia.Add(cuando)
	w := httptest.NewRecorder()
	token, err = v.Token(w, v.r)
	for _, c := range w.Result().Cookies() {
		escrita = escrita ||
			c.MaxAge > 0
		borrada = borrada ||
			c.Name == sessionCookie && c.MaxAge < 0
	}
	return token, escrita, borrada, err
}

func TestRenewal(t *testing.T) {
	nuevo := func() (*oauth2.Token, error) {
		return &oauth2.Token{AccessToken: "nuevo", RefreshToken: "refresco2"}, nil
	}
	ajeno := func() (*oauth2.Token, error) { return &oauth2.Token{AccessToken: "ajeno"}, nil }
	caido := func() (*oauth2.Token, error) { return nil, errCaido }
	niega := func() (*oauth2.Token, error) { return nil, errRefused }
	const antes, cerca, tarde = 30 * time.Minute, 59*time.Minute + 30*time.Second, 61 * time.Minute
	casos := map[string]struct {
		cuando           time.Duration
		dice             func() (*oauth2.Token, error)
		token            string
		escrita, borrada bool
		err              error
	}{
		"not yet, but used": {
			cuando:  antes,
			dice:    caido,
			token:   "acceso",
			escrita: true,
		},
		"soon: left alone": {
			cuando: 58*time.Minute + 30*time.Second,
			dice:   caido,
			token:  "acceso",
		},
		"near its end":           {cuando: cerca, dice: nuevo, token: "nuevo", escrita: true},
		"near, provider away":    {cuando: cerca, dice: caido, token: "acceso"},
		"near, refused":          {cuando: cerca, dice: niega, token: "acceso"},
		"past its end":           {cuando: tarde, dice: nuevo, token: "nuevo", escrita: true},
		"past, provider away":    {cuando: tarde, dice: caido, err: oidc.ErrProvider},
		"past, refused just now": {cuando: tarde, dice: niega, err: ErrSession},
		"somebody else's token": {
			cuando:  tarde,
			dice:    ajeno,
			borrada: true,
			err:     ErrSession,
		},
		"idle, whatever it brings": {
			cuando:  2 * time.Hour,
			dice:    nuevo,
			borrada: true,
			err:     ErrSession,
		},
	}
	for nombre, x := range casos {
		t.Run(nombre, func(t *testing.T) {
			v := nuevaRenovable(t)
			v.dice = x.dice
			token, escrita, borrada, err := v.pedir(x.cuando)
			if token != x.token || escrita != x.escrita || borrada != x.borrada ||
				!errors.Is(err, x.err) {
				t.Errorf("%q, written %v, taken away %v: %v", token, escrita, borrada, err)
			}
		})
	}
}

// TestTabsRenewOnce: many tabs that find the token near its end renew it once, and requests that still carry the old
// cookie get the same new token.
func TestTabsRenewOnce(t *testing.T) {
	v := nuevaRenovable(t)
	v.ahora = mediodia.Add(61 * time.Minute)
	v.dice = func() (*oauth2.Token, error) {
		return &oauth2.Token{AccessToken: "nuevo", RefreshToken: "refresco2"}, nil
	}
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if token, err := v.Token(httptest.NewRecorder(), v.r.Clone(context.Background())); err != nil ||
				token != "nuevo" {
				t.Errorf("%q %v", token, err)
			}
		})
	}
	wg.Wait()
	if token, _, _, err := v.pedir(65 * time.Minute); err != nil || token != "nuevo" ||
		v.veces.Load() != 1 {
		t.Errorf("a slow tab: %q %v; renewed %d times", token, err, v.veces.Load())
	}
}

// TestRefusedRenewal: the first refusals of a refresh token do not delete the cookie, because another tab may have
// renewed it at another replica. A browser that still carries the old cookie a while later has no newer one, and
// loses it.
func TestRefusedRenewal(t *testing.T) {
	v := nuevaRenovable(t)
	v.dice = func() (*oauth2.Token, error) { return nil, errRefused }
	for _, x := range []struct {
		luego time.Duration
		seVa  bool
	}{{0, false}, {2 * time.Second, false}, {10 * time.Second, true}} {
		if _, _, borrada, err := v.pedir(61*time.Minute + x.luego); !errors.Is(
			err,
			ErrSession,
		) ||
			borrada != x.seVa {
			t.Errorf("%v after the refusal: %v, taken away %v", x.luego, err, borrada)
		}
	}
	if v.veces.Load() != 1 {
		t.Errorf("the provider was asked %d times", v.veces.Load())
	}
}

func TestTokenTakenBack(t *testing.T) {
	v := nuevaRenovable(t)
	v.o.Verifier = conocidos{}
	if _, _, borrada, err := v.pedir(time.Minute); !errors.Is(err, ErrSession) || !borrada {
		t.Errorf("%v, taken away %v", err, borrada)
	}
}

func TestShortLivedTokens(t *testing.T) {
	v := nuevaRenovable(t)
	for dura, quiero := range map[time.Duration]time.Duration{time.Hour: time.Minute, time.Minute: 15 * time.Second} {
		if tengo := v.margin(content{Given: 0, Expires: int64(dura.Seconds())}); tengo != quiero {
			t.Errorf("a token of %v is renewed %v before its end", dura, tengo)
		}
	}
}
