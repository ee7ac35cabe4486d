// Package worker moves orders from phase to phase. A worker claims a due order under a lease, does the deeds of
// its phase, and saves the result if the order still has the version that was read. Each order has a goroutine,
// so that none waits for the gateway of another.
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

// ErrOcupado: another worker holds the order, or this one has stopped. The caller may try again later.
var ErrOcupado = errors.New("worker: the order is being worked on")

// Pedidos is the part of the order store that a worker needs. store.Pedidos has the full contract of each
// method.
type Pedidos interface {
	// Reclamar leases the order that has been due longest to quien until hasta. Errors: store.ErrNadaQueHacer;
	// *store.Ilegible when the store has just set aside an unreadable order: the next call finds the one after it.
	Reclamar(ctx context.Context, quien string, ahora, hasta time.Time) (*pedido.Pedido, error)
	// ReclamarLejano leases an order with times that a fast clock has written: one that is due later than ls allow
	// in its estado, or is kept by a lease without an end. Errors: those of Reclamar.
	ReclamarLejano(
		ctx context.Context,
		ls []store.Lejos,
		quien string,
		ahora, hasta time.Time,
	) (*pedido.Pedido, error)
	// Tomar leases the order id, due or not, and makes it due. Errors: store.ErrNoExiste, store.ErrNadaQueHacer
	// while another worker holds it, *store.Ilegible.
	Tomar(ctx context.Context, id, quien string, ahora, hasta time.Time) (*pedido.Pedido, error)
	// Leer reads one order. Errors: store.ErrNoExiste, *store.Ilegible.
	Leer(ctx context.Context, id string) (*pedido.Pedido, error)
	// Guardar replaces the order if its version still is p.Version. Errors: store.ErrConflicto.
	Guardar(ctx context.Context, p *pedido.Pedido) error
}

// Fases does the phases of orders; fases.Fases is the real one.
type Fases interface {
	// Hacer does the deeds of p's phase, and returns the change of p that follows from them. After an error, whose
	// Resultado puts the rest off, the phase is done again later.
	Hacer(ctx context.Context, p *pedido.Pedido, ahora time.Time) (fases.Resultado, error)
}

// Opciones of a worker. Every member is needed.
type Opciones struct {
	Pedidos Pedidos
	Fases   Fases
	Tiempos fases.Tiempos
	Quien   string        // name of this process; the owner of its leases
	Lease   time.Duration // how long an order is held
	Lugares int           // places: the orders worked on at once
	Sondeo  time.Duration // pause between two looks for due and abandoned orders
	Ahora   func() time.Time
	Log     *slog.Logger
	Medir   Medidas
	Guard   guard.Guard
}

// Medidas counts the events of a worker, for metrics. Its methods must not block.
type Medidas interface {
	Fase(e pedido.Estado, d time.Duration)
	Intento(motivo string)
	Marca(codigo string)
	LeaseTomado()
}

// Worker moves the orders of one process. Its methods may be called from any goroutine.
type Worker struct {
	o       Opciones
	lugares chan struct{}
	fila    fila
	turno   atomic.Int64
	wg      sync.WaitGroup
	ctx     context.Context // ends when the process stops taking up work
	parar   context.CancelFunc
}

// New makes a worker. Without Correr it finds no due order by itself, but Empujar and Llevar work.
func New(opciones Opciones) *Worker {
	w := &Worker{
		o:       opciones,
		lugares: make(chan struct{}, opciones.Lugares),
		fila:    fila{hueco: make(chan struct{}, 1)},
	}
	w.ctx, w.parar = context.WithCancel(context.Background())
	return w
}

// cadaLejano is the number of looks for due orders between two looks for orders that a fast clock has dated
// into the future. The latter pass by every order that waits for a window days away. The first look of a
// process includes one.
const cadaLejano = 240

// Correr claims due orders until ctx ends, and then waits for the orders that are worked on. It looks at the store
// every Sondeo and, while orders stand in the line, whenever a place is free. Nothing else claims from the line.
func (w *Worker) Correr(ctx context.Context) {
	t := time.NewTicker(w.o.Sondeo)
	defer t.Stop()
	w.fila.crecer() // due orders that an earlier process left come before new ones
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

// Parar takes up no more orders, and waits for the ones that are worked on.
func (w *Worker) Parar() {
	w.parar()
	w.wg.Wait()
}

// reclamo leases one order to quien until hasta. Errors: those of Pedidos.Reclamar.
type reclamo func(ctx context.Context, quien string, ahora, hasta time.Time) (*pedido.Pedido, error)

// lejano is the reclamo of orders that are due later than any order waits in their estado: a fast clock has
// dated them.
func (w *Worker) lejano(
	ctx context.Context,
	quien string,
	ahora, hasta time.Time,
) (*pedido.Pedido, error) {
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
		w.o.Log.WarnContext(
			ctx, "an order was taken up that a clock has written which was ahead",
			"pedido", p.ID, "estado", p.Estado, "debe", p.Debe,
		)
	}
	return p, err
}

// reclamantes is the maximum number of claims at once. Claims that wait together share a commit of the store.
const reclamantes = 8

// barrer claims due orders, the longest due first, until none is left or all places are taken. Only after a claim that
// found an order do others run beside it, so that a look at an empty line stays one look.
func (w *Worker) barrer(ctx context.Context) {
	if !w.reclamarDebido(ctx) {
		return
	}
	var wg sync.WaitGroup
	for range reclamantes {
		wg.Go(func() {
			for w.reclamarDebido(ctx) {
			}
		})
	}
	wg.Wait()
}

// reclamarDebido claims the order that has been due longest. It returns false when another claim would find no order
// or no place.
func (w *Worker) reclamarDebido(ctx context.Context) bool {
	if ctx.Err() != nil {
		return false
	}
	if !w.ocupar() {
		w.fila.crecer() // a due order may be left behind: it gets the next place
		if !w.ocupar() {
			return false
		}
	}
	vista := w.fila.vista()
	err := w.reclamar(ctx, w.o.Pedidos.Reclamar)
	if errors.Is(err, store.ErrNadaQueHacer) {
		w.fila.vaciar(vista)
	}
	if err != nil {
		return false
	}
	w.fila.crecer() // the store may have another due order
	return true
}

// barrerLejanos claims the orders that a fast clock has dated into the future, while places are free.
func (w *Worker) barrerLejanos(ctx context.Context) {
	for ctx.Err() == nil && w.ocupar() {
		if err := w.reclamar(ctx, w.lejano); err != nil {
			return
		}
	}
}

// reclamar claims an order by reclamo and works on it, in the place that ocupar took. An unreadable order is no
// error: the store has set it aside. Errors: store.ErrNadaQueHacer; any other, which is in the log already.
func (w *Worker) reclamar(ctx context.Context, reclamo reclamo) error {
	err := w.tomar(func(quien string, ahora, hasta time.Time) (*pedido.Pedido, error) {
		return reclamo(ctx, quien, ahora, hasta)
	})
	if roto := new(store.Ilegible); errors.As(err, &roto) {
		return nil
	}
	if err != nil && !errors.Is(err, store.ErrNadaQueHacer) && ctx.Err() == nil {
		w.o.Log.ErrorContext(ctx, "claiming an order", "error", err)
	}
	return err
}

// ocupar takes a place in lugares; false when none is free.
func (w *Worker) ocupar() bool {
	select {
	case w.lugares <- struct{}{}:
		return true
	default:
		return false
	}
}

// tomar claims an order by reclamar and works on it, in the place that ocupar took. On an error, or a panic, of
// reclamar the place is free again.
func (w *Worker) tomar(
	reclamar func(quien string, ahora, hasta time.Time) (*pedido.Pedido, error),
) error {
	var p *pedido.Pedido
	ahora := w.o.Ahora()
	err := w.o.Guard.Run(w.ctx, "pedidos.reclamo", func() (err error) {
		p, err = reclamar(w.nombre(), ahora, ahora.Add(w.o.Lease))
		return err
	})
	if err != nil {
		<-w.lugares
		return err
	}
	if p.Anterior != "" { // another worker let its lease run out
		w.o.Medir.LeaseTomado()
	}
	w.enMarcha(p)
	return nil
}

// nombre is the owner's name of one claim: the process and a number, which no two claims share.
func (w *Worker) nombre() string { return fmt.Sprintf("%s/%d", w.o.Quien, w.turno.Add(1)) }

// enMarcha works on ped in a goroutine of its own. The caller has taken the place for it.
func (w *Worker) enMarcha(ped *pedido.Pedido) {
	w.wg.Go(func() {
		defer w.desocupar()
		w.o.Guard.Void(w.ctx, "pedidos.pedido", func() { w.llevar(ped) }, "pedido", ped.ID)
	})
}

// Arrendar takes a place for an order that is about to be inserted, and puts this worker's lease on it. It
// returns false if no place is free or another order waits for one. After true, the caller calls Llevar when
// the order is inserted, and Soltar when it is not. After false, it calls Dejar when the order is inserted.
func (w *Worker) Arrendar(ped *pedido.Pedido) bool {
	if !w.entrar() {
		return false
	}
	ped.Duenio, ped.Lease = w.nombre(), pedido.Instante(w.o.Ahora().Add(w.o.Lease))
	return true
}

// entrar takes a place for an order that was not claimed from the line. It does so only while the line is
// empty.
func (w *Worker) entrar() bool { return w.ctx.Err() == nil && !w.fila.hay() && w.ocupar() }

// Soltar gives back the place that Arrendar took: the order was not inserted.
func (w *Worker) Soltar() { w.desocupar() }

// desocupar frees a place, and wakes Correr to give it to the order that has been due longest.
func (w *Worker) desocupar() {
	<-w.lugares
	w.fila.avisar()
}

// Llevar works on an order that has been inserted under the lease of Arrendar.
func (w *Worker) Llevar(ped *pedido.Pedido) { w.enMarcha(ped) }

// Dejar notes that a due order has been stored without a lease and without a place. From then on it stands in
// the line, and no newer order takes a place before it.
func (w *Worker) Dejar() {
	w.fila.crecer()
	w.fila.avisar()
}

// Empujar takes up one order, due or not. While other orders stand in the line, it makes the order due instead,
// so that the order joins the line. Errors: ErrOcupado; store.ErrNoExiste; *store.Ilegible; those of the store.
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
		w.fila.avisar() // the place that was taken for nothing is free again
	}
	if errors.Is(err, store.ErrNadaQueHacer) {
		return ErrOcupado
	}
	return err
}

// alaFila makes an order due now, so that it joins the line. Errors: ErrOcupado while a worker holds it; those
// of Leer, and of Guardar but store.ErrConflicto.
func (w *Worker) alaFila(ctx context.Context, id string) error {
	for {
		p, err := w.o.Pedidos.Leer(ctx, id)
		if err != nil {
			return err
		}
		ahora := w.o.Ahora()
		if !p.Estado.Conocido() ||
			!p.Lease.Before(ahora) && !p.Lease.After(skew.LeaseLimit(ahora)) {
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
