package auditoria

import (
	"context"
	"time"

	"despensa/platform/audit"
	"despensa/platform/fault"
)

// ErrBuscador: the place where the trail is searched does not answer, or answers with a part of the trail only.
var ErrBuscador = fault.New(fault.Unavailable, "rastro-no-disponible", "The audit trail cannot be searched just now.").
	WithRetry(5 * time.Second)

// Buscador is the place where the trail is searched: a file or a search server. Safe for concurrent use.
type Buscador interface {
	// Enviar stores asientos, which are in the order of their numbers, and returns once they are durable. A record with
	// an id that is stored already stays as it was. Errors: ErrBuscador, with any part of asientos stored.
	Enviar(ctx context.Context, asientos []Asiento) error
	// Buscar returns one page of the records that c selects. Errors: ErrBuscador; a page is never incomplete.
	Buscar(ctx context.Context, c Consulta) ([]Asiento, error)
	// Borrar removes an index with all its records. An index that does not exist is a success. Errors: ErrBuscador.
	Borrar(ctx context.Context, indice string) error
	// Cerrar releases the connections and files of the Buscador.
	Cerrar() error
}

// Filtro selects records; an empty member does not restrict the search. Desde is included, Hasta is not.
type Filtro struct {
	Actor, Cliente, Accion, Clase, Recurso string
	Resultado                              audit.Outcome
	Desde, Hasta                           time.Time
}

// Consulta asks for a page: newest first below the number Tras (0: from the newest), or,
// Ascendente, oldest first above it.
type Consulta struct {
	Filtro
	Tras       int64
	Ascendente bool
	Limite     int // 1 or more
	// Fresca makes the search find every record that Enviar has stored; without it the records of the last seconds may be
	// missing.
	Fresca bool
}
