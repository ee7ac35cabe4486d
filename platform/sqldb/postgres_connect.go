package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// connConfig reads the URL options.Postgres and adds the settings that all connections to the schema share. Errors:
// a URL that cannot be read; the error does not quote the URL, which may hold a password.
func connConfig(options Options) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(options.Postgres)
	if err != nil {
		// pgx's error is left out: its text may show the password.
		return nil, fmt.Errorf(
			"%s.postgres: a URL like postgres://user@host/database expected",
			options.Name,
		)
	}
	config.ConnectTimeout = connectTimeout
	vivo := net.KeepAliveConfig{
		Enable:   true,
		Idle:     keepAlive,
		Interval: keepAlive / 3,
		Count:    3,
	}
	config.DialFunc = (&net.Dialer{KeepAliveConfig: vivo}).DialContext
	config.RuntimeParams["search_path"] = options.Name
	config.RuntimeParams["application_name"] = "despensa " + options.Name
	config.RuntimeParams["timezone"] = "UTC"
	config.RuntimeParams["lock_timeout"] = fmt.Sprint(migrateTimeout.Milliseconds())
	// The rows that a dead process locked are free again after this time.
	config.RuntimeParams["idle_in_transaction_session_timeout"] = fmt.Sprint(
		transactionTimeout.Milliseconds(),
	)
	config.RuntimeParams["synchronous_commit"] = "on"
	config.RuntimeParams["default_transaction_isolation"] = "serializable"
	return config, nil
}

// connect makes a gorm handle of up to n connections, each with a tracer. It opens no connection yet. Errors: gorm's.
func (d *postgresDB) connect(config pgx.ConnConfig, n int) (*gorm.DB, *sql.DB, error) {
	trace := tracer{p: &d.p, timeout: statementTimeout, trips: &d.trips, seen: d.seen}
	config.Tracer = trace
	handle := sql.OpenDB(connector{config, trace})
	handle.SetMaxOpenConns(n)
	handle.SetMaxIdleConns(n)
	handle.SetConnMaxIdleTime(5 * time.Minute)
	orm, err := gorm.Open(postgres.New(postgres.Config{Conn: handle}), &gorm.Config{
		Logger:                 logger.Discard,
		TranslateError:         true,
		SkipDefaultTransaction: true,
		QueryFields:            true, // a prepared `select *` fails once a later release has added a column
		DisableAutomaticPing:   true,
	})
	if err != nil {
		return nil, nil, errors.Join(
			fmt.Errorf("%w: %s", ErrServer, withoutData(err)),
			handle.Close(),
		)
	}
	if err := orm.Callback().Row().After("gorm:row").Register("sqldb:traducir", translateRow); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("sqldb: %w", err), handle.Close())
	}
	return orm, handle, nil
}

// prepareServer checks that the server answers and that its commits are durable, makes the schema and migrates it.
// It uses connections of its own, without a tracer, because a migration may take longer than statementTimeout. Errors:
// ErrServer, ErrSync, those of migrate.
func prepareServer(ctx context.Context, options Options, config pgx.ConnConfig) (err error) {
	ctx, soltar := context.WithTimeout(ctx, 2*time.Minute)
	defer soltar()
	handle := stdlib.OpenDB(config)
	defer func() { err = errors.Join(err, handle.Close()) }()
	handle.SetMaxOpenConns(writers)
	if err := checkServerDurable(ctx, handle); err != nil {
		return err
	}
	if err := makeSchema(ctx, handle, options.Name); err != nil {
		return err
	}
	cerrojo, err := lock.NewPostgresSessionLocker(
		lock.WithLockID(lockID(options.Name)),
		lock.WithLockTimeout(1, 60),
	)
	if err != nil {
		return fmt.Errorf("sqldb: migration lock: %w", err)
	}
	return migrate(
		ctx,
		options,
		handle,
		goose.DialectPostgres,
		wordsPostgres,
		goose.WithSessionLocker(cerrojo),
	)
}

// makeSchema makes the schema nombre when it is absent. It looks first, because the server refuses `create schema if
// not exists` to a role that may make no schemas, even if the schema is there.
func makeSchema(ctx context.Context, handle *sql.DB, nombre string) error {
	var esta bool
	const pregunta = "select exists (select from pg_catalog.pg_namespace where nspname = $1)"
	err := handle.QueryRowContext(ctx, pregunta, nombre).Scan(&esta)
	if err == nil && !esta {
		_, err = handle.ExecContext(
			ctx,
			"create schema if not exists "+pgx.Identifier{nombre}.Sanitize(),
		)
	}
	if err != nil && !alreadyExists(err) {
		return fmt.Errorf("sqldb: schema %s: %s", nombre, withoutData(err))
	}
	return nil
}

// checkServerDurable refuses a server that may lose confirmed commits in a power cut. Errors: ErrServer when the
// server does not answer; ErrSync when fsync, full_page_writes or synchronous_commit is off.
func checkServerDurable(ctx context.Context, handle *sql.DB) error {
	corto, soltar := context.WithTimeout(ctx, connectTimeout)
	defer soltar()
	var fsync, completas, confirma string
	const pregunta = "select current_setting('fsync'), current_setting('full_page_writes')," +
		" current_setting('synchronous_commit')"
	err := handle.QueryRowContext(corto, pregunta).Scan(&fsync, &completas, &confirma)
	if err != nil {
		return fmt.Errorf("%w: %s", ErrServer, withoutData(err))
	}
	if fsync != "on" || completas != "on" || confirma == "off" {
		return fmt.Errorf(
			"%w; PostgreSQL: fsync=on, full_page_writes=on, synchronous_commit=on",
			ErrSync,
		)
	}
	return nil
}

// lockID gives the id of the migration lock of the module nombre. Each module has an id of its own, so that no
// module's migration waits for another's.
func lockID(nombre string) int64 {
	h := fnv.New32a()
	_, _ = h.Write([]byte("despensa " + nombre)) // never fails
	return int64(h.Sum32())
}

// alreadyExists reports whether err says that a concurrent `create schema if not exists` made the schema first.
func alreadyExists(err error) bool {
	var p *pgconn.PgError
	return errors.As(err, &p) && (p.Code == "23505" || p.Code == "42P06")
}
