// Package gateway is the port to the payment providers. It names no SDK and no provider's words. Its Proxy adds to any
// provider a time limit, repeated tries, a breaker and metrics.
package gateway

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pagos"
	"despensa/platform/money"
)

// Pasarela is one provider. Every call may be repeated with the same Clave: the provider carries it out once. Amounts
// are centavos of ARS. An Orden is the provider's claim, and may be false: the caller judges it. Besides the errors
// that a method names, each may answer with ErrSilencio, ErrOcupada, ErrLimite, ErrCredencial, ErrPeticion,
// ErrRehusada.
type Pasarela interface {
	// Crear asks for money. A refused payment is an Orden in the state Rechazada, and no error; it is the error
	// ErrRehusada where the provider does not name the order that was refused. Errors: ErrClave, ErrEstado.
	Crear(ctx context.Context, p SolicitudDePago) (Orden, error)
	// Leer gives an order as it now stands, with all its members. Errors: ErrNoHay.
	Leer(ctx context.Context, orden string) (Orden, error)
	// Buscar lists the ids of orders that may have been made under referencia since the time desde. The caller reads
	// each of them: a provider that ignores the reference lists orders of other customers, too. At most 1,000 orders
	// are looked through.
	Buscar(ctx context.Context, referencia string, desde time.Time) ([]string, error)
	// Capturar takes all that was reserved. The Orden may lack reference and amounts.
	// Errors: ErrEstado, ErrClave, ErrNoHay.
	Capturar(ctx context.Context, a Acto) (Orden, error)
	// Cancelar voids a payment whose money has not been taken. The Orden may lack reference and amounts.
	// Errors: ErrEstado, ErrClave, ErrNoHay.
	Cancelar(ctx context.Context, a Acto) (Orden, error)
	// Reembolsar gives back a part of the money. The Orden may list this refund and nothing else.
	// Errors: ErrEstado, ErrExcede, ErrClave, ErrNoHay.
	Reembolsar(ctx context.Context, d SolicitudDeReembolso) (Orden, error)
}

// Buzon judges the notices of one provider.
type Buzon interface {
	// Verificar checks the signature of a notice that arrived at ahora. Error: ErrFirma.
	Verificar(n Noticia, ahora time.Time) error
}

// The answers of a provider that are no result.
var (
	// ErrSilencio: no answer, or one that says nothing (empty, null, a redirection, over
	// 1 MiB, no JSON); the effect may have happened.
	ErrSilencio = errors.New("gateway: no answer")
	// ErrOcupada: a call under the same key, or on the same order, is still running.
	ErrOcupada = errors.New("gateway: an earlier call is still running")
	// ErrLimite: too many calls; nothing happened.
	ErrLimite = errors.New("gateway: too many calls")
	// ErrClave: the idempotency key was used before, and the provider does not repeat its answer to that call.
	ErrClave = errors.New("gateway: the idempotency key was used before")
	// ErrEstado: the order's state does not allow the call, perhaps because an earlier call has had this effect.
	ErrEstado = errors.New("gateway: the state of the order does not allow it")
	// ErrExcede: the refund is larger than the money that is left of the payment.
	ErrExcede = errors.New("gateway: the amount exceeds what can be refunded")
	// ErrNoHay: the provider has no order of that id.
	ErrNoHay = errors.New("gateway: no such order")
	// ErrPeticion: the request itself is wrong. It had no effect, and will never be accepted. A *Negativa carries the
	// reason, where the provider states one.
	ErrPeticion = errors.New("gateway: the request was refused")
	// ErrRehusada: the payment was refused for good, and the answer names no order.
	ErrRehusada = errors.New("gateway: the payment was refused")
	// ErrCredencial: our credentials are refused.
	ErrCredencial = errors.New("gateway: the credentials were refused")
	// ErrFirma: the notice does not come from the provider, or is too old.
	ErrFirma = errors.New("gateway: bad signature")
)

// SolicitudDePago is the request of Crear: a payment to be made.
type SolicitudDePago struct {
	Clave          string // idempotency, 1 to 128 characters
	Referencia     string // letters, digits, - and _; 64 at most; unique per intento
	Monto          money.Centavos
	Metodo         pagos.Metodo
	Reservar       bool          // reserve now, capture later
	Token          string        // cards only
	MarcaDeTarjeta string        // cards only
	Cuotas         int           // cards only
	Correo         string        // payer's e-mail
	Plazo          time.Duration // slow methods: how long it may be paid
}

// Acto names an order, and the idempotency key of one call on it.
type Acto struct {
	Orden string
	Clave string
}

// SolicitudDeReembolso asks to give back Monto centavos of the payment Transaccion.
type SolicitudDeReembolso struct {
	Acto
	Transaccion string // Pago.ID
	Monto       money.Centavos
}

// Noticia is a notice as it arrived. Its signature has not been checked yet.
type Noticia struct {
	Firma     string // header with the signature
	Solicitud string // header with the provider's id of the delivery
	Dato      string // query: the order's id
	Tipo      string // query: the kind of object that Dato is the id of; "order" for an order
}
