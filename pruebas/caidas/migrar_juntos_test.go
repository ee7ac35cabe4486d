package caidas_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"despensa/internal/programa"
	"despensa/platform/config"
	"despensa/pruebas/kit"

	"go.mongodb.org/mongo-driver/bson"
)

// Eight programs start together on empty databases. Each migrates and seeds, and the data afterwards is the same as
// after one program's start.
func TestEightStartTogether(t *testing.T) {
	g := kit.NewGroup(t, 0)
	abiertos := kit.Together(8, func(i int) *programa.Programa {
		k := kit.Settings(t.TempDir())
		g.Servers.Configure(&k)
		k.Clientes.Claves = config.Secret(g.MasterKey)
		p, err := programa.Open(
			context.Background(),
			k,
			(&kit.Program{Client: g.Client}).Logger(),
			programa.Pruebas{},
		)
		if err != nil {
			t.Errorf("program %d: %v", i, err)
		}
		return p
	})
	var errs []error
	for _, p := range abiertos {
		errs = append(errs, p.Cerrar())
	}
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
	migradoUnaVez(g)
	sembradoUnaVez(g)
}

// migradoUnaVez: every step of every history once, and every index.
func migradoUnaVez(group *kit.Group) {
	group.T.Helper()
	for _, m := range []string{"clientes", "pagos", "rutas"} {
		var pasos, distintos int
		q := fmt.Sprintf(
			"select count(*), count(distinct version_id) from %s.migraciones_%s where is_applied",
			m,
			m,
		)
		if err := group.Postgres.QueryRowContext(group.T.Context(), q).Scan(&pasos, &distintos); err != nil ||
			pasos != distintos ||
			pasos < 3 {
			group.T.Errorf("%s: %d steps, %d different: %v", m, pasos, distintos, err)
		}
	}
	var indices []bson.M
	cur, err := group.Mongo.Collection("pedidos").Indexes().List(group.T.Context())
	if err == nil {
		err = cur.All(group.T.Context(), &indices)
	}
	if err != nil || len(indices) != 13 {
		group.T.Errorf("%d indexes of orders: %v", len(indices), err)
	}
}

// sembradoUnaVez: every row of the demo data is there once.
func sembradoUnaVez(group *kit.Group) {
	group.T.Helper()
	group.Start(group.Replica())
	var hay []int64
	for _, p := range kit.All[kit.Product](group.Client, "admin", "/productos") {
		hay = append(hay, p.Disponible)
	}
	slices.Sort(hay)
	if len(hay) != 40 || hay[0] != 15_000 || hay[39] != 15_000 {
		group.T.Errorf("%d products, %v of each", len(hay), slices.Compact(hay))
	}
	if n := len(kit.All[kit.Truck](group.Client, "gestor", "/camiones")); n != 5 {
		group.T.Errorf("%d trucks", n)
	}
}
