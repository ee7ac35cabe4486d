package sqldb

import (
	"container/list"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"hash/maphash"
)

// A connection keeps the prepared statements of texts that it has run twice: at most keptMax of them, none longer than
// keptBytes. Longer texts are lists of values of varying length, which seldom repeat.
const (
	keptMax   = 96
	keptBytes = 4 << 10
	onceMax   = 512 // hashes that are remembered, of texts that were run once
)

// engineStmt is the interface of the driver's prepared statements.
type engineStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// keptStatement is a prepared statement that outlives its run. SQLite prepares it anew by itself when the schema has
// changed (https://sqlite.org/c3ref/prepare.html, v2).
type keptStatement struct {
	text string
	stmt engineStmt
	busy bool // the statement runs, or its rows are being read
}

// release ends a run of the statement, which may then run again or be closed.
func (k *keptStatement) release() { k.busy = false }

// statementCache keeps the statements of one connection, which database/sql lets one goroutine use at a time.
type statementCache struct {
	seed   maphash.Seed
	once   [onceMax]uint64 // hashes of texts that were run once, each at the index hash modulo onceMax
	byText map[string]*list.Element
	order  *list.List // of *keptStatement; the most recently used is first
}

func newStatementCache() *statementCache {
	return &statementCache{
		seed:   maphash.MakeSeed(),
		byText: map[string]*list.Element{},
		order:  list.New(),
	}
}

// take gives the kept statement of text; the caller releases it after the run. It returns nil when the caller is to
// run text without a kept statement: at the first run of text, and while the rows of another run of text are open.
// Errors: those of preparing.
func (s *statementCache) take(ctx context.Context, conn driver.ConnPrepareContext, text string,
) (*keptStatement, error) {
	if kept, ok := s.byText[text]; ok {
		k := kept.Value.(*keptStatement)
		if k.busy {
			return nil, nil
		}
		s.order.MoveToFront(kept)
		k.busy = true
		return k, nil
	}
	if !s.again(text) {
		return nil, nil
	}
	return s.prepare(ctx, conn, text)
}

// again reports whether text has been run before and is short enough to be kept. It remembers text.
func (s *statementCache) again(text string) bool {
	if len(text) > keptBytes {
		return false
	}
	h := maphash.String(s.seed, text)
	place := &s.once[h%onceMax]
	if *place == h {
		return true
	}
	*place = h
	return false
}

// prepare prepares text and keeps the statement, in place of the least recently used one if keptMax are kept. Errors:
// the driver's.
func (s *statementCache) prepare(
	ctx context.Context,
	conn driver.ConnPrepareContext,
	text string,
) (*keptStatement, error) {
	prepared, err := conn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	e, ok := prepared.(engineStmt)
	if !ok {
		return nil, errors.Join(
			fmt.Errorf("sqldb: a statement of the driver is a %T", prepared),
			prepared.Close(),
		)
	}
	k := &keptStatement{text: text, stmt: e, busy: true}
	s.byText[text] = s.order.PushFront(k)
	return k, s.trim()
}

// trim closes the least recently used statements beyond keptMax, but none that is busy.
func (s *statementCache) trim() error {
	for e := s.order.Back(); e != nil && s.order.Len() > keptMax; {
		k := e.Value.(*keptStatement)
		before := e.Prev()
		if !k.busy {
			s.order.Remove(e)
			delete(s.byText, k.text)
			if err := k.stmt.Close(); err != nil {
				return fmt.Errorf("sqldb: close a statement: %w", err)
			}
		}
		e = before
	}
	return nil
}

// close closes all kept statements.
func (s *statementCache) close() error {
	var errs []error
	for e := s.order.Front(); e != nil; e = e.Next() {
		errs = append(errs, e.Value.(*keptStatement).stmt.Close())
	}
	s.order.Init()
	clear(s.byText)
	return errors.Join(errs...)
}
