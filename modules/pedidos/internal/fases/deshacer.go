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

// deshacer undoes the oldest intento of ped that is over: its visits, its stock and its payment. It does not rely
// on the deeds that the order notes as done: it asks the three neighbours about every deed that the intento may
// have begun. When one of them fails, the other two are asked all the same, and the receipt of pagos is noted
// in any case.
func (f *Fases) deshacer(
	ctx context.Context,
	ped *pedido.Pedido,
	ahora time.Time,
) (Resultado, error) {
	anterior, _ := ped.PorDeshacer()
	llevada, errVisitas := f.liberarVisitas(ctx, ped, anterior, ahora)
	errStock := f.liberarStock(ctx, ped, anterior, llevada, ahora)
	recibo, errPago := f.v.Pagos.Anular(
		ctx,
		pagos.Intento{Pedido: ped.ID, Numero: int(anterior.Numero)},
	)
	// The gateway keeps the money: no retry can change that.
	negada := errors.Is(errPago, pagos.ErrReembolsoRechazado)
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
func absorber(ped *pedido.Pedido, numero int64, recibo pagos.Recibo, ahora time.Time) {
	if ped.Intento != numero {
		return
	}
	anotarRecibo(ped, recibo)
	for _, r := range ped.Reembolsos {
		ped.Absorber(r.ID, ahora)
	}
}

// rechazarReintegro notes that the gateway refuses for good to give back the money of intento numero. The mark
// that the order gets tells operators to pay the customer in another way.
func rechazarReintegro(ped *pedido.Pedido, numero int64, recibo pagos.Recibo, ahora time.Time) {
	if ped.Intento == numero {
		anotarRecibo(ped, recibo)
	}
	rechazo := recibo.Rechazo
	if rechazo == "" {
		rechazo = RechazoOtro
	}
	ped.RechazarReintegro(
		idempotency.Derive(pedido.MotivoAnulacion, ped.ID, strconv.FormatInt(numero, 10)),
		rechazo,
		ahora,
	)
}

// liberarVisitas frees every visit of in. It reports whether the goods of the last depot are with a truck or
// with the customer; when rutas fails, it assumes so of an order that has had a visit. Errors: errEnCamino;
// those of rutas.
func (f *Fases) liberarVisitas(
	ctx context.Context, ped *pedido.Pedido, intento pedido.Intento, ahora time.Time,
) (bool, error) {
	var errs []error
	llevada := false
	for _, n := range intento.Visitas {
		c := rutas.Clave{Pedido: ped.ID, Intento: int(intento.Numero), Numero: int(n)}
		err := f.v.Rutas.Liberar(ctx, c)
		if errors.Is(err, rutas.ErrYaSalio) {
			var fuera bool
			fuera, err = f.trasSalida(ctx, ped, c, ahora)
			llevada = llevada || fuera
		}
		errs = append(errs, err)
	}
	err := errors.Join(errs...)
	return llevada || err != nil && ped.Entrega.Visita != 0, err
}

// trasSalida reports whether the goods of the departed visit clave are still with the truck or the customer. They
// are back if the order is devuelto or the visit failed. After the deadline without an outcome they count as
// back, too. Errors: errEnCamino; those of rutas.Visita but ErrSinVisita.
func (f *Fases) trasSalida(
	ctx context.Context,
	ped *pedido.Pedido,
	clave rutas.Clave,
	ahora time.Time,
) (bool, error) {
	if ped.Estado == pedido.Devuelto || !ahora.Before(f.t.limiteReparto(ped)) {
		return false, nil
	}
	v, err := f.v.Rutas.Visita(ctx, clave)
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
	ctx context.Context,
	ped *pedido.Pedido,
	intento pedido.Intento,
	llevada bool,
	ahora time.Time,
) error {
	n := int64(len(intento.Vueltas))
	if llevada {
		n--
	}
	var errs []error
	for i := range n {
		errs = append(
			errs,
			f.v.Stock.Liberar(ctx, sinDevueltas(ped, requerimiento(ped, intento, i+1)), ahora),
		)
	}
	return errors.Join(errs...)
}

// sinDevueltas is e less the units that accepted returns have put back. Returns are of the last intento alone:
// no other one was delivered.
func sinDevueltas(
	ped *pedido.Pedido,
	requerimiento reservas.Requerimiento,
) reservas.Requerimiento {
	if requerimiento.Intento == ped.Intento {
		devueltas := ped.Devueltas()
		for i := range requerimiento.Lineas {
			requerimiento.Lineas[i].Fuera = devueltas[requerimiento.Lineas[i].Producto]
		}
	}
	return requerimiento
}

// esperarReintento: fallido, with nothing left to undo. The customer may retry until the deadline; then the
// order becomes rechazado.
func (f *Fases) esperarReintento(
	_ context.Context,
	ped *pedido.Pedido,
	ahora time.Time,
) (Resultado, error) {
	return f.t.mirar(ped, ahora, f.t.mirarReintento, f.t.limiteReintento(ped), rechazar), nil
}

// vencerReintento makes a fallido order rechazado at the deadline for a retry, though its undoing still goes
// on.
func (f *Fases) vencerReintento(
	_ context.Context,
	ped *pedido.Pedido,
	ahora time.Time,
) (Resultado, error) {
	if ped.Estado != pedido.Fallido || ped.Pedida != nil ||
		ahora.Before(f.t.limiteReintento(ped)) {
		return nil, nil
	}
	return enEstado(ped, rechazar), nil
}

func rechazar(ped *pedido.Pedido, ahora time.Time) error { return ped.Rechazar(ahora) }
