// Package cupos bounds two counts: the orders of one customer that wait for a method that takes days, and the payments
// of one customer or one address that were refused within the hour. The places are kept in the store, so that every
// replica counts the same. A place needs no release, because a full list is compared with the orders themselves.
package cupos

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
)

// ErrLleno: every place is taken.
var ErrLleno = errors.New("cupos: every place is taken")

// Gracia is how long a place is kept for an order that is not saved yet. The caller that takes a place saves the order
// within half of Gracia.
const Gracia = 2 * time.Minute

// vidaLentos is how long a list of waiting orders is kept after its last place was taken. A list that has been cleared
// is made anew from the orders themselves.
const vidaLentos = 7 * 24 * time.Hour

// maxSembrados bounds the orders of one estado from which a list is made.
const maxSembrados = 1000

// limpiarDeUna is how many documents one write clears.
const limpiarDeUna = 1000

// Pedidos is the part of the order store that is read here; store.Pedidos names the errors.
type Pedidos interface {
	Leer(ctx context.Context, id string) (*pedido.Pedido, error)
	Listar(
		ctx context.Context,
		f store.Filtro,
		desde *store.Cursor,
		limite int,
	) ([]*pedido.Pedido, error)
}

// Opciones of the service; every member is needed.
type Opciones struct {
	Cupos   store.Cupos
	Pedidos Pedidos
	Topes   Topes
	Ahora   func() time.Time
}

// Topes are the bounds, in places.
type Topes struct {
	Lentos           int // orders of one customer that wait for a method that takes days
	RechazosCliente  int // refused payments of one customer within an hour
	RechazosDesdeUna int // refused payments from one address within an hour
}

// Cupos is the service. Safe for concurrent use.
type Cupos struct {
	o     Opciones
	curso enCurso
}

// New makes the service.
func New(opciones Opciones) *Cupos { return &Cupos{o: opciones} }

// TomarLento takes one of the places for orders of cliente that wait for a method that takes days, for an intento of
// the order id. An order that has a place keeps it. The caller saves the order within half of Gracia; the place is free
// again once the order waits no more. Errors: ErrLleno; those of the stores.
func (c *Cupos) TomarLento(ctx context.Context, cliente, id string, intento int64) error {
	return c.cambiar(ctx, "lentos:"+cliente, func(cupo *pedido.Cupo) (bool, error) {
		ahora := c.o.Ahora()
		if cupo.Version == 0 {
			if err := c.sembrar(ctx, cupo, cliente); err != nil {
				return false, err
			}
		}
		if !cupo.Tiene(id) && len(cupo.Puestos) >= c.o.Topes.Lentos {
			if err := c.depurar(ctx, cupo, ahora); err != nil {
				return false, err
			}
		}
		if !cupo.Tiene(id) && len(cupo.Puestos) >= c.o.Topes.Lentos {
			return false, ErrLleno
		}
		cupo.Poner(pedido.Puesto{Quien: id, Intento: intento, En: ahora})
		cupo.Vence = pedido.Instante(ahora.Add(vidaLentos))
		return true, nil
	})
}

// cambiar reads a document, calls f on it and saves it if f gives true; after a conflict it begins anew.
func (c *Cupos) cambiar(
	ctx context.Context,
	id string,
	f func(cupo *pedido.Cupo) (bool, error),
) error {
	for {
		cupo, err := c.o.Cupos.Leer(ctx, id)
		if err != nil {
			return err
		}
		if guardar, err := f(cupo); err != nil || !guardar {
			return err
		}
		if err := c.o.Cupos.Guardar(ctx, cupo); !errors.Is(err, store.ErrConflicto) {
			return err
		}
	}
}

// porPagar are the estados in which an order may wait for its payment, in the order in which it passes through them, so
// that an order which moves on meanwhile is not missed.
var porPagar = []pedido.Estado{
	pedido.Fallido,
	pedido.Creado,
	pedido.Preprocesado,
	pedido.PagoPendiente,
}

// sembrar puts the orders of cliente that wait already into a new list, orders of an earlier release too.
func (c *Cupos) sembrar(ctx context.Context, cupo *pedido.Cupo, cliente string) error {
	for _, estado := range porPagar {
		ps, err := c.o.Pedidos.Listar(
			ctx,
			store.Filtro{Cliente: cliente, Estado: estado},
			nil,
			maxSembrados,
		)
		if err != nil {
			return err
		}
		for _, p := range ps {
			if esperaLenta(p) {
				cupo.Poner(
					pedido.Puesto{Quien: p.ID, Intento: p.IntentoVisible(), En: p.Creado},
				)
			}
		}
	}
	return nil
}

// depurar takes the places back from orders that do not wait any more. An order keeps its place for Gracia while the
// order, or its retry, is not saved yet. An order that cannot be read keeps its place for ever.
func (c *Cupos) depurar(ctx context.Context, cupo *pedido.Cupo, ahora time.Time) error {
	var quedan []pedido.Puesto
	for _, puesto := range cupo.Puestos {
		p, err := c.o.Pedidos.Leer(ctx, puesto.Quien)
		queda := false
		switch {
		case errors.As(err, new(*store.Ilegible)):
			queda = true
		case errors.Is(err, store.ErrNoExiste) || err == nil && p.IntentoVisible() < puesto.Intento:
			queda = puesto.Reciente(Gracia, ahora)
		case err != nil:
			return err
		default:
			queda = esperaLenta(p)
		}
		if queda {
			quedan = append(quedan, puesto)
		}
	}
	cupo.Puestos = quedan
	return nil
}

// esperaLenta reports whether ped waits, or may come to wait, for a payment by a method that takes days.
func esperaLenta(ped *pedido.Pedido) bool {
	metodo, ok := ped.PorPagar()
	return ok && pagos.Metodo(metodo).Lento()
}

// Limpiar clears all documents past their Vence, up to limpiarDeUna in each write, and gives their number. Errors:
// those of the store.
func (c *Cupos) Limpiar(ctx context.Context) (total int, err error) {
	for ctx.Err() == nil {
		n, err := c.o.Cupos.Limpiar(ctx, c.o.Ahora(), limpiarDeUna)
		if total += n; err != nil || n < limpiarDeUna {
			return total, err
		}
	}
	return total, ctx.Err()
}
