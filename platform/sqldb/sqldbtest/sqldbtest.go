// Package sqldbtest gives tests a store: a file, or a database of its own on the server
// that DESPENSA_TEST_POSTGRES names.
package sqldbtest

import (
	"context"
	"database/sql"
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
	servidor := os.Getenv(Variable)
	if servidor == "" {
		return ""
	}
	u, err := url.Parse(servidor)
	if err != nil {
		t.Fatalf("%s is no URL", Variable)
	}
	nombre := "prueba_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	ordenar(t, servidor, "create database "+nombre)
	t.Cleanup(func() { ordenar(t, servidor, "drop database "+nombre+" with (force)") })
	u.Path = "/" + nombre
	return u.String()
}

// ordenar tells the server to do one thing.
func ordenar(t testing.TB, servidor, orden string) {
	t.Helper()
	db, err := sql.Open("pgx", servidor)
	if err == nil {
		_, err = db.ExecContext(context.Background(), orden) // cleanups come after the test's context
		if e := db.Close(); err == nil {
			err = e
		}
	}
	if err != nil {
		t.Fatalf("%s: %v", Variable, err)
	}
}

// Sitio is where a store of a test is: Archivo always, and Postgres when a server is named.
type Sitio struct{ Archivo, Postgres string }

// Nuevo gives an empty place.
func Nuevo(t testing.TB, nombre string) Sitio {
	t.Helper()
	return Sitio{Archivo: filepath.Join(t.TempDir(), nombre+".db"), Postgres: Base(t)}
}

// String says which engine it is, for the output of tests.
func (s Sitio) String() string {
	if s.Postgres != "" {
		return "PostgreSQL"
	}
	return fmt.Sprintf("SQLite (%s)", filepath.Base(s.Archivo))
}
