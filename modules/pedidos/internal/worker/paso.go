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

// llevar does one phase of ped after the other, until the order rests, its lease is another worker's, the process
// stops, or its estado is one that a later release alone knows. On the last two it gives the lease back.
func (w *Worker) llevar(ped *pedido.Pedido) {
	for ped != nil && w.ctx.Err() == nil && ped.Estado.Conocido() {
		ped = w.paso(ped)
	}
	if ped != nil {
		w.entregar(ped)
	}
}

// paso does one phase of ped and saves the result. Further phases follow at once and share that save, while
// fases.Intencion.Cubre allows it and the first part of the lease lasts. It returns the order for the next
// phase; nil when the order rests, or another worker has it. A phase and a save have a deadline each, so that
// the deeds of a phase that used up its own are saved.
func (w *Worker) paso(ped *pedido.Pedido) *pedido.Pedido {
	guardado := fases.IntencionDe(ped)
	sinGuardar := ped.Lease.Add(-w.o.Lease + w.o.Lease/margen)
	acumulado := cambio{antes: visto{intento: ped.Intento, marcas: len(ped.Marcas)}}
	for {
		r, err := w.fase(ped)
		if err != nil {
			w.o.Log.WarnContext(w.ctx, "phase put off", "pedido", ped.ID, "estado", ped.Estado, "error", err)
		}
		if r == nil { // fases.Fases puts off by itself; a panic leaves no Resultado
			r = w.o.Tiempos.Despues
		}
		if caido := new(guard.Panic); errors.As(err, &caido) {
			return w.trasPanico(ped, cambio{antes: acumulado.antes, todo: r})
		}
		estado := ped.Estado
		ahora := w.o.Ahora()
		acumulado.todo = fases.Seguidos(acumulado.todo, r)
		acumulado.err = w.aplicar(r, ped, ahora)
		acumulado.hecho = true
		sigue := acumulado.err == nil && ped.Estado != estado && guardado.Cubre(ped) &&
			ahora.Before(sinGuardar)
		if !sigue || ped.Debe.After(ahora) || w.ctx.Err() != nil {
			return w.guardarCambio(ped, acumulado)
		}
		ped.Seguido = true
	}
}

// margen is a fraction of a lease: within the first eighth of it a phase may begin before the phases that
// precede it are saved. Such a phase still ends before the lease does.
const margen = 8

// trasPanico saves cambio over the order as it is stored, because the phase that panicked may have changed ped in
// part. The phases before it that share its save are lost, and are done again.
func (w *Worker) trasPanico(ped *pedido.Pedido, cambio cambio) *pedido.Pedido {
	ctx, cancel := context.WithTimeout(context.Background(), w.o.guarda())
	defer cancel()
	return w.guardar(ctx, w.releer(ctx, ped.ID, ped.Duenio), cambio)
}

// guardarCambio is guardar under a deadline of its own, guarda from now.
func (w *Worker) guardarCambio(ped *pedido.Pedido, cambio cambio) *pedido.Pedido {
	ctx, cancel := context.WithTimeout(context.Background(), w.o.guarda())
	defer cancel()
	return w.guardar(ctx, ped, cambio)
}

// cambio is the change that one phase, or several in a row, make to an order in one save.
type cambio struct {
	antes visto           // the order as it was stored
	todo  fases.Resultado // of all these phases, in their order
	hecho bool            // todo has been applied to the order in memory,
	err   error           // and the order refused it; nil: it did not
}

// fase does the deeds of ped's phase, within PlazoDeFase. Errors: those of the neighbours; *guard.Panic.
func (w *Worker) fase(ped *pedido.Pedido) (r fases.Resultado, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), PlazoDeFase(w.o.Lease))
	defer cancel()
	estado := ped.Estado
	inicio := time.Now()
	err = w.o.Guard.Run(ctx, "pedidos.fase", func() (err error) {
		r, err = w.o.Fases.Hacer(ctx, ped, w.o.Ahora())
		return err
	}, "pedido", ped.ID, "estado", estado)
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

// guardar applies pendiente to ped, unless paso has done so, and saves ped. After a conflict it reads the order
// again and applies all of pendiente to it, if the lease is still this worker's; the order is then due at once.
// It drops a result that the order refuses: after a conflict because the order has moved on; without one
// because a phase is wrong, and the order is put off. It returns the order that goes on; nil when it rests, is
// lost, or could not be saved.
func (w *Worker) guardar(
	ctx context.Context,
	ped *pedido.Pedido,
	pendiente cambio,
) *pedido.Pedido {
	for conflicto := false; ped != nil; pendiente.hecho = false {
		ahora := w.o.Ahora()
		version := ped.Version
		duenio := ped.Duenio
		if !pendiente.hecho {
			pendiente.antes = visto{intento: ped.Intento, marcas: len(ped.Marcas)}
			pendiente.err = w.aplicar(pendiente.todo, ped, ahora)
		}
		if pendiente.err != nil {
			if ped = w.releer(ctx, ped.ID, duenio); ped == nil || ped.Version != version {
				return ped
			}
			pendiente.todo = w.rehusado(ped, conflicto, pendiente.err)
			continue
		}
		if conflicto {
			ped.Deber(ahora)
		}
		descansa := w.arriendo(ped, ahora)
		err := w.o.Pedidos.Guardar(ctx, ped)
		switch {
		case errors.Is(err, store.ErrConflicto):
			ped = w.releer(ctx, ped.ID, duenio)
			conflicto = true
			continue
		case err != nil:
			w.o.Log.ErrorContext(ctx, "saving an order", "pedido", ped.ID, "error", err)
			return nil // the lease runs out, and then a worker claims the order
		}
		w.medir(ped, pendiente.antes)
		if descansa {
			return nil
		}
		ped.Seguido = !conflicto
		return ped
	}
	return nil
}

// rehusado is the Resultado in place of one that ped refuses with err: no change after a conflict, otherwise a
// wait.
func (w *Worker) rehusado(ped *pedido.Pedido, conflicto bool, err error) fases.Resultado {
	if conflicto {
		w.o.Log.InfoContext(
			w.ctx, "result refused: the order has moved on",
			"pedido", ped.ID, "error", err,
		)
		return func(*pedido.Pedido, time.Time) error { return nil }
	}
	w.o.Log.ErrorContext(w.ctx, "result refused", "pedido", ped.ID, "error", err)
	return w.o.Tiempos.Despues
}

// aplicar applies the result resultado of a phase to ped. Errors: the order's refusal; *guard.Panic. After either
// ped is not to be saved: resultado may have changed a part of it.
func (w *Worker) aplicar(resultado fases.Resultado, ped *pedido.Pedido, ahora time.Time) error {
	return w.o.Guard.Run(
		w.ctx,
		"pedidos.resultado",
		func() error { return resultado(ped, ahora) },
		"pedido",
		ped.ID,
	)
}

// arriendo renews the lease of an order that is due, and ends the lease of one that rests.
func (w *Worker) arriendo(ped *pedido.Pedido, ahora time.Time) (descansa bool) {
	if ped.Debe == nil || ped.Debe.After(ahora) {
		ped.Duenio, ped.Lease = "", time.Time{}
		return true
	}
	ped.Lease = pedido.Instante(ahora.Add(w.o.Lease))
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

// entregar ends the lease of ped when the process stops, so that other replicas need not wait until it runs out.
func (w *Worker) entregar(ped *pedido.Pedido) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	ped.Duenio, ped.Lease = "", time.Time{}
	if err := w.o.Pedidos.Guardar(ctx, ped); err != nil && !errors.Is(err, store.ErrConflicto) {
		w.o.Log.WarnContext(ctx, "giving a lease back", "pedido", ped.ID, "error", err)
	}
}

// visto is the part of an order before a phase that medir compares with the order after it.
type visto struct {
	intento int64
	marcas  int
}

// medir counts an intento that has just ended, and counts and logs the marks that the order has got since
// antes. A mark means that a person has to look at the order's money.
func (w *Worker) medir(ped *pedido.Pedido, antes visto) {
	if ped.Terminado() && ped.Intento == antes.intento && ped.Cambio.Equal(ped.Actual().Fin) {
		w.o.Medir.Intento(ped.Motivo)
	}
	for _, m := range ped.Marcas[min(antes.marcas, len(ped.Marcas)):] {
		w.o.Medir.Marca(m.Codigo)
		w.o.Log.ErrorContext(
			w.ctx, "an order's money needs a person",
			"pedido", ped.ID, "estado", ped.Estado, "marca", m.Codigo,
		)
	}
}
