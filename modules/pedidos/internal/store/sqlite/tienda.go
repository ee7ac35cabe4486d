// Package sqlite keeps orders, stock and the catalogue in one SQLite file. A row has the columns by which it
// is searched, and the whole order, aggregate or product as a BSON document.
package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"despensa/migrations"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/sqldb"

	"gorm.io/gorm"
)

// Opciones say which file to open.
type Opciones struct {
	// Archivo is the SQLite file; its folder must exist.
	Archivo string
	// Cut is for crash tests; nil in production.
	Cut sqldb.Cut
	// Observar is called for each statement; nil in production.
	Observar func(sqldb.Execution)
	// Apartado is called for each order that is set aside; nil: no call.
	Apartado func(i *store.Ilegible)
}

// Tienda is the stores of pedidos on one file. Safe for concurrent use.
type Tienda struct {
	db    *sqldb.DB
	aviso func(i *store.Ilegible)
}

// apartado calls Opciones.Apartado for an order that has been set aside, and gives i back as the error.
func (t *Tienda) apartado(ilegible *store.Ilegible) error {
	if t.aviso != nil {
		t.aviso(ilegible)
	}
	return ilegible
}

// Open opens the file and migrates it.
func Open(ctx context.Context, opciones Opciones) (*Tienda, error) {
	db, err := sqldb.Open(ctx, sqldb.Options{
		Name:       "pedidos",
		File:       opciones.Archivo,
		Migrations: migrations.De("pedidos"),
		Cut:        opciones.Cut,
		Observe:    opciones.Observar,
	})
	if err != nil {
		return nil, fmt.Errorf("pedidos: store: %w", err)
	}
	return &Tienda{db, opciones.Apartado}, nil
}

// Pedidos gives the store of orders.
func (t *Tienda) Pedidos() store.Pedidos { return pedidos{t} }

// Existencias gives the store of stock.
func (t *Tienda) Existencias() store.Existencias { return existenciasSQL{t} }

// Productos gives the store of the catalogue.
func (t *Tienda) Productos() store.Productos { return productos{t} }

// DB gives the handle, for tests.
func (t *Tienda) DB() *sqldb.DB { return t.db }

// Listo reports whether the file can be read and takes writes. Errors: sqldb.ErrFull.
func (t *Tienda) Listo(ctx context.Context) error {
	return fallo(ctx, "pedidos.listo", t.db.Ready(ctx))
}

// Cuenta gives how many writes were made, how many commits carried them, and 0 round trips: a file needs none.
func (t *Tienda) Cuenta() (escrituras, confirmadas, idas uint64) { return t.db.Counts() }

// Sentencias gives how many statements were run.
func (t *Tienda) Sentencias() uint64 { return t.db.Statements() }

// Cerrar waits for the writes that were accepted and closes the file.
func (t *Tienda) Cerrar() error { return t.db.Close() }

// escribir runs effect in one durable write. Once ctx has ended, the error of ctx is the answer.
func (t *Tienda) escribir(
	ctx context.Context,
	nombre string,
	effect func(tx *gorm.DB) error,
) error {
	return fallo(ctx, nombre, t.db.Write(ctx, nombre, effect))
}

// fallo is err with the name of the operation before it; the error of ctx takes its place once ctx has ended.
func fallo(ctx context.Context, nombre string, err error) error {
	if err == nil {
		return nil
	}
	if c := ctx.Err(); c != nil {
		err = c
	}
	return fmt.Errorf("%s: %w", nombre, err)
}

// ejecutar runs one statement and gives the number of rows that it touched.
func ejecutar(tx *gorm.DB, consulta string, args ...any) (int64, error) {
	r := tx.Exec(consulta, args...)
	return r.RowsAffected, r.Error
}

// exigir runs a statement that must touch one row; otro is the error when it does not.
func exigir(otro error, tx *gorm.DB, consulta string, args ...any) error {
	n, err := ejecutar(tx, consulta, args...)
	if err == nil && n != 1 {
		return otro
	}
	return err
}

// filas reads every row of a query with leer.
func filas[T any](q *gorm.DB, leer func(*sql.Rows) (T, error)) ([]T, error) {
	rs, err := q.Rows()
	if err != nil {
		return nil, err
	}
	defer func() { _ = rs.Close() }()
	out := []T{}
	for rs.Next() {
		v, err := leer(rs)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rs.Err()
}

// una reads the only row of a query; otro is the error when there is none. (gorm's
// Row panics when its statement cannot be prepared.)
func una[T any](q *gorm.DB, leer func(*sql.Rows) (T, error), otro error) (v T, err error) {
	vs, err := filas(q, leer)
	switch {
	case err != nil:
		return v, err
	case len(vs) == 0:
		return v, otro
	}
	return vs[0], nil
}

// columna reads rows of one column.
func columna[T any](rows *sql.Rows) (v T, err error) {
	err = rows.Scan(&v)
	return v, err
}

// ms is how a time stands in a column.
func ms(t time.Time) int64 { return t.UnixMilli() }

// msSi is ms for a time that may be nil: null.
func msSi(t *time.Time) sql.NullInt64 {
	if t == nil {
		return sql.NullInt64{}
	}
	return sql.NullInt64{Int64: ms(*t), Valid: true}
}
