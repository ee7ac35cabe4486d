// Package jobleasetest is the suite that every joblease.Registro passes.
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

// llamada is what one process asks, and what it is told: the rest of the other's turn
// (0: it is yours), counted from nueve.
type llamada struct {
	quien  string
	tras   time.Duration // after nueve
	suelta bool
	libre  time.Duration
}

// Probar runs the suite; nuevo gives an empty one.
func Probar(t *testing.T, nuevo func(t *testing.T) joblease.Registry) {
	for nombre, llamadas := range map[string][]llamada{
		"nobody has it":                 {{quien: "a"}},
		"it is mine already":            {{quien: "a"}, {quien: "a", tras: 5 * time.Second}, {quien: "b", tras: 15 * time.Second, libre: 20 * time.Second}},
		"another has it":                {{quien: "a"}, {quien: "b", tras: time.Second, libre: lease}, {quien: "a", tras: 2 * time.Second}},
		"the other's has run out":       {{quien: "a"}, {quien: "b", tras: lease}, {quien: "a", tras: lease + 1, libre: 2 * lease}},
		"the other has given it back":   {{quien: "a"}, {quien: "a", suelta: true}, {quien: "b", tras: 1}},
		"what is not mine I cannot end": {{quien: "a"}, {quien: "b", suelta: true}, {quien: "c", tras: 1, libre: lease}},
		"a clock that was ahead":        {{quien: "a", tras: 4 * 365 * 24 * time.Hour}, {quien: "b", tras: 1}, {quien: "a", tras: 2, libre: lease}},
		"a clock a day ahead":           {{quien: "a", tras: 24 * time.Hour}, {quien: "b"}, {quien: "c", tras: lease - 1, libre: lease}},
		"a long lease":                  {{quien: "a", tras: skew.MaxLease - lease}, {quien: "b", libre: skew.MaxLease}},
		"ending nothing":                {{quien: "a", suelta: true}, {quien: "b"}},
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

func llamar(t *testing.T, r joblease.Registry, i int, l llamada) {
	t.Helper()
	if l.suelta {
		if err := r.Soltar(t.Context(), tarea, l.quien); err != nil {
			t.Errorf("call %d: %v", i, err)
		}
		return
	}
	ahora := nueve.Add(l.tras)
	libre, err := r.Tomar(t.Context(), tarea, l.quien, ahora, ahora.Add(lease))
	want := time.Time{}
	if l.libre != 0 {
		want = nueve.Add(l.libre)
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

// carrera lets many ask for a job that is free, and for one whose turn has run out.
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
