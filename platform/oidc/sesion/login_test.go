package sesion

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"despensa/platform/oidc"
)

// lugares is a provider with addresses at which no token can be had.
type lugares struct {
	conocidos
	dice bool
}

func (l lugares) Endpoints(context.Context) (oidc.Endpoints, error) {
	return oidc.Endpoints{
		Authorize:  "http://idp/a",
		Token:      "http://idp/t",
		Issuer:     "http://idp/",
		SaysIssuer: l.dice,
	}, nil
}

// sinRed is a transport that counts the calls to the provider and fails each of them.
type sinRed struct{ veces int }

func (s *sinRed) RoundTrip(*http.Request) (*http.Response, error) {
	s.veces++
	return nil, errors.New("no network")
}

// TestAnswersOfAnotherProvider: a code is sent to the provider only when the authorization answer comes from that
// provider (RFC 9207).
func TestAnswersOfAnotherProvider(t *testing.T) {
	for nombre, row := range map[string]struct {
		dice bool     // discovery announces iss in the authorization answers
		iss  []string // of the authorization answer
		pasa bool
	}{
		"says nothing, need not":   {pasa: true},
		"says nothing, but should": {dice: true},
		"ours":                     {dice: true, iss: []string{"http://idp/"}, pasa: true},
		"ours, though it need not": {iss: []string{"http://idp/"}, pasa: true},
		"another's":                {dice: true, iss: []string{"http://otro/"}},
		"another's, need not say":  {iss: []string{"http://otro/"}},
		"without the slash":        {dice: true, iss: []string{"http://idp"}},
		"empty":                    {iss: []string{""}},
		"twice":                    {dice: true, iss: []string{"http://idp/", "http://idp/"}},
		"ours, and another's":      {iss: []string{"http://idp/", "http://otro/"}},
	} {
		t.Run(nombre, func(t *testing.T) {
			ahora := mediodia
			red := &sinRed{}
			s := nuevas(t, clave, "http://x", &ahora)
			s.o.Verifier, s.o.HTTP = lugares{dice: row.dice}, &http.Client{Transport: red}
			w := httptest.NewRecorder()
			empezado := pendingLogin{
				Estado:      "e",
				Nonce:       "n",
				Verificador: "v",
				Destino:     "/",
				Vence:       ahora.Add(time.Minute).Unix(),
			}
			texto, err := s.sealer.seal(loginCookie, empezado)
			if err != nil || s.setCookie(w, loginCookie, texto, time.Minute) != nil {
				t.Fatal(err)
			}
			r := peticion(t, w)
			r.URL = &url.URL{
				Path:     callback,
				RawQuery: url.Values{"state": {"e"}, "code": {"c"}, "iss": row.iss}.Encode(),
			}
			w = httptest.NewRecorder()
			s.Handler().ServeHTTP(w, r)
			if w.Code != http.StatusBadRequest || (red.veces > 0) != row.pasa ||
				strings.Contains(w.Body.String(), "no es de nuestro proveedor") == row.pasa {
				t.Errorf("%d, %d calls of the provider: %s", w.Code, red.veces, w.Body)
			}
		})
	}
}
