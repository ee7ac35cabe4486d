package watch_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"despensa/platform/watch"
)

// almacen is a store of versions that counts its readings.
type almacen struct {
	mu        sync.Mutex
	versiones map[string]int64
	lecturas  int
	claves    []string
	falla     error
}

func (a *almacen) leer(_ context.Context, claves []string) (map[string]int64, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.lecturas++
	a.claves = slices.Sorted(slices.Values(claves))
	out := map[string]int64{}
	for _, c := range claves {
		if n, ok := a.versiones[c]; ok {
			out[c] = n
		}
	}
	return out, a.falla
}

func (a *almacen) poner(clave string, n int64, falla error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.versiones[clave], a.falla = n, falla
}

func (a *almacen) veces() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.lecturas
}

// leidas are the keys of the last reading.
func (a *almacen) leidas() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.claves
}

// oye reports whether m gets a token within d, on the clock of synctest.
func oye(m *watch.Watch, d time.Duration) bool {
	select {
	case <-m.Changed:
		return true
	case <-time.After(d):
		return false
	}
}

func TestWatcher(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &almacen{versiones: map[string]int64{"a": 1, "b": 1}}
		v := watch.New(watch.Options{Versions: a.leer})
		pasar(time.Minute)
		if a.veces() != 0 {
			t.Fatal("it reads although nobody watches")
		}
		m, otra, b := v.Watch("a", 1), v.Watch("a", 0), v.Watch("b", 1)
		if !oye(otra, time.Second) {
			t.Fatal("who has read an older version has not heard of the present one")
		}
		if oye(m, time.Minute) {
			t.Fatal("heard something although nothing changed")
		}
		a.poner("a", 2, nil)
		if !oye(m, time.Second) || !oye(otra, time.Second) || oye(b, time.Second) {
			t.Fatal("who watches what changed hears it, and nobody else")
		}
		a.poner("a", 3, errors.New("away"))
		if oye(m, time.Second) {
			t.Fatal("heard of a reading that failed")
		}
		a.poner("a", 4, nil)
		if !oye(m, time.Second) || oye(m, time.Second) {
			t.Fatal("two changes between two looks are one token")
		}
		m.Stop()
		m.Stop()
		otra.Stop()
		pasar(time.Second)
		synctest.Wait()
		if leidas := a.leidas(); !slices.Equal(leidas, []string{"b"}) {
			t.Fatalf("read %v", leidas)
		}
		b.Stop()
		synctest.Wait() // a reading that began before Stop ends first, and is counted in antes
		antes := a.veces()
		pasar(time.Minute)
		if a.veces() != antes {
			t.Fatal("it reads on although nobody watches any more")
		}
		de := v.Watch("b", 0)
		if !oye(de, time.Second) {
			t.Fatal("it does not begin again")
		}
		v.Close()
		de.Stop()
		v.Watch("a", 0).Stop()
	})
}

// yaOye reports whether m has a token already.
func yaOye(m *watch.Watch) bool {
	select {
	case <-m.Changed:
		return true
	default:
		return false
	}
}

// pasar waits for d on the clock of synctest.
func pasar(d time.Duration) { <-time.After(d) }

// TestTheDoerTellsAtOnce: a watcher gets a token for a change by this process at once, and for a change by another
// process at the next reading; one token for each. A reading that began before a change by this process gives no
// token.
func TestTheDoerTellsAtOnce(t *testing.T) {
	tests := map[string]struct {
		dichas []int64 // by this process
		leida  int64   // the version in the store
		ya     bool    // a token at once
		luego  bool    // a token, or another one, after a reading
	}{
		"nothing":                   {nil, 1, false, false},
		"by this process":           {[]int64{2}, 2, true, false},
		"by another":                {nil, 2, false, true},
		"by both":                   {[]int64{2}, 3, true, true},
		"twice, out of order":       {[]int64{3, 2}, 3, true, false},
		"what the watcher has read": {[]int64{1}, 1, false, false},
		"before an older reading":   {[]int64{3}, 2, true, false},
	}
	for name, x := range tests {
		synctest.Test(t, func(t *testing.T) {
			a := &almacen{versiones: map[string]int64{"a": x.leida}}
			v := watch.New(watch.Options{Versions: a.leer})
			defer v.Close()
			m := v.Watch("a", 1)
			for _, n := range x.dichas {
				v.Changed("a", n)
			}
			if ya := yaOye(m); ya != x.ya {
				t.Errorf("%s: heard at once: %v", name, ya)
			}
			if luego := oye(m, watch.Interval+time.Millisecond); luego != x.luego {
				t.Errorf("%s: heard by a reading: %v", name, luego)
			}
			if oye(m, time.Minute) {
				t.Errorf("%s: heard once too often", name)
			}
		})
	}
}

// TestAThousandWatchers: each of a thousand watchers gets its token at once, and the Watcher makes one reading per
// Interval for all of them.
func TestAThousandWatchers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &almacen{versiones: map[string]int64{"a": 1}}
		v := watch.New(watch.Options{Versions: a.leer})
		defer v.Close()
		todos := make([]*watch.Watch, 1000)
		for i := range todos {
			todos[i] = v.Watch("a", 1)
		}
		inicio := time.Now()
		a.poner("a", 2, nil)
		v.Changed("a", 2)
		for i, m := range todos {
			if !yaOye(m) {
				t.Fatalf("watcher %d has not heard of it", i)
			}
		}
		if time.Since(inicio) != 0 || a.veces() != 0 {
			t.Errorf("%s went by, and %d readings", time.Since(inicio), a.veces())
		}
		pasar(time.Second)
		if n := a.veces(); n > 4 {
			t.Errorf("%d readings in a second", n)
		}
	})
}

// BenchmarkNobodyWatches measures the cost of Changed for a key without watchers.
func BenchmarkNobodyWatches(b *testing.B) {
	v := watch.New(watch.Options{})
	b.ReportAllocs()
	for b.Loop() {
		v.Changed("a", 2)
	}
}
