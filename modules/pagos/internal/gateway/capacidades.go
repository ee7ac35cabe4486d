package gateway

import "despensa/modules/pagos"

// MercadoPago is the name of the provider, as it stands in paths and rows.
const MercadoPago = "mercadopago"

// Capacidad names the provider that serves a way to pay, and whether that provider can reserve the money first.
type Capacidad struct {
	Metodo    pagos.Metodo
	Proveedor string
	Reserva   bool
}

// capacidades has a row for each way to pay and each provider that serves it. The first row whose provider is
// configured counts. Only a credit card is reserved: whether a debit card can be captured later depends on its issuer,
// while every issuer takes the money at once.
var capacidades = []Capacidad{
	{Metodo: pagos.TarjetaCredito, Proveedor: MercadoPago, Reserva: true},
	{Metodo: pagos.TarjetaDebito, Proveedor: MercadoPago, Reserva: false},
	{Metodo: pagos.Efectivo, Proveedor: MercadoPago, Reserva: false},
	{Metodo: pagos.Transferencia, Proveedor: MercadoPago, Reserva: false},
}

// Sirve tells which provider serves m, of the providers for which puede returns true; false when none of them does.
func Sirve(m pagos.Metodo, puede func(proveedor string) bool) (Capacidad, bool) {
	for _, c := range capacidades {
		if c.Metodo == m && puede(c.Proveedor) {
			return c, true
		}
	}
	return Capacidad{}, false
}
