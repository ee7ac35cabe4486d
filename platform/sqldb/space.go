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

// ErrFull says that the disk below a store's file takes no writes: it is full, broken, or has become read-only.
var ErrFull = errors.New("sqldb: the disk takes no writes")

// tryEvery is the time from a write that the disk refused to the next try of the disk (tryDisk).
const tryEvery = 10 * time.Second

// tryBytes is how many bytes a try of the disk writes. A disk with less room than that counts as full.
const tryBytes = 256 << 10

// space remembers whether the disk of a store's file has refused a write since the last try that succeeded. Safe for
// concurrent use.
type space struct {
	now func() time.Time
	try func() error // writes tryBytes beside the store and removes them

	mu   sync.Mutex
	err  error     // of the last write or try that the disk refused; nil: none since the last try that succeeded
	next time.Time // when to try again, while err is not nil
}

// wrote notes the error of a write that the disk refused. A write that succeeded does not clear that error, as a try
// does: it may have changed no page, or used the last free one.
func (s *space) wrote(err error) {
	if err == nil || !ofTheDisk(err) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note(err)
}

// note keeps err, the outcome of a write or a try, and sets the time of the next try. The caller holds mu.
func (s *space) note(err error) {
	if s.err = err; err != nil {
		s.next = s.now().Add(tryEvery)
	}
}

// ready returns nil unless the disk has refused a write. After a refusal it tries the disk itself, once in tryEvery,
// because a process that is not ready may get no requests and so make no writes. Errors: ErrFull.
func (s *space) ready() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil && !s.now().Before(s.next) {
		s.note(s.try())
	}
	if s.err != nil {
		return fmt.Errorf("%w: %w", ErrFull, s.err)
	}
	return nil
}

// SQLite's result codes for a disk that takes no writes; extended codes have more above the lowest byte.
const (
	codeReadOnly = 8
	codeIOError  = 10
	codeFull     = 13
)

// ofTheDisk reports whether err, of the operating system or of SQLite, says that the disk refused a write.
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

// tryDisk writes tryBytes to a file of its own in the folder dir, syncs it and removes it. Errors: the file system's.
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
