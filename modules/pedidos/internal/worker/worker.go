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

// ErrOcupado: another worker holds the order, or this one has stopped; tell again later.
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
	fila  fila
	turno atomic.Int64
	wg    sync.WaitGroup
	ctx   context.Context // ends when the process stops taking up work
	parar context.CancelFunc
}

// Nuevo makes a worker; Correr polls, Empujar and Llevar work without it too.
func Nuevo(o Opciones) *Worker {
	w := &Worker{o: o, cupo: make(chan struct{}, o.Cupo), fila: fila{hueco: make(chan struct{}, 1)}}
	w.ctx, w.parar = context.WithCancel(context.Background())
	return w
}

// cadaLejano is how many looks for due orders go by between two for those that a clock has written which was ahead: each
// of these passes by every order whose window is days away. The first look of a process is one.
const cadaLejano = 240

// Correr looks for due orders until ctx ends, and then waits for what has begun: at every tick, and while orders wait for
// a place, whenever one is free. It alone claims what waits, one order after another.
func (w *Worker) Correr(ctx context.Context) {
	t := time.NewTicker(w.o.Sondeo)
	defer t.Stop()
	w.fila.crecer() // what an earlier process has left comes before what is new
	for n, lejanos := 0, true; ; lejanos = n%cadaLejano == 0 {
		w.o.Guard.Void(ctx, "pedidos.barrido", func() { w.barrer(ctx) })
		if lejanos {
			w.o.Guard.Void(ctx, "pedidos.lejanos", func() { w.barrerLejanos(ctx) })
		}
		select {
		case <-ctx.Done():
			w.Parar()
			return
		case <-t.C:
			n++
		case <-w.fila.hueco:
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

// barrer claims due orders, the one that has been due longest first, until none is left or all places are taken.
func (w *Worker) barrer(ctx context.Context) {
	for ctx.Err() == nil {
		if !w.ocupar() {
			w.fila.crecer() // whatever is due waits, and is told of the next place
			if !w.ocupar() {
				return
			}
		}
		vista := w.fila.vista()
		err := w.reclamar(ctx, w.o.Pedidos.Reclamar)
		if errors.Is(err, store.ErrNadaQueHacer) {
			w.fila.vaciar(vista)
		}
		if err != nil {
			return
		}
		w.fila.crecer() // there may be more
	}
}

// barrerLejanos claims the orders that a clock has written which was ahead, as far as there are places.
func (w *Worker) barrerLejanos(ctx context.Context) {
	for ctx.Err() == nil && w.ocupar() {
		if err := w.reclamar(ctx, w.lejano); err != nil {
			return
		}
	}
}

// reclamar carries on the order that r leases, in the place that ocupar took. An unreadable order is no error: the store
// has set that one aside. Errors: store.ErrNadaQueHacer; any other has been logged.
func (w *Worker) reclamar(ctx context.Context, r reclamo) error {
	err := w.tomar(func(quien string, ahora, hasta time.Time) (*pedido.Pedido, error) {
		return r(ctx, quien, ahora, hasta)
	})
	if roto := new(store.Ilegible); errors.As(err, &roto) {
		return nil
	}
	if err != nil && !errors.Is(err, store.ErrNadaQueHacer) && ctx.Err() == nil {
		w.o.Log.ErrorContext(ctx, "claiming an order", "error", err)
	}
	return err
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
		defer w.desocupar()
		w.o.Guard.Void(w.ctx, "pedidos.pedido", func() { w.llevar(p) }, "pedido", p.ID)
	})
}

// Arrendar puts this worker's lease on an order that is about to be inserted, if there is a place for it and no order
// waits for one. After the insert comes Llevar, or Dejar where Arrendar refused; without an insert, Soltar.
func (w *Worker) Arrendar(p *pedido.Pedido) bool {
	if !w.entrar() {
		return false
	}
	p.Duenio, p.Lease = w.nombre(), pedido.Instante(w.o.Ahora().Add(w.o.Lease))
	return true
}

// entrar takes a place for an order that comes from outside the line: only where nobody stands in it.
func (w *Worker) entrar() bool { return w.ctx.Err() == nil && !w.fila.hay() && w.ocupar() }

// Soltar gives back the place that Arrendar took.
func (w *Worker) Soltar() { w.desocupar() }

// desocupar frees a place. The order that has been due longest gets it.
func (w *Worker) desocupar() {
	<-w.cupo
	w.fila.avisar()
}

// Llevar carries on an order that bears the lease of Arrendar.
func (w *Worker) Llevar(p *pedido.Pedido) { w.enMarcha(p) }

// Dejar tells of an order that is due, is stored without a lease, and has got no place: none passes it.
func (w *Worker) Dejar() {
	w.fila.crecer()
	w.fila.avisar()
}

// Empujar takes up one order, due or not. While others wait for a place it makes the order due, so that it stands in
// their line. Errors: ErrOcupado; store.ErrNoExiste; *store.Ilegible; those of the store.
func (w *Worker) Empujar(ctx context.Context, id string) error {
	if w.ctx.Err() != nil {
		return ErrOcupado
	}
	if !w.entrar() {
		return w.alaFila(ctx, id)
	}
	err := w.tomar(func(quien string, ahora, hasta time.Time) (*pedido.Pedido, error) {
		return w.o.Pedidos.Tomar(ctx, id, quien, ahora, hasta)
	})
	if err != nil {
		w.fila.avisar() // of the place that it has taken in vain
	}
	if errors.Is(err, store.ErrNadaQueHacer) {
		return ErrOcupado
	}
	return err
}

// alaFila makes an order due that nobody holds. Errors: ErrOcupado; those of Leer and Guardar but store.ErrConflicto.
func (w *Worker) alaFila(ctx context.Context, id string) error {
	for {
		p, err := w.o.Pedidos.Leer(ctx, id)
		if err != nil {
			return err
		}
		ahora := w.o.Ahora()
		if !p.Estado.Conocido() || !p.Lease.Before(ahora) && !p.Lease.After(skew.LeaseLimit(ahora)) {
			return ErrOcupado
		}
		if p.Debe == nil || p.Debe.After(ahora) {
			p.Deber(ahora)
			err = w.o.Pedidos.Guardar(ctx, p)
		}
		if !errors.Is(err, store.ErrConflicto) {
			w.Dejar()
			return err
		}
	}
}
