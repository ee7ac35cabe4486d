package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"strings"
	"sync/atomic"

	"despensa/platform/omitted"

	"gorm.io/gorm"
)

// SetAside is the value, in a column that says when a row is due, of a time that never comes. A row that cannot be
// read gets this value, so that no worker of any release takes the row up. An operator makes the row due again.
const SetAside = math.MaxInt64

// scanError begins the text of database/sql's error for a value of another type than its column. The library exports
// no error value to compare with.
const scanError = "sql: Scan error on column"

// Unreadable reports whether err says that a row holds a value of another type than its column. A SQLite file can hold
// such a row, because SQLite checks no types; a PostgreSQL server cannot.
func Unreadable(
	err error,
) bool {
	return err != nil && strings.Contains(err.Error(), scanError)
}

// Redact returns an error that can be logged. Of an error that Unreadable knows it keeps the column and drops the
// stored value, which may be personal data. Any other error comes back as it is.
func Redact(err error) error {
	if !Unreadable(err) {
		return err
	}
	_, resto, _ := strings.Cut(err.Error(), scanError)
	columna, _, _ := strings.Cut(resto, ": ")
	return errors.New(scanError + columna)
}

// Row is a row of a table by column name. The values have the types that are stored, which need not be the columns'.
type Row map[string]any

// unreadableRows is the name of a gorm setting. Read sets it to a counter, and Readable adds to that counter the rows
// that it leaves out.
const unreadableRows = "despensa:unreadable_rows"

// Readable reads the rows of query: into rows those that can be read as a T, into broken those that cannot
// (Unreadable). A broken row does not fail the call. Errors: those of query.
func Readable[T any](query *gorm.DB) (rows []T, broken []Row, err error) {
	stored, err := query.Model(new(T)).Rows()
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = stored.Close() }()
	lector := query.Session(&gorm.Session{NewDB: true})
	for stored.Next() {
		var v T
		switch err := lector.ScanRows(stored, &v); {
		case err == nil:
			rows = append(rows, v)
		case Unreadable(err):
			b, err := raw(stored)
			if err != nil {
				return nil, nil, err
			}
			broken = append(broken, b)
		default:
			return nil, nil, err
		}
	}
	if c, ok := query.Get(unreadableRows); ok && len(broken) > 0 {
		if n, ok := c.(*atomic.Uint64); ok {
			n.Add(uint64(len(broken)))
		}
	}
	return rows, broken, stored.Err()
}

// raw reads the present row of stored without converting its values.
func raw(stored *sql.Rows) (Row, error) {
	nombres, err := stored.Columns()
	if err != nil {
		return nil, err
	}
	valores, donde := make([]any, len(nombres)), make([]any, len(nombres))
	for i := range valores {
		donde[i] = &valores[i]
	}
	if err := stored.Scan(donde...); err != nil {
		return nil, err
	}
	r := make(Row, len(nombres))
	for i, n := range nombres {
		r[n] = valores[i]
	}
	return r, nil
}

// Fill reads a page of up to limit readable rows. It calls read with a higher limit as long as unreadable rows keep
// the page short and the table may hold more rows. left is how many unreadable rows the page leaves out. Errors:
// read's.
func Fill[T any](
	ctx context.Context, limit int, read func(limit int) (rows []T, broken int, err error),
) (rows []T, left int, err error) {
	for asked := limit; ; asked = limit + left {
		if rows, left, err = read(asked); err != nil {
			return nil, 0, err
		}
		if len(rows) >= limit {
			return rows[:limit], counted(ctx, left), nil
		}
		if len(rows)+left < asked {
			return rows, counted(ctx, left), nil
		}
	}
}

// counted adds n rows to the count that package omitted keeps for the request of ctx, and returns n.
func counted(ctx context.Context, n int) int {
	omitted.Add(ctx, n)
	return n
}
