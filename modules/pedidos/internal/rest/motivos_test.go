package rest

import (
	"testing"

	"despensa/modules/pedidos/internal/fases"
)

// A code that has a sentence for people is no person's words: it is stored as it is.
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
