package module

import (
	"maps"
	"slices"
	"testing"
)

// TestEveryCodeHasItsPage: every problem code of the module has a help page, and every help page has a code.
func TestEveryCodeHasItsPage(t *testing.T) {
	ayudas := Ayudas()
	var codigos []string
	for _, e := range Codigos() {
		codigos = append(codigos, e.Code)
		// httpapi has the pages of these three.
		if slices.Contains([]string{"version-vieja", "clave-reutilizada", "sin-permiso"}, e.Code) {
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
