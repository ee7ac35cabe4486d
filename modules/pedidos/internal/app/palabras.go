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

// de is what is sealed at a place of p, under the key of its customer.
func de(p *pedido.Pedido, lugar, texto string) seal.Words {
	return seal.Words{Owner: p.Cliente, Place: "pedido." + p.ID + "." + lugar, Text: texto}
}

// deMovimiento is what is sealed in a movement of stock, which is about no customer.
func deMovimiento(id, texto string) seal.Words {
	return seal.Words{Place: "movimiento." + id, Text: texto}
}

// sellar gives the stored form of somebody's words at a place of p. It fails for no store that is away.
func (a *App) sellar(ctx context.Context, p *pedido.Pedido, lugar, texto string) (string, error) {
	return a.o.Palabras.Seal(ctx, de(p, lugar, texto))
}

// legible is p with people's own words readable; nil for no order. It is not to be saved.
func (a *App) legible(ctx context.Context, p *pedido.Pedido) *pedido.Pedido {
	if p == nil {
		return nil
	}
	return a.legibles(ctx, []*pedido.Pedido{p})[0]
}

// legibles are ps with people's own words readable, by one question for all of them. They are not to be saved: an order
// with sealed words is a copy.
func (a *App) legibles(ctx context.Context, ps []*pedido.Pedido) []*pedido.Pedido {
	out := slices.Clone(ps)
	var ws []seal.Words
	var sitios []*string
	for i, p := range ps {
		if !slices.ContainsFunc(p.Palabras(), func(x pedido.Palabra) bool { return seal.Sealed(*x.Texto) }) {
			continue
		}
		out[i] = p.Copia()
		for _, x := range out[i].Palabras() {
			if seal.Sealed(*x.Texto) {
				ws, sitios = append(ws, de(p, x.Lugar, *x.Texto)), append(sitios, x.Texto)
			}
		}
	}
	a.abrir(ctx, ws, sitios)
	return out
}

// movimientosLegibles are ms with the words readable that an operator typed; they are not to be saved.
func (a *App) movimientosLegibles(ctx context.Context, ms []existencias.Movimiento) []existencias.Movimiento {
	out := slices.Clone(ms)
	var ws []seal.Words
	var sitios []*string
	for i := range out {
		if m := &out[i]; seal.Sealed(m.Motivo) {
			ws, sitios = append(ws, deMovimiento(m.ID, m.Motivo)), append(sitios, &m.Motivo)
		}
	}
	a.abrir(ctx, ws, sitios)
	return out
}

// movimientoLegible is m with its words readable.
func (a *App) movimientoLegible(ctx context.Context, m existencias.Movimiento) existencias.Movimiento {
	return a.movimientosLegibles(ctx, []existencias.Movimiento{m})[0]
}

// abrir writes the opened ws to sitios.
func (a *App) abrir(ctx context.Context, ws []seal.Words, sitios []*string) {
	if len(ws) == 0 {
		return
	}
	for i, texto := range a.o.Palabras.Open(ctx, ws) {
		*sitios[i] = texto
	}
}

// descanso is the pause of SellarSiempre after each tanda of orders or movements, which takes less than 10 ms: to look at a
// million orders takes ten minutes of less than a tenth of a core.
const descanso = 100 * time.Millisecond

// descansar waits for a descanso. Errors: ctx's.
func descansar(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(descanso):
		return nil
	}
}

// SellarSiempre seals what is left to seal, now and every cada until ctx ends.
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

// SellarPendientes looks at every order and every movement by hand, newest first, and seals the words that an earlier
// release has stored in the clear, and those that the house's key seals for the time being. It tells how many it has
// saved. An order that is being worked on is left for the next time. It calls pausa between two tandas. Errors: those of
// the store and of pausa; those of sealing, joined.
func (a *App) SellarPendientes(ctx context.Context, pausa func(context.Context) error) (int, error) {
	n, err := a.sellarPedidos(ctx, pausa)
	m, errMovimientos := a.sellarMovimientos(ctx, pausa)
	return n + m, errors.Join(err, errMovimientos)
}

func (a *App) sellarPedidos(ctx context.Context, pausa func(context.Context) error) (n int, err error) {
	var errs []error
	for desde := (*store.Marca)(nil); ; {
		ps, err := a.o.Pedidos.Listar(ctx, store.Filtro{}, desde, tanda)
		if err != nil || len(ps) == 0 {
			return n, errors.Join(append(errs, err)...)
		}
		for _, p := range ps {
			sellado, err := a.sellarPendiente(ctx, p)
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", p.ID, err))
			}
			if sellado {
				n++
			}
		}
		if len(ps) < tanda {
			return n, errors.Join(errs...)
		}
		if err := pausa(ctx); err != nil {
			return n, errors.Join(append(errs, err)...)
		}
		ultimo := ps[len(ps)-1]
		desde = &store.Marca{Creado: ultimo.Creado, ID: ultimo.ID}
	}
}

// sellarPendiente seals and saves one order, and reports whether it has.
func (a *App) sellarPendiente(ctx context.Context, p *pedido.Pedido) (bool, error) {
	if p.Lease.After(a.o.Ahora()) || !p.Estado.Conocido() {
		return false, nil
	}
	cambio := false
	for _, x := range p.Palabras() {
		if seal.Sealed(*x.Texto) && !seal.Pending(*x.Texto) || fases.EsMotivo(*x.Texto) {
			continue
		}
		sellado, err := a.sellar(ctx, p, x.Lugar, *x.Texto)
		if err != nil {
			return false, err
		}
		cambio = cambio || sellado != *x.Texto
		*x.Texto = sellado
	}
	if !cambio {
		return false, nil
	}
	err := a.o.Pedidos.Guardar(ctx, p)
	if errors.Is(err, store.ErrConflicto) {
		return false, nil
	}
	return err == nil, err
}

// sellarMovimientos seals the words of published movements by hand, product by product.
func (a *App) sellarMovimientos(ctx context.Context, pausa func(context.Context) error) (n int, err error) {
	for desde := (*store.Marca)(nil); ; {
		ps, err := a.o.Productos.Listar(ctx, store.FiltroProductos{Todos: true}, desde, tanda)
		if err != nil || len(ps) == 0 {
			return n, err
		}
		for _, p := range ps {
			m, err := a.sellarMovimientosDe(ctx, p.ID, pausa)
			if n += m; err != nil {
				return n, err
			}
		}
		if len(ps) < tanda {
			return n, nil
		}
		ultimo := ps[len(ps)-1]
		desde = &store.Marca{Creado: ultimo.Creado, ID: ultimo.ID}
	}
}

func (a *App) sellarMovimientosDe(
	ctx context.Context, producto string, pausa func(context.Context) error,
) (n int, err error) {
	for desde := (*store.Marca)(nil); ; {
		ms, err := a.o.Existencias.ListarMovimientos(ctx, store.FiltroMovimientos{Producto: producto}, desde, tanda)
		if err != nil || len(ms) == 0 {
			return n, err
		}
		for _, m := range ms {
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
		if len(ms) < tanda {
			return n, nil
		}
		if err := pausa(ctx); err != nil {
			return n, err
		}
		ultimo := ms[len(ms)-1]
		desde = &store.Marca{Creado: ultimo.En, ID: ultimo.ID}
	}
}
