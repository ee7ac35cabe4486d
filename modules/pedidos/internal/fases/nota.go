package fases

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
)

// Liberador frees the room that a visit has in a truck. rutas.Servicio is one, and has the errors of the
// contract.
type Liberador interface {
	Liberar(ctx context.Context, c rutas.Clave) error
}

// LlevarNota carries out the cancel that ped notes. If rutas frees the visit, the order is cancelled; if the
// truck has left, the note is taken back. The row of the visit decides between the two. The Resultado leaves an
// order alone that has no note any more, or has another visit. Errors: those of Liberar but rutas.ErrYaSalio;
// the note stands then.
func LlevarNota(
	ctx context.Context,
	liberador Liberador,
	ped *pedido.Pedido,
) (Resultado, error) {
	visita := clave(ped)
	err := liberador.Liberar(ctx, visita)
	salio := errors.Is(err, rutas.ErrYaSalio)
	if err != nil && !salio {
		return nil, err
	}
	return func(p *pedido.Pedido, ahora time.Time) error {
		switch {
		case p.Nota == nil || clave(p) != visita:
			return nil
		case salio:
			p.RetirarNota(ahora)
			return nil
		}
		return cancelar(p, ahora)
	}, nil
}

// llevarNota is LlevarNota as a phase.
func (f *Fases) llevarNota(
	ctx context.Context,
	ped *pedido.Pedido,
	_ time.Time,
) (Resultado, error) {
	return LlevarNota(ctx, f.v.Rutas, ped)
}

// cancelar carries out the noted cancel: the visit is free already.
func cancelar(ped *pedido.Pedido, ahora time.Time) error { return ped.Cancelar(ahora) }
