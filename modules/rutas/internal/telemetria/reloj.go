package telemetria

import "time"

const (
	// firme is how long arrivals must agree before they move an estimate up.
	firme = time.Minute
	// firmes is how many arrivals that takes at least.
	firmes = 3
	// parejas is how far apart the delays of arrivals that agree may be.
	parejas = 15 * time.Second
	// descuido is an offset that is left uncorrected: the network's delay is as large.
	descuido = 2 * time.Second
)

// reloj is what is known of the clock of one sensor of one truck. The zero value is a
// clock that is taken for right.
//
// A position's delay is its arrival less its time: the network's delay, 0 or more, and the
// clock's offset. So an arrival whose delay is under the estimate proves that the clock is
// further ahead than was thought. One whose delay is over it proves nothing: it may be an
// old position that was sent late. Only a minute of arrivals that all have about the same
// delay moves the estimate up, and delays beyond the bound of offsets count for nothing.
type reloj struct {
	Desfase  time.Duration // our time less the sensor's; negative: the sensor is fast
	Desde    time.Time     // the first arrival of those that are being compared
	Llegadas int64         // how many those are
	Minima   time.Duration // the least of their delays
	Maxima   time.Duration
}

// oir learns from a batch that arrived at llego and whose newest position is of nueva.
// tope bounds the offset, either way.
func (r reloj) oir(llego, nueva time.Time, tope time.Duration) reloj {
	demora := llego.Sub(nueva)
	if demora > tope || demora < -tope {
		return r
	}
	r.Desfase = min(r.Desfase, demora)
	if r.Llegadas == 0 || llego.Before(r.Desde) || max(r.Maxima, demora)-min(r.Minima, demora) > parejas {
		r.Desde, r.Llegadas, r.Minima, r.Maxima = llego, 1, demora, demora
		return r
	}
	r.Llegadas++
	r.Minima, r.Maxima = min(r.Minima, demora), max(r.Maxima, demora)
	if r.Llegadas >= firmes && llego.Sub(r.Desde) >= firme {
		r.Desfase, r.Llegadas = r.Minima, 0
	}
	return r
}

// correccion is what is added to the sensor's times.
func (r reloj) correccion() time.Duration {
	if r.Desfase.Abs() <= descuido {
		return 0
	}
	return r.Desfase
}

// momento is when p was measured, by our clock: never after it arrived.
func (r reloj) momento(p Posicion) time.Time {
	m := p.En.Add(r.correccion())
	if m.After(p.Recibida) {
		return p.Recibida
	}
	return m
}

// relojes are those of one truck's sensors.
type relojes map[Sensor]reloj

// oir learns from the positions of one batch.
func (rs relojes) oir(ps []Posicion, llego time.Time, tope time.Duration) {
	nuevas := map[Sensor]time.Time{}
	for _, p := range ps {
		if p.En.After(nuevas[p.Sensor]) {
			nuevas[p.Sensor] = p.En
		}
	}
	for s, nueva := range nuevas {
		rs[s] = rs[s].oir(llego, nueva, tope)
	}
}
