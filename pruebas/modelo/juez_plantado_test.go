package modelo

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// plantada is a violation planted in sound books, the rule that finds it, and a part of the rule's sentence. Without
// a rule, the change is no violation.
type plantada struct {
	regla, dice string
	falla       func(*libros)
}

func TestTheJudgeFindsNothingInSoundBooks(t *testing.T) {
	j := juzgar(sanos())
	for _, f := range j.faltas {
		t.Error(f)
	}
	for _, r := range reglas {
		if j.hechas[r.nombre] == 0 {
			t.Errorf("rule %s compared nothing", r.nombre)
		}
	}
}

// TestTheJudgeFindsWhatIsPlanted plants one violation at a time.
func TestTheJudgeFindsWhatIsPlanted(t *testing.T) {
	tests := map[string]plantada{}
	for _, m := range []map[string]plantada{deHistoria, deDinero, deBienes, deDicho} {
		maps.Copy(tests, m)
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			l := sanos()
			tt.falla(l)
			j := juzgar(l)
			if tt.regla == "" {
				for _, f := range j.faltas {
					t.Error(f)
				}
				return
			}
			if !slices.ContainsFunc(
				j.faltas,
				func(f falta) bool { return f.Regla == tt.regla && strings.Contains(f.Que, tt.dice) },
			) {
				t.Errorf("not found; instead: %v", j.faltas)
			}
		})
	}
	for _, r := range reglas {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(tests)),
			func(n string) bool { return tests[n].regla == r.nombre }) {
			t.Errorf("no violation is planted for rule %s", r.nombre)
		}
	}
}

// TestReferences: references and ids of movements are taken apart as the modules make them.
func TestReferences(t *testing.T) {
	if p, n := deReferencia("a-b-12"); p != "a-b" || n != 12 {
		t.Errorf("%s, %d", p, n)
	}
	if p, n := deReferencia("otra"); p != "otra" || n != 0 {
		t.Errorf("%s, %d", p, n)
	}
	if p, n, ok := deVenta(movimiento{ID: "p:2:x:vuelta", Pedido: "p"}); p != "p" || n != 2 ||
		!ok {
		t.Errorf("%s, %d, %v", p, n, ok)
	}
	if _, _, ok := deVenta(movimiento{ID: "hand"}); ok {
		t.Error("a movement by hand is no sale")
	}
	for s, want := range map[string]int64{"12.34": 1234, "12": 1200, "0.5": 50} {
		if n := centavos(t, s); n != want {
			t.Errorf("%s: %d", s, n)
		}
	}
}
