package fases

import (
	"context"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/cupos"
	"despensa/modules/pedidos/internal/pedido"
)

// MotivoFreno is the reason code of an intento whose card was not tried: too many cards of this customer, or from this
// address, were refused within the hour.
const MotivoFreno = MotivoPago + ".demasiados-rechazos"

// montoDistinto is the gateway's reason for a payment over another amount: no fault of the payer.
const montoDistinto = "monto-distinto"

// frenado reports whether the order's card may not be tried: the orders that were placed at once passed the door before
// the first refusal was known. A payment that the gateway has is looked at in any case.
func (f *Fases) frenado(ctx context.Context, p *pedido.Pedido) (bool, error) {
	if p.Estado != pedido.Preprocesado || !pagos.Metodo(p.Pago.Metodo).Tarjeta() {
		return false, nil
	}
	espera, err := f.v.Rechazos.Espera(ctx, quienPaga(p))
	return espera > 0, err
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
