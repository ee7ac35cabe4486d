package app

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/idempotency"
)

// Accionables lists the actions that quien may take on ped now, as the API names them.
func (a *App) Accionables(ped *pedido.Pedido, quien Quien) []string {
	return ped.Accionables(quien.Operador, a.o.Config.PlazoDevolucion, a.o.Ahora())
}

// Ahora is the time of the app's clock, in the precision of the stores.
func (a *App) Ahora() time.Time { return pedido.Instante(a.o.Ahora()) }

// Devolver notes the return devolucion of goods, under the id of the key. A customer's return waits for an
// operator. An operator's own is accepted at once: its goods go where destinados say, and the rest is thrown
// away. Errors: ErrNoExiste; those of pedido.PedirDevolucion and pedido.AceptarDevolucion; pedido.ErrHuella;
// pedido.ErrAcciones.
func (a *App) Devolver(
	ctx context.Context,
	quien Quien,
	id string,
	devolucion pedido.Devolucion,
	destinados []pedido.Destinado,
	llave idempotency.Key,
) (*pedido.Pedido, bool, error) {
	devolucion.ID = llave.ID
	if err := delOperador(quien, destinados); err != nil {
		return nil, false, err
	}
	reparto, err := a.reparto(ctx, quien, id, destinados)
	if err != nil {
		return nil, false, err
	}
	p, repetida, err := a.con(
		ctx,
		quien,
		id,
		llave,
		func(p *pedido.Pedido, ahora time.Time) error {
			antes := len(p.Devoluciones)
			pedida := devolucion
			var err error
			if pedida.Motivo, err = a.sellar(ctx, p, pedido.LugarDevolucion(devolucion.ID), devolucion.Motivo); err != nil {
				return err
			}
			err = p.PedirDevolucion(pedida, a.o.Config.PlazoDevolucion, ahora)
			if err != nil || !quien.Operador || len(p.Devoluciones) == antes {
				return err
			}
			return p.AceptarDevolucion(devolucion.ID, reparto, ahora)
		},
	)
	return a.legible(ctx, p), repetida, err
}

// delOperador refuses a Destino or a Lote from a customer: operators alone decide them. Errors:
// pedido.ErrDevolucion, naming the member.
func delOperador(quien Quien, destinados []pedido.Destinado) error {
	for i, x := range destinados {
		miembro := map[bool]string{true: "destino", false: "lote"}[x.Destino != ""]
		if !quien.Operador && (x.Destino != "" || x.Lote != "") {
			return pedido.ErrDevolucion.WithField(campo(i, miembro), "is the operator's to say")
		}
	}
	return nil
}

// reparto is destinados, with Destino filled in where it is missing, and the batches of each product that the
// order was delivered. If the ledger of the order cannot be read, the batches stay unknown and the goods are
// thrown away: its money goes back all the same. Errors: ErrNoExiste; *store.Ilegible, if goods of unknown
// batches were to go into stock.
func (a *App) reparto(
	ctx context.Context, quien Quien, id string, destinados []pedido.Destinado,
) (pedido.Reparto, error) {
	resultado := pedido.Reparto{Recibido: map[string][]pedido.Partida{}}
	aStock := false
	for _, x := range destinados {
		if x.Destino == "" {
			x.Destino = pedido.ADescarte
		}
		aStock = aStock || x.Destino == pedido.AExistencias
		resultado.Destinados = append(resultado.Destinados, x)
	}
	p, err := a.leer(ctx, quien, id)
	if err != nil || !quien.Operador || p.Estado != pedido.Entregado {
		return resultado, err
	}
	delPedido, err := a.stockDe(ctx, p)
	if errors.As(err, new(*store.Ilegible)) && !aStock {
		return resultado, nil
	}
	for _, m := range delPedido.Movimientos {
		if m.ID != existencias.IDVenta(p.ID, p.Intento, m.Producto) {
			continue
		}
		for _, t := range m.Tomas {
			partida := pedido.Partida{Lote: t.Lote, Vence: t.Vence, Cantidad: t.Cantidad}
			resultado.Recibido[m.Producto] = append(resultado.Recibido[m.Producto], partida)
		}
	}
	return resultado, err
}

// AceptarDevolucion accepts a return: its money goes back, its goods go where destinados say, and the rest of
// them is thrown away. The worker asks the gateway and writes the ledger after the answer. Errors: ErrNoExiste;
// those of pedido.AceptarDevolucion; pedido.ErrHuella.
func (a *App) AceptarDevolucion(
	ctx context.Context,
	quien Quien,
	id, devolucion string,
	destinados []pedido.Destinado,
	llave idempotency.Key,
) (*pedido.Pedido, bool, error) {
	reparto, err := a.reparto(ctx, quien, id, destinados)
	if err != nil {
		return nil, false, err
	}
	p, repetida, err := a.con(
		ctx,
		quien,
		id,
		llave,
		func(p *pedido.Pedido, ahora time.Time) error {
			return p.AceptarDevolucion(devolucion, reparto, ahora)
		},
	)
	return a.legible(ctx, p), repetida, err
}

// RechazarDevolucion refuses a return, for motivo in the operator's words. Errors: those of AceptarDevolucion.
func (a *App) RechazarDevolucion(
	ctx context.Context, quien Quien, id, devolucion, motivo string, llave idempotency.Key,
) (*pedido.Pedido, bool, error) {
	p, repetida, err := a.con(
		ctx,
		quien,
		id,
		llave,
		func(p *pedido.Pedido, ahora time.Time) error {
			sellado, err := a.sellar(ctx, p, pedido.LugarRechazo(devolucion), motivo)
			if err != nil {
				return err
			}
			return p.RechazarDevolucion(devolucion, sellado, ahora)
		},
	)
	return a.legible(ctx, p), repetida, err
}
