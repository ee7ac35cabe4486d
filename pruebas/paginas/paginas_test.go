package paginas_test

import (
	"net/http"
	"strings"
	"testing"

	"despensa/pruebas/kit"
)

// The first page lists the logins and leads to the login; the page of orders needs a session.
func TestPagesOfDevelopment(t *testing.T) {
	c := kit.Start(t)
	n := kit.NewBrowser(t, c)
	if res, _ := n.Visit("GET", "/", ""); res.StatusCode != http.StatusFound ||
		res.Header.Get("Location") != "/dev/" {
		t.Errorf("/: %d %s", res.StatusCode, res.Header.Get("Location"))
	}
	casos := map[string][]string{
		"/dev/": {"Entrar como", "cliente5", "repartidor3",
			"simulador de MercadoPago", "/docs/", "login_hint=admin"},
		"/dev/pedidos":      {"ingresá"},
		"/dev/pedidos.js":   {"EventSource"},
		"/dev/estilo.css":   {"--verde"},
		"/dev/mercadopago/": {"Todavía no hay órdenes"},
	}
	ver := func() {
		for camino, partes := range casos {
			res, texto := n.Visit("GET", camino, "")
			for _, p := range partes {
				if res.StatusCode != 200 || !strings.Contains(texto, p) {
					t.Errorf("%s: %d, without %q", camino, res.StatusCode, p)
				}
			}
			if p := res.Header.Get("Content-Security-Policy"); strings.Contains(texto, "<html") &&
				(!strings.HasPrefix(p, "default-src 'none'") || strings.Contains(p, "unsafe")) {
				t.Errorf("%s: policy %q", camino, p)
			}
		}
	}
	ver()
	n.LogIn("cliente1", "/dev/")
	id := c.Order("cliente1", c.NewPurchase("cliente1")).ID
	c.Await("cliente1", id, "confirmado")
	casos = map[string][]string{
		"/dev/": {
			"Camila Benítez",
			"Salir en todas partes",
		}, "/dev/pedidos": {"Camila Benítez", "pedidos.js"},
		"/dev/mercadopago/": {"$ "},
	}
	ver()
}

// A payment that waits is decided by a button of the simulator's page.
func TestSimulatorPage(t *testing.T) {
	c := kit.Start(t)
	n := kit.NewBrowser(t, c)
	id := c.Order(
		"cliente1",
		c.NewPurchase("cliente1", kit.PayingWith(map[string]any{"metodo": "efectivo"})),
	).ID
	c.Await("cliente1", id, "pago_pendiente")
	if res := apretar(n, "/dev/mercadopago/", "Pagar"); res.StatusCode != http.StatusSeeOther ||
		res.Header.Get("Location") != "/dev/mercadopago/" {
		t.Fatalf("%d %s", res.StatusCode, res.Header.Get("Location"))
	}
	c.Await("cliente1", id, "confirmado")
	if _, pagina := n.Visit("GET", "/dev/mercadopago/", ""); strings.Contains(pagina, `value="pagar"`) {
		t.Error("what is decided can be decided again")
	}
	orden := c.Ledger()[0].ID
	for nombre, x := range map[string]struct {
		cuerpo, origen string
		status         int
	}{"another site": {cuerpo: "que=vencer", origen: "https://mal.example", status: 403},
		"no such deed": {cuerpo: "que=regalar", origen: c.URL, status: 400}} {
		res, _ := n.Visit(
			"POST",
			"/dev/mercadopago/_pagina/"+orden,
			x.cuerpo,
			"Origin: "+x.origen,
		)
		if res.StatusCode != x.status {
			t.Errorf("%s: %d", nombre, res.StatusCode)
		}
	}
}
