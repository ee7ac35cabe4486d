package app

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
)

// llevarNota carries out a cancel that was noted, as whoever claims the order would: the
// visit's row decides between it and a departure. Errors: pedido.ErrPaso when the truck
// has left.
func (a *App) llevarNota(ctx context.Context, q Quien, id string) (*pedido.Pedido, error) {
	p, err := a.Leer(ctx, q, id)
	if err != nil || p.Nota == nil {
		return a.trasNota(p, err)
	}
	err = a.o.Rutas.Liberar(ctx, rutas.Clave{Pedido: p.ID, Intento: int(p.Intento), Numero: int(p.VisitaActual())})
	salio := errors.Is(err, rutas.ErrYaSalio)
	if err != nil && !salio {
		return p, nil // the note stands; the worker carries it out
	}
	p, err = a.cambiar(ctx, q, id, func(p *pedido.Pedido, ahora time.Time) (bool, error) {
		if p.Nota == nil {
			return false, nil
		}
		if salio {
			p.RetirarNota(ahora)
			return true, nil
		}
		return true, p.Cancelar(ahora)
	})
	return a.trasNota(p, err)
}

// trasNota answers a cancel by how the order came out of it.
func (a *App) trasNota(p *pedido.Pedido, err error) (*pedido.Pedido, error) {
	if err != nil || p.Estado == pedido.Cancelado {
		return p, err
	}
	if p.Nota == nil {
		return nil, pedido.ErrPaso.WithExtra("permitidos", pedido.Permitidos(p.Estado))
	}
	return p, nil
}
