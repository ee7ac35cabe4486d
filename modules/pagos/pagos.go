// Package pagos is the contract of the module that moves money, through an external
// gateway and nowhere else. Everything is idempotent by order and intento.
package pagos

import (
	"context"
	"time"

	"despensa/platform/fault"
	"despensa/platform/money"
)

// Errors of the contract.
var (
	// ErrRechazado: the gateway said no; Recibo.Motivo has the reason code.
	ErrRechazado = fault.New(fault.Conflict, "pago-rechazado", "The payment was declined.")
	// ErrPendiente: the gateway has not decided; ask again later, nothing is done twice.
	ErrPendiente = fault.New(fault.Conflict, "pago-pendiente", "The payment has not been decided yet.")
	// ErrVencido: the customer did not pay in time, or the reservation lapsed.
	ErrVencido = fault.New(fault.Conflict, "pago-vencido", "The payment was not made in time.")
	// ErrSinPasarela: the gateway does not answer; nothing is known, ask again later.
	ErrSinPasarela = fault.New(fault.Unavailable, "sin-pasarela", "The payment gateway does not answer.")
	// ErrAnulado: this intento has been undone; it will never be charged.
	ErrAnulado = fault.New(fault.Conflict, "pago-anulado", "The payment of this intento has been undone.")
	// ErrEnCurso: "not yet": a call for the same intento is in flight; try again.
	ErrEnCurso = fault.New(fault.Conflict, "pago-en-curso", "Another operation on this payment is in progress.")
	// ErrMonto: a refund of no amount, of more than was charged and not given back yet, or under the id of a refund of
	// another amount. Nothing was given back.
	ErrMonto = fault.New(fault.Invalid, "monto-excesivo", "The amount exceeds what can be refunded.")
	// ErrReembolsado: nothing is left of the charge: other refunds have given all of it back.
	ErrReembolsado = fault.New(fault.Conflict, "ya-reembolsado", "The whole payment has been given back already.")
	// ErrReembolsoRechazado: the gateway refuses the refund for good; Rechazo of the answer has the reason code.
	ErrReembolsoRechazado = fault.New(fault.Conflict, "reembolso-rechazado",
		"The gateway refuses to give the money back.")
	// ErrMetodo: the method is unknown, or one of its members is missing (token, brand, cuotas).
	ErrMetodo = fault.New(fault.Invalid, "metodo-invalido", "This way to pay is not available as asked.")
	// ErrSinCobro: nothing has been charged under this order and intento.
	ErrSinCobro = fault.New(fault.NotFound, "sin-cobro", "There is no such payment.")
)

// Metodo is a way to pay, as the API spells it.
type Metodo string

// The ways to pay.
const (
	TarjetaCredito Metodo = "tarjeta_credito"
	TarjetaDebito  Metodo = "tarjeta_debito"
	Efectivo       Metodo = "efectivo"      // voucher
	Transferencia  Metodo = "transferencia" // bank transfer
)

// Tarjeta reports whether m needs a card token and a brand.
func (m Metodo) Tarjeta() bool { return m == TarjetaCredito || m == TarjetaDebito }

// Lento reports whether the money takes days: voucher and transfer.
func (m Metodo) Lento() bool { return m == Efectivo || m == Transferencia }

// Valido reports whether m is one of the above.
func (m Metodo) Valido() bool { return m.Tarjeta() || m.Lento() }

// Estado is where a payment stands, as the API spells it.
type Estado string

// The states of a payment.
const (
	Pendiente   Estado = "pendiente"
	Reservado   Estado = "reservado"
	Cobrado     Estado = "cobrado"
	Rechazado   Estado = "rechazado"
	Vencido     Estado = "vencido"
	Anulado     Estado = "anulado"
	Reembolsado Estado = "reembolsado"
)

// Intento names the pass of an order that a payment belongs to; Numero is 1 to 3.
type Intento struct {
	Pedido string
	Numero int
}

// OrdenDePago asks for money.
type OrdenDePago struct {
	Intento
	Cliente        string // id of the customer that owns the payment and may read it
	Monto          money.Centavos
	Metodo         Metodo
	Token          string    // card token of the gateway, single use
	MarcaDeTarjeta string    // the gateway's id of the brand: master, visa
	Cuotas         int       // 1 or more
	Correo         string    // payer's e-mail, passed on to the gateway and never stored
	Vence          time.Time // until when a slow method may be paid; zero for cards
}

// Recibo is a payment as it now stands.
type Recibo struct {
	ID            string
	Estado        Estado
	Cobrado       money.Centavos
	Reembolsado   money.Centavos
	Ajeno         money.Centavos // part of Reembolsado that was given back at the gateway's own panel
	Contracargo   bool           // the cardholder's bank disputes the charge
	Instrucciones string         // of a voucher or transfer: where and how to pay
	Desafio       string         // address of a 3DS challenge
	Motivo        string         // kebab-case reason of a refusal of the payment
	Rechazo       string         // kebab-case reason beside ErrReembolsoRechazado
}

// TodoDevuelto reports whether money was taken, and all of it has gone back.
func (r Recibo) TodoDevuelto() bool { return r.Cobrado > 0 && r.Reembolsado >= r.Cobrado }

// Reembolso asks to give back a part of a charge, or all that is left of it.
type Reembolso struct {
	Intento
	ID    string         // idempotency: the same ID is given back once
	Monto money.Centavos // 0: all that is left, as the gateway has it
}

// Devuelto is a refund as it now stands, with its payment.
type Devuelto struct {
	Recibo
	Monto money.Centavos // given back by this refund; 0 before it was made
}

// Servicio lists the calls that the module pedidos makes to pagos. Every call may be repeated at any time.
type Servicio interface {
	// Autorizar reserves the amount, or takes it where the method cannot reserve,
	// once per intento however often it is called; on a pending payment it looks
	// at the gateway again. Errors: ErrRechazado, ErrPendiente (both with a Recibo
	// that is valid), ErrVencido, ErrSinPasarela, ErrAnulado, ErrEnCurso, ErrMetodo.
	Autorizar(ctx context.Context, o OrdenDePago) (Recibo, error)
	// Capturar takes the money that was reserved; a success, too, when it has been taken before.
	// Errors: ErrRechazado (declined, refused for good, or another amount was taken:
	// Recibo.Motivo), ErrVencido (the reservation lapsed), ErrSinPasarela, ErrAnulado,
	// ErrEnCurso, ErrPendiente, ErrSinCobro.
	Capturar(ctx context.Context, i Intento) (Recibo, error)
	// Anular undoes the intento for ever: it voids the reservation or refunds the money, and succeeds where there is
	// neither. It leaves a tombstone that refuses every later Autorizar and Capturar. Errors: ErrEnCurso,
	// ErrSinPasarela, ErrReembolsoRechazado (with a Recibo that is valid: the company keeps the money until an
	// operator gives it back in another way).
	Anular(ctx context.Context, i Intento) (Recibo, error)
	// Reembolsar gives back r.Monto centavos, or all that is left, once per r.ID. Errors: ErrMonto, ErrSinCobro,
	// ErrEnCurso, ErrSinPasarela, ErrAnulado (all of it is going back, and has not yet), ErrReembolsado,
	// ErrReembolsoRechazado (the last two with a Recibo that is valid).
	Reembolsar(ctx context.Context, r Reembolso) (Devuelto, error)
	// Consultar gives a payment as it was last known, and asks no gateway. Errors: ErrSinCobro.
	Consultar(ctx context.Context, i Intento) (Recibo, error)
	// Repasar asks the gateway, several at a time, about those payments of is that hold money, and saves their changes.
	// A payment that the gateway has not answered for when ctx ends stays as it was. Errors: ErrSinPasarela (of some).
	Repasar(ctx context.Context, is []Intento) error
}

// Aviso says "look at (pedido, intento) again"; the receiver reads the present state.
type Aviso struct {
	Pedido  string
	Intento int
}
