package storetest

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/skew"
)

// reclamarUnaVez: 400 due orders, 8 workers, each order goes to exactly one of them.
func reclamarUnaVez(t testing.TB, puertos Puertos) {
	const cuantos = 400
	insertar(t, puertos, append(pedidos(0, cuantos), inertes()...)...)
	var mu sync.Mutex
	veces := map[string]int{}
	aLaVez(obreros, func(w int) {
		for range 2 * cuantos {
			v, err := puertos.Pedidos.Reclamar(
				context.Background(),
				"obrero",
				t0.Add(time.Hour),
				t0.Add(2*time.Hour),
			)
			if errors.Is(err, store.ErrNadaQueHacer) {
				return
			}
			if err != nil {
				t.Errorf("Reclamar: %v", err)
				return
			}
			mu.Lock()
			veces[v.ID]++
			mu.Unlock()
		}
	})
	for i := range cuantos {
		igual(t, "claims of "+id(1, i), veces[id(1, i)], 1)
	}
	igual(t, "orders claimed", len(veces), cuantos)
	for _, i := range inertes() {
		igual(
			t,
			"version of an order that is not due",
			leer(t, puertos, i.ID).Version,
			i.Version,
		)
	}
}

// inertes are orders that no worker may claim before t0 plus an hour.
func inertes() []*pedido.Pedido {
	futuro, nada, tomado := nuevo(9001), nuevo(9002), nuevo(9003)
	futuro.Deber(t0.Add(time.Hour + time.Millisecond))
	nada.Descansar()
	tomado.Duenio, tomado.Lease = "otro", t0.Add(3*time.Hour)
	return []*pedido.Pedido{futuro, nada, tomado}
}

// elMasVencidoPrimero: claims come in the order of debe, and with their lease.
func elMasVencidoPrimero(t testing.TB, puertos Puertos) {
	_, err := puertos.Pedidos.Reclamar(context.Background(), "yo", t0, t0.Add(minuto))
	espera(t, "claiming from nothing", err, store.ErrNadaQueHacer)
	const cuantos = 20
	ps := pedidos(0, cuantos)
	for i, v := range ps {
		v.Deber(t0.Add(time.Duration(cuantos-i) * time.Second)) // the newest is due first
	}
	rand.Shuffle(cuantos, func(i, j int) { ps[i], ps[j] = ps[j], ps[i] })
	insertar(t, puertos, ps...)
	ahora, hasta := t0.Add(time.Duration(cuantos)*time.Second), t0.Add(time.Hour)
	for i := cuantos - 1; i >= 0; i-- {
		v := dado(puertos.Pedidos.Reclamar(context.Background(), "yo", ahora, hasta))(t)
		if v.ID != id(1, i) || v.Duenio != "yo" || !v.Lease.Equal(hasta) || v.Version != 2 {
			t.Errorf(
				"claimed %s (dueño %q, lease %v, version %d), want %s",
				v.ID,
				v.Duenio,
				v.Lease,
				v.Version,
				id(1, i),
			)
		}
		parecidos(t, "claimed and stored", leer(t, puertos, v.ID), v)
	}
	_, err = puertos.Pedidos.Reclamar(context.Background(), "yo", ahora, hasta)
	espera(t, "claiming when all is leased", err, store.ErrNadaQueHacer)
}

// leaseVencido: when a lease is over by the clock of the next worker, this worker gets the order,
// and the former holder can no longer save.
func leaseVencido(t testing.TB, puertos Puertos) {
	ctx := context.Background()
	insertar(t, puertos, nuevo(0))
	fin := t0.Add(30 * time.Second)
	a := dado(puertos.Pedidos.Reclamar(ctx, "a", t0, fin))(t)
	for nombre, ahora := range map[string]time.Time{"half way": t0.Add(10 * time.Second), "at its end": fin} {
		_, err := puertos.Pedidos.Reclamar(ctx, "b", ahora, ahora.Add(minuto))
		espera(t, "claiming a leased order "+nombre, err, store.ErrNadaQueHacer)
	}
	b := dado(puertos.Pedidos.Reclamar(ctx, "b", fin.Add(time.Millisecond), fin.Add(minuto)))(t)
	igual(t, "holder", b.Duenio, "b")
	igual(t, "who let it run out", b.Anterior, "a")
	a.Motivo = "tarde"
	espera(t, "the former holder's save", puertos.Pedidos.Guardar(ctx, a), store.ErrConflicto)
	b.Motivo = "a tiempo"
	bien(t, puertos.Pedidos.Guardar(ctx, b))
	igual(t, "what was saved", leer(t, puertos, b.ID).Motivo, "a tiempo")
}

// tomarUno: one order is leased by its id, due or not, unless another worker holds its lease.
func tomarUno(t testing.TB, puertos Puertos) {
	ctx, fin := context.Background(), t0.Add(minuto)
	_, err := puertos.Pedidos.Tomar(ctx, id(1, 404), "a", t0, fin)
	espera(t, "taking what is not there", err, store.ErrNoExiste)
	quieto := nuevo(1)
	quieto.Descansar()
	insertar(t, puertos, quieto)
	a := dado(puertos.Pedidos.Tomar(ctx, quieto.ID, "a", t0, fin))(t)
	if a.Duenio != "a" || !a.Lease.Equal(fin) || a.Version != quieto.Version+1 {
		t.Errorf("taken: dueño %q, lease %v, version %d", a.Duenio, a.Lease, a.Version)
	}
	if a.Debe == nil || !a.Debe.Equal(t0) {
		t.Errorf("what was at rest is due %v, want since %v", a.Debe, t0)
	}
	parecidos(t, "taken and stored", leer(t, puertos, quieto.ID), a)
	_, err = puertos.Pedidos.Tomar(ctx, quieto.ID, "b", fin, fin.Add(minuto))
	espera(t, "taking what another holds", err, store.ErrNadaQueHacer)
	espera(t, "the holder's save", puertos.Pedidos.Guardar(ctx, a), nil)
	dado(puertos.Pedidos.Tomar(ctx, quieto.ID, "a", t0, fin))(t)
	b := dado(
		puertos.Pedidos.Tomar(ctx, quieto.ID, "b", fin.Add(time.Millisecond), fin.Add(minuto)),
	)(
		t,
	)
	igual(t, "holder", b.Duenio, "b")
	espera(t, "the former holder's save", puertos.Pedidos.Guardar(ctx, a), store.ErrConflicto)
}

// tomadoQuedaDebido: an order that was taken before its time is due. When the worker that took the order dies, another
// worker claims it as soon as the lease is over.
func tomadoQuedaDebido(t testing.TB, puertos Puertos) {
	ctx, fin := context.Background(), t0.Add(minuto)
	lejos := nuevo(1)
	lejos.Deber(t0.Add(14 * 24 * time.Hour))
	insertar(t, puertos, lejos)
	dado(puertos.Pedidos.Tomar(ctx, lejos.ID, "a", t0, fin))(t)
	_, err := puertos.Pedidos.Reclamar(ctx, "b", fin, fin.Add(minuto))
	espera(t, "claiming what another holds", err, store.ErrNadaQueHacer)
	b := dado(puertos.Pedidos.Reclamar(ctx, "b", fin.Add(time.Millisecond), fin.Add(minuto)))(t)
	igual(t, "who let it run out", b.Anterior, "a")
	b.Deber(t0.Add(14 * 24 * time.Hour))
	b.Duenio, b.Lease = "", time.Time{}
	bien(t, puertos.Pedidos.Guardar(ctx, b))
	_, err = puertos.Pedidos.Reclamar(ctx, "c", fin.Add(time.Hour), fin.Add(2*time.Hour))
	espera(t, "claiming what rests again", err, store.ErrNadaQueHacer)
}

// soltarLeases: SoltarLeases ends every lease and gives the number of leases that were running.
func soltarLeases(t testing.TB, puertos Puertos) {
	ctx := context.Background()
	ps := pedidos(0, 6)
	for i, v := range ps {
		// Two leases are over, four run.
		v.Duenio = "muerto"
		v.Lease = t0.Add(time.Duration(i-2) * minuto)
	}
	ps[5].Descansar()
	insertar(t, puertos, ps...)
	igual(t, "leases ended", dado(puertos.Pedidos.SoltarLeases(ctx, t0))(t), 4)
	igual(t, "leases ended the second time", dado(puertos.Pedidos.SoltarLeases(ctx, t0))(t), 0)
	for i := range 5 {
		_, err := puertos.Pedidos.Reclamar(ctx, "vivo", t0.Add(10*time.Second), t0.Add(minuto))
		espera(t, "claim "+id(1, i), err, nil)
	}
	_, err := puertos.Pedidos.Tomar(ctx, id(1, 5), "vivo", t0, t0.Add(minuto))
	espera(t, "taking an order at rest", err, nil)
	espera(t, "a dead holder's save", puertos.Pedidos.Guardar(ctx, ps[3]), store.ErrConflicto)
}

// estadoDespues: an order in an estado that only a later release knows is neither claimed
// nor taken, does not hide the orders that are due after it, and can be read, listed and counted.
func estadoDespues(t testing.TB, puertos Puertos) {
	ctx, ahora := context.Background(), t0.Add(time.Hour)
	ajenos := pedidos(0, 30)
	for _, v := range ajenos {
		v.Estado = "empaquetado"
	}
	ultimo := nuevo(31)
	ultimo.Deber(ahora)
	insertar(t, puertos, append(ajenos, ultimo)...)
	igual(
		t,
		"claimed",
		dado(puertos.Pedidos.Reclamar(ctx, "yo", ahora, ahora.Add(minuto)))(t).ID,
		ultimo.ID,
	)
	_, err := puertos.Pedidos.Reclamar(ctx, "yo", ahora, ahora.Add(minuto))
	espera(t, "claiming what a later release left", err, store.ErrNadaQueHacer)
	_, err = puertos.Pedidos.Tomar(ctx, ajenos[0].ID, "yo", ahora, ahora.Add(minuto))
	espera(t, "taking what a later release left", err, store.ErrNadaQueHacer)
	for _, v := range ajenos {
		igual(
			t,
			"version of an order that is a later release's",
			leer(t, puertos, v.ID).Version,
			v.Version,
		)
	}
	igual(
		t,
		"listed",
		len(
			dado(puertos.Pedidos.Listar(ctx, store.Filtro{Estado: "empaquetado"}, nil, 100))(t),
		),
		len(ajenos),
	)
	for _, r := range dado(puertos.Pedidos.Resumir(ctx, ahora))(t) {
		if r.Estado == "empaquetado" {
			igual(t, "counted", r.Pedidos, int64(len(ajenos)))
		}
	}
}

// lejanos: an order that a worker with a clock that was ahead has saved can be claimed; an order that is lawfully due
// far away cannot.
func lejanos(t testing.TB, puertos Puertos) {
	ctx, tope := context.Background(), skew.LeaseLimit(t0)
	ls := []store.Lejos{
		{Estados: []pedido.Estado{pedido.Fallido}, Hasta: t0.Add(24 * time.Hour)},
		{Estados: []pedido.Estado{pedido.Creado, pedido.Confirmado}, Hasta: t0.Add(time.Hour)},
	}
	const futuro = 4 * 365 * 24 * time.Hour
	lejana := map[string]bool{}
	for n, x := range []struct {
		estado      pedido.Estado
		debe, lease time.Duration // after t0
		lejano      bool
	}{
		{estado: pedido.Creado, debe: futuro, lejano: true},
		{estado: pedido.Creado, debe: futuro, lease: futuro, lejano: true},
		{estado: pedido.Creado, debe: time.Hour + time.Millisecond, lejano: true},
		{estado: pedido.Creado, debe: time.Hour},
		{estado: pedido.Creado, debe: futuro, lease: skew.MaxLease}, // a worker holds its lease
		{estado: pedido.Fallido, debe: 24 * time.Hour},
		{estado: pedido.Fallido, debe: 24*time.Hour + time.Millisecond, lejano: true},
		{estado: pedido.Confirmado, debe: 0, lease: futuro, lejano: true},
		{estado: pedido.Confirmado, debe: 0, lease: tope.Sub(t0)},
		{estado: pedido.Confirmado, debe: time.Minute, lease: futuro}, // not due yet
		{estado: pedido.EnReparto, debe: futuro},                      // ls does not name EnReparto
		{estado: "empaquetado", debe: 0, lease: futuro},               // an estado of a later release
	} {
		v := nuevo(n)
		v.Estado = x.estado
		v.Deber(t0.Add(x.debe))
		if x.lease != 0 {
			v.Duenio, v.Lease = "muerto", t0.Add(x.lease)
		}
		insertar(t, puertos, v)
		lejana[v.ID] = x.lejano
	}
	quieto := nuevo(99) // at rest, under a lease that never ends
	quieto.Descansar()
	quieto.Duenio, quieto.Lease = "muerto", t0.Add(futuro)
	insertar(t, puertos, quieto)
	for {
		v, err := puertos.Pedidos.ReclamarLejano(ctx, ls, "yo", t0, t0.Add(minuto))
		if errors.Is(err, store.ErrNadaQueHacer) {
			break
		}
		bien(t, err)
		if !lejana[v.ID] {
			t.Errorf(
				"%s was claimed: %s, debe %v, lease of %q",
				v.ID,
				v.Estado,
				v.Debe,
				v.Anterior,
			)
		}
		igual(t, "holder of "+v.ID, v.Duenio, "yo")
		lejana[v.ID] = false
		v.Descansar()
		bien(t, puertos.Pedidos.Guardar(ctx, v))
	}
	for id, queda := range lejana {
		if queda {
			t.Errorf("%s is due for ever: %+v", id, leer(t, puertos, id).Debe)
		}
	}
	_, err := puertos.Pedidos.Tomar(ctx, quieto.ID, "yo", t0, t0.Add(minuto))
	espera(t, "taking what a clock has leased that was ahead", err, nil)
}
