package module

import (
	"maps"
	"slices"
	"testing"
)

// TestEveryCodeHasItsPage: every problem code of the module, and no other, has its help page.
func TestEveryCodeHasItsPage(t *testing.T) {
	ayudas := Ayudas()
	var codigos []string
	for _, e := range Codigos() {
		codigos = append(codigos, e.Code)
		if slices.Contains(
			[]string{"version-vieja", "clave-reutilizada", "sin-permiso"},
			e.Code,
		) { // httpapi has their pages
			continue
		}
		if a := ayudas[e.Code]; a.Meaning == "" || a.Advice == "" {
			t.Errorf("%s has no page", e.Code)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(ayudas)) {
		if !slices.Contains(codigos, code) {
			t.Errorf("a page of %s, which is no code of this module", code)
		}
	}
}
