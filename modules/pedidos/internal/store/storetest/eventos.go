package storetest

import (
	"context"
	"testing"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
)

// eventosSinHueco: 400 events by 8 writers, none lost, the sequence without a gap.
func eventosSinHueco(t testing.TB, puertos Puertos) {
	insertar(t, puertos, nuevo(1))
	aLaVez(obreros, func(int) {
		for range 50 {
			bienSiempre(
				t,
				cambiar(puertos, id(1, 1), func(v *pedido.Pedido) { v.Anotar("nota", "", t0) }),
			)
		}
	})
	v := leer(t, puertos, id(1, 1))
	igual(t, "events", len(v.Eventos), 401)
	sinHueco(t, v.Eventos)
}

func sinHueco(t testing.TB, eventos []pedido.Evento) {
	t.Helper()
	for i, e := range eventos {
		if e.Seq != int64(i)+1 {
			t.Errorf("event %d has seq %d", i+1, e.Seq)
			return
		}
	}
}

// conEventos is the n-th order with so many events.
func conEventos(n, cuantos int) *pedido.Pedido {
	v := nuevo(n)
	for len(v.Eventos) < cuantos {
		v.Anotar("nota", "", t0)
	}
	return v
}

// eventosPublicados: the event store holds each event once, the first to come.
func eventosPublicados(t testing.TB, puertos Puertos) {
	ctx := context.Background()
	a, b := conEventos(1, 30), conEventos(2, 3)
	insertar(t, puertos, a, b)
	bien(t, puertos.Pedidos.Publicar(ctx, nil))
	bien(
		t,
		puertos.Pedidos.Publicar(
			ctx,
			map[string][]pedido.Evento{a.ID: a.Eventos[:10], b.ID: b.Eventos},
		),
	)
	otro := a.Eventos[0]
	otro.Motivo = "otro"
	aLaVez(obreros, func(int) {
		eventos := map[string][]pedido.Evento{
			a.ID: append([]pedido.Evento{otro}, a.Eventos[1:]...),
		}
		bienSiempre(t, puertos.Pedidos.Publicar(ctx, eventos))
	})
	parecidos(t, "published", dado(puertos.Pedidos.Eventos(ctx, a.ID, 0, 100))(t), a.Eventos)
	parecidos(t, "a page", dado(puertos.Pedidos.Eventos(ctx, a.ID, 7, 5))(t), a.Eventos[7:12])
	parecidos(
		t,
		"the other order's",
		dado(puertos.Pedidos.Eventos(ctx, b.ID, 0, 100))(t),
		b.Eventos,
	)
	igual(
		t,
		"events of an unknown order",
		len(dado(puertos.Pedidos.Eventos(ctx, id(1, 404), 0, 100))(t)),
		0,
	)
}

// marcaDePublicacion: PorPublicar gives the orders with events that are not published yet. The mark moves
// forward only and leaves the version alone.
func marcaDePublicacion(t testing.TB, puertos Puertos) {
	ctx := context.Background()
	insertar(t, puertos, conEventos(1, 5), conEventos(2, 5), conEventos(3, 5))
	igual(t, "limited", len(porPublicar(t, puertos, 2)), 2)
	leido := leer(t, puertos, id(1, 1)) // before the mark moves
	bien(t, puertos.Pedidos.Publicadas(ctx, nil))
	bien(t, puertos.Pedidos.Publicadas(ctx, []store.Publicacion{
		{Pedido: id(1, 1), Hasta: 5},
		{Pedido: id(1, 2), Hasta: 3},
		{Pedido: id(1, 404), Hasta: 1},
	}))
	bien(t, puertos.Pedidos.Publicadas(ctx, []store.Publicacion{{Pedido: id(1, 1), Hasta: 2}}))
	v := leer(t, puertos, id(1, 1))
	igual(t, "mark after a step back", v.Publicados, 5)
	igual(t, "version", v.Version, leido.Version)
	parecidos(
		t,
		"still to publish",
		porPublicar(t, puertos, 10),
		map[string]int64{id(1, 2): 3, id(1, 3): 0},
	)

	leido.Anotar("nota", "", t0)
	bien(t, puertos.Pedidos.Guardar(ctx, leido)) // the mark's move was no conflict
	if _, hay := porPublicar(t, puertos, 10)[leido.ID]; !hay {
		t.Errorf("an event written by who had read before the mark moved is not offered")
	}
	bien(t, puertos.Pedidos.Publicadas(ctx, []store.Publicacion{
		{Pedido: id(1, 1), Hasta: 6},
		{Pedido: id(1, 2), Hasta: 5},
		{Pedido: id(1, 3), Hasta: 5},
	}))
	igual(t, "left to publish", len(porPublicar(t, puertos, 10)), 0)
}

// publicadosConMarca publishes events and marks together, again after a lost answer, and beside events that have been
// published without a mark. Every event gets one number, and no number is left out.
func publicadosConMarca(t testing.TB, puertos Puertos) {
	ctx := context.Background()
	a, b, c := conEventos(1, 5), conEventos(2, 3), conEventos(3, 4)
	insertar(t, puertos, a, b, c)
	marca := func(v *pedido.Pedido, hasta int64) store.Publicacion {
		return store.Publicacion{Pedido: v.ID, Hasta: hasta}
	}
	publicar(t, puertos, c) // ended before it marked them
	for range 2 {
		eventos := map[string][]pedido.Evento{
			a.ID: a.Eventos[:3],
			b.ID: b.Eventos,
			c.ID: c.Eventos,
		}
		bien(
			t,
			puertos.Pedidos.Publicar(
				ctx,
				eventos,
				marca(a, 2),
				marca(a, 3),
				marca(b, 3),
				marca(c, 4),
			),
		)
	}
	parecidos(t, "still to publish", porPublicar(t, puertos, 10), map[string]int64{a.ID: 3})
	// Out of its sequence.
	bien(
		t,
		puertos.Pedidos.Publicar(
			ctx,
			map[string][]pedido.Evento{a.ID: a.Eventos[4:]},
			marca(a, 3),
		),
	)
	asentarTodo(t, puertos, 50)
	bien(
		t,
		puertos.Pedidos.Publicar(
			ctx,
			map[string][]pedido.Evento{a.ID: a.Eventos[3:]},
			marca(a, 5),
		),
	)
	asentarTodo(t, puertos, 50)
	igual(t, "left to publish", len(porPublicar(t, puertos, 10)), 0)
	as, hasta := leerDiario(t, puertos, "", 0, 50)
	secuencias(t, as, map[string]int{a.ID: 5, b.ID: 3, c.ID: 4})
	igual(t, "the end of the diary", hasta, 12)
}

// porPublicar gives the marks of the orders with unpublished events.
func porPublicar(t testing.TB, puertos Puertos, limite int) map[string]int64 {
	t.Helper()
	out := map[string]int64{}
	for _, v := range dado(puertos.Pedidos.PorPublicar(context.Background(), limite))(t) {
		out[v.ID] = v.Publicados
	}
	return out
}
