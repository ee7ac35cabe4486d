package store

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"despensa/migrations"
	"despensa/modules/pagos/internal/cobros"
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
	for tabla, cuales := range map[string][]condicion{
		"cobros": cobrosDebidos(ahora, cobros.Lejos{Abiertos: hora, Todos: hora.Add(time.Hour)}), "inbox": debidos(ahora, hora),
	} {
		for n, debido := range cuales {
			indice := map[bool]string{true: "cobros_estado", false: tabla + "_debe"}[n == 2]
			var plan []struct{ Detail string }
			q := "explain query plan select * from " + tabla + " where " + debido.cual + " order by debe limit 10"
			if err := db.Leer(t.Context()).Raw(q, debido.args...).Scan(&plan).Error; err != nil {
				t.Fatal(err)
			}
			if len(plan) < 1 || !strings.Contains(plan[0].Detail, "SEARCH "+tabla+" USING INDEX "+indice) {
				t.Errorf("%s where %s: %v", tabla, debido.cual, plan)
			}
		}
	}
}
