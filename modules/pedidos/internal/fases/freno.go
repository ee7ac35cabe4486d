package fases

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/cupos"
	"despensa/modules/pedidos/internal/pedido"
)

// MotivoFreno is the reason code of an intento that ended before its card was tried: too many cards of this
// customer, or from this IP address, were refused within the last hour.
const MotivoFreno = MotivoPago + ".demasiados-rechazos"

// montoDistinto is the gateway's reason for a payment over another amount. It is not counted as a refusal: the
// payer is not at fault.
const montoDistinto = "monto-distinto"

// conFreno is cobrar for a card that the gateway has not had yet, if its payer has not had too many refusals.
// The door checks this too, but many orders may pass there at once, before the first refusal is known.
func (f *Fases) conFreno(
	ctx context.Context,
	ped *pedido.Pedido,
	ordenDePago pagos.OrdenDePago,
	ahora time.Time,
) (Resultado, error) {
	salir, espera, err := f.v.Rechazos.Entrar(ctx, quienPaga(ped))
	defer salir()
	switch {
	case errors.Is(err, cupos.ErrOcupado):
		return f.t.esperar(
			ped,
			ahora,
			esperaPasarela,
			f.t.Pasarela,
			fallar(MotivoPasarela),
		), nil
	case err != nil:
		return nil, err
	case espera > 0:
		return enEstado(ped, fallar(MotivoFreno)), nil
	}
	return f.cobrar(ctx, ped, ordenDePago, ahora)
}

// contarRechazo counts the refused card of recibo. It does so before the order is saved, so that a crash between the
// two loses no refusal. Errors: those of Rechazos.Rechazado.
func (f *Fases) contarRechazo(
	ctx context.Context,
	ped *pedido.Pedido,
	recibo pagos.Recibo,
) error {
	if !pagos.Metodo(ped.Pago.Metodo).Tarjeta() || recibo.Motivo == montoDistinto {
		return nil
	}
	return f.v.Rechazos.Rechazado(ctx, quienPaga(ped), ped.ID, ped.Intento)
}

// quienPaga is the payer for the count of refusals: the customer, and Origen, a digest of their IP address.
func quienPaga(ped *pedido.Pedido) cupos.Pagador {
	return cupos.Pagador{Cliente: ped.Cliente, Origen: ped.Pago.Origen}
}
