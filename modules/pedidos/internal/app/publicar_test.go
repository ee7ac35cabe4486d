package app_test

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/watch"
)

// conEventos is an order with n events, publicados of which are in the event store.
func conEventos(id string, n, publicados int) *pedido.Pedido {
	p := unPedido(pedido.Creado)
	p.ID, p.Publicados = id, int64(publicados)
	for len(p.Eventos) < n {
		p.Anotar("visita_asignada", "", ahora)
	}
	return p
}

func TestEventsArePublished(t *testing.T) {
	t.Parallel()
	b := armar(conEventos("a", 3, 0), conEventos("b", 3, 2), conEventos("c", 3, 3))
	b.pedidos.publicado = map[string][]pedido.Evento{}
	bien(t, b.PublicarEventos(t.Context()))
	for id, n := range map[string]int{"a": 3, "b": 1, "c": 0} {
		igual(t, "events of "+id, len(b.pedidos.publicado[id]), n)
		igual(t, "mark of "+id, b.pedidos.hay[id].Publicados, 3)
	}
	igual(t, "first of b", b.pedidos.publicado["b"][0].Seq, 3)
	bien(t, b.PublicarEventos(t.Context()))
	igual(t, "marks", len(b.pedidos.marcas), 2)
}

// TestNothingIsMarkedThatIsNotPublished: an order is marked after its events have been copied.
func TestNothingIsMarkedThatIsNotPublished(t *testing.T) {
	t.Parallel()
	b := armar(conEventos("a", 3, 0))
	b.pedidos.publicar = errLejos
	rechazado(t, b.PublicarEventos(t.Context()), errLejos, "")
	igual(t, "marks", len(b.pedidos.marcas), 0)
}

// TestManyEventsArePublished: one round publishes more orders than one write does.
func TestManyEventsArePublished(t *testing.T) {
	t.Parallel()
	b := armar()
	b.pedidos.publicado = map[string][]pedido.Evento{}
	for i := range 450 {
		p := conEventos(strings.Repeat("x", i+1), 1, 0)
		b.pedidos.hay[p.ID] = p
	}
	bien(t, b.PublicarEventos(t.Context()))
	igual(t, "published", len(b.pedidos.publicado), 450)
}

// TestTheDiaryIsNumbered until nothing is left to number, or until the bound of one round.
func TestTheDiaryIsNumbered(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		entradas []int
		err      error
		llamadas int
	}{
		"nothing":            {llamadas: 1},
		"some":               {entradas: []int{7}, llamadas: 1},
		"more than one":      {entradas: []int{200, 200, 3}, llamadas: 3},
		"years of it":        {entradas: slices.Repeat([]int{200}, 100), llamadas: 25},
		"a store that fails": {entradas: []int{200, 200}, err: errLejos, llamadas: 1},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			b := armar()
			b.pedidos.entradas, b.pedidos.asentar = tt.entradas, tt.err
			if tt.err == nil {
				bien(t, b.Asentar(t.Context()))
			} else {
				rechazado(t, b.Asentar(t.Context()), tt.err, "")
			}
			igual(t, "calls", b.pedidos.asentadas, tt.llamadas)
		})
	}
}

// TestThePublisher does a round every second until its context ends. When events cannot be published, the log
// has the error, the movements of stock are published all the same, and the next round comes.
func TestThePublisher(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var diario bytes.Buffer
		b := armar(conEventos("a", 1, 0)).con(func(o *app.Opciones) {
			o.Log = slog.New(slog.NewTextHandler(&diario, nil))
		})
		b.pedidos.publicado, b.pedidos.publicar = map[string][]pedido.Evento{}, errLejos
		b.pedidos.sana = true
		b.stock.rondas = []int{200, 200, 7}
		ctx, parar := context.WithTimeout(t.Context(), 2500*time.Millisecond)
		defer parar()
		b.Publicar(ctx, time.Second)
		if n := strings.Count(diario.String(), errLejos.Error()); n != 1 {
			t.Errorf("logged %d failures: %q", n, diario.String())
		}
		igual(t, "events", len(b.pedidos.publicado["a"]), 1)
		igual(t, "rounds of the diary", b.pedidos.asentadas, 2)
		// Three beside failing events, and one a second later.
		igual(t, "rounds of stock", b.stock.publicadas, 4)
	})
}

// TestAnOrderIsFollowed: each event is given once, beginning after the one where the reader left off.
func TestAnOrderIsFollowed(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		desde int64
		dados []int // events given at first, and after one more event
	}{
		"from the beginning": {0, []int{3, 1}},
		"from the middle":    {2, []int{1, 1}},
		"from the end":       {3, []int{0, 1}},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { sigue(t, tt.desde, tt.dados) })
		})
	}
}

// sigue follows an order of three events from desde. dados are the numbers of events given at first, and after
// another event.
func sigue(t *testing.T, desde int64, dados []int) {
	p := conEventos(uno, 3, 0)
	b := armar(p)
	var alcance atomic.Int64
	alcance.Store(3)
	vigia := watch.New(
		watch.Options{Versions: func(context.Context, []string) (map[string]int64, error) {
			return map[string]int64{uno: alcance.Load()}, nil
		}},
	)
	defer vigia.Close()
	b.con(func(o *app.Opciones) { o.Vigia = vigia })
	v := b.Seguir(clienta, p, desde)
	defer v.Soltar()
	igual(t, "events at first", len(v.Nuevos(p)), dados[0])
	igual(t, "events given again", len(v.Nuevos(p)), 0)

	p.Anotar("visita_asignada", "", ahora)
	alcance.Store(4)
	<-v.Hay()
	nuevo, err := v.Leer(t.Context())
	bien(t, err)
	igual(t, "events later", len(v.Nuevos(nuevo)), dados[1])

	delete(b.pedidos.hay, uno)
	_, err = v.Leer(t.Context())
	rechazado(t, err, app.ErrNoExiste, "")
}
