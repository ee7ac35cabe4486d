// Package sqldb is one module's relational store, in a SQLite file or in a schema of a PostgreSQL server: a handle
// that groups concurrent writes into one commit (SQLite), and readers that cannot write.
package sqldb

import (
	"context"
	"io/fs"
	"sync/atomic"

	"gorm.io/gorm"
)

// Moment is a point at which a crash test may end the program: before or after a durable effect.
type Moment int

// Before is before the effect; After is after it, before the caller has the answer.
const (
	Before Moment = iota
	After
)

// Cut is called before and after each write and each call of the gateway. nombre is the name of the effect. A
// non-nil error stands for the end of the process: the effect does not happen (Before) or its answer is lost (After).
// Nil in production.
type Cut func(nombre string, m Moment) error

// Options are the settings of Open: which store to open, and how.
type Options struct {
	// Name is the module's: it names migrations and metrics.
	Name string
	// File is the SQLite file; its folder must exist.
	File string
	// SurvivesKills is for the file of a development stand-in. A write that has been answered survives a kill of the
	// process, but the writes of the last seconds before a loss of power may be missing. False: a write that has been
	// answered is on disk.
	SurvivesKills bool
	// Postgres is the URL of a PostgreSQL database; empty: the store is File. Open makes the schema Name in the
	// database when absent; the store uses no other schema.
	Postgres string
	// Migrations are goose files (*.sql) with the template words of dialectWords.
	Migrations fs.FS
	// Cut is for crash tests.
	Cut Cut
	// Observe is called with each statement after its run, begin, commit, savepoint and release too, in the goroutine
	// that ran it. It must not use the store. Nil in production.
	Observe func(Execution)

	synchronous string // for tests: the value of SQLite's pragma synchronous; empty: FULL
}

// DB is one schema's handle. Safe for concurrent use.
type DB struct {
	engine     engine
	unreadable atomic.Uint64 // rows that Readable left out
}

// engine is the engine of a DB: sqliteDB or postgresDB. The methods of DB describe its methods.
type engine interface {
	write(ctx context.Context, nombre string, f func(tx *gorm.DB) error) error
	read(ctx context.Context) *gorm.DB
	ready(ctx context.Context) error
	counts() (escrituras, confirmaciones, idas uint64)
	statements() uint64
	close() error
}

// Write runs effect in a write transaction, isolated as if no other transaction ran at the same time (SQLite: BEGIN
// IMMEDIATE; PostgreSQL: serializable, tried again after a conflict), and returns when the transaction is durable.
// name names the effect ("pedidos.guardar") for Cut and metrics.
//
// effect may run more than once, uses nothing but tx, and makes no network call. On a file, writes that wait at the
// same time share a commit; an error of effect undoes the changes of effect alone.
//
// Errors: effect's own, unwrapped (gorm.ErrDuplicatedKey for a repeated key); ctx's when ctx ends first: the write may
// still happen, wholly; fault.ErrStoreAway when a server is away, too slow or shutting down. If the connection broke
// during the commit, the write may have happened, wholly, so the caller repeats it with the same key as after a crash.
func (d *DB) Write(ctx context.Context, nombre string, effect func(tx *gorm.DB) error) error {
	return d.engine.write(ctx, nombre, effect)
}

// Read gives a read-only handle bound to ctx; each statement sees the last commit. Errors of its statements: ctx's when
// ctx has ended; fault.ErrStoreAway when a server is away or does not answer within three seconds. Callers read one row
// with Take or Scan, not with Row: Row cannot report that the server is away.
func (d *DB) Read(ctx context.Context) *gorm.DB {
	return d.engine.read(ctx).Set(unreadableRows, &d.unreadable).Session(&gorm.Session{})
}

// Ready returns nil when the store takes reads and writes. It makes a read and makes no write: it remembers whether
// the disk refused a write of the store. After such a refusal it writes a trial file at most once in ten seconds,
// until the disk takes one. Errors: fault.ErrStoreAway when the server is away, for the other replicas too; ErrFull
// when the disk of this process's own file takes no writes.
func (d *DB) Ready(ctx context.Context) error { return d.engine.ready(ctx) }

// Unreadable gives how many rows Readable has left out of the reads of this handle since it was opened.
func (d *DB) Unreadable() uint64 { return d.unreadable.Load() }

// Counts gives, since the store was opened, the number of writes, of commits (of tries of a commit on a server), and
// of round trips to the server, those of reads too (0 for a file).
func (d *DB) Counts() (escrituras, confirmaciones, idas uint64) { return d.engine.counts() }

// Statements gives how many statements have run since the store was opened, with begin and commit and without
// preparations.
func (d *DB) Statements() uint64 { return d.engine.statements() }

// Open opens the store and migrates it. Errors: ErrSync; ErrServer, without the server's address, when the server
// does not answer or refuses the login; those of the migrations and of the file system.
func Open(ctx context.Context, options Options) (*DB, error) {
	if options.Postgres != "" {
		m, err := openPostgres(ctx, options)
		if err != nil {
			return nil, err
		}
		return &DB{engine: m}, nil
	}
	m, err := openSQLite(ctx, options)
	if err != nil {
		return nil, err
	}
	return &DB{engine: m}, nil
}

// Close closes the store after the writes that Write has accepted.
func (d *DB) Close() error { return d.engine.close() }
