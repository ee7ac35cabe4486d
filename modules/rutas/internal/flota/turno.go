package flota

import (
	"time"

	"despensa/modules/rutas"
)

// EstadoTurno is where a shift stands.
type EstadoTurno string

// The states of a shift. Only an open one takes bookings and departures.
const (
	TurnoAbierto EstadoTurno = "abierto"
	TurnoSalio   EstadoTurno = "salio"
	TurnoCerrado EstadoTurno = "cerrado" // ended without a departure
)

// maxVentanas is the largest number of windows in a shift.
const maxVentanas = 6

// Capacidad is room in a truck, free or taken: weight, volume, minutes of work and number of visits.
type Capacidad struct {
	PesoGramos, VolumenML, Minutos, Visitas int64
}

func (c Capacidad) mas(capacidad Capacidad) Capacidad {
	return Capacidad{
		PesoGramos: c.PesoGramos + capacidad.PesoGramos,
		VolumenML:  c.VolumenML + capacidad.VolumenML,
		Minutos:    c.Minutos + capacidad.Minutos,
		Visitas:    c.Visitas + capacidad.Visitas,
	}
}

func (c Capacidad) menos(capacidad Capacidad) Capacidad {
	return c.mas(
		Capacidad{
			PesoGramos: -capacidad.PesoGramos,
			VolumenML:  -capacidad.VolumenML,
			Minutos:    -capacidad.Minutos,
			Visitas:    -capacidad.Visitas,
		},
	)
}

// en reports whether c is no more than limite in any respect.
func (c Capacidad) en(limite Capacidad) bool {
	return c.PesoGramos <= limite.PesoGramos && c.VolumenML <= limite.VolumenML &&
		c.Minutos <= limite.Minutos && c.Visitas <= limite.Visitas
}

// Turno is a shift: one working span of one truck, with the room that is taken in it.
type Turno struct {
	ID, Camion, Deposito string
	Dia                  string // calendar day of its beginning, 2006-01-02
	Inicio, Fin          time.Time
	Franja               time.Duration // length of its windows; the last one ends with the shift
	Frio, Activo         bool          // copied from its truck
	Capacidad, Usado     Capacidad
	MinutosPorVentana    [maxVentanas]int64 // minutes taken in each window
	Estado               EstadoTurno
	Salio                time.Time // zero until the truck leaves
	Version              int64     // grows with each edit, departure or closing; the ETag
	Huella               string
	Creado               time.Time
	revision             int64 // grows with each write of the row
}

// largoFranja is the length of the windows of a shift of the given length: deseada, or longer where that would make
// more than maxTramos windows.
func largoFranja(turno, deseada time.Duration) time.Duration {
	minima := (turno + maxVentanas - 1) / maxVentanas
	return max(deseada, minima).Round(time.Minute)
}

// ventana gives window i; false beyond the last.
func (t *Turno) ventana(i int) (rutas.Ventana, bool) {
	desde := t.Inicio.Add(time.Duration(i) * t.Franja)
	if i >= maxVentanas || !desde.Before(t.Fin) {
		return rutas.Ventana{}, false
	}
	hasta := desde.Add(t.Franja)
	if hasta.After(t.Fin) || i == maxVentanas-1 {
		hasta = t.Fin
	}
	return rutas.Ventana{Desde: desde, Hasta: hasta}, true
}

// libreEn is how many more minutes of work window ventana, the i-th, takes.
func (t *Turno) libreEn(i int, ventana rutas.Ventana) int64 {
	return min(
		int64(ventana.Hasta.Sub(ventana.Desde)/time.Minute),
		t.Capacidad.Minutos,
	) - t.MinutosPorVentana[i]
}

// hueco is the largest number of minutes that one more visit may take.
func (t *Turno) hueco() int64 {
	mejor := int64(0)
	for i := range maxVentanas {
		if v, ok := t.ventana(i); ok {
			mejor = max(mejor, t.libreEn(i, v))
		}
	}
	return min(mejor, t.Capacidad.Minutos-t.Usado.Minutos)
}

// libre reports whether the shift takes the smallest possible visit.
func (t *Turno) libre() bool {
	uno := Capacidad{PesoGramos: 1, VolumenML: 1, Visitas: 1}
	return t.Estado == TurnoAbierto && t.Activo && t.hueco() > 0 &&
		t.Usado.mas(uno).en(t.Capacidad)
}

// salidaPrevista is the planned departure: the beginning of the shift, or ahora when that is past.
func (t *Turno) salidaPrevista(ahora time.Time) time.Time {
	if t.Inicio.Before(ahora) {
		return ahora
	}
	return t.Inicio
}

// demanda is the room, the times and the window that one visit needs of a shift.
type demanda struct {
	capacidad Capacidad
	frio      bool
	viaje     time.Duration // from the depot to the door
	ahora     time.Time
	hasta     time.Time      // the horizon: the shift begins before it
	noAntes   time.Time      // the truck must leave at or after this
	exacta    *rutas.Ventana // nil: any window
	desde     time.Time      // the window begins at or after this
}

// lugares gives the windows of t that take demanda, soonest first, with their numbers.
func (t *Turno) lugares(demanda demanda) func(yield func(int, rutas.Ventana) bool) {
	return func(yield func(int, rutas.Ventana) bool) {
		if !t.admite(demanda) {
			return
		}
		for i := range maxVentanas {
			v, ok := t.ventana(i)
			if ok && demanda.quiere(v) &&
				v.Hasta.Add(-demanda.viaje).After(t.salidaPrevista(demanda.ahora)) &&
				t.libreEn(i, v) >= demanda.capacidad.Minutos {
				if !yield(i, v) {
					return
				}
			}
		}
	}
}

// primero is the soonest window of t that takes demanda, and its number.
func (t *Turno) primero(demanda demanda) (int, rutas.Ventana, bool) {
	for i, v := range t.lugares(demanda) {
		return i, v, true
	}
	return 0, rutas.Ventana{}, false
}

// admite reports whether t, as a whole, has room for demanda and leaves late enough. It does not look at windows.
func (t *Turno) admite(demanda demanda) bool {
	return t.libre() && (t.Frio || !demanda.frio) &&
		t.Usado.mas(demanda.capacidad).en(t.Capacidad) &&
		!t.salidaPrevista(demanda.ahora).Before(demanda.noAntes)
}

// quiere reports whether ventana is the window of d, or late enough when d asks for none.
func (d demanda) quiere(ventana rutas.Ventana) bool {
	if d.exacta != nil {
		return ventana.Desde.Equal(d.exacta.Desde) && ventana.Hasta.Equal(d.exacta.Hasta)
	}
	return !ventana.Desde.Before(d.desde)
}

// tomar takes room for one visit in window i.
func (t *Turno) tomar(i int, capacidad Capacidad) {
	t.Usado = t.Usado.mas(capacidad)
	t.MinutosPorVentana[i] += capacidad.Minutos
}

// desocupar gives back the room of visits.
func (t *Turno) desocupar(visitas []Visita) {
	for _, v := range visitas {
		t.devolver(v.numVentana, v.Capacidad)
	}
}

// devolver gives back the room of one visit in window i.
func (t *Turno) devolver(i int, capacidad Capacidad) {
	t.Usado = t.Usado.menos(capacidad)
	t.MinutosPorVentana[i] -= capacidad.Minutos
}
