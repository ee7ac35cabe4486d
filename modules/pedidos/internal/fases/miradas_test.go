package fases

import (
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/pedido"
)

// TestMiradas: an order at rest looks at a neighbour when news is expected, and then after pauses that grow
// with its wait.
func TestMiradas(t *testing.T) {
	const hora = time.Hour
	const visita, pago = 30 * time.Minute, 10 * time.Minute // shortest pauses
	p := pedidoNuevo()
	p.Cambio, p.Entrega.Salida, p.Entrega.Desde = t0, t0.Add(48*time.Hour), t0.Add(50*time.Hour)
	sinPlan := pedidoNuevo()
	sinPlan.Cambio = t0
	for nombre, x := range map[string]struct {
		mirada mirada
		p      *pedido.Pedido
		tras   time.Duration // after t0
		pausa  time.Duration
	}{
		"days before it leaves":          {mirada: tiempos.mirarSalida, p: p, pausa: 48*hora + visita},
		"just before it leaves":          {mirada: tiempos.mirarSalida, p: p, tras: 47 * hora, pausa: hora + visita},
		"it should have left":            {mirada: tiempos.mirarSalida, p: p, tras: 48 * hora, pausa: visita},
		"it should have left long since": {mirada: tiempos.mirarSalida, p: p, tras: 56 * hora, pausa: 2 * hora},
		"no plan at all":                 {mirada: tiempos.mirarSalida, p: sinPlan, tras: 4 * hora, pausa: hora},
		"before its window":              {mirada: tiempos.mirarResultado, p: p, tras: 48 * hora, pausa: 2*hora + visita},
		"within its window":              {mirada: tiempos.mirarResultado, p: p, tras: 51 * hora, pausa: visita},
		"after its window":               {mirada: tiempos.mirarResultado, p: p, tras: 58 * hora, pausa: 2 * hora},
		"a payment just made":            {mirada: tiempos.mirarPago, p: p, tras: time.Minute, pausa: pago},
		"a payment of yesterday":         {mirada: tiempos.mirarPago, p: p, tras: 24 * hora, pausa: 6 * hora},
		"a retry": {mirada: tiempos.mirarReintento, p: p, tras: hora,
			pausa: tiempos.Reintento - hora},
	} {
		ahora := t0.Add(x.tras)
		if d := x.mirada(x.p, ahora).Sub(ahora); d != x.pausa {
			t.Errorf("%s: looked at after %s, want %s", nombre, d, x.pausa)
		}
	}
}

// TestFewLooksAtRest bounds the looks of an order that rests for days without a notice.
func TestFewLooksAtRest(t *testing.T) {
	for nombre, x := range map[string]struct {
		nuevo   func() *pedido.Pedido
		vecinos func(m *mundo)
		en      pedido.Estado
		hasta   time.Duration // from there on
		miradas int           // at most
	}{
		"confirmado, its truck leaves in a day": {nuevo: pedidoNuevo, en: pedido.Confirmado, hasta: 22 * time.Hour},
		"confirmado, its truck does not leave": {nuevo: pedidoNuevo, en: pedido.Confirmado, hasta: 50 * time.Hour,
			vecinos: func(m *mundo) { m.rutas.sale = false }, miradas: 15},
		"pago_pendiente": {nuevo: enVale, en: pedido.PagoPendiente, hasta: 27 * time.Hour,
			vecinos: func(m *mundo) { m.pagos.pagada = t0.Add(1000 * time.Hour) }, miradas: 20},
		"fallido": {nuevo: pedidoNuevo, en: pedido.Fallido, hasta: 23 * time.Hour,
			vecinos: func(m *mundo) { m.responde(dice("pagos.Autorizar", pagos.ErrRechazado)) }, miradas: 2},
	} {
		m := nuevoMundo(t)
		if x.vecinos != nil {
			x.vecinos(m)
		}
		p := m.llegar(x.nuevo(), x.en)
		fin, n := m.ahora.Add(x.hasta), 0
		for ; p.Estado == x.en && !p.Debe.After(fin); n++ {
			if p.Debe.After(m.ahora) {
				m.ahora = *p.Debe
			}
			if err := m.paso(p); err != nil {
				t.Fatal(err)
			}
		}
		if n > x.miradas || p.Estado != x.en {
			t.Errorf(
				"%s: looked at %d times, want %d at most; then it is %s",
				nombre,
				n,
				x.miradas,
				p.Estado,
			)
		}
	}
}
