package fases

import (
	"context"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/pedido"
)

// reembolsar gives money back on an operator's word or for a return, once per refund. It
// stands beside the phase of the estado: a refund that waits has a timer of its own, and no
// deadline, for the money is owed. The Resultado is nil when no refund is due.
func (f *Fases) reembolsar(ctx context.Context, p *pedido.Pedido, ahora time.Time) (Resultado, error) {
	r, hay := p.PorReembolsar(ahora)
	if !hay {
		return nil, nil
	}
	ctx, fin := mitad(ctx)
	defer fin()
	re, err := f.v.Pagos.Reembolsar(ctx, pagos.Reembolso{Intento: intento(p), ID: r.ID, Monto: r.Monto})
	estado := pedido.ReembolsoHecho
	switch {
	case err == nil:
	case esUno(err, pagos.ErrAnulado, pagos.ErrMonto, pagos.ErrSinCobro):
		estado = pedido.ReembolsoAbsorbido
	default:
		return f.aplazarReembolso(r), inesperado(err, pagos.ErrSinPasarela, pagos.ErrEnCurso)
	}
	return func(p *pedido.Pedido, ahora time.Time) error {
		anotarRecibo(p, re)
		p.Reembolsado(r.ID, estado, ahora)
		return nil
	}, nil
}

// aplazarReembolso tries r again later, and leaves the order's other timers alone.
func (f *Fases) aplazarReembolso(r pedido.Reembolso) Resultado {
	return func(p *pedido.Pedido, ahora time.Time) error {
		p.AplazarReembolso(r.ID, ahora.Add(f.t.pausa(r.Esperas)))
		return nil
	}
}

// mitad gives half of the time that is left: the other half is for saving the result of the
// estado's phase.
func mitad(ctx context.Context) (context.Context, context.CancelFunc) {
	d, hay := ctx.Deadline()
	if !hay {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, time.Until(d)/2)
}
