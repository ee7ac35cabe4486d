// Package sqldbtest gives tests a store: a file, or a database of its own on the server
// that DESPENSA_TEST_POSTGRES names.
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

// Variable names the server: the URL of a database whose user may make others.
const Variable = "DESPENSA_TEST_POSTGRES"

// Base makes a database that ends with the test and gives its URL; "" when no server is
// named.
func Base(t testing.TB) string {
	t.Helper()
	u, soltar, err := Crear("")
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

// Crear makes a database, empty or as plantilla is, whose URL Crear gave and nobody uses
// now. It gives its URL, and what drops it; "" when no server is named.
func Crear(plantilla string) (direccion string, soltar func() error, err error) {
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
	if err := ordenar(servidor, orden); err != nil {
		return "", nil, err
	}
	u.Path = "/" + nombre
	return u.String(), func() error { return ordenar(servidor, "drop database "+nombre+" with (force)") }, nil
}

// ordenar tells the server to do one thing.
func ordenar(servidor, orden string) error {
	db, err := sql.Open("pgx", servidor)
	if err != nil {
		return fmt.Errorf("%s: %w", Variable, err)
	}
	_, err = db.ExecContext(context.Background(), orden) // cleanups come after the test's context
	if err := errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("%s: %w", Variable, err)
	}
	return nil
}

// Sitio is where a store of a test is: Archivo always, and Postgres when a server is named.
type Sitio struct{ Archivo, Postgres string }

// Nuevo gives an empty place.
func Nuevo(t testing.TB, nombre string) Sitio {
	t.Helper()
	s := Sitio{Archivo: filepath.Join(t.TempDir(), nombre+".db"), Postgres: Base(t)}
	t.Logf("RAN ON %s", s)
	return s
}

// String says which engine it is, for the output of tests.
func (s Sitio) String() string {
	if s.Postgres != "" {
		return "PostgreSQL"
	}
	return "SQLite"
}
