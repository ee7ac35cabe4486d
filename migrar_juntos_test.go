//go:build !race

package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"despensa/platform/config"

	"go.mongodb.org/mongo-driver/bson"
)

// Eight programs start together on empty databases: each migrates and seeds, and what is
// there afterwards is what one alone would have left.
func TestEightStartTogether(t *testing.T) {
	g := nuevoGrupo(t, 0)
	abiertos := juntos(8, func(i int) *programa {
		k := configDePrueba(t.TempDir())
		g.bases.entregar(&k)
		k.Clientes.Claves = config.Secreto(g.claves)
		p, err := abrir(context.Background(), k, (&casa{sitio: g.sitio}).registro(), Pruebas{})
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
	g.migradoUnaVez()
	g.sembradoUnaVez()
}

// migradoUnaVez: every step of every history once, and every index.
func (g *grupo) migradoUnaVez() {
	g.t.Helper()
	for _, m := range []string{"clientes", "pagos", "rutas"} {
		var pasos, distintos int
		q := fmt.Sprintf("select count(*), count(distinct version_id) from %s.migraciones_%s where is_applied", m, m)
		if err := g.pg.QueryRowContext(g.t.Context(), q).Scan(&pasos, &distintos); err != nil || pasos != distintos || pasos < 3 {
			g.t.Errorf("%s: %d steps, %d different: %v", m, pasos, distintos, err)
		}
	}
	var indices []bson.M
	cur, err := g.mdb.Coleccion("pedidos").Indexes().List(g.t.Context())
	if err == nil {
		err = cur.All(g.t.Context(), &indices)
	}
	if err != nil || len(indices) != 10 {
		g.t.Errorf("%d indexes of orders: %v", len(indices), err)
	}
}

// sembradoUnaVez: the demo data are there, each thing once.
func (g *grupo) sembradoUnaVez() {
	g.t.Helper()
	g.arrancar(g.replica())
	var hay []int64
	for _, p := range todas[producto](g.sitio, "admin", "/productos") {
		hay = append(hay, p.Disponible)
	}
	slices.Sort(hay)
	if len(hay) != 40 || hay[0] != 15_000 || hay[39] != 15_000 {
		g.t.Errorf("%d products, %v of each", len(hay), slices.Compact(hay))
	}
	if n := len(todas[camion](g.sitio, "gestor", "/camiones")); n != 5 {
		g.t.Errorf("%d trucks", n)
	}
}
