package rest

import (
	"context"

	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/httpapi"
)

// Vivo is the call that follows an order.
type Vivo struct {
	PorID
	httpapi.WithResume
}

// tipoEvento is the name of an order's events in the stream of Server-Sent Events.
const tipoEvento = "evento"

func (a *API) vivo(ctx context.Context, in *Vivo) (func(context.Context, *httpapi.Stream) error, error) {
	q := quien(ctx)
	p, err := a.app.Leer(ctx, q, in.ID)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, c *httpapi.Stream) error {
		v := a.app.Seguir(q, p, in.After(int64(len(p.Eventos))))
		defer v.Soltar()
		err := contar(c, v.Nuevos(p))
		for p = nil; err == nil; { // the order is not kept in memory while nothing happens to it
			err = seguir(ctx, v, c)
		}
		return err
	}, nil
}

// seguir waits until the order has moved on, and sends its new events to c.
func seguir(ctx context.Context, v *app.Vivo, c *httpapi.Stream) error {
	if err := c.Wait(v.Hay()); err != nil {
		return err
	}
	p, err := v.Leer(ctx)
	if err != nil {
		return err
	}
	return contar(c, v.Nuevos(p))
}

func contar(c *httpapi.Stream, es []pedido.Evento) error {
	for _, e := range es {
		if err := c.Send(httpapi.Event{ID: e.Seq, Type: tipoEvento, Data: Evento(e)}); err != nil {
			return err
		}
	}
	return nil
}
