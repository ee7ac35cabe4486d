// Package jobleasetest is the conformance suite of joblease.Registry.
package jobleasetest

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"despensa/platform/joblease"
	"despensa/platform/skew"
)

const (
	lease = 15 * time.Second
	job   = "prueba.tarea"
	many  = 20
)

var nine = time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)

// step is a call of the process holder, and the answer that it must get.
type step struct {
	holder  string
	after   time.Duration // time of the call, after nine
	release bool          // the call is Soltar; false: Tomar
	free    time.Duration // the answer of Tomar, after nine; 0: holder gets the lease
}

// Run runs the suite; nuevo makes an empty Registry.
func Run(t *testing.T, nuevo func(t *testing.T) joblease.Registry) {
	const anios = 4 * 365 * 24 * time.Hour
	tomar := func(quien string, tras, libre time.Duration) step {
		return step{holder: quien, after: tras, free: libre}
	}
	soltar := func(quien string) step { return step{holder: quien, release: true} }
	for nombre, llamadas := range map[string][]step{
		"nobody has it":                 {tomar("a", 0, 0)},
		"it is mine already":            {tomar("a", 0, 0), tomar("a", lease/3, 0), tomar("b", lease, lease+lease/3)},
		"another has it":                {tomar("a", 0, 0), tomar("b", time.Second, lease), tomar("a", 2*time.Second, 0)},
		"the other's has run out":       {tomar("a", 0, 0), tomar("b", lease, 0), tomar("a", lease+1, 2*lease)},
		"the other has given it back":   {tomar("a", 0, 0), soltar("a"), tomar("b", 1, 0)},
		"what is not mine I cannot end": {tomar("a", 0, 0), soltar("b"), tomar("c", 1, lease)},
		"a clock that was ahead":        {tomar("a", anios, 0), tomar("b", 1, 0), tomar("a", 2, lease)},
		"a clock a day ahead":           {tomar("a", 24*time.Hour, 0), tomar("b", 0, 0), tomar("c", lease-1, lease)},
		"a long lease":                  {tomar("a", skew.MaxLease-lease, 0), tomar("b", 0, skew.MaxLease)},
		"ending nothing":                {soltar("a"), tomar("b", 0, 0)},
	} {
		t.Run(nombre, func(t *testing.T) {
			r := nuevo(t)
			for i, l := range llamadas {
				call(t, r, i, l)
			}
		})
	}
	t.Run("jobs do not know of each other", func(t *testing.T) { foreign(t, nuevo(t)) })
	t.Run("of many, one gets it", func(t *testing.T) { race(t, nuevo(t)) })
}

func call(t *testing.T, registry joblease.Registry, i int, hecha step) {
	t.Helper()
	if hecha.release {
		if err := registry.Release(t.Context(), job, hecha.holder); err != nil {
			t.Errorf("call %d: %v", i, err)
		}
		return
	}
	ahora := nine.Add(hecha.after)
	libre, err := registry.Take(t.Context(), job, hecha.holder, ahora, ahora.Add(lease))
	want := time.Time{}
	if hecha.free != 0 {
		want = nine.Add(hecha.free)
	}
	if err != nil || !libre.Equal(want) {
		t.Errorf("call %d: another's until %v, want %v: %v", i, libre, want, err)
	}
}

func foreign(t *testing.T, registry joblease.Registry) {
	for _, x := range []struct{ nombre, quien string }{{"uno", "a"}, {"dos", "b"}} {
		if libre, err := registry.Take(t.Context(), x.nombre, x.quien, nine, nine.Add(lease)); err != nil ||
			!libre.IsZero() {
			t.Errorf("%s: another's until %v: %v", x.nombre, libre, err)
		}
	}
}

// race makes many processes ask at once for a free lease, and then for a lease that has ended; one gets it.
func race(t *testing.T, registry joblease.Registry) {
	for ronda := range 3 {
		ahora := nine.Add(time.Duration(ronda) * lease)
		var ganan atomic.Int64
		var wg sync.WaitGroup
		for i := range many {
			wg.Go(func() {
				libre, err := registry.Take(
					t.Context(),
					job,
					string(rune('a'+ronda*many+i)),
					ahora,
					ahora.Add(lease),
				)
				if err != nil {
					t.Error(err)
				}
				if libre.IsZero() {
					ganan.Add(1)
				}
			})
		}
		wg.Wait()
		if n := ganan.Load(); n != 1 {
			t.Errorf("round %d: %d have it", ronda, n)
		}
	}
}
