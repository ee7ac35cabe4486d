package module

import (
	"context"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/watch"
)

// avisada is an order store that tells the followers in this process of each save at once. The followers in
// other processes find out by the reading of their own Watcher. The Watcher of this process reads too, for a
// notice that was lost in a crash.
type avisada struct {
	store.Pedidos
	vigia *watch.Watcher
}

// Guardar saves ped as store.Pedidos says, and tells the followers after the save, when its data are durable. A
// save that failed, or has an unknown outcome, is not told.
func (a avisada) Guardar(ctx context.Context, ped *pedido.Pedido) error {
	err := a.Pedidos.Guardar(ctx, ped)
	if err == nil {
		a.vigia.Changed(ped.ID, int64(len(ped.Eventos)))
	}
	return err
}
