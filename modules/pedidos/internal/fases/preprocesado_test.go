package fases

import (
	"testing"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/reservas"
	"despensa/modules/rutas"
	"despensa/platform/fault"
)

func dice(llamada string, err error) map[string]error { return map[string]error{llamada: err} }

// TestElegirDeposito: an order in creado, before it has a depot, by each answer of its neighbours.
func TestElegirDeposito(t *testing.T) {
	sinLugar := func(m *mundo, _ *pedido.Pedido) { m.rutas.llenos = map[string]bool{"norte": true, "sur": true} }
	probar(t, pedidoNuevo, pedido.Creado, map[string]prueba{
		"a depot is chosen": {estado: pedido.Creado},
		"no stock": {antes: func(m *mundo, _ *pedido.Pedido) { m.stock.libre = nil },
			estado: pedido.Fallido, motivo: MotivoSinStock},
		"a product is not sold any more": {
			antes:  func(m *mundo, _ *pedido.Pedido) { m.sinVenta = true },
			estado: pedido.Fallido,
			motivo: MotivoProducto,
		},
		"no room": {antes: sinLugar, estado: pedido.Creado, espera: time.Second,
			acaba: fin{
				estado: pedido.Fallido,
				motivo: MotivoSinCamion,
				tras:   tiempos.SinCamion,
			}},
		"no room in the window": {antes: func(m *mundo, p *pedido.Pedido) {
			sinLugar(m, p)
			p.Ventana = &pedido.Ventana{}
		},
			estado: pedido.Fallido,
			motivo: MotivoVentana},
		"out of the area": {
			dice:   dice("rutas.Ofrecer", rutas.ErrFueraDeArea),
			estado: pedido.Fallido,
			motivo: MotivoArea,
		},
		"rutas fails": {
			dice:   dice("rutas.Ofrecer", errCaso),
			estado: pedido.Creado,
			espera: time.Second,
			err:    errCaso,
			acaba:  fin{estado: pedido.Fallido, motivo: MotivoFalla, tras: tiempos.SinCamion},
		},
		"the catalogue fails": {dice: dice("Productos.Leer", errCaso),
			estado: pedido.Creado, espera: time.Second, err: errCaso},
		"the store is away": {dice: dice("Stock.Surtido", fault.ErrStoreAway),
			estado: pedido.Creado, espera: 4 * time.Second,
			err: fault.ErrStoreAway, acaba: fin{estado: pedido.Fallido, motivo: MotivoFalla, tras: tiempos.SinCamion}},
	})
}

// TestReservarStock: an order in creado, at its depot, by each answer of its neighbours.
func TestReservarStock(t *testing.T) {
	elegido := func(m *mundo, p *pedido.Pedido) { _ = m.paso(p) }
	probar(t, pedidoNuevo, pedido.Creado, map[string]prueba{
		"reserved": {antes: elegido, estado: pedido.Preprocesado},
		"short": {
			antes:  elegido,
			dice:   dice("Stock.Reservar", existencias.ErrFalta),
			estado: pedido.Creado,
		},
		"too late": {
			antes:  elegido,
			dice:   dice("Stock.Reservar", reservas.ErrLiberada),
			estado: pedido.Creado,
		},
		"too many reservations": {
			antes:  elegido,
			dice:   dice("Stock.Reservar", existencias.ErrLleno),
			estado: pedido.Creado,
			espera: time.Second,
			acaba: fin{
				estado: pedido.Fallido,
				motivo: MotivoSinStock,
				tras:   tiempos.SinCamion,
			},
		},
		"the service of stock fails": {
			antes:  elegido,
			dice:   dice("Stock.Reservar", errCaso),
			estado: pedido.Creado,
			espera: time.Second,
			err:    errCaso,
			acaba: fin{estado: pedido.Fallido, motivo: MotivoFalla,
				tras: tiempos.SinCamion},
		},
		"what it had kept cannot be released": {antes: elegido,
			dice: map[string]error{"Stock.Reservar": existencias.ErrFalta,
				"Stock.Liberar": errCaso}, estado: pedido.Creado, espera: time.Second, err: errCaso},
	})
}

// TestOtroDeposito: a depot that is short is released before the next one is tried.
func TestOtroDeposito(t *testing.T) {
	m, p := nuevoMundo(t), pedidoNuevo()
	dicen("Stock.Reservar", existencias.ErrFalta, 1)(m)
	m.llegar(p, pedido.Preprocesado)
	vs := p.Actual().Vueltas
	if len(vs) != 2 || !vs[0].Cerrada || !vs[0].Falta || vs[1].Deposito != "sur" ||
		m.stock.libre["norte"] != 10 {
		t.Errorf("depots tried: %+v; free: %v", vs, m.stock.libre)
	}
}
