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

// llevar does one phase of p after the other, until the order rests, its lease is another worker's, the process
// stops, or its estado is one that a later release alone knows. On the last two it gives the lease back.
func (w *Worker) llevar(p *pedido.Pedido) {
	for p != nil && w.ctx.Err() == nil && p.Estado.Conocido() {
		p = w.paso(p)
	}
	if p != nil {
		w.entregar(p)
	}
}

// paso does one phase of p and saves the result. Further phases follow at once and share that save, while
// fases.Intencion.Cubre allows it and the first part of the lease lasts. It returns the order for the next
// phase; nil when the order rests, or another worker has it. A phase and a save have a deadline each, so that
// the deeds of a phase that used up its own are saved.
func (w *Worker) paso(p *pedido.Pedido) *pedido.Pedido {
	guardado := fases.IntencionDe(p)
	sinGuardar := p.Lease.Add(-w.o.Lease + w.o.Lease/margen)
	acumulado := cambio{antes: visto{intento: p.Intento, marcas: len(p.Marcas)}}
	for {
		r, err := w.fase(p)
		if err != nil {
			w.o.Log.WarnContext(w.ctx, "phase put off", "pedido", p.ID, "estado", p.Estado, "error", err)
		}
		if r == nil { // fases.Fases puts off by itself; a panic leaves no Resultado
			r = w.o.Tiempos.Despues
		}
		if caido := new(guard.Panic); errors.As(err, &caido) {
			return w.trasPanico(p, cambio{antes: acumulado.antes, todo: r})
		}
		estado := p.Estado
		ahora := w.o.Ahora()
		acumulado.todo = fases.Seguidos(acumulado.todo, r)
		acumulado.err = w.aplicar(r, p, ahora)
		acumulado.hecho = true
		sigue := acumulado.err == nil && p.Estado != estado && guardado.Cubre(p) && ahora.Before(sinGuardar)
		if !sigue || p.Debe.After(ahora) || w.ctx.Err() != nil {
			return w.guardarCambio(p, acumulado)
		}
		p.Seguido = true
	}
}

// margen is a fraction of a lease: within the first eighth of it a phase may begin before the phases that
// precede it are saved. Such a phase still ends before the lease does.
const margen = 8

// trasPanico saves c over the order as it is stored, because the phase that panicked may have changed p in
// part. The phases before it that share its save are lost, and are done again.
func (w *Worker) trasPanico(p *pedido.Pedido, c cambio) *pedido.Pedido {
	ctx, cancel := context.WithTimeout(context.Background(), w.o.guarda())
	defer cancel()
	return w.guardar(ctx, w.releer(ctx, p.ID, p.Duenio), c)
}

// guardarCambio is guardar under a deadline of its own, guarda from now.
func (w *Worker) guardarCambio(p *pedido.Pedido, c cambio) *pedido.Pedido {
	ctx, cancel := context.WithTimeout(context.Background(), w.o.guarda())
	defer cancel()
	return w.guardar(ctx, p, c)
}

// cambio is the change that one phase, or several in a row, make to an order in one save.
type cambio struct {
	antes visto           // the order as it was stored
	todo  fases.Resultado // of all these phases, in their order
	hecho bool            // todo has been applied to the order in memory,
	err   error           // and the order refused it; nil: it did not
}

// fase does the deeds of p's phase, within PlazoDeFase. Errors: those of the neighbours; *guard.Panic.
func (w *Worker) fase(p *pedido.Pedido) (r fases.Resultado, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), PlazoDeFase(w.o.Lease))
	defer cancel()
	estado := p.Estado
	inicio := time.Now()
	err = w.o.Guard.Run(ctx, "pedidos.fase", func() (err error) {
		r, err = w.o.Fases.Hacer(ctx, p, w.o.Ahora())
		return err
	}, "pedido", p.ID, "estado", estado)
	w.o.Medir.Fase(estado, time.Since(inicio))
	return r, err
}

// PlazoDeFase is how long a phase may take under a lease: three quarters of it.
func PlazoDeFase(lease time.Duration) time.Duration { return lease * 3 / 4 }

// guardaMinima is the least time that a save has. It may outlast the lease: the version of the order and the
// owner of its lease decide in the store whether the result still counts.
const guardaMinima = time.Second

// guarda is the time that a save may take: the quarter of the lease that a phase leaves, and guardaMinima at
// least.
func (o Opciones) guarda() time.Duration { return max(o.Lease-PlazoDeFase(o.Lease), guardaMinima) }

// guardar applies pendiente to p, unless paso has done so, and saves p. After a conflict it reads the order
// again and applies all of pendiente to it, if the lease is still this worker's; the order is then due at once.
// It drops a result that the order refuses: after a conflict because the order has moved on; without one
// because a phase is wrong, and the order is put off. It returns the order that goes on; nil when it rests, is
// lost, or could not be saved.
func (w *Worker) guardar(ctx context.Context, p *pedido.Pedido, pendiente cambio) *pedido.Pedido {
	for conflicto := false; p != nil; pendiente.hecho = false {
		ahora := w.o.Ahora()
		version := p.Version
		duenio := p.Duenio
		if !pendiente.hecho {
			pendiente.antes = visto{intento: p.Intento, marcas: len(p.Marcas)}
			pendiente.err = w.aplicar(pendiente.todo, p, ahora)
		}
		if pendiente.err != nil {
			if p = w.releer(ctx, p.ID, duenio); p == nil || p.Version != version {
				return p
			}
			pendiente.todo = w.rehusado(p, conflicto, pendiente.err)
			continue
		}
		if conflicto {
			p.Deber(ahora)
		}
		descansa := w.arriendo(p, ahora)
		err := w.o.Pedidos.Guardar(ctx, p)
		switch {
		case errors.Is(err, store.ErrConflicto):
			p = w.releer(ctx, p.ID, duenio)
			conflicto = true
			continue
		case err != nil:
			w.o.Log.ErrorContext(ctx, "saving an order", "pedido", p.ID, "error", err)
			return nil // the lease runs out, and then a worker claims the order
		}
		w.medir(p, pendiente.antes)
		if descansa {
			return nil
		}
		p.Seguido = !conflicto
		return p
	}
	return nil
}

// rehusado is the Resultado in place of one that p refuses with err: no change after a conflict, otherwise a
// wait.
func (w *Worker) rehusado(p *pedido.Pedido, conflicto bool, err error) fases.Resultado {
	if conflicto {
		w.o.Log.InfoContext(w.ctx, "result refused: the order has moved on", "pedido", p.ID, "error", err)
		return func(*pedido.Pedido, time.Time) error { return nil }
	}
	w.o.Log.ErrorContext(w.ctx, "result refused", "pedido", p.ID, "error", err)
	return w.o.Tiempos.Despues
}

// aplicar applies the result r of a phase to p. Errors: the order's refusal; *guard.Panic. After either p is
// not to be saved: r may have changed a part of it.
func (w *Worker) aplicar(r fases.Resultado, p *pedido.Pedido, ahora time.Time) error {
	return w.o.Guard.Run(w.ctx, "pedidos.resultado", func() error { return r(p, ahora) }, "pedido", p.ID)
}

// arriendo renews the lease of an order that is due, and ends the lease of one that rests.
func (w *Worker) arriendo(p *pedido.Pedido, ahora time.Time) (descansa bool) {
	if p.Debe == nil || p.Debe.After(ahora) {
		p.Duenio, p.Lease = "", time.Time{}
		return true
	}
	p.Lease = pedido.Instante(ahora.Add(w.o.Lease))
	return false
}

// releer reads the order again; nil when duenio no longer has its lease, or the store fails.
func (w *Worker) releer(ctx context.Context, id, duenio string) *pedido.Pedido {
	q, err := w.o.Pedidos.Leer(ctx, id)
	if err != nil || q.Duenio != duenio || !q.Lease.After(w.o.Ahora()) {
		return nil
	}
	return q
}

// entregar ends the lease of p when the process stops, so that other replicas need not wait until it runs out.
func (w *Worker) entregar(p *pedido.Pedido) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	p.Duenio, p.Lease = "", time.Time{}
	if err := w.o.Pedidos.Guardar(ctx, p); err != nil && !errors.Is(err, store.ErrConflicto) {
		w.o.Log.WarnContext(ctx, "giving a lease back", "pedido", p.ID, "error", err)
	}
}

// visto is the part of an order before a phase that medir compares with the order after it.
type visto struct {
	intento int64
	marcas  int
}

// medir counts an intento that has just ended, and counts and logs the marks that the order has got since
// antes. A mark means that a person has to look at the order's money.
func (w *Worker) medir(p *pedido.Pedido, antes visto) {
	if p.Terminado() && p.Intento == antes.intento && p.Cambio.Equal(p.Actual().Fin) {
		w.o.Medir.Intento(p.Motivo)
	}
	for _, m := range p.Marcas[min(antes.marcas, len(p.Marcas)):] {
		w.o.Medir.Marca(m.Codigo)
		w.o.Log.ErrorContext(w.ctx, "an order's money needs a person", "pedido", p.ID, "estado", p.Estado, "marca", m.Codigo)
	}
}
