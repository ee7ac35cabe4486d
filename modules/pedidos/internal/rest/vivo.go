package rest

import (
	"context"

	"despensa/modules/pedidos/internal/app"
	"despensa/platform/httpapi"
)

// Vivo is the call that follows an order.
type Vivo struct {
	PorID
	httpapi.ConReanudar
}

// tipoEvento is what the stream calls an event of an order.
const tipoEvento = "evento"

func (a *API) vivo(ctx context.Context, in *Vivo) (func(context.Context, *httpapi.Corriente) error, error) {
	q := quien(ctx)
	if _, err := a.app.Leer(ctx, q, in.ID); err != nil {
		return nil, err
	}
	return func(ctx context.Context, c *httpapi.Corriente) error {
		v := a.app.Seguir(q, in.ID, in.Desde())
		defer v.Soltar()
		return seguir(ctx, v, c)
	}, nil
}

func seguir(ctx context.Context, v *app.Vivo, c *httpapi.Corriente) error {
	for {
		nuevos, err := v.Nuevos(ctx)
		if err != nil {
			return err
		}
		for _, e := range nuevos {
			if err := c.Enviar(httpapi.Suceso{ID: e.Seq, Tipo: tipoEvento, Datos: Evento(e)}); err != nil {
				return err
			}
		}
		if err := c.Esperar(v.Hay()); err != nil {
			return err
		}
	}
}
