package gateway

import "despensa/modules/pagos"

// MercadoPago is the name of the provider, as it stands in paths and rows.
const MercadoPago = "mercadopago"

// Prestacion names the provider that serves a way to pay, and whether that provider can reserve the money first.
type Prestacion struct {
	Metodo    pagos.Metodo
	Proveedor string
	Reserva   bool
}

// prestaciones has a row for each way to pay and each provider that serves it. The first row whose provider is
// configured counts. Only a credit card is reserved: whether a debit card can be captured later depends on its issuer,
// while every issuer takes the money at once.
var prestaciones = []Prestacion{
	{Metodo: pagos.TarjetaCredito, Proveedor: MercadoPago, Reserva: true},
	{Metodo: pagos.TarjetaDebito, Proveedor: MercadoPago, Reserva: false},
	{Metodo: pagos.Efectivo, Proveedor: MercadoPago, Reserva: false},
	{Metodo: pagos.Transferencia, Proveedor: MercadoPago, Reserva: false},
}

// Sirve tells which provider serves metodo, of the providers for which puede returns true; false when none of them
// does.
func Sirve(metodo pagos.Metodo, puede func(proveedor string) bool) (Prestacion, bool) {
	for _, c := range prestaciones {
		if c.Metodo == metodo && puede(c.Proveedor) {
			return c, true
		}
	}
	return Prestacion{}, false
}
