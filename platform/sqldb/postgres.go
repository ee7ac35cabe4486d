package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"despensa/platform/breaker"
	"despensa/platform/fault"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// The number of connections that one process keeps to one schema. Three schemas and four processes make 48: under 60.
const (
	writers = 2
	readers = 2
)

// Time limits. A request of the API has five seconds, and its statements must end before those are over.
const (
	connectTimeout     = 2 * time.Second  // to connect and log in, or for the answer to a ping
	statementTimeout   = 3 * time.Second  // for one statement
	transactionTimeout = 15 * time.Second // for one transaction, with the wait for a connection
	migrateTimeout     = 10 * time.Second // for a lock on a table, while migrating
	idleBeforePing     = time.Second      // idle time after which a connection is pinged before it is used
	keepAlive          = 15 * time.Second // between two TCP keep-alives on a silent connection
	maxTries           = 100              // tries of one write that meets conflicts
	retryPause         = 20 * time.Millisecond

	// rowLockTimeout is for the lock on a row that another transaction holds. It is shorter than statementTimeout, so that
	// the server gives up first and the connection stays open.
	rowLockTimeout = 2500 * time.Millisecond
)

// ErrServer says that the database server is not there or does not let us in.
var ErrServer = errors.New("sqldb: the PostgreSQL server does not answer or refuses us")

// postgresDB is the engine for one schema of a PostgreSQL server: a handle that writes (w, ws), a handle that reads
// (r, rs), and the breaker p, which stops both from calling a server that is away.
type postgresDB struct {
	w, r   *gorm.DB
	ws, rs *sql.DB
	cut    Cut
	p      breaker.Breaker
	seen   *statements

	writes, commits, trips atomic.Uint64
}

// openPostgres checks the server, migrates the schema and opens the two handles. Errors: ErrServer, ErrSync, those
// of migrate.
func openPostgres(ctx context.Context, options Options) (*postgresDB, error) {
	config, err := connConfig(options)
	if err != nil {
		return nil, err
	}
	if err := prepareServer(ctx, options, *config.Copy()); err != nil {
		return nil, err
	}
	d := &postgresDB{
		cut:  options.Cut,
		seen: &statements{schema: options.Name, tell: options.Observe},
	}
	escribe := config.Copy()
	escribe.RuntimeParams["lock_timeout"] = fmt.Sprint(rowLockTimeout.Milliseconds())
	if d.w, d.ws, err = d.connect(*escribe, writers); err != nil {
		return nil, err
	}
	lee := config.Copy()
	lee.RuntimeParams["default_transaction_isolation"] = "read committed"
	lee.RuntimeParams["default_transaction_read_only"] = "on"
	if d.r, d.rs, err = d.connect(*lee, readers); err != nil {
		return nil, errors.Join(err, d.ws.Close())
	}
	return d, nil
}

func (d *postgresDB) counts() (escrituras, confirmaciones, idas uint64) {
	return d.writes.Load(), d.commits.Load(), d.trips.Load()
}

func (d *postgresDB) statements() uint64 { return d.seen.n.Load() }

func (d *postgresDB) read(ctx context.Context) *gorm.DB {
	g := bind(ctx, ctx, d.r)
	if ctx.Err() == nil && !d.p.Allow(time.Now()) {
		_ = g.AddError(fault.ErrStoreAway) // every call of g returns this error
	}
	return g
}

func (d *postgresDB) ready(ctx context.Context) error {
	err := d.read(ctx).Exec("select 1").Error
	if err != nil &&
		!errors.Is(err, fault.ErrStoreAway) { // such as the deadline of the caller's ctx
		return fmt.Errorf("%w: %w", fault.ErrStoreAway, err)
	}
	return err
}

// bind returns orm bound to ctx. padre is the context of the caller of DB: its end is reported as the caller's own,
// and the end of ctx alone as fault.ErrStoreAway.
func bind(ctx, padre context.Context, orm *gorm.DB) *gorm.DB {
	session := orm.WithContext(ctx)
	if p, ok := session.Dialector.(*postgres.Dialector); ok {
		// The session has its own copy of the configuration.
		session.Dialector = translator{
			p,
			padre,
		}
	}
	return session
}

func (d *postgresDB) write(
	ctx context.Context,
	nombre string,
	effect func(tx *gorm.DB) error,
) error {
	return d.writeWith(ctx, nombre, func(w *gorm.DB) error {
		return w.Transaction(func(tx *gorm.DB) error { return withoutPanic(effect, tx) })
	})
}

// writeStatement sends no begin and no commit: the server runs a lone statement as a transaction of its own,
// serializable and durable like any other.
func (d *postgresDB) writeStatement(
	ctx context.Context,
	nombre, sql string,
	args []any,
) (filas int64, err error) {
	err = d.writeWith(ctx, nombre, func(w *gorm.DB) error {
		r := w.Exec(sql, args...)
		filas = r.RowsAffected
		return r.Error
	})
	return filas, err
}

// writeSingle is writeStatement for a statement that returns rows.
func (d *postgresDB) writeSingle(
	ctx context.Context,
	nombre string,
	effect func(tx *gorm.DB) error,
) error {
	return d.writeWith(ctx, nombre, func(w *gorm.DB) error {
		return withoutPanic(
			effect,
			w.WithContext(context.WithValue(w.Statement.Context, singleKey{}, new(bool))),
		)
	})
}

// writeWith runs try as the write nombre, between the two calls of Cut. It calls try again after a conflict. Errors:
// ctx's; fault.ErrStoreAway at once while the breaker holds the server to be away; try's.
func (d *postgresDB) writeWith(
	ctx context.Context,
	nombre string,
	try func(w *gorm.DB) error,
) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := cutAt(d.cut, nombre, Before); err != nil {
		return err
	}
	if !d.p.Allow(time.Now()) {
		return fmt.Errorf("%s: %w", nombre, fault.ErrStoreAway)
	}
	d.writes.Add(1)
	if err := d.retry(withEffect(ctx, nombre), try); err != nil {
		return err
	}
	return cutAt(d.cut, nombre, After)
}

// retry calls try until no other transaction conflicts with it, at most maxTries times. After
// gorm.ErrDuplicatedKey it calls try once more: a concurrent transaction may have committed the key a moment ago, and
// the second try reads that row and returns the answer for it. Errors: try's last; ctx's.
func (d *postgresDB) retry(ctx context.Context, try func(w *gorm.DB) error) error {
	repetida := false
	for vuelta := 1; ; vuelta++ {
		err := d.once(ctx, try)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, gorm.ErrDuplicatedKey) && !repetida:
			repetida = true
		case !isConflict(err) || vuelta == maxTries:
			return err
		}
		if e := pause(ctx, vuelta); e != nil {
			return e
		}
	}
}

// once calls try once, within transactionTimeout.
func (d *postgresDB) once(ctx context.Context, try func(w *gorm.DB) error) error {
	d.commits.Add(1)
	corto, soltar := context.WithTimeout(ctx, transactionTimeout)
	defer soltar()
	return try(bind(corto, ctx, d.w))
}

// pause waits a random time below retryPause times vuelta, or times 10 after the tenth try. Errors: ctx's, when ctx
// ends first.
func pause(ctx context.Context, vuelta int) error {
	t := time.NewTimer(time.Duration(rand.Int64N(int64(retryPause) * int64(min(vuelta, 10)))))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// isConflict reports whether the server undid the transaction because of a concurrent one: serialization_failure or
// deadlock_detected (PostgreSQL, appendix A). The transaction may be tried again.
func isConflict(err error) bool {
	var p *pgconn.PgError
	return errors.As(err, &p) && (p.Code == "40001" || p.Code == "40P01")
}

func (d *postgresDB) close() error { return errors.Join(d.rs.Close(), d.ws.Close()) }
