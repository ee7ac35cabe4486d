package reservas

import (
	"context"
	"errors"
	"fmt"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/store"
)

// Mover takes stock in or out by hand: movimiento carries ID, Huella, Cantidad (+ in, - out),
// Motivo and En; lote may be empty. A batch that is named has one date over all depots: the
// first that came in. For an movimiento.ID that exists already Mover gives the existing movement and true.
// Errors: ErrHuella, existencias.ErrFalta, existencias.ErrLotes; for goods that come in also ErrVencido, ErrFecha.
func (a *Reservas) Mover(
	ctx context.Context,
	movimiento existencias.Movimiento,
	producto, deposito, lote string,
	vence *time.Time,
) (existencias.Movimiento, bool, error) {
	var hecho existencias.Movimiento // the leader writes it; the caller reads it once it has the answer
	var repetido bool
	o := &operacion{
		partes:      []parte{nuevaParte(producto, deposito)},
		movimientos: []string{movimiento.ID},
	}
	o.aplicar = func(ds []*documento) (err error) {
		hecho, repetido, err = ds[0].mover(
			movimiento,
			lote,
			vence,
			a.fechar(ctx, producto, lote, vence),
		)
		return err
	}
	err := a.cola.pedir(ctx, o)
	if err != nil {
		return existencias.Movimiento{}, false, fmt.Errorf(
			"reservas: product %s: %w",
			producto,
			err,
		)
	}
	return hecho, repetido, nil
}

// mover makes the movement movimiento, unless d has it already. Before goods come in, fechar gives the date of their
// batch.
func (d *documento) mover(movimiento existencias.Movimiento, lote string, vence *time.Time,
	fechar func() (*time.Time, error)) (existencias.Movimiento, bool, error) {
	if v, ok := d.movimiento(movimiento.ID); ok {
		if v.Huella != movimiento.Huella {
			return v, false, ErrHuella
		}
		return v, true, nil
	}
	if movimiento.Cantidad > 0 {
		fecha, err := fechar()
		if err != nil {
			return existencias.Movimiento{}, false, err
		}
		vence = fecha
	}
	err := d.cambiar(
		func(e *existencias.Existencia) error { return e.Mover(movimiento, lote, vence) },
	)
	hecho, _ := d.Movimiento(movimiento.ID)
	return hecho, false, err
}

// fechar gives a function that gives the date under which goods come in. Goods without a batch's name come in under
// vence. A named batch keeps the date that it had before, or gets vence. Errors of the function: ErrVencido, ErrFecha.
func (a *Reservas) fechar(
	ctx context.Context,
	producto, lote string,
	vence *time.Time,
) func() (*time.Time, error) {
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

// fechaGuardada is the earliest date under which a depot has units of the batch lote; vence where no depot has any. The
// aggregates are the only record of the date of a batch that an earlier release took in.
func (a *Reservas) fechaGuardada(
	ctx context.Context,
	producto, lote string,
	vence *time.Time,
) (*time.Time, error) {
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

// Publicar stores the unpublished movements of up to limite aggregates, takes them out of the
// aggregates and gives their number. The failure of one aggregate stops no other. An aggregate that cannot
// be read is set aside. Errors: those of all aggregates that failed, joined.
func (a *Reservas) Publicar(ctx context.Context, limite int) (int, error) {
	ids, err := a.tienda.ConMovimientos(ctx, limite)
	if err != nil {
		return 0, fmt.Errorf("reservas: publish: %w", err)
	}
	return a.publicar(ctx, ids)
}

// PublicarProducto stores the unpublished movements of a product, of every depot of which the stock of
// the product can be read. Errors: those of all aggregates that failed, joined.
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

// publicar stores the unpublished movements of the aggregates ids and gives their number. It queues in the cola as
// reservations and sales do, so that it meets no conflict inside its own process.
func (a *Reservas) publicar(ctx context.Context, ids []string) (total int, _ error) {
	os := make([]*operacion, 0, len(ids))
	// The leader writes a member before it answers the operation.
	hechos := make([]*documento, len(ids))
	for i, id := range ids {
		os = append(
			os,
			&operacion{
				partes:  []parte{{id: id}},
				publica: true,
				aplicar: func(ds []*documento) error {
					hechos[i] = ds[0]
					return nil
				},
			},
		)
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
