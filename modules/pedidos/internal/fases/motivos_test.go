package fases

import "testing"

// TestEsMotivo tells reason codes of the house from the words of people.
func TestEsMotivo(t *testing.T) {
	tests := map[string]bool{
		"":                             true,
		MotivoSinStock:                 true,
		MotivoFreno:                    true,
		"pago-rechazado.sin-fondos":    true,
		"pago-rechazado.otro":          true,
		"devolucion":                   true,
		"anulacion":                    true,
		"me mudo":                      false,
		"mudanza":                      false,
		"pago-rechazado. No anduvo":    false,
		"pago-rechazado.":              false,
		"sin-stock de Raúl":            false,
		"Sin-stock":                    false,
		"\x1fcQUJD":                    false,
		"sin-stock.ana":                true, // no person may write it, though it has the form of a code
		"pago-rechazado.sin-fondos.mi": false,
	}
	for texto, quiero := range tests {
		if hay := EsMotivo(texto); hay != quiero {
			t.Errorf("%q: %v", texto, hay)
		}
	}
}
