package paginas_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"despensa/pruebas/kit"
)

// Every address that the program prints at its start or shows on its first page, and those that people guess, is a
// page or leads to one.
func TestAddressesLeadSomewhere(t *testing.T) {
	c := kit.Start(t)
	var saludo strings.Builder
	c.Programa.Saludar(&saludo)
	direcciones := regexp.MustCompile(`https?://[^\s"]+`).FindAllString(saludo.String(), -1)
	if len(direcciones) < 5 {
		t.Errorf("at the start it prints %q", direcciones)
	}
	_, pagina := kit.NewBrowser(t, c).Visit("GET", "/dev/", "")
	for _, m := range regexp.MustCompile(`href="([^"]+)"`).FindAllStringSubmatch(pagina, -1) {
		direcciones = append(direcciones, strings.ReplaceAll(m[1], "&amp;", "&"))
	}
	direcciones = append(direcciones, "/", "/dev", "/dev/", "/dev/oidc", "/dev/oidc/",
		"/dev/mercadopago", "/dev/mercadopago/",
		"/favicon.ico", "/docs", "/docs/", "/api/v1", "/api/v1/")
	cliente := &http.Client{Timeout: kit.Patience, Transport: c.HTTP.Transport}
	for _, d := range direcciones {
		if strings.HasPrefix(d, "/") {
			d = c.URL + d
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := cliente.Do(req)
		if err != nil {
			t.Errorf("%s: %v", d, err)
			continue
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Errorf("%s: HTTP %d at %s", d, res.StatusCode, res.Request.URL.Path)
		}
	}
}
