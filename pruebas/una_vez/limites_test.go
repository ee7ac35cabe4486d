package una_vez_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"despensa/pruebas/kit"
)

// codigos counts the answers by their status and code.
func codigos(answeres []kit.Answer) map[string]int {
	out := map[string]int{}
	for _, r := range answeres {
		out[strings.TrimSpace(fmt.Sprint(r.Response.Status, " ", r.Code))]++
	}
	return out
}

// TestFortySlowOrdersOfOneCustomer: exactly three are taken, by whatever slow method; retries count as new orders do,
// and a cancelled order makes room.
func TestFortySlowOrdersOfOneCustomer(t *testing.T) {
	t.Parallel()
	kit.Twice(t, func(c *kit.Program) {
		fallido := c.Order(
			"cliente1",
			c.NewPurchase("cliente1", kit.PayingWith(c.WithCard("FUND"))),
		)
		c.Await("cliente1", fallido.ID, "fallido")
		compras := make([]kit.Body, 40)
		for i := range compras {
			metodo := []string{"efectivo", "transferencia"}[i%2]
			compras[i] = c.NewPurchase(
				"cliente1",
				kit.PayingWith(map[string]any{"metodo": metodo}),
			)
		}
		rs := kit.Together(
			len(compras),
			func(i int) kit.Answer { return c.Post("cliente1", "/pedidos", compras[i]) },
		)
		if got, want := codigos(rs), (map[string]int{"201": 3, "409 demasiados-pendientes": 37}); !maps.Equal(
			got,
			want,
		) {
			t.Fatalf("40 slow orders were answered %v, want %v", got, want)
		}
		lento := kit.Body{"pago": map[string]any{"metodo": "efectivo"}}
		reintento := "/pedidos/" + fallido.ID + "/reintento"
		if code := c.Code("cliente1", "POST", reintento, lento); code != "demasiados-pendientes" {
			t.Errorf("a retry as the fourth: %q", code)
		}
		c.Order(
			"cliente2",
			c.NewPurchase("cliente2", kit.PayingWith(map[string]any{"metodo": "efectivo"})),
		)
		for _, r := range rs {
			if r.Code == "" {
				c.Await("cliente1", r.ID, "pago_pendiente")
				c.Must(
					"cliente1",
					"POST",
					"/pedidos/"+r.ID+"/cancelacion",
					kit.Body{"motivo": "no"},
					nil,
				)
				break
			}
		}
		c.Must("cliente1", "POST", reintento, lento, nil)
		if r := c.Post("cliente1", "/pedidos", compras[0]); r.Code != "demasiados-pendientes" {
			t.Errorf("an order beside the retry: %d %q", r.Response.Status, r.Code)
		}
	})
}

// TestSixtyRefusedCards: of sixty refused cards five reach the gateway, at once or one after another. From then on
// cards of that customer are answered 429, also after a restart and on a retry, and other customers order on.
func TestSixtyRefusedCards(t *testing.T) {
	t.Parallel()
	kit.Twice(t, func(c *kit.Program) {
		compras := make([]kit.Body, 60)
		for i := range compras {
			compras[i] = c.NewPurchase("cliente1", kit.PayingWith(c.WithCard("FUND")))
		}
		var fallido string
		for _, r := range kit.Together(len(compras), func(i int) kit.Answer {
			return c.Post("cliente1", "/pedidos", compras[i])
		}) {
			if r.Code == "" {
				fallido = r.ID
				c.Await("cliente1", r.ID, "fallido")
			} else if r.Code != "demasiados-rechazos" {
				t.Errorf("an order was answered %d %s", r.Response.Status, r.Code)
			}
		}
		if n := len(c.Ledger()); n != 5 {
			t.Errorf("the gateway was asked for %d payments", n)
		}
		buena := kit.Body{"pago": c.WithCard("APRO")}
		noMas := func(cuando string) {
			r := c.Post(
				"cliente1",
				"/pedidos",
				c.NewPurchase("cliente1", kit.PayingWith(c.WithCard("APRO"))),
			)
			if r.Response.Status != 429 || r.Code != "demasiados-rechazos" {
				t.Errorf("%s: %d %q", cuando, r.Response.Status, r.Code)
			}
			if code := c.Code("cliente1", "POST", "/pedidos/"+fallido+"/reintento", buena); code != "demasiados-rechazos" {
				t.Errorf("a retry, %s: %q", cuando, code)
			}
		}
		noMas("at once")
		c.Reopen()
		noMas("after a restart")
		p := c.Order("cliente2", c.NewPurchase("cliente2", kit.PayingWith(c.WithCard("APRO"))))
		c.Await("cliente2", p.ID, "confirmado")
		c.Order(
			"cliente1",
			c.NewPurchase("cliente1", kit.PayingWith(map[string]any{"metodo": "efectivo"})),
		)
	})
}
