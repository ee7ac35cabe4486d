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

// almacen is a store of versions that counts how often it is asked.
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

// oye reports whether m hears something within d of the bubble's clock.
func oye(m *watch.Watch, d time.Duration) bool {
	select {
	case <-m.Hay:
		return true
	case <-time.After(d):
		return false
	}
}

func TestWatcher(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &almacen{versiones: map[string]int64{"a": 1, "b": 1}}
		v := watch.New(watch.Options{Versiones: a.leer})
		pasar(time.Minute)
		if a.veces() != 0 {
			t.Fatal("it reads although nobody watches")
		}
		m, otra, b := v.Mirar("a", 1), v.Mirar("a", 0), v.Mirar("b", 1)
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
		m.Soltar()
		m.Soltar()
		otra.Soltar()
		pasar(time.Second)
		synctest.Wait()
		if leidas := a.leidas(); !slices.Equal(leidas, []string{"b"}) {
			t.Fatalf("read %v", leidas)
		}
		b.Soltar()
		synctest.Wait() // a look of this very moment is not one too many
		antes := a.veces()
		pasar(time.Minute)
		if a.veces() != antes {
			t.Fatal("it reads on although nobody watches any more")
		}
		de := v.Mirar("b", 0)
		if !oye(de, time.Second) {
			t.Fatal("it does not begin again")
		}
		v.Cerrar()
		de.Soltar()
		v.Mirar("a", 0).Soltar()
	})
}

// pasar lets d go by on the bubble's clock.
func pasar(d time.Duration) { <-time.After(d) }
