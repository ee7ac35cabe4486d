package paginas_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	devoidc "despensa/platform/dev/oidc"
	"despensa/pruebas/kit"
)

// Two programs share the stand-ins of a third: each charges its own orders,
// and a login may come back to either.
func TestStandInsAlone(t *testing.T) {
	dev := kit.Launch(t)
	dev.Command = "dev"
	dev.MustStart()
	for range 2 {
		p := kit.Launch(t, "DESPENSA_OIDC_EMISOR="+dev.URL+"/dev/oidc/",
			"DESPENSA_MERCADOPAGO_URL="+dev.URL+"/dev/mercadopago")
		p.MustStart()
		p.Dev = dev.URL
		id := p.Order("cliente1", p.NewPurchase("cliente1")).ID
		p.Await("cliente1", id, "confirmado")
		if pagina := pagina(p.Client, "/dev/"); !strings.Contains(pagina, "en otro proceso") ||
			!strings.Contains(
				pagina,
				dev.URL,
			) || !strings.Contains(pagina, "login_hint=admin") {
			t.Errorf("the first page does not say where the stand-ins are: %s", pagina)
		}
		if s := ingresar(t, dev.URL, p.URL+"/sesion/vuelta"); s != http.StatusOK {
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
		if s := ingresar(t, dev.URL, vuelta); s != http.StatusBadRequest {
			t.Errorf("%s: %d", nombre, s)
		}
	}
}

// pagina is the body that a browser gets at camino.
func pagina(client *kit.Client, camino string) string {
	client.T.Helper()
	res, err := client.HTTP.Get(client.URL + camino)
	if err != nil {
		client.T.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		client.T.Fatalf("%s: %d %v", camino, res.StatusCode, err)
	}
	return string(b)
}

// ingresar begins a login at the provider of dev with vuelta as the address to come back to, and returns the status.
func ingresar(t *testing.T, dev, vuelta string) int {
	t.Helper()
	q := url.Values{
		"client_id":     {devoidc.AppWeb},
		"redirect_uri":  {vuelta},
		"response_type": {"code"},
		"state":         {"s"},
		"code_challenge": {
			"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
		},
		"code_challenge_method": {"S256"},
	}
	r, err := http.NewRequestWithContext(
		t.Context(),
		http.MethodGet,
		dev+"/dev/oidc/authorize?"+q.Encode(),
		nil,
	)
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
