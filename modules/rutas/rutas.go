// Package rutas is the contract of the module that owns trucks, shifts and visits.
package rutas

import (
	"context"
	"time"

	"despensa/platform/fault"
)

// Errors of the contract.
var (
	// ErrFueraDeArea: no depot reaches the place.
	ErrFueraDeArea = fault.New(fault.Invalid, "fuera-de-area", "The address is outside the delivery area.")
	// ErrVentana: the window asked for has no room any more, or is over.
	ErrVentana = fault.New(fault.Conflict, "ventana-agotada", "The delivery window is no longer available.")
	// ErrSinLugar: no truck of the depot has room within the horizon.
	ErrSinLugar = fault.New(fault.Conflict, "sin-lugar", "No truck of this depot has room in time.")
	// ErrLiberada: the booking has been undone, and its key cannot be used again.
	ErrLiberada = fault.New(fault.Conflict, "visita-liberada", "This booking has been undone.")
	// ErrYaSalio: the truck has left with the order, so its room cannot be given back.
	ErrYaSalio = fault.New(fault.Conflict, "ya-salio", "The truck has left with this order.")
	// ErrSinVisita: nothing is booked under this key.
	ErrSinVisita = fault.New(fault.NotFound, "sin-visita", "There is no such visit.")
)

// Clave identifies one booking of an order. Numero grows with every booking that is tried, over all intentos, so that
// a freed key is never used again.
type Clave struct {
	Pedido  string
	Intento int
	Numero  int
}

// Punto is a place, in WGS 84 degrees.
type Punto struct{ Lat, Lon float64 }

// Carga is the load of one order on the truck.
type Carga struct {
	PesoGramos, VolumenML int64
	Frio                  bool // needs a refrigerated truck
}

// Ventana is a time span at the door, in UTC.
type Ventana struct{ Desde, Hasta time.Time }

// Encargo is a request for room in a truck.
type Encargo struct {
	Clave
	Cliente  string
	Deposito string // id of the depot that has the goods
	Punto    Punto
	Carga    Carga
	Ventana  *Ventana  // nil: the first that is free
	NoAntes  time.Time // the truck must leave at or after this; mostly the present moment
	Flexible bool      // when Ventana has no room, the next free one is taken
}

// EstadoVisita is where a visit stands.
type EstadoVisita string

// The states of a visit. Provisional, firme and en_camino hold room in a truck.
const (
	Provisional EstadoVisita = "provisional" // booked, not yet paid for
	Firme       EstadoVisita = "firme"       // the next departure takes it
	EnCamino    EstadoVisita = "en_camino"
	Entregada   EstadoVisita = "entregada"
	Fallida     EstadoVisita = "fallida" // the door stayed closed, or a manager ended the run
	Liberada    EstadoVisita = "liberada"
	// Perdida: the visit was provisional when its truck left; or its shift ended without a departure; or its shift does
	// not take it any more, because the shift was edited or its truck or depot went out of service.
	Perdida EstadoVisita = "perdida"
)

// Visita is a booking as it now stands.
type Visita struct {
	Clave
	ID, Camion, Patente, Deposito string
	Repartidor                    string // house id of the truck's driver
	Dia                           string // YYYY-MM-DD on which its shift begins
	Estado                        EstadoVisita
	// Vigente: the shift is not over, and touches the present calendar day of Buenos Aires or is about to begin.
	Vigente      bool
	Ventana      Ventana
	Salida       time.Time // planned departure; the real one once it has left
	Llegada, Fin time.Time // zero until they happen
}

// Consulta asks for the windows in which a load could be delivered to a place.
type Consulta struct {
	Punto   Punto
	Carga   Carga
	NoAntes time.Time
	Limite  int // at most so many windows per depot
}

// DepositoCercano is a depot that reaches the place.
type DepositoCercano struct {
	ID       string
	Viaje    time.Duration // shortest travel time from the depot
	Ventanas []Ventana     // free, soonest first; empty: no room
}

// Servicio is the part of rutas that pedidos calls. Every call may be repeated at any time.
type Servicio interface {
	// Ofrecer gives the depots that reach a place, nearest by travel time first.
	// Errors: ErrFueraDeArea.
	Ofrecer(ctx context.Context, c Consulta) ([]DepositoCercano, error)
	// Admite reports whether a depot reaches a place and, unless v is nil, has a shift that may still leave with v as one
	// of its windows, with room or without. It costs less than Ofrecer. Errors: ErrFueraDeArea, ErrVentana.
	Admite(ctx context.Context, p Punto, v *Ventana) error
	// Reservar books room once per Clave. Errors: ErrSinLugar, ErrVentana,
	// ErrFueraDeArea, ErrLiberada.
	Reservar(ctx context.Context, e Encargo) (Visita, error)
	// Asegurar makes a provisional visit firm; a success when it is firm or has left. Errors: ErrSinVisita; ErrLiberada
	// for a visit that was freed or is Perdida: the caller books anew under another key.
	Asegurar(ctx context.Context, c Clave) (Visita, error)
	// Liberar gives the room back, a success when nothing is there, and leaves a
	// tombstone that refuses every later Reservar and Asegurar of the key. A visit that
	// has ended (Fallida, Perdida) is a success too. Errors: ErrYaSalio (en_camino or
	// Entregada).
	Liberar(ctx context.Context, c Clave) error
	// Visita gives a booking as it now stands. Errors: ErrSinVisita.
	Visita(ctx context.Context, c Clave) (Visita, error)
}

// Aviso says that a visit of (pedido, intento) has changed. It has no state: the receiver reads the present one.
type Aviso struct {
	Pedido  string
	Intento int
}

// Deposito is a depot as other modules see it.
type Deposito struct{ ID, Codigo string }
