package app_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/fault"
)

// imprenta is an event store that fails when it is given the events of one order.
type imprenta struct {
	store.Pedidos
	mala       string
	falla      func() error
	publicados []string
	llamadas   int
}

func (i *imprenta) PorPublicar(context.Context, int) ([]*pedido.Pedido, error) {
	var ps []*pedido.Pedido
	for _, id := range []string{"a", "b", "c"} {
		if !slices.Contains(i.publicados, id) {
			ps = append(ps, &pedido.Pedido{ID: id, Eventos: []pedido.Evento{{Seq: 1}}, Publicados: map[string]int64{"c": 9}[id]})
		}
	}
	return ps, nil
}

func (i *imprenta) Publicar(_ context.Context, es map[string][]pedido.Evento, ms ...store.Publicacion) error {
	i.llamadas++
	if _, hay := es[i.mala]; hay {
		return i.falla()
	}
	for _, m := range ms {
		i.publicados = append(i.publicados, m.Pedido)
	}
	return nil
}

// One order whose events cannot be published keeps no other order's back; a store that is away is asked once.
func TestOneOrderNeverStopsThePublisher(t *testing.T) {
	roto := errors.New("too large")
	tests := map[string]struct {
		mala       string
		falla      func() error
		publicados []string
		llamadas   int
	}{
		"none fails":        {"", nil, []string{"a", "b", "c"}, 1},
		"one fails":         {"b", func() error { return roto }, []string{"a", "c"}, 4},
		"one panics":        {"a", func() error { panic(roto) }, []string{"b", "c"}, 4},
		"the store is away": {"b", func() error { return fault.ErrAlmacen }, nil, 1},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			i := &imprenta{mala: tt.mala, falla: tt.falla}
			err := app.Nueva(app.Opciones{Pedidos: i}).PublicarEventos(t.Context())
			if !slices.Equal(i.publicados, tt.publicados) || i.llamadas != tt.llamadas || (err != nil) != (tt.mala != "") {
				t.Errorf("published %v with %d calls: %v", i.publicados, i.llamadas, err)
			}
		})
	}
}
