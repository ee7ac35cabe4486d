package sqldb

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"modernc.org/sqlite"
)

// fileHandle makes the connections of one database/sql handle to a file, and holds the state that they share. It
// implements driver.Connector.
type fileHandle struct {
	engine sqlite.Driver
	dsn    string
	begin  string // the statement that begins a transaction
	seen   *statements

	effect atomic.Pointer[string] // the name of the Write that is running; nil: none
	mark   atomic.Int32           // the highest mark of the statements since the last call of runs
}

var _ driver.Connector = (*fileHandle)(nil)

// Connect opens a connection to the file. Errors: the driver's.
func (h *fileHandle) Connect(context.Context) (driver.Conn, error) {
	c, err := h.engine.Open(h.dsn)
	if err != nil {
		return nil, err
	}
	e, ok := c.(engineConn)
	if !ok {
		return nil, errors.Join(
			fmt.Errorf("sqldb: a connection of the driver is a %T", c),
			c.Close(),
		)
	}
	return &fileConn{engineConn: e, h: h, kept: newStatementCache()}, nil
}

// Driver implements driver.Connector.
func (h *fileHandle) Driver() driver.Driver { return &h.engine }

// runs sets the name of the Write that the next statements belong to, and clears the mark.
func (h *fileHandle) runs(nombre string) {
	h.effect.Store(&nombre)
	h.mark.Store(int32(noMark))
}

// leaves notes mark of a statement, unless a higher one has been noted.
func (h *fileHandle) leaves(mark mark) {
	if mark > h.left() {
		h.mark.Store(int32(mark))
	}
}

// left gives the highest mark since the last call of runs.
func (h *fileHandle) left() mark { return mark(h.mark.Load()) }

// ran reports a statement of one of the connections to the observer.
func (h *fileHandle) ran(text string) {
	s := Execution{SQL: text}
	if e := h.effect.Load(); e != nil {
		s.Effect = *e
	}
	h.seen.ran(s)
}

// engineConn is the interface of the driver's connections.
type engineConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// fileConn is a connection to a file. It keeps the prepared statements that it runs often, and reports the text and
// the mark of each statement to its fileHandle.
type fileConn struct {
	engineConn
	h    *fileHandle
	kept *statementCache
}

// Close implements driver.Conn.
func (c *fileConn) Close() error { return errors.Join(c.kept.close(), c.engineConn.Close()) }

// ExecContext implements driver.ExecerContext.
func (c *fileConn) ExecContext(
	ctx context.Context,
	text string,
	args []driver.NamedValue,
) (driver.Result, error) {
	defer c.h.ran(text)
	r, err := c.exec(ctx, text, args)
	c.h.leaves(markOfExec(text, r, err))
	return r, err
}

// exec runs text, with its prepared statement if the connection keeps one. Errors: the driver's.
func (c *fileConn) exec(
	ctx context.Context,
	text string,
	args []driver.NamedValue,
) (driver.Result, error) {
	k, err := c.kept.take(ctx, c.engineConn, text)
	if err != nil {
		return nil, err
	}
	if k == nil {
		return c.engineConn.ExecContext(ctx, text, args)
	}
	defer k.release()
	return k.stmt.ExecContext(ctx, args)
}

// QueryContext implements driver.QueryerContext.
func (c *fileConn) QueryContext(
	ctx context.Context,
	text string,
	args []driver.NamedValue,
) (driver.Rows, error) {
	defer c.h.ran(text)
	rows, err := c.query(ctx, text, args)
	c.h.leaves(markOfQuery(text, err))
	return rows, err
}

// query runs text as exec does, for a statement that returns rows.
func (c *fileConn) query(
	ctx context.Context,
	text string,
	args []driver.NamedValue,
) (driver.Rows, error) {
	k, err := c.kept.take(ctx, c.engineConn, text)
	if err != nil {
		return nil, err
	}
	if k == nil {
		rows, err := c.engineConn.QueryContext(ctx, text, args)
		return c.wrap(rows, nil, err)
	}
	rows, err := k.stmt.QueryContext(ctx, args)
	if err != nil {
		k.release()
	}
	return c.wrap(rows, k, err)
}

// wrap returns err if it is not nil, and else the rows as fileRows. keptStatement is their kept statement; nil: it
// is not kept.
func (c *fileConn) wrap(
	rows driver.Rows,
	keptStatement *keptStatement,
	err error,
) (driver.Rows, error) {
	if err != nil {
		return nil, err
	}
	return &fileRows{engineRows: rows.(engineRows), h: c.h, k: keptStatement}, nil
}

// BeginTx implements driver.ConnBeginTx. The begin itself ignores the end of ctx, so that its outcome is known: when
// ctx has ended meanwhile, database/sql rolls back.
func (c *fileConn) BeginTx(ctx context.Context, _ driver.TxOptions) (driver.Tx, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if _, err := c.ExecContext(context.WithoutCancel(ctx), c.h.begin, nil); err != nil {
		return nil, err
	}
	return fileTx{c}, nil
}

// fileTx is a transaction of a fileConn. It implements driver.Tx.
type fileTx struct{ c *fileConn }

// Commit commits, and rolls back when that fails, so that the connection is in no transaction afterwards.
func (t fileTx) Commit() error {
	_, err := t.c.ExecContext(context.Background(), "commit", nil)
	if err != nil {
		_ = t.Rollback() // it fails when SQLite has rolled back by itself
	}
	return err
}

// Rollback rolls back. Errors: the driver's.
func (t fileTx) Rollback() error {
	_, err := t.c.ExecContext(context.Background(), "rollback", nil)
	return err
}

// engineRows is the interface of the driver's rows.
type engineRows interface {
	driver.Rows
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeLength
	driver.RowsColumnTypeNullable
	driver.RowsColumnTypePrecisionScale
	driver.RowsColumnTypeScanType
}

// fileRows are rows that release their kept statement when they are closed.
type fileRows struct {
	engineRows
	h *fileHandle
	k *keptStatement // nil: the statement ends with the rows
}

// Next implements driver.Rows. It notes the mark of an error while stepping through the rows.
func (r *fileRows) Next(dest []driver.Value) error {
	err := r.engineRows.Next(dest)
	if err != nil && !errors.Is(err, io.EOF) {
		r.h.leaves(markOfError(err))
	}
	return err
}

// Close implements driver.Rows and releases the statement.
func (r *fileRows) Close() error {
	err := r.engineRows.Close()
	if r.k != nil {
		r.k.release()
		r.k = nil
	}
	return err
}
