package fases

import (
	"errors"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/fault"
	"despensa/platform/skew"
)

// Tiempos is every timer and deadline of an order.
type Tiempos struct {
	MirarPago, MirarVisita           time.Duration // shortest pauses between the own looks of orders at rest
	EsperaMinima, EsperaMaxima       time.Duration // backoff of what the customer cannot mend
	Efectivo, Transferencia, Tarjeta time.Duration // how long a payment may stay undecided
	Pasarela, SinCamion              time.Duration // how long neighbours may be of no use
	Reintento                        time.Duration // how long a fallido order waits for its customer
	Salida, Reparto                  time.Duration // after the promised window: no departure, no outcome
	IntentosEntrega                  int64         // visits that may fail before the order comes back
}

// pausa is the pause before try n+1: doubling, bounded.
func (t Tiempos) pausa(n int64) time.Duration {
	d := t.EsperaMinima
	for ; n > 0 && d < t.EsperaMaxima; n-- {
		d *= 2
	}
	return min(d, t.EsperaMaxima)
}

// limitePago is until when the payment may stay undecided: a time of the method's own
// from the beginning of the intento, and before the promised window's loading.
func (t Tiempos) limitePago(p *pedido.Pedido) time.Time {
	m := pagos.Metodo(p.Pago.Metodo)
	limite := inicio(p).Add(t.plazoPago(m))
	if p.Ventana != nil && m.Lento() {
		limite = antes(limite, p.Ventana.Desde.Add(-margenCarga))
	}
	return pedido.Instante(limite)
}

// plazoPago is how long a payment by m may stay undecided.
func (t Tiempos) plazoPago(m pagos.Metodo) time.Duration {
	switch m {
	case pagos.Efectivo:
		return t.Efectivo
	case pagos.Transferencia:
		return t.Transferencia
	}
	return t.Tarjeta
}

// inicio is when the present intento began: no later than the last step, whose time enHora corrects.
func inicio(p *pedido.Pedido) time.Time {
	for i := len(p.Eventos) - 1; i >= 0; i-- {
		if e := p.Eventos[i]; e.A == pedido.Creado && e.Intento == p.Intento {
			return antes(e.En, p.Cambio)
		}
	}
	return antes(p.Creado, p.Cambio)
}

// horizonte is how long after the last step of an order a window can end: all that rutas lets be booked, for each of
// the visits that follow each other.
const horizonte = 180 * 24 * time.Hour

// entrega is the end of a window of p's visit. One that a clock has booked which was ahead is waited for no longer than
// horizonte.
func entrega(p *pedido.Pedido, hasta time.Time) time.Time {
	return despues(p.Cambio, antes(hasta, p.Cambio.Add(horizonte)))
}

// Larga is the longest that an order in e rests before it is looked at again. One that is due further away was
// written by a clock that was ahead.
func (t Tiempos) Larga(e pedido.Estado) time.Duration {
	larga := max(t.MirarPago, t.MirarVisita, t.EsperaMinima, t.EsperaMaxima)
	switch e {
	case pedido.PagoPendiente:
		return max(larga, t.Efectivo, t.Transferencia, t.Tarjeta)
	case pedido.Confirmado:
		return horizonte + max(larga, t.Salida)
	case pedido.EnReparto:
		return horizonte + max(larga, t.Reparto)
	case pedido.Fallido:
		return max(larga, t.Reintento)
	}
	return larga
}

// enHora corrects what a clock has written into p that was ahead of ahora. A wait whose deadline is further away than
// the longest wait of its kind begins anew.
func (t Tiempos) enHora(p *pedido.Pedido, ahora time.Time) {
	p.PonerEnHora(ahora, t.EsperaMaxima)
	if len(p.Esperado) > 0 && p.Plazo != nil && p.Plazo.After(skew.Limit(ahora, max(t.Pasarela, t.SinCamion))) {
		p.DejarDeEsperar()
	}
}

// limiteSalida is until when a confirmed order may stand without a departure, whether it
// has a visit or not.
func (t Tiempos) limiteSalida(p *pedido.Pedido) time.Time {
	return pedido.Instante(entrega(p, p.Entrega.Hasta).Add(t.Salida))
}

// limiteReparto is until when an order on its way, or a visit that has left with an order
// that is over, may be without an outcome.
func (t Tiempos) limiteReparto(p *pedido.Pedido) time.Time {
	return pedido.Instante(entrega(p, p.Entrega.Hasta).Add(t.Reparto))
}

// limiteReintento is until when a fallido order may be retried.
func (t Tiempos) limiteReintento(p *pedido.Pedido) time.Time {
	return pedido.Instante(p.Cambio.Add(t.Reintento))
}

// Despues puts an order off after an error that no contract names, a panic, or a result that
// the order refuses: bounded backoff, and the deadline of its estado. Undoing has none.
func (t Tiempos) Despues(p *pedido.Pedido, ahora time.Time) error {
	return t.aplazar(p, ahora, t.pausa(p.Esperas))
}

// SinAlmacen puts an order off while a store that the phase needs is away: the pause does not
// grow, so that the order goes on within seconds of the store's return.
func (t Tiempos) SinAlmacen(p *pedido.Pedido, ahora time.Time) error {
	return t.aplazar(p, ahora, min(4*t.EsperaMinima, t.EsperaMaxima))
}

// tras is the Resultado of a phase that failed with err.
func (t Tiempos) tras(err error) Resultado {
	if errors.Is(err, fault.ErrAlmacen) {
		return t.SinAlmacen
	}
	return t.Despues
}

func antes(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func despues(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
