package app

import (
	"context"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/idempotency"
)

// Accionables lists what q may do with p now.
func (a *App) Accionables(p *pedido.Pedido, q Quien) []string {
	return p.Accionables(q.Operador, a.o.Config.PlazoDevolucion, a.o.Ahora())
}

// Ahora is the app's clock.
func (a *App) Ahora() time.Time { return pedido.Instante(a.o.Ahora()) }

// Devolver notes goods that are to come back, under the key's id. A customer's return waits
// for an operator; an operator's own is accepted at once. Errors: ErrNoExiste, those of
// pedido.PedirDevolucion, pedido.ErrHuella, pedido.ErrAcciones.
func (a *App) Devolver(ctx context.Context, q Quien, id string, d pedido.Devolucion, l idempotency.Key) (*pedido.Pedido, bool, error) {
	d.ID = l.ID
	return a.con(ctx, q, id, l, func(p *pedido.Pedido, ahora time.Time) error {
		antes := len(p.Devoluciones)
		err := p.PedirDevolucion(d, a.o.Config.PlazoDevolucion, ahora)
		if err != nil || !q.Operador || len(p.Devoluciones) == antes {
			return err
		}
		return p.AceptarDevolucion(d.ID, ahora)
	})
}

// AceptarDevolucion lets the money of a return go back; the gateway is asked behind the
// answer. Errors: ErrNoExiste, those of pedido.AceptarDevolucion, pedido.ErrHuella.
func (a *App) AceptarDevolucion(ctx context.Context, q Quien, id, devolucion string, l idempotency.Key) (*pedido.Pedido, bool, error) {
	return a.con(ctx, q, id, l, func(p *pedido.Pedido, ahora time.Time) error { return p.AceptarDevolucion(devolucion, ahora) })
}

// RechazarDevolucion refuses a return for motivo. Errors: as AceptarDevolucion.
func (a *App) RechazarDevolucion(ctx context.Context, q Quien, id, devolucion, motivo string, l idempotency.Key) (*pedido.Pedido, bool, error) {
	return a.con(ctx, q, id, l, func(p *pedido.Pedido, ahora time.Time) error {
		return p.RechazarDevolucion(devolucion, motivo, ahora)
	})
}
