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
	lease  = 15 * time.Second
	tarea  = "prueba.tarea"
	muchos = 20
)

var nueve = time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)

// llamada is a call of the process quien, and the answer that it must get.
type llamada struct {
	quien  string
	tras   time.Duration // time of the call, after nueve
	suelta bool          // the call is Soltar; false: Tomar
	libre  time.Duration // the answer of Tomar, after nueve; 0: quien gets the lease
}

// Probar runs the suite; nuevo makes an empty Registry.
func Probar(t *testing.T, nuevo func(t *testing.T) joblease.Registry) {
	const anios = 4 * 365 * 24 * time.Hour
	tomar := func(quien string, tras, libre time.Duration) llamada {
		return llamada{quien: quien, tras: tras, libre: libre}
	}
	soltar := func(quien string) llamada { return llamada{quien: quien, suelta: true} }
	for nombre, llamadas := range map[string][]llamada{
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
				llamar(t, r, i, l)
			}
		})
	}
	t.Run("jobs do not know of each other", func(t *testing.T) { ajenas(t, nuevo(t)) })
	t.Run("of many, one gets it", func(t *testing.T) { carrera(t, nuevo(t)) })
}

func llamar(t *testing.T, r joblease.Registry, i int, hecha llamada) {
	t.Helper()
	if hecha.suelta {
		if err := r.Soltar(t.Context(), tarea, hecha.quien); err != nil {
			t.Errorf("call %d: %v", i, err)
		}
		return
	}
	ahora := nueve.Add(hecha.tras)
	libre, err := r.Tomar(t.Context(), tarea, hecha.quien, ahora, ahora.Add(lease))
	want := time.Time{}
	if hecha.libre != 0 {
		want = nueve.Add(hecha.libre)
	}
	if err != nil || !libre.Equal(want) {
		t.Errorf("call %d: another's until %v, want %v: %v", i, libre, want, err)
	}
}

func ajenas(t *testing.T, r joblease.Registry) {
	for _, x := range []struct{ nombre, quien string }{{"uno", "a"}, {"dos", "b"}} {
		if libre, err := r.Tomar(t.Context(), x.nombre, x.quien, nueve, nueve.Add(lease)); err != nil || !libre.IsZero() {
			t.Errorf("%s: another's until %v: %v", x.nombre, libre, err)
		}
	}
}

// carrera makes many processes ask at once for a free lease, and then for a lease that has ended; one gets it.
func carrera(t *testing.T, r joblease.Registry) {
	for ronda := range 3 {
		ahora := nueve.Add(time.Duration(ronda) * lease)
		var ganan atomic.Int64
		var wg sync.WaitGroup
		for i := range muchos {
			wg.Go(func() {
				libre, err := r.Tomar(t.Context(), tarea, string(rune('a'+ronda*muchos+i)), ahora, ahora.Add(lease))
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
