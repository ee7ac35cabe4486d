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

// How many connections one process keeps to one schema: three schemas and four
// processes stay under 60.
const (
	escritoras = 2
	lectoras   = 2
)

// How long things may take: a request of the API has five seconds and is to be answered
// before they are over.
const (
	plazoConexion  = 2 * time.Second         // to be let in, or for a sign of life
	plazoSentencia = 3 * time.Second         // for one statement
	plazoFila      = 2500 * time.Millisecond // for a row that another transaction holds; under plazoSentencia, so that the connection stays
	plazoIntento   = 15 * time.Second        // for one transaction, with the wait for a connection
	plazoMigrar    = 10 * time.Second        // for a table that somebody else holds, while migrating
	reposo         = time.Second             // after which a connection is asked whether it still is one
	latido         = 15 * time.Second        // between two keep-alives on a connection that is silent
	vueltasMax     = 100
	pausaVuelta    = 20 * time.Millisecond
)

// ErrServidor says that the database server is not there or does not let us in.
var ErrServidor = errors.New("sqldb: the PostgreSQL server does not answer or refuses us")

// postgresDB is a schema of a PostgreSQL server.
type postgresDB struct {
	w, r   *gorm.DB
	ws, rs *sql.DB
	corte  Corte
	p      breaker.Breaker
	seen   *statements

	escrituras, confirmaciones, idas atomic.Uint64
}

func openPostgres(ctx context.Context, o Opciones) (*postgresDB, error) {
	c, err := ajustes(o)
	if err != nil {
		return nil, err
	}
	if err := prepararServidor(ctx, o, *c.Copy()); err != nil {
		return nil, err
	}
	d := &postgresDB{corte: o.Corte, seen: &statements{esquema: o.Nombre, tell: o.Observar}}
	escribe := c.Copy()
	escribe.RuntimeParams["lock_timeout"] = fmt.Sprint(plazoFila.Milliseconds())
	if d.w, d.ws, err = d.conectar(*escribe, escritoras); err != nil {
		return nil, err
	}
	lee := c.Copy()
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
		_ = g.AddError(fault.ErrAlmacen) // it is what every call of g answers then
	}
	return g
}

func (d *postgresDB) listo(ctx context.Context) error {
	err := d.leer(ctx).Exec("select 1").Error
	if err != nil && !errors.Is(err, fault.ErrAlmacen) { // such as the time of the one who asks
		return fmt.Errorf("%w: %w", fault.ErrAlmacen, err)
	}
	return err
}

// atar gives a handle that works within ctx, for a caller whose context is padre.
func atar(ctx, padre context.Context, g *gorm.DB) *gorm.DB {
	s := g.WithContext(ctx)
	if p, ok := s.Dialector.(*postgres.Dialector); ok {
		s.Dialector = translator{p, padre} // the session has its own copy of the configuration
	}
	return s
}

func (d *postgresDB) escribir(ctx context.Context, nombre string, f func(tx *gorm.DB) error) error {
	return d.con(ctx, nombre, func(w *gorm.DB) error {
		return w.Transaction(func(tx *gorm.DB) error { return sinPanico(f, tx) })
	})
}

// escribirUna needs no transaction: the server makes one of every statement that comes
// alone, as serializable and as durable as any other.
func (d *postgresDB) escribirUna(ctx context.Context, nombre, sql string, args []any) (filas int64, err error) {
	err = d.con(ctx, nombre, func(w *gorm.DB) error {
		r := w.Exec(sql, args...)
		filas = r.RowsAffected
		return r.Error
	})
	return filas, err
}

// escribirSola is escribirUna for a statement that gives something back.
func (d *postgresDB) escribirSola(ctx context.Context, nombre string, f func(tx *gorm.DB) error) error {
	return d.con(ctx, nombre, func(w *gorm.DB) error {
		return sinPanico(f, w.WithContext(context.WithValue(w.Statement.Context, claveSola{}, new(bool))))
	})
}

// con makes a write of try, which may be called more than once.
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

// insistir makes a try until no other transaction is in its way. A key that is taken may be
// one that a concurrent transaction has just written, which the try could not see: it looks
// once more, and then the answer is its own.
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

// una makes one try within its time.
func (d *postgresDB) una(ctx context.Context, try func(w *gorm.DB) error) error {
	d.confirmaciones.Add(1)
	corto, soltar := context.WithTimeout(ctx, plazoIntento)
	defer soltar()
	return try(atar(corto, ctx, d.w))
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

func (d *postgresDB) cerrar() error { return errors.Join(d.rs.Close(), d.ws.Close()) }
