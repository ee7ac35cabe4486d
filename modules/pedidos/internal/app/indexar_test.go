package app_test

import (
	"errors"
	"testing"

	"despensa/modules/pedidos/internal/store"
)

// TestProductsAreIndexedAnew: once Indexar has run, products of earlier releases are found like new ones.
func TestProductsAreIndexedAnew(t *testing.T) {
	t.Parallel()
	errLejos := errors.New("away")
	tests := map[string]struct {
		guardar error
		quiero  error
		hechos  int
	}{
		"old ones":                    {hechos: 3},
		"others changed them already": {guardar: store.ErrConflicto},
		"the store is away":           {guardar: errLejos, quiero: errLejos},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			b := armar()
			b.productos.guardar = tt.guardar
			b.productos.hay[yerba].Nombre, b.productos.hay[yerba].Buscable = "Yerba N\u0303andu\u0301", "yerba n andu"
			n, err := b.Indexar(t.Context())
			if !errors.Is(err, tt.quiero) {
				t.Fatal(err)
			}
			igual(t, "saved", n, tt.hechos)
			if tt.hechos > 0 {
				igual(t, "found as", b.productos.hay[yerba].Buscable, "yerba nandu")
				n, err = b.Indexar(t.Context())
				bien(t, err)
				igual(t, "saved the second time", n, 0)
			}
		})
	}
}
