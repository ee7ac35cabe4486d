package sqldb

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"despensa/platform/fault"

	"gorm.io/gorm"
)

// TestAFullDisk fills a real file system of 4 MiB below a store. Writes then fail, reads go on, and the store is not
// ready. With room again the store becomes ready by itself, and no acknowledged write is lost.
func TestAFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("SKIPPED: a really full disk: no tmpfs can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	d := nueva(t, filepath.Join(dir, "a.db"), nil)
	t.Cleanup(func() { _ = d.Close() }) // before the file system is unmounted
	now := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
	d.engine.(*sqliteDB).disk.now = func() time.Time { return now }
	if err := poner(t.Context(), d, 1); err != nil {
		t.Fatal(err)
	}
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 8<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk is not full: %v", err)
	}
	if err := d.Ready(t.Context()); err != nil {
		t.Errorf("nothing was written since: %v", err)
	}
	kept := 1
	var err error
	for err == nil && kept < 10_000 { // writes succeed until the free pages of the store's files are used up
		if err = d.Write(t.Context(), "x", func(tx *gorm.DB) error {
			return tx.Exec("insert into t values (?, ?)", kept+1, strings.Repeat("x", 4096)).Error
		}); err == nil {
			kept++
		}
	}
	if !errors.Is(err, fault.ErrStoreAway) {
		t.Fatalf("a write on a full disk: %v", err)
	}
	now = now.Add(tryEvery)
	if err := d.Ready(t.Context()); !errors.Is(err, ErrFull) ||
		errors.Is(err, fault.ErrStoreAway) {
		t.Errorf("the disk is full and the store says %v", err)
	}
	if n := contar(t, d); n != kept {
		t.Errorf("%d rows are read, %d were acknowledged", n, kept)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if err := d.Ready(t.Context()); !errors.Is(err, ErrFull) {
		t.Errorf("a question tried the disk before its time: %v", err)
	}
	now = now.Add(tryEvery)
	if err := d.Ready(t.Context()); err != nil {
		t.Errorf("there is room again: %v", err)
	}
	if err := poner(t.Context(), d, 100_000); err != nil || contar(t, d) != kept+1 {
		t.Errorf("a write with room again: %v, %d rows", err, contar(t, d))
	}
}
