package worker

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pedidos/internal/fases"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/guard"
)

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

// paso does one phase and saves its result; nil when the order rests or is lost. Phase and saving have a deadline
// each: a phase that used all of its own does not cost the saving of what it did.
func (w *Worker) paso(p *pedido.Pedido) *pedido.Pedido {
	r, err := w.fase(p)
	if err != nil {
		w.o.Log.WarnContext(w.ctx, "phase put off", "pedido", p.ID, "estado", p.Estado, "error", err)
	}
	if r == nil { // the phases put off what failed, and note what did not; a panic does neither
		r = w.o.Tiempos.Despues
	}
	ctx, cancel := context.WithTimeout(context.Background(), w.o.guarda())
	defer cancel()
	if caido := new(guard.Panic); errors.As(err, &caido) {
		p = w.releer(ctx, p.ID, p.Duenio) // the phase may have changed p in part
	}
	return w.guardar(ctx, p, r)
}

// fase does the deeds of p's phase. Errors: those of the neighbours; *guard.Panic.
func (w *Worker) fase(p *pedido.Pedido) (r fases.Resultado, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), PlazoDeFase(w.o.Lease))
	defer cancel()
	estado, inicio := p.Estado, time.Now()
	err = w.o.Guard.Run(ctx, "pedidos.fase", func() (err error) {
		r, err = w.o.Fases.Hacer(ctx, p, w.o.Ahora())
		return err
	}, "pedido", p.ID, "estado", estado)
	w.o.Medir.Fase(estado, time.Since(inicio))
	return r, err
}

// PlazoDeFase is how long a phase may take under a lease: three quarters of it.
func PlazoDeFase(lease time.Duration) time.Duration { return lease * 3 / 4 }

// guardaMinima is the least time that the saving of a result has. It may outlast the lease: the version, and whose
// lease it is, decide whether the result is still wanted.
const guardaMinima = time.Second

// guarda is how long the saving of a result may take: what a phase leaves of the lease, and at least a second.
func (o Opciones) guarda() time.Duration { return max(o.Lease-PlazoDeFase(o.Lease), guardaMinima) }

// guardar applies r and saves. After a conflict r is applied again to the order as it now stands, if the lease still
// is this worker's, and the order is due at once. A result that the order refuses is dropped: after a conflict the
// order has moved on; without one a phase has been wrong, and the order is put off.
func (w *Worker) guardar(ctx context.Context, p *pedido.Pedido, r fases.Resultado) *pedido.Pedido {
	for conflicto := false; p != nil; {
		ahora, version, duenio := w.o.Ahora(), p.Version, p.Duenio
		antes := visto{intento: p.Intento, marcas: len(p.Marcas)}
		if err := w.aplicar(r, p, ahora); err != nil {
			if p = w.releer(ctx, p.ID, duenio); p == nil || p.Version != version {
				return p
			}
			r = w.rehusado(p, conflicto, err)
			continue
		}
		if conflicto {
			p.Deber(ahora)
		}
		descansa := w.arriendo(p, ahora)
		err := w.o.Pedidos.Guardar(ctx, p)
		switch {
		case errors.Is(err, store.ErrConflicto):
			p, conflicto = w.releer(ctx, p.ID, duenio), true
			continue
		case err != nil:
			w.o.Log.ErrorContext(ctx, "saving an order", "pedido", p.ID, "error", err)
			return nil // the lease runs out and a worker takes the order up
		}
		w.medir(p, antes)
		if descansa {
			return nil
		}
		p.Seguido = !conflicto
		return p
	}
	return nil
}

// rehusado is what happens instead of a result that p refuses.
func (w *Worker) rehusado(p *pedido.Pedido, conflicto bool, err error) fases.Resultado {
	if conflicto {
		w.o.Log.InfoContext(w.ctx, "result refused: the order has moved on", "pedido", p.ID, "error", err)
		return func(*pedido.Pedido, time.Time) error { return nil }
	}
	w.o.Log.ErrorContext(w.ctx, "result refused", "pedido", p.ID, "error", err)
	return w.o.Tiempos.Despues
}

// aplicar changes p as a phase wants it. Errors: the order's refusal; *guard.Panic. After either p is not to be
// saved: it may have been changed in part.
func (w *Worker) aplicar(r fases.Resultado, p *pedido.Pedido, ahora time.Time) error {
	return w.o.Guard.Run(w.ctx, "pedidos.resultado", func() error { return r(p, ahora) }, "pedido", p.ID)
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

// releer reads the order again; nil when its lease is no longer this worker's.
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

// visto is what medir has to know of an order as it was before a phase.
type visto struct {
	intento int64
	marcas  int
}

// medir counts an intento that has just ended, and tells people of the marks that an order has just got.
func (w *Worker) medir(p *pedido.Pedido, antes visto) {
	if p.Terminado() && p.Intento == antes.intento && p.Cambio.Equal(p.Actual().Fin) {
		w.o.Medir.Intento(p.Motivo)
	}
	for _, m := range p.Marcas[min(antes.marcas, len(p.Marcas)):] {
		w.o.Medir.Marca(m.Codigo)
		w.o.Log.ErrorContext(w.ctx, "an order's money needs a person", "pedido", p.ID, "estado", p.Estado, "marca", m.Codigo)
	}
}
