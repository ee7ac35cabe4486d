package app

import (
	"context"
	"errors"
	"fmt"

	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/idempotency"
)

// stockDemo is the number of units of each product in each depot at the beginning.
const stockDemo = 5000

// Sembrar puts the demo catalogue and its stock into an empty store. It may be repeated after a crash in the
// middle: every product and every movement has a fixed id.
func (a *App) Sembrar(ctx context.Context) error {
	hay, err := a.o.Productos.Listar(ctx, store.FiltroProductos{Todos: true}, nil, 41)
	if err != nil {
		return err
	}
	demo := catalogo.Demo()
	if len(hay) >= len(demo) {
		return nil
	}
	ds, err := a.o.Depositos(ctx)
	if err != nil {
		return err
	}
	for i := range demo {
		p := &demo[i]
		for _, d := range ds {
			m := existencias.Movimiento{
				ID:       idempotency.Derive("semilla", p.ID, d.ID),
				Cantidad: stockDemo,
				Motivo:   motivoInicial,
				En:       pedido.Instante(a.o.Ahora()),
			}
			if _, _, err := a.o.Stock.Mover(ctx, m, p.ID, d.ID, "", nil); err != nil {
				return fmt.Errorf("app: demo stock: %w", err)
			}
		}
		p.Creado = pedido.Instante(a.o.Ahora())
		p.Version = 1
		if err := a.o.Productos.Insertar(ctx, p); err != nil &&
			!errors.Is(err, store.ErrRepetido) {
			return fmt.Errorf("app: demo product: %w", err)
		}
	}
	return nil
}

// motivoInicial is the reason code of the demo stock.
const motivoInicial = "inicial"
