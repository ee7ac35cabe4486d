package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/fases"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/guard"
	"despensa/platform/seal"
)

// de is texto with the place of ped where it stands, as Palabras seals it under the key of ped's customer.
func de(ped *pedido.Pedido, lugar, texto string) seal.Words {
	return seal.Words{Owner: ped.Cliente, Place: "pedido." + ped.ID + "." + lugar, Text: texto}
}

// deMovimiento is texto with the movement of stock where it stands, as Palabras seals it. A movement has no
// customer: it is sealed under the house's key.
func deMovimiento(id, texto string) seal.Words {
	return seal.Words{Place: "movimiento." + id, Text: texto}
}

// sellar gives the stored form of a person's words at a place of ped. It works while the store of the keys is
// away.
func (a *App) sellar(
	ctx context.Context,
	ped *pedido.Pedido,
	lugar, texto string,
) (string, error) {
	return a.o.Palabras.Seal(ctx, de(ped, lugar, texto))
}

// legible is ped with people's own words readable; nil for nil. The result is for answers: it is not to be saved.
func (a *App) legible(ctx context.Context, ped *pedido.Pedido) *pedido.Pedido {
	if ped == nil {
		return nil
	}
	return a.legibles(ctx, []*pedido.Pedido{ped})[0]
}

// legibles are pedidos with people's own words readable, opened by one call for all of them. An order that has
// sealed words is copied. The result is for answers: it is not to be saved.
func (a *App) legibles(ctx context.Context, pedidos []*pedido.Pedido) []*pedido.Pedido {
	out := slices.Clone(pedidos)
	var palabras []seal.Words
	var sitios []*string
	for i, p := range pedidos {
		if !slices.ContainsFunc(
			p.Palabras(),
			func(x pedido.Palabra) bool { return seal.Sealed(*x.Texto) },
		) {
			continue
		}
		out[i] = p.Copia()
		for _, x := range out[i].Palabras() {
			if seal.Sealed(*x.Texto) {
				palabras = append(palabras, de(p, x.Lugar, *x.Texto))
				sitios = append(sitios, x.Texto)
			}
		}
	}
	a.abrir(ctx, palabras, sitios)
	return out
}

// movimientosLegibles are movimientos with the operators' own words readable. The result is for answers: it is not
// to be saved.
func (a *App) movimientosLegibles(
	ctx context.Context,
	movimientos []existencias.Movimiento,
) []existencias.Movimiento {
	out := slices.Clone(movimientos)
	var palabras []seal.Words
	var sitios []*string
	for i := range out {
		if m := &out[i]; seal.Sealed(m.Motivo) {
			palabras = append(palabras, deMovimiento(m.ID, m.Motivo))
			sitios = append(sitios, &m.Motivo)
		}
	}
	a.abrir(ctx, palabras, sitios)
	return out
}

// movimientoLegible is movimientosLegibles for one movement.
func (a *App) movimientoLegible(
	ctx context.Context,
	movimiento existencias.Movimiento,
) existencias.Movimiento {
	return a.movimientosLegibles(ctx, []existencias.Movimiento{movimiento})[0]
}

// abrir opens words by one call, and writes the text of each to the pointer of sitios in its place.
func (a *App) abrir(ctx context.Context, words []seal.Words, sitios []*string) {
	if len(words) == 0 {
		return
	}
	for i, texto := range a.o.Palabras.Open(ctx, words) {
		*sitios[i] = texto
	}
}

// descanso is the pause of SellarSiempre after each page of orders or movements. A page takes less than 10 ms,
// so that to look at a million orders takes ten minutes and less than a tenth of a core.
const descanso = 100 * time.Millisecond

// descansar waits for descanso. Errors: ctx's.
func descansar(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(descanso):
		return nil
	}
}

// SellarSiempre does SellarPendientes now and every cada, until ctx ends.
func (a *App) SellarSiempre(ctx context.Context, cada time.Duration) {
	sellar := func() {
		err := a.o.Guard.Run(ctx, "pedidos.palabras", func() error {
			n, err := a.SellarPendientes(ctx, descansar)
			if n > 0 {
				a.o.Log.InfoContext(ctx, "people's own words sealed", "cuantos", n)
			}
			return err
		})
		if err != nil && ctx.Err() == nil {
			a.o.Log.WarnContext(ctx, "sealing people's own words", "error", err)
		}
	}
	sellar()
	guard.Every(ctx, cada, sellar)
}

// SellarPendientes looks at every order and every movement by hand, newest first. It seals the words that an
// earlier release has stored in the clear, and seals anew those that the house's key seals for the time being.
// An order that a worker holds is left for the next round. It calls pausa between two pages. It gives the
// number of orders and movements that it has saved. Errors: those of the store and of pausa; those of sealing,
// joined.
func (a *App) SellarPendientes(
	ctx context.Context,
	pausa func(context.Context) error,
) (int, error) {
	n, err := a.sellarPedidos(ctx, pausa)
	m, errMovimientos := a.sellarMovimientos(ctx, pausa)
	return n + m, errors.Join(err, errMovimientos)
}

// sellarPedidos is SellarPendientes for orders. An order that cannot be sealed does not keep the others back.
func (a *App) sellarPedidos(
	ctx context.Context,
	pausa func(context.Context) error,
) (n int, err error) {
	var errs []error
	for desde := (*store.Cursor)(nil); ; {
		pedidos, err := a.o.Pedidos.Listar(ctx, store.Filtro{}, desde, tanda)
		if err != nil || len(pedidos) == 0 {
			return n, errors.Join(append(errs, err)...)
		}
		for _, p := range pedidos {
			sellado, err := a.sellarPendiente(ctx, p)
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", p.ID, err))
			}
			if sellado {
				n++
			}
		}
		if len(pedidos) < tanda {
			return n, errors.Join(errs...)
		}
		if err := pausa(ctx); err != nil {
			return n, errors.Join(append(errs, err)...)
		}
		ultimo := pedidos[len(pedidos)-1]
		desde = &store.Cursor{Creado: ultimo.Creado, ID: ultimo.ID}
	}
}

// sellarPendiente seals the words of ped and saves it. It reports whether it did: not if ped has none to seal, a
// worker holds it, or another process has changed it. Errors: those of sealing and of the store.
func (a *App) sellarPendiente(ctx context.Context, ped *pedido.Pedido) (bool, error) {
	if ped.Lease.After(a.o.Ahora()) || !ped.Estado.Conocido() {
		return false, nil
	}
	cambio := false
	for _, x := range ped.Palabras() {
		if seal.Sealed(*x.Texto) && !seal.Pending(*x.Texto) || fases.EsMotivo(*x.Texto) {
			continue
		}
		sellado, err := a.sellar(ctx, ped, x.Lugar, *x.Texto)
		if err != nil {
			return false, err
		}
		cambio = cambio || sellado != *x.Texto
		*x.Texto = sellado
	}
	if !cambio {
		return false, nil
	}
	err := a.o.Pedidos.Guardar(ctx, ped)
	if errors.Is(err, store.ErrConflicto) {
		return false, nil
	}
	return err == nil, err
}

// sellarMovimientos is SellarPendientes for the movements by hand of all products.
func (a *App) sellarMovimientos(
	ctx context.Context,
	pausa func(context.Context) error,
) (n int, err error) {
	for desde := (*store.Cursor)(nil); ; {
		productos, err := a.o.Productos.Listar(
			ctx,
			store.FiltroProductos{Todos: true},
			desde,
			tanda,
		)
		if err != nil || len(productos) == 0 {
			return n, err
		}
		for _, p := range productos {
			m, err := a.sellarMovimientosDe(ctx, p.ID, pausa)
			if n += m; err != nil {
				return n, err
			}
		}
		if len(productos) < tanda {
			return n, nil
		}
		ultimo := productos[len(productos)-1]
		desde = &store.Cursor{Creado: ultimo.Creado, ID: ultimo.ID}
	}
}

// sellarMovimientosDe is SellarPendientes for the movements of one product.
func (a *App) sellarMovimientosDe(
	ctx context.Context, producto string, pausa func(context.Context) error,
) (n int, err error) {
	for desde := (*store.Cursor)(nil); ; {
		movimientos, err := a.o.Existencias.ListarMovimientos(
			ctx,
			store.FiltroMovimientos{Producto: producto},
			desde,
			tanda,
		)
		if err != nil || len(movimientos) == 0 {
			return n, err
		}
		for _, m := range movimientos {
			if m.Pedido != "" || m.Motivo == motivoInicial || seal.Sealed(m.Motivo) {
				continue
			}
			sellado, err := a.o.Palabras.Seal(ctx, deMovimiento(m.ID, m.Motivo))
			if err == nil {
				err = a.o.Existencias.CambiarMotivo(ctx, m.ID, m.Motivo, sellado)
			}
			if err != nil {
				return n, err
			}
			n++
		}
		if len(movimientos) < tanda {
			return n, nil
		}
		if err := pausa(ctx); err != nil {
			return n, err
		}
		ultimo := movimientos[len(movimientos)-1]
		desde = &store.Cursor{Creado: ultimo.En, ID: ultimo.ID}
	}
}
