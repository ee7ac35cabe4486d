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

// tanda is the number of rows that one write of publishing has at most.
const tanda = 200

// tandasDeDiario bounds the writes of one round that number events in the diary. The first rounds after an
// upgrade number all events that earlier releases have published; new movements and events do not wait for all
// of that.
const tandasDeDiario = 25

// Publicar does a round every cada, until ctx ends: it copies the new events of orders into the event store,
// numbers them in the diary, and copies new movements of stock into the ledger.
func (a *App) Publicar(ctx context.Context, cada time.Duration) {
	guard.Every(ctx, cada, func() {
		if err := a.publicarTodo(ctx); err != nil && ctx.Err() == nil {
			a.o.Log.WarnContext(ctx, "publishing", "error", err)
		}
	})
}

// publicarTodo publishes events, numbers them, and publishes movements. An error or a panic in one of the three
// does not keep the other two back. Errors: those of the three, joined.
func (a *App) publicarTodo(ctx context.Context) error {
	return errors.Join(
		a.o.Guard.Run(
			ctx,
			"pedidos.publicar_eventos",
			func() error { return a.PublicarEventos(ctx) },
		),
		a.o.Guard.Run(ctx, "pedidos.asentar", func() error { return a.Asentar(ctx) }),
		a.o.Guard.Run(
			ctx,
			"pedidos.publicar_movimientos",
			func() error { return a.publicarMovimientos(ctx) },
		),
	)
}

// Asentar numbers published events in the diary of all orders, tandasDeDiario times tanda at most.
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
		n, err := a.o.Stock.Publicar(ctx, tanda)
		if err != nil || n < tanda {
			return err
		}
	}
}

// PublicarEventos copies events of orders into the event store. An event that is there already stays as it is.
// An order with events that cannot be copied does not keep other orders back.
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

// publicarTanda copies the events of pedidos in one write. When that fails, though the store is not away, it copies
// them order by order. Errors: those of all orders that failed, joined.
func (a *App) publicarTanda(ctx context.Context, pedidos []*pedido.Pedido) error {
	err := guard.Do(func() error { return a.publicarVarios(ctx, pedidos) })
	if err == nil || len(pedidos) == 1 || ctx.Err() != nil ||
		errors.Is(err, fault.ErrStoreAway) {
		return err
	}
	var errs []error
	for _, p := range pedidos {
		if err := guard.Do(func() error { return a.publicarVarios(ctx, []*pedido.Pedido{p}) }); err != nil {
			errs = append(errs, fmt.Errorf("events of %s: %w", p.ID, err))
		}
	}
	return errors.Join(errs...)
}

// publicarVarios copies the events of pedidos in one write, and marks them in their orders as copied.
func (a *App) publicarVarios(ctx context.Context, pedidos []*pedido.Pedido) error {
	eventos := make(map[string][]pedido.Evento, len(pedidos))
	marcas := make([]store.Publicacion, 0, len(pedidos))
	for _, p := range pedidos {
		eventos[p.ID] = p.Eventos[min(max(p.Publicados, 0), int64(len(p.Eventos))):]
		marcas = append(marcas, store.Publicacion{Pedido: p.ID, Hasta: int64(len(p.Eventos))})
	}
	return a.o.Pedidos.Publicar(ctx, eventos, marcas...)
}
