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

// lengua is what a migration may ask of the engine it runs on.
type lengua struct {
	Blob, TS, Bool string
	cifrado        string // a check of column %[1]s
}

// The last defence of a personal column is that it refuses what tink has not sealed.
var (
	lenguaSQLite   = lengua{"blob", "datetime", "boolean", "check (%[1]s is null or (typeof(%[1]s)='blob' and substr(%[1]s,1,1)=x'01'))"}
	lenguaPostgres = lengua{"bytea", "timestamptz", "boolean", "check (substring(%[1]s from 1 for 1) = '\\x01'::bytea)"}
)

// escribirSQL renders the portable files for the engine, in memory.
func escribirSQL(f fs.FS, m lengua) (fs.FS, error) {
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
		t, err := template.New(n).Funcs(template.FuncMap{"cifrado": func(col string) string { return fmt.Sprintf(m.cifrado, col) }}).Parse(string(b))
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
func migrar(ctx context.Context, o Opciones, db *sql.DB, d goose.Dialect, l lengua, extra ...goose.ProviderOption) error {
	f, err := escribirSQL(o.Migraciones, l)
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(d, db, f, append(extra, goose.WithDisableGlobalRegistry(true),
		goose.WithTableName("migraciones_"+strings.ReplaceAll(o.Nombre, "-", "_")), goose.WithSlog(slog.New(slog.DiscardHandler)))...)
	if err != nil {
		return fmt.Errorf("sqldb: migrations of %s: %w", o.Nombre, err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("sqldb: migrating %s: %w", o.Nombre, err)
	}
	return nil
}
