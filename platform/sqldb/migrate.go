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

// dialectWords holds the words of SQL that differ between the engines. A migration names them as template fields:
// {{.Blob}}, {{.TS}}, {{.Bool}} are column types, {{cifrado "col"}} is a check of the column col.
type dialectWords struct {
	Blob, TS, Bool string
	sealed         string // the check; %[1]s is the column
}

// The check cifrado is the last defence of a personal column: the database refuses a value that does not begin with
// the byte 1, as every ciphertext of tink does.
var (
	wordsSQLite = dialectWords{
		Blob:   "blob",
		TS:     "datetime",
		Bool:   "boolean",
		sealed: "check (%[1]s is null or (typeof(%[1]s)='blob' and substr(%[1]s,1,1)=x'01'))",
	}
	wordsPostgres = dialectWords{
		Blob:   "bytea",
		TS:     "timestamptz",
		Bool:   "boolean",
		sealed: "check (substring(%[1]s from 1 for 1) = '\\x01'::bytea)",
	}
)

// renderSQL renders the portable migrations *.sql of files with the words of one engine, in memory. Errors: a file
// that cannot be read; a template that is broken.
func renderSQL(files fs.FS, words dialectWords) (fs.FS, error) {
	out := fstest.MapFS{}
	nombres, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("sqldb: migrations: %w", err)
	}
	cifrado := func(col string) string { return fmt.Sprintf(words.sealed, col) }
	for _, n := range nombres {
		b, err := fs.ReadFile(files, n)
		if err != nil {
			return nil, fmt.Errorf("sqldb: migrations: %w", err)
		}
		t, err := template.New(n).Funcs(template.FuncMap{"cifrado": cifrado}).Parse(string(b))
		if err != nil {
			return nil, fmt.Errorf("sqldb: migrations: %w", err)
		}
		var buf bytes.Buffer
		if err := t.Execute(&buf, words); err != nil {
			return nil, fmt.Errorf("sqldb: migrations: %w", err)
		}
		out[n] = &fstest.MapFile{Data: buf.Bytes()}
	}
	return out, nil
}

// migrate applies the migrations of o that the schema lacks; a second run applies none. The table migraciones_<nombre>
// keeps which have been applied. Errors: a migration that cannot be read or fails.
func migrate(
	ctx context.Context,
	options Options,
	db *sql.DB,
	engine goose.Dialect,
	words dialectWords,
	extra ...goose.ProviderOption,
) error {
	files, err := renderSQL(options.Migrations, words)
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(engine, db, files, append(extra,
		goose.WithDisableGlobalRegistry(true),
		goose.WithTableName("migraciones_"+strings.ReplaceAll(options.Name, "-", "_")),
		goose.WithSlog(slog.New(slog.DiscardHandler)),
	)...)
	if err != nil {
		return fmt.Errorf("sqldb: migrations of %s: %w", options.Name, err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("sqldb: migrating %s: %w", options.Name, err)
	}
	return nil
}
