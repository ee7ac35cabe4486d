package modelo

import "slices"

// deHistoria are faults of histories, and work that never comes to rest.
var deHistoria = map[string]plantada{
	"an answer was wrong": {regla: "oido", dice: "500", falla: func(l *libros) {
		l.faltasAlOido = []falta{{Regla: "oido", Que: "500"}}
	}},
	"an event is missing": {regla: "maquina", dice: "has the number 4", falla: func(l *libros) {
		o := l.pedidos[confirmada]
		o.Doc.Eventos = slices.Delete(slices.Clone(o.Doc.Eventos), 2, 3)
	}},
	"a step that the machine lacks": {
		regla: "maquina",
		dice:  "despachar",
		falla: func(l *libros) {
			l.pedidos[confirmada].Doc.Eventos[6].Tipo = "despachar"
		},
	},
	"a step from elsewhere": {regla: "maquina", dice: `from "creado"`, falla: func(l *libros) {
		l.pedidos[entregada].Doc.Eventos[4].De = "creado"
	}},
	"a retry in the same intento": {
		regla: "maquina",
		dice:  "reintentar",
		falla: func(l *libros) {
			l.pedidos[confirmada].Doc.Eventos[3].Intento = 1
		},
	},
	"a fourth intento": {regla: "maquina", dice: "in intento 4", falla: func(l *libros) {
		l.pedidos[confirmada].Doc.Intento = 4
	}},
	"row and document differ": {
		regla: "maquina",
		dice:  "its document says",
		falla: func(l *libros) {
			l.pedidos[cancelada].Estado = "fallido"
		},
	},
	"an event was not published": {
		regla: "quietud",
		dice:  "published up to",
		falla: func(l *libros) {
			l.pedidos[cancelada].Publicados--
		},
	},
	"an event store without the event": {
		regla: "quietud",
		dice:  "in the event store",
		falla: func(l *libros) {
			l.publicados[cancelada]--
		},
	},
	"an order never due again": {
		regla: "quietud",
		dice:  "never due again",
		falla: func(l *libros) {
			l.pedidos[confirmada].Debe = nil
		},
	},
	"an order overdue": {regla: "quietud", dice: "due for", falla: func(l *libros) {
		*l.pedidos[confirmada].Debe = enMinutos(100)
	}},
	"an order due in years": {regla: "quietud", dice: "never", falla: func(l *libros) {
		*l.pedidos[confirmada].Debe = mediodia.AddDate(4, 0, 0)
	}},
	"an order that stays in a phase": {
		regla: "quietud",
		dice:  "not at rest",
		falla: func(l *libros) {
			l.pedidos[confirmada].Estado = "autorizado"
		},
	},
	"a cancel that stays a note": {regla: "quietud", dice: "under way", falla: func(l *libros) {
		l.pedidos[confirmada].Doc.Nota = map[string]any{}
	}},
	"a refund that is not made": {
		regla: "quietud",
		dice:  "has not been made",
		falla: func(l *libros) {
			l.pedidos[entregada].Doc.Reembolsos[0].Estado = "pedido"
		},
	},
	"an intento that is not undone": {
		regla: "quietud",
		dice:  "not undone",
		falla: func(l *libros) {
			l.pedidos[cancelada].Doc.Intentos[0].Deshecho = false
		},
	},
	"an older intento not undone": {
		regla: "quietud",
		dice:  "not undone",
		falla: func(l *libros) {
			l.pedidos[confirmada].Doc.Intentos[0].Deshecho = false
		},
	},
	"a charge never due again": {
		regla: "quietud",
		dice:  "never due again",
		falla: func(l *libros) {
			l.cobros[0].Estado = "pendiente"
		},
	},
	"a charge due in years": {
		regla: "quietud",
		dice:  "the charge of intento 2 is due",
		falla: func(l *libros) {
			l.cobros[2].Debe = dia(400)
		},
	},
	"an old charge is looked at seldom, which is no fault": {falla: func(l *libros) {
		l.cobros[2].Creado, l.cobros[2].Debe = *dia(-30), dia(29)
	}},
	"a queue that stands still": {
		regla: "quietud",
		dice:  "due, the oldest",
		falla: func(l *libros) {
			l.buzones = []buzon{{Nombre: "q", Vencidos: 2, Desde: mediodia}}
		},
	},
	"an order set aside": {regla: "quietud", dice: "set aside", falla: func(l *libros) {
		l.apartados = []string{cancelada}
	}},
}
