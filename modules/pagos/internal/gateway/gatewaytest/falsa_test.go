package gatewaytest

import (
	"testing"

	"despensa/modules/pagos/internal/gateway"
)

// TestFalsa: the gateway in memory behaves as the suite says gateways do.
func TestFalsa(t *testing.T) {
	Probar(t, func(*testing.T) Entorno {
		p := Nueva()
		return Entorno{
			Pasarela: p, Correo: "x@testuser.com",
			Token: func(_ *testing.T, titular string) string { return titular },
			Pagar: func(t *testing.T, id string) {
				o, err := p.Leer(t.Context(), id)
				if err != nil {
					t.Fatal(err)
				}
				p.Poner(o.Referencia, gateway.Cobrada)
			},
		}
	})
}
