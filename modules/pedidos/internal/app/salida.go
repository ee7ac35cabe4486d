package app

import (
	"context"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/fases"
	"despensa/modules/pedidos/internal/pedido"
)

// Pagos is the part of pagos.Servicio that the app calls; the contract names the errors.
type Pagos interface {
	Consultar(ctx context.Context, i pagos.Intento) (pagos.Recibo, error)
	Repasar(ctx context.Context, is []pagos.Intento) error
}

// PlazoSalida is how long a departure waits in all for the look at its orders' money, PlazoPasarela how much of that
// the gateway has.
const (
	PlazoSalida   = 5 * time.Second
	PlazoPasarela = 4 * time.Second
)

// AntesDeSalir looks at the money of the orders that a truck is about to take along: at the gateway, all at once. An
// order whose money has gone back whole is cancelled, and its visit freed. An order about which nothing can be learnt
// within PlazoSalida leaves.
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

// porSalir reads the confirmed orders among ids; those that cannot be read are left out.
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

// repasar asks the gateway about intentos for PlazoPasarela at most.
func (a *App) repasar(ctx context.Context, intentos []pagos.Intento) {
	ctx, fin := context.WithTimeout(ctx, PlazoPasarela)
	defer fin()
	if err := a.o.Pagos.Repasar(ctx, intentos); err != nil {
		a.o.Log.WarnContext(ctx, "payments of a departure not seen", "error", err)
	}
}

// dejarEnTierra cancels an order whose money has gone back, and frees its visit. Errors: pedido.ErrPaso when the truck has
// left, or the order is over; those of the stores.
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
