package promesas_test

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sqlTextOf returns an SQLite file as SQL text: one transaction that makes the tables, fills them with one INSERT per
// line, and makes the indexes, triggers and views last, so that no trigger runs while the text is loaded. Rows come
// in the order of their rowid, or of the primary key in a WITHOUT ROWID table; a rowid that no column names is not
// kept. The rows in a WAL beside the file are part of the text.
// Errors: a virtual table, or statistics of ANALYZE, which this text cannot hold.
func sqlTextOf(ctx context.Context, file string) (text string, err error) {
	db, err := openSQLText(file)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	w := &sqlTextWriter{ctx: ctx, db: db}
	w.writeLine("begin;")
	w.writeHeader("application_id")
	w.writeHeader("user_version")
	w.writeTables()
	w.writeSchema("sql is not null and type <> 'table'")
	w.writeLine("commit;")
	return w.out.String(), w.err
}

// loadSQLText makes a new SQLite file of a text that sqlTextOf returned.
// Errors: fs.ErrExist for a file that is there; the text's first statement that SQLite refuses.
func loadSQLText(ctx context.Context, file, text string) (err error) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	db, err := openSQLText(file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.ExecContext(ctx, text); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// openSQLText opens a file with one connection, so that the pragmas and the transaction of a text meet each other.
// Foreign keys are not enforced on it: the tables of a text come in the order in which they were made.
func openSQLText(file string) (*sql.DB, error) {
	db, err := sql.Open(
		"sqlite",
		"file:"+file+"?_pragma=foreign_keys(0)&_pragma=busy_timeout(5000)",
	)
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, err
}

// sqlLiteral quotes a text. One that would not stay on its line, or that is no UTF-8, becomes the cast of a blob:
// SQLite's own quote() ends at a NUL.
func sqlLiteral(text string) string {
	if !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		return "cast(X'" + strings.ToUpper(hex.EncodeToString([]byte(text))) + "' as text)"
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

func sqlName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func sqlNames(names []string) string {
	var out []string
	for _, n := range names {
		out = append(out, sqlName(n))
	}
	return strings.Join(out, ", ")
}
