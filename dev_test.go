//go:build !race

package main

import (
	"io"
	"net/http"
	"net/url"
	"strings"
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
		if pagina := p.pagina("/dev/"); !strings.Contains(pagina, "en otro proceso") || !strings.Contains(pagina, dev.url) || !strings.Contains(pagina, "login_hint=admin") {
			t.Errorf("the first page does not say where the stand-ins are: %s", pagina)
		}
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

// pagina is what a browser reads at camino.
func (s *sitio) pagina(camino string) string {
	s.t.Helper()
	res, err := s.http.Get(s.url + camino)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %d %v", camino, res.StatusCode, err)
	}
	return string(b)
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
