// Package audit is the port through which everybody writes down who asked for personal
// data and whether they got it. One rule: access to personal data and a change of them is recorded first or not done; a
// refusal is answered anyway, and recorded as soon as the store takes it.
package audit

import (
	"context"
	"time"

	"despensa/platform/fault"
)

// ErrSinRegistro: it cannot be recorded who looks, so nothing is shown.
var ErrSinRegistro = fault.New(fault.Unavailable, "auditoria-no-disponible", "Access cannot be recorded now, so nothing is shown.").
	WithRetry(time.Second)

// Resultado is how an access ended.
type Resultado string

// The outcomes of an access.
const (
	Permitido Resultado = "permitido"
	Negado    Resultado = "negado"
)

// Recurso is what somebody asked for: its kind ("pedido") and its id.
type Recurso struct{ Clase, ID string }

// Registro is one access: ids and closed words only, never personal data.
type Registro struct {
	ID        string    // UUIDv7; the trail gives one where it is empty
	En        time.Time // the trail's own time where it is zero
	Actor     string    // house id of the caller
	Rol       string    // with which they asked
	Accion    string    // what they wanted: "pedidos.entrega.leer"
	Recurso   Recurso
	Cliente   string // house id of whose data it is; empty when there is nobody
	Resultado Resultado
	Solicitud string // id of the request
	// Veces is how many refusals of one kind the record stands for; 0 and 1: one.
	Veces int64
}

// Puerto is the trail as everybody sees it.
type Puerto interface {
	// Registrar returns once r is safe on disk. Errors: any means that it is not known
	// to be, and that nothing may be shown or changed. A refusal (Negado), which is answered anyway, is no error: while the
	// store is away it is kept in memory, and written when the store is back.
	Registrar(ctx context.Context, r Registro) error
}
