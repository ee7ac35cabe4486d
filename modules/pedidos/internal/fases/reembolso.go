package fases

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/pedido"
)

// reembolsar gives money back that an operator asked for, or that is due for a return, once per refund. It is
// done beside the phase of the estado: a refund that waits has a timer of its own, and no deadline, because the
// house owes the money. The Resultado is nil when no refund is due.
func (f *Fases) reembolsar(
	ctx context.Context,
	ped *pedido.Pedido,
	ahora time.Time,
) (Resultado, error) {
	r, hay := ped.PorReembolsar(ahora)
	if !hay {
		return nil, nil
	}
	de := intento(ped)
	ctx, suelta := mitad(ctx)
	defer suelta()
	re, err := f.v.Pagos.Reembolsar(ctx, pagos.Reembolso{Intento: de, ID: r.ID, Monto: r.Monto})
	fin := finDeReembolso(r, re, err)
	if fin == nil {
		return f.aplazarReembolso(
			r,
		), inesperado(err, pagos.ErrSinPasarela, pagos.ErrEnCurso, pagos.ErrAnulado)
	}
	return func(p *pedido.Pedido, ahora time.Time) error {
		fin(p, ahora)
		return anotarDinero(p, de, re.Recibo, ahora)
	}, nil
}

// finDeReembolso is the end of reembolso by the answer of pagos; nil while it has none, so that pagos is asked again
// later.
func finDeReembolso(
	reembolso pedido.Reembolso,
	devuelto pagos.Devuelto,
	err error,
) func(p *pedido.Pedido, ahora time.Time) {
	switch {
	case err == nil:
		return func(p *pedido.Pedido, ahora time.Time) { p.Reembolsado(reembolso.ID, devuelto.Monto, ahora) }
	case errors.Is(err, pagos.ErrReembolsado):
		return func(p *pedido.Pedido, ahora time.Time) { p.Absorber(reembolso.ID, ahora) }
	case errors.Is(err, pagos.ErrReembolsoRechazado):
		return rechazarReembolso(reembolso, devuelto.Rechazo)
	case errors.Is(err, pagos.ErrMonto):
		return rechazarReembolso(reembolso, RechazoMonto)
	case errors.Is(err, pagos.ErrSinCobro):
		return rechazarReembolso(reembolso, RechazoSinCobro)
	}
	return nil
}

// Reason codes of a refused refund. For the first two pagos refuses before it asks the gateway; the third
// stands for a refusal without a reason.
const (
	RechazoMonto    = "monto-excesivo"
	RechazoSinCobro = "sin-cobro"
	RechazoOtro     = "otro"
)

func rechazarReembolso(
	reembolso pedido.Reembolso,
	rechazo string,
) func(p *pedido.Pedido, ahora time.Time) {
	if rechazo == "" {
		rechazo = RechazoOtro
	}
	return func(p *pedido.Pedido, ahora time.Time) { p.RechazarReembolso(reembolso.ID, rechazo, ahora) }
}

// aplazarReembolso puts off the refund reembolso, and leaves the other timers of the order alone.
func (f *Fases) aplazarReembolso(reembolso pedido.Reembolso) Resultado {
	return func(p *pedido.Pedido, ahora time.Time) error {
		p.AplazarReembolso(reembolso.ID, ahora.Add(f.t.pausa(reembolso.Esperas)))
		return nil
	}
}

// mitad is ctx with half of its time. A phase beside that of the estado takes no more, so that the rest is left
// for the other phases beside it.
func mitad(ctx context.Context) (context.Context, context.CancelFunc) {
	d, hay := ctx.Deadline()
	if !hay {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, time.Until(d)/2)
}
