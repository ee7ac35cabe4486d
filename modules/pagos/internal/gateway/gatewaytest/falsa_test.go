package gatewaytest

import "testing"

// TestFalsa: the gateway in memory behaves as the suite says gateways do.
func TestFalsa(t *testing.T) {
	Probar(t, func(*testing.T) Entorno { return New().Entorno() })
}
