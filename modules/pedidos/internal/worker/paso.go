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

// paso does one phase, or several that one save covers, and saves what follows; nil when the order rests or is lost. A
// phase and the saving have a deadline each: a phase that used all of its own does not cost the saving of what it did.
func (w *Worker) paso(p *pedido.Pedido) *pedido.Pedido {
	guardado, sinGuardar := fases.IntencionDe(p), p.Lease.Add(-w.o.Lease+w.o.Lease/tramo)
	c := cambio{antes: visto{intento: p.Intento, marcas: len(p.Marcas)}}
	for {
		r, err := w.fase(p)
		if err != nil {
			w.o.Log.WarnContext(w.ctx, "phase put off", "pedido", p.ID, "estado", p.Estado, "error", err)
		}
		if r == nil { // the phases put off what failed, and note what did not; a panic does neither
			r = w.o.Tiempos.Despues
		}
		if caido := new(guard.Panic); errors.As(err, &caido) {
			return w.trasPanico(p, cambio{antes: c.antes, todo: r})
		}
		estado, ahora := p.Estado, w.o.Ahora()
		c.todo, c.err, c.hecho = fases.Seguidos(c.todo, r), w.aplicar(r, p, ahora), true
		sigue := c.err == nil && p.Estado != estado && guardado.Cubre(p) && ahora.Before(sinGuardar)
		if !sigue || p.Debe.After(ahora) || w.ctx.Err() != nil {
			return w.guardarCambio(p, c)
		}
		p.Seguido = true
	}
}

// tramo is the part of a lease, one in so many, within which a phase may begin before what precedes it is saved: it still
// ends before the lease does.
const tramo = 8

// trasPanico saves c over the order as it is stored: the phase may have changed p in part. The phases before it that have
// not been saved are done again.
func (w *Worker) trasPanico(p *pedido.Pedido, c cambio) *pedido.Pedido {
	ctx, cancel := context.WithTimeout(context.Background(), w.o.guarda())
	defer cancel()
	return w.guardar(ctx, w.releer(ctx, p.ID, p.Duenio), c)
}

// guardarCambio is guardar with a deadline of its own.
func (w *Worker) guardarCambio(p *pedido.Pedido, c cambio) *pedido.Pedido {
	ctx, cancel := context.WithTimeout(context.Background(), w.o.guarda())
	defer cancel()
	return w.guardar(ctx, p, c)
}

// cambio is what one or more phases want done to an order by one save.
type cambio struct {
	antes visto           // the order as it was stored
	todo  fases.Resultado // of all the phases
	hecho bool            // todo has been applied, to the order that they were given,
	err   error           // which refused it
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

// guardar applies c, unless that has been done, and saves. After a conflict all of c is applied again to the order as it
// now stands, if the lease still is this worker's, and the order is due at once. A result that the order refuses is
// dropped: after a conflict the order has moved on; without one a phase has been wrong, and the order is put off.
func (w *Worker) guardar(ctx context.Context, p *pedido.Pedido, c cambio) *pedido.Pedido {
	for conflicto := false; p != nil; c.hecho = false {
		ahora, version, duenio := w.o.Ahora(), p.Version, p.Duenio
		if !c.hecho {
			c.antes = visto{intento: p.Intento, marcas: len(p.Marcas)}
			c.err = w.aplicar(c.todo, p, ahora)
		}
		if c.err != nil {
			if p = w.releer(ctx, p.ID, duenio); p == nil || p.Version != version {
				return p
			}
			c.todo = w.rehusado(p, conflicto, c.err)
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
		w.medir(p, c.antes)
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
