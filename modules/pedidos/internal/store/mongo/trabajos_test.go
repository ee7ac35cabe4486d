package mongo

import (
	"testing"

	"despensa/platform/joblease"
	"despensa/platform/joblease/jobleasetest"
	"despensa/platform/mongodb/mongodbtest"
)

func TestTrabajos(t *testing.T) {
	if mongodbtest.Base(t) == "" {
		t.Skip("SKIPPED: the suite of turns on MongoDB: DESPENSA_TEST_MONGODB names no server (.ci/mongo starts one)")
	}
	jobleasetest.Probar(t, func(t *testing.T) joblease.Registry {
		tienda, err := Open(t.Context(), Opciones{URL: mongodbtest.Base(t)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := tienda.Cerrar(); err != nil {
				t.Error(err)
			}
		})
		return tienda.Trabajos()
	})
}
