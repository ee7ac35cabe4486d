package rest

import (
	"fmt"
	"time"

	"despensa/modules/rutas"
	"despensa/modules/rutas/internal/flota"
)

// Deposito is a depot as the API shows it.
type Deposito struct {
	ID     string    `json:"id" format:"uuid" doc:"Its id."`
	Codigo string    `json:"codigo" doc:"Its code; unique."`
	Nombre string    `json:"nombre" doc:"Its name."`
	Lat    float64   `json:"lat" doc:"WGS 84 degrees."`
	Lon    float64   `json:"lon" doc:"WGS 84 degrees."`
	Activo bool      `json:"activo" doc:"Inactive depots take no new orders, and their trucks do not leave."`
	Creado time.Time `json:"creado" doc:"When it was added."`
}

func deposito(d flota.Deposito) Deposito {
	return Deposito{
		ID: d.ID, Codigo: d.Codigo, Nombre: d.Nombre, Lat: d.Punto.Lat, Lon: d.Punto.Lon,
		Activo: d.Activo, Creado: d.Creado,
	}
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

// regla turns the timetable of the API, HH:MM and weekdays, into the one of flota.
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

// minutos turns HH:MM, a form that the caller has checked, into minutes after midnight.
func minutos(hhmm string) int {
	d := func(i int) int { return int(hhmm[i] - '0') }
	return (d(0)*10+d(1))*60 + d(3)*10 + d(4)
}

// Camion is a truck as the API shows it.
type Camion struct {
	ID            string    `json:"id" format:"uuid" doc:"Its id."`
	Patente       string    `json:"patente" doc:"Its plate; unique."`
	DepositoID    string    `json:"deposito_id" format:"uuid" doc:"Id of the depot that it leaves from."`
	PesoMaxGramos int64     `json:"peso_max_gramos" doc:"What it may carry."`
	VolumenMaxML  int64     `json:"volumen_max_ml" doc:"What goes into it."`
	Frio          bool      `json:"frio" doc:"Refrigerated."`
	Activo        bool      `json:"activo" doc:"Inactive trucks are not booked and do not leave."`
	RepartidorID  string    `json:"repartidor_id,omitempty" doc:"House id of its driver."`
	DispositivoID string    `json:"dispositivo_id,omitempty" doc:"House id of the machine that sends its positions."`
	Horario       *Horario  `json:"horario,omitempty" doc:"Shifts are made by it, as far ahead as room is booked."`
	Creado        time.Time `json:"creado" doc:"When it was added."`
}

func camion(c flota.Camion) Camion {
	return Camion{
		ID:            c.ID,
		Patente:       c.Patente,
		DepositoID:    c.Deposito,
		PesoMaxGramos: c.PesoMaxGramos,
		VolumenMaxML:  c.VolumenMaxML,
		Frio:          c.Frio,
		Activo:        c.Activo,
		RepartidorID:  c.Repartidor,
		DispositivoID: c.Dispositivo,
		Horario:       horario(c.Horario),
		Creado:        c.Creado,
	}
}

// Cupo is room in a truck, free or taken, as the API shows it.
type Cupo struct {
	PesoGramos int64 `json:"peso_gramos" doc:"Weight."`
	VolumenML  int64 `json:"volumen_ml" doc:"Volume."`
	Minutos    int64 `json:"minutos" doc:"Working time."`
	Visitas    int64 `json:"visitas" doc:"Number of visits."`
}

// Turno is a shift as the API shows it.
type Turno struct {
	ID         string            `json:"id" format:"uuid" doc:"Its id."`
	CamionID   string            `json:"camion_id" format:"uuid" doc:"Id of its truck."`
	DepositoID string            `json:"deposito_id" format:"uuid" doc:"Id of the depot that it leaves from."`
	Dia        string            `json:"dia" format:"date" doc:"Local calendar day on which it begins."`
	Inicio     time.Time         `json:"inicio" doc:"When it begins."`
	Fin        time.Time         `json:"fin" doc:"When it ends."`
	MinutosMax int64             `json:"minutos_max" doc:"Working time that may be booked."`
	VisitasMax int64             `json:"visitas_max" doc:"How many visits may be booked."`
	Capacidad  Cupo              `json:"capacidad" doc:"Room that it has."`
	Usado      Cupo              `json:"usado" doc:"Room that is taken."`
	Estado     flota.EstadoTurno `json:"estado" enum:"abierto,salio,cerrado" doc:"salio: its truck has left; cerrado: it is over."`
	Salio      *time.Time        `json:"salio,omitempty" doc:"When the truck left."`
	Creado     time.Time         `json:"creado" doc:"When it was made."`
}

func turno(t flota.Turno) Turno {
	return Turno{
		ID: t.ID, CamionID: t.Camion, DepositoID: t.Deposito, Dia: t.Dia, Inicio: t.Inicio,
		Fin: t.Fin, MinutosMax: t.Capacidad.Minutos, VisitasMax: t.Capacidad.Visitas,
		Capacidad: Cupo(t.Capacidad),
		Usado:     Cupo(t.Usado),
		Estado:    t.Estado,
		Salio:     cuando(t.Salio),
		Creado:    t.Creado,
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
	Desde time.Time `json:"desde" doc:"Begin of the window."`
	Hasta time.Time `json:"hasta" doc:"End of the window."`
}

// Visita is a visit as the API shows it.
type Visita struct {
	ID         string               `json:"id" format:"uuid" doc:"Its id."`
	PedidoID   string               `json:"pedido_id" doc:"Id of the order."`
	Intento    int                  `json:"intento" doc:"Which try of the order."`
	Numero     int                  `json:"numero" doc:"Which visit of the try, from 1."`
	ClienteID  string               `json:"cliente_id" doc:"Whose order it is."`
	TurnoID    string               `json:"turno_id" format:"uuid" doc:"Id of its shift."`
	CamionID   string               `json:"camion_id" format:"uuid" doc:"Id of the truck."`
	Patente    string               `json:"patente" doc:"Plate of the truck."`
	DepositoID string               `json:"deposito_id" format:"uuid" doc:"Id of the depot that it leaves from."`
	Dia        string               `json:"dia" format:"date" doc:"Local calendar day on which its shift begins."`
	Estado     rutas.EstadoVisita   `json:"estado" enum:"provisional,firme,en_camino,entregada,fallida,liberada,perdida" doc:"provisional until the order is paid; liberada: given back; perdida: its shift is gone."`
	Lat        *float64             `json:"lat,omitempty" doc:"Absent once it has been forgotten."`
	Lon        *float64             `json:"lon,omitempty" doc:"WGS 84 degrees."`
	PesoGramos int64                `json:"peso_gramos" doc:"Weight of the goods."`
	VolumenML  int64                `json:"volumen_ml" doc:"Volume of the goods."`
	Minutos    int64                `json:"minutos" doc:"Working time that it takes of the shift."`
	Frio       bool                 `json:"frio" doc:"It needs a refrigerated truck."`
	Ventana    Ventana              `json:"ventana" doc:"The window that was promised."`
	Salida     time.Time            `json:"salida" doc:"Planned departure; the real one once it has left."`
	Llegada    *time.Time           `json:"llegada,omitempty" doc:"When the truck was at the door."`
	Fin        *time.Time           `json:"fin,omitempty" doc:"When it had an outcome."`
	Motivo     string               `json:"motivo,omitempty" doc:"Why it failed."`
	Permitidos []flota.ClaseDeParte `json:"permitidos" crece:"llegada,entrega,fallo" doc:"What may be posted to it now."`
	Creado     time.Time            `json:"creado" doc:"When it was booked."`
}

func visita(v flota.Visita) Visita {
	w := Visita{
		ID: v.ID, PedidoID: v.Pedido, Intento: v.Intento, Numero: v.Numero, ClienteID: v.Cliente, TurnoID: v.Turno,
		CamionID: v.Camion, Patente: v.Patente, DepositoID: v.Deposito, Dia: v.Dia, Estado: v.Estado,
		PesoGramos: v.Capacidad.PesoGramos, VolumenML: v.Capacidad.VolumenML, Minutos: v.Capacidad.Minutos, Frio: v.Frio,
		Ventana:    Ventana(v.Ventana),
		Salida:     v.Salida,
		Llegada:    cuando(v.Llegada),
		Fin:        cuando(v.Fin),
		Motivo:     v.Motivo,
		Permitidos: v.Permitidos(), Creado: v.Creado,
	}
	if v.Punto != nil {
		w.Lat, w.Lon = &v.Punto.Lat, &v.Punto.Lon
	}
	return w
}
