package rest

import (
	"context"
	"net/http"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/httpapi"

	"github.com/danielgtaylor/huma/v2"
)

// soporte registers the operations that explain an order to the operators at the telephone.
func (a *API) soporte(api huma.API) {
	const uno = "/pedidos/{id}"
	existencias := op("ver-existencias", http.MethodGet, uno+"/existencias",
		"Stock reserved for an order, and moved by it")
	expediente := op("ver-expediente", http.MethodGet, uno+"/expediente",
		"Every intento of an order, and what is to be done with it next")
	httpapi.Register(api, existencias, explican, a.existencias)
	httpapi.Register(api, expediente, explican, a.expediente)
}

// Apartado is stock of one product in one depot that is reserved for an order, in units.
type Apartado struct {
	ProductoID string `json:"producto_id" format:"uuid" doc:"Id of the product."`
	DepositoID string `json:"deposito_id" format:"uuid" doc:"Id of the depot in which it lies."`
	Intento    int64  `json:"intento" doc:"For which try of the order."`
	Vuelta     int64  `json:"vuelta" doc:"Which of the depots that the intento tried, from 1."`
	Cantidad   int64  `json:"cantidad" doc:"How many units."`
}

// Existencias is the stock of one order: its reservations and its movements.
type Existencias struct {
	Reservas    []Apartado   `json:"reservas" doc:"Open ones: neither sold nor given back."`
	Movimientos []Movimiento `json:"movimientos" doc:"Sales and what undid them, oldest first."`
}

// VerExistencias answers with the stock of an order.
type VerExistencias struct{ Body Existencias }

func (a *API) existencias(ctx context.Context, porID *PorID) (*VerExistencias, error) {
	e, err := a.app.DePedido(ctx, quien(ctx), porID.ID)
	if err != nil {
		return nil, err
	}
	v := Existencias{
		make([]Apartado, 0, len(e.Reservas)),
		make([]Movimiento, 0, len(e.Movimientos)),
	}
	for _, r := range e.Reservas {
		v.Reservas = append(v.Reservas, Apartado{
			ProductoID: r.Producto,
			DepositoID: r.Deposito,
			Intento:    r.Intento,
			Vuelta:     r.Vuelta,
			Cantidad:   r.Cantidad,
		})
	}
	for _, m := range e.Movimientos {
		v.Movimientos = append(v.Movimientos, movimiento(m))
	}
	return &VerExistencias{v}, nil
}

// Intento is one pass of an order through its phases: its lines, the depots and visits that it tried, and its
// end.
type Intento struct {
	Numero   int64          `json:"numero" doc:"From 1."`
	Lineas   []LineaTratada `json:"lineas" doc:"What it wanted."`
	Vueltas  []Vuelta       `json:"vueltas" doc:"The depots that were tried, in order."`
	Visitas  []int64        `json:"visitas" doc:"Numbers of the visits that were booked, or were going to be."`
	Motivo   string         `json:"motivo,omitempty" doc:"Why it ended."`
	Fin      *time.Time     `json:"fin,omitempty" doc:"When it ended; absent: it is under way."`
	Deshecho bool           `json:"deshecho" doc:"Nothing is left of it: no stock, no truck, no money."`
}

// LineaTratada is a quantity of one product that an intento was for.
type LineaTratada struct {
	ProductoID string `json:"producto_id" format:"uuid" doc:"Id of the product."`
	Cantidad   int64  `json:"cantidad" doc:"How many units."`
}

// Vuelta is one depot that an intento tried: the number of its visit, and whether a product was short there.
type Vuelta struct {
	DepositoID string `json:"deposito_id" format:"uuid" doc:"Id of the depot."`
	Visita     int64  `json:"visita" doc:"Number of the visit that was booked there; 0: none."`
	Cerrada    bool   `json:"cerrada" doc:"Its stock was given back."`
	Falta      bool   `json:"falta" doc:"It was closed because a line was short."`
}

// Expediente is the file of an order: its intentos, and the state of its present wait, by which the worker
// decides when to take it up again.
type Expediente struct {
	Ahora      time.Time  `json:"ahora" doc:"The server's clock, against which the other times are meant."`
	Version    int64      `json:"version" doc:"Version of the order's document."`
	Debe       *time.Time `json:"debe,omitempty" doc:"When it next needs care; absent: nothing is left to do."`
	Plazo      *time.Time `json:"plazo,omitempty" doc:"Until when the present wait may last."`
	Esperas    int64      `json:"esperas" doc:"Tries of the present wait that came to nothing."`
	Tomado     *time.Time `json:"tomado,omitempty" doc:"Until when a worker holds it."`
	Cancela    *time.Time `json:"cancela,omitempty" doc:"Since when a cancel waits for the truck's answer."`
	Reintenta  bool       `json:"reintenta" doc:"A retry waits for the last intento to be undone."`
	Fallidas   int64      `json:"fallidas" doc:"Visits that came to nothing."`
	Publicados int64      `json:"publicados" doc:"Events that the event store has."`
	Intentos   []Intento  `json:"intentos" doc:"Its tries, oldest first."`
}

// VerExpediente answers with the file of an order.
type VerExpediente struct{ Body Expediente }

// expediente shows the file of an order to an operator.
func (a *API) expediente(ctx context.Context, porID *PorID) (*VerExpediente, error) {
	p, err := a.app.Leer(ctx, quien(ctx), porID.ID)
	if err != nil {
		return nil, err
	}
	v := Expediente{
		Ahora:      a.app.Ahora(),
		Version:    p.Version,
		Debe:       p.Debe,
		Plazo:      p.Plazo,
		Esperas:    p.Esperas,
		Tomado:     cuando(p.Lease),
		Reintenta:  p.Pedida != nil,
		Fallidas:   p.Fallidas,
		Publicados: p.Publicados,
		Intentos:   make([]Intento, 0, len(p.Intentos)),
	}
	if p.Nota != nil {
		v.Cancela = &p.Nota.En
	}
	for _, i := range p.Intentos {
		v.Intentos = append(v.Intentos, intento(i))
	}
	return &VerExpediente{v}, nil
}

// intento shows one intento of an order.
func intento(i pedido.Intento) Intento {
	v := Intento{
		Numero:   i.Numero,
		Lineas:   make([]LineaTratada, 0, len(i.Lineas)),
		Vueltas:  make([]Vuelta, 0, len(i.Vueltas)),
		Visitas:  append([]int64{}, i.Visitas...),
		Motivo:   i.Motivo,
		Fin:      cuando(i.Fin),
		Deshecho: i.Deshecho,
	}
	for _, l := range i.Lineas {
		v.Lineas = append(v.Lineas, LineaTratada{l.Producto, l.Cantidad})
	}
	for _, x := range i.Vueltas {
		v.Vueltas = append(v.Vueltas, Vuelta{
			DepositoID: x.Deposito,
			Visita:     x.Visita,
			Cerrada:    x.Cerrada,
			Falta:      x.Falta,
		})
	}
	return v
}
