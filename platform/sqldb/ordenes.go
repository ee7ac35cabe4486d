package sqldb

import (
	"context"
	"errors"

	"gorm.io/gorm"
)

// Orden is one statement that changes something, with `?` for its arguments.
type Orden struct {
	SQL  string
	Args []any
	// Filas is how many rows it must affect; Cualquiera: any number.
	Filas int64
}

// Cualquiera says that a statement may affect any number of rows.
const Cualquiera = -1

// ErrFilas says that a statement affected another number of rows than it must: somebody
// else was first, and nothing of the write happened.
var ErrFilas = errors.New("sqldb: a statement affected another number of rows than it must")

// EscribirUna makes one statement a write of its own, with all that Escribir promises, and
// tells how many rows it affected. On a server it costs one round trip instead of two.
// Errors: as Escribir's.
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

// EscribirSola is Escribir for an f that makes exactly one statement and may read what that gives back (returning). f
// reads it to its end, because a server tells of a conflict behind the last row. On a server it costs one round trip
// instead of two; a second statement of f is refused there. Errors: as Escribir's.
func (d *DB) EscribirSola(ctx context.Context, nombre string, f func(tx *gorm.DB) error) error {
	if m, ok := d.motor.(escritorDeUna); ok {
		return m.escribirSola(ctx, nombre, f)
	}
	return d.Escribir(ctx, nombre, f)
}

// EscribirLote makes several statements one write, with all that Escribir promises. On a
// server it costs one round trip, however many they are. Errors: as Escribir's, such as
// gorm.ErrDuplicatedKey; ErrFilas when a statement did not affect the rows that it must:
// then none of them happened.
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

// Diferir makes one statement of f, within a write of Escribir, that nobody waits for: a
// server gets it together with the next statement of tx or with the commit, and order is
// kept. It must affect filas rows (Cualquiera: any number).
//
// f makes one statement that changes something and returns none of it. What it tells of
// the rows affected is filas. Errors: f's own on a file; on a server they are those of the
// statement that follows, or of Escribir when none does: gorm.ErrDuplicatedKey, ErrFilas.
func Diferir(tx *gorm.DB, filas int64, f func(tx *gorm.DB) *gorm.DB) error {
	r := f(tx.WithContext(context.WithValue(tx.Statement.Context, claveFilas{}, filas)))
	if r.Error == nil && filas != Cualquiera && r.RowsAffected != filas {
		return ErrFilas
	}
	return r.Error
}

// claveFilas marks a statement of Diferir; its value is how many rows it must affect.
type claveFilas struct{}

// esperadas tells whether ctx belongs to a statement of Diferir, and its rows.
func esperadas(ctx context.Context) (int64, bool) {
	filas, ok := ctx.Value(claveFilas{}).(int64)
	return filas, ok
}

// claveSola marks the one statement of an EscribirSola; its value is a *bool that says whether it was made.
type claveSola struct{}

// errSegunda says that the function of an EscribirSola made a second statement, which would be a write of its own.
var errSegunda = errors.New("sqldb: a second statement in EscribirSola")

// escritorDeUna is an engine that needs no transaction for one statement.
type escritorDeUna interface {
	escribirUna(ctx context.Context, nombre, sql string, args []any) (filas int64, err error)
	escribirSola(ctx context.Context, nombre string, f func(tx *gorm.DB) error) error
}
