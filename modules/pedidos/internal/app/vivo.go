package app

import (
	"context"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/watch"
)

// Vivo follows one order for one reader. One goroutine uses it.
type Vivo struct {
	a      *App
	q      Quien
	id     string
	mirada *watch.Watch
	visto  int64
}

// Seguir begins to follow ped, which quien has just read, after the event desde. The caller ends it by Soltar.
func (a *App) Seguir(quien Quien, ped *pedido.Pedido, desde int64) *Vivo {
	return &Vivo{
		a:      a,
		q:      quien,
		id:     ped.ID,
		mirada: a.o.Vigia.Watch(ped.ID, int64(len(ped.Eventos))),
		visto:  desde,
	}
}

// Hay gives a token when the order has got new events, in this process or in another.
func (v *Vivo) Hay() <-chan struct{} { return v.mirada.Changed }

// Nuevos are the events of ped that this Vivo has not given yet, oldest first.
func (v *Vivo) Nuevos(ped *pedido.Pedido) []pedido.Evento {
	desde := v.visto
	v.visto = max(desde, int64(len(ped.Eventos)))
	return ped.Eventos[min(desde, int64(len(ped.Eventos))):]
}

// Leer reads the order again, as it is stored: the words of people stay sealed, and its events have none.
// Errors: ErrNoExiste; ErrIlegible.
func (v *Vivo) Leer(
	ctx context.Context,
) (*pedido.Pedido, error) {
	return v.a.leer(ctx, v.q, v.id)
}

// Soltar ends the following.
func (v *Vivo) Soltar() { v.mirada.Stop() }
