package modelo

// deDicho are faults in the answers that clients got.
var deDicho = map[string]plantada{
	"an order that was told": {
		regla: "dicho",
		dice:  "was told that it exists",
		falla: func(l *libros) {
			delete(l.pedidos, cancelada)
		},
	},
	"another customer's": {regla: "dicho", dice: "of customer ana", falla: func(l *libros) {
		l.dichos[cancelada].Cliente = "ana"
	}},
	"a history that went back": {
		regla: "dicho",
		dice:  "another history",
		falla: func(l *libros) {
			l.dichos[cancelada].Historia = historia("preprocesar")
		},
	},
	"a history that lost its end": {
		regla: "dicho",
		dice:  "another history",
		falla: func(l *libros) {
			l.dichos[cancelada].Historia = historia("cancelar", "nota")
		},
	},
	"a cancel that was taken back": {
		regla: "dicho",
		dice:  "told that it is cancelado",
		falla: func(l *libros) {
			l.dichos[confirmada].Cancelado = true
		},
	},
	"a refund that was told": {
		regla: "dicho",
		dice:  "told of refund r-9",
		falla: func(l *libros) {
			l.dichos[entregada].Reembolsos["r-9"] = 1
		},
	},
	"a refund told otherwise": {regla: "dicho", dice: "over 400", falla: func(l *libros) {
		l.dichos[entregada].Reembolsos["r-1"] = 400
	}},
	"a return that was told": {
		regla: "dicho",
		dice:  "told of return r-9",
		falla: func(l *libros) {
			l.dichos[entregada].Devoluciones["r-9"] = "pedida"
		},
	},
	"a return told otherwise": {regla: "dicho", dice: "is rechazada", falla: func(l *libros) {
		l.dichos[entregada].Devoluciones["r-1"] = "rechazada"
	}},
	"money told to be back": {regla: "dicho", dice: "went back", falla: func(l *libros) {
		l.dichos[entregada].Devuelto[1] = 500
	}},
	"stock that was told": {regla: "dicho", dice: "moved as m-9", falla: func(l *libros) {
		l.dichoStock[0].ID = "m-9"
	}},
	"a delivery that was told": {
		regla: "dicho",
		dice:  "visit v-a is fallida",
		falla: func(l *libros) {
			l.dichoVisitas["v-a"] = "fallida"
		},
	},
	"a departure that was told": {
		regla: "dicho",
		dice:  "shift t-2 has left",
		falla: func(l *libros) {
			l.dichoSalidas["t-2"] = true
		},
	},
}
