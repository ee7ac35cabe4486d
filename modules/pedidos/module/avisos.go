package module

import (
	"context"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/watch"
)

// avisada is an order store that tells the followers in this process of each save at once. The followers in other
// processes hear of it by the reading of their own Watcher, which also makes up for a notice that a kill has cost.
type avisada struct {
	store.Pedidos
	vigia *watch.Watcher
}

// Guardar is store.Pedidos's. The notice goes out after the save, whose data are durable by then; a save that failed, or
// of which that is not known, gives none.
func (a avisada) Guardar(ctx context.Context, p *pedido.Pedido) error {
	err := a.Pedidos.Guardar(ctx, p)
	if err == nil {
		a.vigia.Cambio(p.ID, int64(len(p.Eventos)))
	}
	return err
}
