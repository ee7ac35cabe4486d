package promesas_test

import (
	"slices"

	"despensa/pruebas/kit"
)

func startPaidByCard(program *kit.Program) string {
	return program.Order("cliente1", program.NewPurchase("cliente1")).ID
}

// startWithProduct orders one unit of the n-th dry product.
func startWithProduct(n int) func(*kit.Program) string {
	return func(c *kit.Program) string {
		return c.Order(
			"cliente1",
			c.NewPurchase(
				"cliente1",
				kit.Lines(kit.Line{Producto: c.DryProducts()[n].ID, Cantidad: 1}),
			),
		).ID
	}
}

func startConfirmed(program *kit.Program) string {
	return program.Await("cliente1", startPaidByCard(program), "confirmado").ID
}

func startReturnAsked(program *kit.Program) string {
	p, a, _ := program.Delivered()
	program.Return("cliente1", p.ID, []kit.Line{{Producto: a.Producto, Cantidad: 3}})
	return p.ID
}

func startReturned(program *kit.Program) string {
	p, a, b := program.Delivered()
	program.Return("operador", p.ID, []kit.Line{a, b})
	program.AwaitRefunded(p.ID, p.Total)
	return program.Await("cliente1", p.ID, "devuelto").ID
}

func startDeparted(program *kit.Program) string {
	id := startConfirmed(program)
	program.Depart(program.VisitOf(id))
	return program.Await("cliente1", id, "en_reparto").ID
}

func startRefused(program *kit.Program) string {
	p := program.Order(
		"cliente1",
		program.NewPurchase("cliente1", kit.PayingWith(program.WithCard("FUND"))),
	)
	program.Await("cliente1", p.ID, "fallido")
	waitForRetry(program, p.ID)
	return p.ID
}

func startRejected(program *kit.Program) string {
	id := startRefused(program)
	for range 2 {
		waitForRetry(program, id)
		retryWith(program, id, "FUND")
	}
	return program.Await("cliente1", id, "rechazado").ID
}

func startCancelled(program *kit.Program) string {
	id := startConfirmed(program)
	program.Must("cliente1", "POST", "/pedidos/"+id+"/cancelacion", preparedCancel, nil)
	return program.Await("cliente1", id, "cancelado").ID
}

func startVoucher(program *kit.Program) string {
	p := program.Order(
		"cliente1",
		program.NewPurchase("cliente1", kit.PayingWith(map[string]any{"metodo": "efectivo"})),
	)
	return program.Await("cliente1", p.ID, "pago_pendiente").ID
}

func startRefunded(program *kit.Program) string {
	id := startRefundAsked(program)
	program.AwaitRefunded(id, preparedRefund)
	return id
}

func startRefundAsked(program *kit.Program) string {
	id := startConfirmed(program)
	program.Must("operador", "POST", "/pedidos/"+id+"/reembolsos",
		map[string]any{"monto_centavos": preparedRefund, "motivo": "faltó pan"}, nil)
	return id
}

// startCancelNoted asks for a cancel that gets no answer before the cut.
func startCancelNoted(program *kit.Program) string {
	id := startConfirmed(program)
	cliente := program.As("cliente1")
	go func() {
		_ = cliente.Do(
			program.T.Context(),
			"POST",
			"/pedidos/"+id+"/cancelacion",
			preparedCancel,
			nil,
		)
	}()
	return id
}

const preparedRefund = 1000 // centavos

var preparedCancel = map[string]any{"motivo": "me arrepentí"}

func waitForRetry(program *kit.Program, id string) {
	program.Until("the order can be retried", func() bool {
		return slices.Contains(program.See("cliente1", id).Acciones, "reintentar")
	})
}

func retryWith(program *kit.Program, id, titular string) {
	program.Must(
		"cliente1",
		"POST",
		"/pedidos/"+id+"/reintento",
		map[string]any{"pago": program.WithCard(titular)},
		nil,
	)
}

// goOnNothing checks that an order that is over stays in estado.
func goOnNothing(estado string) func(*kit.Program, string) {
	return func(c *kit.Program, id string) { c.Await("cliente1", id, estado) }
}

func goOnConfirmed(
	program *kit.Program,
	id string,
) {
	program.Await("cliente1", id, "confirmado")
}

func goOnRetried(program *kit.Program, id string) {
	retryWith(program, id, "APRO")
	goOnConfirmed(program, id)
}

// goOnVoucherPaid pays the voucher at the gateway, as a customer at a shop's counter would.
func goOnVoucherPaid(program *kit.Program, id string) {
	kit.Decides("pagar")(program, id)
	goOnConfirmed(program, id)
}

func goOnDeparted(program *kit.Program, id string) { program.Deliver("cliente1", id) }

func goOnDelivered(program *kit.Program, id string) {
	program.Arrive(program.VisitOf(id), "")
	program.Await("cliente1", id, "entregado")
}

// goOnReturnAsked accepts, as the operator, the return that the customer asked for.
func goOnReturnAsked(program *kit.Program, id string) {
	ds := kit.All[kit.Return](program.Client, "operador", "/pedidos/"+id+"/devoluciones")
	if len(ds) != 1 || ds[0].Estado != "pedida" || ds[0].Monto == 0 {
		program.T.Fatalf("the return under way is %+v", ds)
	}
	program.AwaitRefunded(id, program.AcceptReturn(id, ds[0]).Monto)
}

func goOnRefunded(program *kit.Program, id string) { program.AwaitRefunded(id, preparedRefund) }

// goOnAllBack waits for the end of a cancel: the order's whole total is given back.
func goOnAllBack(program *kit.Program, id string) {
	p := program.Await("cliente1", id, "cancelado")
	program.AwaitRefunded(id, p.Total)
}
