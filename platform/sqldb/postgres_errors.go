package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"

	"despensa/platform/fault"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// translator says of an error of the server what it means to the caller of one handle:
// its own end, fault.ErrAlmacen, or what gorm makes of it.
type translator struct {
	*postgres.Dialector
	padre context.Context // gorm translates without one, and a handle has exactly one
}

// Translate is called by gorm for every error that it hands out.
func (t translator) Translate(err error) error {
	if !ausente(err) {
		return t.Dialector.Translate(err)
	}
	if c := t.padre.Err(); c != nil {
		return fmt.Errorf("sqldb: %w", c)
	}
	return sinServidor(err)
}

// traducirFila translates the errors of Row, Rows and Scan, which gorm itself does not.
func traducirFila(db *gorm.DB) {
	if err := db.Error; err != nil {
		db.Error = nil
		_ = db.AddError(err)
	}
}

// sinServidor is fault.ErrAlmacen with what may be said of err.
func sinServidor(err error) error {
	if e, ok := fault.As(err); ok {
		return e
	}
	return fmt.Errorf("%w (%s)", fault.ErrAlmacen, sinDatos(err))
}

// clasesAusentes are the beginnings of the SQLSTATEs by which a server says that it cannot
// serve just now (PostgreSQL, appendix A): connections, resources, shutting down or
// starting, a wait or a statement that took too long, a system that fails below it.
var clasesAusentes = []string{"08", "53", "57P01", "57P02", "57P03", "57014", "55P03", "25P03", "58"}

// ausente says that err means a server that is away, too slow, or about to go.
func ausente(err error) bool {
	if codigo, ok := estadoSQL(err); ok {
		return slices.ContainsFunc(clasesAusentes, func(c string) bool { return len(codigo) >= len(c) && codigo[:len(c)] == c })
	}
	var n net.Error
	var c *pgconn.ConnectError
	return errors.As(err, &c) || errors.As(err, &n) || pgconn.SafeToRetry(err) || errors.Is(err, fault.ErrAlmacen) ||
		slices.ContainsFunc(cortes, func(x error) bool { return errors.Is(err, x) })
}

// cortes are how a broken or given up connection looks above the network.
var cortes = []error{context.DeadlineExceeded, context.Canceled, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, driver.ErrBadConn,
	sql.ErrConnDone, sql.ErrTxDone, pgconn.ErrConnClosed}

// callado says that err is evidence of a server that is away for everybody, and not only
// of one broken connection: nobody lets us in, or no answer came in time.
func callado(err error) bool {
	codigo, contesto := estadoSQL(err)
	var c *pgconn.ConnectError
	if errors.As(err, &c) {
		return !contesto || codigo == "57P03"
	}
	var n net.Error
	return !contesto && (errors.Is(err, context.DeadlineExceeded) || errors.As(err, &n) && n.Timeout())
}

// estadoSQL is the code that the server answered with.
func estadoSQL(err error) (string, bool) {
	var p *pgconn.PgError
	if !errors.As(err, &p) {
		return "", false
	}
	return p.Code, true
}

// sinDatos is what may be said of an error: the server's code, and never its text, which
// may quote a row, nor the address, which may hold a password.
func sinDatos(err error) string {
	if codigo, ok := estadoSQL(err); ok {
		return "SQLSTATE " + codigo
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "no answer in time"
	}
	var u *url.Error
	if errors.As(err, &u) {
		return "the address cannot be read"
	}
	return "no connection"
}
