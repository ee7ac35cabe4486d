package rest

import (
	"fmt"
	"time"

	"despensa/modules/rutas"
	"despensa/modules/rutas/internal/flota"
)

// Deposito is a depot as the API shows it.
type Deposito struct {
	ID     string    `json:"id" format:"uuid"`
	Codigo string    `json:"codigo"`
	Nombre string    `json:"nombre"`
	Lat    float64   `json:"lat" doc:"WGS 84 degrees."`
	Lon    float64   `json:"lon" doc:"WGS 84 degrees."`
	Activo bool      `json:"activo" doc:"Inactive depots take no new orders, and their trucks do not leave."`
	Creado time.Time `json:"creado"`
}

func deposito(d flota.Deposito) Deposito {
	return Deposito{d.ID, d.Codigo, d.Nombre, d.Punto.Lat, d.Punto.Lon, d.Activo, d.Creado}
}

// Horario is a weekly timetable as the API shows it.
type Horario struct {
	Desde string `json:"desde" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" doc:"Local time at which the shift begins, HH:MM."`
	Hasta string `json:"hasta" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" doc:"Local time at which it ends; at or before desde it is the next day's."`
	Dias  []int  `json:"dias" minItems:"0" maxItems:"7" uniqueItems:"true" doc:"Weekdays on which it begins, 0 is Sunday to 6; none means no timetable."`
}

const minutosDelDia = 24 * 60

func horario(h flota.Horario) *Horario {
	if h.Dias == 0 {
		return nil
	}
	v := &Horario{Desde: hora(h.Desde), Hasta: hora(h.Hasta), Dias: []int{}}
	for d := range 7 {
		if h.Dias&(1<<d) != 0 {
			v.Dias = append(v.Dias, d)
		}
	}
	return v
}

func hora(minutos int) string {
	minutos %= minutosDelDia
	return fmt.Sprintf("%02d:%02d", minutos/60, minutos%60)
}

// regla turns what the API was told into the rule's timetable.
func (h *Horario) regla() (flota.Horario, error) {
	if h == nil || len(h.Dias) == 0 {
		return flota.Horario{}, nil
	}
	r := flota.Horario{Desde: minutos(h.Desde), Hasta: minutos(h.Hasta)}
	if r.Hasta <= r.Desde {
		r.Hasta += minutosDelDia
	}
	for _, d := range h.Dias {
		if d < 0 || d > 6 {
			return r, flota.ErrValor.WithField("body.horario.dias", "a weekday is 0 to 6")
		}
		r.Dias |= 1 << d
	}
	return r, nil
}

// minutos reads HH:MM, whose form has been checked.
func minutos(hhmm string) int {
	d := func(i int) int { return int(hhmm[i] - '0') }
	return (d(0)*10+d(1))*60 + d(3)*10 + d(4)
}

// Camion is a truck as the API shows it.
type Camion struct {
	ID            string    `json:"id" format:"uuid"`
	Patente       string    `json:"patente"`
	DepositoID    string    `json:"deposito_id" format:"uuid"`
	PesoMaxGramos int64     `json:"peso_max_gramos"`
	VolumenMaxML  int64     `json:"volumen_max_ml"`
	Frio          bool      `json:"frio" doc:"Refrigerated."`
	Activo        bool      `json:"activo" doc:"Inactive trucks are not booked and do not leave."`
	RepartidorID  string    `json:"repartidor_id,omitempty" doc:"House id of its driver."`
	DispositivoID string    `json:"dispositivo_id,omitempty" doc:"House id of the machine that sends its positions."`
	Horario       *Horario  `json:"horario,omitempty" doc:"Shifts are made by it, as far ahead as room is booked."`
	Creado        time.Time `json:"creado"`
}

func camion(c flota.Camion) Camion {
	return Camion{c.ID, c.Patente, c.Deposito, c.PesoMaxGramos, c.VolumenMaxML, c.Frio, c.Activo, c.Repartidor, c.Dispositivo, horario(c.Horario), c.Creado}
}

// Cupo is room, or what is taken of it.
type Cupo struct {
	PesoGramos int64 `json:"peso_gramos"`
	VolumenML  int64 `json:"volumen_ml"`
	Minutos    int64 `json:"minutos"`
	Visitas    int64 `json:"visitas"`
}

// Turno is a shift as the API shows it.
type Turno struct {
	ID         string            `json:"id" format:"uuid"`
	CamionID   string            `json:"camion_id" format:"uuid"`
	DepositoID string            `json:"deposito_id" format:"uuid"`
	Dia        string            `json:"dia" format:"date" doc:"Local calendar day on which it begins."`
	Inicio     time.Time         `json:"inicio"`
	Fin        time.Time         `json:"fin"`
	MinutosMax int64             `json:"minutos_max"`
	VisitasMax int64             `json:"visitas_max"`
	Capacidad  Cupo              `json:"capacidad"`
	Usado      Cupo              `json:"usado"`
	Estado     flota.EstadoTurno `json:"estado" enum:"abierto,salio,cerrado"`
	Salio      *time.Time        `json:"salio,omitempty" doc:"When the truck left."`
	Creado     time.Time         `json:"creado"`
}

func turno(t flota.Turno) Turno {
	return Turno{
		t.ID, t.Camion, t.Deposito, t.Dia, t.Inicio, t.Fin, t.Capacidad.Minutos, t.Capacidad.Visitas,
		Cupo(t.Capacidad), Cupo(t.Usado), t.Estado, cuando(t.Salio), t.Creado,
	}
}

func cuando(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// Ventana is a delivery window.
type Ventana struct {
	Desde time.Time `json:"desde"`
	Hasta time.Time `json:"hasta"`
}

// Visita is a visit as the API shows it.
type Visita struct {
	ID         string             `json:"id" format:"uuid"`
	PedidoID   string             `json:"pedido_id"`
	Intento    int                `json:"intento"`
	Numero     int                `json:"numero"`
	ClienteID  string             `json:"cliente_id"`
	TurnoID    string             `json:"turno_id" format:"uuid"`
	CamionID   string             `json:"camion_id" format:"uuid"`
	Patente    string             `json:"patente"`
	DepositoID string             `json:"deposito_id" format:"uuid"`
	Dia        string             `json:"dia" format:"date" doc:"Local calendar day on which its shift begins."`
	Estado     rutas.EstadoVisita `json:"estado" enum:"provisional,firme,en_camino,entregada,fallida,liberada,perdida"`
	Lat        *float64           `json:"lat,omitempty" doc:"Absent once it has been forgotten."`
	Lon        *float64           `json:"lon,omitempty"`
	PesoGramos int64              `json:"peso_gramos"`
	VolumenML  int64              `json:"volumen_ml"`
	Minutos    int64              `json:"minutos" doc:"Working time that it takes of the shift."`
	Frio       bool               `json:"frio"`
	Ventana    Ventana            `json:"ventana"`
	Salida     time.Time          `json:"salida" doc:"Planned departure; the real one once it has left."`
	Llegada    *time.Time         `json:"llegada,omitempty"`
	Fin        *time.Time         `json:"fin,omitempty"`
	Motivo     string             `json:"motivo,omitempty"`
	Permitidos []flota.Paso       `json:"permitidos" doc:"What may be posted to it now."`
	Creado     time.Time          `json:"creado"`
}

func visita(v flota.Visita) Visita {
	w := Visita{
		ID: v.ID, PedidoID: v.Pedido, Intento: v.Intento, Numero: v.Numero, ClienteID: v.Cliente, TurnoID: v.Turno,
		CamionID: v.Camion, Patente: v.Patente, DepositoID: v.Deposito, Dia: v.Dia, Estado: v.Estado,
		PesoGramos: v.Cupo.PesoGramos, VolumenML: v.Cupo.VolumenML, Minutos: v.Cupo.Minutos, Frio: v.Frio,
		Ventana: Ventana(v.Ventana), Salida: v.Salida, Llegada: cuando(v.Llegada), Fin: cuando(v.Fin), Motivo: v.Motivo,
		Permitidos: v.Permitidos(), Creado: v.Creado,
	}
	if v.Punto != nil {
		w.Lat, w.Lon = &v.Punto.Lat, &v.Punto.Lon
	}
	return w
}
