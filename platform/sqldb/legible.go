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

// SetAside stands in a column that says when a row is due and means: never, until a person takes the row up again.
// Rows that cannot be read are set aside. Any release leaves such a row alone.
const SetAside = math.MaxInt64

// errorDeScan begins the text of an error that database/sql has no value for.
const errorDeScan = "sql: Scan error on column"

// Unreadable reports whether err says that a row holds a value of another type than its column: a file can (SQLite
// checks no types), a server cannot.
func Unreadable(err error) bool { return err != nil && strings.Contains(err.Error(), errorDeScan) }

// Redact takes the stored value out of an error that Unreadable knows, so that it can be logged: it keeps the
// column. Any other error stays as it is.
func Redact(err error) error {
	if !Unreadable(err) {
		return err
	}
	_, resto, _ := strings.Cut(err.Error(), errorDeScan)
	columna, _, _ := strings.Cut(resto, ": ")
	return errors.New(errorDeScan + columna)
}

// Row is a row as its columns have it, whatever they hold.
type Row map[string]any

// unreadableRows is the setting of a handle of Leer that counts the rows that Readable leaves out.
const unreadableRows = "despensa:unreadable_rows"

// Readable reads the rows of q, one of a T each. A row that is no T does not cost the others: it is among broken.
func Readable[T any](q *gorm.DB) (rows []T, broken []Row, err error) {
	rs, err := q.Model(new(T)).Rows()
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = rs.Close() }()
	lector := q.Session(&gorm.Session{NewDB: true})
	for rs.Next() {
		var v T
		switch err := lector.ScanRows(rs, &v); {
		case err == nil:
			rows = append(rows, v)
		case Unreadable(err):
			b, err := raw(rs)
			if err != nil {
				return nil, nil, err
			}
			broken = append(broken, b)
		default:
			return nil, nil, err
		}
	}
	if c, ok := q.Get(unreadableRows); ok && len(broken) > 0 {
		if n, ok := c.(*atomic.Uint64); ok {
			n.Add(uint64(len(broken)))
		}
	}
	return rows, broken, rs.Err()
}

// raw reads the present row of rs as it is.
func raw(rs *sql.Rows) (Row, error) {
	nombres, err := rs.Columns()
	if err != nil {
		return nil, err
	}
	valores, donde := make([]any, len(nombres)), make([]any, len(nombres))
	for i := range valores {
		donde[i] = &valores[i]
	}
	if err := rs.Scan(donde...); err != nil {
		return nil, err
	}
	r := make(Row, len(nombres))
	for i, n := range nombres {
		r[n] = valores[i]
	}
	return r, nil
}

// Fill reads a page of limit rows, whatever it has to leave out: read is asked for more while rows are left out and
// others may follow. It tells how many were left out.
func Fill[T any](ctx context.Context, limit int, read func(limit int) (rows []T, broken int, err error)) (rows []T, left int, err error) {
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

// counted tells package omitted of n rows.
func counted(ctx context.Context, n int) int {
	omitted.Add(ctx, n)
	return n
}
