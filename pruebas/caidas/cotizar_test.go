package caidas_test

import (
	"context"
	"os"
	"testing"

	"despensa/internal/apiclient"
	"despensa/internal/comandos/bench"
	devoidc "despensa/platform/dev/oidc"
	"despensa/pruebas/kit"
)

// BenchmarkQuote is a quote of the whole program over HTTP, with DESPENSA_TEST_PEDIDOS orders open.
func BenchmarkQuote(b *testing.B) {
	c := kit.Start(b, func(c *kit.Program) { c.Adjust = comoDeFabrica })
	ingresar := func(ctx context.Context, url, login string) (string, error) {
		return apiclient.DemoLogin(ctx, url, login, devoidc.Password)
	}
	_, err := bench.Medir(
		b.Context(),
		bench.Opciones{URL: c.URL, Clientes: 32, Lineas: 1, Ingresar: ingresar,
			Pedidos: delEntorno(b, "DESPENSA_TEST_PEDIDOS", 300)},
		os.Stderr,
	)
	if err != nil {
		b.Fatal(err)
	}
	token, err := ingresar(b.Context(), c.URL, "cliente1")
	if err != nil {
		b.Fatal(err)
	}
	api := apiclient.New(c.URL, apiclient.Fixed(token), nil)
	var ds, ps struct {
		Datos []struct {
			ID string `json:"id"`
		} `json:"datos"`
	}
	if err := api.Do(b.Context(), "GET", "/clientes/yo/direcciones", nil, &ds); err != nil {
		b.Fatal(err)
	}
	if err := api.Do(b.Context(), "GET", "/productos", nil, &ps); err != nil {
		b.Fatal(err)
	}
	cuerpo := map[string]any{"direccion_id": ds.Datos[0].ID,
		"lineas": []map[string]any{{"producto_id": ps.Datos[0].ID, "cantidad": 1}}}
	b.ReportAllocs()
	for b.Loop() {
		var cotizado map[string]any
		if err := api.Do(b.Context(), "POST", "/pedidos/cotizacion", cuerpo, &cotizado); err != nil {
			b.Fatal(err)
		}
	}
}
