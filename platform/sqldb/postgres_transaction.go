package sqldb

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/stdlib"
)

// wiredConn is one connection to a schema, as database/sql sees it. It sends `begin` with the first statement of a
// transaction, and the statements of Defer with the next statement or with the commit.
type wiredConn struct {
	*stdlib.Conn
	wire          *wire
	inTransaction bool // a transaction of BeginTx is under way
	deferred      []deferredStatement
}

// errOutsideWrite says that Defer was called with a handle outside of Write.
var errOutsideWrite = errors.New("sqldb: Defer outside of Write")

// deferredStatement is a statement of Defer that has not been sent yet.
type deferredStatement struct {
	sql  string
	args []any
	rows int64 // rows that it must affect; negative: any number
}

// connectWired opens a connection, with a wire of its own between pgx and the socket. Errors: pgx's.
func connectWired(
	ctx context.Context,
	config pgx.ConnConfig,
	trace tracer,
) (driver.Conn, error) {
	var wired *wire
	config.BuildFrontend = func(r io.Reader, w io.Writer) *pgproto3.Frontend {
		wired = newWire(r, w, trace.trips)
		return pgproto3.NewFrontend(wired, wired)
	}
	made, err := stdlib.GetConnector(config, stdlib.OptionShouldPing(trace.shouldPing)).
		Connect(ctx)
	if err != nil {
		return nil, err
	}
	propia, ok := made.(*stdlib.Conn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("sqldb: a connection is a %T", made), made.Close())
	}
	return &wiredConn{Conn: propia, wire: wired}, nil
}

// BeginTx implements driver.ConnBeginTx. With the default options it sends nothing: the wire puts `begin` in front of
// the transaction's first statement.
func (c *wiredConn) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	if options != (driver.TxOptions{}) {
		return c.Conn.BeginTx(ctx, options)
	}
	if c.Conn.Conn().IsClosed() {
		return nil, driver.ErrBadConn
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c.inTransaction = true
	c.wire.begin.Store(true)
	return transaction{c: c, ctx: ctx}, nil
}

// ExecContext implements driver.ExecerContext. It keeps a statement of Defer for later and returns, as the number of
// rows affected, the number that the statement must affect.
func (c *wiredConn) ExecContext(
	ctx context.Context,
	sql string,
	args []driver.NamedValue,
) (driver.Result, error) {
	filas, diferida := expectedRows(ctx)
	if diferida && !c.inTransaction {
		return nil, errOutsideWrite
	}
	if diferida {
		vs := make([]any, len(args))
		for i, a := range args {
			vs[i] = a.Value
		}
		c.deferred = append(c.deferred, deferredStatement{sql: sql, args: vs, rows: filas})
		return driver.RowsAffected(max(0, filas)), nil
	}
	if err := c.sendDeferred(ctx); err != nil {
		return nil, err
	}
	return runSingle(
		ctx,
		func() (driver.Result, error) { return c.Conn.ExecContext(ctx, sql, args) },
	)
}

// runSingle calls run, which runs a statement. A statement that never reached the server (driver.ErrBadConn) does not
// count, because database/sql runs it again on another connection. Errors: errSecond for the second statement of an
// WriteSingle; run's.
func runSingle[T any](ctx context.Context, run func() (T, error)) (out T, err error) {
	hecha, sola := ctx.Value(singleKey{}).(*bool)
	if sola && *hecha {
		return out, errSecond
	}
	out, err = run()
	if sola {
		*hecha = !errors.Is(err, driver.ErrBadConn)
	}
	return out, err
}

// QueryContext implements driver.QueryerContext. It sends the statements of Defer first.
func (c *wiredConn) QueryContext(
	ctx context.Context,
	sql string,
	args []driver.NamedValue,
) (driver.Rows, error) {
	if err := c.sendDeferred(ctx); err != nil {
		return nil, err
	}
	return runSingle(
		ctx,
		func() (driver.Rows, error) { return c.Conn.QueryContext(ctx, sql, args) },
	)
}

// sendDeferred sends the statements of Defer in one round trip, before a statement that may read the rows they
// change. Errors: ErrRows; pgx's.
func (c *wiredConn) sendDeferred(ctx context.Context) error {
	if len(c.deferred) == 0 {
		return nil
	}
	return c.sendBatch(ctx)
}

// sendBatch sends the statements of Defer and then the statements fin, all in one round trip. Errors: ErrRows; pgx's.
func (c *wiredConn) sendBatch(ctx context.Context, fin ...string) (err error) {
	b := &pgx.Batch{}
	for _, s := range c.deferred {
		b.Queue(guarded(s.sql, s.rows), s.args...)
	}
	c.deferred = nil
	for _, s := range fin {
		b.Queue(s)
	}
	return guardError(c.Conn.Conn().SendBatch(ctx, b).Close())
}

// guardMark begins the text that guarded makes the server convert to an integer, in vain, when a statement
// affects another number of rows than it must. guardError finds it in the server's error message.
const guardMark = "sqldb.filas:"

// guarded wraps sql into a statement that fails unless sql affects filas rows; a negative filas leaves sql as it
// is. The server itself compares, so the commit can be sent in the same round trip as the statement.
func guarded(sql string, filas int64) string {
	if filas < 0 {
		return sql
	}
	return "with hecho as (" + sql + " returning 1) select case when count(*) = " + strconv.FormatInt(
		filas,
		10,
	) +
		" then 0 else ('" + guardMark + "' || count(*))::integer end from hecho"
}

// guardError returns ErrRows for the error that a statement of guarded causes, and any other error as it is.
func guardError(err error) error {
	var p *pgconn.PgError
	if errors.As(err, &p) && p.Code == "22P02" && strings.Contains(p.Message, guardMark) {
		return ErrRows
	}
	return err
}

// transaction is one transaction of a wiredConn. It implements driver.Tx.
type transaction struct {
	c   *wiredConn
	ctx context.Context // BeginTx's; the methods of driver.Tx take no context
}

// Commit sends the statements of Defer and commits. When nothing has been sent before, `begin` neither, the
// statements go as one request, which the server runs as one transaction: wholly or not at all. Errors: ErrRows;
// pgx's, unwrapped.
func (t transaction) Commit() error {
	t.c.inTransaction = false
	nada := t.c.wire.begin.CompareAndSwap(true, false)
	var err error
	switch {
	case nada && len(t.c.deferred) == 0:
		return nil
	case nada:
		err = t.c.sendBatch(t.ctx)
	case len(t.c.deferred) == 0:
		err = t.commit()
	default:
		err = t.c.sendBatch(t.ctx, "commit")
	}
	if err != nil {
		_ = t.rollback() // when the rollback fails rollback closes the connection, and the server rolls back
	}
	return err // unwrapped: gorm recognizes the errors of pgx by their type
}

// commit sends `commit`. Errors: pgx.ErrTxCommitRollback when the server answers ROLLBACK, because an earlier
// statement of the transaction failed; pgx's.
func (t transaction) commit() error {
	tag, err := t.c.Conn.Conn().Exec(t.ctx, "commit")
	if err == nil && tag.String() == "ROLLBACK" {
		return pgx.ErrTxCommitRollback
	}
	return err
}

// Rollback drops the statements of Defer and rolls back, without a round trip when `begin` has not been sent.
func (t transaction) Rollback() error {
	t.c.inTransaction, t.c.deferred = false, nil
	if t.c.wire.begin.CompareAndSwap(true, false) {
		return nil
	}
	return t.rollback()
}

// rollback sends `rollback` if the server still has the transaction open. It closes a connection on which the rollback
// fails; the server then rolls back.
func (t transaction) rollback() error {
	p := t.c.Conn.Conn()
	if p.IsClosed() || p.PgConn().TxStatus() == 'I' {
		return nil
	}
	if _, err := p.Exec(t.ctx, "rollback"); err != nil {
		return errors.Join(err, t.c.Close())
	}
	return nil
}
