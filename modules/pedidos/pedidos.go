// Package pedidos is the contract of the module that takes orders through their
// life. No module calls it; main connects the notices of the others to it.
package pedidos

import "context"

// Servicio is what happens to pedidos from outside.
type Servicio interface {
	// Mirar looks at an order again because something about it has changed
	// elsewhere. It may be called any number of times, late or never.
	// Errors: any means "tell me again"; an unknown order is none.
	Mirar(ctx context.Context, pedido string, intento int) error
	// AntesDeSalir looks at the money of the orders that a truck is about to take along, within 5 s in all. An order
	// whose money has gone back whole is cancelled and gives its visit back; one about which nothing is learnt in time
	// leaves.
	AntesDeSalir(ctx context.Context, pedidos []string)
}
