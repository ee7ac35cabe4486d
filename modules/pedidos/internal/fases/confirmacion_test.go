package fases

import (
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/reservas"
	"despensa/modules/rutas"
)

// TestConfirmar: the effect of each answer of pagos, Stock and rutas on an order in aceptado.
func TestConfirmar(t *testing.T) {
	silencio := fin{estado: pedido.Fallido, motivo: MotivoPasarela, tras: tiempos.Pasarela}
	falla := fin{estado: pedido.Fallido, motivo: MotivoFalla, tras: tiempos.SinCamion}
	sinCamion := fin{estado: pedido.Fallido, motivo: MotivoSinCamion, tras: tiempos.SinCamion}
	const hastaSalir = 23*time.Hour + 30*time.Minute - 10*time.Millisecond // the truck leaves after 23 h
	perdida := func(m *mundo, _ *pedido.Pedido) {
		for _, v := range m.rutas.visitas {
			v.Estado = rutas.Perdida
		}
	}
	probar(t, pedidoNuevo, pedido.Aceptado, map[string]prueba{
		"confirmed": {estado: pedido.Confirmado, espera: hastaSalir},
		"the money lapsed": {dice: dice("pagos.Capturar", pagos.ErrVencido),
			estado: pedido.Fallido, motivo: MotivoVencido},
		"undone": {dice: dice("pagos.Capturar", pagos.ErrAnulado),
			estado: pedido.Fallido, motivo: MotivoVencido},
		"no charge": {dice: dice("pagos.Capturar", pagos.ErrSinCobro),
			estado: pedido.Fallido, motivo: MotivoVencido},
		"silent gateway": {dice: dice("pagos.Capturar", pagos.ErrSinPasarela),
			estado: pedido.Aceptado, espera: time.Second, acaba: silencio},
		"in flight": {dice: dice("pagos.Capturar", pagos.ErrEnCurso),
			estado: pedido.Aceptado, espera: time.Second, acaba: silencio},
		"undecided": {dice: dice("pagos.Capturar", pagos.ErrPendiente),
			estado: pedido.Aceptado, espera: time.Second, acaba: silencio},
		"pagos fails": {dice: dice("pagos.Capturar", errCaso),
			estado: pedido.Aceptado, espera: time.Second, err: errCaso, acaba: falla},
		"not reserved": {dice: dice("Stock.Vender", existencias.ErrSinReserva),
			estado: pedido.Fallido, motivo: MotivoSinStock},
		"released": {dice: dice("Stock.Vender", reservas.ErrLiberada),
			estado: pedido.Fallido, motivo: MotivoSinStock},
		"stock fails": {dice: dice("Stock.Vender", errCaso),
			estado: pedido.Aceptado, espera: time.Second, err: errCaso, acaba: falla},
		"left behind": {antes: perdida, estado: pedido.Aceptado},
		"always freed": {
			dice:   dice("rutas.Asegurar", rutas.ErrLiberada),
			estado: pedido.Aceptado,
			acaba:  sinCamion,
		},
		"never there": {
			dice:   dice("rutas.Asegurar", rutas.ErrSinVisita),
			estado: pedido.Aceptado,
			acaba:  sinCamion,
		},
		"rutas fails": {dice: dice("rutas.Asegurar", errCaso),
			estado: pedido.Aceptado, espera: time.Second, err: errCaso, acaba: falla},
	})
	otra := func(m *mundo, p *pedido.Pedido) { perdida(m, p); _ = m.paso(p) }
	probar(t, pedidoNuevo, pedido.Aceptado, map[string]prueba{
		"another visit": {
			antes:  otra,
			estado: pedido.Confirmado,
			espera: hastaSalir - 2*time.Millisecond,
		},
		"none: no room": {antes: otra, dice: dice("rutas.Reservar", rutas.ErrSinLugar),
			estado: pedido.Aceptado, espera: 2 * time.Second, acaba: sinCamion},
		"none: no window": {antes: otra, dice: dice("rutas.Reservar", rutas.ErrVentana),
			estado: pedido.Aceptado, espera: 2 * time.Second, acaba: sinCamion},
		"none: out of the area": {
			antes:  otra,
			dice:   dice("rutas.Reservar", rutas.ErrFueraDeArea),
			estado: pedido.Aceptado,
			espera: 2 * time.Second,
			acaba:  sinCamion,
		},
		"its number is freed meanwhile": {
			antes:  otra,
			dice:   dice("rutas.Reservar", rutas.ErrLiberada),
			estado: pedido.Aceptado,
			espera: 2 * time.Second,
			acaba:  sinCamion,
		},
	})
}

// TestCadaEsperaSuPlazo (A16): a wait for a truck has its whole time, even after 29 minutes of a silent
// gateway. Two kinds of wait that take turns end all the same.
func TestCadaEsperaSuPlazo(t *testing.T) {
	m := nuevoMundo(t)
	p := m.llegar(pedidoNuevo(), pedido.Aceptado)
	desde := m.ahora
	m.responde(dice("pagos.Capturar", pagos.ErrSinPasarela))
	m.hasta(p, func() bool { return m.ahora.Sub(desde) > 29*time.Minute })
	m.responde(dice("rutas.Asegurar", rutas.ErrLiberada))
	_ = m.paso(p)
	if queda := p.Plazo.Sub(m.ahora); queda != tiempos.SinCamion || p.Esperas != 1 {
		t.Errorf("the wait for a truck ends in %s, after %d tries", queda, p.Esperas)
	}
	n := 0
	m.dice = func(llamada string) error {
		if llamada == "pagos.Capturar" {
			n++
		}
		return map[bool]map[string]error{true: dice("pagos.Capturar", pagos.ErrSinPasarela),
			false: dice("rutas.Asegurar", rutas.ErrLiberada)}[n%2 == 0][llamada]
	}
	m.hasta(p, func() bool { return p.Estado != pedido.Aceptado })
	if dura := m.ahora.Sub(desde); p.Estado != pedido.Fallido || dura > 2*time.Hour {
		t.Errorf("waits that take turns: %s after %s", p.Estado, dura)
	}
}

// TestDocumentoAnterior: an order that began to wait under an earlier release has a deadline without a kind of
// wait.
func TestDocumentoAnterior(t *testing.T) {
	m := nuevoMundo(t)
	p := m.llegar(pedidoNuevo(), pedido.Aceptado)
	p.Vencer(m.ahora.Add(time.Minute))
	p.Esperas = 9
	m.responde(dice("pagos.Capturar", pagos.ErrSinPasarela))
	_ = m.paso(p)
	fin{
		estado: pedido.Fallido,
		motivo: MotivoPasarela,
		tras:   tiempos.Pasarela,
	}.probar(t, m, p, m.ahora)
}
