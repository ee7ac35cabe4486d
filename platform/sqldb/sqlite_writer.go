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

// maxBatch is the maximum number of writes that share a commit.
const maxBatch = 256

// gatherTime is how long a commit waits for further writes while several callers write. It is far less than the
// waits of an order for its neighbours, and under load it saves a quarter of the commits, and with them of the
// syncs (docs/rendimiento.md).
const gatherTime = 3 * time.Millisecond

// errClosed is the error of a write after Close.
var errClosed = errors.New("sqldb: closed")

// sqliteDB is the engine for a SQLite file: one connection that writes, two that read. One goroutine
// (run) takes the writes from queue and commits those that wait together.
type sqliteDB struct {
	w, r   *gorm.DB
	wh     *fileHandle // of w
	ws, rs *sql.DB
	seen   *statements
	cut    Cut
	queue  chan *pendingWrite
	done   chan struct{}
	disk   *space
	after  func(d time.Duration) <-chan time.Time // time.After; tests give their own

	mu     sync.RWMutex // guards closed; held shared while a write is put into queue, so that close can close queue
	closed bool

	writes, commits atomic.Uint64
}

// pendingWrite is one call of Write that waits for the writer.
type pendingWrite struct {
	name string
	f    func(tx *gorm.DB) error
	res  chan error // receives the outcome; it has room for one, so the writer never waits for the caller
}

func (d *sqliteDB) counts() (escrituras, confirmaciones, idas uint64) {
	return d.writes.Load(), d.commits.Load(), 0
}

func (d *sqliteDB) statements() uint64 { return d.seen.n.Load() }

func (d *sqliteDB) read(ctx context.Context) *gorm.DB { return d.r.WithContext(ctx) }

func (d *sqliteDB) ready(ctx context.Context) error {
	if err := d.read(ctx).Exec("select 1").Error; err != nil {
		return err
	}
	return d.disk.ready()
}

// write puts a write into queue and waits for its outcome. When ctx ends first the write may still happen.
func (d *sqliteDB) write(
	ctx context.Context,
	nombre string,
	effect func(tx *gorm.DB) error,
) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := cutAt(d.cut, nombre, Before); err != nil {
		return err
	}
	write := &pendingWrite{name: nombre, f: effect, res: make(chan error, 1)}
	if err := d.enqueue(ctx, write); err != nil {
		return err
	}
	select {
	case err := <-write.res:
		if err != nil {
			return err
		}
		return cutAt(d.cut, nombre, After)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// cutAt calls cut, if a crash test has set it, at moment of the effect nombre. Errors: cut's.
func cutAt(cut Cut, nombre string, moment Moment) error {
	if cut == nil {
		return nil
	}
	return cut(nombre, moment)
}

// enqueue puts write into queue. Errors: errClosed after Close; ctx's when ctx ends before queue has room.
func (d *sqliteDB) enqueue(ctx context.Context, write *pendingWrite) error {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.closed {
		return errClosed
	}
	select {
	case d.queue <- write:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run is the writer's goroutine. It commits the writes of queue until close closes queue. A commit waits up
// to gatherTime until it holds as many writes as the commits before it did: so a caller that writes alone never waits.
func (d *sqliteDB) run() {
	defer close(d.done)
	usual := 1
	for primera := range d.queue {
		writes := d.gather(primera, usual)
		usual = max(len(writes), (usual+len(writes))/2)
		d.commit(writes)
	}
}

// gather returns primera and the writes that wait in queue behind it, up to maxBatch. While they are fewer than usual,
// it waits for more, for gatherTime at most.
func (d *sqliteDB) gather(primera *pendingWrite, usual int) []*pendingWrite {
	writes := []*pendingWrite{primera}
	var late <-chan time.Time
	for len(writes) < maxBatch {
		var e *pendingWrite
		var ok bool
		select {
		case e, ok = <-d.queue:
		default:
			if len(writes) >= usual {
				return writes
			}
			if late == nil {
				late = d.after(gatherTime)
			}
			select {
			case e, ok = <-d.queue:
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

// withoutPanic calls effect and turns a panic of effect into an error, so that the other writes of the same commit
// go on. Errors: those of effect; *guard.Panic.
func withoutPanic(effect func(tx *gorm.DB) error, tx *gorm.DB) error {
	return guard.Do(func() error { return effect(tx.Session(&gorm.Session{NewDB: true})) })
}

func (d *sqliteDB) close() error {
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return nil
	}
	d.closed = true
	close(d.queue)
	d.mu.Unlock()
	<-d.done
	return errors.Join(d.rs.Close(), d.ws.Close())
}
