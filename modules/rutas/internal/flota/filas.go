package flota

import (
	"time"

	"despensa/modules/rutas"
)

// ms writes a time as a column has it: Unix ms, null when it has not happened.
func ms(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	m := t.UnixMilli()
	return &m
}

func de(m *int64) time.Time {
	if m == nil {
		return time.Time{}
	}
	return time.UnixMilli(*m).UTC()
}

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
	return Deposito{f.ID, f.Codigo, f.Nombre, rutas.Punto{Lat: f.Lat, Lon: f.Lon}, f.Activo, f.Version, f.Huella,
		deMs(f.Creado)}
}

func filaDeDeposito(d Deposito) filaDeposito {
	return filaDeposito{d.ID, d.Codigo, d.Nombre, d.Punto.Lat, d.Punto.Lon, d.Activo, d.Version, d.Huella,
		d.Creado.UnixMilli()}
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
	c := Camion{
		ID: f.ID, Patente: f.Patente, Deposito: f.Deposito, PesoMaxGramos: f.PesoMax, VolumenMaxML: f.VolumenMax,
		Frio: f.Frio, Activo: f.Activo, Horario: Horario{f.HorarioDesde, f.HorarioHasta, f.HorarioDias},
		Version: f.Version, Huella: f.Huella, Creado: deMs(f.Creado),
	}
	if f.Repartidor != nil {
		c.Repartidor = *f.Repartidor
	}
	if f.Dispositivo != nil {
		c.Dispositivo = *f.Dispositivo
	}
	return c
}

func filaDeCamion(c Camion) filaCamion {
	f := filaCamion{
		ID: c.ID, Patente: c.Patente, Deposito: c.Deposito, PesoMax: c.PesoMaxGramos, VolumenMax: c.VolumenMaxML,
		Frio: c.Frio, Activo: c.Activo, HorarioDesde: c.Horario.Desde,
		HorarioHasta: c.Horario.Hasta, HorarioDias: c.Horario.Dias,
		Version: c.Version, Huella: c.Huella, Creado: c.Creado.UnixMilli(),
	}
	if c.Repartidor != "" {
		f.Repartidor = &c.Repartidor
	}
	if c.Dispositivo != "" {
		f.Dispositivo = &c.Dispositivo
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
		Capacidad: Cupo{f.PesoMax, f.VolumenMax, f.MinutosMax, f.VisitasMax},
		Usado:     Cupo{f.Peso, f.Volumen, f.Minutos, f.Visitas},
		Tramos:    [maxTramos]int64{f.Tramo0, f.Tramo1, f.Tramo2, f.Tramo3, f.Tramo4, f.Tramo5},
		Estado:    EstadoTurno(f.Estado), Salio: de(f.Salio), Version: f.Version, revision: f.Revision,
		Huella: f.Huella, Creado: deMs(f.Creado),
	}
}

// filaDeTurno derives the row; hueco and libre are there for queries only.
func filaDeTurno(t Turno) filaTurno {
	return filaTurno{
		ID: t.ID, Camion: t.Camion, Deposito: t.Deposito, Dia: t.Dia, Inicio: t.Inicio.UnixMilli(), Fin: t.Fin.UnixMilli(),
		Franja: int64(t.Franja / time.Minute), Frio: t.Frio, Activo: t.Activo,
		PesoMax: t.Capacidad.PesoGramos, VolumenMax: t.Capacidad.VolumenML,
		MinutosMax: t.Capacidad.Minutos, VisitasMax: t.Capacidad.Visitas,
		Peso: t.Usado.PesoGramos, Volumen: t.Usado.VolumenML, Minutos: t.Usado.Minutos, Visitas: t.Usado.Visitas,
		Tramo0: t.Tramos[0], Tramo1: t.Tramos[1], Tramo2: t.Tramos[2],
		Tramo3: t.Tramos[3], Tramo4: t.Tramos[4], Tramo5: t.Tramos[5],
		Hueco: t.hueco(), Libre: t.libre(), Estado: string(t.Estado),
		Salio: ms(t.Salio), Version: t.Version, Revision: t.revision,
		Huella: t.Huella, Creado: t.Creado.UnixMilli(),
	}
}

type filaVisita struct {
	ID, Pedido                       string
	Intento, Numero                  int
	Cliente, Turno, Camion, Deposito string
	Patente                          string  `gorm:"->"` // joined from camiones
	Repartidor                       *string `gorm:"->"` // likewise
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
	v := Visita{
		ID: f.ID, Clave: rutas.Clave{Pedido: f.Pedido, Intento: f.Intento, Numero: f.Numero}, Cliente: f.Cliente,
		Turno: f.Turno, Camion: f.Camion, Patente: f.Patente, Deposito: f.Deposito, Dia: f.Dia,
		Estado: rutas.EstadoVisita(f.Estado), Cupo: Cupo{f.Peso, f.Volumen, f.Minutos, 1}, Frio: f.Frio, tramo: f.Tramo,
		Ventana: rutas.Ventana{Desde: deMs(f.Desde), Hasta: deMs(f.Hasta)}, Salida: deMs(f.Salida),
		jornada: rutas.Ventana{Desde: deMs(f.Comienza), Hasta: deMs(f.Termina)},
		Llegada: de(f.Llegada), Fin: de(f.Fin), Motivo: f.Motivo, Version: f.Version, Creado: deMs(f.Creado),
	}
	if f.Repartidor != nil {
		v.Repartidor = *f.Repartidor
	}
	if f.Lat != nil && f.Lon != nil {
		v.Punto = &rutas.Punto{Lat: *f.Lat, Lon: *f.Lon}
	}
	return v
}

func filaDeVisita(v Visita) filaVisita {
	f := filaVisita{
		ID: v.ID, Pedido: v.Pedido, Intento: v.Intento, Numero: v.Numero, Cliente: v.Cliente,
		Turno: v.Turno, Camion: v.Camion, Deposito: v.Deposito, Dia: v.Dia, Estado: string(v.Estado),
		Peso: v.Cupo.PesoGramos, Volumen: v.Cupo.VolumenML, Minutos: v.Cupo.Minutos, Frio: v.Frio, Tramo: v.tramo,
		Desde: v.Ventana.Desde.UnixMilli(), Hasta: v.Ventana.Hasta.UnixMilli(), Salida: v.Salida.UnixMilli(),
		Llegada: ms(v.Llegada), Fin: ms(v.Fin), Motivo: v.Motivo, Version: v.Version, Creado: v.Creado.UnixMilli(),
	}
	if v.Punto != nil {
		f.Lat, f.Lon = &v.Punto.Lat, &v.Punto.Lon
	}
	return f
}

// filaLapida refuses every later use of a booking's key.
type filaLapida struct {
	Pedido          string
	Intento, Numero int
	Hasta           int64
}

func (filaLapida) TableName() string { return "lapidas" }

// filaClave remembers an Idempotency-Key of an action.
type filaClave struct {
	ID, Huella, Recurso string
	Creado              int64
}

func (filaClave) TableName() string { return "claves" }
