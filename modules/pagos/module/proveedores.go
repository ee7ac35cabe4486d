package module

import (
	"despensa/modules/pagos/internal/gateway"
	"despensa/modules/pagos/internal/gateway/mercadopago"
)

// proveedor is a payment provider, opened.
type proveedor struct {
	nombre   string
	pasarela gateway.Pasarela
	buzon    gateway.Buzon // nil: it sends no notices
	cerrar   func()        // nil: nothing to close
}

// proveedores opens those that the configuration names; none is called. A new one is a
// package under gateway, a row in gateway/prestaciones.go and some lines here.
func proveedores(opciones Opciones) ([]proveedor, error) {
	mp, err := mercadopago.New(mercadopago.Opciones{
		URL:        opciones.MercadoPago.URL,
		Token:      string(opciones.MercadoPago.Token),
		Secreto:    string(opciones.MercadoPago.Secreto),
		Tolerancia: opciones.MercadoPago.Tolerancia,
		Ahora:      opciones.Now,
		Transporte: opciones.Transporte,
	})
	if err != nil {
		return nil, err
	}
	ps := []proveedor{{nombre: gateway.MercadoPago, pasarela: mp, buzon: mp, cerrar: mp.Cerrar}}
	return ps, nil
}
