package modelo

// deDicho are faults in the answers that clients got.
var deDicho = map[string]plantada{
	"an order that was told": {"dicho", "was told that it exists", func(l *libros) {
		delete(l.pedidos, cancelada)
	}},
	"another customer's": {"dicho", "of customer ana", func(l *libros) {
		l.dichos[cancelada].Cliente = "ana"
	}},
	"a history that went back": {"dicho", "another history", func(l *libros) {
		l.dichos[cancelada].Historia = historia("preprocesar")
	}},
	"a history that lost its end": {"dicho", "another history", func(l *libros) {
		l.dichos[cancelada].Historia = historia("cancelar", "nota")
	}},
	"a cancel that was taken back": {"dicho", "told that it is cancelado", func(l *libros) {
		l.dichos[confirmada].Cancelado = true
	}},
	"a refund that was told": {"dicho", "told of refund r-9", func(l *libros) {
		l.dichos[entregada].Reembolsos["r-9"] = 1
	}},
	"a refund told otherwise": {"dicho", "over 400", func(l *libros) {
		l.dichos[entregada].Reembolsos["r-1"] = 400
	}},
	"a return that was told": {"dicho", "told of return r-9", func(l *libros) {
		l.dichos[entregada].Devoluciones["r-9"] = "pedida"
	}},
	"a return told otherwise": {"dicho", "is rechazada", func(l *libros) {
		l.dichos[entregada].Devoluciones["r-1"] = "rechazada"
	}},
	"money told to be back": {"dicho", "went back", func(l *libros) {
		l.dichos[entregada].Devuelto[1] = 500
	}},
	"stock that was told": {"dicho", "moved as m-9", func(l *libros) {
		l.dichoStock[0].ID = "m-9"
	}},
	"a delivery that was told": {"dicho", "visit v-a is fallida", func(l *libros) {
		l.dichoVisitas["v-a"] = "fallida"
	}},
	"a departure that was told": {"dicho", "shift t-2 has left", func(l *libros) {
		l.dichoSalidas["t-2"] = true
	}},
}
