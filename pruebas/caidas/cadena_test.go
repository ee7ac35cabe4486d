package caidas_test

import (
	"context"
	"os"
	"testing"

	"despensa/internal/ajustes"
	"despensa/internal/apiclient"
	"despensa/internal/comandos/bench"
	devoidc "despensa/platform/dev/oidc"
	"despensa/pruebas/kit"
)

// BenchmarkChain is `despensa bench` inside one process, for a profiler; the figures of docs/rendimiento.md come from
// two processes.
func BenchmarkChain(b *testing.B) {
	c := kit.Start(b, func(c *kit.Program) { c.Adjust = comoDeFabrica })
	pedidos := max(delEntorno(b, "DESPENSA_TEST_PEDIDOS", 1000), b.N)
	m, err := bench.Medir(
		b.Context(),
		bench.Opciones{URL: c.URL, Clientes: 32, Pedidos: pedidos, Lineas: 1,
			Ingresar: func(ctx context.Context, url, login string) (string, error) {
				return apiclient.DemoLogin(ctx, url, login, devoidc.Password)
			}},
		os.Stderr,
	)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(m.AConfirmado, "orders/s")
	m.Escribir(os.Stderr)
}

// comoDeFabrica sets the timers to their defaults.
func comoDeFabrica(configuracion *ajustes.Configuracion) {
	d, err := ajustes.Leer(nil)
	if err != nil {
		panic(err)
	}
	configuracion.Pedidos, configuracion.Pagos, configuracion.Rutas = d.Pedidos, d.Pagos, d.Rutas
}
