package storetest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/omitted"
)

// asentarTodo numbers all events of the event store, limite in each call, and gives how many it has numbered.
func asentarTodo(t testing.TB, puertos Puertos, limite int) (n int) {
	t.Helper()
	for {
		m := dado(puertos.Pedidos.Asentar(context.Background(), limite))(t)
		if n += m; m == 0 {
			return n
		}
	}
}

// publicar puts all events of orders into the event store.
func publicar(t testing.TB, puertos Puertos, pedidos ...*pedido.Pedido) {
	t.Helper()
	for _, v := range pedidos {
		bien(
			t,
			puertos.Pedidos.Publicar(
				context.Background(),
				map[string][]pedido.Evento{v.ID: v.Eventos},
			),
		)
	}
}

// leerDiario reads the diary from a number on, by pages, to its end.
func leerDiario(
	t testing.TB,
	puertos Puertos,
	tipo string,
	desde int64,
	limite int,
) (as []store.EntradaDelDiario, hasta int64) {
	t.Helper()
	for hasta = desde; ; {
		pagina, h, err := puertos.Pedidos.Diario(context.Background(), tipo, hasta, limite)
		bien(t, err)
		if h < hasta {
			t.Fatalf("the diary of %d goes back to %d", hasta, h)
		}
		as = append(as, pagina...)
		if len(pagina) < limite {
			return as, h
		}
		hasta = h
	}
}

// nombres are the events of a diary by their names.
func nombres(entradaDelDiarios []store.EntradaDelDiario) (out []string) {
	for _, a := range entradaDelDiarios {
		out = append(out, fmt.Sprintf("%d %s:%d", a.Numero, a.Pedido, a.Evento.Seq))
	}
	return out
}

// diarioNumerado: each event gets one number, without gaps. The events of an order get theirs in their sequence, in
// whatever order they were published. A page goes on where the page before ended.
func diarioNumerado(t testing.TB, puertos Puertos) {
	ctx := context.Background()
	vacio, hasta, err := puertos.Pedidos.Diario(ctx, "", 0, 10)
	bien(t, err)
	igual(t, "events of an empty diary", len(vacio), 0)
	igual(t, "its end", hasta, 0)
	igual(t, "numbered of nothing", dado(puertos.Pedidos.Asentar(ctx, 10))(t), 0)

	a, b := conEventos(1, 12), conEventos(2, 3)
	publicar(t, puertos, b, a)
	igual(
		t,
		"before they are numbered",
		len(dado(primeros(puertos.Pedidos.Diario(ctx, "", 0, 50)))(t)),
		0,
	)
	igual(t, "limited", dado(puertos.Pedidos.Asentar(ctx, 4))(t), 4)
	igual(t, "the rest", asentarTodo(t, puertos, 4), 11)
	igual(t, "once more", asentarTodo(t, puertos, 4), 0)
	as, hasta := leerDiario(t, puertos, "", 0, 4)
	igual(t, "the end", hasta, 15)
	secuencias(t, as, map[string]int{a.ID: 12, b.ID: 3})
	i := slices.IndexFunc(as, func(x store.EntradaDelDiario) bool { return x.Pedido == b.ID })
	quiero := b.Eventos[0]
	igual(t, "an event", as[i].Evento, quiero)

	a.Anotar("otra", "en palabras", t0.Add(time.Hour))
	publicar(t, puertos, a)
	igual(t, "what came later", asentarTodo(t, puertos, 50), 1)
	pagina, hasta, err := puertos.Pedidos.Diario(ctx, "", 15, 50)
	bien(t, err)
	parecidos(t, "the next page", nombres(pagina), []string{"16 " + a.ID + ":13"})
	igual(t, "its end", hasta, 16)
	_, hasta, err = puertos.Pedidos.Diario(ctx, "", 16, 50)
	bien(t, err)
	igual(t, "the end of nothing", hasta, 16)

	creados, hasta := leerDiario(t, puertos, "creado", 0, 1)
	secuencias(t, creados, map[string]int{a.ID: 1, b.ID: 1})
	igual(t, "the end of one tipo", hasta, 16)
	pocos, hasta, err := puertos.Pedidos.Diario(ctx, "creado", 0, 1)
	bien(t, err)
	igual(t, "a full page ends at its last event", hasta, pocos[0].Numero)
	igual(
		t,
		"of a tipo there is not",
		len(dado(primeros(puertos.Pedidos.Diario(ctx, "nada", 0, 50)))(t)),
		0,
	)

	puertos = puertos.Reabrir(t)
	otra, _ := leerDiario(t, puertos, "", 0, 50)
	parecidos(t, "after reopening", nombres(otra), nombres(append(as, pagina...)))
	igual(t, "numbered after reopening", asentarTodo(t, puertos, 50), 0)
}

func primeros(
	entradaDelDiarios []store.EntradaDelDiario,
	_ int64,
	err error,
) ([]store.EntradaDelDiario, error) {
	return entradaDelDiarios, err
}

// secuencias notes numbers that do not grow and events of an order that are missing, doubled or out of their sequence.
func secuencias(
	t testing.TB,
	entradaDelDiarios []store.EntradaDelDiario,
	cuantos map[string]int,
) {
	t.Helper()
	van, numero := map[string]int{}, int64(0)
	for _, a := range entradaDelDiarios {
		if a.Numero <= numero {
			t.Errorf("number %d after %d", a.Numero, numero)
		}
		numero, van[a.Pedido] = a.Numero, van[a.Pedido]+1
		if a.Evento.Seq != int64(van[a.Pedido]) {
			t.Errorf(
				"%s: event %d stands where %d belongs",
				a.Pedido,
				a.Evento.Seq,
				van[a.Pedido],
			)
			return
		}
	}
	identicos(t, "events of each order", van, cuantos)
}

// diarioMientrasEscriben: readers tail the diary while eight writers and three publishers are at work. Each reader gets
// every event once, and the events of an order in their sequence.
func diarioMientrasEscriben(t testing.TB, puertos Puertos) {
	const porObrero, eventos = 6, 5
	ctx := context.Background()
	escritos, asentados := make(chan struct{}), make(chan struct{})
	var asentando, todos, leyendo sync.WaitGroup
	for range 3 {
		asentando.Go(func() {
			mientras(
				t,
				escritos,
				func() { bienSiempre(t, soloError(puertos.Pedidos.Asentar(ctx, 7))) },
			)
		})
	}
	cuantos := map[string]int{}
	for w := range obreros {
		for i := range porObrero {
			cuantos[id(1, w*porObrero+i)] = eventos
		}
		todos.Go(func() { escribirEventos(t, puertos, w*porObrero, porObrero, eventos) })
	}
	leidos := make([][]store.EntradaDelDiario, 3)
	for r := range leidos {
		leyendo.Go(
			func() { leidos[r] = seguirDiario(t, puertos, []string{"", "nota", ""}[r], asentados) },
		)
	}
	todos.Wait()
	close(escritos)
	asentando.Wait()
	asentarTodo(t, puertos, 50)
	close(asentados)
	leyendo.Wait()
	secuencias(t, leidos[0], cuantos)
	secuencias(t, leidos[2], cuantos)
	parecidos(t, "what two readers saw", nombres(leidos[0]), nombres(leidos[2]))
	for i, a := range leidos[0] {
		igual(t, "a number", a.Numero, int64(i)+1)
	}
	igual(t, "events of one tipo", len(leidos[1]), obreros*porObrero*(eventos-1))
	igual(t, "each once", len(slices.Compact(nombres(leidos[1]))), len(leidos[1]))
}

// mientras repeats f until fin is closed.
func mientras(t testing.TB, fin <-chan struct{}, f func()) {
	for !t.Failed() {
		select {
		case <-fin:
			return
		default:
			f()
		}
	}
}

// escribirEventos publishes orders event by event, the first of each with the order.
func escribirEventos(t testing.TB, puertos Puertos, desde, cuantos, eventos int) {
	for e := range eventos {
		for i := range cuantos {
			v := conEventos(desde+i, e+1)
			bienSiempre(
				t,
				puertos.Pedidos.Publicar(
					context.Background(),
					map[string][]pedido.Evento{v.ID: v.Eventos},
				),
			)
		}
	}
}

// seguirDiario tails the diary until listo is closed and its end is reached.
func seguirDiario(
	t testing.TB,
	puertos Puertos,
	tipo string,
	listo <-chan struct{},
) (as []store.EntradaDelDiario) {
	desde := int64(0)
	for {
		fin := false
		select {
		case <-listo:
			fin = true
		default:
		}
		pagina, hasta, err := puertos.Pedidos.Diario(context.Background(), tipo, desde, 5)
		bienSiempre(t, err)
		as = append(as, pagina...)
		if fin && len(pagina) < 5 || t.Failed() {
			return as
		}
		desde = hasta
	}
}

// diarioDesordenado: an event gets no number before the earlier events of its order, which another process has yet to
// publish.
func diarioDesordenado(t testing.TB, puertos Puertos) {
	v := conEventos(1, 4)
	otro := conEventos(2, 1)
	eventos := map[string][]pedido.Evento{v.ID: v.Eventos[:1], otro.ID: otro.Eventos}
	bien(t, puertos.Pedidos.Publicar(context.Background(), eventos))
	asentarTodo(t, puertos, 50)
	bien(
		t,
		puertos.Pedidos.Publicar(
			context.Background(),
			map[string][]pedido.Evento{v.ID: v.Eventos[2:]},
		),
	)
	igual(t, "numbered while the second is missing", asentarTodo(t, puertos, 50), 0)
	bien(
		t,
		puertos.Pedidos.Publicar(
			context.Background(),
			map[string][]pedido.Evento{v.ID: v.Eventos},
		),
	)
	igual(t, "numbered", asentarTodo(t, puertos, 50), 3)
	as, _ := leerDiario(t, puertos, "", 0, 50)
	secuencias(t, as, map[string]int{v.ID: 4, otro.ID: 1})
}

// diarioIlegible: an event that cannot be read is left out and counted as omitted; the other events are read.
func diarioIlegible(t testing.TB, puertos Puertos) {
	a, b := conEventos(1, 2), conEventos(2, 2)
	publicar(t, puertos, a, b)
	puertos.Romper(t, "eventos", a.ID, 0)
	igual(t, "numbered", asentarTodo(t, puertos, 50), 4)
	ctx := omitted.With(context.Background())
	as, hasta, err := puertos.Pedidos.Diario(ctx, "", 0, 50)
	bien(t, err)
	igual(t, "readable", len(as), 3)
	igual(t, "left out", omitted.Count(ctx), 1)
	igual(t, "looked at", hasta, 4)
}
