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
	escritoras = 2
	lectoras   = 2
)

// Time limits. A request of the API has five seconds, and its statements must end before those are over.
const (
	plazoConexion  = 2 * time.Second  // to connect and log in, or for the answer to a ping
	plazoSentencia = 3 * time.Second  // for one statement
	plazoIntento   = 15 * time.Second // for one transaction, with the wait for a connection
	plazoMigrar    = 10 * time.Second // for a lock on a table, while migrating
	reposo         = time.Second      // idle time after which a connection is pinged before it is used
	latido         = 15 * time.Second // between two TCP keep-alives on a silent connection
	vueltasMax     = 100              // tries of one write that meets conflicts
	pausaVuelta    = 20 * time.Millisecond

	// plazoFila is for the lock on a row that another transaction holds. It is shorter than plazoSentencia, so that the
	// server gives up first and the connection stays open.
	plazoFila = 2500 * time.Millisecond
)

// ErrServidor says that the database server is not there or does not let us in.
var ErrServidor = errors.New("sqldb: the PostgreSQL server does not answer or refuses us")

// postgresDB is the engine for one schema of a PostgreSQL server: a handle that writes (w, ws), a handle that reads
// (r, rs), and the breaker p, which stops both from calling a server that is away.
type postgresDB struct {
	w, r   *gorm.DB
	ws, rs *sql.DB
	corte  Corte
	p      breaker.Breaker
	seen   *statements

	escrituras, confirmaciones, idas atomic.Uint64
}

// openPostgres checks the server, migrates the schema and opens the two handles. Errors: ErrServidor, ErrSync, those
// of migrar.
func openPostgres(ctx context.Context, o Opciones) (*postgresDB, error) {
	config, err := ajustes(o)
	if err != nil {
		return nil, err
	}
	if err := prepararServidor(ctx, o, *config.Copy()); err != nil {
		return nil, err
	}
	d := &postgresDB{corte: o.Corte, seen: &statements{esquema: o.Nombre, tell: o.Observar}}
	escribe := config.Copy()
	escribe.RuntimeParams["lock_timeout"] = fmt.Sprint(plazoFila.Milliseconds())
	if d.w, d.ws, err = d.conectar(*escribe, escritoras); err != nil {
		return nil, err
	}
	lee := config.Copy()
	lee.RuntimeParams["default_transaction_isolation"] = "read committed"
	lee.RuntimeParams["default_transaction_read_only"] = "on"
	if d.r, d.rs, err = d.conectar(*lee, lectoras); err != nil {
		return nil, errors.Join(err, d.ws.Close())
	}
	return d, nil
}

func (d *postgresDB) cuenta() (escrituras, confirmaciones, idas uint64) {
	return d.escrituras.Load(), d.confirmaciones.Load(), d.idas.Load()
}

func (d *postgresDB) sentencias() uint64 { return d.seen.n.Load() }

func (d *postgresDB) leer(ctx context.Context) *gorm.DB {
	g := atar(ctx, ctx, d.r)
	if ctx.Err() == nil && !d.p.Pasar(time.Now()) {
		_ = g.AddError(fault.ErrAlmacen) // every call of g returns this error
	}
	return g
}

func (d *postgresDB) listo(ctx context.Context) error {
	err := d.leer(ctx).Exec("select 1").Error
	if err != nil && !errors.Is(err, fault.ErrAlmacen) { // such as the deadline of the caller's ctx
		return fmt.Errorf("%w: %w", fault.ErrAlmacen, err)
	}
	return err
}

// atar returns orm bound to ctx. padre is the context of the caller of DB: its end is reported as the caller's own,
// and the end of ctx alone as fault.ErrAlmacen.
func atar(ctx, padre context.Context, orm *gorm.DB) *gorm.DB {
	session := orm.WithContext(ctx)
	if p, ok := session.Dialector.(*postgres.Dialector); ok {
		session.Dialector = translator{p, padre} // the session has its own copy of the configuration
	}
	return session
}

func (d *postgresDB) escribir(ctx context.Context, nombre string, f func(tx *gorm.DB) error) error {
	return d.con(ctx, nombre, func(w *gorm.DB) error {
		return w.Transaction(func(tx *gorm.DB) error { return sinPanico(f, tx) })
	})
}

// escribirUna sends no begin and no commit: the server runs a lone statement as a transaction of its own, serializable
// and durable like any other.
func (d *postgresDB) escribirUna(ctx context.Context, nombre, sql string, args []any) (filas int64, err error) {
	err = d.con(ctx, nombre, func(w *gorm.DB) error {
		r := w.Exec(sql, args...)
		filas = r.RowsAffected
		return r.Error
	})
	return filas, err
}

// escribirSola is escribirUna for a statement that returns rows.
func (d *postgresDB) escribirSola(ctx context.Context, nombre string, f func(tx *gorm.DB) error) error {
	return d.con(ctx, nombre, func(w *gorm.DB) error {
		return sinPanico(f, w.WithContext(context.WithValue(w.Statement.Context, claveSola{}, new(bool))))
	})
}

// con runs try as the write nombre, between the two calls of Corte. It calls try again after a conflict. Errors:
// ctx's; fault.ErrAlmacen at once while the breaker holds the server to be away; try's.
func (d *postgresDB) con(ctx context.Context, nombre string, try func(w *gorm.DB) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := cortar(d.corte, nombre, Antes); err != nil {
		return err
	}
	if !d.p.Pasar(time.Now()) {
		return fmt.Errorf("%s: %w", nombre, fault.ErrAlmacen)
	}
	d.escrituras.Add(1)
	if err := d.insistir(withEffect(ctx, nombre), try); err != nil {
		return err
	}
	return cortar(d.corte, nombre, Despues)
}

// insistir calls try until no other transaction conflicts with it, at most vueltasMax times. After
// gorm.ErrDuplicatedKey it calls try once more: a concurrent transaction may have committed the key a moment ago, and
// the second try reads that row and returns the answer for it. Errors: try's last; ctx's.
func (d *postgresDB) insistir(ctx context.Context, try func(w *gorm.DB) error) error {
	repetida := false
	for vuelta := 1; ; vuelta++ {
		err := d.una(ctx, try)
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

// una calls try once, within plazoIntento.
func (d *postgresDB) una(ctx context.Context, try func(w *gorm.DB) error) error {
	d.confirmaciones.Add(1)
	corto, soltar := context.WithTimeout(ctx, plazoIntento)
	defer soltar()
	return try(atar(corto, ctx, d.w))
}

// pausar waits a random time below pausaVuelta times vuelta, or times 10 after the tenth try. Errors: ctx's, when ctx
// ends first.
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

// enElCamino reports whether the server undid the transaction because of a concurrent one: serialization_failure or
// deadlock_detected (PostgreSQL, appendix A). The transaction may be tried again.
func enElCamino(err error) bool {
	var p *pgconn.PgError
	return errors.As(err, &p) && (p.Code == "40001" || p.Code == "40P01")
}

func (d *postgresDB) cerrar() error { return errors.Join(d.rs.Close(), d.ws.Close()) }
