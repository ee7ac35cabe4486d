// Package sqldb is one module's relational store: a handle with one writer that
// groups waiting writes into one commit, and readers that cannot write.
package sqldb

import (
	"context"
	"io/fs"
	"sync/atomic"

	"gorm.io/gorm"
)

// Momento is a side of a durable effect at which a test may end the program.
type Momento int

// Before the effect, and after it but before its answer.
const (
	Antes Momento = iota
	Despues
)

// Corte is called around every write and every call of the gateway. A non-nil
// error stands for the end of the process: the effect does not happen (Antes) or
// its answer is lost (Despues). Nil in production.
type Corte func(nombre string, m Momento) error

// Opciones say which store to open.
type Opciones struct {
	// Nombre is the module's: it names migrations and metrics.
	Nombre string
	// Archivo is the SQLite file; its folder must exist.
	Archivo string
	// SobreviveMuertes is for the file of a stand-in: what was written survives a kill of the process, but the last
	// seconds before a loss of power may be missing. Without it a write that has been answered is on disk.
	SobreviveMuertes bool
	// Postgres is the URL of a PostgreSQL database; empty: Archivo. The schema Nombre is
	// made in it when absent, and nothing outside that schema is seen.
	Postgres string
	// Migraciones are goose files, rendered for the engine before they run.
	Migraciones fs.FS
	// Corte is for crash tests.
	Corte Corte
	// Observar is told of each statement after it has run, begin, commit, savepoint and release too, by whichever
	// goroutine ran it; it must not use the store. Nil in production.
	Observar func(Sentencia)

	sincronia string // tests alone: what synchronous is set to; empty: FULL
}

// DB is one schema's handle. Safe for concurrent use.
type DB struct {
	motor     motor
	ilegibles atomic.Uint64 // rows that Readable left out
}

// motor is an engine below a DB.
type motor interface {
	escribir(ctx context.Context, nombre string, f func(tx *gorm.DB) error) error
	leer(ctx context.Context) *gorm.DB
	listo(ctx context.Context) error
	cuenta() (escrituras, confirmaciones, idas uint64)
	sentencias() uint64
	cerrar() error
}

// Escribir runs f inside a write transaction, as if no other ran at the same time
// (SQLite: BEGIN IMMEDIATE; PostgreSQL: serializable, tried again after a conflict), and
// returns once it is durable. Waiting writes may share a commit: an error of f undoes f
// alone. f may run more than once and must touch nothing but tx; no
// network call inside. nombre names the effect ("pedidos.guardar") for Corte and metrics.
// A caller whose ctx ends gets ctx's error; its write may still happen, whole.
// Errors: f's own, unwrapped (gorm.ErrDuplicatedKey for a repeated key); fault.ErrAlmacen
// when a server is away, too slow or going: when its connection broke during the commit
// the write may have happened all the same, whole, so the caller repeats it with the same
// key as after a crash.
func (d *DB) Escribir(ctx context.Context, nombre string, f func(tx *gorm.DB) error) error {
	return d.motor.escribir(ctx, nombre, f)
}

// Leer gives a read-only handle bound to ctx; each statement sees the last commit. Errors
// of its statements: ctx's when that has ended; fault.ErrAlmacen when a server is away or
// does not answer a statement within three seconds. One row is read with Take or Scan: Row
// has no way to say that there is no server to ask.
func (d *DB) Leer(ctx context.Context) *gorm.DB {
	return d.motor.leer(ctx).Set(unreadableRows, &d.ilegibles).Session(&gorm.Session{})
}

// Listo reports whether the store takes reads and writes. It reads, and goes by how writes ended: after one that the disk
// did not take it tries the disk once in ten seconds, and is ready again when the disk takes that. Errors: fault.ErrAlmacen when a server is away, which
// other processes have in common with this one; ErrLleno when the disk of this process's own file takes no writes.
func (d *DB) Listo(ctx context.Context) error { return d.motor.listo(ctx) }

// Ilegibles tells how often Readable left a row out of what Leer reads.
func (d *DB) Ilegibles() uint64 { return d.ilegibles.Load() }

// Cuenta tells how many writes were made, how many commits carried them, and how many
// round trips to a server all of it took (a file: none).
func (d *DB) Cuenta() (escrituras, confirmaciones, idas uint64) { return d.motor.cuenta() }

// Sentencias tells how many statements were run, begin and commit among them; preparations are none.
func (d *DB) Sentencias() uint64 { return d.motor.sentencias() }

// Abrir opens the store and migrates it. Errors: ErrSync; a server that does not answer
// or refuses us, without the address.
func Abrir(ctx context.Context, o Opciones) (*DB, error) {
	if o.Postgres != "" {
		m, err := openPostgres(ctx, o)
		return &DB{motor: m}, err
	}
	m, err := openSQLite(ctx, o)
	return &DB{motor: m}, err
}

// Cerrar waits for the writes that were accepted and closes the store.
func (d *DB) Cerrar() error { return d.motor.cerrar() }
