package promesas_test

import (
	"slices"

	"despensa/pruebas/kit"
)

func startPaidByCard(c *kit.Program) string { return c.Order("cliente1", c.NewPurchase("cliente1")).ID }

// startWithProduct orders one unit of the n-th dry product.
func startWithProduct(n int) func(*kit.Program) string {
	return func(c *kit.Program) string {
		return c.Order("cliente1",
			c.NewPurchase("cliente1", kit.Lines(kit.Line{Producto: c.DryProducts()[n].ID, Cantidad: 1}))).ID
	}
}

func startConfirmed(c *kit.Program) string {
	return c.Await("cliente1", startPaidByCard(c), "confirmado").ID
}

func startReturnAsked(c *kit.Program) string {
	p, a, _ := c.Delivered()
	c.Return("cliente1", p.ID, []kit.Line{{Producto: a.Producto, Cantidad: 3}})
	return p.ID
}

func startReturned(c *kit.Program) string {
	p, a, b := c.Delivered()
	c.Return("operador", p.ID, []kit.Line{a, b})
	c.AwaitRefunded(p.ID, p.Total)
	return c.Await("cliente1", p.ID, "devuelto").ID
}

func startDeparted(c *kit.Program) string {
	id := startConfirmed(c)
	c.Depart(c.VisitOf(id))
	return c.Await("cliente1", id, "en_reparto").ID
}

func startRefused(c *kit.Program) string {
	p := c.Order("cliente1", c.NewPurchase("cliente1", kit.PayingWith(c.WithCard("FUND"))))
	c.Await("cliente1", p.ID, "fallido")
	waitForRetry(c, p.ID)
	return p.ID
}

func startRejected(c *kit.Program) string {
	id := startRefused(c)
	for range 2 {
		waitForRetry(c, id)
		retryWith(c, id, "FUND")
	}
	return c.Await("cliente1", id, "rechazado").ID
}

func startCancelled(c *kit.Program) string {
	id := startConfirmed(c)
	c.Must("cliente1", "POST", "/pedidos/"+id+"/cancelacion", preparedCancel, nil)
	return c.Await("cliente1", id, "cancelado").ID
}

func startVoucher(c *kit.Program) string {
	p := c.Order("cliente1", c.NewPurchase("cliente1", kit.PayingWith(map[string]any{"metodo": "efectivo"})))
	return c.Await("cliente1", p.ID, "pago_pendiente").ID
}

func startRefunded(c *kit.Program) string {
	id := startRefundAsked(c)
	c.AwaitRefunded(id, preparedRefund)
	return id
}

func startRefundAsked(c *kit.Program) string {
	id := startConfirmed(c)
	c.Must("operador", "POST", "/pedidos/"+id+"/reembolsos",
		map[string]any{"monto_centavos": preparedRefund, "motivo": "faltó pan"}, nil)
	return id
}

// startCancelNoted asks for a cancel that gets no answer before the cut.
func startCancelNoted(c *kit.Program) string {
	id := startConfirmed(c)
	cliente := c.As("cliente1")
	go func() {
		_ = cliente.Do(c.T.Context(), "POST", "/pedidos/"+id+"/cancelacion", preparedCancel, nil)
	}()
	return id
}

const preparedRefund = 1000 // centavos

var preparedCancel = map[string]any{"motivo": "me arrepentí"}

func waitForRetry(c *kit.Program, id string) {
	c.Until("the order can be retried", func() bool {
		return slices.Contains(c.See("cliente1", id).Acciones, "reintentar")
	})
}

func retryWith(c *kit.Program, id, titular string) {
	c.Must("cliente1", "POST", "/pedidos/"+id+"/reintento", map[string]any{"pago": c.WithCard(titular)}, nil)
}

// goOnNothing checks that an order that is over stays in estado.
func goOnNothing(estado string) func(*kit.Program, string) {
	return func(c *kit.Program, id string) { c.Await("cliente1", id, estado) }
}

func goOnConfirmed(c *kit.Program, id string) { c.Await("cliente1", id, "confirmado") }

func goOnRetried(c *kit.Program, id string) {
	retryWith(c, id, "APRO")
	goOnConfirmed(c, id)
}

// goOnVoucherPaid pays the voucher at the gateway, as a customer at a shop's counter would.
func goOnVoucherPaid(c *kit.Program, id string) {
	kit.Decides("pagar")(c, id)
	goOnConfirmed(c, id)
}

func goOnDeparted(c *kit.Program, id string) { c.Deliver("cliente1", id) }

func goOnDelivered(c *kit.Program, id string) {
	c.Arrive(c.VisitOf(id), "")
	c.Await("cliente1", id, "entregado")
}

// goOnReturnAsked accepts, as the operator, the return that the customer asked for.
func goOnReturnAsked(c *kit.Program, id string) {
	ds := kit.All[kit.Return](c.Client, "operador", "/pedidos/"+id+"/devoluciones")
	if len(ds) != 1 || ds[0].Estado != "pedida" || ds[0].Monto == 0 {
		c.T.Fatalf("the return under way is %+v", ds)
	}
	c.AwaitRefunded(id, c.AcceptReturn(id, ds[0]).Monto)
}

func goOnRefunded(c *kit.Program, id string) { c.AwaitRefunded(id, preparedRefund) }

// goOnAllBack waits for the end of a cancel: the order's whole total is given back.
func goOnAllBack(c *kit.Program, id string) {
	p := c.Await("cliente1", id, "cancelado")
	c.AwaitRefunded(id, p.Total)
}
