package modelo

// deDinero: money, refunds and prices.
var deDinero = map[string]plantada{
	"a cancelled order keeps money": {"dinero", "has kept 1000", func(l *libros) {
		l.asientos = append(l.asientos, asiento{ID: "g-c", Referencia: referencia(cancelada, 1),
			Estado: "processed", Cobrado: 1000})
	}},
	"a failed intento keeps money": {"dinero", "has kept 1000", func(l *libros) {
		l.asientos[1].Cobrado = 1000
	}},
	"money of two intentos": {"dinero", "2 intentos", func(l *libros) {
		l.asientos[1].Cobrado = 1000
	}},
	"an intento charged twice": {"dinero", "charged 2 times", func(l *libros) {
		l.asientos = append(l.asientos, l.asientos[2])
	}},
	"less than the total was taken": {"dinero", "has taken 100", func(l *libros) {
		l.asientos[2].Cobrado = 100
	}},
	"a reservation is left": {"dinero", "still waits or holds", func(l *libros) {
		l.asientos[1].Estado = "action_required"
	}},
	"money of no order": {"dinero", "is none", func(l *libros) {
		l.asientos[2].Referencia = "otro-1"
	}},
	"a refund that was refused for good is no fault": {"", "", func(l *libros) {
		l.asientos = append(l.asientos, asiento{ID: "g-c", Referencia: referencia(cancelada, 1),
			Estado: "processed", Cobrado: 1000})
		l.cobros = append(l.cobros, cobro{ID: "c-c", Pedido: cancelada, Intento: 1, Estado: "cobrado", Orden: "g-c",
			Monto: 1000, Cobrado: 1000})
		l.reembolsos = append(l.reembolsos, reembolsoCobro{Cobro: "c-c", ID: "x", Estado: "fallido", Monto: 1000})
	}},
	"an order that knows no refund": {"anotado", "says that 0 was given back", func(l *libros) {
		l.pedidos[entregada].Doc.Pago.Reembolsado = 0
	}},
	"an order that says another charge": {"anotado", "says that 1 was charged", func(l *libros) {
		l.pedidos[confirmada].Doc.Pago.Cobrado = 1
	}},
	"a refund at the panel is not heard of": {"avisado", "has not heard", func(l *libros) {
		a := &l.asientos[2]
		a.Reembolsado, a.Reembolsos, l.panel = 100, map[string]int64{"REF2": 100}, map[string]bool{"REF2": true}
	}},
	"a refund of nobody": {"cobros", "the gateway 1000 and 100", func(l *libros) {
		a := &l.asientos[2]
		a.Reembolsado, a.Reembolsos = 100, map[string]int64{"REF2": 100}
	}},
	"pagos knows less than the gateway": {"cobros", "pagos says", func(l *libros) {
		l.cobros[0].Reembolsado = 0
	}},
	"pagos does not know a charge": {"cobros", "does not know", func(l *libros) {
		l.cobros = l.cobros[:2]
	}},
	"two charges of an intento": {"cobros", "two charges", func(l *libros) {
		l.cobros = append(l.cobros, l.cobros[0])
	}},
	"a refund that the gateway lacks": {"reembolsos", "the gateway has 0", func(l *libros) {
		l.asientos[0].Reembolsos = nil
	}},
	"a refund of another amount": {"reembolsos", "the gateway has 400", func(l *libros) {
		l.asientos[0].Reembolsos = map[string]int64{"REF1": 400}
	}},
	"a refund counted twice": {"reembolsos", "refunds of 900 were made", func(l *libros) {
		r := l.reembolsos[0]
		r.ID, r.Ajeno = "r-2", ""
		l.reembolsos = append(l.reembolsos, r)
	}},
	"a refund noted twice": {"reembolsos", "twice", func(l *libros) {
		d := &l.pedidos[entregada].Doc
		d.Reembolsos = append(d.Reembolsos, d.Reembolsos[0])
	}},
	"a refund called made": {"reembolsos", "is called made", func(l *libros) {
		l.reembolsos[0].Estado = "fallido"
	}},
	"a return without its money": {"reembolsos", "was not asked for", func(l *libros) {
		l.pedidos[entregada].Doc.Reembolsos = nil
	}},
	"a retry at another price": {"precio", "was shown 900 for intento 2", func(l *libros) {
		l.dichos[confirmada].Totales[2] = 900
	}},
	"a creation at another price": {"precio", "was taken at 900", func(l *libros) {
		l.dichos[entregada].Total = 900
	}},
	"asked for more than it costs": {"precio", "costs 1000", func(l *libros) {
		l.cobros[0].Monto = 1100
	}},
	"a guard is missing at the retry": {"lentos", "has 2 orders", func(l *libros) {
		o := l.pedidos[confirmada]
		o.Doc.Eventos = historia("preprocesar", "esperar_pago", "autorizar")
	}},
}
