package banco_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"testing"
)

// fila is a row of a table.
type fila struct {
	columnas []string
	valores  []any
}

func (f fila) donde(
	columna string,
) *any {
	return &f.valores[slices.Index(f.columnas, columna)]
}

func (f fila) poner(columna string, v any) { *f.donde(columna) = v }
func (f fila) texto(columna string) string { s, _ := (*f.donde(columna)).(string); return s }
func (f fila) numero(columna string) int64 { n, _ := (*f.donde(columna)).(int64); return n }
func (f fila) bytes(columna string) []byte { d, _ := (*f.donde(columna)).([]byte); return d }
func (f fila) fila() fila                  { return fila{f.columnas, slices.Clone(f.valores)} }

// The number of rows in one statement, and in one transaction.
const (
	porSentencia   = 50
	porTransaccion = 50_000
)

// copiarFilas writes n copies of the one row of a file that no program has open; cambiar makes the i-th. Nothing is
// synced: after a power cut the folder must be filled anew.
func copiarFilas(
	b *testing.B,
	archivo, tabla, cual string,
	n int,
	cambiar func(i int, f fila),
) {
	b.Helper()
	db, err := sql.Open(
		"sqlite",
		"file:"+archivo+"?_pragma=journal_mode(memory)&_pragma=synchronous(off)&_pragma=cache_size(-262144)",
	)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	original := leerFila(b, db, "select * from "+tabla+" where "+cual)
	signos := "(?" + strings.Repeat(", ?", len(original.columnas)-1) + ")"
	inicio := "insert into " + tabla + " (" + strings.Join(
		original.columnas,
		", ",
	) + ") values " + signos
	muchas, err := db.PrepareContext(
		b.Context(),
		inicio+strings.Repeat(", "+signos, porSentencia-1),
	)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = muchas.Close() }()
	defer sinIndices(b, db, tabla)()
	c := copia{
		original: original,
		inicio:   inicio,
		signos:   signos,
		muchas:   muchas,
		cambiar:  cambiar,
	}
	for desde := 0; desde < n; desde += porTransaccion {
		if err := c.escribir(b.Context(), db, desde, min(n, desde+porTransaccion)); err != nil {
			b.Fatal(err)
		}
	}
}

// copia has the statements that write the copies of a row: inicio inserts one, signos are its arguments, muchas
// inserts porSentencia.
type copia struct {
	original       fila
	inicio, signos string
	muchas         *sql.Stmt
	cambiar        func(i int, f fila)
}

// escribir writes the copies [desde, hasta) in one transaction.
func (c copia) escribir(ctx context.Context, db *sql.DB, desde, hasta int) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	todas := tx.StmtContext(ctx, c.muchas)
	defer func() { _ = todas.Close() }()
	for i := desde; i < hasta; i += porSentencia {
		var args []any
		for j := i; j < min(hasta, i+porSentencia); j++ {
			f := c.original.fila()
			c.cambiar(j, f)
			args = append(args, f.valores...)
		}
		if filas := len(args) / len(c.original.columnas); filas < porSentencia {
			_, err = tx.ExecContext(
				ctx,
				c.inicio+strings.Repeat(", "+c.signos, filas-1),
				args...)
		} else {
			_, err = todas.ExecContext(ctx, args...)
		}
		if err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	return tx.Commit()
}

// sinIndices drops the indexes of a table, except those of its keys, and returns the function that makes them again.
func sinIndices(b *testing.B, db *sql.DB, tabla string) func() {
	b.Helper()
	var nombres, textos sql.NullString
	err := db.QueryRowContext(b.Context(), `select group_concat('drop index ' || name, ';'), group_concat(sql, ';')
		from sqlite_master where type = 'index' and tbl_name = ? and sql is not null`, tabla).
		Scan(&nombres, &textos)
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

// leerFila reads the one row of consulta, with the names and values of its columns.
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
	if err := errors.Join(rs.Scan(punteros...), rs.Err()); err != nil {
		b.Fatal(err)
	}
	return f
}
