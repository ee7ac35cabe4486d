// Package pedidos is the contract of the module that takes orders through their
// life. No other module imports it: the program hands the notices of pagos and rutas to Servicio.
package pedidos

import "context"

// Servicio is how other modules tell pedidos that something about an order has changed.
type Servicio interface {
	// Mirar looks at an order again because its payment or its delivery has changed.
	// The caller may call Mirar any number of times, late or never.
	// Errors: any error asks the caller to call again; an unknown order is no error.
	Mirar(ctx context.Context, pedido string, intento int) error
	// AntesDeSalir looks at the money of the orders that a truck is about to take along, within 5 s in all. An order
	// is cancelled and gives its visit back when all of its money has gone back. An order leaves with the truck when the
	// gateway tells nothing about its payment in time.
	AntesDeSalir(ctx context.Context, pedidos []string)
}
