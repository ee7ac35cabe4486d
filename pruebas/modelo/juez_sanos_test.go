package modelo

import (
	"slices"
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

// maquinaChica are the rows of the machine that the small company needs.
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
		e := evento{
			Seq:     i + 2,
			Tipo:    p,
			De:      estado,
			A:       estado,
			Intento: intento,
			En:      enMinutos(i + 1),
		}
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

// sanos are books without a contradiction.
func sanos() *libros {
	lineas := []linea{{Producto: harina, Cantidad: 2, Total: 900}}
	uno := intento{Numero: 1, Lineas: lineas, Vueltas: []vuelta{{Deposito: centro}}}
	hecho := func(in intento, numero int, deshecho bool) intento {
		in.Numero, in.Deshecho = numero, deshecho
		return in
	}
	l := &libros{
		ahora:         enMinutos(120),
		maxLentos:     1,
		limiteQuietud: time.Minute,
		maquina:       maquinaChica,
		pedidos:       map[string]*orden{},
		publicados:    map[string]int{},
		movimientos:   map[string]movimiento{},
		dichos:        map[string]*dicho{},
		dichoVisitas:  map[string]string{"v-a": "entregada"},
		dichoSalidas:  map[string]bool{"t-1": true},
	}
	poner := func(id, estado string, debe *time.Time, d documento, pasos ...string) {
		d.Cliente = "eva"
		d.Estado = estado
		d.Total = 1000
		d.Lineas = lineas
		d.Eventos = historia(
			pasos...)
		l.pedidos[id] = &orden{
			ID:         id,
			Cliente:    "eva",
			Estado:     estado,
			Debe:       debe,
			Eventos:    len(d.Eventos),
			Publicados: len(d.Eventos),
			Doc:        d,
		}
		l.publicados[id] = len(d.Eventos)
		l.dichos[id] = &dicho{
			Cliente:      "eva",
			Por:          "eva",
			Total:        1000,
			Historia:     slices.Clone(d.Eventos[:2]),
			Totales:      map[int]int64{1: 1000},
			Reembolsos:   map[string]int64{},
			Devoluciones: map[string]string{},
			Devuelto:     map[int]int64{},
		}
	}
	a := documento{Intento: 1, Visitas: 1, Intentos: []intento{uno},
		Reembolsos: []devuelto{{ID: "r-1", Monto: 450, Estado: "hecho"}},
		Devoluciones: []retorno{{ID: "r-1", Estado: "aceptada", Monto: 450,
			Lineas: []linea{{Producto: harina, Cantidad: 1}}}}}
	a.Pago.Cobrado, a.Pago.Reembolsado, a.Entrega.Visita = 1000, 450, 1
	poner(
		entregada,
		"entregado",
		nil,
		a,
		"preprocesar",
		"esperar_pago",
		"autorizar",
		"aceptar",
		"confirmar",
		"despachar",
		"entregar",
		"devolucion_pedida",
	)
	l.dichos[entregada].Reembolsos["r-1"] = 450
	l.dichos[entregada].Devoluciones["r-1"] = "pedida"
	l.dichos[entregada].Devuelto[1] = 450
	proximo := enMinutos(121)
	b := documento{
		Intento:  2,
		Visitas:  1,
		Intentos: []intento{hecho(uno, 1, true), hecho(uno, 2, false)},
	}
	b.Pago.Cobrado, b.Entrega.Visita = 1000, 1
	poner(
		confirmada,
		"confirmado",
		&proximo,
		b,
		"preprocesar",
		"fallar",
		"reintentar",
		"preprocesar",
		"autorizar",
		"aceptar",
		"confirmar",
	)
	l.dichos[confirmada].Totales[2] = 1000
	poner(
		cancelada,
		"cancelado",
		nil,
		documento{Intento: 1, Intentos: []intento{hecho(uno, 1, true)}},
		"cancelar",
	)
	l.dichos[cancelada].Cancelado = true
	conDinero(l)
	conBienes(l)
	conCamiones(l)
	return l
}

func conDinero(libros *libros) {
	libros.cobros = []cobro{
		{
			ID:          "c-a",
			Pedido:      entregada,
			Intento:     1,
			Cliente:     "eva",
			Metodo:      "efectivo",
			Estado:      "cobrado",
			Orden:       "g-a",
			Monto:       1000,
			Cobrado:     1000,
			Reembolsado: 450,
		},
		{
			ID:      "c-b1",
			Pedido:  confirmada,
			Intento: 1,
			Cliente: "eva",
			Metodo:  "efectivo",
			Estado:  "rechazado",
			Orden:   "g-b1",
			Monto:   1000,
		},
		{
			ID:      "c-b2",
			Pedido:  confirmada,
			Intento: 2,
			Cliente: "eva",
			Metodo:  "efectivo",
			Estado:  "cobrado",
			Orden:   "g-b2",
			Monto:   1000,
			Cobrado: 1000,
			Creado:  mediodia,
		},
	}
	libros.reembolsos = []reembolsoCobro{
		{Cobro: "c-a", ID: "r-1", Estado: "hecho", Ajeno: "REF1", Monto: 450},
	}
	libros.ordenesDePago = []ordenDePago{
		{
			ID:          "g-a",
			Referencia:  referencia(entregada, 1),
			Estado:      "processed",
			Cobrado:     1000,
			Reembolsado: 450,
			Reembolsos:  map[string]int64{"REF1": 450},
		},
		{ID: "g-b1", Referencia: referencia(confirmada, 1), Estado: "failed"},
		{ID: "g-b2", Referencia: referencia(confirmada, 2), Estado: "processed", Cobrado: 1000},
	}
}

// conBienes: 10 came in a lot that keeps for ten days, 2 and 2 were sold.
func conBienes(libros *libros) {
	saco := func(n int64) []toma { return []toma{{Lote: "L1", Vence: dia(10), Cantidad: n}} }
	libros.movimientos["m-1"] = movimiento{
		ID:       "m-1",
		Producto: harina,
		Deposito: centro,
		Cantidad: 10,
		Tomas:    saco(10),
		En:       mediodia,
	}
	for _, v := range []struct {
		id     string
		pedido string
	}{{id: entregada + ":1:" + harina, pedido: entregada}, {id: confirmada + ":2:" + harina, pedido: confirmada}} {
		libros.movimientos[v.id] = movimiento{
			ID:       v.id,
			Producto: harina,
			Deposito: centro,
			Cantidad: -2,
			Pedido:   v.pedido,
			Tomas:    saco(2),
			En:       enMinutos(5),
		}
	}
	libros.existencias = []existencia{{Producto: harina, Deposito: centro, Libre: 6,
		Lotes: []lote{{ID: "L1", Vence: dia(10), Libre: 6}}}}
	libros.dichoStock = []movimientoDicho{
		{ID: "m-1", Producto: harina, Cantidad: 10, Por: "almacen"},
	}
}

func conCamiones(libros *libros) {
	carga := cupo{Peso: 500, Volumen: 500, Minutos: 10, Visitas: 1}
	lleno := cupo{Peso: 1000, Volumen: 1000, Minutos: 240, Visitas: 1}
	libros.turnos = []turno{
		{
			ID:        "t-1",
			Camion:    "k",
			Estado:    "salio",
			Inicio:    enMinutos(0),
			Fin:       enMinutos(240),
			Franja:    4 * time.Hour,
			Capacidad: lleno,
		},
		{
			ID:        "t-2",
			Camion:    "k",
			Estado:    "abierto",
			Inicio:    enMinutos(1440),
			Fin:       enMinutos(1680),
			Franja:    4 * time.Hour,
			Capacidad: lleno,
			Usado:     carga,
			Tramos:    [6]int64{10},
		},
	}
	libros.visitas = []visita{
		{
			ID:       "v-a",
			Pedido:   entregada,
			Intento:  1,
			Numero:   1,
			Turno:    "t-1",
			Camion:   "k",
			Deposito: centro,
			Estado:   "entregada",
			Cupo:     carga,
			Hasta:    enMinutos(240),
			Salio:    true,
		},
		{
			ID:       "v-b",
			Pedido:   confirmada,
			Intento:  2,
			Numero:   1,
			Turno:    "t-2",
			Camion:   "k",
			Deposito: centro,
			Estado:   "firme",
			Cupo:     carga,
			Hasta:    enMinutos(1680),
		},
	}
}
