package app

import (
	"context"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/idempotency"
	"despensa/platform/money"
)

// con does an action on an order once per key: the key is noted in the order itself,
// in the write that has the effect.
func (a *App) con(ctx context.Context, q Quien, id string, l idempotency.Key, f func(p *pedido.Pedido, ahora time.Time) error) (p *pedido.Pedido, repetida bool, err error) {
	p, err = a.cambiar(ctx, q, id, func(p *pedido.Pedido, ahora time.Time) (bool, error) {
		repetida = false
		if l.Dada {
			hecha, err := p.YaHecha(l.ID, l.Huella)
			if hecha || err != nil {
				repetida = hecha
				return false, err
			}
			if err := p.Recordar(l.ID, l.Huella, ahora); err != nil {
				return false, err
			}
		}
		return true, f(p, ahora)
	})
	return p, repetida, err
}

// Cancelar cancels, or leaves a note that it is to be cancelled and then carries that
// out. Errors: ErrNoExiste, pedido.ErrPaso (with permitidos; also when the truck has
// left), pedido.ErrCancelando, pedido.ErrHuella, pedido.ErrAcciones.
func (a *App) Cancelar(ctx context.Context, q Quien, id, motivo string, l idempotency.Key) (*pedido.Pedido, bool, error) {
	p, repetida, err := a.con(ctx, q, id, l, func(p *pedido.Pedido, ahora time.Time) error {
		return p.PedirCancelacion(pedido.Nota{Motivo: motivo, Quien: q.ID, Llave: l.ID}, ahora)
	})
	if err != nil || p.Nota == nil {
		return p, repetida, err
	}
	p, err = a.llevarNota(ctx, q, id)
	return p, repetida, err
}

// Reintento is what the customer mends; nil members stay as they were.
type Reintento struct {
	Lineas    []LineaPedida
	Direccion string
	Ventana   *pedido.Ventana
	Pago      *PagoPedido
}

// Reintentar begins the next intento, or notes that it is to begin once the last one is
// undone. Errors: those of Crear, ErrNoExiste, pedido.ErrPaso, pedido.ErrIntentos.
func (a *App) Reintentar(ctx context.Context, q Quien, id string, r Reintento, l idempotency.Key) (*pedido.Pedido, bool, error) {
	p, err := a.Leer(ctx, q, id)
	if err != nil {
		return nil, false, err
	}
	if l.Dada {
		if hecha, err := p.YaHecha(l.ID, l.Huella); hecha || err != nil {
			return p, hecha, err
		}
	}
	c, err := a.cambios(ctx, p, r)
	if err != nil {
		return nil, false, err
	}
	return a.con(ctx, q, id, l, func(p *pedido.Pedido, ahora time.Time) error { return p.PedirReintento(c, ahora) })
}

// ventanaDe is the window of the next intento: a new one, or the old one if the order
// can be retried at all, which may have come too near meanwhile.
func ventanaDe(p *pedido.Pedido, r Reintento) *pedido.Ventana {
	if r.Ventana != nil || p.Ventana == nil || p.Estado != pedido.Fallido {
		return r.Ventana
	}
	v := *p.Ventana
	return &v
}

// cambios checks and prices what a retry brings.
func (a *App) cambios(ctx context.Context, p *pedido.Pedido, r Reintento) (c pedido.Cambios, err error) {
	metodo := pagos.Metodo(p.Pago.Metodo)
	if r.Pago != nil {
		pago, err := pagar(*r.Pago)
		if err != nil {
			return c, err
		}
		c.Pago, metodo = &pago, r.Pago.Metodo
	}
	if err := revisarVentana(ventanaDe(p, r), metodo, a.o.Ahora()); err != nil {
		return c, err
	}
	c.Ventana = r.Ventana
	if r.Lineas != nil {
		if c.Lineas, err = a.preciar(ctx, r.Lineas); err != nil {
			return c, err
		}
		e := a.envio()
		c.Envio = &e
	}
	if r.Direccion != "" {
		d, _, err := a.destino(ctx, p.Cliente, r.Direccion, p.ID)
		if err != nil {
			return c, err
		}
		c.Destino = &d
	}
	return c, nil
}

// Reembolsar gives money back on an operator's word; monto 0 means all that is left.
// The gateway is asked behind the answer. Errors: ErrNoExiste, pedido.ErrPaso,
// pedido.ErrReembolso, pedido.ErrHuella.
func (a *App) Reembolsar(ctx context.Context, q Quien, id string, monto money.Centavos, motivo string, l idempotency.Key) (*pedido.Pedido, bool, error) {
	return a.con(ctx, q, id, l, func(p *pedido.Pedido, ahora time.Time) error {
		return p.PedirReembolso(pedido.Reembolso{ID: l.ID, Monto: monto, Motivo: motivo}, ahora)
	})
}
