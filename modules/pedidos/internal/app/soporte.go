package app

import (
	"cmp"
	"context"
	"slices"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
)

// Reservado is stock of one product in one depot that is reserved for an order.
type Reservado struct {
	Producto, Deposito string
	existencias.Reserva
}

// Existencias is the stock of one order: its reservations, and its movements.
type Existencias struct {
	Reservas    []Reservado
	Movimientos []existencias.Movimiento
}

// DePedido reads the stock of all intentos of an order, with operators' own words readable. Errors:
// ErrNoExiste.
func (a *App) DePedido(ctx context.Context, quien Quien, id string) (Existencias, error) {
	p, err := a.leer(ctx, quien, id)
	if err != nil {
		return Existencias{}, err
	}
	e, err := a.stockDe(ctx, p)
	e.Movimientos = a.movimientosLegibles(ctx, e.Movimientos)
	return e, err
}

// stockDe reads the stock of all intentos of ped. Errors: those of the stock store.
func (a *App) stockDe(ctx context.Context, ped *pedido.Pedido) (Existencias, error) {
	productos, ids := tocados(ped)
	agregados, err := a.o.Existencias.LeerProductos(ctx, productos)
	if err != nil {
		return Existencias{}, err
	}
	// Published movements leave their depot's stock for the ledger. The stock has been read first, so that none is
	// missed.
	publicados, err := a.o.Existencias.Movimientos(ctx, ids)
	if err != nil {
		return Existencias{}, err
	}
	out := Existencias{Movimientos: publicados}
	for _, e := range agregados {
		for _, r := range e.Reservas {
			if r.Pedido == ped.ID {
				out.Reservas = append(
					out.Reservas,
					Reservado{Producto: e.Producto, Deposito: e.Deposito, Reserva: r},
				)
			}
		}
		for _, m := range e.Movimientos {
			if m.Pedido == ped.ID {
				out.Movimientos = append(out.Movimientos, m)
			}
		}
	}
	return out.ordenadas(), nil
}

// tocados are the products of all intentos of ped, and the ids of all movements that ped may have made: sales, the
// undoing of sales, and returned goods.
func tocados(ped *pedido.Pedido) (productos, ids []string) {
	for _, in := range ped.Intentos {
		for _, l := range in.Lineas {
			venta := existencias.IDVenta(ped.ID, in.Numero, l.Producto)
			productos = append(productos, l.Producto)
			ids = append(ids, venta, existencias.IDVentaDeshecha(venta))
		}
	}
	for _, r := range ped.Retornos { // returns are of the delivered intento, which is the last
		venta := existencias.IDVenta(ped.ID, ped.Intento, r.Producto)
		id := existencias.IDRetorno(
			venta,
			existencias.Retorno{Devolucion: r.Devolucion, Numero: int(r.Numero)},
		)
		ids = append(ids, id, existencias.IDDescarte(id))
	}
	slices.Sort(productos)
	return slices.Compact(productos), ids
}

// ordenadas is e with each movement once, by time, and with the reservations by product.
func (e Existencias) ordenadas() Existencias {
	slices.SortFunc(e.Movimientos, func(a, b existencias.Movimiento) int {
		return cmp.Or(a.En.Compare(b.En), cmp.Compare(a.ID, b.ID))
	})
	e.Movimientos = slices.CompactFunc(
		e.Movimientos,
		func(a, b existencias.Movimiento) bool { return a.ID == b.ID },
	)
	slices.SortFunc(e.Reservas, func(a, b Reservado) int {
		return cmp.Or(cmp.Compare(a.Producto, b.Producto), cmp.Compare(a.Deposito, b.Deposito),
			cmp.Compare(a.Intento, b.Intento), cmp.Compare(a.Vuelta, b.Vuelta))
	})
	return e
}
