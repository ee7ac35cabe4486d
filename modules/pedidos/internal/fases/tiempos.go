package fases

import (
	"errors"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/fault"
	"despensa/platform/skew"
)

// Tiempos are the timers and deadlines of orders. Every member is needed.
type Tiempos struct {
	MirarPago, MirarVisita           time.Duration // shortest pauses between two looks of an order at rest
	EsperaMinima, EsperaMaxima       time.Duration // pauses between two tries of a phase that fails
	Efectivo, Transferencia, Tarjeta time.Duration // how long a payment may stay undecided, by method
	Pasarela, SinCamion              time.Duration // how long the gateway, or all trucks, may have no answer
	Reintento                        time.Duration // how long a fallido order waits for its customer
	Salida, Reparto                  time.Duration // how long after the promised window a departure, an outcome may come
	IntentosEntrega                  int64         // visits that may fail before the order comes back
}

// pausa is the pause after n tries: EsperaMinima, doubled n times, and EsperaMaxima at most.
func (t Tiempos) pausa(n int64) time.Duration {
	d := t.EsperaMinima
	for ; n > 0 && d < t.EsperaMaxima; n-- {
		d *= 2
	}
	return min(d, t.EsperaMaxima)
}

// limitePago is the time until which the payment of ped may stay undecided: plazoPago after the beginning of the
// intento. A slow method has to be paid margenCarga before the window asked for, too.
func (t Tiempos) limitePago(ped *pedido.Pedido) time.Time {
	m := pagos.Metodo(ped.Pago.Metodo)
	limite := inicio(ped).Add(t.plazoPago(m))
	if ped.Ventana != nil && m.Lento() {
		limite = antes(limite, ped.Ventana.Desde.Add(-margenCarga))
	}
	return pedido.Instante(limite)
}

// plazoPago is how long a payment by metodo may stay undecided.
func (t Tiempos) plazoPago(metodo pagos.Metodo) time.Duration {
	switch metodo {
	case pagos.Efectivo:
		return t.Efectivo
	case pagos.Transferencia:
		return t.Transferencia
	}
	return t.Tarjeta
}

// inicio is the beginning of the present intento, by the order's history. It is never later than the last step,
// the time of which enHora corrects.
func inicio(ped *pedido.Pedido) time.Time {
	for i := len(ped.Eventos) - 1; i >= 0; i-- {
		if e := ped.Eventos[i]; e.A == pedido.Creado && e.Intento == ped.Intento {
			return antes(e.En, ped.Cambio)
		}
	}
	return antes(ped.Creado, ped.Cambio)
}

// horizonte bounds the time from the last step of an order to the end of its window. It is longer than all the
// windows that rutas lets be booked for the visits of one order, one after the other.
const horizonte = 180 * 24 * time.Hour

// entrega is hasta, the end of a window of ped's visit, if it is plausible. An end beyond horizonte was booked by
// a fast clock: the order waits until horizonte instead.
func entrega(ped *pedido.Pedido, hasta time.Time) time.Time {
	return despues(ped.Cambio, antes(hasta, ped.Cambio.Add(horizonte)))
}

// Larga is the longest time that an order in e rests before it is due again. An order that is due even later
// has been dated by a fast clock.
func (t Tiempos) Larga(estado pedido.Estado) time.Duration {
	larga := max(t.MirarPago, t.MirarVisita, t.EsperaMinima, t.EsperaMaxima)
	switch estado {
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

// enHora corrects the times in ped that a fast clock has written and that are ahead of ahora. A wait with a
// deadline further away than the longest wait of its kind begins anew.
func (t Tiempos) enHora(ped *pedido.Pedido, ahora time.Time) {
	ped.PonerEnHora(ahora, t.EsperaMaxima)
	if len(ped.Esperado) > 0 && ped.Plazo != nil &&
		ped.Plazo.After(skew.Limit(ahora, max(t.Pasarela, t.SinCamion))) {
		ped.DejarDeEsperar()
	}
}

// limiteSalida is the time until which a confirmed order may stand without a departure, with a visit or
// without.
func (t Tiempos) limiteSalida(ped *pedido.Pedido) time.Time {
	return pedido.Instante(entrega(ped, ped.Entrega.Hasta).Add(t.Salida))
}

// limiteReparto is the time until which the departed visit of an order may be without an outcome. It holds for
// an order that is over, too.
func (t Tiempos) limiteReparto(ped *pedido.Pedido) time.Time {
	return pedido.Instante(entrega(ped, ped.Entrega.Hasta).Add(t.Reparto))
}

// limiteReintento is the time until which a fallido order may be retried.
func (t Tiempos) limiteReintento(ped *pedido.Pedido) time.Time {
	return pedido.Instante(ped.Cambio.Add(t.Reintento))
}

// Despues is the Resultado after an error that no contract names, a panic, or a result that the order refuses.
// It puts the order off with a growing pause, until the deadline of its estado; undoing has no deadline.
func (t Tiempos) Despues(ped *pedido.Pedido, ahora time.Time) error {
	return t.aplazar(ped, ahora, t.pausa(ped.Esperas))
}

// SinAlmacen is the Resultado while a database that the phase needs is away. The pause does not grow, so that
// the order goes on within seconds of the database's return.
func (t Tiempos) SinAlmacen(ped *pedido.Pedido, ahora time.Time) error {
	return t.aplazar(ped, ahora, min(4*t.EsperaMinima, t.EsperaMaxima))
}

// tras is the Resultado after a phase that failed with err.
func (t Tiempos) tras(err error) Resultado {
	if errors.Is(err, fault.ErrStoreAway) {
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
