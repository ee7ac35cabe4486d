// Package sqldb is one module's relational store, in a SQLite file or in a schema of a PostgreSQL server: a handle
// that groups concurrent writes into one commit (SQLite), and readers that cannot write.
package sqldb

import (
	"context"
	"io/fs"
	"sync/atomic"

	"gorm.io/gorm"
)

// Momento is a point at which a crash test may end the program: before or after a durable effect.
type Momento int

// Antes is before the effect; Despues is after it, before the caller has the answer.
const (
	Antes Momento = iota
	Despues
)

// Corte is called before and after each write and each call of the gateway. nombre is the name of the effect. A
// non-nil error stands for the end of the process: the effect does not happen (Antes) or its answer is lost (Despues).
// Nil in production.
type Corte func(nombre string, m Momento) error

// Opciones are the settings of Abrir: which store to open, and how.
type Opciones struct {
	// Nombre is the module's: it names migrations and metrics.
	Nombre string
	// Archivo is the SQLite file; its folder must exist.
	Archivo string
	// SobreviveMuertes is for the file of a development stand-in. A write that has been answered survives a kill of the
	// process, but the writes of the last seconds before a loss of power may be missing. False: a write that has been
	// answered is on disk.
	SobreviveMuertes bool
	// Postgres is the URL of a PostgreSQL database; empty: the store is Archivo. Abrir makes the schema Nombre in the
	// database when absent; the store uses no other schema.
	Postgres string
	// Migraciones are goose files (*.sql) with the template words of lengua.
	Migraciones fs.FS
	// Corte is for crash tests.
	Corte Corte
	// Observar is called with each statement after its run, begin, commit, savepoint and release too, in the goroutine
	// that ran it. It must not use the store. Nil in production.
	Observar func(Sentencia)

	sincronia string // for tests: the value of SQLite's pragma synchronous; empty: FULL
}

// DB is one schema's handle. Safe for concurrent use.
type DB struct {
	motor     motor
	ilegibles atomic.Uint64 // rows that Readable left out
}

// motor is the engine of a DB: sqliteDB or postgresDB. The methods of DB describe its methods.
type motor interface {
	escribir(ctx context.Context, nombre string, f func(tx *gorm.DB) error) error
	leer(ctx context.Context) *gorm.DB
	listo(ctx context.Context) error
	cuenta() (escrituras, confirmaciones, idas uint64)
	sentencias() uint64
	cerrar() error
}

// Escribir runs f in a write transaction, isolated as if no other transaction ran at the same time (SQLite: BEGIN
// IMMEDIATE; PostgreSQL: serializable, tried again after a conflict), and returns when the transaction is durable.
// nombre names the effect ("pedidos.guardar") for Corte and metrics.
//
// f may run more than once, uses nothing but tx, and makes no network call. On a file, writes that wait at the same
// time share a commit; an error of f undoes the changes of f alone.
//
// Errors: f's own, unwrapped (gorm.ErrDuplicatedKey for a repeated key); ctx's when ctx ends first: the write may
// still happen, wholly; fault.ErrAlmacen when a server is away, too slow or shutting down. If the connection broke
// during the commit, the write may have happened, wholly, so the caller repeats it with the same key as after a crash.
func (d *DB) Escribir(ctx context.Context, nombre string, f func(tx *gorm.DB) error) error {
	return d.motor.escribir(ctx, nombre, f)
}

// Leer gives a read-only handle bound to ctx; each statement sees the last commit. Errors of its statements: ctx's
// when ctx has ended; fault.ErrAlmacen when a server is away or does not answer within three seconds. Callers read one
// row with Take or Scan, not with Row: Row cannot report that the server is away.
func (d *DB) Leer(ctx context.Context) *gorm.DB {
	return d.motor.leer(ctx).Set(unreadableRows, &d.ilegibles).Session(&gorm.Session{})
}

// Listo returns nil when the store takes reads and writes. It makes a read and makes no write: it remembers whether
// the disk refused a write of the store. After such a refusal it writes a trial file at most once in ten seconds,
// until the disk takes one. Errors: fault.ErrAlmacen when the server is away, for the other replicas too; ErrLleno
// when the disk of this process's own file takes no writes.
func (d *DB) Listo(ctx context.Context) error { return d.motor.listo(ctx) }

// Ilegibles gives how many rows Readable has left out of the reads of this handle since it was opened.
func (d *DB) Ilegibles() uint64 { return d.ilegibles.Load() }

// Cuenta gives, since the store was opened, the number of writes, of commits (of tries of a commit on a server), and
// of round trips to the server, those of reads too (0 for a file).
func (d *DB) Cuenta() (escrituras, confirmaciones, idas uint64) { return d.motor.cuenta() }

// Sentencias gives how many statements have run since the store was opened, with begin and commit and without
// preparations.
func (d *DB) Sentencias() uint64 { return d.motor.sentencias() }

// Abrir opens the store and migrates it. Errors: ErrSync; ErrServidor, without the server's address, when the server
// does not answer or refuses the login; those of the migrations and of the file system.
func Abrir(ctx context.Context, o Opciones) (*DB, error) {
	if o.Postgres != "" {
		m, err := openPostgres(ctx, o)
		return &DB{motor: m}, err
	}
	m, err := openSQLite(ctx, o)
	return &DB{motor: m}, err
}

// Cerrar closes the store after the writes that Escribir has accepted.
func (d *DB) Cerrar() error { return d.motor.cerrar() }
