package historias_test

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"despensa/pruebas/kit"
)

// panel posts que, a refund or a chargeback, for an order's payment at the gateway's own panel.
func panel(program *kit.Program, id, que string) {
	program.T.Helper()
	path := "/_control/ordenes/" + program.InLedger(id).ID + "/" + que
	if err := program.Simulator(program.T.Context(), "POST", path, nil, nil); err != nil {
		program.T.Fatal(err)
	}
}

// loseNotices makes the gateway send no webhook any more.
func loseNotices(program *kit.Program) {
	program.Simulate(map[string]any{"avisos": map[string]any{"perder": 1}})
}

// TestRefundOfAllThatIsLeft (A5): the program reads at the gateway how much is left; the 201 names no amount.
func TestRefundOfAllThatIsLeft(t *testing.T) {
	t.Parallel()
	kit.Twice(t, func(c *kit.Program) {
		loseNotices(c)
		p := c.Order("cliente1", c.NewPurchase("cliente1"))
		p = c.Deliver("cliente1", p.ID)
		panel(c, p.ID, "devolver?monto=1000.00")
		var r kit.Refund
		camino := "/pedidos/" + p.ID + "/reembolsos"
		c.Must("operador", "POST", camino, map[string]any{"motivo": "pan duro"}, &r)
		if r.Monto != nil || r.Estado != "pedido" {
			c.T.Errorf("the 201 says %+v", r)
		}
		c.AwaitRefunded(p.ID, p.Total)
		rs := kit.All[kit.Refund](c.Client, "operador", camino)
		if len(rs) != 1 || rs[0].Estado != "hecho" || rs[0].Monto == nil ||
			*rs[0].Monto != p.Total-100_000 {
			c.T.Errorf("the refund: %+v", rs)
		}
		if a := c.InLedger(p.ID); a.Reembolsado != p.Total {
			c.T.Errorf("the gateway gave %d back", a.Reembolsado)
		}
		c.Reconcile(nil)
	})
}

// TestRefusedForGood (A6): a refund, and the money of an accepted return, that the gateway refuses for good.
func TestRefusedForGood(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	p, a, _ := c.Delivered()
	negada := falla{"clase": "negada", "accion": "reembolsar", "valor": "cannot_refund_order"}
	c.Simulate(map[string]any{"fallas": []falla{negada}})
	c.Must("operador", "POST", "/pedidos/"+p.ID+"/reembolsos",
		map[string]any{"monto_centavos": 500, "motivo": "pan duro"}, nil)
	c.Return("operador", p.ID, []kit.Line{a})
	c.Until(
		"both are refused",
		func() bool { return len(rechazados(c.See("cliente1", p.ID))) == 2 },
	)
	p = c.See("cliente1", p.ID)
	if !slices.Equal(p.Marcas, []string{"reembolso-rechazado"}) || p.Estado != "entregado" ||
		p.Pago.Reembolsado != 0 {
		t.Errorf("the order: %+v", p)
	}
	ds := kit.All[kit.Return](c.Client, "cliente1", "/pedidos/"+p.ID+"/devoluciones")
	if len(ds) != 1 || ds[0].Reembolso == nil || ds[0].Reembolso.Estado != "rechazado" ||
		ds[0].Reembolso.Rechazo != "no-reembolsable" {
		t.Errorf("the return: %+v", ds)
	}
	if h := kit.Steps(c.History("cliente1", p.ID)); strings.Count(h, "reembolso_rechazado") != 2 ||
		strings.Contains(h, "absorbido") {
		t.Errorf("the history: %s", h)
	}
	if n := c.Metric("despensa_pedidos_marcas_total"); n != 1 {
		t.Errorf("counted %v marks", n)
	}
	c.Reconcile(nil)
}

func rechazados(order kit.Order) (rs []kit.Refund) {
	for _, r := range order.Reembolsos {
		if r.Estado == "rechazado" {
			rs = append(rs, r)
		}
	}
	return rs
}

// TestCancelledAndRefusedForGood: a cancel undoes stock and truck, and the gateway refuses the refund for good; it is
// refunded at the panel.
func TestCancelledAndRefusedForGood(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	antes := c.Stock()
	p := c.Order("cliente1", c.NewPurchase("cliente1"))
	c.Await("cliente1", p.ID, "confirmado")
	negada := falla{"clase": "negada", "accion": "reembolsar", "valor": "cannot_refund_order"}
	c.Simulate(map[string]any{"fallas": []falla{negada}})
	c.Must(
		"cliente1",
		"POST",
		"/pedidos/"+p.ID+"/cancelacion",
		map[string]any{"motivo": "me arrepentí"},
		nil,
	)
	c.Until(
		"it is refused",
		func() bool { return len(rechazados(c.See("cliente1", p.ID))) == 1 },
	)
	p = c.See("cliente1", p.ID)
	if r := rechazados(p)[0]; r.Monto == nil || *r.Monto != p.Total ||
		!strings.Contains(p.Mensaje, "no nos permitió") {
		t.Errorf("%+v, %q", r, p.Mensaje)
	}
	c.Reconcile(antes) // stock and truck are free; the order says how much is owed
	c.Simulate(map[string]any{"fallas": []falla{}})
	panel(c, p.ID, "devolver")
	c.AwaitRefunded(p.ID, p.Total)
	c.Reconcile(antes)
}

// TestMoneyAtThePanel (A8): refunds at the panel before and after the departure, and a chargeback.
func TestMoneyAtThePanel(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		que    func(p kit.Order) string
		en     string // the estado of the order at the refund
		fin    string
		motivo string
		marcas []string
	}{
		"all, confirmed": {
			que:    todo,
			en:     "confirmado",
			fin:    "cancelado",
			motivo: "dinero-devuelto",
		},
		"half, confirmed": {que: func(p kit.Order) string {
			return "devolver?monto=" + strconv.FormatInt(p.Total/200, 10) + ".00"
		},
			en: "confirmado", fin: "entregado"},
		"all, on its way": {
			que:    todo,
			en:     "en_reparto",
			fin:    "entregado",
			marcas: []string{"dinero-devuelto"},
		},
		"all, delivered": {
			que:    todo,
			en:     "entregado",
			fin:    "entregado",
			marcas: []string{"dinero-devuelto"},
		},
		"a chargeback": {
			que:    func(kit.Order) string { return "contracargo" },
			en:     "confirmado",
			fin:    "entregado",
			marcas: []string{"contracargo"},
		},
	}
	c := kit.Start(t)
	antes := c.Stock()
	for _, nombre := range slices.Sorted(maps.Keys(tests)) {
		tt := tests[nombre]
		p := c.Order("cliente1", c.NewPurchase("cliente1"))
		p = c.Await("cliente1", p.ID, "confirmado")
		v := c.VisitOf(p.ID)
		if tt.en != "confirmado" {
			c.Depart(v)
			c.Await("cliente1", p.ID, "en_reparto")
		}
		if tt.en == "entregado" {
			c.Arrive(v, "")
			c.Await("cliente1", p.ID, "entregado")
		}
		panel(c, p.ID, tt.que(p))
		c.Until(nombre+": it is told", func() bool {
			q := c.See("cliente1", p.ID)
			return q.Pago.Reembolsado > 0 || len(q.Marcas) > 0
		})
		if tt.en == "confirmado" && tt.fin == "entregado" {
			c.Depart(v)
		}
		if tt.en != "entregado" && tt.fin == "entregado" {
			c.Await("cliente1", p.ID, "en_reparto")
			c.Arrive(v, "")
		}
		p = c.Await("cliente1", p.ID, tt.fin)
		if p.Motivo != tt.motivo || !slices.Equal(p.Marcas, tt.marcas) {
			t.Errorf("%s: motivo %q, marks %v", nombre, p.Motivo, p.Marcas)
		}
	}
	c.Reconcile(antes)
}

func todo(kit.Order) string { return "devolver" }

// TestTheLookBeforeADeparture (A8): no notice came, and the truck leaves without the order that was refunded at the
// panel.
func TestTheLookBeforeADeparture(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	antes := c.Stock()
	loseNotices(c)
	p := c.Order("cliente1", c.NewPurchase("cliente1"))
	c.Await("cliente1", p.ID, "confirmado")
	v := c.VisitOf(p.ID)
	panel(c, p.ID, "devolver")
	cod := c.Code(
		"gestor",
		"POST",
		"/camiones/"+v.CamionID+"/salida",
		map[string]any{"turno_id": v.TurnoID},
	)
	if cod != "nada-que-llevar" {
		t.Errorf("it left: %q", cod)
	}
	if p = c.Await("cliente1", p.ID, "cancelado"); p.Motivo != "dinero-devuelto" {
		t.Errorf("cancelled for %q", p.Motivo)
	}
	c.Reconcile(antes)
}
