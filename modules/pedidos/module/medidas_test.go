package module

import (
	"testing"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"

	"github.com/google/go-cmp/cmp"
)

// TestLabelsAreAClosedSet: orders in states of a later release are counted under one label.
func TestLabelsAreAClosedSet(t *testing.T) {
	uno, dos := time.Unix(1, 0), time.Unix(2, 0)
	got := conocidos([]store.Resumen{
		{Estado: "empaquetado", Pedidos: 2, Debidos: 1, Vencido: &dos},
		{Estado: pedido.Creado, Pedidos: 5},
		{Estado: "pesado", Pedidos: 3, Debidos: 2, Vencido: &uno},
		{Estado: "sellado", Pedidos: 4},
	})
	want := []store.Resumen{
		{Estado: pedido.Creado, Pedidos: 5},
		{Estado: "otro", Pedidos: 9, Debidos: 3, Vencido: &uno},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if n := len(conocidos([]store.Resumen{{Estado: pedido.Creado}})); n != 1 {
		t.Errorf("%d lines where all is known", n)
	}
}
