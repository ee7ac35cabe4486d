package app

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/modules/rutas"
	"despensa/platform/guard"
)

// porRepaso is the number of orders that the sweep compares at once.
const porRepaso = min(rutas.MaxSituaciones, pagos.MaxSituaciones)

// paginasPorRonda divides the time of a round into the pauses between two pages. A round over more pages takes
// longer, and costs no more per second.
const paginasPorRonda = 300

// reposo is an estado in which orders rest for long, with the states of visit and payment that such an order
// has as long as nothing has happened.
type reposo struct {
	estado pedido.Estado
	visita rutas.EstadoVisita // "": the order has none
	pago   pagos.Estado       // "": any
}

var reposos = []reposo{
	{estado: pedido.PagoPendiente, pago: pagos.Pendiente},
	{estado: pedido.Confirmado, visita: rutas.Firme},
	{estado: pedido.EnReparto, visita: rutas.EnCamino},
}

// RepasarSiempre does Repasar every cada until ctx ends.
func (a *App) RepasarSiempre(ctx context.Context, cada time.Duration) {
	guard.Every(ctx, cada, func() {
		err := a.o.Guard.Run(ctx, "pedidos.repaso", func() error {
			n, err := a.Repasar(ctx, cada/paginasPorRonda)
			if n > 0 {
				a.o.Log.InfoContext(ctx, "orders are due of which no notice had come", "pedidos", n)
			}
			return err
		})
		if err != nil && ctx.Err() == nil {
			a.o.Log.WarnContext(ctx, "sweeping the orders at rest", "error", err)
		}
	})
}

// Repasar is the sweep: it compares all orders at rest with their visits and payments, page by page with a
// pause after each. It makes an order due if its visit or payment has moved on without a notice. It changes
// nothing else, and hands no order to a worker. n is the number of orders that it made due. When rutas or pagos
// is away, it goes on with the other one. Errors: those of the store, of rutas and of pagos, joined.
func (a *App) Repasar(ctx context.Context, pausa time.Duration) (n int, err error) {
	var errs []error
	for _, r := range reposos {
		m, err := a.repasarEstado(ctx, r, pausa)
		n += m
		errs = append(errs, err)
	}
	return n, errors.Join(errs...)
}

// repasarEstado is Repasar for the orders in the estado of reposo.
func (a *App) repasarEstado(
	ctx context.Context,
	reposo reposo,
	pausa time.Duration,
) (n int, err error) {
	var errs []error
	var desde *store.Cursor
	for {
		ms, err := a.o.Pedidos.EnEstado(ctx, reposo.estado, desde, porRepaso)
		if err != nil {
			return n, errors.Join(append(errs, err)...)
		}
		m, err := a.repasarPagina(ctx, reposo, ms)
		n += m
		errs = append(errs, err)
		if len(ms) < porRepaso {
			return n, errors.Join(errs...)
		}
		desde = &ms[len(ms)-1]
		select {
		case <-ctx.Done():
			return n, ctx.Err()
		case <-time.After(pausa):
		}
	}
}

// repasarPagina is Repasar for one page of orders in the estado of reposo.
func (a *App) repasarPagina(
	ctx context.Context,
	reposo reposo,
	cursores []store.Cursor,
) (n int, err error) {
	if len(cursores) == 0 {
		return 0, nil
	}
	ids := make([]string, 0, len(cursores))
	for _, m := range cursores {
		ids = append(ids, m.ID)
	}
	movidos, errVisitas := a.movidos(ctx, reposo, ids)
	cobros, errPagos := a.o.Cobros.Situaciones(ctx, ids)
	errs := []error{errVisitas, errPagos}
	for _, id := range ids {
		c, hay := cobros[id]
		movido := movidos[id] || reposo.pago != "" && errPagos == nil && c.Estado != reposo.pago
		if !movido && (!hay || c.Reembolsado == 0 && !c.Contracargo) {
			continue
		}
		hecho, err := a.reclamarAtencion(ctx, id, func(p *pedido.Pedido) bool {
			return p.Estado == reposo.estado && (movido || dineroMovido(p, c))
		})
		if errs = append(errs, err); hecho {
			n++
		}
	}
	return n, errors.Join(errs...)
}

// movidos reports, by order, that the visit is not in the state of reposo. It is nil for a reposo without a visit.
func (a *App) movidos(
	ctx context.Context,
	reposo reposo,
	ids []string,
) (map[string]bool, error) {
	if reposo.visita == "" {
		return nil, nil
	}
	visitas, err := a.o.Visitas.Situaciones(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, id := range ids {
		out[id] = visitas[id] != reposo.visita
	}
	return out, nil
}

// dineroMovido reports whether the payment situacion has a refund or a dispute that the order ped does not know of.
func dineroMovido(ped *pedido.Pedido, situacion pagos.Situacion) bool {
	return situacion.Intento == int(ped.Intento) &&
		(situacion.Reembolsado != ped.Pago.Reembolsado || situacion.Contracargo && !ped.Marcado(pedido.MarcaDisputa))
}

// reclamarAtencion makes an order due, if cuando holds of it. It leaves an order alone that is due, that a
// worker holds, or that another process changes at the same time: a worker is about to look at it. Errors:
// those of the store.
func (a *App) reclamarAtencion(
	ctx context.Context,
	id string,
	cuando func(p *pedido.Pedido) bool,
) (bool, error) {
	p, err := a.o.Pedidos.Leer(ctx, id)
	if roto := new(store.Ilegible); errors.As(err, &roto) || errors.Is(err, store.ErrNoExiste) {
		return false, nil
	}
	ahora := a.o.Ahora()
	if err != nil || p.Debe != nil && !p.Debe.After(ahora) || p.Lease.After(ahora) ||
		!cuando(p) {
		return false, err
	}
	p.Deber(ahora)
	err = a.o.Pedidos.Guardar(ctx, p)
	if errors.Is(err, store.ErrConflicto) {
		return false, nil
	}
	return err == nil, err
}
