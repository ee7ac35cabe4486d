package app

import (
	"context"
	"time"

	"despensa/modules/pedidos/internal/fases"
	"despensa/modules/pedidos/internal/pedido"
)

// llevarNota carries out the cancel that an order notes, in the call of the customer, without waiting for the
// worker. While rutas does not answer, the note stays for the worker. Errors: ErrNoExiste; pedido.ErrPaso when
// the truck has left.
func (a *App) llevarNota(ctx context.Context, quien Quien, id string) (*pedido.Pedido, error) {
	p, err := a.leer(ctx, quien, id)
	if err != nil || p.Nota == nil {
		return a.trasNota(p, err)
	}
	llevar, err := fases.LlevarNota(ctx, a.o.Rutas, p)
	if err != nil {
		return p, nil // the note stays; the worker carries it out
	}
	p, err = a.cambiar(ctx, quien, id, func(p *pedido.Pedido, ahora time.Time) (bool, error) {
		anotada := p.Nota != nil
		return anotada, llevar(p, ahora)
	})
	return a.trasNota(p, err)
}

// trasNota is the answer to a cancel: ped if it is cancelled or still has its note; pedido.ErrPaso if the note
// was taken back because the truck has left.
func (a *App) trasNota(ped *pedido.Pedido, err error) (*pedido.Pedido, error) {
	if err != nil || ped.Estado == pedido.Cancelado {
		return ped, err
	}
	if ped.Nota == nil {
		return nil, pedido.ErrPaso.WithExtra("permitidos", pedido.Permitidos(ped.Estado))
	}
	return ped, nil
}
