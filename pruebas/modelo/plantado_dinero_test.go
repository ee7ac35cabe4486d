package modelo

// deDinero are faults of money, refunds and prices.
var deDinero = map[string]plantada{
	"a cancelled order keeps money": {
		regla: "dinero",
		dice:  "has kept 1000",
		falla: func(l *libros) {
			l.ordenesDePago = append(
				l.ordenesDePago,
				ordenDePago{ID: "g-c", Referencia: referencia(cancelada, 1),
					Estado: "processed", Cobrado: 1000},
			)
		},
	},
	"a failed intento keeps money": {
		regla: "dinero",
		dice:  "has kept 1000",
		falla: func(l *libros) {
			l.ordenesDePago[1].Cobrado = 1000
		},
	},
	"money of two intentos": {regla: "dinero", dice: "2 intentos", falla: func(l *libros) {
		l.ordenesDePago[1].Cobrado = 1000
	}},
	"an intento charged twice": {
		regla: "dinero",
		dice:  "charged 2 times",
		falla: func(l *libros) {
			l.ordenesDePago = append(l.ordenesDePago, l.ordenesDePago[2])
		},
	},
	"less than the total was taken": {
		regla: "dinero",
		dice:  "has taken 100",
		falla: func(l *libros) {
			l.ordenesDePago[2].Cobrado = 100
		},
	},
	"a reservation is left": {
		regla: "dinero",
		dice:  "still waits or holds",
		falla: func(l *libros) {
			l.ordenesDePago[1].Estado = "action_required"
		},
	},
	"money of no order": {regla: "dinero", dice: "is none", falla: func(l *libros) {
		l.ordenesDePago[2].Referencia = "otro-1"
	}},
	"a refund that was refused for good is no fault": {falla: func(l *libros) {
		l.ordenesDePago = append(
			l.ordenesDePago,
			ordenDePago{ID: "g-c", Referencia: referencia(cancelada, 1),
				Estado: "processed", Cobrado: 1000},
		)
		l.cobros = append(
			l.cobros,
			cobro{ID: "c-c", Pedido: cancelada, Intento: 1, Estado: "cobrado", Orden: "g-c",
				Monto: 1000, Cobrado: 1000},
		)
		l.reembolsos = append(
			l.reembolsos,
			reembolsoCobro{Cobro: "c-c", ID: "x", Estado: "fallido", Monto: 1000},
		)
	}},
	"an order that knows no refund": {
		regla: "anotado",
		dice:  "says that 0 was given back",
		falla: func(l *libros) {
			l.pedidos[entregada].Doc.Pago.Reembolsado = 0
		},
	},
	"an order that says another charge": {
		regla: "anotado",
		dice:  "says that 1 was charged",
		falla: func(l *libros) {
			l.pedidos[confirmada].Doc.Pago.Cobrado = 1
		},
	},
	"a refund at the panel is not heard of": {
		regla: "avisado",
		dice:  "has not heard",
		falla: func(l *libros) {
			a := &l.ordenesDePago[2]
			a.Reembolsado = 100
			a.Reembolsos = map[string]int64{
				"REF2": 100,
			}
			l.panel = map[string]bool{
				"REF2": true,
			}
		},
	},
	"a refund of nobody": {
		regla: "cobros",
		dice:  "the gateway 1000 and 100",
		falla: func(l *libros) {
			a := &l.ordenesDePago[2]
			a.Reembolsado, a.Reembolsos = 100, map[string]int64{"REF2": 100}
		},
	},
	"pagos knows less than the gateway": {
		regla: "cobros",
		dice:  "pagos says",
		falla: func(l *libros) {
			l.cobros[0].Reembolsado = 0
		},
	},
	"pagos does not know a charge": {
		regla: "cobros",
		dice:  "does not know",
		falla: func(l *libros) {
			l.cobros = l.cobros[:2]
		},
	},
	"two charges of an intento": {regla: "cobros", dice: "two charges", falla: func(l *libros) {
		l.cobros = append(l.cobros, l.cobros[0])
	}},
	"a refund that the gateway lacks": {
		regla: "reembolsos",
		dice:  "the gateway has 0",
		falla: func(l *libros) {
			l.ordenesDePago[0].Reembolsos = nil
		},
	},
	"a refund of another amount": {
		regla: "reembolsos",
		dice:  "the gateway has 400",
		falla: func(l *libros) {
			l.ordenesDePago[0].Reembolsos = map[string]int64{"REF1": 400}
		},
	},
	"a refund counted twice": {
		regla: "reembolsos",
		dice:  "refunds of 900 were made",
		falla: func(l *libros) {
			r := l.reembolsos[0]
			r.ID, r.Ajeno = "r-2", ""
			l.reembolsos = append(l.reembolsos, r)
		},
	},
	"a refund noted twice": {regla: "reembolsos", dice: "twice", falla: func(l *libros) {
		d := &l.pedidos[entregada].Doc
		d.Reembolsos = append(d.Reembolsos, d.Reembolsos[0])
	}},
	"a refund called made": {
		regla: "reembolsos",
		dice:  "is called made",
		falla: func(l *libros) {
			l.reembolsos[0].Estado = "fallido"
		},
	},
	"a return without its money": {
		regla: "reembolsos",
		dice:  "was not asked for",
		falla: func(l *libros) {
			l.pedidos[entregada].Doc.Reembolsos = nil
		},
	},
	"a retry at another price": {
		regla: "precio",
		dice:  "was shown 900 for intento 2",
		falla: func(l *libros) {
			l.dichos[confirmada].Totales[2] = 900
		},
	},
	"a creation at another price": {
		regla: "precio",
		dice:  "was taken at 900",
		falla: func(l *libros) {
			l.dichos[entregada].Total = 900
		},
	},
	"asked for more than it costs": {
		regla: "precio",
		dice:  "costs 1000",
		falla: func(l *libros) {
			l.cobros[0].Monto = 1100
		},
	},
	"a guard is missing at the retry": {
		regla: "lentos",
		dice:  "has 2 orders",
		falla: func(l *libros) {
			o := l.pedidos[confirmada]
			o.Doc.Eventos = historia("preprocesar", "esperar_pago", "autorizar")
		},
	},
}
