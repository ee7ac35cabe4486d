package modelo

import "slices"

// deHistoria are faults of histories, and work that never comes to rest.
var deHistoria = map[string]plantada{
	"an answer was wrong": {"oido", "500", func(l *libros) {
		l.faltasAlOido = []falta{{Regla: "oido", Que: "500"}}
	}},
	"an event is missing": {"maquina", "has the number 4", func(l *libros) {
		o := l.pedidos[confirmada]
		o.Doc.Eventos = slices.Delete(slices.Clone(o.Doc.Eventos), 2, 3)
	}},
	"a step that the machine lacks": {"maquina", "despachar", func(l *libros) {
		l.pedidos[confirmada].Doc.Eventos[6].Tipo = "despachar"
	}},
	"a step from elsewhere": {"maquina", `from "creado"`, func(l *libros) {
		l.pedidos[entregada].Doc.Eventos[4].De = "creado"
	}},
	"a retry in the same intento": {"maquina", "reintentar", func(l *libros) {
		l.pedidos[confirmada].Doc.Eventos[3].Intento = 1
	}},
	"a fourth intento": {"maquina", "in intento 4", func(l *libros) {
		l.pedidos[confirmada].Doc.Intento = 4
	}},
	"row and document differ": {"maquina", "its document says", func(l *libros) {
		l.pedidos[cancelada].Estado = "fallido"
	}},
	"an event was not published": {"quietud", "published up to", func(l *libros) {
		l.pedidos[cancelada].Publicados--
	}},
	"an event store without the event": {"quietud", "in the event store", func(l *libros) {
		l.publicados[cancelada]--
	}},
	"an order never due again": {"quietud", "never due again", func(l *libros) {
		l.pedidos[confirmada].Debe = nil
	}},
	"an order overdue": {"quietud", "due for", func(l *libros) {
		*l.pedidos[confirmada].Debe = enMinutos(100)
	}},
	"an order due in years": {"quietud", "never", func(l *libros) {
		*l.pedidos[confirmada].Debe = mediodia.AddDate(4, 0, 0)
	}},
	"an order that stays in a phase": {"quietud", "not at rest", func(l *libros) {
		l.pedidos[confirmada].Estado = "autorizado"
	}},
	"a cancel that stays a note": {"quietud", "under way", func(l *libros) {
		l.pedidos[confirmada].Doc.Nota = map[string]any{}
	}},
	"a refund that is not made": {"quietud", "has not been made", func(l *libros) {
		l.pedidos[entregada].Doc.Reembolsos[0].Estado = "pedido"
	}},
	"an intento that is not undone": {"quietud", "not undone", func(l *libros) {
		l.pedidos[cancelada].Doc.Intentos[0].Deshecho = false
	}},
	"an older intento not undone": {"quietud", "not undone", func(l *libros) {
		l.pedidos[confirmada].Doc.Intentos[0].Deshecho = false
	}},
	"a charge never due again": {"quietud", "never due again", func(l *libros) {
		l.cobros[0].Estado = "pendiente"
	}},
	"a charge due in years": {"quietud", "the charge of intento 2 is due", func(l *libros) {
		l.cobros[2].Debe = dia(400)
	}},
	"an old charge is looked at seldom, which is no fault": {"", "", func(l *libros) {
		l.cobros[2].Creado, l.cobros[2].Debe = *dia(-30), dia(29)
	}},
	"a queue that stands still": {"quietud", "due, the oldest", func(l *libros) {
		l.buzones = []buzon{{Nombre: "q", Vencidos: 2, Desde: mediodia}}
	}},
	"an order set aside": {"quietud", "set aside", func(l *libros) {
		l.apartados = []string{cancelada}
	}},
}
