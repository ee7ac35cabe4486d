package app_test

import (
	"errors"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
)

// TestANoticeIsNotLost: an order at rest is due before the worker has it, so that the death of the process between the two
// loses no notice; an order with a timer of its own keeps it.
func TestANoticeIsNotLost(t *testing.T) {
	t.Parallel()
	despues := ahora.Add(time.Hour)
	for nombre, x := range map[string]struct {
		con    func(b *banco, p *pedido.Pedido)
		debe   *time.Time
		quiero error
	}{
		"at rest":                     {con: func(_ *banco, p *pedido.Pedido) { p.Debe = nil }, debe: &ahora},
		"at rest, the worker is lost": {con: func(b *banco, p *pedido.Pedido) { p.Debe, b.worker.falla = nil, errLejos }, debe: &ahora, quiero: errLejos},
		"at rest, saved by another":   {con: func(b *banco, p *pedido.Pedido) { p.Debe, b.pedidos.conflictos = nil, 1 }, debe: &ahora},
		"with a timer":                {con: func(_ *banco, p *pedido.Pedido) { p.Debe = &despues }, debe: &despues},
		"of a later release":          {con: func(_ *banco, p *pedido.Pedido) { p.Estado, p.Debe = "empaquetado", nil }},
		"the store is away":           {con: func(b *banco, p *pedido.Pedido) { p.Debe, b.pedidos.leer = nil, errLejos }, quiero: errLejos},
		"unreadable":                  {con: func(b *banco, p *pedido.Pedido) { p.Debe, b.pedidos.leer = nil, &store.Ilegible{ID: uno} }},
	} {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			p := unPedido(pedido.Entregado)
			b := armar(p)
			x.con(b, p)
			if err := b.Mirar(t.Context(), uno); !errors.Is(err, x.quiero) || x.quiero == nil && err != nil {
				t.Fatalf("got %v, want %v", err, x.quiero)
			}
			q := b.pedidos.hay[uno]
			if (q.Debe == nil) != (x.debe == nil) || x.debe != nil && !q.Debe.Equal(*x.debe) {
				t.Errorf("due %v, want %v", q.Debe, x.debe)
			}
		})
	}
	b := armar()
	bien(t, b.Mirar(t.Context(), "of nobody"))
}
