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

// fileHandle is what the connections of one handle of a file have in common.
type fileHandle struct {
	engine sqlite.Driver
	dsn    string
	begin  string // the statement that begins a transaction
	seen   *statements

	effect atomic.Pointer[string] // the name of the Escribir that runs; nil: none
	mark   atomic.Int32           // the deepest mark that a statement left since runs
}

var _ driver.Connector = (*fileHandle)(nil)

// Connect opens a connection. Errors: the driver's.
func (h *fileHandle) Connect(context.Context) (driver.Conn, error) {
	c, err := h.engine.Open(h.dsn)
	if err != nil {
		return nil, err
	}
	e, ok := c.(engineConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("sqldb: a connection of the driver is a %T", c), c.Close())
	}
	return &fileConn{engineConn: e, h: h, kept: newStatementCache()}, nil
}

// Driver is driver.Connector's.
func (h *fileHandle) Driver() driver.Driver { return &h.engine }

// runs names the Escribir whose statements follow, which has changed nothing yet.
func (h *fileHandle) runs(nombre string) {
	h.effect.Store(&nombre)
	h.mark.Store(int32(noMark))
}

// leaves notes the mark of a statement.
func (h *fileHandle) leaves(m mark) {
	if m > h.left() {
		h.mark.Store(int32(m))
	}
}

// left gives the deepest mark since runs.
func (h *fileHandle) left() mark { return mark(h.mark.Load()) }

// ran notes a statement of one of the connections.
func (h *fileHandle) ran(text string) {
	s := Sentencia{SQL: text}
	if e := h.effect.Load(); e != nil {
		s.Efecto = *e
	}
	h.seen.ran(s)
}

// engineConn is a connection as the driver makes it.
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

// fileConn is a connection to a file. It keeps the statements that it runs often, notes each, and knows whether one
// changed something.
type fileConn struct {
	engineConn
	h    *fileHandle
	kept *statementCache
}

// Close is driver.Conn's.
func (c *fileConn) Close() error { return errors.Join(c.kept.close(), c.engineConn.Close()) }

// ExecContext is driver.ExecerContext's.
func (c *fileConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	defer c.h.ran(text)
	r, err := c.exec(ctx, text, args)
	c.h.leaves(markOfExec(text, r, err))
	return r, err
}

// exec runs text, by the statement that is kept for it if there is one.
func (c *fileConn) exec(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
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

// QueryContext is driver.QueryerContext's.
func (c *fileConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	defer c.h.ran(text)
	rows, err := c.query(ctx, text, args)
	c.h.leaves(markOfQuery(text, err))
	return rows, err
}

// query runs text as exec does.
func (c *fileConn) query(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
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

// wrap gives the rows of k, nil when the statement is not kept, unless err is an error.
func (c *fileConn) wrap(rows driver.Rows, k *keptStatement, err error) (driver.Rows, error) {
	if err != nil {
		return nil, err
	}
	return &fileRows{engineRows: rows.(engineRows), h: c.h, k: k}, nil
}

// BeginTx is driver.ConnBeginTx's. A begin that has happened is answered as one, although ctx may have ended meanwhile:
// database/sql then rolls back.
func (c *fileConn) BeginTx(ctx context.Context, _ driver.TxOptions) (driver.Tx, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if _, err := c.ExecContext(context.WithoutCancel(ctx), c.h.begin, nil); err != nil {
		return nil, err
	}
	return fileTx{c}, nil
}

// fileTx is a transaction of the writer.
type fileTx struct{ c *fileConn }

// Commit is driver.Tx's. The connection is in no transaction afterwards, whatever the answer.
func (t fileTx) Commit() error {
	_, err := t.c.ExecContext(context.Background(), "commit", nil)
	if err != nil {
		_ = t.Rollback() // fails when SQLite has rolled back by itself
	}
	return err
}

// Rollback is driver.Tx's.
func (t fileTx) Rollback() error {
	_, err := t.c.ExecContext(context.Background(), "rollback", nil)
	return err
}

// engineRows are rows as the driver makes them.
type engineRows interface {
	driver.Rows
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeLength
	driver.RowsColumnTypeNullable
	driver.RowsColumnTypePrecisionScale
	driver.RowsColumnTypeScanType
}

// fileRows are rows whose statement is kept.
type fileRows struct {
	engineRows
	h *fileHandle
	k *keptStatement // nil: the statement ends with the rows
}

// Next is driver.Rows'.
func (r *fileRows) Next(dest []driver.Value) error {
	err := r.engineRows.Next(dest)
	if err != nil && !errors.Is(err, io.EOF) {
		r.h.leaves(markOfError(err))
	}
	return err
}

// Close is driver.Rows'.
func (r *fileRows) Close() error {
	err := r.engineRows.Close()
	if r.k != nil {
		r.k.release()
		r.k = nil
	}
	return err
}
