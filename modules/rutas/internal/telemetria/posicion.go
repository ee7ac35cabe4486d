// Package telemetria keeps where trucks have been and where each was last seen.
package telemetria

import (
	"fmt"
	"time"

	"despensa/modules/rutas"
	"despensa/platform/fault"
)

// Sensor is which of a truck's two receivers has measured.
type Sensor string

// The sensors of a truck.
const (
	Primario   Sensor = "primario"
	Secundario Sensor = "secundario"
)

// LoteMax is how many positions one call may bring.
const LoteMax = 500

// Adelanto is how far ahead of our clock a device's may be.
const Adelanto = 5 * time.Minute

// ErrMomento: a position is of a time that cannot be, or too old to be of use.
var ErrMomento = fault.New(fault.Invalid, "momento-imposible", "A position is from the future or too old.")

// Posicion is a truck at one moment, as one sensor measured it. Sensor and Secuencia are
// its key: the device counts from 1 and never uses a number again.
type Posicion struct {
	Camion    string
	Sensor    Sensor
	Secuencia int64
	Punto     rutas.Punto
	Velocidad *float64 // km/h
	Rumbo     *float64 // degrees clockwise from north
	Radio     *float64 // of uncertainty, in m
	En        time.Time
	Recibida  time.Time
}

// Clave is the position's key among those of its truck; keys of one sensor sort by number.
func (p Posicion) Clave() string { return fmt.Sprintf("%s:%019d", p.Sensor, p.Secuencia) }

// revisar refuses moments that cannot be. Errors: ErrMomento with the member's place.
func revisar(ps []Posicion, ahora time.Time, antiguedad time.Duration) error {
	e := ErrMomento
	for i, p := range ps {
		lugar := fmt.Sprintf("body.posiciones[%d].en", i)
		switch {
		case p.En.After(ahora.Add(Adelanto)):
			e = e.WithField(lugar, "is in the future")
		case p.En.Before(ahora.Add(-antiguedad)):
			e = e.WithField(lugar, "is too old")
		}
	}
	if len(e.Fields) > 0 {
		return e
	}
	return nil
}

// Ultima is where a truck was last seen.
type Ultima struct {
	Posicion
	revision int64
}

// EnVivo is a truck as those who watch see it.
type EnVivo struct {
	Camion, Patente string
	Turno           string // that it is out for; empty: in its depot
	Ultima          *Ultima
}

// Cambio is a number that is another one whenever v looks otherwise.
func (v EnVivo) Cambio() string {
	if v.Ultima == nil {
		return v.Turno
	}
	return fmt.Sprint(v.Turno, v.Ultima.revision)
}
