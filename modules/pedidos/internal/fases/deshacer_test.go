package fases

import (
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
)

// libros are the neighbours' books: centavos kept, units sold or reserved, and the state of the visit.
type libros struct {
	queda  int64
	stock  int64
	visita rutas.EstadoVisita
}

func (m *mundo) libros() libros {
	return libros{
		queda:  int64(m.pagos.queda()),
		stock:  suma(m.stock.vendido) + suma(m.stock.reservado),
		visita: m.rutas.con()[0],
	}
}

// TestDeshacer: one round of the undoing of a cancelled order, for each answer of its neighbours.
func TestDeshacer(t *testing.T) {
	cobrado := int64(total)
	for nombre, x := range map[string]struct {
		dice   map[string]error
		antes  func(m *mundo, p *pedido.Pedido)
		quedan libros
		resta  bool // something is left to undo
		espera time.Duration
	}{
		"all of it": {quedan: libros{queda: 0, stock: 0, visita: rutas.Liberada}},
		"a silent gateway": {dice: dice("pagos.Anular", pagos.ErrSinPasarela),
			quedan: libros{queda: cobrado, stock: 0, visita: rutas.Liberada}, resta: true, espera: time.Second},
		"a call in flight": {dice: dice("pagos.Anular", pagos.ErrEnCurso),
			quedan: libros{queda: cobrado, stock: 0, visita: rutas.Liberada}, resta: true, espera: time.Second},
		"stock fails": {dice: dice("Stock.Liberar", errCaso),
			quedan: libros{queda: 0, stock: 2, visita: rutas.Liberada}, resta: true, espera: time.Second},
		"rutas fails": {dice: dice("rutas.Liberar", errCaso),
			quedan: libros{queda: 0, stock: 2, visita: rutas.Firme}, resta: true, espera: time.Second},
		"a truck is out": {antes: como(rutas.EnCamino), quedan: libros{queda: 0, stock: 2, visita: rutas.EnCamino},
			resta: true, espera: tiempos.MirarVisita},
		"it was delivered": {antes: como(rutas.Entregada), quedan: libros{queda: 0, stock: 2, visita: rutas.Entregada}},
		"nobody was there": {antes: como(rutas.Fallida), quedan: libros{queda: 0, stock: 0, visita: rutas.Fallida}},
		"its truck has left, and rutas fails": {dice: map[string]error{"rutas.Liberar": rutas.ErrYaSalio,
			"rutas.Visita": errCaso},
			quedan: libros{queda: 0, stock: 2, visita: rutas.EnCamino}, resta: true, espera: time.Second},
		"nothing is heard of the truck until the deadline": {antes: func(m *mundo, p *pedido.Pedido) {
			como(rutas.EnCamino)(m, p)
			acaban(rutas.EnCamino)(m)
			m.ahora = p.Entrega.Hasta.Add(tiempos.Reparto)
		},
			quedan: libros{queda: 0,
				stock:  0,
				visita: rutas.EnCamino}},
	} {
		t.Run(nombre, func(t *testing.T) {
			m := nuevoMundo(t)
			p := m.llegar(pedidoNuevo(), pedido.Confirmado)
			if err := p.CancelarSinEntrega(MotivoSinSalida, m.ahora); err != nil {
				t.Fatal(err)
			}
			if x.antes != nil {
				x.antes(m, p)
			}
			m.responde(x.dice)
			_ = m.paso(p)
			if l := m.libros(); l != x.quedan || porDeshacer(p) != x.resta {
				t.Errorf("left: %+v, want %+v; more to undo: %v", l, x.quedan, porDeshacer(p))
			}
			if espera := max(0, p.Debe.Sub(m.ahora)); espera != x.espera {
				t.Errorf("due in %s, want %s", espera, x.espera)
			}
			if devuelto := p.Pago.Reembolsado == p.Pago.Cobrado; devuelto != (x.quedan.queda == 0) {
				t.Errorf(
					"the order says that %d of %d went back",
					p.Pago.Reembolsado,
					p.Pago.Cobrado,
				)
			}
		})
	}
}

// TestDeshacerSinPlazo: undoing has no deadline, and its pauses grow up to a bound.
func TestDeshacerSinPlazo(t *testing.T) {
	m := nuevoMundo(t)
	p := m.llegar(pedidoNuevo(), pedido.Confirmado)
	_ = p.CancelarSinEntrega(MotivoSinSalida, m.ahora)
	m.responde(dice("pagos.Anular", pagos.ErrSinPasarela))
	for n := range int64(2000) {
		m.ahora = despues(m.ahora, *p.Debe)
		_ = m.paso(p)
		if espera := p.Debe.Sub(m.ahora); espera != tiempos.pausa(n) ||
			p.Estado != pedido.Cancelado ||
			!porDeshacer(p) {
			t.Fatalf("try %d: due in %s, %s", n+1, espera, p.Estado)
		}
	}
}

// TestDeshacerDevuelto: the stock of an order that came back is given back whatever rutas says of its visits.
func TestDeshacerDevuelto(t *testing.T) {
	m := nuevoMundo(t)
	p := m.llegar(pedidoNuevo(), pedido.Entregado)
	if err := devuelve(2)(p, m.ahora); err != nil {
		t.Fatal(err)
	}
	_ = m.paso(p)
	if l := m.libros(); l != (libros{queda: 0, stock: 0, visita: rutas.Entregada}) ||
		porDeshacer(p) {
		t.Errorf("left: %+v", l)
	}
}

// TestReintentoVence: the time in which an order may be retried ends, however long its undoing takes.
func TestReintentoVence(t *testing.T) {
	for nombre, x := range map[string]map[string]error{"undone": nil, "the gateway is away": dice("pagos.Anular",
		pagos.ErrSinPasarela)} {
		t.Run(nombre, func(t *testing.T) {
			m := nuevoMundo(t)
			p := m.llegar(pedidoNuevo(), pedido.Preprocesado)
			_ = p.Fallar(MotivoPago, m.ahora)
			desde := m.ahora
			m.responde(x)
			m.hasta(p, func() bool { return p.Estado != pedido.Fallido })
			tras := m.ahora.Sub(desde) - tiempos.Reintento
			if p.Estado != pedido.Rechazado || tras < 0 || tras > tiempos.EsperaMaxima {
				t.Errorf("%s after %s", p.Estado, tras)
			}
		})
	}
	m := nuevoMundo(t)
	p := m.llegar(pedidoNuevo(), pedido.Preprocesado)
	_ = p.Fallar(MotivoPago, m.ahora)
	_ = p.PedirReintento(pedido.Cambios{Pago: &pedido.Pago{Metodo: "efectivo"}}, m.ahora)
	m.responde(dice("pagos.Anular", pagos.ErrSinPasarela))
	m.hasta(p, func() bool { return m.ahora.After(t0.Add(2 * tiempos.Reintento)) })
	if p.Estado != pedido.Fallido {
		t.Errorf("a retry that was asked for is given up: %s", p.Estado)
	}
}
