package joblease_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"slices"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"despensa/platform/joblease"
	"despensa/platform/joblease/jobleasetest"
	"despensa/platform/sqldb"
	"despensa/platform/sqldb/sqldbtest"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var tabla = fstest.MapFS{
	"00001_turnos.sql": {Data: []byte("-- +goose Up\n" +
		"create table trabajos (nombre text primary key, quien text not null, hasta bigint not null);\n")},
}

// nuevo gives a function that makes an empty Registry: in a file, or on the PostgreSQL server when base gives a URL.
func nuevo(base func(testing.TB) string) func(t *testing.T) joblease.Registry {
	return func(t *testing.T) joblease.Registry {
		db, err := sqldb.Open(t.Context(), sqldb.Options{
			Name:       "prueba",
			File:       t.TempDir() + "/prueba.db",
			Postgres:   base(t),
			Migrations: tabla,
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		return joblease.InSQL(db)
	}
}

func TestSQLite(
	t *testing.T,
) {
	jobleasetest.Run(t, nuevo(func(testing.TB) string { return "" }))
}

func TestPostgreSQL(t *testing.T) {
	if os.Getenv(sqldbtest.Variable) == "" {
		t.Skip("SKIPPED: " + sqldbtest.Variable + " names no PostgreSQL server")
	}
	jobleasetest.Run(t, nuevo(sqldbtest.Database))
}

// TestAFileHasOneOwner: on a file Run runs the job without a lease, because one process uses the file.
func TestAFileHasOneOwner(t *testing.T) {
	archivo := t.TempDir() + "/prueba.db"
	db, err := sqldb.Open(
		t.Context(),
		sqldb.Options{Name: "prueba", File: archivo, Migrations: tabla},
	)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	veces := 0
	joblease.New(joblease.Options{Registry: joblease.For(db)}).
		Run(t.Context(), "x", func(context.Context) { veces++ })
	if n, _, _ := db.Counts(); n != 0 || veces != 1 {
		t.Errorf("%d writes, done %d times", n, veces)
	}
}

// pizarra is a Registry of one job in memory.
type pizarra struct {
	mu    sync.Mutex
	quien string
	hasta time.Time
	falla bool // its methods return an error
}

func (p *pizarra) Take(
	_ context.Context,
	_, quien string,
	ahora, hasta time.Time,
) (time.Time, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.falla:
		return time.Time{}, errors.New("the store is away")
	case p.quien != "" && p.quien != quien && p.hasta.After(ahora):
		return p.hasta, nil
	}
	p.quien, p.hasta = quien, hasta
	return time.Time{}, nil
}

func (p *pizarra) Release(_ context.Context, _, quien string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.falla {
		return errors.New("the store is away")
	}
	if p.quien == quien {
		p.quien = ""
	}
	return nil
}

// ser calls f with the mutex of p locked.
func (p *pizarra) ser(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
}

// obra notes when jobs began and ended, as the time since desde.
type obra struct {
	mu    sync.Mutex
	desde time.Time
	notas []string
}

func (o *obra) nota(s string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.notas = append(o.notas, s+" "+time.Since(o.desde).Truncate(100*time.Millisecond).String())
}

// correr starts a process quien that runs the job whenever it holds the lease, until parar is called.
func (o *obra) correr(pizarra *pizarra, quien string) (parar func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	ts := joblease.New(joblease.Options{
		Registry: pizarra,
		Holder:   quien,
		Lease:    12 * time.Second,
		Log:      slog.New(slog.DiscardHandler),
	})
	wg.Go(func() {
		ts.Run(ctx, "x", func(ctx context.Context) {
			o.nota(quien + " begins")
			<-ctx.Done()
			o.nota(quien + " ends")
		})
	})
	return func() { cancel(); wg.Wait() }
}

// TestTurns: a lease of 12 s is renewed every 4 s, and without renewal its job ends after 11 s.
func TestTurns(t *testing.T) {
	tests := map[string]struct {
		pasa func(t *testing.T, p *pizarra, o *obra)
		want []string
	}{
		"one keeps it": {func(_ *testing.T, p *pizarra, o *obra) {
			parar := o.correr(p, "a")
			time.Sleep(time.Hour)
			parar()
		}, []string{"a begins 0s", "a ends 1h0m0s"}},
		"given back, the next takes it at its next question": {
			func(_ *testing.T, p *pizarra, o *obra) {
				a := o.correr(p, "a")
				synctest.Wait()
				b := o.correr(p, "b")
				time.Sleep(9 * time.Second)
				a()
				time.Sleep(10 * time.Second)
				b()
			},
			[]string{"a begins 0s", "a ends 9s", "b begins 12s", "b ends 19s"},
		},
		"the dead one's lease runs out": {func(_ *testing.T, p *pizarra, o *obra) {
			p.quien, p.hasta = "dead", time.Now().Add(7*time.Second)
			b := o.correr(p, "b")
			time.Sleep(10 * time.Second)
			b()
		}, []string{"b begins 7s", "b ends 10s"}},
		"somebody has taken it": {func(_ *testing.T, p *pizarra, o *obra) {
			a := o.correr(p, "a")
			synctest.Wait()
			p.ser(func() { p.quien, p.hasta = "b", time.Now().Add(30*time.Second) })
			time.Sleep(20 * time.Second)
			a()
		}, []string{"a begins 0s", "a ends 4s"}},
		"the store is away: it stops before the lease's end, and begins again": {
			func(_ *testing.T, p *pizarra, o *obra) {
				a := o.correr(p, "a")
				synctest.Wait()
				p.ser(func() { p.falla = true })
				time.Sleep(14 * time.Second)
				p.ser(func() { p.falla = false })
				time.Sleep(10 * time.Second)
				a()
			},
			[]string{"a begins 0s", "a ends 11s", "a begins 15s", "a ends 24s"},
		},
		"away for a moment": {func(_ *testing.T, p *pizarra, o *obra) {
			a := o.correr(p, "a")
			synctest.Wait()
			p.ser(func() { p.falla = true })
			time.Sleep(7 * time.Second)
			p.ser(func() { p.falla = false })
			time.Sleep(23 * time.Second)
			a()
		}, []string{"a begins 0s", "a ends 30s"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := &obra{desde: time.Now()}
				tt.pasa(t, &pizarra{}, o)
				if got := o.notas; !slices.Equal(got, tt.want) {
					t.Errorf("%q, want %q", got, tt.want)
				}
			})
		})
	}
}

func TestLeaseOutOfRange(t *testing.T) {
	for d, bien := range map[time.Duration]bool{
		0:                false,
		time.Millisecond: false,
		time.Second:      true,
		10 * time.Minute: true,
		time.Hour:        false,
	} {
		if err := (joblease.Config{Lease: d}).Validate(); (err == nil) != bien {
			t.Errorf("%v: %v", d, err)
		}
	}
}
