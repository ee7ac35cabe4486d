package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	"modernc.org/sqlite"
)

// ErrSync says that the settings of a store would let it answer a write that is not on disk yet.
var ErrSync = errors.New("sqldb: the store must run with journal_mode=WAL and synchronous=FULL")

// pragmas are set on every connection, with synchronous (o.sincronia). page_size holds for a new file; an existing
// file keeps its own. A commit writes whole pages, so pages of 2 KiB instead of SQLite's 4 KiB make commits write a
// third less. wal_autocheckpoint counts pages: 2000 of 2 KiB are as many bytes as SQLite's default.
var pragmas = []string{
	"busy_timeout(5000)", // milliseconds
	"page_size(2048)",    // bytes
	"wal_autocheckpoint(2000)",
	"foreign_keys(1)",
	"cache_size(-512)", // KiB
	"temp_store(2)",    // in memory
}

// uri gives SQLite's URI of the file archivo (https://sqlite.org/uri.html). It escapes the path, because an unescaped
// ? or # would end the path and %41 would be an A.
func uri(archivo string) string {
	camino := filepath.ToSlash(archivo)
	if filepath.VolumeName(archivo) != "" {
		camino = "///" + camino
	}
	partes := strings.Split(camino, "/")
	for i := range partes {
		partes[i] = url.PathEscape(partes[i])
	}
	return "file:" + strings.Join(partes, "/")
}

// connectSQLite opens one handle of up to n connections to the file options.File. begin is the statement that begins a
// transaction, and extra are pragmas besides pragmas. Errors: gorm's.
func connectSQLite(options Options, seen *statements, n int, begin string, extra ...string,
) (*gorm.DB, *fileHandle, *sql.DB, error) {
	query := url.Values{
		"_pragma": append(append(extra, pragmas...), "synchronous("+options.synchronous+")"),
		// The driver sets it after page_size, which must be set while the file is empty.
		"_journal_mode": {
			"WAL",
		},
		"_time_format": {"sqlite"},
		"_timezone":    {"UTC"},
	}
	handle := &fileHandle{
		dsn:   uri(options.File) + "?" + query.Encode(),
		begin: begin,
		seen:  seen,
	}
	conns := sql.OpenDB(handle)
	conns.SetMaxOpenConns(n)
	conns.SetMaxIdleConns(n)
	orm, err := gorm.Open(
		dialect{conns},
		&gorm.Config{ // no PrepareStmt: the connections keep their statements
			Logger:                 logger.Discard,
			TranslateError:         true,
			SkipDefaultTransaction: true,
			QueryFields:            true,
			DisableAutomaticPing:   true,
		},
	)
	if err != nil {
		return nil, nil, nil, errors.Join(fmt.Errorf("sqldb: open: %w", err), conns.Close())
	}
	return orm, handle, conns, nil
}

// openSQLite opens the file options.File with one connection that writes and two that read, migrates it and starts its
// writer. Errors: ErrSync, those of the migrations and of the file system.
func openSQLite(ctx context.Context, options Options) (*sqliteDB, error) {
	switch {
	case options.synchronous == "" && options.SurvivesKills:
		options.synchronous = "NORMAL"
	case options.synchronous == "":
		options.synchronous = "FULL"
	}
	if err := makeFilePrivate(options.File); err != nil {
		return nil, err
	}
	if err := syncDataOnly(); err != nil {
		return nil, err
	}
	seen := &statements{schema: options.Name, tell: options.Observe}
	w, wh, ws, err := connectSQLite(options, seen, 1, "begin immediate")
	if err != nil {
		return nil, err
	}
	if err := prepareSQLite(ctx, options, ws); err != nil {
		return nil, errors.Join(err, ws.Close())
	}
	r, _, rs, err := connectSQLite(options, seen, 2, "begin", "query_only(1)")
	if err != nil {
		return nil, errors.Join(err, ws.Close())
	}
	d := &sqliteDB{
		w:     w,
		wh:    wh,
		ws:    ws,
		r:     r,
		rs:    rs,
		seen:  seen,
		cut:   options.Cut,
		queue: make(chan *pendingWrite, 1024),
		done:  make(chan struct{}),
		after: time.After,
		disk: &space{
			now: time.Now,
			try: func() error { return tryDisk(filepath.Dir(options.File)) },
		},
	}
	go d.run()
	return d, nil
}

// syncDataOnly makes SQLite sync with fdatasync(2) in this process. It makes the bytes and the size of a file as
// durable as fsync(2), without a wait for the file's times. On a system without fdatasync SQLite keeps using fsync.
func syncDataOnly() error {
	if _, err := sqlite.Fdatasync(true); err != nil &&
		!errors.Is(err, sqlite.ErrFdatasyncUnavailable) {
		return fmt.Errorf("sqldb: open: %w", err)
	}
	return nil
}

// prepareSQLite checks the settings of the writer, migrates the file, and syncs the folder, so that the file's name
// survives a power cut. Errors: ErrSync, those of migrate and of the file system.
func prepareSQLite(ctx context.Context, options Options, writer *sql.DB) error {
	if err := checkDurable(ctx, writer, options); err != nil {
		return err
	}
	if err := migrate(ctx, options, writer, goose.DialectSQLite3, wordsSQLite); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(options.File))
}

// checkDurable reads the pragmas journal_mode and synchronous back. Errors: ErrSync when they are weaker than o asks
// for.
func checkDurable(ctx context.Context, writer *sql.DB, options Options) error {
	var modo string
	var nivel int
	pedido := 2 // FULL
	if options.SurvivesKills {
		pedido = 1 // NORMAL
	}
	if err := writer.QueryRowContext(ctx, "pragma journal_mode").Scan(&modo); err != nil {
		return fmt.Errorf("sqldb: pragma: %w", err)
	}
	if err := writer.QueryRowContext(ctx, "pragma synchronous").Scan(&nivel); err != nil {
		return fmt.Errorf("sqldb: pragma: %w", err)
	}
	if modo != "wal" || nivel < pedido {
		return ErrSync
	}
	return nil
}

// syncFolder syncs the folder dir, so that the names of new files in it survive a power cut.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sqldb: folder: %w", err)
	}
	return errors.Join(f.Sync(), f.Close())
}
