package app

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pedidos/internal/store"
	"despensa/platform/guard"
)

// Each process looks for products with an old index at its start, and one process of all does so again after this
// time: a process of an earlier release may have written some since.
const cadaIndice = time.Hour

// porIndice is how many products are read at once to be indexed.
const porIndice = 200

// Indexar writes anew what products are searched by wherever that is not what this release searches for: documents of
// earlier releases. It saves a product if its version is the one that was read, so that Indexar may be stopped at any
// point, run again, and run by several processes. It tells how many products it has saved.
func (a *App) Indexar(ctx context.Context) (n int, err error) {
	var desde *store.Marca
	for {
		ps, err := a.o.Productos.Listar(ctx, store.FiltroProductos{Todos: true}, desde, porIndice)
		if err != nil {
			return n, err
		}
		for _, p := range ps {
			desde = &store.Marca{Creado: p.Creado, ID: p.ID}
			if !p.Indexar() {
				continue
			}
			switch err := a.o.Productos.Guardar(ctx, p); {
			case err == nil:
				n++
			case !errors.Is(err, store.ErrConflicto): // who has changed it has indexed it, or the next round does
				return n, err
			}
		}
		if len(ps) < porIndice {
			return n, nil
		}
	}
}

// IndexarSiempre does Indexar once an hour until ctx ends.
func (a *App) IndexarSiempre(ctx context.Context) {
	guard.Every(ctx, cadaIndice, func() {
		if _, err := a.Indexar(ctx); err != nil && ctx.Err() == nil {
			a.o.Log.WarnContext(ctx, "products are not indexed anew", "error", err)
		}
	})
}
