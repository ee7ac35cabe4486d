package rutas

import "context"

// MaxSituaciones is how many orders one call of Repaso may name.
const MaxSituaciones = 500

// Repaso makes up for notices that were lost: it tells of many orders at once where a notice tells of one.
type Repaso interface {
	// Situaciones gives the state of the newest visit (the one with the highest Numero) of each of pedidos, at most
	// MaxSituaciones ids. An order without a visit is left out, and so is one whose visit cannot be read. It writes
	// nothing. Errors: none of its own.
	Situaciones(ctx context.Context, pedidos []string) (map[string]EstadoVisita, error)
}
