package promesas_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"
)

// ordenar lets a PostgreSQL server do something, also when the test is over.
func ordenar(t *testing.T, direccion string, ordenes ...string) {
	t.Helper()
	db, err := sql.Open("pgx", direccion)
	debe(t, err)
	defer db.Close()
	for _, o := range ordenes {
		if _, err := db.ExecContext(context.WithoutCancel(t.Context()), o); err != nil {
			t.Fatal(err)
		}
	}
}

// consultar returns the first column of consulta, as the role in direccion sees it.
func consultar(t *testing.T, direccion, consulta string) (out []string, err error) {
	t.Helper()
	db, err := sql.Open("pgx", direccion)
	debe(t, err)
	defer db.Close()
	rs, err := db.QueryContext(t.Context(), consulta)
	if err != nil {
		return nil, err
	}
	defer rs.Close()
	for rs.Next() {
		var s string
		if err := rs.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rs.Err()
}

// codigoSQL is the server's code of an error.
func codigoSQL(err error) string {
	var p interface{ SQLState() string }
	if errors.As(err, &p) {
		return p.SQLState()
	}
	return ""
}
