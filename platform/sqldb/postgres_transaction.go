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

// conexion is one connection to a schema, as database/sql sees it. Its transactions begin
// with their first statement, and what Diferir gave it goes with the next statement or
// with the commit.
type conexion struct {
	*stdlib.Conn
	wire      *wire
	abierta   bool // a transaction of BeginTx is under way
	diferidas []sentenciaDiferida
}

// errSinEscritura says that Diferir was called with a handle that is in no write.
var errSinEscritura = errors.New("sqldb: Diferir outside of Escribir")

// sentenciaDiferida is a statement that waits for company.
type sentenciaDiferida struct {
	sql   string
	args  []any
	filas int64
}

// connectWired makes a connection with a wire of its own.
func connectWired(ctx context.Context, c pgx.ConnConfig, t tracer) (driver.Conn, error) {
	var x *wire
	c.BuildFrontend = func(r io.Reader, w io.Writer) *pgproto3.Frontend {
		x = newWire(r, w, t.idas)
		return pgproto3.NewFrontend(x, x)
	}
	d, err := stdlib.GetConnector(c, stdlib.OptionShouldPing(t.vivo)).Connect(ctx)
	if err != nil {
		return nil, err
	}
	propia, ok := d.(*stdlib.Conn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("sqldb: a connection is a %T", d), d.Close())
	}
	return &conexion{Conn: propia, wire: x}, nil
}

// BeginTx is driver.ConnBeginTx. Of a transaction with the schema's own isolation nothing is sent yet.
func (c *conexion) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	if o != (driver.TxOptions{}) {
		return c.Conn.BeginTx(ctx, o)
	}
	if c.Conn.Conn().IsClosed() {
		return nil, driver.ErrBadConn
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c.abierta = true
	c.wire.begin.Store(true)
	return transaccion{c: c, ctx: ctx}, nil
}

// ExecContext is driver.ExecerContext. A statement of Diferir is kept: it is said to have
// affected as many rows as it must.
func (c *conexion) ExecContext(ctx context.Context, sql string, args []driver.NamedValue) (driver.Result, error) {
	filas, diferida := esperadas(ctx)
	if diferida && !c.abierta {
		return nil, errSinEscritura
	}
	if diferida {
		vs := make([]any, len(args))
		for i, a := range args {
			vs[i] = a.Value
		}
		c.diferidas = append(c.diferidas, sentenciaDiferida{sql: sql, args: vs, filas: filas})
		return driver.RowsAffected(max(0, filas)), nil
	}
	if err := c.mandarDiferidas(ctx); err != nil {
		return nil, err
	}
	return unaSola(ctx, func() (driver.Result, error) { return c.Conn.ExecContext(ctx, sql, args) })
}

// unaSola runs a statement. Errors: errSegunda when it is the second of an EscribirSola. One that never reached the
// server (driver.ErrBadConn) was none: database/sql runs it again on another connection.
func unaSola[T any](ctx context.Context, run func() (T, error)) (out T, err error) {
	hecha, sola := ctx.Value(claveSola{}).(*bool)
	if sola && *hecha {
		return out, errSegunda
	}
	out, err = run()
	if sola {
		*hecha = !errors.Is(err, driver.ErrBadConn)
	}
	return out, err
}

// QueryContext is driver.QueryerContext.
func (c *conexion) QueryContext(ctx context.Context, sql string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.mandarDiferidas(ctx); err != nil {
		return nil, err
	}
	return unaSola(ctx, func() (driver.Rows, error) { return c.Conn.QueryContext(ctx, sql, args) })
}

// mandarDiferidas sends what waits, in one round trip, because a statement follows that
// may need to see it. Errors: ErrFilas; pgx's.
func (c *conexion) mandarDiferidas(ctx context.Context) error {
	if len(c.diferidas) == 0 {
		return nil
	}
	return c.lote(ctx)
}

// lote sends what waits and then fin, all in one round trip.
func (c *conexion) lote(ctx context.Context, fin ...string) (err error) {
	b := &pgx.Batch{}
	for _, s := range c.diferidas {
		b.Queue(conGuardia(s.sql, s.filas), s.args...)
	}
	c.diferidas = nil
	for _, s := range fin {
		b.Queue(s)
	}
	return laGuardia(c.Conn.Conn().SendBatch(ctx, b).Close())
}

// marcaGuardia begins the text that the server cannot read as a number when a statement
// affects other rows than it must.
const marcaGuardia = "sqldb.filas:"

// conGuardia is sql that fails unless it affects that many rows. The server itself judges,
// so the commit may travel behind the statement.
func conGuardia(sql string, filas int64) string {
	if filas < 0 {
		return sql
	}
	return "with hecho as (" + sql + " returning 1) select case when count(*) = " + strconv.FormatInt(filas, 10) +
		" then 0 else ('" + marcaGuardia + "' || count(*))::integer end from hecho"
}

// laGuardia is ErrFilas for the error of conGuardia, and any other error as it is.
func laGuardia(err error) error {
	var p *pgconn.PgError
	if errors.As(err, &p) && p.Code == "22P02" && strings.Contains(p.Message, marcaGuardia) {
		return ErrFilas
	}
	return err
}

// transaccion is one transaction of a conexion.
type transaccion struct {
	c   *conexion
	ctx context.Context // driver.Tx has none of its own
}

// Commit is driver.Tx. A transaction of which nothing was sent goes as one request, which
// the server commits whole at its end or not at all.
func (t transaccion) Commit() error {
	t.c.abierta = false
	nada := t.c.wire.begin.CompareAndSwap(true, false)
	var err error
	switch {
	case nada && len(t.c.diferidas) == 0:
		return nil
	case nada:
		err = t.c.lote(t.ctx)
	case len(t.c.diferidas) == 0:
		err = t.confirmar()
	default:
		err = t.c.lote(t.ctx, "commit")
	}
	if err != nil {
		_ = t.deshacer() // what cannot be told closes the connection, which undoes it too
	}
	return err // as it is: gorm knows its own errors by their type
}

// confirmar commits what was sent. A server answers ROLLBACK when a statement had failed.
func (t transaccion) confirmar() error {
	tag, err := t.c.Conn.Conn().Exec(t.ctx, "commit")
	if err == nil && tag.String() == "ROLLBACK" {
		return pgx.ErrTxCommitRollback
	}
	return err
}

// Rollback is driver.Tx.
func (t transaccion) Rollback() error {
	t.c.abierta, t.c.diferidas = false, nil
	if t.c.wire.begin.CompareAndSwap(true, false) {
		return nil
	}
	return t.deshacer()
}

// deshacer ends what the server still holds open; a connection that cannot be told is closed.
func (t transaccion) deshacer() error {
	p := t.c.Conn.Conn()
	if p.IsClosed() || p.PgConn().TxStatus() == 'I' {
		return nil
	}
	if _, err := p.Exec(t.ctx, "rollback"); err != nil {
		return errors.Join(err, t.c.Close())
	}
	return nil
}
