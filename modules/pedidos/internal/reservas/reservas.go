// Package reservas is the service of stock: it reads aggregates, applies the rules of
// existencias and saves if version. Callers in one process queue, and callers that wait
// together share one read and one write. All lines of an order are changed together.
package reservas

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/guard"
)

// guardaLapida is how long a tombstone refuses deeds under its key: an hour longer than
// the longest lease of an order.
const guardaLapida = 2 * time.Hour

// Outcomes beside those of existencias.
var (
	// ErrLiberada: this vuelta has been released; its deeds come too late.
	ErrLiberada = errors.New("reservas: already released")
	// ErrHuella: another movement was asked for under this id.
	ErrHuella = errors.New("reservas: same id, other movement")
	// ErrVencido: the goods that are to come in have expired.
	ErrVencido = errors.New("reservas: goods that have expired")
	// ErrFecha: the goods that are to come in have another date than their batch.
	ErrFecha = errors.New("reservas: another date than that of the batch")
)

// Reservas is the service. Safe for concurrent use.
type Reservas struct {
	tienda store.Existencias
	ahora  func() time.Time
	zona   *time.Location
	guarda guard.Guard
	cola   cola
}

// New makes the service on top of t. ahora dates the movements of sales. Goods expire with the days of zona. g turns
// a panic of the rules into the error of the one caller that asked for the operation.
func New(
	t store.Existencias,
	ahora func() time.Time,
	zona *time.Location,
	g guard.Guard,
) *Reservas {
	a := &Reservas{tienda: t, ahora: ahora, zona: zona, guarda: g}
	a.cola.atender = a.atender
	return a
}

// Linea is a quantity, in units, of a product.
type Linea struct {
	Producto string
	Cantidad int64
	Vida     int64 // days that the goods are good for beyond Requerimiento.Hasta, at least
	Fuera    int64 // units that returns account for: Liberar does not give them back
}

// Requerimiento is the goods that one vuelta of an order's intento wants of a depot.
type Requerimiento struct {
	Pedido          string
	Intento, Vuelta int64
	Deposito        string
	Hasta           time.Time // end of the delivery window, until which the goods are good; zero: now
	Lineas          []Linea
	Lenta           bool // waits for a payment method that takes days
}

// clave is the key of the reservations and of the tombstone of e.
func (e Requerimiento) clave() existencias.Clave {
	return existencias.Clave{Pedido: e.Pedido, Intento: e.Intento, Vuelta: e.Vuelta}
}

// minimo is the least date of goods for linea.
func (a *Reservas) minimo(requerimiento Requerimiento, linea Linea) time.Time {
	hasta := requerimiento.Hasta
	if hasta.IsZero() {
		hasta = a.ahora()
	}
	return existencias.VenceMinimo(hasta, linea.Vida, a.zona)
}

// Reservar keeps all the lines or, where one line cannot be kept, none. After an error of the store some lines may be
// kept; the caller releases them with Liberar. A repeated call changes nothing.
// Errors: existencias.ErrFalta, existencias.ErrLleno, ErrLiberada; those of the store.
func (a *Reservas) Reservar(ctx context.Context, requerimiento Requerimiento) error {
	c := requerimiento.clave()
	return a.porLinea(ctx, requerimiento, &c, func(d *documento, l Linea) error {
		if err := d.exigirViva(c); err != nil {
			return err
		}
		if v, ok := d.venta(c); ok && v.Vuelta == c.Vuelta {
			return nil
		}
		quiere := existencias.Demanda{
			Cantidad:    l.Cantidad,
			VenceMinimo: a.minimo(requerimiento, l),
			Lenta:       requerimiento.Lenta,
		}
		return d.cambiar(func(e *existencias.Existencia) error { return e.Reservar(c, quiere) })
	})
}

// Vender turns every reservation of requerimiento into a movement. A repeated call changes nothing.
// Errors: existencias.ErrSinReserva, ErrLiberada; those of the store.
func (a *Reservas) Vender(ctx context.Context, requerimiento Requerimiento) error {
	c := requerimiento.clave()
	return a.porLinea(
		ctx,
		requerimiento,
		&c,
		func(d *documento, _ Linea) error { return d.vender(c, a.ahora()) },
	)
}

// Liberar refuses the deeds of this vuelta from now on and gives back the units that the vuelta reserved
// or sold, but for the units that returns account for. It succeeds where no unit is left to give back. Errors: those of
// the store.
func (a *Reservas) Liberar(
	ctx context.Context,
	requerimiento Requerimiento,
	ahora time.Time,
) error {
	c := requerimiento.clave()
	if err := a.tienda.PonerLapida(ctx, c, ahora.Add(guardaLapida)); err != nil {
		return fmt.Errorf("reservas: tombstone: %w", err)
	}
	return a.porLinea(ctx, requerimiento, nil, func(d *documento, l Linea) error {
		d.liberar(c, l.Fuera, ahora)
		return nil
	})
}

// limpiarDeUna is how many tombstones one write of Limpiar removes.
const limpiarDeUna = 1000

// Limpiar removes all tombstones past their guardaLapida, up to limpiarDeUna in each write, and gives their number.
// Errors: those of the store.
func (a *Reservas) Limpiar(ctx context.Context) (total int, err error) {
	for ctx.Err() == nil {
		n, err := a.tienda.LimpiarLapidas(ctx, a.ahora(), limpiarDeUna)
		if total += n; err != nil || n < limpiarDeUna {
			return total, err
		}
	}
	return total, ctx.Err()
}

// porLinea runs regla on every line's aggregate, in one operation that the tombstone of clave refuses.
func (a *Reservas) porLinea(
	ctx context.Context,
	requerimiento Requerimiento,
	clave *existencias.Clave,
	regla func(*documento, Linea) error,
) error {
	lineas := sumar(requerimiento.Lineas)
	if len(lineas) == 0 {
		return ctx.Err()
	}
	o := &operacion{clave: clave}
	for _, l := range lineas {
		o.partes = append(o.partes, nuevaParte(l.Producto, requerimiento.Deposito))
		o.movimientos = append(o.movimientos, idsVenta(requerimiento.clave(), l.Producto)...)
	}
	o.aplicar = func(ds []*documento) error {
		for i, l := range lineas {
			if err := regla(ds[i], l); err != nil {
				return fmt.Errorf("product %s: %w", l.Producto, err)
			}
		}
		return nil
	}
	if err := a.cola.pedir(ctx, o); err != nil {
		return fmt.Errorf("reservas: %w", err)
	}
	return nil
}

// idsVenta are the ids of the movements that sell producto to the intento of clave, and that give the sale back.
func idsVenta(clave existencias.Clave, producto string) []string {
	venta := existencias.IDVenta(clave.Pedido, clave.Intento, producto)
	return []string{venta, existencias.IDVentaDeshecha(venta)}
}

// sumar gives one line per product, with the sum of its units and its longest Vida, in the order of the products' ids.
func sumar(lineas []Linea) []Linea {
	out := slices.Clone(lineas)
	slices.SortStableFunc(
		out,
		func(a, b Linea) int { return strings.Compare(a.Producto, b.Producto) },
	)
	n := 0
	for i, l := range out {
		if i > 0 && out[n-1].Producto == l.Producto {
			out[n-1].Cantidad += l.Cantidad
			out[n-1].Fuera += l.Fuera
			out[n-1].Vida = max(out[n-1].Vida, l.Vida)
			continue
		}
		out[n] = l
		n++
	}
	return out[:n]
}
