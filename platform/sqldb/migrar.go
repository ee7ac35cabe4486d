package sqldb

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"testing/fstest"
	"text/template"

	"github.com/pressly/goose/v3"
)

// motor is what a migration may ask of the engine it runs on.
type motor struct{ Blob, TS, Bool string }

var sqlite3 = motor{Blob: "blob", TS: "datetime", Bool: "boolean"}

// cifrado is the last defence: a column that refuses what tink has not sealed.
func cifrado(col string) string {
	return fmt.Sprintf("check (%[1]s is null or (typeof(%[1]s)='blob' and substr(%[1]s,1,1)=x'01'))", col)
}

// escribirSQL renders the portable files for the engine, in memory.
func escribirSQL(f fs.FS, m motor) (fs.FS, error) {
	out := fstest.MapFS{}
	nombres, err := fs.Glob(f, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("sqldb: migrations: %w", err)
	}
	for _, n := range nombres {
		b, err := fs.ReadFile(f, n)
		if err != nil {
			return nil, fmt.Errorf("sqldb: migrations: %w", err)
		}
		t, err := template.New(n).Funcs(template.FuncMap{"cifrado": cifrado}).Parse(string(b))
		if err != nil {
			return nil, fmt.Errorf("sqldb: migrations: %w", err)
		}
		var buf bytes.Buffer
		if err := t.Execute(&buf, m); err != nil {
			return nil, fmt.Errorf("sqldb: migrations: %w", err)
		}
		out[n] = &fstest.MapFile{Data: buf.Bytes()}
	}
	return out, nil
}

// migrar brings the schema up to date; a second run applies nothing.
func migrar(ctx context.Context, o Opciones, db *sql.DB) error {
	f, err := escribirSQL(o.Migraciones, sqlite3)
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, f, goose.WithDisableGlobalRegistry(true),
		goose.WithTableName("migraciones_"+strings.ReplaceAll(o.Nombre, "-", "_")), goose.WithSlog(slog.New(slog.DiscardHandler)))
	if err != nil {
		return fmt.Errorf("sqldb: migrations of %s: %w", o.Nombre, err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("sqldb: migrating %s: %w", o.Nombre, err)
	}
	return nil
}
