package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"testing/fstest"

	"go.uber.org/goleak"
	"gorm.io/gorm"
	"modernc.org/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var pasos = fstest.MapFS{
	"00001_inicio.sql": {
		Data: []byte(
			"-- +goose Up\ncreate table t (id integer primary key, v integer not null);\n",
		),
	},
}

func nueva(t testing.TB, archivo string, cut Cut) *DB {
	t.Helper()
	d, err := Open(
		context.Background(),
		Options{Name: "prueba", File: archivo, Migrations: pasos, Cut: cut},
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func poner(ctx context.Context, d *DB, id int) error {
	return d.Write(
		ctx,
		"poner",
		func(tx *gorm.DB) error { return tx.Exec("insert into t values (?, 1)", id).Error },
	)
}

func contar(t testing.TB, d *DB) (n int) {
	t.Helper()
	if err := d.Read(context.Background()).Raw("select count(*) from t").Scan(&n).Error; err != nil {
		t.Fatal(err)
	}
	return n
}

// parada keeps the writer busy with a write. The function that it returns lets the writer go on once n more writes
// wait, so that those n share a commit.
func parada(d *DB, waitGroup *sync.WaitGroup) func(n int) {
	dentro, abierto := make(chan struct{}), make(chan struct{})
	waitGroup.Go(func() {
		_ = d.Write(
			context.Background(),
			"espera",
			func(*gorm.DB) error { close(dentro); <-abierto; return nil },
		)
	})
	<-dentro
	return func(n int) {
		for len(d.engine.(*sqliteDB).queue) < n {
			runtime.Gosched()
		}
		close(abierto)
	}
}

func TestGroupsWaitingWrites(t *testing.T) {
	d := nueva(t, filepath.Join(t.TempDir(), "a.db"), nil)
	var wg sync.WaitGroup
	abrir := parada(d, &wg)
	const n = 50
	errs := make([]error, n)
	for i := range n {
		// Ten of them repeat a key.
		wg.Go(func() { errs[i] = poner(context.Background(), d, i%40) })
	}
	abrir(n)
	wg.Wait()
	repetidas := 0
	for _, err := range errs {
		switch {
		case errors.Is(err, gorm.ErrDuplicatedKey):
			repetidas++
		case err != nil:
			t.Fatal(err)
		}
	}
	if repetidas != 10 || contar(t, d) != 40 {
		t.Fatalf("%d duplicates, %d rows", repetidas, contar(t, d))
	}
	if e, c, idas := d.Counts(); e != n+1 || c > 10 || idas != 0 {
		t.Fatalf("%d writes in %d commits", e, c)
	}
}

func TestOneWriteDoesNotHarmAnother(t *testing.T) {
	roto := errors.New("broken")
	tests := map[string]struct {
		f    func(tx *gorm.DB) error
		want error
	}{
		"an error": {
			func(tx *gorm.DB) error { tx.Exec("insert into t values (100, 1)"); return roto },
			roto,
		},
		"a panic": {
			func(tx *gorm.DB) error { tx.Exec("insert into t values (100, 1)"); panic("no") },
			nil,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := nueva(t, filepath.Join(t.TempDir(), "a.db"), nil)
			var wg sync.WaitGroup
			abrir := parada(d, &wg)
			var err error
			wg.Go(func() { err = d.Write(context.Background(), "mala", tt.f) })
			for i := range 5 {
				wg.Go(func() { _ = poner(context.Background(), d, i) })
			}
			abrir(6)
			wg.Wait()
			if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
				t.Fatalf("got %v", err)
			}
			if n := contar(t, d); n != 5 {
				t.Fatalf("%d rows, want the five neighbours", n)
			}
		})
	}
}

func TestCallerThatGivesUp(t *testing.T) {
	d := nueva(t, filepath.Join(t.TempDir(), "a.db"), nil)
	ctx, cancel := context.WithCancel(context.Background())
	dentro, seguir := make(chan struct{}), make(chan struct{})
	err := make(chan error, 1)
	go func() {
		err <- d.Write(ctx, "lenta", func(tx *gorm.DB) error {
			close(dentro)
			<-seguir
			return tx.Exec("insert into t values (1, 1)").Error
		})
	}()
	<-dentro
	cancel()
	if e := <-err; !errors.Is(e, context.Canceled) {
		t.Fatalf("got %v", e)
	}
	close(seguir)
	if e := poner(context.Background(), d, 2); e != nil || contar(t, d) != 2 {
		t.Fatalf("the write was pulled out: %v, %d rows", e, contar(t, d))
	}
	if e := poner(ctx, d, 3); !errors.Is(e, context.Canceled) || contar(t, d) != 2 {
		t.Fatalf("a dead caller wrote: %v", e)
	}
}

func TestReaderCannotWrite(t *testing.T) {
	d := nueva(t, filepath.Join(t.TempDir(), "a.db"), nil)
	if err := d.Read(context.Background()).Exec("insert into t values (1, 1)").Error; err == nil ||
		contar(t, d) != 0 {
		t.Fatal("the reader wrote")
	}
}

func TestCut(t *testing.T) {
	muerto := errors.New("dead")
	for m, filas := range map[Moment]int{Before: 0, After: 1} {
		t.Run(fmt.Sprint(m), func(t *testing.T) {
			d := nueva(t, filepath.Join(t.TempDir(), "a.db"), func(_ string, x Moment) error {
				if x == m {
					return muerto
				}
				return nil
			})
			if err := poner(context.Background(), d, 1); !errors.Is(err, muerto) ||
				contar(t, d) != filas {
				t.Fatalf("%v, %d rows", err, contar(t, d))
			}
		})
	}
}

func TestRefusesAStoreThatDoesNotSync(t *testing.T) {
	for _, s := range []string{"OFF", "NORMAL"} {
		_, err := Open(context.Background(), Options{
			Name:        "prueba",
			File:        filepath.Join(t.TempDir(), "a.db"),
			Migrations:  pasos,
			synchronous: s,
		})
		if !errors.Is(err, ErrSync) {
			t.Errorf("synchronous=%s: %v", s, err)
		}
	}
}

// TestPagesOfAFile: a new file has pages of 2 KiB, and a file of an earlier release keeps its page size.
func TestPagesOfAFile(t *testing.T) {
	tests := map[string]struct {
		before string
		want   int
	}{
		"a new file":   {"", 2048},
		"an older one": {"pragma page_size=4096; create table former (id integer)", 4096},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			archivo := filepath.Join(t.TempDir(), "a.db")
			older, err := sql.Open("sqlite", uri(archivo))
			if err != nil {
				t.Fatal(err)
			}
			_, err = older.ExecContext(t.Context(), tt.before)
			if err := errors.Join(err, older.Close()); err != nil {
				t.Fatal(err)
			}
			var got int
			d := nueva(t, archivo, nil)
			if err := d.Read(t.Context()).Raw("pragma page_size").Scan(&got).Error; err != nil ||
				got != tt.want {
				t.Errorf("pages of %d bytes, %v, want %d", got, err, tt.want)
			}
		})
	}
}

func TestOpeningSyncsByData(t *testing.T) {
	nueva(t, filepath.Join(t.TempDir(), "a.db"), nil)
	if !sqlite.FdatasyncEnabled() && runtime.GOOS == "linux" {
		t.Error("SQLite syncs by fsync")
	}
}

func TestFolderHasOneOwner(t *testing.T) {
	dir := t.TempDir()
	a, err := LockFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := LockFolder(dir); !errors.Is(err, ErrInUse) {
		t.Fatalf("got %v", err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := LockFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	_ = b.Close()
}

// TestFoldersOfAnyName: the files of a store are in its folder and nowhere else, for a folder with any characters in
// its name.
func TestFoldersOfAnyName(t *testing.T) {
	for _, nombre := range []string{
		"a b?#%41", "?", "#", "%", "%2F", "%00", "file:x", "a;b,c&d=e+f@g:h", "ñandú 日本", "'\"`$~!*()[]{}|\\",
	} {
		t.Run(nombre, func(t *testing.T) {
			arriba := t.TempDir()
			carpeta := filepath.Join(arriba, nombre)
			cerrojo, err := LockFolder(carpeta)
			if err != nil {
				t.Fatal(err)
			}
			d := nueva(t, filepath.Join(carpeta, "a.db"), nil)
			if err := poner(t.Context(), d, 1); err != nil || contar(t, d) != 1 {
				t.Errorf("%d rows, %v", contar(t, d), err)
			}
			if err := errors.Join(d.Close(), cerrojo.Close()); err != nil {
				t.Fatal(err)
			}
			if d := nueva(t, filepath.Join(carpeta, "a.db"), nil); contar(t, d) != 1 {
				t.Error("the second opening finds another store")
			}
			hay, err := os.ReadDir(arriba)
			if err != nil || len(hay) != 1 || hay[0].Name() != nombre {
				t.Errorf("%v %v", hay, err)
			}
			if _, err := os.Stat(filepath.Join(carpeta, "a.db")); err != nil {
				t.Error(err)
			}
		})
	}
}
