package fases

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pedidos/internal/pedido"
)

// asunto is one need of an order: the condition under which the order has it, and the phase that does it. The
// phases of ademas are done beside that phase, so that a neighbour that is silent in one does not hold up the
// others.
type asunto struct {
	cuando func(p *pedido.Pedido) bool
	hace   fase
	ademas []fase
}

// asuntos are the needs that an order may have, the most urgent first. Hacer does the first one that the order
// has.
func (f *Fases) asuntos() []asunto {
	return []asunto{
		// A noted cancel: no step is taken before the truck has answered it.
		{cuando: anotada, hace: f.llevarNota, ademas: []fase{f.reembolsar}},
		// The undoing of the oldest intento that is over.
		{cuando: porDeshacer, hace: f.deshacer, ademas: []fase{f.vencerReintento, f.retornar}},
		// The phase of the estado.
		{
			cuando: siempre,
			hace:   f.segunEstado,
			ademas: []fase{f.reembolsar, f.retornar, f.leerPago},
		},
	}
}

func anotada(ped *pedido.Pedido) bool { return ped.Nota != nil }

func porDeshacer(ped *pedido.Pedido) bool {
	_, quedan := ped.PorDeshacer()
	return quedan
}

func siempre(*pedido.Pedido) bool { return true }

func (f *Fases) segunEstado(
	ctx context.Context,
	ped *pedido.Pedido,
	ahora time.Time,
) (Resultado, error) {
	return f.tabla[ped.Estado](ctx, ped, ahora)
}

// Hacer does the deeds that ped needs now, and gives the change of ped that follows. The Resultado is never nil:
// beside an error it notes the deeds that were done, and puts the rest off. First it corrects the times in ped
// that a fast clock has written. Errors: those of the neighbours, for the log.
func (f *Fases) Hacer(
	ctx context.Context,
	ped *pedido.Pedido,
	ahora time.Time,
) (Resultado, error) {
	f.t.enHora(ped, ahora)
	for _, a := range f.precedencia {
		if a.cuando(ped) {
			return f.juntos(ctx, ped, ahora, a)
		}
	}
	return f.descansar(ctx, ped, ahora)
}

// juntos does the phase of a, and those beside it. A phase that fails is put off, without harm to the others.
func (f *Fases) juntos(
	ctx context.Context,
	ped *pedido.Pedido,
	ahora time.Time,
	asunto asunto,
) (Resultado, error) {
	r, err := asunto.hace(ctx, ped, ahora)
	if err != nil {
		r = seguidos(r, f.t.tras(err))
	}
	errs := []error{err}
	for _, g := range asunto.ademas {
		s, err := g(ctx, ped, ahora)
		r = junto(r, s)
		errs = append(errs, err)
	}
	return func(p *pedido.Pedido, ahora time.Time) error {
		err := r(p, ahora)
		p.DeberReembolsos()
		return err
	}, errors.Join(errs...)
}

// seguidos does r and then s, unless r fails. r may be nil.
func seguidos(r, s Resultado) Resultado {
	if r == nil {
		return s
	}
	return func(p *pedido.Pedido, ahora time.Time) error {
		if err := r(p, ahora); err != nil {
			return err
		}
		return s(p, ahora)
	}
}

// junto does both r and s, even if one of them fails, and keeps the earlier of their due times. s may be nil.
// Errors: that of r, when s failed too. When r alone failed, because the order has moved on, the order keeps
// the due time of s.
func junto(r, s Resultado) Resultado {
	if s == nil {
		return r
	}
	return func(p *pedido.Pedido, ahora time.Time) error {
		err := r(p, ahora)
		debe := p.Debe
		if otro := s(p, ahora); otro != nil {
			return err
		}
		if err == nil && debe != nil {
			p.DeberAntes(*debe)
		}
		return nil
	}
}
