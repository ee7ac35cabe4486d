package sqldb

import (
	"context"
	"database/sql/driver"
	"sync/atomic"
)

// fileHandle is what the connections of one handle of a file have in common.
type fileHandle struct {
	engine driver.Driver
	dsn    string
	seen   *statements
	effect atomic.Pointer[string] // the name of the Escribir that runs; nil: none
}

var _ driver.Connector = (*fileHandle)(nil)

// Connect opens a connection. Errors: the driver's.
func (h *fileHandle) Connect(context.Context) (driver.Conn, error) {
	c, err := h.engine.Open(h.dsn)
	if err != nil {
		return nil, err
	}
	return &fileConn{engineConn: c.(engineConn), h: h}, nil
}

// Driver is driver.Connector's.
func (h *fileHandle) Driver() driver.Driver { return h.engine }

// runs names the Escribir whose statements follow.
func (h *fileHandle) runs(nombre string) { h.effect.Store(&nombre) }

// ran notes a statement of one of the connections.
func (h *fileHandle) ran(texto string) {
	s := Sentencia{SQL: texto}
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
}

// fileConn is a connection to a file that notes the statements it runs.
type fileConn struct {
	engineConn
	h *fileHandle
}

// ExecContext is driver.ExecerContext's.
func (c *fileConn) ExecContext(ctx context.Context, texto string, args []driver.NamedValue) (driver.Result, error) {
	defer c.h.ran(texto)
	return c.engineConn.ExecContext(ctx, texto, args)
}

// QueryContext is driver.QueryerContext's.
func (c *fileConn) QueryContext(ctx context.Context, texto string, args []driver.NamedValue) (driver.Rows, error) {
	defer c.h.ran(texto)
	return c.engineConn.QueryContext(ctx, texto, args)
}

// BeginTx is driver.ConnBeginTx's.
func (c *fileConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	defer c.h.ran("begin")
	t, err := c.engineConn.BeginTx(ctx, o)
	if err != nil {
		return nil, err
	}
	return fileTx{t, c.h}, nil
}

// fileTx is a transaction that notes its end.
type fileTx struct {
	driver.Tx
	h *fileHandle
}

// Commit is driver.Tx's.
func (t fileTx) Commit() error {
	defer t.h.ran("commit")
	return t.Tx.Commit()
}

// Rollback is driver.Tx's.
func (t fileTx) Rollback() error {
	defer t.h.ran("rollback")
	return t.Tx.Rollback()
}
