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

func (a *API) vivo(
	ctx context.Context,
	in *Vivo,
) (func(context.Context, *httpapi.Stream) error, error) {
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

// seguir waits until the order has moved on, and sends its new events to stream.
func seguir(ctx context.Context, vivo *app.Vivo, stream *httpapi.Stream) error {
	if err := stream.Wait(vivo.Hay()); err != nil {
		return err
	}
	p, err := vivo.Leer(ctx)
	if err != nil {
		return err
	}
	return contar(stream, vivo.Nuevos(p))
}

func contar(stream *httpapi.Stream, eventos []pedido.Evento) error {
	for _, e := range eventos {
		if err := stream.Send(httpapi.Event{ID: e.Seq, Type: tipoEvento, Data: Evento(e)}); err != nil {
			return err
		}
	}
	return nil
}
