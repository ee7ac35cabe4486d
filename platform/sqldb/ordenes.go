package sqldb

import (
	"context"
	"errors"

	"gorm.io/gorm"
)

// Orden is one statement that inserts, updates or deletes, with `?` for each of Args.
type Orden struct {
	SQL  string
	Args []any
	// Filas is how many rows the statement must affect; Cualquiera: any number.
	Filas int64
}

// Cualquiera says that a statement may affect any number of rows.
const Cualquiera = -1

// ErrFilas says that a statement affected another number of rows than it must, because another transaction changed or
// deleted its rows first. Nothing of the write happened.
var ErrFilas = errors.New("sqldb: a statement affected another number of rows than it must")

// EscribirUna runs one statement as a write of its own, with all that Escribir promises, and returns how many rows the
// statement affected. On a PostgreSQL server it costs one round trip instead of two. Errors: as Escribir's.
func (d *DB) EscribirUna(ctx context.Context, nombre, sql string, args ...any) (filas int64, err error) {
	if m, ok := d.motor.(escritorDeUna); ok {
		return m.escribirUna(ctx, nombre, sql, args)
	}
	err = d.Escribir(ctx, nombre, func(tx *gorm.DB) error {
		r := tx.Exec(sql, args...)
		filas = r.RowsAffected
		return r.Error
	})
	return filas, err
}

// EscribirSola is Escribir for an f that runs exactly one statement and may read the rows that the statement returns
// (`returning`). f reads those rows to the end, because a PostgreSQL server reports a conflict after the last row. On
// a server it costs one round trip instead of two, and a second statement of f fails. Errors: as Escribir's.
func (d *DB) EscribirSola(ctx context.Context, nombre string, f func(tx *gorm.DB) error) error {
	if m, ok := d.motor.(escritorDeUna); ok {
		return m.escribirSola(ctx, nombre, f)
	}
	return d.Escribir(ctx, nombre, f)
}

// EscribirLote runs several statements as one write, with all that Escribir promises. On a PostgreSQL server it costs
// one round trip for any number of statements. Errors: as Escribir's, such as gorm.ErrDuplicatedKey; ErrFilas when a
// statement affected another number of rows than its Filas. After an error none of the statements has an effect.
func (d *DB) EscribirLote(ctx context.Context, nombre string, ordenes ...Orden) error {
	return d.Escribir(ctx, nombre, func(tx *gorm.DB) error {
		for _, o := range ordenes {
			if err := Diferir(tx, o.Filas, func(tx *gorm.DB) *gorm.DB { return tx.Exec(o.SQL, o.Args...) }); err != nil {
				return err
			}
		}
		return nil
	})
}

// Diferir runs the one statement of f within a write of Escribir without a round trip of its own: a PostgreSQL server
// receives the statement together with the next one of tx, or with the commit, in the order of the calls. The
// statement must affect filas rows (Cualquiera: any number).
//
// f runs one statement that inserts, updates or deletes and returns no rows. On a server its RowsAffected is filas,
// whether or not the statement affects as many. Errors: on a file the statement's own, and ErrFilas; on a server they
// come from the next statement of tx or else from Escribir: gorm.ErrDuplicatedKey, ErrFilas.
func Diferir(tx *gorm.DB, filas int64, f func(tx *gorm.DB) *gorm.DB) error {
	r := f(tx.WithContext(context.WithValue(tx.Statement.Context, claveFilas{}, filas)))
	if r.Error == nil && filas != Cualquiera && r.RowsAffected != filas {
		return ErrFilas
	}
	return r.Error
}

// claveFilas is the context key that marks a statement of Diferir. Its value is the number of rows that the statement
// must affect.
type claveFilas struct{}

// esperadas reports whether ctx belongs to a statement of Diferir, and how many rows the statement must affect.
func esperadas(ctx context.Context) (int64, bool) {
	filas, ok := ctx.Value(claveFilas{}).(int64)
	return filas, ok
}

// claveSola is the context key that marks an EscribirSola. Its value is a *bool: whether its one statement has run.
type claveSola struct{}

// errSegunda says that the function of an EscribirSola ran a second statement. The server would commit that statement
// as a write of its own, so it is not sent.
var errSegunda = errors.New("sqldb: a second statement in EscribirSola")

// escritorDeUna is implemented by an engine that needs no explicit transaction for a single statement: postgresDB.
type escritorDeUna interface {
	escribirUna(ctx context.Context, nombre, sql string, args []any) (filas int64, err error)
	escribirSola(ctx context.Context, nombre string, f func(tx *gorm.DB) error) error
}
