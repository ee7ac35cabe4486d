package fases

import (
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/skew"
)

const cuatroAnios = 4 * 365 * 24 * time.Hour

// debido reports whether ped would be claimed at the world's time: it is due, or due later than any order in its
// estado.
func (m *mundo) debido(ped *pedido.Pedido) bool {
	return ped.Debe != nil &&
		(!ped.Debe.After(m.ahora) || ped.Debe.After(skew.Limit(m.ahora, tiempos.Larga(ped.Estado))))
}

// TestAClockThatWasAhead: an order began to wait while the clock said 2030. Once the clock is right again, it
// has the deadline of a wait that begins now.
func TestAClockThatWasAhead(t *testing.T) {
	nunca := func(m *mundo) { m.pagos.pagada = t0.Add(2 * cuatroAnios) }
	tests := map[string]struct {
		nuevo   func() *pedido.Pedido
		en      pedido.Estado
		vecinos func(m *mundo)
		falla   map[string]error // the answers of the neighbours from en on
		plazo   time.Duration
	}{
		"creado": {nuevo: pedidoNuevo, en: pedido.Creado,
			falla: map[string]error{"Productos.Leer": errCaso}, plazo: tiempos.SinCamion},
		"preprocesado": {nuevo: pedidoNuevo, en: pedido.Preprocesado,
			falla: map[string]error{
				"pagos.Autorizar": pagos.ErrSinPasarela,
			},
			plazo: tiempos.Pasarela},
		"pago_pendiente": {
			nuevo:   enVale,
			en:      pedido.PagoPendiente,
			vecinos: nunca,
			plazo:   tiempos.Efectivo,
		},
		"fallido": {nuevo: pedidoNuevo, en: pedido.Fallido, vecinos: func(m *mundo) {
			m.responde(map[string]error{"pagos.Autorizar": pagos.ErrRechazado})
		},
			plazo: tiempos.Reintento},
		"aceptado": {nuevo: pedidoNuevo, en: pedido.Aceptado,
			falla: map[string]error{
				"pagos.Capturar": pagos.ErrSinPasarela,
			},
			plazo: tiempos.Pasarela},
		"confirmado": {
			nuevo:   pedidoNuevo,
			en:      pedido.Confirmado,
			vecinos: func(m *mundo) { m.rutas.sale = false },
			plazo:   horizonte + tiempos.Salida,
		},
	}
	for nombre, x := range tests {
		t.Run(nombre, func(t *testing.T) {
			m := nuevoMundo(t)
			if x.vecinos != nil {
				x.vecinos(m)
			}
			m.ahora = t0.Add(cuatroAnios)
			p := x.nuevo()
			p.Creado, p.Cambio, p.Eventos[0].En, p.Ventana = m.ahora, m.ahora, m.ahora, nil
			p.Deber(m.ahora)
			m.llegar(p, x.en)
			if x.falla != nil {
				m.responde(x.falla)
			}
			_ = m.paso(p) // the order waits until 2030

			m.ahora = t0
			if !m.debido(p) {
				t.Fatalf("it is not due before %s", p.Debe)
			}
			for n := 0; p.Estado == x.en; n++ {
				if !m.debido(p) {
					m.ahora = *p.Debe
				}
				if _ = m.paso(p); n > 200_000 {
					t.Fatalf("it goes round and round at %s", m.ahora)
				}
			}
			if d := m.ahora.Sub(t0); d < x.plazo || d > x.plazo+time.Minute {
				t.Errorf(
					"it went on to %s (%s) after %s, want %s",
					p.Estado,
					p.Motivo,
					d,
					x.plazo,
				)
			}
		})
	}
}

// TestLawfulWaits: an order that waits within its deadlines is not claimed before its time, and keeps its
// deadlines.
func TestLawfulWaits(t *testing.T) {
	tests := map[string]struct {
		estado pedido.Estado
		debe   time.Duration
		lejos  bool
	}{
		"a retry's day": {estado: pedido.Fallido, debe: tiempos.Reintento},
		"more than a retry's day": {
			estado: pedido.Fallido,
			debe:   tiempos.Reintento + 2*skew.Slack,
			lejos:  true,
		},
		"a look at a visit": {estado: pedido.Confirmado, debe: tiempos.MirarVisita},
		"another replica's clock": {
			estado: pedido.Confirmado,
			debe:   tiempos.MirarVisita + skew.Slack,
		},
		"a window a month away": {estado: pedido.Confirmado, debe: 30 * 24 * time.Hour},
		"a window a year away": {
			estado: pedido.Confirmado,
			debe:   365 * 24 * time.Hour,
			lejos:  true,
		},
		"an outcome": {estado: pedido.EnReparto, debe: 24 * time.Hour},
		"an outcome in a year": {
			estado: pedido.EnReparto,
			debe:   365 * 24 * time.Hour,
			lejos:  true,
		},
		"a voucher's days": {estado: pedido.PagoPendiente, debe: tiempos.Efectivo},
		"more than a voucher's days": {
			estado: pedido.PagoPendiente,
			debe:   tiempos.Efectivo + 2*skew.Slack,
			lejos:  true,
		},
		"a new order, due in a day": {
			estado: pedido.Creado,
			debe:   24 * time.Hour,
			lejos:  true,
		},
		"a backoff":                   {estado: pedido.Autorizado, debe: tiempos.EsperaMaxima},
		"undoing that has been tried": {estado: pedido.Cancelado, debe: tiempos.EsperaMaxima},
	}
	for nombre, x := range tests {
		t.Run(nombre, func(t *testing.T) {
			p := pedidoNuevo()
			p.Estado = x.estado
			p.Deber(t0.Add(x.debe))
			if lejos := (&mundo{ahora: t0}).debido(p); lejos != x.lejos {
				t.Errorf("claimed: %v, want %v", lejos, x.lejos)
			}
		})
	}
	p := pedidoNuevo()
	p.Estado, p.Entrega.Hasta = pedido.Confirmado, t0.Add(14*24*time.Hour)
	p.Esperar(esperaCamion, tiempos.SinCamion, t0)
	antes := *p.Plazo
	tiempos.enHora(p, t0)
	if !p.Plazo.Equal(antes) || !p.Cambio.Equal(t0) ||
		!tiempos.limiteSalida(p).Equal(p.Entrega.Hasta.Add(tiempos.Salida)) {
		t.Errorf(
			"a window two weeks away: plazo %s, cambio %s, departure until %s",
			p.Plazo,
			p.Cambio,
			tiempos.limiteSalida(p),
		)
	}
}
