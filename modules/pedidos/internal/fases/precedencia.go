package fases

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pedidos/internal/pedido"
)

// asunto is a need of an order: the condition under which it is there, the phase that cares
// for it, and phases beside it, so that one neighbour's silence holds up no other's answer.
type asunto struct {
	cuando func(p *pedido.Pedido) bool
	hace   fase
	ademas []fase
}

// asuntos is the precedence of an order's needs: the first that is there is cared for.
func (f *Fases) asuntos() []asunto {
	return []asunto{
		// Nothing goes past a noted cancel.
		{cuando: anotada, hace: f.llevarNota, ademas: []fase{f.reembolsar}},
		// The oldest intento that is over.
		{cuando: porDeshacer, hace: f.deshacer, ademas: []fase{f.vencerReintento, f.retornar}},
		// The phase of the estado.
		{cuando: siempre, hace: f.segunEstado, ademas: []fase{f.reembolsar, f.retornar, f.leerPago}},
	}
}

func anotada(p *pedido.Pedido) bool { return p.Nota != nil }

func porDeshacer(p *pedido.Pedido) bool {
	_, quedan := p.PorDeshacer()
	return quedan
}

func siempre(*pedido.Pedido) bool { return true }

func (f *Fases) segunEstado(ctx context.Context, p *pedido.Pedido, ahora time.Time) (Resultado, error) {
	return f.tabla[p.Estado](ctx, p, ahora)
}

// Hacer does what p needs now. The Resultado is never nil: beside an error it notes the
// deeds that were done, and puts the rest off; times that p has from a clock that was ahead are corrected first. Errors are of the neighbours' making, and for the log.
func (f *Fases) Hacer(ctx context.Context, p *pedido.Pedido, ahora time.Time) (Resultado, error) {
	f.t.enHora(p, ahora)
	for _, a := range f.precedencia {
		if a.cuando(p) {
			return f.juntos(ctx, p, ahora, a)
		}
	}
	return f.descansar(ctx, p, ahora)
}

// juntos does all parts of an asunto; each is put off by itself.
func (f *Fases) juntos(ctx context.Context, p *pedido.Pedido, ahora time.Time, a asunto) (Resultado, error) {
	r, err := a.hace(ctx, p, ahora)
	if err != nil {
		r = seguidos(r, f.t.tras(err))
	}
	errs := []error{err}
	for _, g := range a.ademas {
		s, err := g(ctx, p, ahora)
		r, errs = junto(r, s), append(errs, err)
	}
	return func(p *pedido.Pedido, ahora time.Time) error {
		err := r(p, ahora)
		p.DeberReembolsos()
		return err
	}, errors.Join(errs...)
}

// seguidos does r, if there is one, and then s.
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

// junto does r and s, each whatever comes of the other, with the earlier due time. It fails
// when nothing was done; an order that has moved on under r alone is looked at again.
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
