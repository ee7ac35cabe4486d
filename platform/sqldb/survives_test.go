package sqldb_test

import (
	"path/filepath"
	"testing"

	"despensa/migrations"
	"despensa/platform/sqldb"

	"gorm.io/gorm"
)

// TestWhatAFileSurvives: SurvivesKills sets SQLite's pragma synchronous to 1 (NORMAL: writes survive a kill of the
// process); without it the pragma is 2 (FULL: a write is on disk when it is answered).
func TestWhatAFileSurvives(t *testing.T) {
	for nombre, x := range map[string]struct {
		solo  bool
		nivel int
	}{"power": {false, 2}, "kills": {true, 1}} {
		t.Run(nombre, func(t *testing.T) {
			db, err := sqldb.Open(
				t.Context(),
				sqldb.Options{Name: "dev", File: filepath.Join(t.TempDir(), "x.db"),
					SurvivesKills: x.solo, Migrations: migrations.De("dev")},
			)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = db.Close() })
			var nivel int
			var modo string
			err = db.Write(t.Context(), "prueba", func(tx *gorm.DB) error {
				if err := tx.Raw("pragma synchronous").Scan(&nivel).Error; err != nil {
					return err
				}
				return tx.Raw("pragma journal_mode").Scan(&modo).Error
			})
			if err != nil || nivel != x.nivel || modo != "wal" {
				t.Errorf("synchronous is %d, journal is %s: %v", nivel, modo, err)
			}
		})
	}
}
