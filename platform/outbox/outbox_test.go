package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"despensa/platform/fault"
	"despensa/platform/guard"
	"despensa/platform/sqldb"
	"despensa/platform/sqldb/sqldbtest"

	"go.uber.org/goleak"
	"gorm.io/gorm"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var pasos = fstest.MapFS{
	"00001_inicio.sql": {Data: []byte("-- +goose Up\n" +
		"create table avisos (id varchar(36) primary key, pedido varchar(36) not null, intento integer not null," +
		" intentos integer not null, proximo bigint not null, creado bigint not null);\n")},
}

func nueva(t *testing.T, cut sqldb.Cut) *sqldb.DB {
	t.Helper()
	sitio := sqldbtest.New(t, "prueba")
	d, err := sqldb.Open(t.Context(), sqldb.Options{
		Name:       "prueba",
		File:       sitio.File,
		Postgres:   sitio.Postgres,
		Migrations: pasos,
		Cut:        cut,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func anotarVarios(t *testing.T, d *sqldb.DB, notices ...Notice) {
	t.Helper()
	for _, a := range notices {
		if err := d.Write(t.Context(), "x", func(tx *gorm.DB) error { return Add(tx, a) }); err != nil {
			t.Fatal(err)
		}
	}
}

// oyente is a listener that counts the deliveries of each notice.
type oyente struct {
	mu      sync.Mutex
	niega   int // deliveries of each notice that fail, before one succeeds
	oidos   map[Notice]int
	cuantos int           // deliveries that succeeded
	fin     chan struct{} // closed when cuantos reaches espera
	espera  int
}

func (o *oyente) oir(_ context.Context, notice Notice) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.oidos[notice]++
	if o.oidos[notice] <= o.niega {
		return errors.New("not now")
	}
	if o.cuantos++; o.cuantos == o.espera {
		close(o.fin)
	}
	return nil
}

func TestDeliversAtLeastOnce(t *testing.T) {
	tests := map[string]struct{ niega, oidos int }{
		"at once":            {0, 1},
		"after two refusals": {2, 3},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := nueva(t, nil)
			anotarVarios(t, d, Notice{"a", 1}, Notice{"a", 1}, Notice{"a", 2}, Notice{"b", 1})
			o := &oyente{
				niega:  tt.niega,
				oidos:  map[Notice]int{},
				fin:    make(chan struct{}),
				espera: 3,
			}
			r := &Relay{DB: d, Deliver: o.oir}
			ctx, cancel := context.WithCancel(t.Context())
			var wg sync.WaitGroup
			wg.Go(func() { r.Run(ctx) })
			<-o.fin
			cancel()
			wg.Wait()
			for a, n := range o.oidos {
				if n != tt.oidos {
					t.Errorf("%v heard %d times", a, n)
				}
			}
		})
	}
}

// TestAStoreThatIsAwayIsNoFailureOfTheNotice: a delivery that fails because a store is away does not count as a try;
// any other failure does.
func TestAStoreThatIsAwayIsNoFailureOfTheNotice(t *testing.T) {
	for nombre, x := range map[string]struct {
		err      error
		intentos int
	}{
		"the store is away": {fmt.Errorf("pedidos: %w", fault.ErrStoreAway), 0},
		"the order is busy": {errors.New("not now"), 5},
	} {
		ahora := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
		d := nueva(t, nil)
		r := &Relay{
			DB:      d,
			Now:     func() time.Time { return ahora },
			Deliver: func(context.Context, Notice) error { return x.err },
		}
		if err := d.Write(t.Context(), "x", func(tx *gorm.DB) error {
			return Add(tx, Notice{"p", 1})
		}); err != nil {
			t.Fatal(err)
		}
		for range 5 { // a minute is longer than any wait here
			if n := r.runRound(t.Context()); n != 1 {
				t.Errorf("%s: %d rows", nombre, n)
			}
			ahora = ahora.Add(time.Minute)
		}
		var f row
		if err := d.Read(t.Context()).Take(&f).Error; err != nil || f.Pedido != "p" ||
			f.Intentos != x.intentos {
			t.Errorf("%s: %d tries counted, want %d: %v", nombre, f.Intentos, x.intentos, err)
		}
	}
}

func TestForgottenOnlyOnceDelivered(t *testing.T) {
	muere := true
	d := nueva(t, func(nombre string, m sqldb.Moment) error {
		if muere && nombre == "avisos.entregados" && m == sqldb.Before {
			return errors.New("dead")
		}
		return nil
	})
	anotarVarios(t, d, Notice{"a", 1})
	o := &oyente{oidos: map[Notice]int{}, fin: make(chan struct{}), espera: 99}
	ahora := time.Now()
	r := &Relay{DB: d, Deliver: o.oir, Now: func() time.Time { return ahora }}
	r.runRound(t.Context())
	muere, ahora = false, ahora.Add(claimed)
	r.runRound(t.Context())
	r.runRound(t.Context())
	if n := o.oidos[Notice{"a", 1}]; n != 2 {
		t.Fatalf("heard %d times, want once before the crash and once after", n)
	}
}

// TestRelaysShareTheWork: four relays on one schema, as four processes run them, deliver each notice once.
func TestRelaysShareTheWork(t *testing.T) {
	sitio := sqldbtest.New(t, "prueba")
	if sitio.Postgres == "" {
		t.Skip(
			"SKIPPED: " + sqldbtest.Variable + " names no PostgreSQL server: a file has one relay",
		)
	}
	const avisos = 3 * batchSize
	o := &oyente{oidos: map[Notice]int{}, fin: make(chan struct{}), espera: avisos}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for i := range 4 {
		d, err := sqldb.Open(
			t.Context(),
			sqldb.Options{Name: "prueba", Postgres: sitio.Postgres, Migrations: pasos},
		)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = d.Close() })
		if i == 0 {
			if err := d.Write(t.Context(), "x", func(tx *gorm.DB) error { return anotarMuchos(tx, avisos) }); err != nil {
				t.Fatal(err)
			}
		}
		r := &Relay{DB: d, Deliver: o.oir}
		wg.Go(func() { r.Run(ctx) })
	}
	<-o.fin
	cancel()
	wg.Wait()
	for a, n := range o.oidos {
		if n != 1 {
			t.Errorf("%v heard %d times", a, n)
		}
	}
}

func anotarMuchos(tx *gorm.DB, n int) error {
	var errs []error
	for i := range n {
		errs = append(errs, Add(tx, Notice{"a", i}))
	}
	return errors.Join(errs...)
}

// TestWhatADeadRelayTook: another relay delivers a notice that a dead relay had taken, after claimed.
func TestWhatADeadRelayTook(t *testing.T) {
	d := nueva(t, nil)
	if !d.Shared() {
		t.Skip(
			"SKIPPED: " + sqldbtest.Variable + " names no PostgreSQL server: a file has one relay",
		)
	}
	anotarVarios(t, d, Notice{"a", 1})
	ahora := time.Now()
	o := &oyente{oidos: map[Notice]int{}, fin: make(chan struct{}), espera: 1}
	r := &Relay{DB: d, Deliver: o.oir, Now: func() time.Time { return ahora }}
	if fs, err := r.claim(t.Context()); err != nil || len(fs) != 1 {
		t.Fatalf("%d taken: %v", len(fs), err)
	}
	r.runRound(t.Context())
	if n := o.oidos[Notice{"a", 1}]; n != 0 {
		t.Errorf("told of %d times while another has it", n)
	}
	ahora = ahora.Add(claimed)
	r.runRound(t.Context())
	if n := o.oidos[Notice{"a", 1}]; n != 1 {
		t.Errorf("told of %d times in the end", n)
	}
}

// TestAClockThatWasAhead: a notice that a process with a fast clock put off, further than the longest pause, is
// delivered at once. A notice within the longest pause waits, and one that is set aside is not delivered.
func TestAClockThatWasAhead(t *testing.T) {
	ahora := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
	d := nueva(t, nil)
	for nombre, x := range map[string]struct {
		proximo int64
		oido    bool
	}{
		"2030":                    {ahora.Add(4 * 365 * 24 * time.Hour).UnixMilli(), true},
		"tomorrow":                {ahora.Add(24 * time.Hour).UnixMilli(), true},
		"the longest pause":       {ahora.Add(maxPause).UnixMilli(), false},
		"another replica's clock": {ahora.Add(maxPause + time.Minute).UnixMilli(), false},
		"set aside":               {sqldb.SetAside, false},
	} {
		t.Run(nombre, func(t *testing.T) {
			anotarVarios(t, d, Notice{nombre, 1})
			err := d.Write(t.Context(), "x", func(tx *gorm.DB) error {
				return tx.Exec(
					"update avisos set proximo = ? where pedido = ?",
					x.proximo,
					nombre,
				).Error
			})
			if err != nil {
				t.Fatal(err)
			}
			oido := false
			r := &Relay{
				DB:  d,
				Now: func() time.Time { return ahora },
				Deliver: func(_ context.Context, a Notice) error {
					oido = oido || a.Pedido == nombre
					return nil
				},
			}
			if r.runRound(t.Context()); oido != x.oido {
				t.Errorf("told of: %v, want %v", oido, x.oido)
			}
		})
	}
}

// TestOneNoticeNeverStopsTheRest: a notice with a delivery that panics, one that always fails and one that cannot be
// read stop no other notice. The unreadable one is set aside, and is delivered after it was repaired and Resume was
// called.
func TestOneNoticeNeverStopsTheRest(t *testing.T) {
	d := nueva(t, nil)
	anotarVarios(t, d, Notice{"panics", 1}, Notice{"fails", 1})
	ahora := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
	const buenos = batchSize + 10
	err := d.Write(t.Context(), "x", func(tx *gorm.DB) error {
		if !d.Shared() { // PostgreSQL refuses a text in an integer column, so it has no unreadable rows
			const roto = "insert into avisos (id, pedido, intento, intentos, proximo, creado)" +
				" values ('roto', 'p', 'uno', 0, -1, 0)"
			if err := tx.Exec(roto).Error; err != nil {
				return err
			}
		}
		return anotarMuchos(tx, buenos)
	})
	if err != nil {
		t.Fatal(err)
	}
	oidos := map[Notice]int{}
	panicos := 0
	var mu sync.Mutex
	r := &Relay{
		DB: d, Now: func() time.Time { return ahora }, Log: slog.New(slog.DiscardHandler),
		Guard: guard.Guard{
			Log:    slog.New(slog.DiscardHandler),
			Caught: func(string) { mu.Lock(); defer mu.Unlock(); panicos++ },
		},
		Deliver: func(_ context.Context, a Notice) error {
			switch a.Pedido {
			case "panics":
				panic("delivery")
			case "fails":
				return errors.New("for ever")
			}
			mu.Lock()
			defer mu.Unlock()
			oidos[a]++
			return nil
		},
	}
	for range 3 {
		r.runRound(t.Context())
	}
	if len(oidos) != buenos || panicos != 1 {
		t.Errorf("%d of %d heard, %d panics", len(oidos), buenos, panicos)
	}
	if n, err := CountSetAside(t.Context(), d); err != nil ||
		n != map[bool]int64{true: 0, false: 1}[d.Shared()] {
		t.Errorf("%d set aside: %v", n, err)
	}
	if d.Shared() {
		return
	}
	err = d.Write(t.Context(), "x", func(tx *gorm.DB) error {
		return tx.Exec("update avisos set intento = 7 where id = 'roto'").Error
	})
	if n, e := Resume(t.Context(), d); n != 1 || err != nil || e != nil {
		t.Fatalf("%d taken up again: %v, %v", n, err, e)
	}
	r.runRound(t.Context())
	if oidos[Notice{"p", 7}] != 1 {
		t.Error("the repaired notice was not told of")
	}
}
