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
	p *pedido.Pedido,
	o pagos.OrdenDePago,
	ahora time.Time,
) (Resultado, error) {
	salir, espera, err := f.v.Rechazos.Entrar(ctx, quienPaga(p))
	defer salir()
	switch {
	case errors.Is(err, cupos.ErrOcupado):
		return f.t.esperar(p, ahora, esperaPasarela, f.t.Pasarela, fallar(MotivoPasarela)), nil
	case err != nil:
		return nil, err
	case espera > 0:
		return enEstado(p, fallar(MotivoFreno)), nil
	}
	return f.cobrar(ctx, p, o, ahora)
}

// contarRechazo counts the refused card of r. It does so before the order is saved, so that a crash between the
// two loses no refusal. Errors: those of Rechazos.Rechazado.
func (f *Fases) contarRechazo(ctx context.Context, p *pedido.Pedido, r pagos.Recibo) error {
	if !pagos.Metodo(p.Pago.Metodo).Tarjeta() || r.Motivo == montoDistinto {
		return nil
	}
	return f.v.Rechazos.Rechazado(ctx, quienPaga(p), p.ID, p.Intento)
}

// quienPaga is the payer for the count of refusals: the customer, and Origen, a digest of their IP address.
func quienPaga(p *pedido.Pedido) cupos.Pagador {
	return cupos.Pagador{Cliente: p.Cliente, Origen: p.Pago.Origen}
}
