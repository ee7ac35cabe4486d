package fases

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/pedido"
)

// MotivoDevuelto is the reason code of an order that is cancelled because all its money went back before its
// truck left.
const MotivoDevuelto = "dinero-devuelto"

// leerPago reads how the payment of an order with money taken stands: some of it may have gone back at the
// gateway's own panel, or be disputed. The Resultado is nil where there is nothing to read, and after another
// phase under the same claim, which has just read it. Errors: those of pagos.Consultar but ErrSinCobro.
func (f *Fases) leerPago(
	ctx context.Context,
	ped *pedido.Pedido,
	_ time.Time,
) (Resultado, error) {
	if ped.Seguido || ped.Pago.Cobrado == 0 {
		return nil, nil
	}
	de := intento(ped)
	recibo, err := f.v.Pagos.Consultar(ctx, de)
	switch {
	case errors.Is(err, pagos.ErrSinCobro):
		return nil, nil
	case err != nil: // the notice that led here is not sent again
		return func(p *pedido.Pedido, ahora time.Time) error {
			p.DeberAntes(ahora.Add(f.t.EsperaMaxima))
			return errSinNovedad
		}, err
	}
	return func(p *pedido.Pedido, ahora time.Time) error {
		pago := p.Pago
		eventos := len(p.Eventos)
		nota := p.Nota
		err := anotarDinero(p, de, recibo, ahora)
		if err == nil && p.Pago == pago && len(p.Eventos) == eventos && p.Nota == nota {
			return errSinNovedad
		}
		return err
	}, nil
}

// errSinNovedad: the payment stands as the order has it. As an error it tells junto that nothing was done, so
// that a result that the order refuses still puts it off.
var errSinNovedad = errors.New("fases: the payment stands as it is known")

// anotarDinero writes the payment recibo of the intento de into the order. If all the money has gone back, an
// order that its truck has not taken is cancelled; an order that has left is marked, if the money went back at
// the gateway's panel. A dispute marks the order and does not move it. Errors: those of SinDinero.
func anotarDinero(
	ped *pedido.Pedido,
	intento pagos.Intento,
	recibo pagos.Recibo,
	ahora time.Time,
) error {
	if int(ped.Intento) != intento.Numero || recibo.Estado == "" {
		return nil
	}
	anotarRecibo(ped, recibo)
	ped.AnotarAjeno(recibo.Ajeno, ahora)
	if recibo.Contracargo {
		ped.Marcar(pedido.MarcaDisputa, ahora)
	}
	if !recibo.TodoDevuelto() {
		return nil
	}
	switch ped.Estado {
	case pedido.Autorizado, pedido.Aceptado, pedido.Confirmado:
		return SinDinero(ped, ahora)
	case pedido.EnReparto, pedido.Entregado:
		if recibo.Ajeno > 0 {
			ped.Marcar(pedido.MarcaDevuelto, ahora)
		}
	}
	return nil
}

// SinDinero asks for the cancel of an order, all the money of which has gone back. A cancel that is under way
// goes on. Errors: pedido.ErrPaso of an order that has left with its truck, or is over.
func SinDinero(ped *pedido.Pedido, ahora time.Time) error {
	n := pedido.Nota{Motivo: MotivoDevuelto, Codigo: MotivoDevuelto}
	return inesperado(ped.PedirCancelacion(n, ahora), pedido.ErrCancelando)
}
