// Package existencias is the rules of stock: the free units of a product in a depot, the units that each
// order has reserved, and the movements that are not published yet. Pure Go, no I/O.
package existencias

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Bounds of one Existencia.
const (
	MaxReservas    = 1000 // open reservations
	MaxLentas      = 300  // of them, waiting for a method that takes days
	MaxMovimientos = 1000 // unpublished movements; from then on the next operation that saves publishes them
	MaxLotes       = 200  // batches that are taken in by hand; goods that come back are taken in beyond it too
)

// Reasons of the movements that orders make.
const (
	MotivoVenta         = "venta"
	MotivoVentaDeshecha = "devolucion" // a sale that was undone, or goods that came back into stock
	MotivoDescarte      = "descarte"   // goods that came back and were thrown away
)

// Outcomes of the rules.
var (
	// ErrFalta: less is free than was asked for.
	ErrFalta = errors.New("existencias: not enough stock")
	// ErrLleno: too many reservations are open; try again later.
	ErrLleno = errors.New("existencias: too many open reservations")
	// ErrLotes: the depot has MaxLotes batches of the product already.
	ErrLotes = errors.New("existencias: too many batches")
	// ErrSinReserva: there is nothing to sell under this key.
	ErrSinReserva = errors.New("existencias: no such reservation")
)

// Existencia is one product in one depot: an aggregate saved whole, if version.
type Existencia struct {
	ID          string       `bson:"_id"` // ID(producto, deposito)
	Producto    string       `bson:"producto"`
	Deposito    string       `bson:"deposito"`
	Version     int64        `bson:"version"` // 0: not stored yet
	Lotes       []Lote       `bson:"lotes"`
	Reservas    []Reserva    `bson:"reservas"`
	Movimientos []Movimiento `bson:"movimientos"` // not published yet

	// Resto keeps the members that a later release wrote and this release does not know.
	Resto map[string]any `bson:",inline"`
}

// Clave names a reservation of a product: that of one vuelta of an intento of an order.
type Clave struct {
	Pedido  string `bson:"pedido"`
	Intento int64  `bson:"intento"`
	Vuelta  int64  `bson:"vuelta"`
}

// Reserva is stock kept for an order.
type Reserva struct {
	Clave    `bson:",inline"`
	Cantidad int64  `bson:"cantidad"`
	Tomas    []Toma `bson:"tomas"`
	Lenta    bool   `bson:"lenta"` // waits for a method that takes days
}

// Movimiento is stock that came or went for good. ID is unique for ever.
type Movimiento struct {
	ID       string    `bson:"_id"`
	Producto string    `bson:"producto"`
	Deposito string    `bson:"deposito"`
	Cantidad int64     `bson:"cantidad"` // + in, - out
	Motivo   string    `bson:"motivo"`
	Tomas    []Toma    `bson:"tomas"`
	Pedido   string    `bson:"pedido"` // empty: by hand
	Vuelta   int64     `bson:"vuelta"` // of the reservation that was sold
	Huella   string    `bson:"huella"` // digest of the body of the request for the movement
	En       time.Time `bson:"en"`
}

// ID is the id of a product's stock in a depot.
func ID(producto, deposito string) string { return producto + ":" + deposito }

// IDVenta is the id of the movement that sells producto to an intento of an order.
func IDVenta(pedido string, intento int64, producto string) string {
	return fmt.Sprintf("%s:%d:%s", pedido, intento, producto)
}

// IDVentaDeshecha is the id of the movement that gives a sale back.
func IDVentaDeshecha(venta string) string { return venta + ":vuelta" }

// New is the stock of a product that a depot has never had.
func New(producto, deposito string) *Existencia {
	return &Existencia{ID: ID(producto, deposito), Producto: producto, Deposito: deposito}
}

// Demanda is the goods that one reservation asks for: their units and their least date.
type Demanda struct {
	Cantidad int64
	// VenceMinimo is the least date of the batches that will do; see VenceMinimo. Zero: any.
	VenceMinimo time.Time
	Lenta       bool // waits for a method that takes days
}

// Reservar keeps demanda.Cantidad units for clave out of the batches that will do, first expired first. A
// second call under the same key changes nothing, even once the reservation is sold, as long as the sale
// is unpublished. Errors: ErrFalta, ErrLleno.
func (e *Existencia) Reservar(clave Clave, demanda Demanda) error {
	if e.reserva(clave) >= 0 || e.vendida(clave) {
		return nil
	}
	if len(e.Reservas) >= MaxReservas || demanda.Lenta && e.lentas() >= MaxLentas {
		return ErrLleno
	}
	if e.LibreDesde(demanda.VenceMinimo) < demanda.Cantidad {
		return ErrFalta
	}
	e.Reservas = append(e.Reservas, Reserva{
		Clave:    clave,
		Cantidad: demanda.Cantidad,
		Tomas:    e.tomar(demanda.Cantidad, demanda.VenceMinimo),
		Lenta:    demanda.Lenta,
	})
	return nil
}

// Liberar gives back the units that are reserved under clave; without a reservation it changes nothing.
func (e *Existencia) Liberar(clave Clave) {
	if i := e.reserva(clave); i >= 0 {
		e.reponer(e.Reservas[i].Tomas)
		e.Reservas = slices.Delete(e.Reservas, i, i+1)
	}
}

// Vender turns the reservation under clave into a movement. A second call finds the
// movement among the unpublished ones and changes nothing. Errors: ErrSinReserva
// (the caller then looks for the stored movement).
func (e *Existencia) Vender(clave Clave, ahora time.Time) error {
	id := IDVenta(clave.Pedido, clave.Intento, e.Producto)
	if _, ok := e.Movimiento(id); ok {
		// A caller that came late has reserved once more; the sale that stands is enough.
		e.Liberar(clave)
		return nil
	}
	i := e.reserva(clave)
	if i < 0 {
		return ErrSinReserva
	}
	r := e.Reservas[i]
	e.Reservas = slices.Delete(e.Reservas, i, i+1)
	e.Movimientos = append(e.Movimientos, Movimiento{
		ID:       id,
		Producto: e.Producto,
		Deposito: e.Deposito,
		Cantidad: -r.Cantidad,
		Motivo:   MotivoVenta,
		Tomas:    r.Tomas,
		Pedido:   clave.Pedido,
		Vuelta:   clave.Vuelta,
		En:       ahora,
	})
	return nil
}

// Devolver gives a sale back by a movement of its own, but for the last fuera units of the sale,
// which its returns account for. A sale of which no unit is left gets no movement. The caller has
// made sure that the movement IDVentaDeshecha is not published yet; an unpublished one is recognised here.
func (e *Existencia) Devolver(venta Movimiento, fuera int64, ahora time.Time) {
	id, tomas := IDVentaDeshecha(venta.ID), primeras(venta.Tomas, -venta.Cantidad-fuera)
	if _, ok := e.Movimiento(id); ok || len(tomas) == 0 {
		return
	}
	e.reponer(tomas)
	e.Movimientos = append(e.Movimientos, Movimiento{
		ID:       id,
		Producto: e.Producto,
		Deposito: e.Deposito,
		Cantidad: unidades(tomas),
		Motivo:   MotivoVentaDeshecha,
		Tomas:    tomas,
		Pedido:   venta.Pedido,
		Vuelta:   venta.Vuelta,
		En:       ahora,
	})
}

// Mover takes stock in or out by hand, movimiento.Cantidad units: + in, - out. Stock goes out of the batch
// lote or, where lote is empty, out of all batches, first expired first, batches that have expired too. A
// movement with an ID that is among the unpublished ones changes nothing. Errors: ErrFalta, ErrLotes.
func (e *Existencia) Mover(movimiento Movimiento, lote string, vence *time.Time) error {
	if _, ok := e.Movimiento(movimiento.ID); ok {
		return nil
	}
	if movimiento.Cantidad > 0 {
		if len(e.Lotes) >= MaxLotes && e.lote(lote, vence) < 0 {
			return ErrLotes
		}
		movimiento.Tomas = []Toma{{lote, vence, movimiento.Cantidad}}
		e.reponer(movimiento.Tomas)
	} else {
		tomas, err := e.sacar(-movimiento.Cantidad, lote)
		if err != nil {
			return err
		}
		movimiento.Tomas = tomas
	}
	movimiento.Producto, movimiento.Deposito = e.Producto, e.Deposito
	e.Movimientos = append(e.Movimientos, movimiento)
	return nil
}

// Movimiento finds an unpublished movement.
func (e *Existencia) Movimiento(id string) (Movimiento, bool) {
	for _, m := range e.Movimientos {
		if m.ID == id {
			return m, true
		}
	}
	return Movimiento{}, false
}

// Publicados drops movements that are stored now.
func (e *Existencia) Publicados(ids []string) {
	e.Movimientos = slices.DeleteFunc(
		e.Movimientos,
		func(m Movimiento) bool { return slices.Contains(ids, m.ID) },
	)
}

// reserva gives the index of the reservation under clave; -1: there is none.
func (e *Existencia) reserva(clave Clave) int {
	return slices.IndexFunc(e.Reservas, func(r Reserva) bool { return r.Clave == clave })
}

// vendida tells whether the reservation under clave has been sold and not published yet.
func (e *Existencia) vendida(clave Clave) bool {
	m, ok := e.Movimiento(IDVenta(clave.Pedido, clave.Intento, e.Producto))
	return ok && m.Vuelta == clave.Vuelta
}

// lentas counts the open reservations that wait for a method that takes days.
func (e *Existencia) lentas() (n int) {
	for _, r := range e.Reservas {
		if r.Lenta {
			n++
		}
	}
	return n
}
