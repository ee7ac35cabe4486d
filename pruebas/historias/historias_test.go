package historias_test

import (
	"slices"
	"testing"
	"time"

	"despensa/internal/ajustes"
	"despensa/pruebas/kit"
)

// TestFromOrderToDoor: an order by credit and by debit card is paid, delivered and leaves books that agree.
func TestFromOrderToDoor(t *testing.T) {
	t.Parallel()
	for nombre, metodo := range map[string]string{"credit": "tarjeta_credito", "debit": "tarjeta_debito"} {
		t.Run(nombre, func(t *testing.T) {
			kit.Twice(t, func(c *kit.Program) {
				antes := c.Stock()
				pago := c.WithCard("APRO")
				if pago["metodo"] = metodo; metodo == "tarjeta_debito" {
					pago["marca"] = "debmaster"
				}
				p := c.Order("cliente1", c.NewPurchase("cliente1", kit.PayingWith(pago)))
				if p.Estado != "creado" || p.Intento != 1 || len(p.Acciones) != 1 {
					c.T.Errorf("answered %+v", p)
				}
				p = c.Deliver("cliente1", p.ID)
				quiere := "creado preprocesar autorizar aceptar confirmar despachar entregar"
				if es := kit.Steps(c.History("cliente1", p.ID)); es != quiere {
					c.T.Errorf("history %q, want %q", es, quiere)
				}
				if p.Pago.Cobrado != p.Total || p.Entrega == nil {
					c.T.Errorf("delivered as %+v", p)
				}
				c.Reconcile(antes)
			})
		})
	}
}

func TestCardRefusedMendedPaid(t *testing.T) {
	t.Parallel()
	kit.Twice(t, func(c *kit.Program) {
		antes := c.Stock()
		p := c.Order("cliente1", c.NewPurchase("cliente1", kit.PayingWith(c.WithCard("FUND"))))
		p = c.Await("cliente1", p.ID, "fallido")
		if p.Motivo != "pago-rechazado.sin-fondos" || p.Mensaje == "" {
			c.T.Errorf("failed for %q: %q", p.Motivo, p.Mensaje)
		}
		var r kit.Order
		c.Must(
			"cliente1",
			"POST",
			"/pedidos/"+p.ID+"/reintento",
			map[string]any{"pago": c.WithCard("APRO")},
			&r,
		)
		if r.Intento != 2 {
			c.T.Errorf("retry answers intento %d", r.Intento)
		}
		c.Deliver("cliente1", p.ID)
		c.Reconcile(antes)
	})
}

func TestSoldOutOtherLinesPaid(t *testing.T) {
	t.Parallel()
	kit.Twice(t, func(c *kit.Program) {
		escaso := c.NewProduct("Dulce escaso", 5)
		antes := c.Stock()
		p := c.Order(
			"cliente2",
			c.NewPurchase("cliente2", kit.Lines(kit.Line{Producto: escaso, Cantidad: 6})),
		)
		p = c.Await("cliente2", p.ID, "fallido")
		if p.Motivo != "sin-stock" {
			c.T.Errorf("failed for %q", p.Motivo)
		}
		otra := map[string]any{"lineas": []kit.Line{{Producto: escaso, Cantidad: 5},
			{Producto: c.DryProducts()[1].ID, Cantidad: 2}}}
		c.Must("cliente2", "POST", "/pedidos/"+p.ID+"/reintento", otra, nil)
		c.Deliver("cliente2", p.ID)
		c.Reconcile(antes)
		if n := c.Available(escaso); n != 0 {
			c.T.Errorf("%d are left", n)
		}
	})
}

// TestRetryTooLateForItsWindow: the window of the order has come too near for the new way to pay, or is over. The
// retry is refused, and the customer loses no intento.
func TestRetryTooLateForItsWindow(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	antes := c.Stock()
	ventana := func(k kit.Body) {
		// 11:00 to 15:00
		k["entrega"] = map[string]any{
			"desde": kit.Morning.Add(2 * time.Hour),
			"hasta": kit.Morning.Add(6 * time.Hour),
		}
	}
	p := c.Order(
		"cliente1",
		c.NewPurchase("cliente1", kit.PayingWith(c.WithCard("FUND")), ventana),
	)
	c.Await("cliente1", p.ID, "fallido")
	camino := "/pedidos/" + p.ID + "/reintento"
	cod := c.Code(
		"cliente1",
		"POST",
		camino,
		map[string]any{"pago": map[string]any{"metodo": "efectivo"}},
	)
	if cod != "ventana-invalida" {
		c.T.Errorf("a voucher for a window in two hours: %q", cod)
	}
	c.Clock.Advance(7 * time.Hour)
	if cod := c.Code("cliente1", "POST", camino, map[string]any{"pago": c.WithCard("APRO")}); cod != "ventana-invalida" {
		c.T.Errorf("a window that is over: %q", cod)
	}
	otra := map[string]any{
		"desde": kit.Morning.Add(22 * time.Hour),
		"hasta": kit.Morning.Add(26 * time.Hour),
	}
	var r kit.Order
	c.Must(
		"cliente1",
		"POST",
		camino,
		map[string]any{"pago": c.WithCard("APRO"), "entrega": otra},
		&r,
	)
	if r.Intento != 2 {
		c.T.Errorf("answered intento %d", r.Intento)
	}
	c.Await("cliente1", p.ID, "confirmado")
	c.Reconcile(antes)
}

// TestThreeRefusalsEndTheOrder: two refused retries after a refused order end it as rechazado, and a retry under way
// admits no second one.
func TestThreeRefusalsEndTheOrder(t *testing.T) {
	t.Parallel()
	kit.Twice(t, func(c *kit.Program) {
		antes := c.Stock()
		p := c.Order("cliente1", c.NewPurchase("cliente1", kit.PayingWith(c.WithCard("OTHE"))))
		for i, titular := range []string{"FUND", "SECU"} {
			c.Until(
				"it can be retried",
				func() bool { return slices.Contains(c.See("cliente1", p.ID).Acciones, "reintentar") },
			)
			c.Must(
				"cliente1",
				"POST",
				"/pedidos/"+p.ID+"/reintento",
				map[string]any{"pago": c.WithCard(titular)},
				&p,
			)
			if p.Intento != i+2 {
				c.T.Errorf("retry %d answers intento %d", i+1, p.Intento)
			}
			if c.Code("cliente1", "POST", "/pedidos/"+p.ID+"/reintento", map[string]any{}) == "" {
				c.T.Error("a second retry was taken")
			}
		}
		p = c.Await("cliente1", p.ID, "rechazado")
		if len(p.Acciones) != 0 {
			c.T.Errorf("a rejected order allows %v", p.Acciones)
		}
		c.Reconcile(antes)
	})
}

// TestPaymentPendingForLong: a slow payment is approved, declined or expires, and the program learns of it by webhook
// or by poll.
func TestPaymentPendingForLong(t *testing.T) {
	t.Parallel()
	perdidos := func(c *kit.Program) {
		err := c.Simulator(
			c.T.Context(),
			"POST",
			"/_control",
			map[string]any{"avisos": map[string]any{"perder": 1}},
			nil,
		)
		if err != nil {
			c.T.Fatal(err)
		}
	}
	t.Run("approved by webhook", func(t *testing.T) {
		kit.Twice(t, func(c *kit.Program) { pendiente(c, "pagar", "confirmado") },
			kit.WithSettings(func(k *ajustes.Configuracion) {
				k.Pagos.SondeoMin, k.Pagos.SondeoMax = time.Hour, time.Hour
			}))
	})
	t.Run("approved, found by poll", func(t *testing.T) {
		kit.Twice(t, func(c *kit.Program) { perdidos(c); pendiente(c, "pagar", "confirmado") })
	})
	t.Run("declined in the end", func(t *testing.T) {
		kit.Twice(t, func(c *kit.Program) { pendiente(c, "rechazar", "fallido") })
	})
	t.Run("expired at the gateway", func(t *testing.T) {
		kit.Twice(t, func(c *kit.Program) { perdidos(c); pendiente(c, "vencer", "fallido") })
	})
}

// pendiente orders with each slow method; then the gateway decides.
func pendiente(program *kit.Program, que, estado string) {
	antes := program.Stock()
	for _, pago := range []map[string]any{{"metodo": "efectivo"}, {"metodo": "transferencia"}, program.WithCard("CONT")} {
		p := program.Order("cliente1", program.NewPurchase("cliente1", kit.PayingWith(pago)))
		p = program.Await("cliente1", p.ID, "pago_pendiente")
		if pago["token"] == nil && p.Pago.Instrucciones == "" {
			program.T.Errorf("%v: nobody says where to pay", pago["metodo"])
		}
		for _, a := range program.Ledger() {
			if a.Referencia == p.ID+"-1" {
				if err := program.Simulator(program.T.Context(), "POST", "/_control/ordenes/"+a.ID+"/"+que, nil, nil); err != nil {
					program.T.Fatal(err)
				}
			}
		}
		program.Await("cliente1", p.ID, estado)
	}
	program.Reconcile(antes)
}

// TestFailedVisits: one failed visit delays the delivery, three bring goods and money back.
func TestFailedVisits(t *testing.T) {
	t.Parallel()
	t.Run("one, then delivered", func(t *testing.T) {
		kit.Twice(t, func(c *kit.Program) {
			antes := c.Stock()
			p := c.Order("cliente1", c.NewPurchase("cliente1"))
			fallarVisita(c.Client, p.ID)
			c.Deliver("cliente1", p.ID)
			c.Reconcile(antes)
		})
	})
	t.Run("three, money and goods come back", func(t *testing.T) {
		kit.Twice(t, func(c *kit.Program) {
			antes := c.Stock()
			p := c.Order("cliente1", c.NewPurchase("cliente1"))
			for range 3 {
				fallarVisita(c.Client, p.ID)
			}
			p = c.Await("cliente1", p.ID, "devuelto")
			if p.Motivo != "entrega-fallida" || p.Mensaje == "" {
				c.T.Errorf("came back for %q", p.Motivo)
			}
			c.Reconcile(antes)
		})
	})
}

// fallarVisita sends the truck, and the driver reports that the door stayed closed.
func fallarVisita(client *kit.Client, id string) {
	client.T.Helper()
	client.Await("operador", id, "confirmado")
	v := client.VisitOf(id)
	client.Depart(v)
	client.Await("operador", id, "en_reparto")
	client.Arrive(v, "nadie abrió")
	client.Until(
		"the order leaves en_reparto",
		func() bool { return client.See("operador", id).Estado != "en_reparto" },
	)
}

func TestRefunds(t *testing.T) {
	t.Parallel()
	kit.Twice(t, func(c *kit.Program) {
		antes := c.Stock()
		p := c.Order("cliente1", c.NewPurchase("cliente1"))
		p = c.Deliver("cliente1", p.ID)
		camino := "/pedidos/" + p.ID + "/reembolsos"
		c.Must(
			"operador",
			"POST",
			camino,
			map[string]any{"monto_centavos": 100, "motivo": "faltó pan"},
			nil,
		)
		c.Must(
			"operador",
			"POST",
			camino,
			map[string]any{"monto_centavos": 250, "motivo": "pan duro"},
			nil,
		)
		c.Until(
			"both are given back",
			func() bool { return c.See("cliente1", p.ID).Pago.Reembolsado == 350 },
		)
		cod := c.Code(
			"operador",
			"POST",
			camino,
			map[string]any{"monto_centavos": p.Total, "motivo": "todo"},
		)
		if cod != "monto-excesivo" {
			c.T.Errorf("more than there is: %q", cod)
		}
		c.Reconcile(antes)
	})
}
