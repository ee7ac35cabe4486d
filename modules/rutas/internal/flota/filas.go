package flota

import (
	"time"

	"despensa/modules/rutas"
)

// ms turns a time into a column: Unix time in ms, null for the zero time.
func ms(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	m := t.UnixMilli()
	return &m
}

// de turns a column that ms wrote into a time.
func de(m *int64) time.Time {
	if m == nil {
		return time.Time{}
	}
	return time.UnixMilli(*m).UTC()
}

// deMs turns a Unix time in ms into a time.
func deMs(m int64) time.Time { return time.UnixMilli(m).UTC() }

type filaDeposito struct {
	ID, Codigo, Nombre string
	Lat, Lon           float64
	Activo             bool
	Version            int64
	Huella             string
	Creado             int64
}

func (filaDeposito) TableName() string { return "depositos" }

func (f filaDeposito) cosa() Deposito {
	return Deposito{
		ID: f.ID, Codigo: f.Codigo, Nombre: f.Nombre, Punto: rutas.Punto{Lat: f.Lat, Lon: f.Lon}, Activo: f.Activo,
		Version: f.Version, Huella: f.Huella, Creado: deMs(f.Creado),
	}
}

func filaDeDeposito(deposito Deposito) filaDeposito {
	return filaDeposito{
		ID:      deposito.ID,
		Codigo:  deposito.Codigo,
		Nombre:  deposito.Nombre,
		Lat:     deposito.Punto.Lat,
		Lon:     deposito.Punto.Lon,
		Activo:  deposito.Activo,
		Version: deposito.Version, Huella: deposito.Huella, Creado: deposito.Creado.UnixMilli(),
	}
}

type filaCamion struct {
	ID, Patente, Deposito                   string
	PesoMax, VolumenMax                     int64
	Frio, Activo                            bool
	Repartidor, Dispositivo                 *string
	HorarioDesde, HorarioHasta, HorarioDias int
	Version                                 int64
	Huella                                  string
	Creado                                  int64
}

func (filaCamion) TableName() string { return "camiones" }

func (f filaCamion) cosa() Camion {
	camion := Camion{
		ID: f.ID, Patente: f.Patente, Deposito: f.Deposito, PesoMaxGramos: f.PesoMax, VolumenMaxML: f.VolumenMax,
		Frio: f.Frio, Activo: f.Activo, Horario: Horario{Desde: f.HorarioDesde, Hasta: f.HorarioHasta, Dias: f.HorarioDias},
		Version: f.Version, Huella: f.Huella, Creado: deMs(f.Creado),
	}
	if f.Repartidor != nil {
		camion.Repartidor = *f.Repartidor
	}
	if f.Dispositivo != nil {
		camion.Dispositivo = *f.Dispositivo
	}
	return camion
}

func filaDeCamion(camion Camion) filaCamion {
	f := filaCamion{
		ID: camion.ID, Patente: camion.Patente, Deposito: camion.Deposito,
		PesoMax: camion.PesoMaxGramos, VolumenMax: camion.VolumenMaxML,
		Frio: camion.Frio, Activo: camion.Activo, HorarioDesde: camion.Horario.Desde,
		HorarioHasta: camion.Horario.Hasta, HorarioDias: camion.Horario.Dias,
		Version: camion.Version, Huella: camion.Huella, Creado: camion.Creado.UnixMilli(),
	}
	if camion.Repartidor != "" {
		f.Repartidor = &camion.Repartidor
	}
	if camion.Dispositivo != "" {
		f.Dispositivo = &camion.Dispositivo
	}
	return f
}

type filaTurno struct {
	ID, Camion, Deposito, Dia                      string
	Inicio, Fin                                    int64
	Franja                                         int64 // minutes
	Frio, Activo                                   bool
	PesoMax, VolumenMax, MinutosMax, VisitasMax    int64
	Peso, Volumen, Minutos, Visitas                int64
	Tramo0, Tramo1, Tramo2, Tramo3, Tramo4, Tramo5 int64
	Hueco                                          int64
	Libre                                          bool
	Estado                                         string
	Salio                                          *int64
	Version, Revision                              int64
	Huella                                         string
	Creado                                         int64
}

func (filaTurno) TableName() string { return "turnos" }

func (f filaTurno) cosa() Turno {
	return Turno{
		ID: f.ID, Camion: f.Camion, Deposito: f.Deposito, Dia: f.Dia, Inicio: deMs(f.Inicio), Fin: deMs(f.Fin),
		Franja: time.Duration(f.Franja) * time.Minute, Frio: f.Frio, Activo: f.Activo,
		Capacidad: Capacidad{
			PesoGramos: f.PesoMax,
			VolumenML:  f.VolumenMax,
			Minutos:    f.MinutosMax,
			Visitas:    f.VisitasMax,
		},
		Usado: Capacidad{
			PesoGramos: f.Peso,
			VolumenML:  f.Volumen,
			Minutos:    f.Minutos,
			Visitas:    f.Visitas,
		},
		MinutosPorVentana: [maxVentanas]int64{
			f.Tramo0,
			f.Tramo1,
			f.Tramo2,
			f.Tramo3,
			f.Tramo4,
			f.Tramo5,
		},
		Estado:   EstadoTurno(f.Estado),
		Salio:    de(f.Salio),
		Version:  f.Version,
		revision: f.Revision,
		Huella:   f.Huella, Creado: deMs(f.Creado),
	}
}

// filaDeTurno gives the row of a shift. Its columns hueco and libre serve queries only.
func filaDeTurno(turno Turno) filaTurno {
	return filaTurno{
		ID:       turno.ID,
		Camion:   turno.Camion,
		Deposito: turno.Deposito,
		Dia:      turno.Dia,
		Inicio:   turno.Inicio.UnixMilli(),
		Fin:      turno.Fin.UnixMilli(),
		Franja:   int64(turno.Franja / time.Minute), Frio: turno.Frio, Activo: turno.Activo,
		PesoMax: turno.Capacidad.PesoGramos, VolumenMax: turno.Capacidad.VolumenML,
		MinutosMax: turno.Capacidad.Minutos, VisitasMax: turno.Capacidad.Visitas,
		Peso:    turno.Usado.PesoGramos,
		Volumen: turno.Usado.VolumenML,
		Minutos: turno.Usado.Minutos,
		Visitas: turno.Usado.Visitas,
		Tramo0:  turno.MinutosPorVentana[0], Tramo1: turno.MinutosPorVentana[1], Tramo2: turno.MinutosPorVentana[2],
		Tramo3: turno.MinutosPorVentana[3], Tramo4: turno.MinutosPorVentana[4], Tramo5: turno.MinutosPorVentana[5],
		Hueco: turno.hueco(), Libre: turno.libre(), Estado: string(turno.Estado),
		Salio: ms(turno.Salio), Version: turno.Version, Revision: turno.revision,
		Huella: turno.Huella, Creado: turno.Creado.UnixMilli(),
	}
}

type filaVisita struct {
	ID, Pedido                       string
	Intento, Numero                  int
	Cliente, Turno, Camion, Deposito string
	Patente                          string  `gorm:"->"` // joined from camiones
	Repartidor                       *string `gorm:"->"` // joined from camiones
	Comienza, Termina                int64   `gorm:"->"` // joined from turnos
	Dia                              string
	Estado                           string
	Lat, Lon                         *float64
	Peso, Volumen, Minutos           int64
	Frio                             bool
	Tramo                            int
	Desde, Hasta, Salida             int64
	Llegada, Fin                     *int64
	Motivo                           string
	Version                          int64
	Creado                           int64
}

func (filaVisita) TableName() string { return "visitas" }

func (f filaVisita) cosa() Visita {
	visita := Visita{
		ID: f.ID, Clave: rutas.Clave{Pedido: f.Pedido, Intento: f.Intento, Numero: f.Numero}, Cliente: f.Cliente,
		Turno: f.Turno, Camion: f.Camion, Patente: f.Patente, Deposito: f.Deposito, Dia: f.Dia,
		Estado: rutas.EstadoVisita(f.Estado), Frio: f.Frio, numVentana: f.Tramo,
		Capacidad: Capacidad{
			PesoGramos: f.Peso,
			VolumenML:  f.Volumen,
			Minutos:    f.Minutos,
			Visitas:    1,
		},
		Ventana: rutas.Ventana{
			Desde: deMs(f.Desde),
			Hasta: deMs(f.Hasta),
		},
		Salida:  deMs(f.Salida),
		jornada: rutas.Ventana{Desde: deMs(f.Comienza), Hasta: deMs(f.Termina)},
		Llegada: de(f.Llegada),
		Fin:     de(f.Fin),
		Motivo:  f.Motivo,
		Version: f.Version,
		Creado:  deMs(f.Creado),
	}
	if f.Repartidor != nil {
		visita.Repartidor = *f.Repartidor
	}
	if f.Lat != nil && f.Lon != nil {
		visita.Punto = &rutas.Punto{Lat: *f.Lat, Lon: *f.Lon}
	}
	return visita
}

func filaDeVisita(visita Visita) filaVisita {
	f := filaVisita{
		ID: visita.ID, Pedido: visita.Pedido, Intento: visita.Intento, Numero: visita.Numero, Cliente: visita.Cliente,
		Turno:    visita.Turno,
		Camion:   visita.Camion,
		Deposito: visita.Deposito,
		Dia:      visita.Dia,
		Estado:   string(visita.Estado),
		Peso:     visita.Capacidad.PesoGramos, Volumen: visita.Capacidad.VolumenML, Minutos: visita.Capacidad.Minutos,
		Frio: visita.Frio, Tramo: visita.numVentana,
		Desde: visita.Ventana.Desde.UnixMilli(), Hasta: visita.Ventana.Hasta.UnixMilli(), Salida: visita.Salida.UnixMilli(),
		Llegada: ms(visita.Llegada),
		Fin:     ms(visita.Fin),
		Motivo:  visita.Motivo,
		Version: visita.Version,
		Creado:  visita.Creado.UnixMilli(),
	}
	if visita.Punto != nil {
		f.Lat, f.Lon = &visita.Punto.Lat, &visita.Punto.Lon
	}
	return f
}

// filaLapida is a tombstone: until Hasta it makes every Reservar and Asegurar of the key fail.
type filaLapida struct {
	Pedido          string
	Intento, Numero int
	Hasta           int64
}

func (filaLapida) TableName() string { return "lapidas" }

// filaClave is an idempotency key that has had its effect on Recurso.
type filaClave struct {
	ID, Huella, Recurso string
	Creado              int64
}

func (filaClave) TableName() string { return "claves" }
