//go:build !race

package main

import (
	"net/http"
	"net/url"
	"testing"

	devoidc "despensa/platform/dev/oidc"
)

// Two programs share the stand-ins of a third: each charges its own orders,
// and a login may come back to either.
func TestStandInsAlone(t *testing.T) {
	dev := lanzar(t)
	dev.orden = "dev"
	dev.debeArrancar()
	for range 2 {
		p := lanzar(t, "DESPENSA_OIDC_EMISOR="+dev.url+"/dev/oidc/", "DESPENSA_MERCADOPAGO_URL="+dev.url+"/dev/mercadopago")
		p.debeArrancar()
		p.dev = dev.url
		id := p.pedir("cliente1", p.comprar("cliente1")).ID
		p.esperar("cliente1", id, "confirmado")
		if s := ingresar(t, dev.url, p.url+"/sesion/vuelta"); s != http.StatusOK {
			t.Errorf("a login that comes back to another port of this machine: %d", s)
		}
	}
	for nombre, vuelta := range map[string]string{
		"another machine":  "http://despensa.example:8080/sesion/vuelta",
		"another path":     "http://127.0.0.1:9/otra",
		"part of the path": "http://127.0.0.1:9/vuelta",
		"with a query":     "http://127.0.0.1:9/sesion/vuelta?x=1",
		"with a user":      "http://a@127.0.0.1:9/sesion/vuelta",
		"another scheme":   "https://127.0.0.1:9/sesion/vuelta",
	} {
		if s := ingresar(t, dev.url, vuelta); s != http.StatusBadRequest {
			t.Errorf("%s: %d", nombre, s)
		}
	}
}

// ingresar begins a login at the provider of dev that is to come back to vuelta.
func ingresar(t *testing.T, dev, vuelta string) int {
	t.Helper()
	q := url.Values{"client_id": {devoidc.AppWeb}, "redirect_uri": {vuelta}, "response_type": {"code"}, "state": {"s"},
		"code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, dev+"/dev/oidc/authorize?"+q.Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	return res.StatusCode
}
