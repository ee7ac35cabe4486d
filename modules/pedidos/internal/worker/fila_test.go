package worker

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"despensa/modules/pedidos/internal/fases"
	"despensa/modules/pedidos/internal/pedido"
)

// oficina is a taller to which orders come one after another, as app.Crear inserts them. Each takes tarea to
// work on.
type oficina struct {
	*taller
	llegada, fin map[string]time.Duration // by order, since the beginning of the test
	orden        []string                 // the ids, in the order in which their work ended
	inicio       time.Time
}

const tarea = time.Second

// nuevaOficina has cuantos orders that an earlier process left, due one after another.
func nuevaOficina(cuantos int) *oficina {
	o := &oficina{
		inicio:  time.Now(),
		llegada: map[string]time.Duration{},
		fin:     map[string]time.Duration{},
	}
	o.taller = nuevoTaller(
		cuantos,
		func(_ context.Context, p *pedido.Pedido) (fases.Resultado, error) {
			time.Sleep(tarea)
			o.mu.Lock()
			defer o.mu.Unlock()
			o.fin[p.ID], o.orden = time.Since(o.inicio), append(o.orden, p.ID)
			return descansar, nil
		},
	)
	for n := range cuantos {
		p := o.ps[id(n)]
		p.Deber(o.inicio.Add(time.Duration(n-cuantos) * time.Millisecond))
		o.ps[id(n)], o.llegada[id(n)] = p, 0
	}
	return o
}

// llegan inserts cuantos more orders, one every cada.
func (o *oficina) llegan(cuantos int, cada time.Duration) {
	for range cuantos {
		time.Sleep(cada)
		o.mu.Lock()
		p := pedido.Crear(pedido.Nuevo{ID: id(len(o.ps)), Ahora: time.Now()})
		o.llegada[p.ID] = time.Since(o.inicio)
		o.mu.Unlock()
		mio := o.Arrendar(p)
		o.mu.Lock()
		o.ps[p.ID] = *p
		o.mu.Unlock()
		if mio {
			o.Llevar(p)
		} else {
			o.Dejar()
		}
	}
}

// esperas are the times from the arrival of each order until its end, shortest first.
func (o *oficina) esperas() (ds []time.Duration) {
	for id, fin := range o.fin {
		ds = append(ds, fin-o.llegada[id])
	}
	slices.Sort(ds)
	return ds
}

// TestFirstComeFirstServed: when more orders arrive than there are places, none is taken up before one that
// arrived earlier. A place that becomes free is taken at once, without a wait for the next poll. The same holds
// for the orders that a crashed process left.
func TestFirstComeFirstServed(t *testing.T) {
	for nombre, x := range map[string]struct {
		habia, llegan int
		cada          time.Duration
		hasta         time.Duration // by then all have ended: the sum of the work, shared by the places
		llevaderas    bool          // the p99 of the waits is at most 3 times their p50
	}{
		"twice the load, then none": {llegan: 240, cada: 125 * time.Millisecond, hasta: 62 * time.Second, llevaderas: true},
		"ten times the load":        {llegan: 240, cada: 25 * time.Millisecond, hasta: 62 * time.Second, llevaderas: true},
		"after a crash":             {habia: 80, llegan: 80, cada: 125 * time.Millisecond, hasta: 42 * time.Second},
		"half the load":             {llegan: 60, cada: 500 * time.Millisecond, hasta: 32 * time.Second, llevaderas: true},
	} {
		t.Run(nombre, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := nuevaOficina(x.habia)
				ctx, fin := context.WithTimeout(t.Context(), 2*time.Minute)
				defer fin()
				go o.llegan(x.llegan, x.cada)
				o.Correr(ctx)
				if len(o.orden) != x.habia+x.llegan {
					t.Fatalf("%d of %d orders ended", len(o.orden), x.habia+x.llegan)
				}
				for n, cual := range o.orden {
					for _, otro := range o.orden[n+1:] { // otro came as many orders before cual as there are places, or more
						if o.llegada[cual] > o.llegada[otro] &&
							slices.Index(o.orden, otro)-n >= cap(o.lugares) {
							t.Fatalf(
								"%s, which came after %s, ended before %s",
								cual,
								o.llegada[cual],
								otro,
							)
						}
					}
				}
				ds := o.esperas()
				p50, p99 := ds[len(ds)/2], ds[len(ds)*99/100]
				t.Logf("p50 %s, p99 %s, %d looks", p50, p99, o.reclamos)
				if x.llevaderas && p99 > 3*p50 {
					t.Errorf("p50 %s, p99 %s", p50, p99)
				}
				if ultimo := o.fin[o.orden[len(o.orden)-1]]; ultimo > x.hasta {
					t.Errorf(
						"the last one ended after %s, want %s: places stood empty",
						ultimo,
						x.hasta,
					)
				}
			})
		})
	}
}

// TestFewClaimersAtATime: however many places become free at once, at most reclamantes goroutines claim, and they do
// not spin. As many claim together as there are places: their claims share a commit.
func TestFewClaimersAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := nuevaOficina(40)
		var inside, most atomic.Int64
		o.asked = func() {
			if n := inside.Add(1); n > most.Load() {
				most.Store(n)
			}
			time.Sleep(time.Millisecond)
			inside.Add(-1)
		}
		o.durante(30 * time.Second)
		if want := int64(min(cap(o.lugares)-1, reclamantes)); most.Load() != want ||
			len(o.orden) != 40 {
			t.Errorf(
				"%d claims at once, want %d; %d orders ended",
				most.Load(),
				want,
				len(o.orden),
			)
		}
		if vueltas := int(30*time.Second/sondeo) + 2*40 + 3; o.reclamos > vueltas {
			t.Errorf("looked %d times, want %d at most", o.reclamos, vueltas)
		}
	})
}

// TestALineWhoseStoreIsAway: after a claim that fails, the worker waits for the next poll.
func TestALineWhoseStoreIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := nuevaOficina(8)
		o.claims = func(string) error { return errors.New("away") }
		o.durante(10 * time.Second)
		if n := int(10*time.Second/sondeo) + 3; o.reclamos > n || !o.fila.hay() {
			t.Errorf("looked %d times, want %d at most", o.reclamos, n)
		}
	})
}

// TestTheLineEnds: once the line is empty, a new order gets a place directly again. An order that joins the
// line while Correr looks at it is not overlooked.
func TestTheLineEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := nuevaOficina(9)
		ctx, fin := context.WithTimeout(t.Context(), time.Minute)
		defer fin()
		go o.Correr(ctx)
		time.Sleep(tarea / 2)
		nuevo := pedido.Crear(pedido.Nuevo{ID: "x", Ahora: time.Now()})
		if o.Arrendar(nuevo) || !o.fila.hay() {
			t.Error("a new order passes those that wait")
		}
		time.Sleep(4 * tarea)
		if !o.Arrendar(nuevo) || o.fila.hay() {
			t.Error("nobody waits, and a new order has to")
		}
		o.Soltar()
		fin()
		synctest.Wait()
	})
	f := fila{hueco: make(chan struct{}, 1)}
	vista := f.vista()
	f.crecer()
	if f.vaciar(vista); !f.hay() {
		t.Error("an order that came while the line was looked at is forgotten")
	}
	if f.vaciar(f.vista()); f.hay() {
		t.Error("the line is empty, and nobody knows")
	}
}
