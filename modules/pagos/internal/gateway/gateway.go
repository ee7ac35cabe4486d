// Package gateway is the door to whoever moves the money: a port that knows no
// provider, and the proxy that makes its network bearable.
package gateway

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pagos"
	"despensa/platform/money"
)

// Pasarela is one provider. Every call may be repeated with the same Clave: it has
// its effect once. Amounts are centavos of ARS. Besides those that a method names,
// each may answer with ErrSilencio, ErrOcupada, ErrLimite, ErrCredencial, ErrPeticion.
type Pasarela interface {
	// Crear asks for money. A refusal is an Orden that is Rechazada, not an error.
	// Errors: ErrClave.
	Crear(ctx context.Context, p Pedido) (Orden, error)
	// Leer tells how an order stands. Errors: ErrNoHay.
	Leer(ctx context.Context, orden string) (Orden, error)
	// Buscar lists the orders made under a reference since a time, newest first.
	Buscar(ctx context.Context, referencia string, desde time.Time) ([]Orden, error)
	// Capturar takes all that was reserved. Errors: ErrEstado, ErrClave, ErrNoHay.
	Capturar(ctx context.Context, a Acto) (Orden, error)
	// Cancelar voids what has not been taken. Errors: ErrEstado, ErrClave, ErrNoHay.
	Cancelar(ctx context.Context, a Acto) (Orden, error)
	// Reembolsar gives back a part. The Orden may list this refund alone.
	// Errors: ErrEstado, ErrExcede, ErrClave, ErrNoHay.
	Reembolsar(ctx context.Context, d Devolucion) (Orden, error)
}

// Buzon judges the notices of one provider.
type Buzon interface {
	// Verificar checks the signature of a notice that arrived at ahora. Error: ErrFirma.
	Verificar(n Noticia, ahora time.Time) error
}

// What a provider may answer.
var (
	// ErrSilencio: no answer, or none that says anything; the effect may have happened.
	ErrSilencio = errors.New("gateway: no answer")
	// ErrOcupada: a call under the same key, or on the same order, is still running.
	ErrOcupada = errors.New("gateway: an earlier call is still running")
	// ErrLimite: too many calls; nothing happened.
	ErrLimite = errors.New("gateway: too many calls")
	// ErrClave: the key was used before and its answer is not repeated.
	ErrClave = errors.New("gateway: the idempotency key was used before")
	// ErrEstado: the order's state does not allow it, perhaps because it is done already.
	ErrEstado = errors.New("gateway: the state of the order does not allow it")
	// ErrExcede: more than what can be refunded.
	ErrExcede = errors.New("gateway: the amount exceeds what can be refunded")
	// ErrNoHay: no such order.
	ErrNoHay = errors.New("gateway: no such order")
	// ErrPeticion: the request itself is wrong; nothing happened.
	ErrPeticion = errors.New("gateway: the request was refused")
	// ErrCredencial: our credentials are refused.
	ErrCredencial = errors.New("gateway: the credentials were refused")
	// ErrFirma: the notice does not come from the provider, or is too old.
	ErrFirma = errors.New("gateway: bad signature")
)

// Pedido is what Crear asks.
type Pedido struct {
	Clave      string // idempotency, 1 to 128 characters
	Referencia string // letters, digits, - and _; 64 at most; unique per intento
	Monto      money.Centavos
	Metodo     pagos.Metodo
	Reservar   bool          // reserve now, capture later
	Token      string        // cards only
	Marca      string        // cards only
	Cuotas     int           // cards only
	Correo     string        // payer's e-mail
	Plazo      time.Duration // slow methods: how long it may be paid
}

// Acto names an order and the key of what is done to it.
type Acto struct {
	Orden string
	Clave string
}

// Devolucion gives Monto of a payment back.
type Devolucion struct {
	Acto
	Transaccion string // Orden.Transaccion
	Monto       money.Centavos
}

// Noticia is a notice as it arrived, before anybody believed it.
type Noticia struct {
	Firma     string // header with the signature
	Solicitud string // header with the provider's id of the delivery
	Dato      string // query: the order's id
	Tipo      string // query: what kind of thing Dato is
}

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

// Orden is what the provider says.
type Orden struct {
	ID            string
	Referencia    string // "" where the answer does not repeat it
	Estado        Estado
	Transaccion   string // what a refund names
	Cobrado       money.Centavos
	Reembolsos    []Reembolso
	Motivo        string // kebab-case, of a refusal
	Instrucciones string
	Desafio       string
}

// Reembolso is a refund that the provider made.
type Reembolso struct {
	ID    string
	Monto money.Centavos
}
