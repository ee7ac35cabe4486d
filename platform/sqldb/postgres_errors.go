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
	"strings"

	"despensa/platform/fault"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// translator turns the errors of one gorm handle into those that the callers of DB know: ctx's error when the caller's
// context has ended, fault.ErrStoreAway when the server is away, gorm's own errors otherwise.
type translator struct {
	*postgres.Dialector
	parent context.Context // the caller's; gorm passes no context to Translate
}

// Translate is called by gorm for each error that gorm returns. It implements gorm.ErrorTranslator.
func (t translator) Translate(err error) error {
	if !isAway(err) {
		return t.Dialector.Translate(err)
	}
	if c := t.parent.Err(); c != nil {
		return fmt.Errorf("sqldb: %w", c)
	}
	return storeAway(err)
}

// translateRow makes gorm translate the errors of Row, Rows and Scan, which gorm leaves as they are.
func translateRow(db *gorm.DB) {
	if err := db.Error; err != nil {
		db.Error = nil
		_ = db.AddError(err)
	}
}

// storeAway returns fault.ErrStoreAway with the part of err that withoutData lets through.
func storeAway(err error) error {
	if e, ok := fault.As(err); ok {
		return e
	}
	return fmt.Errorf("%w (%s)", fault.ErrStoreAway, withoutData(err))
}

// awayClasses are prefixes of SQLSTATE codes by which a server says that it cannot serve just now (PostgreSQL,
// appendix A): 08 connections, 53 resources, 57P01-57P03 shutting down or starting, 57014 a statement and 55P03 a lock
// that took too long, 25P03 an idle transaction, 58 a failure of the operating system.
var awayClasses = []string{
	"08",
	"53",
	"57P01",
	"57P02",
	"57P03",
	"57014",
	"55P03",
	"25P03",
	"58",
}

// isAway reports whether err says that the server is away, too slow or shutting down, or that the connection broke.
func isAway(err error) bool {
	if codigo, ok := sqlState(err); ok {
		return slices.ContainsFunc(
			awayClasses,
			func(c string) bool { return strings.HasPrefix(codigo, c) },
		)
	}
	var n net.Error
	var c *pgconn.ConnectError
	return errors.As(err, &c) || errors.As(err, &n) || pgconn.SafeToRetry(err) ||
		errors.Is(err, fault.ErrStoreAway) ||
		slices.ContainsFunc(brokenErrors, func(x error) bool { return errors.Is(err, x) })
}

// brokenErrors are the errors that the libraries return for a connection that is broken or was given up.
var brokenErrors = []error{
	context.DeadlineExceeded, context.Canceled, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed,
	driver.ErrBadConn, sql.ErrConnDone, sql.ErrTxDone, pgconn.ErrConnClosed,
}

// isSilent reports whether err is evidence that the server is away for all connections of the process, and not that one
// connection broke: a new connection is refused, or no answer came in time. A server that refuses a login with an
// SQLSTATE other than 57P03 (starting up) has answered, so it is not away.
func isSilent(err error) bool {
	codigo, contesto := sqlState(err)
	var c *pgconn.ConnectError
	if errors.As(err, &c) {
		return !contesto || codigo == "57P03"
	}
	var n net.Error
	return !contesto &&
		(errors.Is(err, context.DeadlineExceeded) || errors.As(err, &n) && n.Timeout())
}

// sqlState gives the SQLSTATE of the server's answer; false when err is no answer of a server.
func sqlState(err error) (string, bool) {
	var p *pgconn.PgError
	if !errors.As(err, &p) {
		return "", false
	}
	return p.Code, true
}

// withoutData describes err without data: by the server's SQLSTATE or by a fixed text. It leaves out the server's
// message, which may quote a row, and the address, which may hold a password.
func withoutData(err error) string {
	if codigo, ok := sqlState(err); ok {
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
