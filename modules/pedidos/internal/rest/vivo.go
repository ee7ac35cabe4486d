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
	httpapi.ConReanudar
}

// tipoEvento is the name of an order's events in the stream of Server-Sent Events.
const tipoEvento = "evento"

func (a *API) vivo(ctx context.Context, in *Vivo) (func(context.Context, *httpapi.Corriente) error, error) {
	q := quien(ctx)
	p, err := a.app.Leer(ctx, q, in.ID)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, c *httpapi.Corriente) error {
		v := a.app.Seguir(q, p, in.Desde(int64(len(p.Eventos))))
		defer v.Soltar()
		err := contar(c, v.Nuevos(p))
		for p = nil; err == nil; { // the order is not kept in memory while nothing happens to it
			err = seguir(ctx, v, c)
		}
		return err
	}, nil
}

// seguir waits until the order has moved on, and sends its new events to c.
func seguir(ctx context.Context, v *app.Vivo, c *httpapi.Corriente) error {
	if err := c.Esperar(v.Hay()); err != nil {
		return err
	}
	p, err := v.Leer(ctx)
	if err != nil {
		return err
	}
	return contar(c, v.Nuevos(p))
}

func contar(c *httpapi.Corriente, es []pedido.Evento) error {
	for _, e := range es {
		if err := c.Enviar(httpapi.Suceso{ID: e.Seq, Tipo: tipoEvento, Datos: Evento(e)}); err != nil {
			return err
		}
	}
	return nil
}
