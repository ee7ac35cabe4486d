package store

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"despensa/migrations"
	"despensa/platform/sqldb"
)

// Rows that are due, and rows that are due later than they can be, are found by the index of their table, in its order.
func TestWhatIsDueIsFoundByItsIndex(t *testing.T) {
	db, err := sqldb.Open(
		t.Context(),
		sqldb.Options{Name: "pagos", File: filepath.Join(t.TempDir(), "pagos.db"),
			Migrations: migrations.De("pagos")},
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	ahora := time.Now()
	hora := ahora.Add(time.Hour)
	for nombre, x := range map[string]struct {
		q      string
		args   []any
		indice string
		veces  int
	}{
		"cobros": {q: cobrosDebidos, args: argumentos(ahora, hora, 10),
			indice: "cobros USING INDEX cobros_debe", veces: 2},
		"open cobros": {q: abiertosLejos, args: []any{ahora.UnixMilli(), hora.UnixMilli(), 10},
			indice: "cobros USING INDEX cobros_estado", veces: 1},
		"to be undone": {q: "select count(*) from cobros where " + porDeshacerCond, args: []any{ahora.UnixMilli()},
			indice: "cobros USING COVERING INDEX cobros_por_deshacer", veces: 1},
		"notices": {q: webhooksDebidos, args: argumentos(ahora, hora, 10),
			indice: "inbox USING INDEX inbox_debe", veces: 2},
	} {
		var plan []struct{ Detail string }
		if err := db.Read(t.Context()).Raw("explain query plan "+x.q, x.args...).Scan(&plan).Error; err != nil {
			t.Fatal(err)
		}
		busquedas := 0
		for _, p := range plan {
			if strings.Contains(p.Detail, "SEARCH "+x.indice) {
				busquedas++
			}
			if strings.Contains(p.Detail, "SCAN "+tablaDe(x.indice)) {
				t.Errorf("%s: the table is read whole: %v", nombre, plan)
			}
		}
		if busquedas != x.veces {
			t.Errorf("%s: %v", nombre, plan)
		}
	}
}

func tablaDe(indice string) string { tabla, _, _ := strings.Cut(indice, " "); return tabla }
