package banco_test

import (
	"database/sql"
	"slices"
	"strings"
	"testing"
)

// fila is a row of a table.
type fila struct {
	columnas []string
	valores  []any
}

func (f fila) donde(columna string) *any { return &f.valores[slices.Index(f.columnas, columna)] }

func (f fila) poner(columna string, v any) { *f.donde(columna) = v }
func (f fila) texto(columna string) string { s, _ := (*f.donde(columna)).(string); return s }
func (f fila) numero(columna string) int64 { n, _ := (*f.donde(columna)).(int64); return n }
func (f fila) bytes(columna string) []byte { d, _ := (*f.donde(columna)).([]byte); return d }
func (f fila) fila() fila                  { return fila{f.columnas, slices.Clone(f.valores)} }

// Rows of one statement, and of one transaction.
const (
	porSentencia   = 50
	porTransaccion = 50_000
)

// copiarFilas writes n copies of the one row of a file that nobody has open; cambiar makes the i-th. Nothing is synced: who
// loses power fills anew.
func copiarFilas(b *testing.B, archivo, tabla, cual string, n int, cambiar func(i int, f fila)) {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+archivo+"?_pragma=journal_mode(memory)&_pragma=synchronous(off)&_pragma=cache_size(-262144)")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	original := leerFila(b, db, "select * from "+tabla+" where "+cual)
	signos := "(?" + strings.Repeat(", ?", len(original.columnas)-1) + ")"
	inicio := "insert into " + tabla + " (" + strings.Join(original.columnas, ", ") + ") values " + signos
	muchas, err := db.PrepareContext(b.Context(), inicio+strings.Repeat(", "+signos, porSentencia-1))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = muchas.Close() }()
	defer sinIndices(b, db, tabla)()
	for desde := 0; desde < n; desde += porTransaccion {
		tx, err := db.BeginTx(b.Context(), nil)
		if err != nil {
			b.Fatal(err)
		}
		hasta := min(n, desde+porTransaccion)
		for i := desde; i < hasta; i += porSentencia {
			var args []any
			for j := i; j < min(hasta, i+porSentencia); j++ {
				f := original.fila()
				cambiar(j, f)
				args = append(args, f.valores...)
			}
			if filas := len(args) / len(original.columnas); filas == porSentencia {
				_, err = tx.StmtContext(b.Context(), muchas).ExecContext(b.Context(), args...)
			} else {
				_, err = tx.ExecContext(b.Context(), inicio+strings.Repeat(", "+signos, filas-1), args...)
			}
			if err != nil {
				b.Fatal(err)
			}
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	}
}

// sinIndices takes the indexes of a table away, but for those of its keys; what it gives makes them again.
func sinIndices(b *testing.B, db *sql.DB, tabla string) func() {
	b.Helper()
	var nombres, textos sql.NullString
	err := db.QueryRowContext(b.Context(), `select group_concat('drop index ' || name, ';'), group_concat(sql, ';')
		from sqlite_master where type = 'index' and tbl_name = ? and sql is not null`, tabla).Scan(&nombres, &textos)
	hacer := func(texto string) {
		if _, err := db.ExecContext(b.Context(), texto); err != nil {
			b.Error(err)
		}
	}
	if err != nil {
		b.Fatal(err)
	}
	hacer(nombres.String)
	return func() { hacer(textos.String) }
}

func leerFila(b *testing.B, db *sql.DB, consulta string) fila {
	b.Helper()
	rs, err := db.QueryContext(b.Context(), consulta)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = rs.Close() }()
	f := fila{}
	if f.columnas, err = rs.Columns(); err != nil || !rs.Next() {
		b.Fatalf("%s: no row: %v", consulta, err)
	}
	f.valores = make([]any, len(f.columnas))
	punteros := make([]any, len(f.columnas))
	for i := range punteros {
		punteros[i] = &f.valores[i]
	}
	if err := rs.Scan(punteros...); err != nil {
		b.Fatal(err)
	}
	return f
}
