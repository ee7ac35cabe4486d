package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
)

// TestTheOrderOfTheDiary: by time over all orders, by sequence within one even if a clock went back.
func TestTheOrderOfTheDiary(t *testing.T) {
	tests := map[string]struct{ entran, salen string }{ // order, sequence, second
		"none":                   {"", ""},
		"by time":                {"b1@3 a1@1 c1@2", "a1@1 c1@2 b1@3"},
		"a clock that went back": {"a1@5 a2@1 a3@2 b1@4 b2@6", "b1@4 a1@5 a2@1 a3@2 b2@6"},
		"ten and more":           {"a10@1 a9@1 a2@1", "a2@1 a9@1 a10@1"},
		"without a time":         {"a1@1 a2@0 b1@0", "b1@0 a1@1 a2@0"},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			var as []store.EntradaDelDiario
			for s := range strings.FieldsSeq(tt.entran) {
				var seq, segundo int64
				if _, err := fmt.Sscanf(s[1:], "%d@%d", &seq, &segundo); err != nil {
					t.Fatal(err)
				}
				as = append(
					as,
					store.EntradaDelDiario{
						Pedido: s[:1],
						Evento: pedido.Evento{Seq: seq, En: time.Unix(segundo, 0)},
					},
				)
			}
			store.EnOrden(as)
			var salen []string
			for _, a := range as {
				salen = append(
					salen,
					fmt.Sprintf("%s%d@%d", a.Pedido, a.Evento.Seq, a.Evento.En.Unix()),
				)
			}
			if got := strings.Join(salen, " "); got != tt.salen {
				t.Errorf("%s, want %s", got, tt.salen)
			}
		})
	}
}
