package fases

import (
	"context"
	"errors"
	"strconv"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/reservas"
	"despensa/modules/rutas"
	"despensa/platform/idempotency"
)

// errEnCamino: a truck has left with an order that is over, and its visit has no outcome yet.
var errEnCamino = errors.New("fases: the truck is still out with an order that is over")

// deshacer undoes the oldest intento of p that is over: its visits, its stock and its payment. It does not rely
// on the deeds that the order notes as done: it asks the three neighbours about every deed that the intento may
// have begun. When one of them fails, the other two are asked all the same, and the receipt of pagos is noted
// in any case.
func (f *Fases) deshacer(ctx context.Context, p *pedido.Pedido, ahora time.Time) (Resultado, error) {
	anterior, _ := p.PorDeshacer()
	llevada, errVisitas := f.liberarVisitas(ctx, p, anterior, ahora)
	errStock := f.liberarStock(ctx, p, anterior, llevada, ahora)
	recibo, errPago := f.v.Pagos.Anular(ctx, pagos.Intento{Pedido: p.ID, Numero: int(anterior.Numero)})
	negada := errors.Is(errPago, pagos.ErrReembolsoRechazado) // the gateway keeps the money: no retry can change that
	errPago = inesperado(errPago, pagos.ErrReembolsoRechazado)
	anulado := func(p *pedido.Pedido, ahora time.Time) error {
		switch {
		case negada:
			rechazarReintegro(p, anterior.Numero, recibo, ahora)
		case errPago == nil:
			absorber(p, anterior.Numero, recibo, ahora)
		}
		return nil
	}
	if err := errors.Join(errStock, errPago); err != nil || errVisitas != nil {
		return f.faltaDeshacer(anulado, errVisitas, err)
	}
	return seguidos(anulado, func(p *pedido.Pedido, ahora time.Time) error {
		return p.Deshecho(anterior.Numero, ahora)
	}), nil
}

// faltaDeshacer notes the money that has gone back, and leaves the rest for a later try. A truck that is still
// out is no error: the order looks at its visit again after Tiempos.MirarVisita.
func (f *Fases) faltaDeshacer(anulado Resultado, errVisitas, err error) (Resultado, error) {
	if err == nil && errors.Is(errVisitas, errEnCamino) {
		return seguidos(anulado, func(p *pedido.Pedido, ahora time.Time) error {
			p.Esperas = 0
			p.Deber(ahora.Add(f.t.MirarVisita))
			return nil
		}), nil
	}
	return anulado, errors.Join(errVisitas, err)
}

// absorber notes that all the money of intento numero has gone back. Refunds of it that were still waiting are
// settled by that.
func absorber(p *pedido.Pedido, numero int64, recibo pagos.Recibo, ahora time.Time) {
	if p.Intento != numero {
		return
	}
	anotarRecibo(p, recibo)
	for _, r := range p.Reembolsos {
		p.Absorber(r.ID, ahora)
	}
}

// rechazarReintegro notes that the gateway refuses for good to give back the money of intento numero. The mark
// that the order gets tells operators to pay the customer in another way.
func rechazarReintegro(p *pedido.Pedido, numero int64, recibo pagos.Recibo, ahora time.Time) {
	if p.Intento == numero {
		anotarRecibo(p, recibo)
	}
	rechazo := recibo.Rechazo
	if rechazo == "" {
		rechazo = RechazoOtro
	}
	p.RechazarReintegro(idempotency.Derive(pedido.MotivoAnulacion, p.ID, strconv.FormatInt(numero, 10)), rechazo, ahora)
}

// liberarVisitas frees every visit of in. It reports whether the goods of the last depot are with a truck or
// with the customer; when rutas fails, it assumes so of an order that has had a visit. Errors: errEnCamino;
// those of rutas.
func (f *Fases) liberarVisitas(
	ctx context.Context, p *pedido.Pedido, in pedido.Intento, ahora time.Time,
) (bool, error) {
	var errs []error
	llevada := false
	for _, n := range in.Visitas {
		c := rutas.Clave{Pedido: p.ID, Intento: int(in.Numero), Numero: int(n)}
		err := f.v.Rutas.Liberar(ctx, c)
		if errors.Is(err, rutas.ErrYaSalio) {
			var fuera bool
			fuera, err = f.trasSalida(ctx, p, c, ahora)
			llevada = llevada || fuera
		}
		errs = append(errs, err)
	}
	err := errors.Join(errs...)
	return llevada || err != nil && p.Entrega.Visita != 0, err
}

// trasSalida reports whether the goods of the departed visit c are still with the truck or the customer. They
// are back if the order is devuelto or the visit failed. After the deadline without an outcome they count as
// back, too. Errors: errEnCamino; those of rutas.Visita but ErrSinVisita.
func (f *Fases) trasSalida(ctx context.Context, p *pedido.Pedido, c rutas.Clave, ahora time.Time) (bool, error) {
	if p.Estado == pedido.Devuelto || !ahora.Before(f.t.limiteReparto(p)) {
		return false, nil
	}
	v, err := f.v.Rutas.Visita(ctx, c)
	switch {
	case errors.Is(err, rutas.ErrSinVisita):
		return false, nil
	case err != nil:
		return true, err
	case v.Estado == rutas.Entregada:
		return true, nil
	case v.Estado == rutas.EnCamino:
		return true, errEnCamino
	}
	return false, nil
}

// liberarStock gives back the goods that the vueltas of in reserved or sold. It leaves out the goods of the
// last vuelta if they are llevada, and the goods that accepted returns have put back already.
func (f *Fases) liberarStock(
	ctx context.Context, p *pedido.Pedido, in pedido.Intento, llevada bool, ahora time.Time,
) error {
	n := int64(len(in.Vueltas))
	if llevada {
		n--
	}
	var errs []error
	for i := range n {
		errs = append(errs, f.v.Stock.Liberar(ctx, sinDevueltas(p, requerimiento(p, in, i+1)), ahora))
	}
	return errors.Join(errs...)
}

// sinDevueltas is e less the units that accepted returns have put back. Returns are of the last intento alone:
// no other one was delivered.
func sinDevueltas(p *pedido.Pedido, e reservas.Requerimiento) reservas.Requerimiento {
	if e.Intento == p.Intento {
		devueltas := p.Devueltas()
		for i := range e.Lineas {
			e.Lineas[i].Fuera = devueltas[e.Lineas[i].Producto]
		}
	}
	return e
}

// esperarReintento: fallido, with nothing left to undo. The customer may retry until the deadline; then the
// order becomes rechazado.
func (f *Fases) esperarReintento(_ context.Context, p *pedido.Pedido, ahora time.Time) (Resultado, error) {
	return f.t.mirar(p, ahora, f.t.mirarReintento, f.t.limiteReintento(p), rechazar), nil
}

// vencerReintento makes a fallido order rechazado at the deadline for a retry, though its undoing still goes
// on.
func (f *Fases) vencerReintento(_ context.Context, p *pedido.Pedido, ahora time.Time) (Resultado, error) {
	if p.Estado != pedido.Fallido || p.Pedida != nil || ahora.Before(f.t.limiteReintento(p)) {
		return nil, nil
	}
	return enEstado(p, rechazar), nil
}

func rechazar(p *pedido.Pedido, ahora time.Time) error { return p.Rechazar(ahora) }
