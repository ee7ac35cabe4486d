package cobros

import (
	"context"
	"fmt"
	"regexp"

	"despensa/modules/pagos/internal/gateway"
	"despensa/platform/money"
)

// reparo says what is wrong with an answer of the gateway; "" is nothing. The set is
// closed: a metric counts by it.
type reparo string

// What may be wrong. otroMonto is the only one that is acted upon: the order is ours, so
// its payment is given back. With any other the answer is no answer.
const (
	otroMonto      reparo = "monto"            // ours, but of another amount
	montoCambiado  reparo = "monto_cambiado"   // of another amount than the gateway said before
	montoIlegible  reparo = "monto_ilegible"   // negative, not a number, nothing
	otraOrden      reparo = "orden"            // another id than was asked for, or none
	otraReferencia reparo = "referencia"       // somebody else's
	sinReferencia  reparo = "sin_referencia"   // of nobody
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
	capturaNegada = "captura-rechazada" // what was reserved will never be taken
	invalido      = "datos-invalidos"   // the gateway would not even look at it
	sinMotivo     = "otro"              // refused without an order and without a reason
)

// errDudosa is an answer that cannot be true. errors.Is ErrSilencio holds: it is none.
var errDudosa = fmt.Errorf("%w: the answer cannot be true", gateway.ErrSilencio)

// enID is what an id of the gateway looks like: it becomes part of an address.
var enID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// juzgar is the one judge of what the gateway says about f, whichever call it answers. It
// takes a member that is left out for no lie, but for reference and payment.
func (f *Ficha) juzgar(o gateway.Orden) reparo {
	for _, regla := range []func(gateway.Orden) reparo{f.juzgarNombre, juzgarForma, juzgarPago, f.juzgarMonto} {
		if r := regla(o); r != "" {
			return r
		}
	}
	return ""
}

// juzgarNombre: the order is the one that f is about.
func (f *Ficha) juzgarNombre(o gateway.Orden) reparo {
	switch {
	case !enID.MatchString(o.ID), f.Orden != "" && o.ID != f.Orden:
		return otraOrden
	case o.Referencia == "":
		return sinReferencia
	case o.Referencia != f.Referencia():
		return otraReferencia
	case o.Moneda != "" && o.Moneda != money.Moneda:
		return otraMoneda
	}
	return ""
}

// montoMax is beyond any amount of the house, and far from where sums overflow.
const montoMax money.Centavos = 1_000_000_000_000_000

// juzgarForma: what is stated can be read. Nobody asks for nothing, so an amount asked for
// that is zero is none.
func juzgarForma(o gateway.Orden) reparo {
	malo := func(i gateway.Importe, minimo money.Centavos) bool {
		return i.Dicho && (i.Monto < minimo || i.Monto > montoMax)
	}
	if malo(o.Total, 1) || malo(o.Pagado, 0) {
		return montoIlegible
	}
	for _, p := range o.Pagos {
		switch {
		case malo(p.Importe, 1), malo(p.Pagado, 0):
			return montoIlegible
		case p.ID != "" && !enID.MatchString(p.ID):
			return sinPago
		}
	}
	for _, r := range o.Reembolsos {
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
func juzgarPago(o gateway.Orden) reparo {
	p := o.Pago()
	con := o.Estado == gateway.Reservada || o.Estado == gateway.Cobrada
	switch {
	case con && (len(o.Pagos) != 1 || !enID.MatchString(p.ID)):
		return sinPago
	case con && (p.Estado == gateway.Rechazada || p.Estado == gateway.Cancelada),
		o.Estado == gateway.Cobrada && p.Estado != "" && p.Estado != gateway.Cobrada:
		return pagoFallido
	case o.Estado == gateway.Rechazada && p.Estado == gateway.Cobrada:
		return pagoCobrado
	case o.Estado == gateway.Cobrada && pagado(o) == gateway.Dice(0) && devuelto(o) == 0:
		return montoIlegible
	}
	return ""
}

// juzgarMonto: the amount is the one that f asked for. What ended without money has none,
// and a cobro that another amount has closed follows the gateway's word.
func (f *Ficha) juzgarMonto(o gateway.Orden) reparo {
	if o.Estado == gateway.Rechazada || o.Estado == gateway.Cancelada {
		return ""
	}
	distinto := f.pideOtro(o) || f.Cobrado == 0 && f.tomaOtro(o)
	switch {
	case devuelto(o) > max(f.Monto, f.Cobrado, o.Tomado()):
		return devueltoDeMas
	case !distinto || f.Motivo == montoDistinto:
		return ""
	case f.Cobrado > 0:
		return montoCambiado
	}
	return otroMonto
}

// pideOtro says that o was made for another amount.
func (f *Ficha) pideOtro(o gateway.Orden) bool {
	otro := func(i gateway.Importe) bool { return i.Dicho && i.Monto != f.Monto }
	return otro(o.Total) || otro(o.Pago().Importe)
}

// tomaOtro says that o took another amount. With cuotas more may be the issuer's interest;
// what has been given back may be missing from what was paid.
func (f *Ficha) tomaOtro(o gateway.Orden) bool {
	if o.Estado != gateway.Cobrada {
		return false
	}
	otro := func(i gateway.Importe) bool {
		return i.Dicho && (i.Monto+devuelto(o) < f.Monto || i.Monto > f.Monto && f.Cuotas <= 1)
	}
	return otro(o.Pago().Pagado) || otro(o.Pagado)
}

// tomado is what o took of f, in centavos. Interest is not f's.
func (f *Ficha) tomado(o gateway.Orden) money.Centavos {
	if t := o.Tomado(); t > 0 && (f.pideOtro(o) || f.tomaOtro(o)) {
		return t
	}
	return f.Monto
}

// pagado is what o says was paid.
func pagado(o gateway.Orden) gateway.Importe {
	if p := o.Pago().Pagado; p.Dicho {
		return p
	}
	return o.Pagado
}

func devuelto(o gateway.Orden) (total money.Centavos) {
	for _, r := range o.Reembolsos {
		total += r.Monto
	}
	return total
}

// creer tells of an answer that cannot be true. Error: errDudosa, unless it is only of
// another amount: then the payment is given back.
func (m mano) creer(ctx context.Context, f Ficha, o gateway.Orden) error {
	r := f.juzgar(o)
	if r == "" {
		return nil
	}
	m.o.Dudosa(string(r))
	if r == otroMonto {
		m.o.Log.ErrorContext(ctx, "the gateway has another amount: the payment goes back", "cobro", f.ID)
		return nil
	}
	m.o.Log.ErrorContext(ctx, "the gateway's answer cannot be true", "cobro", f.ID, "reparo", string(r))
	return fmt.Errorf("%w: %s", errDudosa, r)
}
