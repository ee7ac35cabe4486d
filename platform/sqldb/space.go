package sqldb

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// ErrLleno says that the disk below a store's file takes no writes: it is full, broken, or has become read-only.
var ErrLleno = errors.New("sqldb: the disk takes no writes")

// tryEvery is the time from a failed write to the next look whether the disk takes writes again.
const tryEvery = 10 * time.Second

// tryBytes is how much such a look writes: room for less is no room.
const tryBytes = 256 << 10

// space is what the writer of a file knows of its disk: whether it refused a write since it last took a try. Safe for concurrent use.
type space struct {
	now func() time.Time
	try func() error // writes tryBytes beside the store and removes them

	mu   sync.Mutex
	err  error     // of the last write or try that it refused; nil: none since the last try that it took
	next time.Time // when to try again, while err is one
}

// wrote notes a write that the disk did not take. One that succeeds says less than a try: it may have found nothing to
// change, or the last free page.
func (s *space) wrote(err error) {
	if err == nil || !ofTheDisk(err) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note(err)
}

func (s *space) note(err error) {
	if s.err = err; err != nil {
		s.next = s.now().Add(tryEvery)
	}
}

// ready goes by the writes. After one that was refused it tries for itself, once in tryEvery, for a process that is not
// ready may get no write to find out by. Errors: ErrLleno.
func (s *space) ready() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil && !s.now().Before(s.next) {
		s.note(s.try())
	}
	if s.err != nil {
		return fmt.Errorf("%w: %w", ErrLleno, s.err)
	}
	return nil
}

// SQLite's result codes for a disk that takes no writes; extended codes have more above the lowest byte.
const (
	codeReadOnly = 8
	codeIOError  = 10
	codeFull     = 13
)

// ofTheDisk reports whether err says that the disk took no write.
func ofTheDisk(err error) bool {
	for _, e := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EROFS, syscall.EIO} {
		if errors.Is(err, e) {
			return true
		}
	}
	var coded interface{ Code() int }
	if !errors.As(err, &coded) {
		return false
	}
	switch coded.Code() & 0xff {
	case codeReadOnly, codeIOError, codeFull:
		return true
	}
	return false
}

// tryDisk writes tryBytes into a file of its own in dir and removes it.
func tryDisk(dir string) error {
	name := filepath.Join(dir, "prueba-de-disco")
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("try the disk: %w", err)
	}
	_, err = f.Write(make([]byte, tryBytes))
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close(), os.Remove(name)); err != nil {
		return fmt.Errorf("try the disk: %w", err)
	}
	return nil
}
