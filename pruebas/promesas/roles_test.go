package promesas_test

import (
	"net/url"
	"strings"
	"testing"

	"despensa/migrations"
	"despensa/platform/sqldb"
	"despensa/platform/sqldb/sqldbtest"
	"despensa/pruebas/kit"
)

// Each module migrates and works with a role that owns its schema and sees no other.
func TestRolesOfTheSchemas(t *testing.T) {
	base := sqldbtest.Database(t)
	if base == "" {
		t.Skip("SKIPPED: " + sqldbtest.Variable + " names no PostgreSQL server")
	}
	ordenar(t, base, kit.ReadText(t, "deploy/postgres/roles.sql"))
	t.Cleanup(func() {
		for _, m := range []string{"clientes", "pagos", "rutas"} {
			ordenar(t, base, "drop owned by "+m+" cascade", "drop role "+m)
		}
	})
	urls := map[string]string{}
	for _, m := range []string{"clientes", "pagos", "rutas"} {
		u, err := url.Parse(base)
		debe(t, err)
		u.User = url.UserPassword(m, "solo-local-"+m)
		urls[m] = u.String()
		for range 2 { // the second time there is nothing to make
			d, err := sqldb.Open(
				t.Context(),
				sqldb.Options{Name: m, Postgres: urls[m], Migrations: migrations.De(m)},
			)
			if err != nil {
				t.Fatalf("%s: %v", m, err)
			}
			debe(t, d.Close())
		}
	}
	rolesAparte(t, base, urls)
}

// rolesAparte asks, as each module's role, for every table of every module, and for things
// that no module may make.
func rolesAparte(t *testing.T, jefe string, urls map[string]string) {
	t.Helper()
	tablas, err := consultar(
		t,
		jefe,
		"select schemaname || '.' || tablename from pg_tables where schemaname in ('clientes', 'pagos', 'rutas')",
	)
	debe(t, err)
	if len(tablas) < 15 {
		t.Fatalf("only %d tables: %v", len(tablas), tablas)
	}
	for rol, direccion := range urls {
		propias := 0
		for _, tabla := range tablas {
			_, err := consultar(t, direccion, "select 1 from "+tabla+" limit 1")
			propia := strings.HasPrefix(tabla, rol+".")
			if propia {
				propias++
			}
			if quiere := map[bool]string{true: "", false: "42501"}[propia]; codigoSQL(
				err,
			) != quiere ||
				propia && err != nil {
				t.Errorf("%s reads %s: %v", rol, tabla, err)
			}
		}
		if propias == 0 {
			t.Errorf("%s has no table", rol)
		}
		for _, o := range []string{
			"create schema otro", "create table public.x (i int)", "create temporary table x (i int)",
			"create role otro", "set role " + otroRol(rol),
		} {
			if _, err := consultar(t, direccion, o); codigoSQL(err) != "42501" {
				t.Errorf("%s may %s: %v", rol, o, err)
			}
		}
	}
}

func otroRol(rol string) string {
	if rol == "clientes" {
		return "pagos"
	}
	return "clientes"
}
