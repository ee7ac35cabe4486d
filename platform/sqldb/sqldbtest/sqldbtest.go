// Package sqldbtest gives each test an empty store: a SQLite file, or a database of its own on the PostgreSQL server
// with the URL in DESPENSA_TEST_POSTGRES.
package sqldbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// Variable is the environment variable with the URL of a database on the server. The URL's user may create databases.
const Variable = "DESPENSA_TEST_POSTGRES"

// Database makes a database, drops it at the end of the test, and returns its URL; "" when Variable is not set. An
// error fails the test.
func Database(t testing.TB) string {
	t.Helper()
	u, soltar, err := Create("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := soltar(); err != nil {
			t.Error(err)
		}
	})
	return u
}

// Create makes a database, empty or as a copy of plantilla. plantilla is a URL that Create returned, of a database
// without open connections. It returns the URL of the new database, "" when Variable is not set, and a function that
// drops the database. Errors: a URL that cannot be read; those of the server.
func Create(plantilla string) (direccion string, soltar func() error, err error) {
	servidor := os.Getenv(Variable)
	if servidor == "" {
		return "", func() error { return nil }, nil
	}
	u, err := url.Parse(servidor)
	if err != nil {
		return "", nil, fmt.Errorf("%s is no URL", Variable)
	}
	nombre := "prueba_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	orden := "create database " + nombre
	if plantilla != "" {
		p, err := url.Parse(plantilla)
		if err != nil {
			return "", nil, fmt.Errorf("the template is no URL")
		}
		orden += " template " + strings.TrimPrefix(p.Path, "/")
	}
	if err := execute(servidor, orden); err != nil {
		return "", nil, err
	}
	u.Path = "/" + nombre
	return u.String(), func() error { return execute(servidor, "drop database "+nombre+" with (force)") }, nil
}

// execute runs one statement on the server.
func execute(servidor, orden string) error {
	db, err := sql.Open("pgx", servidor)
	if err != nil {
		return fmt.Errorf("%s: %w", Variable, err)
	}
	// Cleanups come after the test's context.
	_, err = db.ExecContext(context.Background(), orden)
	if err := errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("%s: %w", Variable, err)
	}
	return nil
}

// Place is the place of a test's store: File is always set, Postgres (a URL) when Variable is set.
type Place struct{ File, Postgres string }

// New gives the place of an empty store and logs its engine.
func New(t testing.TB, nombre string) Place {
	t.Helper()
	s := Place{File: filepath.Join(t.TempDir(), nombre+".db"), Postgres: Database(t)}
	t.Logf("RAN ON %s", s)
	return s
}

// String gives the name of the store's engine, for the output of tests.
func (s Place) String() string {
	if s.Postgres != "" {
		return "PostgreSQL"
	}
	return "SQLite"
}
