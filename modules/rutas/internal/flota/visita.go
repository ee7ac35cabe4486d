package flota

import (
	"time"

	"despensa/modules/rutas"
)

// Visita is a booking with everything that the module stores about it.
type Visita struct {
	ID string
	rutas.Clave
	Cliente, Turno, Camion, Patente, Deposito string
	Repartidor                                string // house id of the truck's driver
	Dia                                       string // of its shift
	Estado                                    rutas.EstadoVisita
	Punto                                     *rutas.Punto // nil once it has been forgotten
	Capacidad                                 Capacidad
	Frio                                      bool
	Ventana                                   rutas.Ventana
	Salida, Llegada, Fin                      time.Time // as in the contract
	Motivo                                    string    // of a Fallida: MotivoRegreso, or a driver's own words
	Version                                   int64
	Creado                                    time.Time
	numVentana                                int
	jornada                                   rutas.Ventana // span of its shift
}

// contrato is visita as the other modules see it at this moment.
func (f *Flota) contrato(visita Visita) rutas.Visita {
	return rutas.Visita{
		Clave: visita.Clave, ID: visita.ID, Camion: visita.Camion, Patente: visita.Patente, Deposito: visita.Deposito,
		Repartidor: visita.Repartidor, Dia: visita.Dia, Estado: visita.Estado, Vigente: f.vigente(visita.jornada),
		Ventana: visita.Ventana, Salida: visita.Salida, Llegada: visita.Llegada, Fin: visita.Fin,
	}
}

// ClaseDeParte is a driver's report of a visit, as the API spells it.
type ClaseDeParte string

// The reports of a visit that is on its way.
const (
	Llegada ClaseDeParte = "llegada"
	Entrega ClaseDeParte = "entrega"
	Fallo   ClaseDeParte = "fallo"
)

// Permitidos are the reports that the state of v allows.
func (v Visita) Permitidos() []ClaseDeParte {
	switch {
	case v.Estado != rutas.EnCamino:
		return []ClaseDeParte{}
	case v.Llegada.IsZero():
		return []ClaseDeParte{Llegada, Entrega, Fallo}
	default:
		return []ClaseDeParte{Entrega, Fallo}
	}
}

// dar applies report claseDeParte, made at ahora, to v. Errors: ErrEstadoVisita.
func (v *Visita) dar(claseDeParte ClaseDeParte, motivo string, ahora time.Time) error {
	for _, q := range v.Permitidos() {
		if claseDeParte == q {
			v.anotar(claseDeParte, motivo, ahora)
			return nil
		}
	}
	return ErrEstadoVisita.WithExtra("permitidos", v.Permitidos())
}

func (v *Visita) anotar(claseDeParte ClaseDeParte, motivo string, ahora time.Time) {
	if v.Llegada.IsZero() {
		v.Llegada = ahora
	}
	switch claseDeParte {
	case Entrega:
		v.Estado, v.Fin = rutas.Entregada, ahora
	case Fallo:
		v.Estado, v.Fin, v.Motivo = rutas.Fallida, ahora, motivo
	}
}

// ocupa reports whether a visit in state e holds room in its truck.
func ocupa(estadoVisita rutas.EstadoVisita) bool {
	return estadoVisita == rutas.Provisional || estadoVisita == rutas.Firme ||
		estadoVisita == rutas.EnCamino
}
