// Package audit is the port of the audit trail: through it the modules record each access to personal data, with the
// caller and the outcome. An access or a change is recorded first, or does not happen. A refusal is answered at once,
// and recorded as soon as the trail's store takes the record.
package audit

import (
	"context"
	"time"

	"despensa/platform/fault"
)

// ErrSinRegistro answers an access that cannot be recorded now; the caller gets no data.
var ErrSinRegistro = fault.New(fault.Unavailable, "auditoria-no-disponible",
	"Access cannot be recorded now, so nothing is shown.").WithRetry(time.Second)

// Resultado is the outcome of an access.
type Resultado string

// The outcomes of an access.
const (
	Permitido Resultado = "permitido"
	Negado    Resultado = "negado"
)

// Recurso is the resource that the caller asked for: its kind ("pedido") and its id.
type Recurso struct{ Clase, ID string }

// Registro is one access. It holds ids and words of closed sets, and no personal data.
type Registro struct {
	ID        string    // UUIDv7; empty: the trail makes one
	En        time.Time // of the access; zero: the trail sets it
	Actor     string    // house id of the caller
	Rol       string    // the caller's role
	Accion    string    // "pedidos.entrega.leer"
	Recurso   Recurso
	Cliente   string // house id of the customer that the data are about; empty: of no customer
	Resultado Resultado
	Solicitud string // id of the request
	// Veces is how many refusals of one kind the record stands for; 0 and 1: one.
	Veces int64
}

// Puerto is the audit trail as the modules see it.
type Puerto interface {
	// Registrar returns when r is safe on disk. Any error means that r may not be on disk, and that the caller must
	// neither show nor change the data. For a refusal (Negado) it returns nil while the store is away: the record waits
	// in memory until the store is back.
	Registrar(ctx context.Context, r Registro) error
}
