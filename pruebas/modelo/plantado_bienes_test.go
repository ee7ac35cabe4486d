package modelo

import "slices"

// Movements of the two sales.
const (
	ventaA = entregada + ":1:" + harina
	ventaB = confirmada + ":2:" + harina
)

// mueve changes a movement.
func mueve(libros *libros, id string, f func(*movimiento)) {
	m := libros.movimientos[id]
	m.Tomas = slices.Clone(m.Tomas)
	f(&m)
	libros.movimientos[m.ID] = m
}

// deBienes are faults of goods, and of room in trucks.
var deBienes = map[string]plantada{
	"stock that nobody brought": {regla: "stock", dice: "lie there", falla: func(l *libros) {
		l.existencias[0].Lotes[0].Libre, l.existencias[0].Libre = 7, 7
	}},
	"stock below zero": {regla: "stock", dice: "has -1", falla: func(l *libros) {
		l.existencias[0].Lotes[0].Libre, l.existencias[0].Libre = -1, -1
	}},
	"a row that says less": {regla: "stock", dice: "by its row", falla: func(l *libros) {
		l.existencias[0].Libre = 5
	}},
	"a lot that changed its name": {regla: "stock", dice: "lot L2", falla: func(l *libros) {
		l.existencias[0].Lotes[0].ID = "L2"
	}},
	"a movement out of other lots": {
		regla: "stock",
		dice:  "its lots are 1",
		falla: func(l *libros) {
			mueve(l, ventaA, func(m *movimiento) { m.Tomas[0].Cantidad = 1 })
		},
	},
	"a movement told in two ways": {
		regla: "stock",
		dice:  "in two ways",
		falla: func(l *libros) {
			l.dobles = []string{ventaA}
		},
	},
	"stock that is lost whole": {
		regla: "stock",
		dice:  "nothing lies there",
		falla: func(l *libros) {
			l.existencias = nil
		},
	},
	"a tombstone forgotten": {
		regla: "stock",
		dice:  "which needs them no more",
		falla: func(l *libros) {
			e := &l.existencias[0]
			e.Lotes[0].Libre, e.Libre = 4, 4
			e.Reservas = []reserva{{Pedido: cancelada, Intento: 1, Vuelta: 1, Cantidad: 2,
				Tomas: []toma{{Lote: "L1", Vence: dia(10), Cantidad: 2}}}}
		},
	},
	"a sale that is not there": {regla: "ventas", dice: "bought 0", falla: func(l *libros) {
		delete(l.movimientos, ventaB)
	}},
	"a cancelled order has bought": {regla: "ventas", dice: "bought 2", falla: func(l *libros) {
		mueve(l, ventaB, func(m *movimiento) {
			delete(l.movimientos, m.ID)
			m.Pedido = cancelada
			m.ID = cancelada + ":1:" + harina
		})
	}},
	"a delivered order gave back": {regla: "ventas", dice: "came back", falla: func(l *libros) {
		mueve(l, ventaA, func(m *movimiento) { m.ID, m.Cantidad = ventaA+":vuelta", 3 })
	}},
	"sold to no order": {regla: "ventas", dice: "of no order", falla: func(l *libros) {
		mueve(l, ventaA, func(m *movimiento) { m.Pedido = "otro" })
	}},
	"a product that is no line": {
		regla: "ventas",
		dice:  "none of its lines",
		falla: func(l *libros) {
			mueve(l, ventaA, func(m *movimiento) { m.Producto = "sal" })
		},
	},
	"an expired lot sold": {
		regla: "vencidos",
		dice:  "was sold 2 of lot L1",
		falla: func(l *libros) {
			mueve(l, ventaA, func(m *movimiento) { m.Tomas[0].Vence = dia(-1) })
		},
	},
	"what came back is thrown away after its date, which is no fault": {falla: func(l *libros) {
		vieja := []toma{{Lote: "L1", Vence: dia(10), Cantidad: 1}}
		for id, n := range map[string]int64{ventaA + ":devuelto": 1, ventaA + ":devuelto:descarte": -1} {
			l.movimientos[id] = movimiento{
				ID:       id,
				Producto: harina,
				Deposito: centro,
				Pedido:   entregada,
				Cantidad: n,
				Tomas:    vieja,
				En:       *dia(12),
			}
		}
	}},
	"an expired sale that is called thrown away": {
		regla: "vencidos",
		dice:  "was sold 2 of lot L1",
		falla: func(l *libros) {
			mueve(l, ventaA, func(m *movimiento) {
				delete(l.movimientos, m.ID)
				m.ID += ":descarte"
				m.Tomas[0].Vence = dia(-1)
			})
		},
	},
	"expired before its window": {
		regla: "vencidos",
		dice:  "for a window",
		falla: func(l *libros) {
			mueve(l, ventaB, func(m *movimiento) { m.Tomas[0].Vence = dia(0) })
		},
	},
	"a shift over its capacity": {regla: "lugar", dice: "carries", falla: func(l *libros) {
		l.turnos[1].Capacidad.Peso = 400
	}},
	"a truck that left too full": {regla: "lugar", dice: "left with", falla: func(l *libros) {
		l.turnos[0].Capacidad.Peso = 400
	}},
	"a shift that lost a visit": {regla: "lugar", dice: "is taken", falla: func(l *libros) {
		l.turnos[1].Usado = cupo{}
	}},
	"minutes in the wrong window": {regla: "lugar", dice: "by window", falla: func(l *libros) {
		l.turnos[1].Tramos = [6]int64{0, 10}
	}},
	"a window over its length": {
		regla: "lugar",
		dice:  "minutes in window 0",
		falla: func(l *libros) {
			l.turnos[1].Tramos[0], l.visitas[1].Cupo.Minutos = 500, 500
		},
	},
	"two shifts at one time": {regla: "lugar", dice: "before shift", falla: func(l *libros) {
		l.turnos[1].Inicio = enMinutos(200)
	}},
	"an order without its visit": {
		regla: "visitas",
		dice:  "has the visits",
		falla: func(l *libros) {
			l.visitas = l.visitas[:1]
		},
	},
	"an order with two visits": {
		regla: "visitas",
		dice:  "has the visits",
		falla: func(l *libros) {
			l.visitas = append(l.visitas, l.visitas[1])
		},
	},
	"an order delivered twice": {
		regla: "visitas",
		dice:  "delivered 2 times",
		falla: func(l *libros) {
			l.visitas = append(l.visitas, l.visitas[0])
		},
	},
	"room for an order that is over": {
		regla: "visitas",
		dice:  "is cancelado",
		falla: func(l *libros) {
			v := l.visitas[1]
			v.Pedido = cancelada
			l.visitas = append(l.visitas, v)
		},
	},
	"room for no order": {regla: "visitas", dice: "is no order", falla: func(l *libros) {
		v := l.visitas[1]
		v.Pedido = "otro"
		l.visitas = append(l.visitas, v)
	}},
}
