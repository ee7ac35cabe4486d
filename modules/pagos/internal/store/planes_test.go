package store

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"despensa/migrations"
	"despensa/platform/sqldb"
)

// What is due, and what is due further away than it can be, is found by the index of its table, in its order.
func TestWhatIsDueIsFoundByItsIndex(t *testing.T) {
	db, err := sqldb.Abrir(t.Context(), sqldb.Opciones{Nombre: "pagos", Archivo: filepath.Join(t.TempDir(), "pagos.db"),
		Migraciones: migrations.De("pagos")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Cerrar() })
	ahora := time.Now()
	hora := ahora.Add(time.Hour)
	for nombre, x := range map[string]struct {
		q      string
		args   []any
		indice string
		veces  int
	}{
		"cobros":      {cobrosDebidos, argumentos(ahora, hora, 10), "cobros USING INDEX cobros_debe", 2},
		"open cobros": {abiertosLejos, []any{ahora.UnixMilli(), hora.UnixMilli(), 10}, "cobros USING INDEX cobros_estado", 1},
		"to be undone": {"select count(*) from cobros where " + porDeshacerCond, []any{ahora.UnixMilli()},
			"cobros USING COVERING INDEX cobros_por_deshacer", 1},
		"notices": {avisosDebidos, argumentos(ahora, hora, 10), "inbox USING INDEX inbox_debe", 2},
	} {
		var plan []struct{ Detail string }
		if err := db.Leer(t.Context()).Raw("explain query plan "+x.q, x.args...).Scan(&plan).Error; err != nil {
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
