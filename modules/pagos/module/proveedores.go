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
// package under gateway, a row in gateway/capacidades.go and some lines here.
func proveedores(o Opciones) ([]proveedor, error) {
	mp, err := mercadopago.New(mercadopago.Opciones{
		URL:        o.MercadoPago.URL,
		Token:      string(o.MercadoPago.Token),
		Secreto:    string(o.MercadoPago.Secreto),
		Tolerancia: o.MercadoPago.Tolerancia,
		Ahora:      o.Ahora,
		Transporte: o.Transporte,
	})
	if err != nil {
		return nil, err
	}
	ps := []proveedor{{nombre: gateway.MercadoPago, pasarela: mp, buzon: mp, cerrar: mp.Cerrar}}
	return ps, nil
}
