package fases

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/cupos"
	"despensa/modules/pedidos/internal/pedido"
)

// MotivoFreno is the reason code of an intento whose card was not tried: too many cards of this customer, or from this
// address, were refused within the hour.
const MotivoFreno = MotivoPago + ".demasiados-rechazos"

// montoDistinto is the gateway's reason for a payment over another amount: no fault of the payer.
const montoDistinto = "monto-distinto"

// conFreno is cobrar for a card that the gateway has not had: the orders that were placed at once passed the door before
// the first refusal was known.
func (f *Fases) conFreno(ctx context.Context, p *pedido.Pedido, o pagos.Orden, ahora time.Time) (Resultado, error) {
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

// contarRechazo counts a refused card before the order is saved, so that no crash forgets it.
func (f *Fases) contarRechazo(ctx context.Context, p *pedido.Pedido, r pagos.Recibo) error {
	if !pagos.Metodo(p.Pago.Metodo).Tarjeta() || r.Motivo == montoDistinto {
		return nil
	}
	return f.v.Rechazos.Rechazado(ctx, quienPaga(p), p.ID, p.Intento)
}

// quienPaga is the payer as refusals are counted.
func quienPaga(p *pedido.Pedido) cupos.Pagador {
	return cupos.Pagador{Cliente: p.Cliente, Origen: p.Pago.Origen}
}
