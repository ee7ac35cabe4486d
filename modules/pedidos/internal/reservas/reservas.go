// Package reservas is the service of stock: it reads aggregates, applies the rules of
// existencias and saves if version. Callers in one process queue, and those who wait
// together share one read and one write; an order's lines are changed together.
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

// guardaLapida is how long a release refuses deeds under its key: an hour longer than
// the longest lease.
const guardaLapida = 2 * time.Hour

// Outcomes beside those of existencias.
var (
	// ErrLiberada: this vuelta has been released; its deeds come too late.
	ErrLiberada = errors.New("reservas: already released")
	// ErrHuella: another movement was asked for under this id.
	ErrHuella = errors.New("reservas: same id, other movement")
	// ErrVencido: goods that are to come in have expired.
	ErrVencido = errors.New("reservas: goods that have expired")
	// ErrFecha: goods that are to come in have another date than their batch.
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

// Nuevo makes the service on top of t; ahora dates the movements of sales, goods expire with the days of zona, and g
// takes the panics of the rules, each of which its own caller alone is answered with.
func Nuevo(t store.Existencias, ahora func() time.Time, zona *time.Location, g guard.Guard) *Reservas {
	a := &Reservas{tienda: t, ahora: ahora, zona: zona, guarda: g}
	a.cola.atender = a.atender
	return a
}

// Linea is a quantity, in units, of a product.
type Linea struct {
	Producto string
	Cantidad int64
	Vida     int64 // days that the goods are good for beyond Encargo.Hasta, at least
	Fuera    int64 // units that returns account for: an undoing does not give them back
}

// Encargo is what one vuelta of an order's intento wants of a depot.
type Encargo struct {
	Pedido          string
	Intento, Vuelta int64
	Deposito        string
	Hasta           time.Time // end of the delivery window, until which the goods are good; zero: now
	Lineas          []Linea
	Lenta           bool // waits for a payment method that takes days
}

func (e Encargo) clave() existencias.Clave {
	return existencias.Clave{Pedido: e.Pedido, Intento: e.Intento, Vuelta: e.Vuelta}
}

// minimo is the least date of goods for l.
func (a *Reservas) minimo(en Encargo, l Linea) time.Time {
	hasta := en.Hasta
	if hasta.IsZero() {
		hasta = a.ahora()
	}
	return existencias.VenceMinimo(hasta, l.Vida, a.zona)
}

// Reservar keeps all the lines or, where one cannot be kept, none, as a rule: after an error some may be kept, which
// are the caller's to release. Repeating it changes nothing.
// Errors: existencias.ErrFalta, existencias.ErrLleno, ErrLiberada.
func (a *Reservas) Reservar(ctx context.Context, en Encargo) error {
	c := en.clave()
	return a.porLinea(ctx, en, &c, func(d *documento, l Linea) error {
		if err := d.exigirViva(c); err != nil {
			return err
		}
		if v, ok := d.venta(c); ok && v.Vuelta == c.Vuelta {
			return nil
		}
		quiere := existencias.Demanda{Cantidad: l.Cantidad, VenceMinimo: a.minimo(en, l), Lenta: en.Lenta}
		return d.cambiar(func(e *existencias.Existencia) error { return e.Reservar(c, quiere) })
	})
}

// Vender turns every reservation of en into a movement. Repeating it changes nothing.
// Errors: existencias.ErrSinReserva, ErrLiberada.
func (a *Reservas) Vender(ctx context.Context, en Encargo) error {
	c := en.clave()
	return a.porLinea(ctx, en, &c, func(d *documento, _ Linea) error { return d.vender(c, a.ahora()) })
}

// Liberar refuses the deeds of this vuelta from now on and gives back what it reserved
// or sold, but for what returns account for; nothing there is a success, and so is a repetition.
func (a *Reservas) Liberar(ctx context.Context, en Encargo, ahora time.Time) error {
	c := en.clave()
	if err := a.tienda.PonerLapida(ctx, c, ahora.Add(guardaLapida)); err != nil {
		return fmt.Errorf("reservas: tombstone: %w", err)
	}
	return a.porLinea(ctx, en, nil, func(d *documento, l Linea) error {
		d.liberar(c, l.Fuera, ahora)
		return nil
	})
}

// Bounds of Limpiar: rows that one write removes.
const limpiarDeUna = 1000

// Limpiar forgets the tombstones whose time is over, all of them, some at a time. It tells how many those were.
func (a *Reservas) Limpiar(ctx context.Context) (total int, err error) {
	for ctx.Err() == nil {
		n, err := a.tienda.LimpiarLapidas(ctx, a.ahora(), limpiarDeUna)
		if total += n; err != nil || n < limpiarDeUna {
			return total, err
		}
	}
	return total, ctx.Err()
}

// porLinea runs regla on every line's aggregate, in one operation that the tombstone of c refuses.
func (a *Reservas) porLinea(
	ctx context.Context, en Encargo, c *existencias.Clave, regla func(*documento, Linea) error,
) error {
	lineas := sumar(en.Lineas)
	if len(lineas) == 0 {
		return ctx.Err()
	}
	o := &operacion{clave: c}
	for _, l := range lineas {
		o.partes = append(o.partes, nuevaParte(l.Producto, en.Deposito))
		o.movimientos = append(o.movimientos, idsVenta(en.clave(), l.Producto)...)
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

func idsVenta(c existencias.Clave, producto string) []string {
	venta := existencias.IDVenta(c.Pedido, c.Intento, producto)
	return []string{venta, existencias.IDVuelta(venta)}
}

// sumar gives one line per product, in the order of their ids.
func sumar(lineas []Linea) []Linea {
	out := slices.Clone(lineas)
	slices.SortStableFunc(out, func(a, b Linea) int { return strings.Compare(a.Producto, b.Producto) })
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
