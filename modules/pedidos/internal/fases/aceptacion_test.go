package fases

import (
	"testing"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
)

// antesDeAceptar is the estado in which a visit is booked.
var antesDeAceptar = antesDe(pedido.Aceptar)

// antesDe is the last estado from which paso leads on.
func antesDe(paso pedido.Paso) pedido.Estado {
	for _, t := range pedido.Maquina() {
		if t.Paso == paso {
			return t.De[len(t.De)-1]
		}
	}
	return ""
}

// soloNorte: the order's depot is the only one with stock.
func soloNorte(mundo *mundo, _ *pedido.Pedido) { delete(mundo.stock.libre, "sur") }

// TestAceptarPagado: an order whose slow payment has come takes another window, or a later truck, rather than
// none.
func TestAceptarPagado(t *testing.T) {
	esperaCamion := fin{
		estado: pedido.Fallido,
		motivo: MotivoSinCamion,
		tras:   tiempos.SinCamion,
	}
	probar(t, enVale, antesDeAceptar, map[string]prueba{
		"booked": {estado: pedido.Aceptado},
		"no room, another depot": {
			dice:   dice("rutas.Reservar", rutas.ErrSinLugar),
			estado: antesDeAceptar,
		},
		"no room, no other depot": {
			antes:  soloNorte,
			dice:   dice("rutas.Reservar", rutas.ErrSinLugar),
			estado: antesDeAceptar,
			espera: time.Second,
			acaba:  esperaCamion,
		},
		"no window": {antes: soloNorte, dice: dice("rutas.Reservar", rutas.ErrVentana),
			estado: antesDeAceptar, espera: time.Second, acaba: esperaCamion},
		"out of the area where the visit is booked": {
			antes:  soloNorte,
			dice:   dice("rutas.Reservar", rutas.ErrFueraDeArea),
			estado: antesDeAceptar,
			espera: time.Second,
			acaba:  esperaCamion,
		},
		"out of the area altogether": {
			dice: map[string]error{"rutas.Reservar": rutas.ErrFueraDeArea,
				"rutas.Ofrecer": rutas.ErrFueraDeArea},
			estado: antesDeAceptar,
			espera: time.Second,
			acaba:  esperaCamion,
		},
		"a booking number that is spent": {
			dice:   dice("rutas.Reservar", rutas.ErrLiberada),
			estado: antesDeAceptar,
			acaba:  esperaCamion,
		},
		"rutas fails": {dice: dice("rutas.Reservar", errCaso),
			estado: antesDeAceptar, espera: time.Second, err: errCaso,
			acaba: fin{estado: pedido.Fallido, motivo: MotivoFalla, tras: tiempos.SinCamion}},
		"the stock is full": {
			antes:  func(m *mundo, _ *pedido.Pedido) { m.stock.reservado = map[string]int64{} },
			dice:   dice("Stock.Reservar", existencias.ErrLleno),
			estado: antesDeAceptar,
			espera: time.Second,
			acaba: fin{
				estado: pedido.Fallido,
				motivo: MotivoSinStock,
				tras:   tiempos.SinCamion,
			},
		},
	})
}

// TestAceptarEnSuVentana: an order paid by card for a chosen window does not wait for another window.
func TestAceptarEnSuVentana(t *testing.T) {
	enVentana := func() *pedido.Pedido {
		p := pedidoNuevo()
		p.Ventana = enVale().Ventana
		return p
	}
	probar(t, enVentana, antesDeAceptar, map[string]prueba{
		"booked": {estado: pedido.Aceptado},
		"no room": {antes: soloNorte, dice: dice("rutas.Reservar", rutas.ErrSinLugar),
			estado: pedido.Fallido, motivo: MotivoVentana},
		"out of the area": {
			antes:  soloNorte,
			dice:   dice("rutas.Reservar", rutas.ErrFueraDeArea),
			estado: pedido.Fallido,
			motivo: MotivoVentana,
		},
	})
}

// TestCambioDeDepositoInterrumpido (A9): the stock at the first depot is released, and then the call of rutas
// fails. Meanwhile that depot has room again. The order is confirmed with goods that it has reserved.
func TestCambioDeDepositoInterrumpido(t *testing.T) {
	for nombre, x := range map[string]struct {
		dice   string
		estado pedido.Estado
		luego  func(m *mundo)
	}{
		"rutas fails": {dice: "rutas.Liberar", estado: pedido.Confirmado, luego: func(*mundo) {}},
		"rutas fails, no other depot any more": {
			dice:   "rutas.Liberar",
			estado: pedido.Fallido,
			luego:  func(m *mundo) { delete(m.stock.libre, "sur") },
		},
		"the process ends before the save": {estado: pedido.Confirmado, luego: func(*mundo) {}},
	} {
		t.Run(nombre, func(t *testing.T) {
			m := nuevoMundo(t)
			p := m.llegar(pedidoNuevo(), antesDeAceptar)
			m.rutas.llenos["norte"] = true
			m.responde(dice(x.dice, errCaso))
			if x.dice == "" {
				_, _ = m.hacer(p) // the process dies before the save
			} else {
				_ = m.paso(p)
			}
			m.responde(nil)
			m.rutas.llenos["norte"] = false
			x.luego(m)
			m.llegar(p, x.estado)
			if x.estado == pedido.Fallido {
				m.hasta(p, func() bool { return !porDeshacer(p) })
				p.Estado, p.Motivo = pedido.Rechazado, MotivoSinStock
			} else {
				m.llegar(p, pedido.Entregado)
			}
			m.hasta(p, func() bool { return false })
			if mal := m.cuentas(p); mal != nil {
				t.Error(mal)
			}
		})
	}
}

// TestReservasSeguidas: aceptar reserves the first depot's goods again, unless the phase before was done under
// the same claim.
func TestReservasSeguidas(t *testing.T) {
	for nombre, x := range map[string]struct {
		seguido bool
		estado  pedido.Estado
	}{
		"under the same claim": {seguido: true, estado: pedido.Aceptado},
		"under another claim":  {seguido: false, estado: antesDeAceptar},
	} {
		t.Run(nombre, func(t *testing.T) {
			m := nuevoMundo(t)
			p := m.llegar(pedidoNuevo(), antesDeAceptar)
			p.Seguido = x.seguido
			m.responde(dice("Stock.Reservar", errCaso))
			_ = m.paso(p)
			if p.Estado != x.estado {
				t.Errorf("the order is %s, want %s", p.Estado, x.estado)
			}
		})
	}
}
