package app

import (
	"context"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/idempotency"
	"despensa/platform/money"
)

// con does accion on an order once per key: the key is noted in the order, in the same write as the effect of
// accion. repetida: an earlier call with this key did it. It gives the order as it is stored. Errors:
// ErrNoExiste; ErrIlegible; pedido.ErrHuella; pedido.ErrAcciones; those of accion and of the store.
func (a *App) con(
	ctx context.Context,
	quien Quien,
	id string,
	llave idempotency.Key,
	accion func(p *pedido.Pedido, ahora time.Time) error,
) (p *pedido.Pedido, repetida bool, err error) {
	p, err = a.cambiar(ctx, quien, id, func(p *pedido.Pedido, ahora time.Time) (bool, error) {
		repetida = false
		if llave.Given {
			hecha, err := p.YaHecha(llave.ID, llave.Fingerprint)
			if hecha || err != nil {
				repetida = hecha
				return false, err
			}
			if err := p.Recordar(llave.ID, llave.Fingerprint, ahora); err != nil {
				return false, err
			}
		}
		return true, accion(p, ahora)
	})
	return p, repetida, err
}

// Cancelar cancels an order. If a truck may have it, it notes the cancel in the order first, and then carries
// it out at rutas; while rutas does not answer, the order keeps the note for the worker. Errors: ErrNoExiste;
// pedido.ErrPaso (with permitidos; also when the truck has left); pedido.ErrCancelando; pedido.ErrHuella;
// pedido.ErrAcciones.
func (a *App) Cancelar(
	ctx context.Context, quien Quien, id, motivo string, llave idempotency.Key,
) (*pedido.Pedido, bool, error) {
	p, repetida, err := a.con(
		ctx,
		quien,
		id,
		llave,
		func(p *pedido.Pedido, ahora time.Time) error {
			sellado, err := a.sellar(ctx, p, pedido.LugarMotivo, motivo)
			if err != nil {
				return err
			}
			return p.PedirCancelacion(
				pedido.Nota{Motivo: sellado, Quien: quien.ID, Llave: llave.ID},
				ahora,
			)
		},
	)
	if err != nil || p.Nota == nil {
		return a.legible(ctx, p), repetida, err
	}
	p, err = a.llevarNota(ctx, quien, id)
	return a.legible(ctx, p), repetida, err
}

// Reembolsar notes a refund of monto centavos, 0 for all that is left, that an operator asks for. The worker
// asks the gateway after the answer. Errors: ErrNoExiste, pedido.ErrPaso, pedido.ErrReembolso,
// pedido.ErrReembolsos, pedido.ErrHuella.
func (a *App) Reembolsar(
	ctx context.Context,
	quien Quien,
	id string,
	monto money.Centavos,
	motivo string,
	llave idempotency.Key,
) (*pedido.Pedido, bool, error) {
	p, repetido, err := a.con(
		ctx,
		quien,
		id,
		llave,
		func(p *pedido.Pedido, ahora time.Time) error {
			sellado, err := a.sellar(ctx, p, pedido.LugarReembolso(llave.ID), motivo)
			if err != nil {
				return err
			}
			return p.PedirReembolso(
				pedido.Reembolso{ID: llave.ID, Monto: monto, Motivo: sellado},
				ahora,
			)
		},
	)
	return a.legible(ctx, p), repetido, err
}
