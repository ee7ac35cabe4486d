package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"despensa/platform/guard"

	"gorm.io/gorm"
)

// lote is the maximum number of writes that share a commit.
const lote = 256

// gather is how long a commit waits for further writes while several callers write. It is far less than the waits of an
// order for its neighbours, and under load it saves a quarter of the commits, and with them of the syncs
// (docs/rendimiento.md).
const gather = 2 * time.Millisecond

// errCerrada is the error of a write after Cerrar.
var errCerrada = errors.New("sqldb: closed")

// sqliteDB is the engine for a SQLite file: one connection that writes, two that read. One goroutine
// (escribirSiempre) takes the writes from cola and commits those that wait together.
type sqliteDB struct {
	w, r   *gorm.DB
	wh     *fileHandle // of w
	ws, rs *sql.DB
	seen   *statements
	corte  Corte
	cola   chan *escritura
	fin    chan struct{}
	disk   *space
	after  func(d time.Duration) <-chan time.Time // time.After; tests give their own

	mu      sync.RWMutex // guards cerrada; held shared while a write is put into cola, so that cerrar can close cola
	cerrada bool

	escrituras, confirmaciones atomic.Uint64
}

// escritura is one call of Escribir that waits for the writer.
type escritura struct {
	nombre string
	f      func(tx *gorm.DB) error
	res    chan error // receives the outcome; it has room for one, so the writer never waits for the caller
}

func (d *sqliteDB) cuenta() (escrituras, confirmaciones, idas uint64) {
	return d.escrituras.Load(), d.confirmaciones.Load(), 0
}

func (d *sqliteDB) sentencias() uint64 { return d.seen.n.Load() }

func (d *sqliteDB) leer(ctx context.Context) *gorm.DB { return d.r.WithContext(ctx) }

func (d *sqliteDB) listo(ctx context.Context) error {
	if err := d.leer(ctx).Exec("select 1").Error; err != nil {
		return err
	}
	return d.disk.ready()
}

// escribir puts a write into cola and waits for its outcome. When ctx ends first the write may still happen.
func (d *sqliteDB) escribir(ctx context.Context, nombre string, f func(tx *gorm.DB) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := cortar(d.corte, nombre, Antes); err != nil {
		return err
	}
	write := &escritura{nombre: nombre, f: f, res: make(chan error, 1)}
	if err := d.encolar(ctx, write); err != nil {
		return err
	}
	select {
	case err := <-write.res:
		if err != nil {
			return err
		}
		return cortar(d.corte, nombre, Despues)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// cortar calls c, if a crash test has set it, at the moment m of the effect nombre. Errors: c's.
func cortar(c Corte, nombre string, m Momento) error {
	if c == nil {
		return nil
	}
	return c(nombre, m)
}

// encolar puts write into cola. Errors: errCerrada after Cerrar; ctx's when ctx ends before cola has room.
func (d *sqliteDB) encolar(ctx context.Context, write *escritura) error {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.cerrada {
		return errCerrada
	}
	select {
	case d.cola <- write:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// escribirSiempre is the writer's goroutine. It commits the writes of cola until cerrar closes cola. A commit waits up
// to gather until it holds as many writes as the commits before it did: so a caller that writes alone never waits.
func (d *sqliteDB) escribirSiempre() {
	defer close(d.fin)
	usual := 1
	for primera := range d.cola {
		writes := d.juntar(primera, usual)
		usual = max(len(writes), (usual+len(writes))/2)
		d.confirmar(writes)
	}
}

// juntar returns primera and the writes that wait in cola behind it, up to lote. While they are fewer than usual, it
// waits for more, for gather at most.
func (d *sqliteDB) juntar(primera *escritura, usual int) []*escritura {
	writes := []*escritura{primera}
	var late <-chan time.Time
	for len(writes) < lote {
		var e *escritura
		var ok bool
		select {
		case e, ok = <-d.cola:
		default:
			if len(writes) >= usual {
				return writes
			}
			if late == nil {
				late = d.after(gather)
			}
			select {
			case e, ok = <-d.cola:
			case <-late:
				return writes
			}
		}
		if !ok {
			return writes
		}
		writes = append(writes, e)
	}
	return writes
}

// sinPanico calls f and turns a panic of f into an error, so that the other writes of the same commit go on. Errors:
// those of f; *guard.Panic.
func sinPanico(f func(tx *gorm.DB) error, tx *gorm.DB) error {
	return guard.Do(func() error { return f(tx.Session(&gorm.Session{NewDB: true})) })
}

func (d *sqliteDB) cerrar() error {
	d.mu.Lock()
	if d.cerrada {
		d.mu.Unlock()
		return nil
	}
	d.cerrada = true
	close(d.cola)
	d.mu.Unlock()
	<-d.fin
	return errors.Join(d.rs.Close(), d.ws.Close())
}
