package module

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"despensa/migrations"
	"despensa/platform/outbox"
	"despensa/platform/sqldb"
)

// Retomar puts the notices that were set aside because they could not be read back into the outbox, in the store that
// o names. Other processes may use that store meanwhile. It gives how many notices that is. Of o it needs Config and
// Datos.
func Retomar(ctx context.Context, opciones Opciones) (n int64, err error) {
	archivo := filepath.Join(opciones.Folder, "rutas.db")
	if _, err := os.Stat(archivo); err != nil && opciones.Config.Postgres == "" {
		return 0, nil // there is no store yet
	}
	db, err := sqldb.Open(ctx, sqldb.Options{
		Name: "rutas", File: archivo, Postgres: opciones.Config.Postgres.Value(), Migrations: migrations.De("rutas"),
	})
	if err != nil {
		return 0, fmt.Errorf("rutas: open the store: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return outbox.Resume(ctx, db)
}
