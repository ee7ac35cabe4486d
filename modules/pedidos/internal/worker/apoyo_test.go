package worker

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/fases"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/guard"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The lease and the backoff of these tests.
const (
	lease  = 20 * time.Second
	sondeo = 250 * time.Millisecond
	minima = time.Second
	maxima = 8 * time.Second
)

// estante is an order store in memory. A test sets its members to make calls fail.
type estante struct {
	mu       sync.Mutex
	ps       map[string]pedido.Pedido
	asked    func()                                     // called when Reclamar begins, without mu
	claims   func(id string) error                      // called before an order is claimed
	alSalvar func(ctx context.Context, id string) error // called before an order is saved
	guardan  func(p *pedido.Pedido)                     // called with each order that is saved
	salvados int
	reclamos int // the calls of Reclamar so far
}

func (e *estante) arrendar(
	ped pedido.Pedido,
	quien string,
	hasta time.Time,
) (*pedido.Pedido, error) {
	if e.claims != nil {
		if err := e.claims(ped.ID); err != nil {
			return nil, err
		}
	}
	ped.Anterior, ped.Duenio, ped.Lease, ped.Version = ped.Duenio, quien, hasta, ped.Version+1
	e.ps[ped.ID] = ped
	return &ped, nil
}

func (e *estante) Reclamar(
	_ context.Context,
	quien string,
	ahora, hasta time.Time,
) (*pedido.Pedido, error) {
	if e.asked != nil {
		e.asked()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.reclamos++
	var primero pedido.Pedido
	for n := range len(e.ps) {
		p := e.ps[id(n)]
		if p.Debe != nil && !p.Debe.After(ahora) && p.Lease.Before(ahora) &&
			(primero.Debe == nil || p.Debe.Before(*primero.Debe)) {
			primero = p
		}
	}
	if primero.Debe == nil {
		return nil, store.ErrNadaQueHacer
	}
	return e.arrendar(primero, quien, hasta)
}

func (e *estante) ReclamarLejano(
	_ context.Context, lejos []store.Lejos, quien string, ahora, hasta time.Time,
) (*pedido.Pedido, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for n := range len(e.ps) {
		p := e.ps[id(n)]
		for _, l := range lejos {
			if slices.Contains(l.Estados, p.Estado) && p.Debe != nil && p.Debe.After(l.Hasta) &&
				p.Lease.Before(ahora) {
				return e.arrendar(p, quien, hasta)
			}
		}
	}
	return nil, store.ErrNadaQueHacer
}

func (e *estante) Tomar(
	_ context.Context,
	cual, quien string,
	ahora, hasta time.Time,
) (*pedido.Pedido, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, hay := e.ps[cual]
	switch {
	case !hay:
		return nil, store.ErrNoExiste
	case !p.Lease.Before(ahora):
		return nil, store.ErrNadaQueHacer
	}
	return e.arrendar(p, quien, hasta)
}

func (e *estante) Leer(ctx context.Context, cual string) (*pedido.Pedido, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, hay := e.ps[cual]
	if !hay {
		return nil, store.ErrNoExiste
	}
	return &p, ctx.Err()
}

func (e *estante) Guardar(ctx context.Context, ped *pedido.Pedido) error {
	if e.alSalvar != nil {
		if err := e.alSalvar(ctx, ped.ID); err != nil {
			return err
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case e.ps[ped.ID].Version != ped.Version:
		return store.ErrConflicto
	}
	ped.Version++
	q := *ped
	q.Seguido = false // no store keeps it
	e.ps[ped.ID] = q
	if e.salvados++; e.guardan != nil {
		e.guardan(&q)
	}
	return nil
}

// ajeno changes an order as another process would, with a new version.
func (e *estante) ajeno(cual string, f func(p *pedido.Pedido)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := e.ps[cual]
	f(&p)
	p.Version++
	e.ps[cual] = p
}

// fase is a Fases made of one function.
type fase func(ctx context.Context, p *pedido.Pedido) (fases.Resultado, error)

func (f fase) Hacer(
	ctx context.Context,
	ped *pedido.Pedido,
	_ time.Time,
) (fases.Resultado, error) {
	return f(ctx, ped)
}

// sinMedir counts nothing.
type sinMedir struct{}

func (sinMedir) Fase(pedido.Estado, time.Duration) {}
func (sinMedir) Marca(string)                      {}
func (sinMedir) Intento(string)                    {}
func (sinMedir) LeaseTomado()                      {}

// taller is a worker with its store, its log and its counter of panics.
type taller struct {
	*estante
	*Worker
	log     *bytes.Buffer
	caught  sync.Mutex // guards panicos
	panicos []string
	alto    context.CancelFunc // ends durante
}

func id(n int) string { return fmt.Sprintf("pedido-%d", n) }

// nuevoTaller has cuantos orders that are creado, and fase for their phases.
func nuevoTaller(cuantos int, fase fase) *taller {
	t := &taller{estante: &estante{ps: map[string]pedido.Pedido{}}, log: &bytes.Buffer{}}
	for n := range cuantos {
		t.ps[id(n)] = *pedido.Crear(pedido.Nuevo{ID: id(n), Ahora: time.Now()})
	}
	log := slog.New(slog.NewTextHandler(t.log, nil))
	t.Worker = New(Opciones{
		Pedidos: t.estante,
		Fases:   fase,
		Tiempos: fases.Tiempos{
			EsperaMinima: minima,
			EsperaMaxima: maxima,
			Pasarela:     time.Hour,
			SinCamion:    time.Hour,
		},
		Quien:   "yo",
		Lease:   lease,
		Lugares: 4,
		Sondeo:  sondeo,
		Ahora:   time.Now,
		Log:     log,
		Medir:   sinMedir{},
		Guard: guard.Guard{Log: log, Caught: func(w string) {
			t.caught.Lock()
			defer t.caught.Unlock()
			t.panicos = append(t.panicos, w)
		}},
	})
	return t
}

// durante runs Correr for d of the fake clock, and waits until it has stopped.
func (t *taller) durante(d time.Duration) {
	ctx, fin := context.WithTimeout(context.Background(), d)
	defer fin()
	t.alto = fin
	t.Correr(ctx)
}

// descansar is the result of a phase after which nothing is left to do.
func descansar(ped *pedido.Pedido, _ time.Time) error {
	ped.Descansar()
	return nil
}
