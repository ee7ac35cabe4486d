package app

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pedidos/internal/store"
	"despensa/platform/guard"
)

// cadaIndice is the pause between two rounds of IndexarSiempre, which one process of all does; each process
// does a first round at its start. The rounds find products that a process of an earlier release has written
// meanwhile.
const cadaIndice = time.Hour

// porIndice is the number of products that are read at once.
const porIndice = 200

// Indexar writes the search words of products anew, where an earlier release wrote other ones than this release
// searches by. It saves a product only if it still has the version that was read. It may therefore be stopped
// at any point, repeated, and done by several processes at once. n is the number of products saved. Errors:
// those of the store.
func (a *App) Indexar(ctx context.Context) (n int, err error) {
	var desde *store.Cursor
	for {
		productos, err := a.o.Productos.Listar(
			ctx,
			store.FiltroProductos{Todos: true},
			desde,
			porIndice,
		)
		if err != nil {
			return n, err
		}
		for _, p := range productos {
			desde = &store.Cursor{Creado: p.Creado, ID: p.ID}
			if !p.Indexar() {
				continue
			}
			switch err := a.o.Productos.Guardar(ctx, p); {
			case err == nil:
				n++
			case !errors.Is(err, store.ErrConflicto): // the other writer indexed it, or the next round does
				return n, err
			}
		}
		if len(productos) < porIndice {
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
