package telemetria

import "time"

const (
	// firme is how long the delays of arrivals must agree before they raise the estimated offset.
	firme = time.Minute
	// firmes is the least number of arrivals that raises the estimated offset.
	firmes = 3
	// parejas is how far apart the delays of agreeing arrivals may be.
	parejas = 15 * time.Second
	// descuido is the largest offset that stays uncorrected: the network's delay can be as long.
	descuido = 2 * time.Second
)

// reloj is the estimate of how far the clock of one sensor of one truck is off. The zero value is a clock that is
// right.
//
// The delay of a position is its arrival less its time: the delay of the network, 0 or more, plus the offset of the
// clock. So an arrival with a delay below the estimated offset proves that the clock is further ahead than estimated.
// An arrival with a delay above the estimate proves nothing: it may be an old position that was sent late. Only a
// minute of arrivals that all have about the same delay raises the estimate. Delays beyond the bound of offsets count
// for nothing.
type reloj struct {
	Desfase  time.Duration // the server's time less the sensor's; negative: the sensor is fast
	Desde    time.Time     // the first of the arrivals that agree so far
	Llegadas int64         // how many arrivals agree so far
	Minima   time.Duration // the least of their delays; Maxima is the largest
	Maxima   time.Duration
}

// oir updates the estimate from a batch that arrived at llego with nueva as its newest time. tope bounds the offset,
// either way.
func (r reloj) oir(llego, nueva time.Time, tope time.Duration) reloj {
	demora := llego.Sub(nueva)
	if demora > tope || demora < -tope {
		return r
	}
	r.Desfase = min(r.Desfase, demora)
	if r.Llegadas == 0 || llego.Before(r.Desde) ||
		max(r.Maxima, demora)-min(r.Minima, demora) > parejas {
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

// correccion is the duration to add to the sensor's times.
func (r reloj) correccion() time.Duration {
	if r.Desfase.Abs() <= descuido {
		return 0
	}
	return r.Desfase
}

// momento is the time at which posicion was measured, by the server's clock: never after its arrival.
func (r reloj) momento(posicion Posicion) time.Time {
	m := posicion.En.Add(r.correccion())
	if m.After(posicion.Recibida) {
		return posicion.Recibida
	}
	return m
}

// relojes are the estimates for the sensors of one truck.
type relojes map[Sensor]reloj

// oir updates the estimates from the positions of one batch.
func (rs relojes) oir(posiciones []Posicion, llego time.Time, tope time.Duration) {
	nuevas := map[Sensor]time.Time{}
	for _, p := range posiciones {
		if p.En.After(nuevas[p.Sensor]) {
			nuevas[p.Sensor] = p.En
		}
	}
	for s, nueva := range nuevas {
		rs[s] = rs[s].oir(llego, nueva, tope)
	}
}
