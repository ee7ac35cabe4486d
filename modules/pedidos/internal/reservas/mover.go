package reservas

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/store"
)

// Mover takes stock in or out by hand: m carries ID, Huella, Cantidad (+ in, - out),
// Motivo and En; lote may be empty. Under an ID that is there already it gives that
// movement and true. Errors: ErrHuella, existencias.ErrFalta, existencias.ErrLotes.
func (a *Reservas) Mover(ctx context.Context, m existencias.Movimiento, producto, deposito, lote string,
	vence *time.Time) (existencias.Movimiento, bool, error) {
	var hecho existencias.Movimiento // the leader's, and a caller's once it is answered
	var repetido bool
	err := a.cola.pedir(ctx, &mutacion{producto: producto, deposito: deposito, ids: []string{m.ID}, aplicar: func(d *documento) (err error) {
		hecho, repetido, err = d.mover(m, lote, vence)
		return err
	}})
	if err != nil {
		return existencias.Movimiento{}, false, fmt.Errorf("reservas: product %s: %w", producto, err)
	}
	return hecho, repetido, nil
}

func (d *documento) mover(m existencias.Movimiento, lote string, vence *time.Time) (existencias.Movimiento, bool, error) {
	if v, ok := d.movimiento(m.ID); ok {
		if v.Huella != m.Huella {
			return v, false, ErrHuella
		}
		return v, true, nil
	}
	err := d.cambiar(func(e *existencias.Existencia) error { return e.Mover(m, lote, vence) })
	hecho, _ := d.Movimiento(m.ID)
	return hecho, false, err
}

// Publicar stores the unpublished movements of up to limite aggregates and takes them
// out of these; it tells how many movements those were. An aggregate that fails costs no
// other; one that cannot be read is set aside. Errors: those of all that failed, joined.
func (a *Reservas) Publicar(ctx context.Context, limite int) (int, error) {
	ids, err := a.tienda.ConMovimientos(ctx, limite)
	if err != nil {
		return 0, fmt.Errorf("reservas: publish: %w", err)
	}
	total, errs := 0, []error(nil)
	for _, id := range ids {
		n, err := a.publicar(ctx, id)
		total += n
		if roto := new(store.Ilegible); errors.As(err, &roto) {
			err = errors.Join(err, a.tienda.Apartar(ctx, id))
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("reservas: publish %s: %w", id, err))
		}
		if ctx.Err() != nil {
			break
		}
	}
	return total, errors.Join(errs...)
}

// publicar queues for the aggregate like everybody else: no conflict inside a process.
func (a *Reservas) publicar(ctx context.Context, id string) (int, error) {
	e, err := a.tienda.Leer(ctx, id)
	if err != nil {
		return 0, err
	}
	n := 0
	err = a.cola.pedir(ctx, &mutacion{producto: e.Producto, deposito: e.Deposito, publica: true, aplicar: func(d *documento) error {
		n = d.vaciados
		return nil
	}})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// vaciar publishes what the aggregate came with, if somebody wants that or it is time.
// Nothing is published that has not been saved in an aggregate first.
func (a *Reservas) vaciar(ctx context.Context, d *documento, lote []*mutacion) error {
	n := len(d.Movimientos)
	quieren := slices.ContainsFunc(lote, func(m *mutacion) bool { return m.publica })
	if n == 0 || !quieren && n < existencias.MaxMovimientos {
		return nil
	}
	if err := a.tienda.GuardarMovimientos(ctx, d.Movimientos); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	d.Movimientos, d.vaciados, d.cambiado = nil, n, true
	return nil
}
