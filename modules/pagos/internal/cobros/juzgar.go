package cobros

import (
	"context"
	"fmt"
	"regexp"

	"despensa/modules/pagos/internal/gateway"
	"despensa/platform/money"
)

// reparo names the fault of an answer of the gateway that cannot be true; "" is none. The set of names is closed: a
// metric has one counter for each.
type reparo string

// The faults. After otroMonto the payment is given back, because the order is ours. An answer with any other fault is
// treated as if the gateway had not answered.
const (
	otroMonto      reparo = "monto"            // ours, but of another amount
	montoCambiado  reparo = "monto_cambiado"   // of another amount than the gateway said before
	montoIlegible  reparo = "monto_ilegible"   // negative, not a number, nothing
	otraOrden      reparo = "orden"            // another id than was asked for, or none
	otraReferencia reparo = "referencia"       // the reference of another intento
	sinReferencia  reparo = "sin_referencia"   // no reference at all
	otraMoneda     reparo = "moneda"           // not in pesos
	sinPago        reparo = "sin_pago"         // money without a payment, or with several
	pagoFallido    reparo = "pago_fallido"     // money by a payment that says it failed
	pagoCobrado    reparo = "pago_cobrado"     // a refusal with a payment that says it was made
	devueltoDeMas  reparo = "reembolsos"       // more given back than was taken
	reembolsoSinID reparo = "reembolso_sin_id" // a refund that cannot be told from others
)

// Reason codes of a payment that the gateway did not decline.
const (
	montoDistinto = "monto-distinto"    // the gateway has another amount
	capturaNegada = "captura-rechazada" // the gateway will never take the money that it reserved
	invalido      = "datos-invalidos"   // the gateway refused the request as malformed
	sinMotivo     = "otro"              // refused without an order and without a reason
)

// errDudosa is an answer that cannot be true. It is an ErrSilencio, because such an answer says nothing.
var errDudosa = fmt.Errorf("%w: the answer cannot be true", gateway.ErrSilencio)

// enID matches the ids of the gateway. An id that does not match is never used, because it becomes part of a URL.
var enID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// juzgar compares an answer of the gateway with f, whichever call it answers; no other function does. A member that the
// answer leaves out is no fault, except its reference and its payment.
func (f *CobroEntero) juzgar(orden gateway.Orden) reparo {
	for _, regla := range []func(gateway.Orden) reparo{f.juzgarNombre, juzgarForma, juzgarPago, f.juzgarMonto} {
		if r := regla(orden); r != "" {
			return r
		}
	}
	return ""
}

// juzgarNombre: the order is the one that f is about.
func (f *CobroEntero) juzgarNombre(orden gateway.Orden) reparo {
	switch {
	case !enID.MatchString(orden.ID), f.Orden != "" && orden.ID != f.Orden:
		return otraOrden
	case orden.Referencia == "":
		return sinReferencia
	case orden.Referencia != f.Referencia():
		return otraReferencia
	case orden.Moneda != "" && orden.Moneda != money.Currency:
		return otraMoneda
	}
	return ""
}

// montoMax is beyond any amount of the house, and far from where sums overflow.
const montoMax money.Centavos = 1_000_000_000_000_000

// juzgarForma: every stated amount and id can be read. No cobro asks for zero, so zero is no amount that was asked for.
func juzgarForma(orden gateway.Orden) reparo {
	malo := func(i gateway.Importe, minimo money.Centavos) bool {
		return i.Dicho && (i.Monto < minimo || i.Monto > montoMax)
	}
	if malo(orden.Total, 1) || malo(orden.Pagado, 0) {
		return montoIlegible
	}
	for _, p := range orden.Pagos {
		switch {
		case malo(p.Importe, 1), malo(p.Pagado, 0):
			return montoIlegible
		case p.ID != "" && !enID.MatchString(p.ID):
			return sinPago
		}
	}
	for _, r := range orden.Reembolsos {
		switch {
		case r.Monto <= 0, r.Monto > montoMax:
			return montoIlegible
		case !enID.MatchString(r.ID):
			return reembolsoSinID
		}
	}
	return ""
}

// juzgarPago: money that is reserved or taken has one payment, and the payment says the
// same as the order.
func juzgarPago(orden gateway.Orden) reparo {
	p := orden.Pago()
	con := orden.Estado == gateway.Reservada || orden.Estado == gateway.Cobrada
	switch {
	case con && (len(orden.Pagos) != 1 || !enID.MatchString(p.ID)):
		return sinPago
	case con && (p.Estado == gateway.Rechazada || p.Estado == gateway.Cancelada),
		orden.Estado == gateway.Cobrada && p.Estado != "" && p.Estado != gateway.Cobrada:
		return pagoFallido
	case orden.Estado == gateway.Rechazada && p.Estado == gateway.Cobrada:
		return pagoCobrado
	case orden.Estado == gateway.Cobrada && pagado(orden) == gateway.Dice(0) && devuelto(orden) == 0:
		return montoIlegible
	}
	return ""
}

// juzgarMonto: the amount is the one that f asked for. An order that ended without money has no amount to compare. A
// cobro that was closed with montoDistinto takes every later amount of the gateway as it is.
func (f *CobroEntero) juzgarMonto(orden gateway.Orden) reparo {
	if orden.Estado == gateway.Rechazada || orden.Estado == gateway.Cancelada {
		return ""
	}
	distinto := f.pideOtro(orden) || f.Cobrado == 0 && f.tomaOtro(orden)
	switch {
	case devuelto(orden) > max(f.Monto, f.Cobrado, orden.Tomado()):
		return devueltoDeMas
	case !distinto || f.Motivo == montoDistinto:
		return ""
	case f.Cobrado > 0:
		return montoCambiado
	}
	return otroMonto
}

// pideOtro says that orden was made for another amount.
func (f *CobroEntero) pideOtro(orden gateway.Orden) bool {
	otro := func(i gateway.Importe) bool { return i.Dicho && i.Monto != f.Monto }
	return otro(orden.Total) || otro(orden.Pago().Importe)
}

// tomaOtro says that orden took another amount. With several cuotas a larger amount may be the interest of the card's
// issuer. The amount paid may be stated with or without the refunds taken off.
func (f *CobroEntero) tomaOtro(orden gateway.Orden) bool {
	if orden.Estado != gateway.Cobrada {
		return false
	}
	otro := func(i gateway.Importe) bool {
		return i.Dicho &&
			(i.Monto+devuelto(orden) < f.Monto || i.Monto > f.Monto && f.Cuotas <= 1)
	}
	return otro(orden.Pago().Pagado) || otro(orden.Pagado)
}

// tomado is the amount of f that orden took, in centavos, without the issuer's interest.
func (f *CobroEntero) tomado(orden gateway.Orden) money.Centavos {
	if t := orden.Tomado(); t > 0 && (f.pideOtro(orden) || f.tomaOtro(orden)) {
		return t
	}
	return f.Monto
}

// pagado is the amount that orden states as paid: that of its payment, else that of the order.
func pagado(orden gateway.Orden) gateway.Importe {
	if p := orden.Pago().Pagado; p.Dicho {
		return p
	}
	return orden.Pagado
}

// devuelto is the sum of the refunds that orden lists, in centavos.
func devuelto(orden gateway.Orden) (total money.Centavos) {
	for _, r := range orden.Reembolsos {
		total += r.Monto
	}
	return total
}

// creer logs and counts an answer that cannot be true. Error: errDudosa, unless its only fault is another amount: such
// an answer is used, and the payment is given back.
func (m ejecutor) creer(
	ctx context.Context,
	cobroEntero CobroEntero,
	orden gateway.Orden,
) error {
	r := cobroEntero.juzgar(orden)
	if r == "" {
		return nil
	}
	m.o.Dudosa(string(r))
	if r == otroMonto {
		m.o.Log.ErrorContext(
			ctx, "the gateway has another amount: the payment goes back",
			"cobro", cobroEntero.ID,
		)
		return nil
	}
	m.o.Log.ErrorContext(
		ctx, "the gateway's answer cannot be true",
		"cobro", cobroEntero.ID, "reparo", string(r),
	)
	return fmt.Errorf("%w: %s", errDudosa, r)
}
