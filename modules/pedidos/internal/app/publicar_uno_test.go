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

// imprenta is an event store that fails when it is given the events of the order mala.
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
			publicados := map[string]int64{"c": 9}[id]
			ps = append(
				ps,
				&pedido.Pedido{
					ID:         id,
					Eventos:    []pedido.Evento{{Seq: 1}},
					Publicados: publicados,
				},
			)
		}
	}
	return ps, nil
}

func (i *imprenta) Publicar(
	_ context.Context,
	es map[string][]pedido.Evento,
	publicaciones ...store.Publicacion,
) error {
	i.llamadas++
	if _, hay := es[i.mala]; hay {
		return i.falla()
	}
	for _, m := range publicaciones {
		i.publicados = append(i.publicados, m.Pedido)
	}
	return nil
}

// TestOneOrderNeverStopsThePublisher: an order with events that cannot be published does not keep other orders
// back. When the store is away, it is asked once.
func TestOneOrderNeverStopsThePublisher(t *testing.T) {
	roto := errors.New("too large")
	tests := map[string]struct {
		mala       string
		falla      func() error
		publicados []string
		llamadas   int
	}{
		"none fails": {publicados: []string{"a", "b", "c"}, llamadas: 1},
		"one fails": {
			mala:       "b",
			falla:      func() error { return roto },
			publicados: []string{"a", "c"},
			llamadas:   4,
		},
		"one panics": {
			mala:       "a",
			falla:      func() error { panic(roto) },
			publicados: []string{"b", "c"},
			llamadas:   4,
		},
		"the store is away": {
			mala:     "b",
			falla:    func() error { return fault.ErrStoreAway },
			llamadas: 1,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			i := &imprenta{mala: tt.mala, falla: tt.falla}
			err := app.New(app.Opciones{Pedidos: i}).PublicarEventos(t.Context())
			if !slices.Equal(i.publicados, tt.publicados) || i.llamadas != tt.llamadas ||
				(err != nil) != (tt.mala != "") {
				t.Errorf("published %v with %d calls: %v", i.publicados, i.llamadas, err)
			}
		})
	}
}
