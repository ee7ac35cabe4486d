// Package audit is the port of the audit trail: through it the modules record each access to personal data, with the
// caller and the outcome. An access or a change is recorded first, or does not happen. A refusal is answered at once,
// and recorded as soon as the trail's store takes the record.
package audit

import (
	"context"
	"time"

	"despensa/platform/fault"
)

// ErrNoRecord answers an access that cannot be recorded now; the caller gets no data.
var ErrNoRecord = fault.New(fault.Unavailable, "auditoria-no-disponible",
	"Access cannot be recorded now, so nothing is shown.").WithRetry(time.Second)

// Outcome is the outcome of an access.
type Outcome string

// The outcomes of an access.
const (
	Allowed Outcome = "permitido"
	Denied  Outcome = "negado"
)

// Resource is the resource that the caller asked for: its kind ("pedido") and its id.
type Resource struct{ Kind, ID string }

// Record is one access. It holds ids and words of closed sets, and no personal data.
type Record struct {
	ID        string    // UUIDv7; empty: the trail makes one
	At        time.Time // of the access; zero: the trail sets it
	Actor     string    // house id of the caller
	Role      string    // the caller's role
	Action    string    // "pedidos.entrega.leer"
	Resource  Resource
	Customer  string // house id of the customer that the data are about; empty: of no customer
	Outcome   Outcome
	RequestID string // id of the request
	// Times is how many refusals of one kind the record stands for; 0 and 1: one.
	Times int64
}

// Port is the audit trail as the modules see it.
type Port interface {
	// Record returns when r is safe on disk. Any error means that r may not be on disk, and that the caller must
	// neither show nor change the data. For a refusal (Denied) it returns nil while the store is away: the record waits
	// in memory until the store is back.
	Record(ctx context.Context, r Record) error
}
