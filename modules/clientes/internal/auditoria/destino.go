package auditoria

import (
	"context"
	"time"

	"despensa/platform/audit"
	"despensa/platform/fault"
)

// ErrDestino: where the trail is searched does not answer, or not with all of it.
var ErrDestino = fault.New(fault.Unavailable, "rastro-no-disponible", "The audit trail cannot be searched just now.").
	WithRetry(5 * time.Second)

// Destino is where the trail is searched. Safe for concurrent use.
type Destino interface {
	// Enviar keeps asientos, which are in the order of their numbers, and returns once they
	// are durable. Those whose id is there already stay as they are. Errors: ErrDestino, with
	// any part of them kept.
	Enviar(ctx context.Context, asientos []Asiento) error
	// Buscar gives a page of what c asks for. Errors: ErrDestino; never a part of a page.
	Buscar(ctx context.Context, c Consulta) ([]Asiento, error)
	// Borrar removes an index whole; one that is not there is a success. Errors: ErrDestino.
	Borrar(ctx context.Context, indice string) error
	// Cerrar lets go of it.
	Cerrar() error
}

// Filtro narrows a search; what is empty does not. Desde is included, Hasta is not.
type Filtro struct {
	Actor, Cliente, Accion, Clase, Recurso string
	Resultado                              audit.Resultado
	Desde, Hasta                           time.Time
}

// Consulta asks for a page: newest first below the number Tras (0: from the newest), or,
// Ascendente, oldest first above it.
type Consulta struct {
	Filtro
	Tras       int64
	Ascendente bool
	Limite     int // 1 or more
	// Fresca demands to see all that Enviar has kept; without it some seconds may be missing.
	Fresca bool
}
