package historias_test

import (
	"errors"
	"testing"

	"despensa/internal/apiclient"
	"despensa/pruebas/kit"
)

// TestARetryAtAPriceThatWasSeen: an order fails, and the price rises. With the total that the customer saw the retry
// is answered 409 and the new quote; with the new total exactly that total is charged.
func TestARetryAtAPriceThatWasSeen(t *testing.T) {
	t.Parallel()
	kit.Twice(t, func(c *kit.Program) {
		producto := c.NewProduct("Aceite de oliva", 50)
		lineas := []kit.Line{{Producto: producto, Cantidad: 2}}
		p := c.Order(
			"cliente1",
			c.NewPurchase("cliente1", kit.Lines(lineas...), kit.PayingWith(c.WithCard("FUND"))),
		)
		c.Await("cliente1", p.ID, "fallido")
		var antes struct {
			Precio int64 `json:"precio_centavos"`
		}
		c.Must("cliente1", "GET", "/productos/"+producto, nil, &antes)
		c.Must(
			"admin",
			"PATCH",
			"/productos/"+producto,
			kit.Body{"precio_centavos": antes.Precio + 20_000},
			nil,
			apiclient.WithHeader("If-Match", "*"),
		)

		camino := "/pedidos/" + p.ID + "/reintento"
		mejora := kit.Body{
			"lineas":         lineas,
			"pago":           c.WithCard("APRO"),
			"total_centavos": p.Total,
		}
		err := c.As("cliente1").Do(t.Context(), "POST", camino, mejora, nil)
		if problema := (*apiclient.Problema)(nil); !errors.As(err, &problema) ||
			problema.Status != 409 ||
			apiclient.Code(err) != "precio-cambiado" {
			t.Fatalf("the old total was answered %v", err)
		}
		if v := c.See("cliente1", p.ID); v.Estado != "fallido" || v.Intento != 1 {
			t.Errorf("refused, the order is %s in its intento %d", v.Estado, v.Intento)
		}
		c.Must("cliente1", "POST", camino, mejora.With("total_centavos", p.Total+40_000), nil)
		v := c.Await("cliente1", p.ID, "confirmado")
		a := segundo(c, p.ID)
		if v.Total != p.Total+40_000 || a.Cobrado != v.Total {
			t.Errorf(
				"it costs %d, charged are %d, seen were %d",
				v.Total,
				a.Cobrado,
				p.Total+40_000,
			)
		}
	})
}

// segundo is the gateway's row of an order's second intento.
func segundo(program *kit.Program, id string) kit.LedgerEntry {
	program.T.Helper()
	for _, a := range program.Ledger() {
		if a.Referencia == id+"-2" {
			return a
		}
	}
	program.T.Fatalf("the gateway does not know the second intento of %s", id)
	return kit.LedgerEntry{}
}

// TestARetryAsItWasKeepsItsPrice: lines that a retry does not change keep their price.
func TestARetryAsItWasKeepsItsPrice(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	producto := c.NewProduct("Aceite de oliva", 50)
	lineas := kit.Lines(kit.Line{Producto: producto, Cantidad: 2})
	p := c.Order(
		"cliente1",
		c.NewPurchase("cliente1", lineas, kit.PayingWith(c.WithCard("FUND"))),
	)
	c.Await("cliente1", p.ID, "fallido")
	c.Must("admin", "PATCH", "/productos/"+producto, kit.Body{"precio_centavos": 9_999_00}, nil,
		apiclient.WithHeader("If-Match", "*"))
	c.Must("cliente1", "POST", "/pedidos/"+p.ID+"/reintento",
		kit.Body{"pago": c.WithCard("APRO"), "total_centavos": p.Total}, nil)
	if v := c.Await("cliente1", p.ID, "confirmado"); v.Total != p.Total {
		t.Errorf("it costs %d, and cost %d", v.Total, p.Total)
	}
}
