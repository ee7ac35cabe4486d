package reservas

import (
	"context"
	"errors"
	"fmt"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/store"
)

// Mover takes stock in or out by hand: m carries ID, Huella, Cantidad (+ in, - out),
// Motivo and En; lote may be empty. A batch that is named has one date over all depots: the
// first that came in. Under an ID that is there already it gives that movement and true.
// Errors: ErrHuella, existencias.ErrFalta, existencias.ErrLotes; of what comes in, ErrVencido, ErrFecha.
func (a *Reservas) Mover(ctx context.Context, m existencias.Movimiento, producto, deposito, lote string,
	vence *time.Time) (existencias.Movimiento, bool, error) {
	var hecho existencias.Movimiento // the leader's, and a caller's once it is answered
	var repetido bool
	o := &operacion{partes: []parte{nuevaParte(producto, deposito)}, movimientos: []string{m.ID}}
	o.aplicar = func(ds []*documento) (err error) {
		hecho, repetido, err = ds[0].mover(m, lote, vence, a.fechar(ctx, producto, lote, vence))
		return err
	}
	err := a.cola.pedir(ctx, o)
	if err != nil {
		return existencias.Movimiento{}, false, fmt.Errorf("reservas: product %s: %w", producto, err)
	}
	return hecho, repetido, nil
}

// mover does m, unless it is done. Before goods come in fechar gives the date of their batch.
func (d *documento) mover(m existencias.Movimiento, lote string, vence *time.Time,
	fechar func() (*time.Time, error)) (existencias.Movimiento, bool, error) {
	if v, ok := d.movimiento(m.ID); ok {
		if v.Huella != m.Huella {
			return v, false, ErrHuella
		}
		return v, true, nil
	}
	if m.Cantidad > 0 {
		fecha, err := fechar()
		if err != nil {
			return existencias.Movimiento{}, false, err
		}
		vence = fecha
	}
	err := d.cambiar(func(e *existencias.Existencia) error { return e.Mover(m, lote, vence) })
	hecho, _ := d.Movimiento(m.ID)
	return hecho, false, err
}

// fechar gives the date under which goods come in. Goods without a batch's name have their
// own; a name has the date that it had before, or gets vence. Errors: ErrVencido, ErrFecha.
func (a *Reservas) fechar(ctx context.Context, producto, lote string, vence *time.Time) func() (*time.Time, error) {
	return func() (*time.Time, error) {
		if !existencias.Dura(vence, existencias.VenceMinimo(a.ahora(), 0, a.zona)) {
			return nil, ErrVencido
		}
		if lote == "" {
			return vence, nil
		}
		primera, err := a.fechaGuardada(ctx, producto, lote, vence)
		if err != nil {
			return nil, fmt.Errorf("date of a batch: %w", err)
		}
		fija, err := a.tienda.FijarLote(ctx, producto, lote, primera)
		if err != nil {
			return nil, fmt.Errorf("date of a batch: %w", err)
		}
		if !existencias.MismaFecha(fija, vence, a.zona) {
			return nil, ErrFecha
		}
		return fija, nil
	}
}

// fechaGuardada is the date of a batch of which a depot has something, the earliest of all, or
// else vence. A batch that an earlier release took in has no date on record but there.
func (a *Reservas) fechaGuardada(ctx context.Context, producto, lote string, vence *time.Time) (*time.Time, error) {
	es, err := a.tienda.LeerProductos(ctx, []string{producto})
	if err != nil {
		return nil, err
	}
	fecha, hay := vence, false
	for _, e := range es {
		v, ok := e.FechaDe(lote)
		if ok && (!hay || fecha == nil || v != nil && v.Before(*fecha)) {
			fecha, hay = v, true
		}
	}
	return fecha, nil
}

// Publicar stores the unpublished movements of up to limite aggregates and takes them
// out of these; it tells how many movements those were. An aggregate that fails costs no
// other; one that cannot be read is set aside. Errors: those of all that failed, joined.
func (a *Reservas) Publicar(ctx context.Context, limite int) (int, error) {
	ids, err := a.tienda.ConMovimientos(ctx, limite)
	if err != nil {
		return 0, fmt.Errorf("reservas: publish: %w", err)
	}
	return a.publicar(ctx, ids)
}

// PublicarProducto stores the unpublished movements of a product, of every depot whose stock of
// it can be read.
func (a *Reservas) PublicarProducto(ctx context.Context, producto string) error {
	es, err := a.tienda.LeerProductos(ctx, []string{producto})
	if err != nil {
		return fmt.Errorf("reservas: publish: %w", err)
	}
	var ids []string
	for _, e := range es {
		if len(e.Movimientos) > 0 {
			ids = append(ids, e.ID)
		}
	}
	_, err = a.publicar(ctx, ids)
	return err
}

// publicar queues for the aggregates like everybody else: no conflict inside a process.
func (a *Reservas) publicar(ctx context.Context, ids []string) (total int, _ error) {
	os := make([]*operacion, 0, len(ids))
	hechos := make([]*documento, len(ids)) // the leader's, until its operation is answered
	for i, id := range ids {
		os = append(os, &operacion{partes: []parte{{id: id}}, publica: true, aplicar: func(ds []*documento) error {
			hechos[i] = ds[0]
			return nil
		}})
	}
	respuestas, err := a.cola.pedirVarias(ctx, os)
	if err != nil {
		return 0, fmt.Errorf("reservas: publish: %w", err)
	}
	var errs []error
	for i, err := range respuestas {
		if roto := new(store.Ilegible); errors.As(err, &roto) {
			err = errors.Join(err, a.tienda.Apartar(ctx, ids[i]))
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("reservas: publish %s: %w", ids[i], err))
			continue
		}
		total += hechos[i].vaciados
	}
	return total, errors.Join(errs...)
}
