package gateway

import "despensa/modules/pagos"

// MercadoPago is the name of the provider, as it stands in paths and rows.
const MercadoPago = "mercadopago"

// Capacidad says who serves a way to pay, and whether it can reserve first.
type Capacidad struct {
	Metodo    pagos.Metodo
	Proveedor string
	Reserva   bool
}

// capacidades is who serves what; of several that are configured, the first. Only a
// credit card is reserved: deferred capture of debit cards depends on the issuer, taking
// the money works everywhere.
var capacidades = []Capacidad{
	{pagos.TarjetaCredito, MercadoPago, true},
	{pagos.TarjetaDebito, MercadoPago, false},
	{pagos.Efectivo, MercadoPago, false},
	{pagos.Transferencia, MercadoPago, false},
}

// Sirve tells which provider, of those that puede is true for, serves m; false when
// nobody does.
func Sirve(m pagos.Metodo, puede func(proveedor string) bool) (Capacidad, bool) {
	for _, c := range capacidades {
		if c.Metodo == m && puede(c.Proveedor) {
			return c, true
		}
	}
	return Capacidad{}, false
}
