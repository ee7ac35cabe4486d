package rest

import (
	"testing"

	"despensa/modules/pedidos/internal/fases"
)

// TestEverySentenceIsOfACode: a reason code that has a sentence for the customer counts as a code, not as a
// person's words, so that it is stored unsealed.
func TestEverySentenceIsOfACode(t *testing.T) {
	for codigo := range mensajes {
		if !fases.EsMotivo(codigo) {
			t.Errorf("%s would be sealed as somebody's words", codigo)
		}
	}
	for detalle := range mensajesPago {
		if !fases.EsMotivo(fases.MotivoPago + "." + detalle) {
			t.Errorf("%s would be sealed as somebody's words", detalle)
		}
	}
}
