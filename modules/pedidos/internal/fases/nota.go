package fases

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
)

// Liberador gives the room of a visit back; rutas.Servicio is one, and says its errors.
type Liberador interface {
	Liberar(ctx context.Context, c rutas.Clave) error
}

// LlevarNota carries out a cancel that was noted in p: the truck gives the visit back and the
// order is cancelled, or the truck has left and the note is taken back. The visit's row
// decides. A note that is gone, or about another visit, is left alone.
// Errors: those of Liberar but rutas.ErrYaSalio; the note stands.
func LlevarNota(ctx context.Context, r Liberador, p *pedido.Pedido) (Resultado, error) {
	visita := clave(p)
	err := r.Liberar(ctx, visita)
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
func (f *Fases) llevarNota(ctx context.Context, p *pedido.Pedido, _ time.Time) (Resultado, error) {
	return LlevarNota(ctx, f.v.Rutas, p)
}

// cancelar carries the note out.
func cancelar(p *pedido.Pedido, ahora time.Time) error { return p.Cancelar(ahora) }
