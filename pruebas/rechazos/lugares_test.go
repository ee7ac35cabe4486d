package rechazos_test

import (
	"testing"

	"despensa/pruebas/kit"
)

// TestPlacesThatNoTruckReaches: an address may be kept anywhere. The quote says that no truck delivers there, and an
// order or a retry is refused at the call, so that no intento is lost.
func TestPlacesThatNoTruckReaches(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	compra := c.NewPurchase("cliente1", kit.PayingWith(c.WithCard("FUND")))
	fallido := c.Order("cliente1", compra)
	c.Await("cliente1", fallido.ID, "fallido")
	for nombre, lugar := range map[string]kit.Body{
		"a telephone that does not know where it is": {"calle": "Gurruchaga 500", "lat": 0, "lon": 0},
		"Córdoba":       {"calle": "Bv. San Juan 100", "lat": -31.42, "lon": -64.19},
		"the antipodes": {"calle": "Gurruchaga 500", "lat": 34.6, "lon": 121.5},
	} {
		var d struct {
			ID string `json:"id"`
		}
		c.Must("cliente1", "POST", "/clientes/yo/direcciones", lugar, &d)
		var q struct {
			Fuera    bool  `json:"fuera_de_area"`
			Ventanas []any `json:"ventanas"`
		}
		c.Must(
			"cliente1",
			"POST",
			"/pedidos/cotizacion",
			kit.Body{"lineas": compra["lineas"], "direccion_id": d.ID},
			&q,
		)
		if !q.Fuera || len(q.Ventanas) != 0 {
			t.Errorf("%s: the quote says %+v", nombre, q)
		}
		pedir := compra.With("direccion_id", d.ID).With("pago", c.WithCard("APRO"))
		if code := c.Code("cliente1", "POST", "/pedidos", pedir); code != "fuera-de-area" {
			t.Errorf("%s: an order was answered %q", nombre, code)
		}
		code := c.Code(
			"operador",
			"POST",
			"/pedidos",
			pedir.With("cliente_id", fallido.ClienteID),
		)
		if code != "fuera-de-area" {
			t.Errorf("%s: an operator's order was answered %q", nombre, code)
		}
		retry := kit.Body{"direccion_id": d.ID, "pago": c.WithCard("APRO")}
		if code := c.Code("cliente1", "POST", "/pedidos/"+fallido.ID+"/reintento", retry); code != "fuera-de-area" {
			t.Errorf("%s: a retry was answered %q", nombre, code)
		}
	}
	if p := c.See("cliente1", fallido.ID); p.Estado != "fallido" || p.Intento != 1 {
		t.Errorf("the order is %s in its intento %d", p.Estado, p.Intento)
	}
	c.Must(
		"cliente1",
		"POST",
		"/pedidos/"+fallido.ID+"/reintento",
		kit.Body{"pago": c.WithCard("APRO")},
		nil,
	)
	c.Await("cliente1", fallido.ID, "confirmado")
}
