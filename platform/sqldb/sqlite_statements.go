package sqldb

import (
	"container/list"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"hash/maphash"
)

// What a connection keeps: statements that it has seen twice, as many as keptMax, none longer than keptBytes. The
// longer ones are lists of values, whose lengths change.
const (
	keptMax   = 96
	keptBytes = 4 << 10
	onceMax   = 512 // texts that were seen once and are remembered, by their hash
)

// engineStmt is a prepared statement as the driver makes it.
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
	busy bool // it runs, or its rows are being read
}

// release says that the run is over.
func (k *keptStatement) release() { k.busy = false }

// statementCache keeps the statements of one connection, which database/sql lets one goroutine use at a time.
type statementCache struct {
	seed   maphash.Seed
	once   [onceMax]uint64 // hashes of texts that were seen once, each in its place
	byText map[string]*list.Element
	order  *list.List // of *keptStatement; the one used last is first
}

func newStatementCache() *statementCache {
	return &statementCache{seed: maphash.MakeSeed(), byText: map[string]*list.Element{}, order: list.New()}
}

// take gives the statement of text, to be released after its run; nil: text is to be run without. A text that is run a
// second time while the first run's rows are open runs without. Errors: those of preparing.
func (s *statementCache) take(ctx context.Context, c driver.ConnPrepareContext, text string) (*keptStatement, error) {
	if e, ok := s.byText[text]; ok {
		k := e.Value.(*keptStatement)
		if k.busy {
			return nil, nil
		}
		s.order.MoveToFront(e)
		k.busy = true
		return k, nil
	}
	if !s.again(text) {
		return nil, nil
	}
	return s.prepare(ctx, c, text)
}

// again reports whether text has been seen before and may be kept.
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

// prepare makes the statement of text, in the place of the one that was used longest ago.
func (s *statementCache) prepare(ctx context.Context, c driver.ConnPrepareContext, text string,
) (*keptStatement, error) {
	st, err := c.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	e, ok := st.(engineStmt)
	if !ok {
		return nil, errors.Join(fmt.Errorf("sqldb: a statement of the driver is a %T", st), st.Close())
	}
	k := &keptStatement{text: text, stmt: e, busy: true}
	s.byText[text] = s.order.PushFront(k)
	return k, s.trim()
}

// trim closes the statements beyond keptMax that do not run.
func (s *statementCache) trim() error {
	for e := s.order.Back(); e != nil && s.order.Len() > keptMax; {
		k, before := e.Value.(*keptStatement), e.Prev()
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

// close closes all of them.
func (s *statementCache) close() error {
	var errs []error
	for e := s.order.Front(); e != nil; e = e.Next() {
		errs = append(errs, e.Value.(*keptStatement).stmt.Close())
	}
	s.order.Init()
	clear(s.byText)
	return errors.Join(errs...)
}
