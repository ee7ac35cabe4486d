// Package telemetria stores the positions of trucks and the last seen place of each.
package telemetria

import (
	"cmp"
	"fmt"
	"time"

	"despensa/modules/rutas"
	"despensa/platform/fault"
)

// Sensor names one of a truck's two receivers.
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

// ErrMomento: a position of the future, or one older than Reglas.Antiguedad. It refuses that position, not its batch.
var ErrMomento = fault.New(
	fault.Invalid,
	"momento-imposible",
	"A position is from the future or too old.",
)

// Sospecha is the reason why a stored position is not shown as its truck's place.
type Sospecha string

// The marks of positions. A position with SinSospecha can be shown.
const (
	SinSospecha Sospecha = ""
	Imprecisa   Sospecha = "imprecisa" // its radius of uncertainty is too large
	Veloz       Sospecha = "veloz"     // its speed is above that of any truck
	Salto       Sospecha = "salto"     // the truck cannot have driven there from its other positions
)

// Posicion is the place of a truck at one moment, as one sensor measured it. Truck, sensor, Secuencia and time
// together are its identity, because a device that is installed anew counts from 1 again.
type Posicion struct {
	Camion    string
	Sensor    Sensor
	Secuencia int64
	Punto     rutas.Punto
	Velocidad *float64  // km/h
	Rumbo     *float64  // degrees clockwise from north
	Radio     *float64  // of uncertainty, in m
	En        time.Time // by the clock of the device, in ms
	Recibida  time.Time // by the server's clock, in ms
	Sospecha  Sospecha
	fila      string // key of its row; empty before it is stored
}

// Clave is a text that orders the positions of a truck that are of one moment.
func (p Posicion) Clave() string { return fmt.Sprintf("%s:%019d", p.Sensor, p.Secuencia) }

// porHora orders the positions of a truck by time, and those of one moment as Clave does.
func porHora(a, b Posicion) int {
	return cmp.Or(
		a.En.Compare(b.En),
		cmp.Compare(a.Sensor, b.Sensor),
		cmp.Compare(a.Secuencia, b.Secuencia),
	)
}

// identidad is the identity of a position within its truck: two positions with the same one are the same position.
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
	Indice  int    // index in the batch, from 0
	Codigo  string // stable code of the refusal
	Detalle string // for people; does not quote the position
}

// admitir splits a batch by the times of its positions: those to store, and those of the future or too old.
func (r Reglas) admitir(
	posiciones []Posicion,
	ahora time.Time,
) (buenas []Posicion, malas []Rechazada) {
	for i, p := range posiciones {
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

// Ultima is the last seen place of a truck.
type Ultima struct {
	Posicion
	revision int64
}

// EnVivo is a truck in the live view: its shift, if it is out, and its last seen place.
type EnVivo struct {
	Camion, Patente string
	Turno           string // shift of its run; empty: in its depot
	Ultima          *Ultima
}

// Cambio is a text that changes whenever the live view of the truck changes.
func (v EnVivo) Cambio() string {
	if v.Ultima == nil {
		return v.Turno
	}
	return fmt.Sprint(v.Turno, v.Ultima.revision)
}
