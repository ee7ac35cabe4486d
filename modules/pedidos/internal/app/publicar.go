package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/fault"
	"despensa/platform/guard"
)

// tanda bounds what one write of publishing carries.
const tanda = 200

// tandasDeDiario bounds how many such writes one round makes for the diary: the first rounds after an upgrade number what
// earlier releases have published, and what happens now is not to wait for all of that.
const tandasDeDiario = 25

// Publicar carries what orders and stock have to tell into the event store and the
// ledger of movements, every cada until ctx ends.
func (a *App) Publicar(ctx context.Context, cada time.Duration) {
	guard.Every(ctx, cada, func() {
		if err := a.publicarTodo(ctx); err != nil && ctx.Err() == nil {
			a.o.Log.WarnContext(ctx, "publishing", "error", err)
		}
	})
}

// publicarTodo publishes events, numbers them, and publishes movements; an error, or a panic, of the one does not keep the
// others back.
func (a *App) publicarTodo(ctx context.Context) error {
	return errors.Join(
		a.o.Guard.Run(ctx, "pedidos.publicar_eventos", func() error { return a.PublicarEventos(ctx) }),
		a.o.Guard.Run(ctx, "pedidos.asentar", func() error { return a.Asentar(ctx) }),
		a.o.Guard.Run(ctx, "pedidos.publicar_movimientos", func() error { return a.publicarMovimientos(ctx) }),
	)
}

// Asentar numbers published events in the diary of all orders, up to tandasDeDiario times tanda.
func (a *App) Asentar(ctx context.Context) error {
	for range tandasDeDiario {
		if n, err := a.o.Pedidos.Asentar(ctx, tanda); err != nil || n < tanda {
			return err
		}
	}
	return nil
}

func (a *App) publicarMovimientos(ctx context.Context) error {
	for {
		n, err := a.o.Almacen.Publicar(ctx, tanda)
		if err != nil || n < tanda {
			return err
		}
	}
}

// PublicarEventos copies events that are not in the event store yet; one that is there
// already stays as it is. An order whose events cannot be copied costs no other order.
func (a *App) PublicarEventos(ctx context.Context) error {
	for {
		ps, err := a.o.Pedidos.PorPublicar(ctx, tanda)
		if err != nil || len(ps) == 0 {
			return err
		}
		if err := a.publicarTanda(ctx, ps); err != nil || len(ps) < tanda {
			return err
		}
	}
}

// publicarTanda copies the events of ps together, or, when that fails for another reason than a store that is away,
// order by order. Errors: those of all orders that failed, joined.
func (a *App) publicarTanda(ctx context.Context, ps []*pedido.Pedido) error {
	err := guard.Do(func() error { return a.publicarVarios(ctx, ps) })
	if err == nil || len(ps) == 1 || ctx.Err() != nil || errors.Is(err, fault.ErrAlmacen) {
		return err
	}
	var errs []error
	for _, p := range ps {
		if err := guard.Do(func() error { return a.publicarVarios(ctx, []*pedido.Pedido{p}) }); err != nil {
			errs = append(errs, fmt.Errorf("events of %s: %w", p.ID, err))
		}
	}
	return errors.Join(errs...)
}

// publicarVarios copies the events of ps and marks them.
func (a *App) publicarVarios(ctx context.Context, ps []*pedido.Pedido) error {
	eventos := make(map[string][]pedido.Evento, len(ps))
	marcas := make([]store.Publicacion, 0, len(ps))
	for _, p := range ps {
		eventos[p.ID] = p.Eventos[min(max(p.Publicados, 0), int64(len(p.Eventos))):]
		marcas = append(marcas, store.Publicacion{Pedido: p.ID, Hasta: int64(len(p.Eventos))})
	}
	return a.o.Pedidos.Publicar(ctx, eventos, marcas...)
}
