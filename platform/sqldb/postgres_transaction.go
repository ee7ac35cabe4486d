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

// conexion is one connection to a schema, as database/sql sees it. It sends `begin` with the first statement of a
// transaction, and the statements of Diferir with the next statement or with the commit.
type conexion struct {
	*stdlib.Conn
	wire      *wire
	abierta   bool // a transaction of BeginTx is under way
	diferidas []sentenciaDiferida
}

// errSinEscritura says that Diferir was called with a handle outside of Escribir.
var errSinEscritura = errors.New("sqldb: Diferir outside of Escribir")

// sentenciaDiferida is a statement of Diferir that has not been sent yet.
type sentenciaDiferida struct {
	sql   string
	args  []any
	filas int64 // rows that it must affect; negative: any number
}

// connectWired opens a connection, with a wire of its own between pgx and the socket. Errors: pgx's.
func connectWired(ctx context.Context, config pgx.ConnConfig, trace tracer) (driver.Conn, error) {
	var wired *wire
	config.BuildFrontend = func(r io.Reader, w io.Writer) *pgproto3.Frontend {
		wired = newWire(r, w, trace.idas)
		return pgproto3.NewFrontend(wired, wired)
	}
	made, err := stdlib.GetConnector(config, stdlib.OptionShouldPing(trace.vivo)).Connect(ctx)
	if err != nil {
		return nil, err
	}
	propia, ok := made.(*stdlib.Conn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("sqldb: a connection is a %T", made), made.Close())
	}
	return &conexion{Conn: propia, wire: wired}, nil
}

// BeginTx implements driver.ConnBeginTx. With the default options it sends nothing: the wire puts `begin` in front of
// the transaction's first statement.
func (c *conexion) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	if options != (driver.TxOptions{}) {
		return c.Conn.BeginTx(ctx, options)
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

// ExecContext implements driver.ExecerContext. It keeps a statement of Diferir for later and returns, as the number of
// rows affected, the number that the statement must affect.
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

// unaSola calls run, which runs a statement. A statement that never reached the server (driver.ErrBadConn) does not
// count, because database/sql runs it again on another connection. Errors: errSegunda for the second statement of an
// EscribirSola; run's.
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

// QueryContext implements driver.QueryerContext. It sends the statements of Diferir first.
func (c *conexion) QueryContext(ctx context.Context, sql string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.mandarDiferidas(ctx); err != nil {
		return nil, err
	}
	return unaSola(ctx, func() (driver.Rows, error) { return c.Conn.QueryContext(ctx, sql, args) })
}

// mandarDiferidas sends the statements of Diferir in one round trip, before a statement that may read the rows they
// change. Errors: ErrFilas; pgx's.
func (c *conexion) mandarDiferidas(ctx context.Context) error {
	if len(c.diferidas) == 0 {
		return nil
	}
	return c.lote(ctx)
}

// lote sends the statements of Diferir and then the statements fin, all in one round trip. Errors: ErrFilas; pgx's.
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

// marcaGuardia begins the text that conGuardia makes the server convert to an integer, in vain, when a statement
// affects another number of rows than it must. laGuardia finds it in the server's error message.
const marcaGuardia = "sqldb.filas:"

// conGuardia wraps sql into a statement that fails unless sql affects filas rows; a negative filas leaves sql as it
// is. The server itself compares, so the commit can be sent in the same round trip as the statement.
func conGuardia(sql string, filas int64) string {
	if filas < 0 {
		return sql
	}
	return "with hecho as (" + sql + " returning 1) select case when count(*) = " + strconv.FormatInt(filas, 10) +
		" then 0 else ('" + marcaGuardia + "' || count(*))::integer end from hecho"
}

// laGuardia returns ErrFilas for the error that a statement of conGuardia causes, and any other error as it is.
func laGuardia(err error) error {
	var p *pgconn.PgError
	if errors.As(err, &p) && p.Code == "22P02" && strings.Contains(p.Message, marcaGuardia) {
		return ErrFilas
	}
	return err
}

// transaccion is one transaction of a conexion. It implements driver.Tx.
type transaccion struct {
	c   *conexion
	ctx context.Context // BeginTx's; the methods of driver.Tx take no context
}

// Commit sends the statements of Diferir and commits. When nothing has been sent before, `begin` neither, the
// statements go as one request, which the server runs as one transaction: wholly or not at all. Errors: ErrFilas;
// pgx's, unwrapped.
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
		_ = t.deshacer() // when the rollback fails deshacer closes the connection, and the server rolls back
	}
	return err // unwrapped: gorm recognizes the errors of pgx by their type
}

// confirmar sends `commit`. Errors: pgx.ErrTxCommitRollback when the server answers ROLLBACK, because an earlier
// statement of the transaction failed; pgx's.
func (t transaccion) confirmar() error {
	tag, err := t.c.Conn.Conn().Exec(t.ctx, "commit")
	if err == nil && tag.String() == "ROLLBACK" {
		return pgx.ErrTxCommitRollback
	}
	return err
}

// Rollback drops the statements of Diferir and rolls back, without a round trip when `begin` has not been sent.
func (t transaccion) Rollback() error {
	t.c.abierta, t.c.diferidas = false, nil
	if t.c.wire.begin.CompareAndSwap(true, false) {
		return nil
	}
	return t.deshacer()
}

// deshacer sends `rollback` if the server still has the transaction open. It closes a connection on which the rollback
// fails; the server then rolls back.
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
