package fases

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
)

// llevarNota carries out a cancel that was noted: the truck gives the visit back, or
// has left and the note is taken back. The visit's row decides.
func (f *Fases) llevarNota(ctx context.Context, p *pedido.Pedido) (Resultado, error) {
	err := f.v.Rutas.Liberar(ctx, clave(p))
	if errors.Is(err, rutas.ErrYaSalio) {
		return func(p *pedido.Pedido, ahora time.Time) error {
			if p.Nota != nil {
				p.RetirarNota(ahora)
			}
			return nil
		}, nil
	}
	if err != nil {
		return nil, err
	}
	return func(p *pedido.Pedido, ahora time.Time) error { return p.Cancelar(ahora) }, nil
}

// deshacer undoes an intento that is over. It never trusts the record: all three
// neighbours are asked, for everything that was going to be tried.
func (f *Fases) deshacer(ctx context.Context, p *pedido.Pedido, in pedido.Intento, ahora time.Time) (Resultado, error) {
	for n := range in.Vueltas {
		if err := f.v.Stock.Liberar(ctx, encargo(p, in, int64(n)+1), ahora); err != nil {
			return nil, err
		}
	}
	for _, n := range in.Visitas {
		err := f.v.Rutas.Liberar(ctx, rutas.Clave{Pedido: p.ID, Intento: int(in.Numero), Numero: int(n)})
		if err != nil && (p.Estado != pedido.Devuelto || !errors.Is(err, rutas.ErrYaSalio)) {
			return nil, err
		}
	}
	re, err := f.v.Pagos.Anular(ctx, pagos.Intento{Pedido: p.ID, Numero: int(in.Numero)})
	if err != nil {
		return nil, err
	}
	return func(p *pedido.Pedido, ahora time.Time) error {
		if p.Intento == in.Numero {
			anotarRecibo(p, re)
		}
		for _, r := range p.Reembolsos {
			if r.Estado == pedido.ReembolsoPedido {
				p.Reembolsado(r.ID, pedido.ReembolsoAbsorbido, ahora)
			}
		}
		return p.Deshecho(in.Numero, ahora)
	}, nil
}

// esperarReintento: fallido, and nothing is left to undo. Its customer has a time to
// retry; then it is rechazado.
func (f *Fases) esperarReintento(_ context.Context, p *pedido.Pedido, _ time.Time) (Resultado, error) {
	limite := p.Cambio.Add(f.t.Reintento)
	return f.t.mirar(p, f.t.Reintento, limite, func(p *pedido.Pedido, ahora time.Time) error { return p.Rechazar(ahora) }), nil
}

// reembolsar gives money back on an operator's word, once per refund.
func (f *Fases) reembolsar(ctx context.Context, p *pedido.Pedido, r pedido.Reembolso) (Resultado, error) {
	re, err := f.v.Pagos.Reembolsar(ctx, pagos.Reembolso{Intento: intento(p), ID: r.ID, Monto: r.Monto})
	estado := pedido.ReembolsoHecho
	switch {
	case err == nil:
	case esUno(err, pagos.ErrAnulado, pagos.ErrMonto):
		estado = pedido.ReembolsoAbsorbido
	default:
		return nil, err
	}
	return func(p *pedido.Pedido, ahora time.Time) error {
		anotarRecibo(p, re)
		p.Reembolsado(r.ID, estado, ahora)
		return nil
	}, nil
}
