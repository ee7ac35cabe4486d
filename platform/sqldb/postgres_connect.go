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

// ajustes are what every connection to the schema has in common.
func ajustes(o Opciones) (*pgx.ConnConfig, error) {
	c, err := pgx.ParseConfig(o.Postgres)
	if err != nil {
		return nil, fmt.Errorf("%s.postgres: a URL like postgres://user@host/database expected", o.Nombre) // the library's text may show a password
	}
	c.ConnectTimeout = plazoConexion
	c.DialFunc = (&net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: latido, Interval: latido / 3, Count: 3}}).DialContext
	c.RuntimeParams["search_path"] = o.Nombre
	c.RuntimeParams["application_name"] = "despensa " + o.Nombre
	c.RuntimeParams["timezone"] = "UTC"
	c.RuntimeParams["lock_timeout"] = fmt.Sprint(plazoMigrar.Milliseconds())
	c.RuntimeParams["idle_in_transaction_session_timeout"] = fmt.Sprint(plazoIntento.Milliseconds()) // a process that died holds no rows
	c.RuntimeParams["synchronous_commit"] = "on"
	c.RuntimeParams["default_transaction_isolation"] = "serializable"
	return c, nil
}

// conectar makes a handle of n connections, watched by a tracer. Nothing is asked of
// the server yet.
func (d *postgresDB) conectar(c pgx.ConnConfig, n int) (*gorm.DB, *sql.DB, error) {
	t := tracer{p: &d.p, plazo: plazoSentencia, idas: &d.idas, seen: d.seen}
	c.Tracer = t
	s := sql.OpenDB(connector{c, t})
	s.SetMaxOpenConns(n)
	s.SetMaxIdleConns(n)
	s.SetConnMaxIdleTime(5 * time.Minute)
	// QueryFields: columns by name, because a statement prepared as `select *` fails once a
	// later release has added a column.
	g, err := gorm.Open(postgres.New(postgres.Config{Conn: s}), &gorm.Config{
		Logger: logger.Discard, TranslateError: true, SkipDefaultTransaction: true, QueryFields: true, DisableAutomaticPing: true})
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("%w: %s", ErrServidor, sinDatos(err)), s.Close())
	}
	if err := g.Callback().Row().After("gorm:row").Register("sqldb:traducir", traducirFila); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("sqldb: %w", err), s.Close())
	}
	return g, s, nil
}

// prepararServidor looks whether the server answers and keeps what it confirms, and
// migrates, on connections of its own: a migration may take longer than a statement.
func prepararServidor(ctx context.Context, o Opciones, c pgx.ConnConfig) (err error) {
	ctx, soltar := context.WithTimeout(ctx, 2*time.Minute)
	defer soltar()
	s := stdlib.OpenDB(c)
	defer func() { err = errors.Join(err, s.Close()) }()
	s.SetMaxOpenConns(escritoras)
	if err := duraderoServidor(ctx, s); err != nil {
		return err
	}
	if err := esquema(ctx, s, o.Nombre); err != nil {
		return err
	}
	cerrojo, err := lock.NewPostgresSessionLocker(lock.WithLockID(numero(o.Nombre)), lock.WithLockTimeout(1, 60))
	if err != nil {
		return fmt.Errorf("sqldb: migration lock: %w", err)
	}
	return migrar(ctx, o, s, goose.DialectPostgres, lenguaPostgres, goose.WithSessionLocker(cerrojo))
}

// esquema makes the schema unless it is there: a role that owns its schema may be one that
// may make none, which `create schema if not exists` refuses either way.
func esquema(ctx context.Context, s *sql.DB, nombre string) error {
	var esta bool
	err := s.QueryRowContext(ctx, "select exists (select from pg_catalog.pg_namespace where nspname = $1)", nombre).Scan(&esta)
	if err == nil && !esta {
		_, err = s.ExecContext(ctx, "create schema if not exists "+pgx.Identifier{nombre}.Sanitize())
	}
	if err != nil && !yaHay(err) {
		return fmt.Errorf("sqldb: schema %s: %s", nombre, sinDatos(err))
	}
	return nil
}

// duraderoServidor refuses a server that confirms what a power cut may take back. Errors:
// ErrServidor, ErrSync.
func duraderoServidor(ctx context.Context, s *sql.DB) error {
	corto, soltar := context.WithTimeout(ctx, plazoConexion)
	defer soltar()
	var fsync, completas, confirma string
	err := s.QueryRowContext(corto, "select current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit')").
		Scan(&fsync, &completas, &confirma)
	if err != nil {
		return fmt.Errorf("%w: %s", ErrServidor, sinDatos(err))
	}
	if fsync != "on" || completas != "on" || confirma == "off" {
		return fmt.Errorf("%w; PostgreSQL: fsync=on, full_page_writes=on, synchronous_commit=on", ErrSync)
	}
	return nil
}

// numero is the id of a module's migration lock: one each, so that none waits for another.
func numero(nombre string) int64 {
	h := fnv.New32a()
	_, _ = h.Write([]byte("despensa " + nombre)) // never fails
	return int64(h.Sum32())
}

// yaHay says that a concurrent `create schema if not exists` was first.
func yaHay(err error) bool {
	var p *pgconn.PgError
	return errors.As(err, &p) && (p.Code == "23505" || p.Code == "42P06")
}
