package sqldb

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"despensa/platform/guard"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"
)

// conReferencia has a table u with a reference to t that SQLite checks at the commit.
var conReferencia = fstest.MapFS{"00001_inicio.sql": {Data: []byte("-- +goose Up\n" +
	"create table t (id integer primary key, v integer not null);\n" +
	"create table u (id integer primary key, t integer not null references t (id) deferrable initially deferred);\n")}}

// together hands the writes fs to the writer as one batch, in their order, and returns the error of each.
func together(t *testing.T, d *DB, fs ...func(tx *gorm.DB) error) []error {
	t.Helper()
	var wg sync.WaitGroup
	abrir := parada(d, &wg)
	cola := d.engine.(*sqliteDB).queue
	errs := make([]error, len(fs))
	for i, f := range fs {
		wg.Go(func() { errs[i] = d.Write(context.Background(), fmt.Sprint(i), f) })
		for len(cola) <= i { // wait until this write is in the queue, before the next one
			runtime.Gosched()
		}
	}
	abrir(len(fs))
	wg.Wait()
	return errs
}

func TestAnErrorUndoesItsWriteAlone(t *testing.T) {
	roto := errors.New("broken")
	put := func(id int) func(tx *gorm.DB) error {
		return func(tx *gorm.DB) error { return tx.Exec("insert into t values (?, 1)", id).Error }
	}
	then := func(f func(tx *gorm.DB) error, err error) func(tx *gorm.DB) error {
		return func(tx *gorm.DB) error { return errors.Join(f(tx), err) }
	}
	var (
		atOnce  = func(*gorm.DB) error { return roto }
		reading = func(tx *gorm.DB) error {
			var n int
			return errors.Join(tx.Raw("select count(*) from t").Scan(&n).Error, roto)
		}
		nothing = then(
			func(tx *gorm.DB) error { return tx.Exec("update t set v = 2 where id = 99").Error },
			roto,
		)
		present = then(func(tx *gorm.DB) error {
			return tx.Exec("insert into t values (1, 1) on conflict do nothing").Error
		}, roto)
		writing = then(put(50), roto)
		other   = then(put(60), roto)
		back    = func(tx *gorm.DB) error {
			var n int
			return errors.Join(
				tx.Raw("insert into t values (70, 1) returning id").Scan(&n).Error,
				roto,
			)
		}
		panics   = func(*gorm.DB) error { panic("no") }
		wrote    = func(tx *gorm.DB) error { _ = put(80)(tx); panic("no") }
		unknown  = func(tx *gorm.DB) error { return tx.Exec("insert into nowhere values (1)").Error }
		ignored  = func(tx *gorm.DB) error { _ = unknown(tx); return nil }
		heedless = func(tx *gorm.DB) error { _ = put(1)(tx); return nil }
	)
	tests := map[string]struct {
		writes []func(tx *gorm.DB) error
		again  int // how many writes run twice: those up to the one that stopped the first run
		failed string
		rows   []int
	}{
		"all well": {
			[]func(*gorm.DB) error{put(1), put(2), put(3)},
			0,
			"...",
			[]int{1, 2, 3},
		},
		"the first, before it did a thing": {
			[]func(*gorm.DB) error{atOnce, put(2), put(3)},
			0,
			"x..",
			[]int{2, 3},
		},
		"the last, after it read": {
			[]func(*gorm.DB) error{put(1), put(2), reading},
			0,
			"..x",
			[]int{1, 2},
		},
		"a repeated key": {
			[]func(*gorm.DB) error{put(1), put(1), put(3)},
			0,
			".x.",
			[]int{1, 3},
		},
		"a repeated key that is no error": {
			[]func(*gorm.DB) error{put(1), heedless, put(3)},
			0,
			"...",
			[]int{1, 3},
		},
		"a change of no row": {
			[]func(*gorm.DB) error{put(1), nothing, put(3)},
			0,
			".x.",
			[]int{1, 3},
		},
		"a row that was there": {
			[]func(*gorm.DB) error{put(1), present, put(3)},
			0,
			".x.",
			[]int{1, 3},
		},
		"a panic before a write": {
			[]func(*gorm.DB) error{put(1), panics, put(3)},
			0,
			".p.",
			[]int{1, 3},
		},
		"the first, after a write": {
			[]func(*gorm.DB) error{writing, put(2), put(3)},
			1,
			"x..",
			[]int{2, 3},
		},
		"the middle one, after a write": {
			[]func(*gorm.DB) error{put(1), writing, put(3)},
			2,
			".x.",
			[]int{1, 3},
		},
		"the last, after a write": {
			[]func(*gorm.DB) error{put(1), put(2), writing},
			3,
			"..x",
			[]int{1, 2},
		},
		"a write that returns its row": {
			[]func(*gorm.DB) error{put(1), back, put(3)},
			2,
			".x.",
			[]int{1, 3},
		},
		"two, after a write": {
			[]func(*gorm.DB) error{writing, put(2), other},
			1,
			"x.x",
			[]int{2},
		},
		"all, after a write": {
			[]func(*gorm.DB) error{writing, writing, other},
			1,
			"xxx",
			nil,
		},
		"one before and one after": {
			[]func(*gorm.DB) error{atOnce, writing, put(3)},
			2,
			"xx.",
			[]int{3},
		},
		"a panic after a write": {
			[]func(*gorm.DB) error{put(1), wrote, put(3)},
			2,
			".p.",
			[]int{1, 3},
		},
		"an error of the engine": {
			[]func(*gorm.DB) error{put(1), unknown, put(3)},
			2,
			".x.",
			[]int{1, 3},
		},
		"one that its write ignored": {
			[]func(*gorm.DB) error{put(1), ignored, put(3)},
			2,
			"...",
			[]int{1, 3},
		},
		"a key of one that was undone": {
			[]func(*gorm.DB) error{writing, put(50), put(3)},
			1,
			"x..",
			[]int{3, 50},
		},
		"alone, after a write": {[]func(*gorm.DB) error{writing}, 0, "x", nil},
		"alone, a panic":       {[]func(*gorm.DB) error{wrote}, 0, "p", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := nueva(t, filepath.Join(t.TempDir(), "a.db"), nil)
			runs := make([]int, len(tt.writes))
			fs := make([]func(*gorm.DB) error, len(tt.writes))
			for i, f := range tt.writes {
				fs[i] = func(tx *gorm.DB) error { runs[i]++; return f(tx) }
			}
			errs := together(t, d, fs...)
			if got := marks(errs); got != tt.failed {
				t.Errorf("failed %s, want %s: %v", got, tt.failed, errs)
			}
			for i, n := range runs {
				if want := 1 + min(1, max(0, tt.again-i)); n != want {
					t.Errorf("write %d ran %d times, want %d", i, n, want)
				}
			}
			var rows []int
			if err := d.Read(t.Context()).Raw("select id from t order by id").Scan(&rows).Error; err != nil {
				t.Fatal(err)
			}
			if len(rows)+len(tt.rows) > 0 && !cmp.Equal(rows, tt.rows) {
				t.Errorf("rows %v, want %v", rows, tt.rows)
			}
			if err := poner(t.Context(), d, 1000); err != nil {
				t.Errorf("the next write: %v", err)
			}
		})
	}
}

// marks has a letter per write: "." done, "x" failed, "p" panicked.
func marks(errs []error) string {
	var out strings.Builder
	for _, err := range errs {
		var p *guard.Panic
		switch {
		case err == nil:
			out.WriteByte('.')
		case errors.As(err, &p):
			out.WriteByte('p')
		default:
			out.WriteByte('x')
		}
	}
	return out.String()
}

// TestACommitThatFails: each write of the commit gets the error, none has an effect, none runs again, and the next
// commit succeeds.
func TestACommitThatFails(t *testing.T) {
	archivo := filepath.Join(t.TempDir(), "a.db")
	d, err := Open(
		t.Context(),
		Options{Name: "prueba", File: archivo, Migrations: conReferencia},
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	runs := 0
	errs := together(
		t,
		d,
		func(tx *gorm.DB) error { runs++; return tx.Exec("insert into t values (1, 1)").Error },
		func(tx *gorm.DB) error { runs++; return tx.Exec("insert into u values (1, 99)").Error },
	)
	if got := marks(errs); got != "xx" || runs != 2 || contar(t, d) != 0 {
		t.Errorf("failed %s, %d runs, %d rows: %v", got, runs, contar(t, d), errs)
	}
	if err := poner(t.Context(), d, 1); err != nil || contar(t, d) != 1 {
		t.Errorf("the next write: %v", err)
	}
}

// TestASharedCommitHasNoSavepoints: the statements of a batch are its begin, its writes and its commit.
func TestASharedCommitHasNoSavepoints(t *testing.T) {
	d := nueva(t, filepath.Join(t.TempDir(), "a.db"), nil)
	var h heard
	d.engine.(*sqliteDB).seen.tell = h.hear
	put := func(tx *gorm.DB) error { return tx.Exec("insert into t (v) values (1)").Error }
	together(t, d, put, put, func(tx *gorm.DB) error { return gorm.ErrInvalidData })
	want := []string{"espera: begin immediate", "espera: commit",
		"0: begin immediate", "0: insert into t (v) values (1)", "1: insert into t (v) values (1)", "0: commit"}
	if diff := cmp.Diff(want, h.take()); diff != "" {
		t.Errorf("statements (-want +got):\n%s", diff)
	}
}
