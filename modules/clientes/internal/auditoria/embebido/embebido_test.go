package embebido_test

import (
	"path/filepath"
	"testing"

	"despensa/modules/clientes/internal/auditoria"
	"despensa/modules/clientes/internal/auditoria/buscadortest"
	"despensa/modules/clientes/internal/auditoria/embebido"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConformance(t *testing.T) {
	buscadortest.Probar(t, func(t *testing.T) auditoria.Buscador {
		d, err := embebido.Open(
			t.Context(),
			filepath.Join(t.TempDir(), "auditoria.db"),
			nil,
			nil,
		)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := d.Cerrar(); err != nil {
				t.Error(err)
			}
		})
		return d
	})
}
