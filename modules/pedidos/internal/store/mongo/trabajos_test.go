package mongo

import (
	"testing"

	"despensa/platform/joblease"
	"despensa/platform/joblease/jobleasetest"
	"despensa/platform/mongodb/mongodbtest"
)

func TestTrabajos(t *testing.T) {
	if mongodbtest.Database(t) == "" {
		t.Skip(
			"SKIPPED: the suite of turns on MongoDB: DESPENSA_TEST_MONGODB names no server (.ci/mongo starts one)",
		)
	}
	jobleasetest.Run(t, func(t *testing.T) joblease.Registry {
		tienda, err := Open(t.Context(), Opciones{URL: mongodbtest.Database(t)})
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
