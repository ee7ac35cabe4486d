package banco_test

import "strings"

// fondo are the statements that the program runs without an order, or for several orders at once. They are counted
// apart, because the part of one order in them depends on the load.
var fondo = []struct{ esquema, efecto, texto, porque string }{
	{
		esquema: "pedidos",
		texto:   "where eventos > publicados",
		porque:  "looks for events that are not published",
	},
	{
		esquema: "pedidos",
		efecto:  "pedidos.publicar",
		porque:  "copies the events of several orders to the event store",
	},
	{
		esquema: "pedidos",
		efecto:  "pedidos.publicadas",
		porque:  "notes how far the events are published",
	},
	{
		esquema: "pedidos",
		texto:   "where numero is null",
		porque:  "looks for events without a place in the diary",
	},
	{
		esquema: "pedidos",
		efecto:  "pedidos.asentar",
		porque:  "gives events their places in the diary",
	},
	{
		esquema: "pedidos",
		texto:   "where pendientes > 0",
		porque:  "looks for movements of stock that are not published",
	},
	{esquema: "", texto: "from vigia", porque: "what changed on other replicas, every 250 ms"},
	{esquema: "", texto: "from versiones", porque: "likewise"},
}

// delFondo reports whether a statement belongs to no order.
func delFondo(sentencia sentencia) bool {
	for _, f := range fondo {
		if (f.esquema == "" || f.esquema == sentencia.esquema) &&
			(f.efecto == "" || f.efecto == sentencia.efecto) &&
			strings.Contains(sentencia.texto, f.texto) {
			return true
		}
	}
	return false
}
