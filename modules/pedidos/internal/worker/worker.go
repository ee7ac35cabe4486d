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
)

// ErrOcupado: somebody else holds the order just now; tell again later.
var ErrOcupado = errors.New("worker: the order is being worked on")

// Fases is what the worker asks: what an order needs now.
type Fases interface {
	Hacer(ctx context.Context, p *pedido.Pedido, ahora time.Time) (fases.Resultado, error)
}

// Opciones of a worker. Every member is needed.
type Opciones struct {
	Pedidos store.Pedidos
	Fases   Fases
	Tiempos fases.Tiempos
	Quien   string        // this process
	Lease   time.Duration // how long an order is held
	Cupo    int           // orders worked on at once
	Sondeo  time.Duration // how often abandoned and due orders are looked for
	Ahora   func() time.Time
	Log     *slog.Logger
	Medir   Medidas
}

// Medidas is told what happens; it must not block.
type Medidas interface {
	Fase(e pedido.Estado, d time.Duration)
	Intento(motivo string)
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

// Correr looks for due orders until ctx ends, and then waits for what has begun.
func (w *Worker) Correr(ctx context.Context) {
	t := time.NewTicker(w.o.Sondeo)
	defer t.Stop()
	for {
		w.barrer(ctx)
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

// barrer claims due orders until none is left or all places are taken.
func (w *Worker) barrer(ctx context.Context) {
	for ctx.Err() == nil {
		select {
		case w.cupo <- struct{}{}:
		default:
			return
		}
		ahora := w.o.Ahora()
		p, err := w.o.Pedidos.Reclamar(ctx, w.nombre(), ahora, ahora.Add(w.o.Lease))
		if err != nil {
			<-w.cupo
			if !errors.Is(err, store.ErrNadaQueHacer) && ctx.Err() == nil {
				w.o.Log.ErrorContext(ctx, "claiming an order", "error", err)
			}
			return
		}
		w.tomado(p)
		w.enMarcha(p)
	}
}

// tomado counts an order that another worker had let go of.
func (w *Worker) tomado(p *pedido.Pedido) {
	if p.Anterior != "" {
		w.o.Medir.LeaseTomado()
	}
}

// nombre is the owner of one claim: no two claims share it.
func (w *Worker) nombre() string { return fmt.Sprintf("%s/%d", w.o.Quien, w.turno.Add(1)) }

// enMarcha carries p on in a goroutine; its place in cupo has been taken.
func (w *Worker) enMarcha(p *pedido.Pedido) {
	w.wg.Go(func() {
		defer func() { <-w.cupo }()
		w.llevar(p)
	})
}

// Arrendar puts this worker's lease on an order that is about to be inserted, if there
// is a place for it. After the insert comes Llevar; without one, Soltar.
func (w *Worker) Arrendar(p *pedido.Pedido) bool {
	if w.ctx.Err() != nil {
		return false
	}
	select {
	case w.cupo <- struct{}{}:
		p.Duenio, p.Lease = w.nombre(), pedido.Instante(w.o.Ahora().Add(w.o.Lease))
		return true
	default:
		return false
	}
}

// Soltar gives back the place that Arrendar took.
func (w *Worker) Soltar() { <-w.cupo }

// Llevar carries on an order that bears the lease of Arrendar.
func (w *Worker) Llevar(p *pedido.Pedido) { w.enMarcha(p) }

// Empujar takes up one order, due or not. Errors: ErrOcupado; store.ErrNoExiste.
func (w *Worker) Empujar(ctx context.Context, id string) error {
	if w.ctx.Err() != nil {
		return ErrOcupado
	}
	select {
	case w.cupo <- struct{}{}:
	default:
		return ErrOcupado
	}
	ahora := w.o.Ahora()
	p, err := w.o.Pedidos.Tomar(ctx, id, w.nombre(), ahora, ahora.Add(w.o.Lease))
	if err != nil {
		<-w.cupo
		if errors.Is(err, store.ErrNadaQueHacer) {
			return ErrOcupado
		}
		return err
	}
	w.tomado(p)
	w.enMarcha(p)
	return nil
}

// llevar does phase after phase until the order rests, is lost to another, or stands where
// only a later release knows to go on.
func (w *Worker) llevar(p *pedido.Pedido) {
	for p != nil && w.ctx.Err() == nil && p.Estado.Conocido() {
		p = w.paso(p)
	}
	if p != nil {
		w.entregar(p)
	}
}

// paso does one phase and saves its result; nil when the order rests or is lost.
func (w *Worker) paso(p *pedido.Pedido) *pedido.Pedido {
	ctx, cancel := context.WithTimeout(context.Background(), w.o.Lease*3/4)
	defer cancel()
	estado, inicio := p.Estado, time.Now()
	r, err := w.o.Fases.Hacer(ctx, p, w.o.Ahora())
	w.o.Medir.Fase(estado, time.Since(inicio))
	if err != nil {
		w.o.Log.WarnContext(ctx, "phase put off", "pedido", p.ID, "estado", estado, "error", err)
	}
	if r == nil { // the phases put off what failed themselves, and note what did not
		r = w.o.Tiempos.Despues
	}
	return w.guardar(ctx, p, r)
}

// gravedad of a result that the order refuses: after a conflict it has been overtaken,
// else a phase has been wrong.
func gravedad(conflicto bool) slog.Level {
	if conflicto {
		return slog.LevelInfo
	}
	return slog.LevelError
}

// guardar applies r and saves. After a conflict r is applied again to the order as it
// now stands, if the lease still is ours, and the order is looked at once more; one
// that has moved on is left to the next phase.
func (w *Worker) guardar(ctx context.Context, p *pedido.Pedido, r fases.Resultado) *pedido.Pedido {
	for conflicto := false; p != nil; conflicto = true {
		ahora, intento, version, duenio := w.o.Ahora(), p.Intento, p.Version, p.Duenio
		if err := r(p, ahora); err != nil {
			if p = w.releer(ctx, p.ID, duenio); p == nil || p.Version != version {
				return p
			}
			w.o.Log.Log(ctx, gravedad(conflicto), "result refused", "pedido", p.ID, "error", err)
			r = w.o.Tiempos.Despues
			continue
		}
		if conflicto {
			p.Deber(ahora)
		}
		descansa := w.arriendo(p, ahora)
		err := w.o.Pedidos.Guardar(ctx, p)
		if errors.Is(err, store.ErrConflicto) {
			p = w.releer(ctx, p.ID, duenio)
			continue
		}
		if err != nil {
			w.o.Log.ErrorContext(ctx, "saving an order", "pedido", p.ID, "error", err)
			return nil // the lease runs out and somebody takes the order up
		}
		w.medir(p, intento)
		if descansa {
			return nil
		}
		return p
	}
	return nil
}

// arriendo renews the lease of an order that goes on and ends that of one that rests.
func (w *Worker) arriendo(p *pedido.Pedido, ahora time.Time) (descansa bool) {
	if p.Debe == nil || p.Debe.After(ahora) {
		p.Duenio, p.Lease = "", time.Time{}
		return true
	}
	p.Lease = pedido.Instante(ahora.Add(w.o.Lease))
	return false
}

// releer reads the order again; nil when its lease is no longer ours.
func (w *Worker) releer(ctx context.Context, id, duenio string) *pedido.Pedido {
	q, err := w.o.Pedidos.Leer(ctx, id)
	if err != nil || q.Duenio != duenio || !q.Lease.After(w.o.Ahora()) {
		return nil
	}
	return q
}

// entregar gives the lease back when the process stops: others need not wait for it.
func (w *Worker) entregar(p *pedido.Pedido) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	p.Duenio, p.Lease = "", time.Time{}
	if err := w.o.Pedidos.Guardar(ctx, p); err != nil && !errors.Is(err, store.ErrConflicto) {
		w.o.Log.WarnContext(ctx, "giving a lease back", "pedido", p.ID, "error", err)
	}
}

// medir counts an intento that has just ended.
func (w *Worker) medir(p *pedido.Pedido, intento int64) {
	if p.Terminado() && p.Intento == intento && p.Cambio.Equal(p.Actual().Fin) {
		w.o.Medir.Intento(p.Motivo)
	}
}
