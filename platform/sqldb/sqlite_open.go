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

// ErrSync says that a store would answer before its writes are on disk.
var ErrSync = errors.New("sqldb: the store must run with journal_mode=WAL and synchronous=FULL")

// pragmas of every connection. synchronous=FULL: a commit is on disk when it answers. page_size is that of a new file:
// a commit writes whole pages, and half of SQLite's 4 KiB makes a third less of it; the log may hold as many bytes as by
// default. A file that is there keeps its own.
var pragmas = []string{"busy_timeout(5000)", "page_size(2048)", "wal_autocheckpoint(2000)", "foreign_keys(1)", "cache_size(-512)", "temp_store(2)"}

// uri names a file to SQLite (https://sqlite.org/uri.html), whatever characters its path has: unescaped, ? and # would
// end the path, and %41 would be an A.
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

// conectar opens one handle of n connections, whose transactions start with begin.
func conectar(o Opciones, seen *statements, n int, begin string, extra ...string,
) (*gorm.DB, *fileHandle, *sql.DB, error) {
	q := url.Values{
		"_pragma":       append(append(extra, pragmas...), "synchronous("+o.sincronia+")"),
		"_journal_mode": {"WAL"}, // after page_size, which an empty file takes until then
		"_time_format":  {"sqlite"},
		"_timezone":     {"UTC"},
	}
	h := &fileHandle{dsn: uri(o.Archivo) + "?" + q.Encode(), begin: begin, seen: seen}
	s := sql.OpenDB(h)
	s.SetMaxOpenConns(n)
	s.SetMaxIdleConns(n)
	g, err := gorm.Open(dialect{s}, &gorm.Config{ // no PrepareStmt: the connections keep their statements
		Logger:                 logger.Discard,
		TranslateError:         true,
		SkipDefaultTransaction: true,
		QueryFields:            true,
		DisableAutomaticPing:   true,
	})
	if err != nil {
		return nil, nil, nil, errors.Join(fmt.Errorf("sqldb: open: %w", err), s.Close())
	}
	return g, h, s, nil
}

func openSQLite(ctx context.Context, o Opciones) (*sqliteDB, error) {
	switch {
	case o.sincronia == "" && o.SobreviveMuertes:
		o.sincronia = "NORMAL"
	case o.sincronia == "":
		o.sincronia = "FULL"
	}
	if err := makeFilePrivate(o.Archivo); err != nil {
		return nil, err
	}
	if err := syncDataOnly(); err != nil {
		return nil, err
	}
	seen := &statements{esquema: o.Nombre, tell: o.Observar}
	w, wh, ws, err := conectar(o, seen, 1, "begin immediate")
	if err != nil {
		return nil, err
	}
	if err := preparar(ctx, o, ws); err != nil {
		return nil, errors.Join(err, ws.Close())
	}
	r, _, rs, err := conectar(o, seen, 2, "begin", "query_only(1)")
	if err != nil {
		return nil, errors.Join(err, ws.Close())
	}
	d := &sqliteDB{w: w, r: r, wh: wh, ws: ws, rs: rs, seen: seen, corte: o.Corte, cola: make(chan *escritura, 1024), fin: make(chan struct{}),
		disk: &space{now: time.Now, try: func() error { return tryDisk(filepath.Dir(o.Archivo)) }}}
	go d.escribirSiempre()
	return d, nil
}

// syncDataOnly lets SQLite sync by fdatasync(2), in this process: the bytes and the size of a file are as durable as by
// fsync(2), and its times are not waited for. Where there is no such call SQLite goes on as before.
func syncDataOnly() error {
	if _, err := sqlite.Fdatasync(true); err != nil && !errors.Is(err, sqlite.ErrFdatasyncUnavailable) {
		return fmt.Errorf("sqldb: open: %w", err)
	}
	return nil
}

// preparar checks that the writer is durable, migrates, and makes the file's name durable.
func preparar(ctx context.Context, o Opciones, ws *sql.DB) error {
	if err := duradero(ctx, ws, o); err != nil {
		return err
	}
	if err := migrar(ctx, o, ws, goose.DialectSQLite3, lenguaSQLite); err != nil {
		return err
	}
	return sincronizarCarpeta(filepath.Dir(o.Archivo))
}

// duradero reads the pragmas back. Errors: ErrSync.
func duradero(ctx context.Context, s *sql.DB, o Opciones) error {
	var modo string
	var nivel int
	pedido := 2 // FULL
	if o.SobreviveMuertes {
		pedido = 1 // NORMAL
	}
	if err := s.QueryRowContext(ctx, "pragma journal_mode").Scan(&modo); err != nil {
		return fmt.Errorf("sqldb: pragma: %w", err)
	}
	if err := s.QueryRowContext(ctx, "pragma synchronous").Scan(&nivel); err != nil {
		return fmt.Errorf("sqldb: pragma: %w", err)
	}
	if modo != "wal" || nivel < pedido {
		return ErrSync
	}
	return nil
}

// sincronizarCarpeta makes the names in dir survive a power cut.
func sincronizarCarpeta(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sqldb: folder: %w", err)
	}
	return errors.Join(f.Sync(), f.Close())
}
