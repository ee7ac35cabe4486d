package fases

import (
	"time"

	"despensa/modules/pedidos/internal/pedido"
)

// Tiempos is every timer and deadline of an order.
type Tiempos struct {
	MirarPago, MirarVisita           time.Duration // own timers of orders at rest
	EsperaMinima, EsperaMaxima       time.Duration // backoff of what the customer cannot mend
	Efectivo, Transferencia, Tarjeta time.Duration // how long a payment may stay undecided
	Pasarela, SinCamion              time.Duration // how long neighbours may be of no use
	Reintento                        time.Duration // how long a fallido order waits for its customer
	Salida, Reparto                  time.Duration // after the promised window: no departure, no outcome
	IntentosEntrega                  int64         // visits that may fail before the order comes back
}

// espera is the pause before try n+1: doubling, bounded.
func (t Tiempos) espera(n int64) time.Duration {
	d := t.EsperaMinima
	for ; n > 0 && d < t.EsperaMaxima; n-- {
		d *= 2
	}
	return min(d, t.EsperaMaxima)
}

// esperar waits with backoff for something that the customer cannot mend. The first
// wait sets the deadline; when that is over, fin happens.
func (t Tiempos) esperar(visto *pedido.Pedido, plazo time.Duration, fin Resultado) Resultado {
	return enEstado(visto, func(p *pedido.Pedido, ahora time.Time) error {
		if p.Plazo == nil {
			limite := pedido.Instante(ahora.Add(plazo))
			p.Plazo = &limite
		}
		if !ahora.Before(*p.Plazo) {
			return fin(p, ahora)
		}
		p.Deber(antes(ahora.Add(t.espera(p.Esperas)), *p.Plazo))
		p.Esperas++
		return nil
	})
}

// mirar rests until the next look, or until limite, when fin happens.
func (t Tiempos) mirar(visto *pedido.Pedido, cada time.Duration, limite time.Time, fin Resultado) Resultado {
	return enEstado(visto, func(p *pedido.Pedido, ahora time.Time) error {
		l := pedido.Instante(limite)
		p.Plazo = &l
		if !ahora.Before(l) {
			return fin(p, ahora)
		}
		p.Deber(antes(ahora.Add(cada), l))
		return nil
	})
}

// Despues is the wait after a failure of the house itself, or of an undo: bounded
// backoff and no deadline.
func (t Tiempos) Despues(p *pedido.Pedido, ahora time.Time) error {
	p.Deber(ahora.Add(t.espera(p.Esperas)))
	p.Esperas++
	return nil
}

// SinAlmacen is the wait while a store that the phase needs is away: it does not grow, so
// that the order goes on within seconds of the store's return, and there is no deadline.
func (t Tiempos) SinAlmacen(p *pedido.Pedido, ahora time.Time) error {
	p.Deber(ahora.Add(min(4*t.EsperaMinima, t.EsperaMaxima)))
	return nil
}

func antes(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
