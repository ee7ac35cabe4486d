package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/url"
	"sync/atomic"
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

// How many connections one process keeps to one schema: three schemas and four
// processes stay under 60.
const (
	escritoras = 2
	lectoras   = 2
)

const (
	plazoConexion = 5 * time.Second
	plazoEspera   = 10 * time.Second // for a row that another transaction holds
	vueltasMax    = 100
	pausaVuelta   = 20 * time.Millisecond
)

// ErrServidor says that the database server is not there or does not let us in.
var ErrServidor = errors.New("sqldb: the PostgreSQL server does not answer or refuses us")

// servida is a schema of a PostgreSQL server.
type servida struct {
	w, r   *gorm.DB
	ws, rs *sql.DB
	corte  Corte
	idas   *idas

	escrituras, confirmaciones atomic.Uint64
}

func abrirServida(ctx context.Context, o Opciones) (*servida, error) {
	d := &servida{corte: o.Corte, idas: &idas{}}
	o.idas = d.idas
	var err error
	if d.w, d.ws, err = conectarServidor(o, escritoras, false); err != nil {
		return nil, err
	}
	if err := d.preparar(ctx, o); err != nil {
		return nil, errors.Join(err, d.ws.Close())
	}
	if d.r, d.rs, err = conectarServidor(o, lectoras, true); err != nil {
		return nil, errors.Join(err, d.ws.Close())
	}
	return d, nil
}

// conectarServidor makes a handle of n connections that see the schema alone. Nothing
// is asked of the server yet.
func conectarServidor(o Opciones, n int, soloLee bool) (*gorm.DB, *sql.DB, error) {
	c, err := pgx.ParseConfig(o.Postgres)
	if err != nil {
		return nil, nil, fmt.Errorf("%s.postgres: a URL like postgres://user@host/database expected", o.Nombre) // the library's text may show a password
	}
	c.ConnectTimeout, c.Tracer = plazoConexion, o.idas
	c.RuntimeParams["search_path"] = o.Nombre
	c.RuntimeParams["application_name"] = "despensa " + o.Nombre
	c.RuntimeParams["timezone"] = "UTC"
	c.RuntimeParams["lock_timeout"] = fmt.Sprint(plazoEspera.Milliseconds())
	c.RuntimeParams["synchronous_commit"] = "on"
	c.RuntimeParams["default_transaction_isolation"] = "serializable"
	if soloLee {
		c.RuntimeParams["default_transaction_isolation"] = "read committed"
		c.RuntimeParams["default_transaction_read_only"] = "on"
	}
	s := stdlib.OpenDB(*c)
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
	return g, s, nil
}

// preparar looks whether the server answers and keeps what it confirms, and migrates.
func (d *servida) preparar(ctx context.Context, o Opciones) error {
	ctx, soltar := context.WithTimeout(ctx, 2*time.Minute)
	defer soltar()
	if err := d.duradero(ctx); err != nil {
		return err
	}
	if err := d.esquema(ctx, o.Nombre); err != nil {
		return err
	}
	cerrojo, err := lock.NewPostgresSessionLocker(lock.WithLockID(numero(o.Nombre)), lock.WithLockTimeout(1, 60))
	if err != nil {
		return fmt.Errorf("sqldb: migration lock: %w", err)
	}
	return migrar(ctx, o, d.ws, goose.DialectPostgres, lenguaPostgres, goose.WithSessionLocker(cerrojo))
}

// esquema makes the schema unless it is there: a role that owns its schema may be one that
// may make none, which `create schema if not exists` refuses either way.
func (d *servida) esquema(ctx context.Context, nombre string) error {
	var esta bool
	err := d.ws.QueryRowContext(ctx, "select exists (select from pg_catalog.pg_namespace where nspname = $1)", nombre).Scan(&esta)
	if err == nil && !esta {
		_, err = d.ws.ExecContext(ctx, "create schema if not exists "+pgx.Identifier{nombre}.Sanitize())
	}
	if err != nil && !yaHay(err) {
		return fmt.Errorf("sqldb: schema %s: %s", nombre, sinDatos(err))
	}
	return nil
}

// duradero refuses a server that confirms what a power cut may take back. Errors:
// ErrServidor, ErrSync.
func (d *servida) duradero(ctx context.Context) error {
	corto, soltar := context.WithTimeout(ctx, plazoConexion)
	defer soltar()
	var fsync, completas, confirma string
	err := d.ws.QueryRowContext(corto, "select current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit')").
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

func (d *servida) cuenta() (escrituras, confirmaciones, idas uint64) {
	return d.escrituras.Load(), d.confirmaciones.Load(), d.idas.n.Load()
}

func (d *servida) leer(ctx context.Context) *gorm.DB { return d.r.WithContext(ctx) }

func (d *servida) escribir(ctx context.Context, nombre string, f func(tx *gorm.DB) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := cortar(d.corte, nombre, Antes); err != nil {
		return err
	}
	d.escrituras.Add(1)
	if err := d.insistir(ctx, f); err != nil {
		return err
	}
	return cortar(d.corte, nombre, Despues)
}

// insistir runs f until no other transaction is in its way. A key that is taken may be
// one that a concurrent transaction has just written, which f could not see: it looks
// once more, and then the answer is its own.
func (d *servida) insistir(ctx context.Context, f func(tx *gorm.DB) error) error {
	repetida := false
	for vuelta := 1; ; vuelta++ {
		err := d.una(ctx, f)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, gorm.ErrDuplicatedKey) && !repetida:
			repetida = true
		case !enElCamino(err) || vuelta == vueltasMax:
			return err
		}
		if e := pausar(ctx, vuelta); e != nil {
			return e
		}
	}
}

// una runs f in one transaction.
func (d *servida) una(ctx context.Context, f func(tx *gorm.DB) error) error {
	d.confirmaciones.Add(1)
	return d.w.WithContext(ctx).Transaction(func(tx *gorm.DB) error { return sinPanico(f, tx) })
}

// pausar waits longer from one try to the next, each time a part of it.
func pausar(ctx context.Context, vuelta int) error {
	t := time.NewTimer(time.Duration(rand.Int64N(int64(pausaVuelta) * int64(min(vuelta, 10)))))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// enElCamino says that another transaction was in the way: serialization_failure,
// deadlock_detected (PostgreSQL, appendix A).
func enElCamino(err error) bool {
	var p *pgconn.PgError
	return errors.As(err, &p) && (p.Code == "40001" || p.Code == "40P01")
}

// yaHay says that a concurrent `create schema if not exists` was first.
func yaHay(err error) bool {
	var p *pgconn.PgError
	return errors.As(err, &p) && (p.Code == "23505" || p.Code == "42P06")
}

// sinDatos is what may be said of an error: the server's code, and never its text, which
// may quote a row, nor the address, which may hold a password.
func sinDatos(err error) string {
	var p *pgconn.PgError
	if errors.As(err, &p) {
		return "SQLSTATE " + p.Code
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

func (d *servida) cerrar() error { return errors.Join(d.rs.Close(), d.ws.Close()) }
