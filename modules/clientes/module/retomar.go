package module

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"despensa/migrations"
	"despensa/modules/clientes/internal/auditoria"
	"despensa/platform/sqldb"
)

// Retomar takes back into the chain the rows that were set aside because they could not be read, in the store that o
// names. The processes that use the store keep running. It returns the number of rows. Of o it needs Config and Datos.
func Retomar(ctx context.Context, opciones Opciones) (n int64, err error) {
	archivo := filepath.Join(opciones.Folder, "clientes.db")
	if _, err := os.Stat(archivo); err != nil && opciones.Config.Postgres == "" {
		return 0, nil // there is no store yet
	}
	db, err := sqldb.Open(ctx, sqldb.Options{
		Name: "clientes", File: archivo, Postgres: opciones.Config.Postgres.Value(), Migrations: migrations.De("clientes"),
	})
	if err != nil {
		return 0, fmt.Errorf("clientes: open the store: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return auditoria.New(db, time.Now).Retomar(ctx)
}
