package flota

import (
	"regexp"
	"time"

	"despensa/modules/rutas"
)

// Deposito is a place that has goods and from which trucks leave.
type Deposito struct {
	ID, Codigo, Nombre string
	Punto              rutas.Punto
	Activo             bool
	Version            int64
	Huella             string
	Creado             time.Time
}

// Camion is a truck.
type Camion struct {
	ID, Patente, Deposito string
	PesoMaxGramos         int64
	VolumenMaxML          int64
	Frio, Activo          bool
	Repartidor            string // house id of its driver; empty: none
	Dispositivo           string // house id of the machine that sends its positions; empty: none
	Horario               Horario
	Version               int64
	Huella                string
	Creado                time.Time
}

// Horario is when a truck works every week; the zero value is never.
type Horario struct {
	Desde, Hasta int // minutes after midnight; Hasta may be past 1,440, the next day
	Dias         int // bit 0 is Sunday
}

// trabaja reports whether h has a shift on weekday's weekday.
func (h Horario) trabaja(weekday time.Weekday) bool {
	return h.Hasta > h.Desde && h.Dias&(1<<weekday) != 0
}

// patentes matches a plate: ABC123 or AB123CD.
var patentes = regexp.MustCompile(`^([A-Z]{3}[0-9]{3}|[A-Z]{2}[0-9]{3}[A-Z]{2})$`)

// Upper bounds of a truck's capacity, and of a shift.
const (
	PesoTope    = 40_000_000  // g
	VolumenTope = 100_000_000 // ml
	VisitasTope = 500
	TurnoTope   = 24 * time.Hour
)

// validar checks the plate, the capacity and the timetable of a truck. Errors: ErrValor.
func (c *Camion) validar() error {
	switch {
	case !patentes.MatchString(c.Patente):
		return ErrValor.WithField("body.patente", "must look like ABC123 or AB123CD")
	case c.PesoMaxGramos < 1 || c.PesoMaxGramos > PesoTope:
		return ErrValor.WithField("body.peso_max_gramos", "out of range")
	case c.VolumenMaxML < 1 || c.VolumenMaxML > VolumenTope:
		return ErrValor.WithField("body.volumen_max_ml", "out of range")
	case c.Horario.Dias != 0 && (c.Horario.Hasta <= c.Horario.Desde || c.Horario.Hasta-c.Horario.Desde > 24*60):
		return ErrValor.WithField(
			"body.horario",
			"must end after it begins, at most 24 h later",
		)
	}
	return nil
}

// validar checks the span and the capacity of a shift. Errors: ErrValor.
func (t *Turno) validar(ahora time.Time) error {
	switch d := t.Fin.Sub(t.Inicio); {
	case d < time.Minute || d > TurnoTope:
		return ErrValor.WithField("body.fin", "must be after inicio, at most 24 h later")
	case !t.Fin.After(ahora):
		return ErrValor.WithField("body.fin", "is past")
	case t.Capacidad.Minutos < 1 || t.Capacidad.Minutos > int64(d/time.Minute):
		return ErrValor.WithField(
			"body.minutos_max",
			"must be at least 1 and no longer than the shift",
		)
	case t.Capacidad.Visitas < 1 || t.Capacidad.Visitas > VisitasTope:
		return ErrValor.WithField("body.visitas_max", "out of range")
	}
	return nil
}
