package rutas

import "context"

// MaxSituaciones is how many orders one call of Situaciones may name.
const MaxSituaciones = 500

// Repaso makes up for lost notices: one call reads the visits of many orders, where a notice names one order.
type Repaso interface {
	// Situaciones gives the state of the newest visit, the one with the highest Numero, of each of pedidos, at most
	// MaxSituaciones ids. An order without a visit, or with a visit that cannot be read, is left out. It writes nothing.
	// Errors: none of its own.
	Situaciones(ctx context.Context, pedidos []string) (map[string]EstadoVisita, error)
}
