package modelo_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// Ids of the small company in which violations are planted.
const (
	entregada  = "pedido-a" // delivered, one unit returned for money
	confirmada = "pedido-b" // confirmed in its second intento
	cancelada  = "pedido-c"
	harina     = "harina"
	centro     = "centro"
)

var mediodia = time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)

// enMinutos is a time after mediodia.
func enMinutos(n int) time.Time { return mediodia.Add(time.Duration(n) * time.Minute) }

func dia(n int) *time.Time { t := mediodia.AddDate(0, 0, n); return &t }

// maquinaChica is as much of the machine as the small company needs.
var maquinaChica = maquina{Transiciones: []transicion{
	{Paso: "preprocesar", De: []string{"creado"}, A: "preprocesado"},
	{Paso: "esperar_pago", De: []string{"preprocesado"}, A: "pago_pendiente"},
	{Paso: "autorizar", De: []string{"preprocesado", "pago_pendiente"}, A: "autorizado"},
	{Paso: "aceptar", De: []string{"autorizado"}, A: "aceptado"},
	{Paso: "confirmar", De: []string{"aceptado"}, A: "confirmado"},
	{Paso: "despachar", De: []string{"confirmado"}, A: "en_reparto"},
	{Paso: "entregar", De: []string{"en_reparto"}, A: "entregado"},
	{Paso: "fallar", De: []string{"creado", "preprocesado", "pago_pendiente"}, A: "fallido"},
	{Paso: "reintentar", De: []string{"fallido"}, A: "creado"},
	{Paso: "cancelar", De: []string{"creado", "confirmado"}, A: "cancelado"},
}}

// historia makes events by the machine; a word that is no step moves nothing.
func historia(pasos ...string) (out []evento) {
	estado, intento := "creado", 1
	out = append(out, evento{Seq: 1, Tipo: "creado", A: estado, Intento: 1, En: mediodia})
	for i, p := range pasos {
		e := evento{Seq: i + 2, Tipo: p, De: estado, A: estado, Intento: intento, En: enMinutos(i + 1)}
		for _, t := range maquinaChica.Transiciones {
			if t.Paso == p {
				e.A = t.A
			}
		}
		if p == "reintentar" {
			intento++
			e.Intento = intento
		}
		estado = e.A
		out = append(out, e)
	}
	return out
}

// sanos are books in which nothing is wrong.
func sanos() *libros {
	lineas := []linea{{Producto: harina, Cantidad: 2, Total: 900}}
	uno := intento{Numero: 1, Lineas: lineas, Vueltas: []vuelta{{Deposito: centro}}}
	hecho := func(in intento, numero int, deshecho bool) intento {
		in.Numero, in.Deshecho = numero, deshecho
		return in
	}
	l := &libros{ahora: enMinutos(120), maxLentos: 1, limiteQuietud: time.Minute, maquina: maquinaChica, pedidos: map[string]*orden{},
		publicados: map[string]int{}, movimientos: map[string]movimiento{}, dichos: map[string]*dicho{},
		dichoVisitas: map[string]string{"v-a": "entregada"}, dichoSalidas: map[string]bool{"t-1": true}}
	poner := func(id, estado string, debe *time.Time, d documento, pasos ...string) {
		d.Cliente, d.Estado, d.Total, d.Lineas, d.Eventos = "eva", estado, 1000, lineas, historia(pasos...)
		l.pedidos[id] = &orden{ID: id, Cliente: "eva", Estado: estado, Debe: debe, Eventos: len(d.Eventos), Publicados: len(d.Eventos), Doc: d}
		l.publicados[id] = len(d.Eventos)
		l.dichos[id] = &dicho{Cliente: "eva", Por: "eva", Total: 1000, Historia: slices.Clone(d.Eventos[:2]), Totales: map[int]int64{1: 1000},
			Reembolsos: map[string]int64{}, Devoluciones: map[string]string{}, Devuelto: map[int]int64{}}
	}
	a := documento{Intento: 1, Visitas: 1, Intentos: []intento{uno}, Reembolsos: []devuelto{{ID: "r-1", Monto: 450, Estado: "hecho"}},
		Devoluciones: []retorno{{ID: "r-1", Estado: "aceptada", Monto: 450, Lineas: []linea{{Producto: harina, Cantidad: 1}}}}}
	a.Pago.Cobrado, a.Pago.Reembolsado, a.Entrega.Visita = 1000, 450, 1
	poner(entregada, "entregado", nil, a, "preprocesar", "esperar_pago", "autorizar", "aceptar", "confirmar", "despachar", "entregar", "devolucion_pedida")
	l.dichos[entregada].Reembolsos["r-1"], l.dichos[entregada].Devoluciones["r-1"], l.dichos[entregada].Devuelto[1] = 450, "pedida", 450
	proximo := enMinutos(121)
	b := documento{Intento: 2, Visitas: 1, Intentos: []intento{hecho(uno, 1, true), hecho(uno, 2, false)}}
	b.Pago.Cobrado, b.Entrega.Visita = 1000, 1
	poner(confirmada, "confirmado", &proximo, b, "preprocesar", "fallar", "reintentar", "preprocesar", "autorizar", "aceptar", "confirmar")
	l.dichos[confirmada].Totales[2] = 1000
	poner(cancelada, "cancelado", nil, documento{Intento: 1, Intentos: []intento{hecho(uno, 1, true)}}, "cancelar")
	l.dichos[cancelada].Cancelado = true
	conDinero(l)
	conGoods(l)
	conCamiones(l)
	return l
}

func conDinero(l *libros) {
	l.cobros = []cobro{
		{ID: "c-a", Pedido: entregada, Intento: 1, Cliente: "eva", Metodo: "efectivo", Estado: "cobrado", Orden: "g-a", Monto: 1000, Cobrado: 1000, Reembolsado: 450},
		{ID: "c-b1", Pedido: confirmada, Intento: 1, Cliente: "eva", Metodo: "efectivo", Estado: "rechazado", Orden: "g-b1", Monto: 1000},
		{ID: "c-b2", Pedido: confirmada, Intento: 2, Cliente: "eva", Metodo: "efectivo", Estado: "cobrado", Orden: "g-b2", Monto: 1000, Cobrado: 1000},
	}
	l.reembolsos = []reembolsoCobro{{Cobro: "c-a", ID: "r-1", Estado: "hecho", Ajeno: "REF1", Monto: 450}}
	l.asientos = []asiento{
		{ID: "g-a", Referencia: referencia(entregada, 1), Estado: "processed", Cobrado: 1000, Reembolsado: 450, Reembolsos: map[string]int64{"REF1": 450}},
		{ID: "g-b1", Referencia: referencia(confirmada, 1), Estado: "failed"},
		{ID: "g-b2", Referencia: referencia(confirmada, 2), Estado: "processed", Cobrado: 1000},
	}
}

// conGoods: 10 came in a lot that keeps for ten days, 2 and 2 were sold.
func conGoods(l *libros) {
	saco := func(n int64) []toma { return []toma{{Lote: "L1", Vence: dia(10), Cantidad: n}} }
	l.movimientos["m-1"] = movimiento{ID: "m-1", Producto: harina, Deposito: centro, Cantidad: 10, Tomas: saco(10), En: mediodia}
	for _, v := range []struct {
		id     string
		pedido string
	}{{id: entregada + ":1:" + harina, pedido: entregada}, {id: confirmada + ":2:" + harina, pedido: confirmada}} {
		l.movimientos[v.id] = movimiento{ID: v.id, Producto: harina, Deposito: centro, Cantidad: -2, Pedido: v.pedido, Tomas: saco(2), En: enMinutos(5)}
	}
	l.existencias = []existencia{{Producto: harina, Deposito: centro, Libre: 6, Lotes: []lote{{ID: "L1", Vence: dia(10), Libre: 6}}}}
	l.dichoStock = []movimientoDicho{{ID: "m-1", Producto: harina, Cantidad: 10, Por: "almacen"}}
}

func conCamiones(l *libros) {
	carga := cupo{Peso: 500, Volumen: 500, Minutos: 10, Visitas: 1}
	lleno := cupo{Peso: 1000, Volumen: 1000, Minutos: 240, Visitas: 1}
	l.turnos = []turno{
		{ID: "t-1", Camion: "k", Estado: "salio", Inicio: enMinutos(0), Fin: enMinutos(240), Franja: 4 * time.Hour, Capacidad: lleno},
		{ID: "t-2", Camion: "k", Estado: "abierto", Inicio: enMinutos(1440), Fin: enMinutos(1680), Franja: 4 * time.Hour, Capacidad: lleno,
			Usado: carga, Tramos: [6]int64{10}},
	}
	l.visitas = []visita{
		{ID: "v-a", Pedido: entregada, Intento: 1, Numero: 1, Turno: "t-1", Camion: "k", Deposito: centro, Estado: "entregada", Cupo: carga, Hasta: enMinutos(240), Salio: true},
		{ID: "v-b", Pedido: confirmada, Intento: 2, Numero: 1, Turno: "t-2", Camion: "k", Deposito: centro, Estado: "firme", Cupo: carga, Hasta: enMinutos(1680)},
	}
}

func TestTheJudgeFindsNothingInSoundBooks(t *testing.T) {
	j := juzgar(sanos())
	for _, f := range j.faltas {
		t.Error(f)
	}
	for _, r := range reglas {
		if j.hechas[r.nombre] == 0 {
			t.Errorf("rule %s compared nothing", r.nombre)
		}
	}
}

// TestTheJudgeFindsWhatIsPlanted plants one violation at a time.
func TestTheJudgeFindsWhatIsPlanted(t *testing.T) {
	mueve := func(l *libros, id string, f func(*movimiento)) {
		m := l.movimientos[id]
		m.Tomas = slices.Clone(m.Tomas)
		f(&m)
		l.movimientos[id] = m
	}
	ventaA, ventaB := entregada+":1:"+harina, confirmada+":2:"+harina
	tests := map[string]struct {
		regla string
		dice  string // part of the sentence
		falla func(*libros)
	}{
		"an answer was wrong": {"oido", "500", func(l *libros) { l.faltasAlOido = []falta{{Regla: "oido", Que: "500"}} }},
		"an event is missing": {"maquina", "has the number 4", func(l *libros) {
			o := l.pedidos[confirmada]
			o.Doc.Eventos = slices.Delete(slices.Clone(o.Doc.Eventos), 2, 3)
		}},
		"a step that the machine lacks":    {"maquina", "despachar", func(l *libros) { l.pedidos[confirmada].Doc.Eventos[6].Tipo = "despachar" }},
		"a step from elsewhere":            {"maquina", `from "creado"`, func(l *libros) { l.pedidos[entregada].Doc.Eventos[4].De = "creado" }},
		"a retry in the same intento":      {"maquina", "reintentar", func(l *libros) { l.pedidos[confirmada].Doc.Eventos[3].Intento = 1 }},
		"a fourth intento":                 {"maquina", "in intento 4", func(l *libros) { l.pedidos[confirmada].Doc.Intento = 4 }},
		"row and document differ":          {"maquina", "its document says", func(l *libros) { l.pedidos[cancelada].Estado = "fallido" }},
		"an event was not published":       {"maquina", "published up to", func(l *libros) { l.pedidos[cancelada].Publicados-- }},
		"an event store without the event": {"maquina", "in the event store", func(l *libros) { l.publicados[cancelada]-- }},
		"an order never due again":         {"quietud", "never due again", func(l *libros) { l.pedidos[confirmada].Debe = nil }},
		"an order overdue":                 {"quietud", "due for", func(l *libros) { *l.pedidos[confirmada].Debe = enMinutos(100) }},
		"an order due in years":            {"quietud", "never", func(l *libros) { *l.pedidos[confirmada].Debe = mediodia.AddDate(4, 0, 0) }},
		"an order that stays in a phase":   {"quietud", "not at rest", func(l *libros) { l.pedidos[confirmada].Estado = "autorizado" }},
		"a cancel that stays a note":       {"quietud", "under way", func(l *libros) { l.pedidos[confirmada].Doc.Nota = map[string]any{} }},
		"a refund that is not made":        {"quietud", "has not been made", func(l *libros) { l.pedidos[entregada].Doc.Reembolsos[0].Estado = "pedido" }},
		"an intento that is not undone":    {"quietud", "not undone", func(l *libros) { l.pedidos[cancelada].Doc.Intentos[0].Deshecho = false }},
		"an older intento not undone":      {"quietud", "not undone", func(l *libros) { l.pedidos[confirmada].Doc.Intentos[0].Deshecho = false }},
		"a charge never due again":         {"quietud", "never due again", func(l *libros) { l.cobros[0].Estado = "pendiente" }},
		"a queue that stands still":        {"quietud", "due, the oldest", func(l *libros) { l.buzones = []buzon{{Nombre: "q", Vencidos: 2, Desde: mediodia}} }},
		"an order set aside":               {"quietud", "set aside", func(l *libros) { l.apartados = []string{cancelada} }},
		"a cancelled order keeps money": {"dinero", "has kept 1000", func(l *libros) {
			l.asientos = append(l.asientos, asiento{ID: "g-c", Referencia: referencia(cancelada, 1), Estado: "processed", Cobrado: 1000})
		}},
		"a failed intento keeps money":  {"dinero", "has kept 1000", func(l *libros) { l.asientos[1].Cobrado = 1000 }},
		"money of two intentos":         {"dinero", "2 intentos", func(l *libros) { l.asientos[1].Cobrado = 1000 }},
		"an intento charged twice":      {"dinero", "charged 2 times", func(l *libros) { l.asientos = append(l.asientos, l.asientos[2]) }},
		"less than the total was taken": {"dinero", "has taken 100", func(l *libros) { l.asientos[2].Cobrado = 100 }},
		"a reservation is left":         {"dinero", "still waits or holds", func(l *libros) { l.asientos[1].Estado = "action_required" }},
		"money of no order":             {"dinero", "is none", func(l *libros) { l.asientos[2].Referencia = "otro-1" }},
		"a refund that was refused for good is no fault": {"", "", func(l *libros) {
			l.asientos = append(l.asientos, asiento{ID: "g-c", Referencia: referencia(cancelada, 1), Estado: "processed", Cobrado: 1000})
			l.cobros = append(l.cobros, cobro{ID: "c-c", Pedido: cancelada, Intento: 1, Estado: "cobrado", Orden: "g-c", Monto: 1000, Cobrado: 1000})
			l.reembolsos = append(l.reembolsos, reembolsoCobro{Cobro: "c-c", ID: "x", Estado: "fallido", Monto: 1000})
		}},
		"an order that knows no refund":     {"anotado", "says that 0 was given back", func(l *libros) { l.pedidos[entregada].Doc.Pago.Reembolsado = 0 }},
		"an order that says another charge": {"anotado", "says that 1 was charged", func(l *libros) { l.pedidos[confirmada].Doc.Pago.Cobrado = 1 }},
		"pagos knows less than the gateway": {"cobros", "pagos says", func(l *libros) { l.cobros[0].Reembolsado = 0 }},
		"pagos does not know a charge":      {"cobros", "does not know", func(l *libros) { l.cobros = l.cobros[:2] }},
		"two charges of an intento":         {"cobros", "two charges", func(l *libros) { l.cobros = append(l.cobros, l.cobros[0]) }},
		"a refund that the gateway lacks":   {"reembolsos", "the gateway has 0", func(l *libros) { l.asientos[0].Reembolsos = nil }},
		"a refund of another amount":        {"reembolsos", "the gateway has 400", func(l *libros) { l.asientos[0].Reembolsos = map[string]int64{"REF1": 400} }},
		"a refund counted twice": {"reembolsos", "refunds of 900 were made", func(l *libros) {
			r := l.reembolsos[0]
			r.ID, r.Ajeno = "r-2", ""
			l.reembolsos = append(l.reembolsos, r)
		}},
		"a refund noted twice":         {"reembolsos", "twice", func(l *libros) { d := &l.pedidos[entregada].Doc; d.Reembolsos = append(d.Reembolsos, d.Reembolsos[0]) }},
		"a refund called made":         {"reembolsos", "is called made", func(l *libros) { l.reembolsos[0].Estado = "fallido" }},
		"a return without its money":   {"reembolsos", "was not asked for", func(l *libros) { l.pedidos[entregada].Doc.Reembolsos = nil }},
		"a retry at another price":     {"precio", "was shown 900 for intento 2", func(l *libros) { l.dichos[confirmada].Totales[2] = 900 }},
		"a creation at another price":  {"precio", "was taken at 900", func(l *libros) { l.dichos[entregada].Total = 900 }},
		"asked for more than it costs": {"precio", "costs 1000", func(l *libros) { l.cobros[0].Monto = 1100 }},
		"a guard is missing at the retry": {"lentos", "has 2 orders", func(l *libros) {
			o := l.pedidos[confirmada]
			o.Doc.Eventos = historia("preprocesar", "esperar_pago", "autorizar")
		}},
		"stock that nobody brought":    {"stock", "lie there", func(l *libros) { l.existencias[0].Lotes[0].Libre, l.existencias[0].Libre = 7, 7 }},
		"stock below zero":             {"stock", "has -1", func(l *libros) { l.existencias[0].Lotes[0].Libre, l.existencias[0].Libre = -1, -1 }},
		"a row that says less":         {"stock", "by its row", func(l *libros) { l.existencias[0].Libre = 5 }},
		"a lot that changed its name":  {"stock", "lot L2", func(l *libros) { l.existencias[0].Lotes[0].ID = "L2" }},
		"a movement out of other lots": {"stock", "its lots are 1", func(l *libros) { mueve(l, ventaA, func(m *movimiento) { m.Tomas[0].Cantidad = 1 }) }},
		"a movement told in two ways":  {"stock", "in two ways", func(l *libros) { l.dobles = []string{ventaA} }},
		"stock that is lost whole":     {"stock", "nothing lies there", func(l *libros) { l.existencias = nil }},
		"a tombstone forgotten": {"stock", "which needs them no more", func(l *libros) {
			e := &l.existencias[0]
			e.Lotes[0].Libre, e.Libre = 4, 4
			e.Reservas = []reserva{{Pedido: cancelada, Intento: 1, Vuelta: 1, Cantidad: 2, Tomas: []toma{{Lote: "L1", Vence: dia(10), Cantidad: 2}}}}
		}},
		"a sale that is not there": {"ventas", "bought 0", func(l *libros) { delete(l.movimientos, ventaB) }},
		"a cancelled order has bought": {"ventas", "bought 2", func(l *libros) {
			mueve(l, ventaB, func(m *movimiento) { delete(l.movimientos, m.ID); m.Pedido, m.ID = cancelada, cancelada+":1:"+harina })
		}},
		"a delivered order gave back": {"ventas", "came back", func(l *libros) { mueve(l, ventaA, func(m *movimiento) { m.ID, m.Cantidad = ventaA+":vuelta", 3 }) }},
		"sold to no order":            {"ventas", "of no order", func(l *libros) { mueve(l, ventaA, func(m *movimiento) { m.Pedido = "otro" }) }},
		"a product that is no line":   {"ventas", "none of its lines", func(l *libros) { mueve(l, ventaA, func(m *movimiento) { m.Producto = "sal" }) }},
		"an expired lot sold":         {"vencidos", "was sold 2 of lot L1", func(l *libros) { mueve(l, ventaA, func(m *movimiento) { m.Tomas[0].Vence = dia(-1) }) }},
		"expired before its window":   {"vencidos", "for a window", func(l *libros) { mueve(l, ventaB, func(m *movimiento) { m.Tomas[0].Vence = dia(0) }) }},
		"a shift over its capacity":   {"lugar", "carries", func(l *libros) { l.turnos[1].Capacidad.Peso = 400 }},
		"a truck that left too full":  {"lugar", "left with", func(l *libros) { l.turnos[0].Capacidad.Peso = 400 }},
		"a shift that lost a visit":   {"lugar", "is taken", func(l *libros) { l.turnos[1].Usado = cupo{} }},
		"minutes in the wrong window": {"lugar", "by window", func(l *libros) { l.turnos[1].Tramos = [6]int64{0, 10} }},
		"a window over its length":    {"lugar", "minutes in window 0", func(l *libros) { l.turnos[1].Tramos[0], l.visitas[1].Cupo.Minutos = 500, 500 }},
		"two shifts at one time":      {"lugar", "before shift", func(l *libros) { l.turnos[1].Inicio = enMinutos(200) }},
		"an order without its visit":  {"visitas", "has the visits", func(l *libros) { l.visitas = l.visitas[:1] }},
		"an order with two visits":    {"visitas", "has the visits", func(l *libros) { l.visitas = append(l.visitas, l.visitas[1]) }},
		"an order delivered twice":    {"visitas", "delivered 2 times", func(l *libros) { l.visitas = append(l.visitas, l.visitas[0]) }},
		"room for an order that is over": {"visitas", "is cancelado", func(l *libros) {
			v := l.visitas[1]
			v.Pedido = cancelada
			l.visitas = append(l.visitas, v)
		}},
		"room for no order":            {"visitas", "is no order", func(l *libros) { v := l.visitas[1]; v.Pedido = "otro"; l.visitas = append(l.visitas, v) }},
		"an order that was told":       {"dicho", "was told that it exists", func(l *libros) { delete(l.pedidos, cancelada) }},
		"another customer's":           {"dicho", "of customer ana", func(l *libros) { l.dichos[cancelada].Cliente = "ana" }},
		"a history that went back":     {"dicho", "another history", func(l *libros) { l.dichos[cancelada].Historia = historia("preprocesar") }},
		"a history that lost its end":  {"dicho", "another history", func(l *libros) { l.dichos[cancelada].Historia = historia("cancelar", "nota") }},
		"a cancel that was taken back": {"dicho", "told that it is cancelado", func(l *libros) { l.dichos[confirmada].Cancelado = true }},
		"a refund that was told":       {"dicho", "told of refund r-9", func(l *libros) { l.dichos[entregada].Reembolsos["r-9"] = 1 }},
		"a refund told otherwise":      {"dicho", "over 400", func(l *libros) { l.dichos[entregada].Reembolsos["r-1"] = 400 }},
		"a return that was told":       {"dicho", "told of return r-9", func(l *libros) { l.dichos[entregada].Devoluciones["r-9"] = "pedida" }},
		"a return told otherwise":      {"dicho", "is rechazada", func(l *libros) { l.dichos[entregada].Devoluciones["r-1"] = "rechazada" }},
		"money told to be back":        {"dicho", "went back", func(l *libros) { l.dichos[entregada].Devuelto[1] = 500 }},
		"stock that was told":          {"dicho", "moved as m-9", func(l *libros) { l.dichoStock[0].ID = "m-9" }},
		"a delivery that was told":     {"dicho", "visit v-a is fallida", func(l *libros) { l.dichoVisitas["v-a"] = "fallida" }},
		"a departure that was told":    {"dicho", "shift t-2 has left", func(l *libros) { l.dichoSalidas["t-2"] = true }},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			l := sanos()
			tt.falla(l)
			j := juzgar(l)
			if tt.regla == "" {
				for _, f := range j.faltas {
					t.Error(f)
				}
				return
			}
			if !slices.ContainsFunc(j.faltas, func(f falta) bool { return f.Regla == tt.regla && strings.Contains(f.Que, tt.dice) }) {
				t.Errorf("not found; instead: %v", j.faltas)
			}
		})
	}
	for _, r := range reglas {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(tests)), func(n string) bool { return tests[n].regla == r.nombre }) {
			t.Errorf("no violation is planted for rule %s", r.nombre)
		}
	}
}

// TestReferences: what is told apart by how an id is made.
func TestReferences(t *testing.T) {
	if p, n := deReferencia("a-b-12"); p != "a-b" || n != 12 {
		t.Errorf("%s, %d", p, n)
	}
	if p, n := deReferencia("otra"); p != "otra" || n != 0 {
		t.Errorf("%s, %d", p, n)
	}
	if p, n, ok := deVenta(movimiento{ID: "p:2:x:vuelta", Pedido: "p"}); p != "p" || n != 2 || !ok {
		t.Errorf("%s, %d, %v", p, n, ok)
	}
	if _, _, ok := deVenta(movimiento{ID: "hand"}); ok {
		t.Error("a movement by hand is no sale")
	}
	for s, want := range map[string]int64{"12.34": 1234, "12": 1200, "0.5": 50} {
		if n := centavos(t, s); n != want {
			t.Errorf("%s: %d", s, n)
		}
	}
}
