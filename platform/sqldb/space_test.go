package sqldb

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"despensa/platform/fault"

	"gorm.io/gorm"
)

// codedError is an error with one of SQLite's result codes, extended ones included.
type codedError int

func (c codedError) Error() string { return fmt.Sprintf("sqlite %d", int(c)) }
func (c codedError) Code() int     { return int(c) }

// TestReadyGoesByTheLastWrite runs writes that end with injected errors in the store's own writer, moves the clock by
// pasan, and asks Ready.
func TestReadyGoesByTheLastWrite(t *testing.T) {
	full := &fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}
	quota := fmt.Errorf("write: %w", syscall.EDQUOT)
	tests := map[string]struct {
		write []error       // the error of each write; nil: it succeeds
		pasan time.Duration // from the last write to the calls of Ready
		try   error         // of a try of the disk; nil: the disk takes it
		asks  int           // calls of Ready
		err   bool          // the last call of Ready returns ErrFull
		tries int           // tries of the disk
	}{
		"no write yet": {asks: 3},
		"writes succeed": {
			write: []error{nil, nil},
			pasan: time.Hour,
			asks:  3,
		},
		"the disk is full": {
			write: []error{full},
			try:   full,
			asks:  100,
			err:   true,
		},
		"SQLite says so": {
			write: []error{codedError(13)},
			try:   full,
			asks:  1,
			err:   true,
		},
		"an I/O error, extended": {
			write: []error{codedError(10 | 3<<8)},
			try:   full,
			asks:  1,
			err:   true,
		},
		"a disk that has become read-only": {
			write: []error{codedError(8)},
			try:   full,
			asks:  1,
			err:   true,
		},
		"over a quota": {
			write: []error{quota},
			try:   full,
			asks:  1,
			err:   true,
		},
		"a repeated key says nothing": {write: []error{gorm.ErrDuplicatedKey}, asks: 1},
		"nor does it say that there is room": {
			write: []error{full, gorm.ErrDuplicatedKey},
			asks:  1,
			err:   true,
		},
		"a busy store is not a full one":  {write: []error{codedError(5)}, asks: 1},
		"a write that succeeds is no try": {write: []error{full, nil}, asks: 1, err: true},
		"nor does it put the try off": {
			write: []error{full, nil},
			pasan: tryEvery,
			asks:  3,
			tries: 1,
		},
		"just before the try": {
			write: []error{full},
			pasan: tryEvery - 1,
			asks:  100,
			err:   true,
		},
		"one try, and it is ready by itself": {
			write: []error{full},
			pasan: tryEvery,
			asks:  100,
			tries: 1,
		},
		"one try, in vain": {
			write: []error{full}, pasan: tryEvery, try: full, asks: 100, err: true, tries: 1,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := nueva(t, filepath.Join(t.TempDir(), "a.db"), nil)
			now := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
			tries := 0
			s := d.engine.(*sqliteDB).disk
			s.now = func() time.Time { return now }
			s.try = func() error { tries++; return tt.try }
			for i, want := range tt.write {
				err := d.Write(t.Context(), "x", func(*gorm.DB) error { return want })
				if !errors.Is(err, want) ||
					want != nil && errors.Is(err, fault.ErrStoreAway) != ofTheDisk(want) {
					t.Errorf("write %d: %v", i, err)
				}
			}
			now = now.Add(tt.pasan)
			var err error
			for range tt.asks {
				err = d.Ready(t.Context())
			}
			if errors.Is(err, ErrFull) != tt.err || err != nil && !tt.err ||
				errors.Is(err, fault.ErrStoreAway) || tries != tt.tries {
				t.Errorf("%v after %d tries", err, tries)
			}
		})
	}
}

// TestTryDiskLeavesNothing: a try of the disk leaves no file behind.
func TestTryDiskLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	if err := tryDisk(dir); err != nil {
		t.Error(err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 || err != nil {
		t.Error(left, err)
	}
	if err := tryDisk(filepath.Join(dir, "not-there")); err == nil {
		t.Error("a folder that is not there takes writes")
	}
}
