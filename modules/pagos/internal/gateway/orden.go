package gateway

import "despensa/platform/money"

// Estado is where an order stands at the provider.
type Estado string

// The states of an order; "" is: never seen.
const (
	EnProceso Estado = "en_proceso" // the provider decides; cannot be cancelled
	EnEspera  Estado = "en_espera"  // the customer has to act; can be cancelled
	Reservada Estado = "reservada"
	Rechazada Estado = "rechazada"
	Cancelada Estado = "cancelada" // voided, lapsed or not paid in time
	Cobrada   Estado = "cobrada"   // money was taken; some or all may have been given back
)

// Orden is an order as the provider states it. A member that the answer leaves out is zero.
type Orden struct {
	ID            string
	Referencia    string
	Estado        Estado
	Moneda        string  // ISO 4217
	Total         Importe // asked for
	Pagado        Importe // taken, of all payments
	Pagos         []Pago  // one, where the answer is whole
	Reembolsos    []Reembolso
	Contracargo   bool   // the payer's bank disputes the payment, or has taken the money back
	Motivo        string // kebab-case, of a refusal
	Instrucciones string
	Desafio       string // http or https address
}

// Pago is a payment of an order; a refund names its ID.
type Pago struct {
	ID      string
	Estado  Estado  // of the payment itself; "" where the answer does not say
	Importe Importe // asked for
	Pagado  Importe // taken
}

// Reembolso is a refund that the provider made.
type Reembolso struct {
	ID    string
	Monto money.Centavos // negative: the answer states no amount
}

// Importe is an amount as the provider states it. The zero value is: not stated.
type Importe struct {
	Dicho bool
	Monto money.Centavos // negative: the provider states a text or number that is no amount
}

// Dice is an amount that is stated, in centavos.
func Dice(centavos money.Centavos) Importe { return Importe{Dicho: true, Monto: centavos} }

// Ilegible is a stated value that is no amount: it is negative, not a number, or too large.
var Ilegible = Importe{Dicho: true, Monto: -1}

// Pago is the first payment of o; the zero one when there is none.
func (o Orden) Pago() Pago {
	if len(o.Pagos) == 0 {
		return Pago{}
	}
	return o.Pagos[0]
}

// Tomado is the amount that the provider says it took, in centavos: zero before Cobrada,
// and where no member says it.
func (o Orden) Tomado() money.Centavos {
	if o.Estado != Cobrada {
		return 0
	}
	for _, i := range []Importe{o.Pago().Pagado, o.Pagado, o.Pago().Importe, o.Total} {
		if i.Monto > 0 {
			return i.Monto
		}
	}
	return 0
}

// Corta reports whether o leaves out its reference or its payment. The answer to a call on an existing order may be
// short in this way; the caller then reads the order with Leer.
func (o Orden) Corta() bool { return o.Referencia == "" || len(o.Pagos) == 0 }

// Negativa is an ErrPeticion with a reason code that the customer is shown.
type Negativa struct {
	Motivo string // kebab-case
}

// Error is the reason code.
func (n *Negativa) Error() string { return ErrPeticion.Error() + ": " + n.Motivo }

// Is makes every Negativa an ErrPeticion.
func (n *Negativa) Is(otro error) bool { return otro == ErrPeticion }
