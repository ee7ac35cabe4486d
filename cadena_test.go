//go:build !race

package main

import (
	"context"
	"os"
	"testing"

	"despensa/internal/apiclient"
	"despensa/internal/comandos/bench"
	devoidc "despensa/platform/dev/oidc"
)

// BenchmarkChain is `despensa bench` inside one process, to be profiled; the figures of
// docs/rendimiento.md come from two.
func BenchmarkChain(b *testing.B) {
	c := alquilar(b, func(c *casa) { c.mudar = comoDeFabrica })
	pedidos := max(delEntorno(b, "DESPENSA_TEST_PEDIDOS", 1000), b.N)
	m, err := bench.Medir(b.Context(), bench.Opciones{URL: c.url, Clientes: 32, Pedidos: pedidos, Lineas: 1,
		Ingresar: func(ctx context.Context, url, login string) (string, error) {
			return apiclient.IngresoDemo(ctx, url, login, devoidc.Clave)
		}}, os.Stderr)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(m.AConfirmado, "orders/s")
	m.Escribir(os.Stderr)
}

// comoDeFabrica takes the timers back to their defaults.
func comoDeFabrica(k *Configuracion) {
	d, err := leerConfiguracion(nil)
	if err != nil {
		panic(err)
	}
	k.Pedidos, k.Pagos, k.Rutas = d.Pedidos, d.Pagos, d.Rutas
}
