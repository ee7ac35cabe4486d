// Package worker moves orders: claim under a lease, do what the phase says, save if
// version. A goroutine an order, so that no order waits for another one's gateway.
package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"despensa/modules/pedidos/internal/fases"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/guard"
	"despensa/platform/skew"
)

// ErrOcupado: another worker holds the order, or this one has no place free; tell again later.
var ErrOcupado = errors.New("worker: the order is being worked on")

// Pedidos is the part of the order store that a worker needs; store.Pedidos says the same at length.
type Pedidos interface {
	// Reclamar leases the order that has been due longest to quien until hasta. Errors: store.ErrNadaQueHacer;
	// *store.Ilegible of an order that was set aside just now: ask again.
	Reclamar(ctx context.Context, quien string, ahora, hasta time.Time) (*pedido.Pedido, error)
	// ReclamarLejano leases an order that a clock has written which was ahead: one that is due later than ls say, or
	// kept by a lease without an end. Errors: those of Reclamar.
	ReclamarLejano(ctx context.Context, ls []store.Lejos, quien string, ahora, hasta time.Time) (*pedido.Pedido, error)
	// Tomar leases one order, due or not, and makes it due. Errors: store.ErrNoExiste, store.ErrNadaQueHacer, *store.Ilegible.
	Tomar(ctx context.Context, id, quien string, ahora, hasta time.Time) (*pedido.Pedido, error)
	// Leer gives one order as it now stands. Errors: store.ErrNoExiste, *store.Ilegible.
	Leer(ctx context.Context, id string) (*pedido.Pedido, error)
	// Guardar replaces the order if its version still is p.Version. Errors: store.ErrConflicto.
	Guardar(ctx context.Context, p *pedido.Pedido) error
}

// Fases says what an order needs now.
type Fases interface {
	// Hacer does the deeds of p's phase and gives the change of p that follows. Any error means: later.
	Hacer(ctx context.Context, p *pedido.Pedido, ahora time.Time) (fases.Resultado, error)
}

// Opciones of a worker. Every member is needed.
type Opciones struct {
	Pedidos Pedidos
	Fases   Fases
	Tiempos fases.Tiempos
	Quien   string        // this process
	Lease   time.Duration // how long an order is held
	Cupo    int           // orders worked on at once
	Sondeo  time.Duration // how often abandoned and due orders are looked for
	Ahora   func() time.Time
	Log     *slog.Logger
	Medir   Medidas
	Guard   guard.Guard
}

// Medidas is told what happens; it must not block.
type Medidas interface {
	Fase(e pedido.Estado, d time.Duration)
	Intento(motivo string)
	Marca(codigo string)
	LeaseTomado()
}

// Worker moves the orders of one process.
type Worker struct {
	o     Opciones
	cupo  chan struct{}
	turno atomic.Int64
	wg    sync.WaitGroup
	ctx   context.Context // ends when the process stops taking up work
	parar context.CancelFunc
}

// Nuevo makes a worker; Correr polls, Empujar and Llevar work without it too.
func Nuevo(o Opciones) *Worker {
	w := &Worker{o: o, cupo: make(chan struct{}, o.Cupo)}
	w.ctx, w.parar = context.WithCancel(context.Background())
	return w
}

// cadaLejano is how many looks for due orders go by between two for those that a clock has written which was ahead: each
// of these passes by every order whose window is days away. The first look of a process is one.
const cadaLejano = 240

// Correr looks for due orders until ctx ends, and then waits for what has begun.
func (w *Worker) Correr(ctx context.Context) {
	t := time.NewTicker(w.o.Sondeo)
	defer t.Stop()
	for n := 0; ; n++ {
		w.o.Guard.Void(ctx, "pedidos.barrido", func() { w.barrer(ctx, w.o.Pedidos.Reclamar) })
		if n%cadaLejano == 0 {
			w.o.Guard.Void(ctx, "pedidos.lejanos", func() { w.barrer(ctx, w.lejano) })
		}
		select {
		case <-ctx.Done():
			w.Parar()
			return
		case <-t.C:
		}
	}
}

// Parar takes up no more work and waits for what has begun.
func (w *Worker) Parar() {
	w.parar()
	w.wg.Wait()
}

// reclamo leases one order. Errors: those of Pedidos.Reclamar.
type reclamo func(ctx context.Context, quien string, ahora, hasta time.Time) (*pedido.Pedido, error)

// lejano is the reclamo of orders that are due further away than they can wait in their estado.
func (w *Worker) lejano(ctx context.Context, quien string, ahora, hasta time.Time) (*pedido.Pedido, error) {
	por := map[time.Duration][]pedido.Estado{}
	for _, e := range pedido.Estados() {
		larga := w.o.Tiempos.Larga(e)
		por[larga] = append(por[larga], e)
	}
	ls := make([]store.Lejos, 0, len(por))
	for larga, estados := range por {
		ls = append(ls, store.Lejos{Estados: estados, Hasta: skew.Limit(ahora, larga)})
	}
	p, err := w.o.Pedidos.ReclamarLejano(ctx, ls, quien, ahora, hasta)
	if err == nil {
		w.o.Log.WarnContext(ctx, "an order was taken up that a clock has written which was ahead",
			"pedido", p.ID, "estado", p.Estado, "debe", p.Debe)
	}
	return p, err
}

// barrer claims due orders until none is left or all places are taken. An unreadable order does not stop it: the
// store has set that one aside.
func (w *Worker) barrer(ctx context.Context, reclamar reclamo) {
	for ctx.Err() == nil {
		if !w.ocupar() {
			return
		}
		err := w.tomar(func(quien string, ahora, hasta time.Time) (*pedido.Pedido, error) {
			return reclamar(ctx, quien, ahora, hasta)
		})
		var roto *store.Ilegible
		switch {
		case err == nil, errors.As(err, &roto):
		case errors.Is(err, store.ErrNadaQueHacer) || ctx.Err() != nil:
			return
		default:
			w.o.Log.ErrorContext(ctx, "claiming an order", "error", err)
			return
		}
	}
}

// ocupar takes a place in cupo, if one is free.
func (w *Worker) ocupar() bool {
	select {
	case w.cupo <- struct{}{}:
		return true
	default:
		return false
	}
}

// tomar carries on the order that reclamar leases, in the place that ocupar took; on an error, or a panic, the place
// is free again.
func (w *Worker) tomar(reclamar func(quien string, ahora, hasta time.Time) (*pedido.Pedido, error)) error {
	var p *pedido.Pedido
	ahora := w.o.Ahora()
	err := w.o.Guard.Run(w.ctx, "pedidos.reclamo", func() (err error) {
		p, err = reclamar(w.nombre(), ahora, ahora.Add(w.o.Lease))
		return err
	})
	if err != nil {
		<-w.cupo
		return err
	}
	if p.Anterior != "" { // another worker has let go of it
		w.o.Medir.LeaseTomado()
	}
	w.enMarcha(p)
	return nil
}

// nombre is the owner of one claim: no two claims share it.
func (w *Worker) nombre() string { return fmt.Sprintf("%s/%d", w.o.Quien, w.turno.Add(1)) }

// enMarcha carries p on in a goroutine; its place in cupo has been taken.
func (w *Worker) enMarcha(p *pedido.Pedido) {
	w.wg.Go(func() {
		defer func() { <-w.cupo }()
		w.o.Guard.Void(w.ctx, "pedidos.pedido", func() { w.llevar(p) }, "pedido", p.ID)
	})
}

// Arrendar puts this worker's lease on an order that is about to be inserted, if there
// is a place for it. After the insert comes Llevar; without one, Soltar.
func (w *Worker) Arrendar(p *pedido.Pedido) bool {
	if w.ctx.Err() != nil || !w.ocupar() {
		return false
	}
	p.Duenio, p.Lease = w.nombre(), pedido.Instante(w.o.Ahora().Add(w.o.Lease))
	return true
}

// Soltar gives back the place that Arrendar took.
func (w *Worker) Soltar() { <-w.cupo }

// Llevar carries on an order that bears the lease of Arrendar.
func (w *Worker) Llevar(p *pedido.Pedido) { w.enMarcha(p) }

// Empujar takes up one order, due or not. Errors: ErrOcupado; store.ErrNoExiste; *store.Ilegible.
func (w *Worker) Empujar(ctx context.Context, id string) error {
	if w.ctx.Err() != nil || !w.ocupar() {
		return ErrOcupado
	}
	err := w.tomar(func(quien string, ahora, hasta time.Time) (*pedido.Pedido, error) {
		return w.o.Pedidos.Tomar(ctx, id, quien, ahora, hasta)
	})
	if errors.Is(err, store.ErrNadaQueHacer) {
		return ErrOcupado
	}
	return err
}
