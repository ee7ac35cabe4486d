package module

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"despensa/migrations"
	"despensa/modules/pagos/internal/store"
	"despensa/platform/sqldb"
)

// Retomar makes due again the rows that were set aside because they could not be read, in the store that o names. The
// processes that use the store keep running. It returns the number of rows. Of o it needs Config and Datos.
func Retomar(ctx context.Context, opciones Opciones) (n int64, err error) {
	archivo := filepath.Join(opciones.Folder, "pagos.db")
	if _, err := os.Stat(archivo); err != nil && opciones.Config.Postgres == "" {
		return 0, nil // there is no store yet
	}
	db, err := sqldb.Open(ctx, sqldb.Options{
		Name: "pagos", File: archivo, Postgres: opciones.Config.Postgres.Value(), Migrations: migrations.De("pagos"),
	})
	if err != nil {
		return 0, fmt.Errorf("pagos: open the store: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return store.New(db).Retomar(ctx, time.Now())
}
