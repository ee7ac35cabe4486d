package app

import (
	"context"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/fases"
	"despensa/modules/pedidos/internal/pedido"
)

// Pagos is the part of pagos.Servicio that the app calls. The contract has the errors of each method.
type Pagos interface {
	Consultar(ctx context.Context, i pagos.Intento) (pagos.Recibo, error)
	Repasar(ctx context.Context, is []pagos.Intento) error
}

// PlazoSalida bounds the time for which a departure waits until the payments of its orders have been looked at.
// PlazoPasarela is the part of it that the gateway has.
const (
	PlazoSalida   = 5 * time.Second
	PlazoPasarela = 4 * time.Second
)

// AntesDeSalir looks at the payments of the orders that a truck is about to take along, all at once at the
// gateway. An order that has got all its money back is cancelled, and its visit freed. An order that could not
// be looked at within PlazoSalida leaves with the truck.
func (a *App) AntesDeSalir(ctx context.Context, ids []string) {
	ctx, fin := context.WithTimeout(ctx, PlazoSalida)
	defer fin()
	ps := a.porSalir(ctx, ids)
	intentos := make([]pagos.Intento, 0, len(ps))
	for _, p := range ps {
		intentos = append(intentos, pagos.Intento{Pedido: p.ID, Numero: int(p.Intento)})
	}
	a.repasar(ctx, intentos)
	for i, p := range ps {
		re, err := a.o.Pagos.Consultar(ctx, intentos[i])
		if err == nil && re.TodoDevuelto() {
			err = a.dejarEnTierra(ctx, p.ID)
		}
		if err != nil {
			a.o.Log.WarnContext(ctx, "an order leaves unseen", "pedido", p.ID, "error", err)
		}
	}
}

// porSalir reads the confirmed orders among ids. It leaves out an order that cannot be read, which is in the
// log.
func (a *App) porSalir(ctx context.Context, ids []string) (ps []*pedido.Pedido) {
	for _, id := range ids {
		p, err := a.o.Pedidos.Leer(ctx, id)
		if err != nil {
			a.o.Log.WarnContext(ctx, "an order leaves unseen", "pedido", id, "error", err)
		} else if p.Estado == pedido.Confirmado {
			ps = append(ps, p)
		}
	}
	return ps
}

// repasar asks the gateway about intentos, for PlazoPasarela at most. An error is in the log.
func (a *App) repasar(ctx context.Context, intentos []pagos.Intento) {
	ctx, fin := context.WithTimeout(ctx, PlazoPasarela)
	defer fin()
	if err := a.o.Pagos.Repasar(ctx, intentos); err != nil {
		a.o.Log.WarnContext(ctx, "payments of a departure not seen", "error", err)
	}
}

// dejarEnTierra cancels an order that has got its money back, and frees its visit. Errors: pedido.ErrPaso when
// the truck has left, or the order is over; those of the stores.
func (a *App) dejarEnTierra(ctx context.Context, id string) error {
	casa := Quien{Operador: true}
	_, err := a.cambiar(ctx, casa, id, func(p *pedido.Pedido, ahora time.Time) (bool, error) {
		anotada := p.Nota != nil
		return !anotada, fases.SinDinero(p, ahora)
	})
	if err == nil {
		_, err = a.llevarNota(ctx, casa, id)
	}
	return err
}
