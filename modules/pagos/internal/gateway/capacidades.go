package gateway

import "despensa/modules/pagos"

// MercadoPago is the name of the provider, as it stands in paths and rows.
const MercadoPago = "mercadopago"

// Capacidad says who serves a way to pay, and whether it can reserve first.
type Capacidad struct {
	Proveedor string
	Reserva   bool
}

// capacidades is who serves what. Only a credit card is reserved: deferred capture of
// debit cards depends on the issuer, taking the money works everywhere.
var capacidades = map[pagos.Metodo]Capacidad{
	pagos.TarjetaCredito: {MercadoPago, true},
	pagos.TarjetaDebito:  {MercadoPago, false},
	pagos.Efectivo:       {MercadoPago, false},
	pagos.Transferencia:  {MercadoPago, false},
}

// Sirve tells who serves m; false when nobody does.
func Sirve(m pagos.Metodo) (Capacidad, bool) {
	c, ok := capacidades[m]
	return c, ok
}
