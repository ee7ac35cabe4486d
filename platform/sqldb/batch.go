package sqldb

import (
	"context"
	"errors"

	"gorm.io/gorm"
)

// Statement is one statement that inserts, updates or deletes, with `?` for each of Args.
type Statement struct {
	SQL  string
	Args []any
	// Rows is how many rows the statement must affect; AnyNumber: any number.
	Rows int64
}

// AnyNumber says that a statement may affect any number of rows.
const AnyNumber = -1

// ErrRows says that a statement affected another number of rows than it must, because another transaction changed or
// deleted its rows first. Nothing of the write happened.
var ErrRows = errors.New("sqldb: a statement affected another number of rows than it must")

// WriteStatement runs one statement as a write of its own, with all that Write promises, and returns how many rows the
// statement affected. On a PostgreSQL server it costs one round trip instead of two. Errors: as Write's.
func (d *DB) WriteStatement(
	ctx context.Context,
	nombre, sql string,
	args ...any,
) (filas int64, err error) {
	if m, ok := d.engine.(singleWriter); ok {
		return m.writeStatement(ctx, nombre, sql, args)
	}
	err = d.Write(ctx, nombre, func(tx *gorm.DB) error {
		r := tx.Exec(sql, args...)
		filas = r.RowsAffected
		return r.Error
	})
	return filas, err
}

// WriteSingle is Write for an effect that runs exactly one statement and may read the rows that the statement returns
// (`returning`). effect reads those rows to the end, because a PostgreSQL server reports a conflict after the last
// row. On a server it costs one round trip instead of two, and a second statement of effect fails. Errors: as
// Write's.
func (d *DB) WriteSingle(
	ctx context.Context,
	nombre string,
	effect func(tx *gorm.DB) error,
) error {
	if m, ok := d.engine.(singleWriter); ok {
		return m.writeSingle(ctx, nombre, effect)
	}
	return d.Write(ctx, nombre, effect)
}

// WriteBatch runs several statements as one write, with all that Write promises. On a PostgreSQL server it costs
// one round trip for any number of statements. Errors: as Write's, such as gorm.ErrDuplicatedKey; ErrRows when a
// statement affected another number of rows than its Rows. After an error none of the statements has an effect.
func (d *DB) WriteBatch(ctx context.Context, nombre string, ordenes ...Statement) error {
	return d.Write(ctx, nombre, func(tx *gorm.DB) error {
		for _, o := range ordenes {
			if err := Defer(tx, o.Rows, func(tx *gorm.DB) *gorm.DB { return tx.Exec(o.SQL, o.Args...) }); err != nil {
				return err
			}
		}
		return nil
	})
}

// Defer runs the one statement of f within a write of Write without a round trip of its own: a PostgreSQL server
// receives the statement together with the next one of tx, or with the commit, in the order of the calls. The
// statement must affect filas rows (AnyNumber: any number).
//
// f runs one statement that inserts, updates or deletes and returns no rows. On a server its RowsAffected is filas,
// whether or not the statement affects as many. Errors: on a file the statement's own, and ErrRows; on a server they
// come from the next statement of tx or else from Write: gorm.ErrDuplicatedKey, ErrRows.
func Defer(tx *gorm.DB, filas int64, f func(tx *gorm.DB) *gorm.DB) error {
	r := f(tx.WithContext(context.WithValue(tx.Statement.Context, rowsKey{}, filas)))
	if r.Error == nil && filas != AnyNumber && r.RowsAffected != filas {
		return ErrRows
	}
	return r.Error
}

// rowsKey is the context key that marks a statement of Defer. Its value is the number of rows that the statement
// must affect.
type rowsKey struct{}

// expectedRows reports whether ctx belongs to a statement of Defer, and how many rows the statement must affect.
func expectedRows(ctx context.Context) (int64, bool) {
	filas, ok := ctx.Value(rowsKey{}).(int64)
	return filas, ok
}

// singleKey is the context key that marks an WriteSingle. Its value is a *bool: whether its one statement has run.
type singleKey struct{}

// errSecond says that the function of an WriteSingle ran a second statement. The server would commit that statement
// as a write of its own, so it is not sent.
var errSecond = errors.New("sqldb: a second statement in WriteSingle")

// singleWriter is implemented by an engine that needs no explicit transaction for a single statement: postgresDB.
type singleWriter interface {
	writeStatement(ctx context.Context, nombre, sql string, args []any) (filas int64, err error)
	writeSingle(ctx context.Context, nombre string, f func(tx *gorm.DB) error) error
}
