package module

import (
	"errors"
	"fmt"
	"time"

	"despensa/modules/rutas/internal/flota"
	"despensa/modules/rutas/internal/ruteo"
	"despensa/modules/rutas/internal/telemetria"
	"despensa/platform/config"
)

// Config is the section rutas of the configuration.
type Config struct {
	// Postgres is the URL of a PostgreSQL database, in which the schema rutas is this
	// module's; a secret, because it may hold a password. Empty: a file in datos.
	Postgres config.Secret `yaml:"postgres"`
	// Horizonte is how far ahead room in trucks is booked.
	Horizonte time.Duration `yaml:"horizonte"`
	// Franja is the length of a delivery window; a shift has at most six of them.
	Franja time.Duration `yaml:"franja"`
	// Servicio is the time that a truck spends at a door.
	Servicio time.Duration `yaml:"servicio"`
	// ViajeCompartido is the part of the way there and back that counts as work of one visit, in percent; the rest is
	// shared with the other visits of the same run.
	ViajeCompartido int `yaml:"viaje_compartido"`
	// ViajeMax is the longest travel time from a depot to a door.
	ViajeMax time.Duration `yaml:"viaje_max"`
	// Candidatos is how many shifts with room one booking or quote looks at per depot.
	Candidatos int `yaml:"candidatos"`
	// VisitasMax is how many visits a shift takes that is made without a number of visits.
	VisitasMax int `yaml:"visitas_max"`
	// LejosMetros is how far from the nearest junction a place may be, in m.
	LejosMetros int `yaml:"lejos_metros"`
	// AccesoKmh is the speed between a place and the nearest junction, in km/h.
	AccesoKmh int `yaml:"acceso_kmh"`
	// Arboles is for how many depots the travel times are kept in memory.
	Arboles int `yaml:"arboles"`
	// Lapida is how long the tombstone of an undone booking is kept.
	Lapida time.Duration `yaml:"lapida"`
	// Clave is how long the Idempotency-Key of an action is kept; 24h at least.
	Clave time.Duration `yaml:"clave"`
	// Olvido is how long after the end of a visit its place is kept.
	Olvido time.Duration `yaml:"olvido"`
	// Cierre is how often shifts that ended without a departure are looked for.
	Cierre time.Duration `yaml:"cierre"`
	// Limpieza is how often old tombstones, keys and places are removed and the shifts of the weekly timetables are made.
	Limpieza time.Duration `yaml:"limpieza"`
	// SalidaAntes is how long before a shift a truck may leave without naming it.
	SalidaAntes time.Duration `yaml:"salida_antes"`
	// RegresoMax is how long after the end of its shift a truck counts as out while visits of its run have no outcome.
	RegresoMax time.Duration `yaml:"regreso_max"`
	// Posiciones is the section rutas.posiciones.
	Posiciones ConfigPosiciones `yaml:"posiciones"`
}

// ConfigPosiciones is the section rutas.posiciones.
type ConfigPosiciones struct {
	// Antiguedad is how old a position may be when it arrives.
	Antiguedad time.Duration `yaml:"antiguedad"`
	// Guarda is how long positions are kept.
	Guarda time.Duration `yaml:"guarda"`
	// DesfaseMax is how far the clock of a sensor may be from the server's.
	DesfaseMax time.Duration `yaml:"desfase_max"`
	// VelocidadMaxKmh is the highest speed of a truck, in km/h: a position above it is marked.
	VelocidadMaxKmh int `yaml:"velocidad_max_kmh"`
	// PrecisionMaxMetros is the largest uncertainty of a place that is shown, in m.
	PrecisionMaxMetros int `yaml:"precision_max_metros"`
}

// regresoTope is the longest regreso_max.
const regresoTope = 7 * 24 * time.Hour

// horizonteMax bounds Horizonte. An order with a window that ends more than three times horizonteMax after its last
// step was booked by a clock that was ahead, and pedidos waits for no such window.
const horizonteMax = 60 * 24 * time.Hour

// Validar reports the first key with a value that is not possible.
func (c Config) Validar() error {
	duraciones := []struct {
		clave string
		valor time.Duration
		desde time.Duration
	}{
		{clave: "salida_antes", valor: c.SalidaAntes, desde: time.Minute},
		{clave: "regreso_max", valor: c.RegresoMax, desde: time.Minute},
		{clave: "horizonte", valor: c.Horizonte, desde: time.Hour},
		{clave: "franja", valor: c.Franja, desde: time.Minute},
		{clave: "servicio", valor: c.Servicio, desde: time.Second},
		{clave: "viaje_max", valor: c.ViajeMax, desde: time.Minute},
		{clave: "lapida", valor: c.Lapida, desde: time.Hour},
		{clave: "clave", valor: c.Clave, desde: 24 * time.Hour},
		{clave: "olvido", valor: c.Olvido, desde: time.Hour},
		{clave: "cierre", valor: c.Cierre, desde: time.Millisecond},
		{clave: "limpieza", valor: c.Limpieza, desde: time.Millisecond},
		{clave: "posiciones.antiguedad", valor: c.Posiciones.Antiguedad, desde: time.Minute},
		{clave: "posiciones.guarda", valor: c.Posiciones.Guarda, desde: time.Hour},
	}
	for _, d := range duraciones {
		if d.valor < d.desde {
			return fmt.Errorf("rutas.%s: at least %v", d.clave, d.desde)
		}
	}
	if d := c.Posiciones.DesfaseMax; d < 10*time.Second || d > time.Hour {
		return errors.New("rutas.posiciones.desfase_max: 10s to 1h")
	}
	topes := []struct {
		clave        string
		valor, hasta time.Duration
	}{
		{clave: "horizonte", valor: c.Horizonte, hasta: horizonteMax},
		{clave: "salida_antes", valor: c.SalidaAntes, hasta: c.Horizonte},
		{clave: "regreso_max", valor: c.RegresoMax, hasta: regresoTope},
	}
	for _, d := range topes {
		if d.valor > d.hasta {
			return fmt.Errorf("rutas.%s: at most %v", d.clave, d.hasta)
		}
	}
	enteros := []struct {
		clave        string
		valor, hasta int
		desde        int
	}{
		{clave: "viaje_compartido", valor: c.ViajeCompartido, hasta: 100, desde: 0},
		{clave: "candidatos", valor: c.Candidatos, hasta: 100_000, desde: 1},
		{clave: "visitas_max", valor: c.VisitasMax, hasta: flota.VisitasTope, desde: 1},
		{clave: "lejos_metros", valor: c.LejosMetros, hasta: 100_000, desde: 1},
		{clave: "acceso_kmh", valor: c.AccesoKmh, hasta: 200, desde: 1},
		{clave: "arboles", valor: c.Arboles, hasta: 1_000_000, desde: 1},
		{
			clave: "posiciones.velocidad_max_kmh",
			valor: c.Posiciones.VelocidadMaxKmh,
			hasta: 300,
			desde: 30,
		},
		{
			clave: "posiciones.precision_max_metros",
			valor: c.Posiciones.PrecisionMaxMetros,
			hasta: 100_000,
			desde: 1,
		},
	}
	for _, e := range enteros {
		if e.valor < e.desde || e.valor > e.hasta {
			return fmt.Errorf("rutas.%s: %d to %d", e.clave, e.desde, e.hasta)
		}
	}
	return nil
}

func (c Config) reglas() flota.Reglas {
	return flota.Reglas{
		Horizonte: c.Horizonte, Franja: c.Franja, Servicio: c.Servicio, ViajeCompartido: c.ViajeCompartido,
		ViajeMax: c.ViajeMax, Candidatos: c.Candidatos, VisitasMax: c.VisitasMax,
		Lapida: c.Lapida, Clave: c.Clave, Olvido: c.Olvido, SalidaAntes: c.SalidaAntes, RegresoMax: c.RegresoMax,
	}
}

func (c Config) ruteo() ruteo.Opciones {
	return ruteo.Opciones{
		LejosMetros: float64(c.LejosMetros),
		AccesoKmh:   float64(c.AccesoKmh),
		Arboles:     c.Arboles,
	}
}

func (c ConfigPosiciones) reglas() telemetria.Reglas {
	return telemetria.Reglas{
		Antiguedad: c.Antiguedad, DesfaseMax: c.DesfaseMax,
		VelocidadMax: float64(c.VelocidadMaxKmh), PrecisionMax: float64(c.PrecisionMaxMetros),
	}
}
