// Package telemetria keeps where trucks have been and where each was last seen.
package telemetria

import (
	"cmp"
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

// sensores are all sensors that a truck can have.
var sensores = []Sensor{Primario, Secundario}

// LoteMax is how many positions one call may bring.
const LoteMax = 500

// ErrMomento is the code of a position of a time that cannot be, or too old to be of use.
var ErrMomento = fault.New(fault.Invalid, "momento-imposible", "A position is from the future or too old.")

// Marca is why a position that is kept is not shown as its truck's place.
type Marca string

// The marks of positions; SinMarca is that of a position that can be shown.
const (
	SinMarca  Marca = ""
	Imprecisa Marca = "imprecisa" // its radius of uncertainty is too large
	Veloz     Marca = "veloz"     // it names a speed that no truck has
	Salto     Marca = "salto"     // no truck can drive there from where it was
)

// Posicion is a truck at one moment, as one sensor measured it. Truck, sensor, number and
// time together are its identity: a device that is installed anew counts from 1 again.
type Posicion struct {
	Camion    string
	Sensor    Sensor
	Secuencia int64
	Punto     rutas.Punto
	Velocidad *float64  // km/h
	Rumbo     *float64  // degrees clockwise from north
	Radio     *float64  // of uncertainty, in m
	En        time.Time // by the clock of the device, in ms
	Recibida  time.Time // by our clock, in ms
	Marca     Marca
	fila      string // the key of its row, once it has one
}

// Clave orders the positions of a truck that are of one moment.
func (p Posicion) Clave() string { return fmt.Sprintf("%s:%019d", p.Sensor, p.Secuencia) }

// porHora orders the positions of a truck by time, and those of one moment as Clave does.
func porHora(a, b Posicion) int {
	return cmp.Or(a.En.Compare(b.En), cmp.Compare(a.Sensor, b.Sensor), cmp.Compare(a.Secuencia, b.Secuencia))
}

// identidad is what two positions have in common that are one.
type identidad struct {
	sensor    Sensor
	secuencia int64
	en        int64 // ms
}

func (p Posicion) identidad() identidad {
	return identidad{sensor: p.Sensor, secuencia: p.Secuencia, en: p.En.UnixMilli()}
}

// Rechazada is a position of a batch that was not kept.
type Rechazada struct {
	Indice  int    // its place in the batch, from 0
	Codigo  string // stable
	Detalle string // for people; it does not quote the position
}

// admitir splits a batch into what is kept and what is not, by its moments.
func (r Reglas) admitir(ps []Posicion, ahora time.Time) (buenas []Posicion, malas []Rechazada) {
	for i, p := range ps {
		detalle := ""
		switch {
		case p.En.After(ahora.Add(r.DesfaseMax)):
			detalle = "en: is in the future"
		case p.En.Before(ahora.Add(-r.Antiguedad)):
			detalle = "en: is too old"
		default:
			buenas = append(buenas, p)
			continue
		}
		malas = append(malas, Rechazada{Indice: i, Codigo: ErrMomento.Code, Detalle: detalle})
	}
	return buenas, malas
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
