package app

import (
	"context"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
	"despensa/platform/idempotency"
	"despensa/platform/money"
)

// Reintento is the customer's changes to the order for its next intento. A nil member keeps the order's value;
// kept lines keep the prices at which they were ordered.
type Reintento struct {
	Lineas    []LineaPedida
	Direccion string
	Ventana   *pedido.Ventana
	Pago      *PagoPedido
	Total     *money.Centavos // total that the customer was shown; nil: not compared
	Desde     string          // IP address of the caller
}

// Reintentar begins the next intento of a failed order, once per key. While the last one is still being undone,
// it notes the retry in the order, for the worker. Errors: those of Crear; ErrNoExiste; pedido.ErrPaso;
// pedido.ErrIntentos.
func (a *App) Reintentar(
	ctx context.Context, quien Quien, id string, reintento Reintento, llave idempotency.Key,
) (*pedido.Pedido, bool, error) {
	ctx, soltar := conPlazo(ctx)
	defer soltar()
	p, err := a.leer(ctx, quien, id)
	if err != nil {
		return nil, false, err
	}
	if llave.Given {
		if hecha, err := p.YaHecha(llave.ID, llave.Fingerprint); hecha || err != nil {
			return a.legible(ctx, p), hecha, err
		}
	}
	cambios, candidato, err := a.cambios(ctx, p, reintento)
	if err == nil {
		err = p.Reintentable(reintento.Pago != nil)
	}
	if err == nil {
		err = a.seVenden(ctx, candidato)
	}
	if err == nil {
		err = a.admitir(ctx, candidato)
	}
	if err != nil {
		return nil, false, err
	}
	p, repetido, err := a.con(
		ctx,
		quien,
		id,
		llave,
		func(p *pedido.Pedido, ahora time.Time) error {
			return p.PedirReintento(cambios, ahora)
		},
	)
	return a.legible(ctx, p), repetido, err
}

// cambios checks and prices the changes reintento. candidato is the order with these changes, for the guards. Errors:
// those of pagar, revisarVentana, preciar and destino.
func (a *App) cambios(
	ctx context.Context, ped *pedido.Pedido, reintento Reintento,
) (cambio pedido.Cambios, candidato puesta, err error) {
	candidato = puesta{
		id:      ped.ID,
		cliente: ped.Cliente,
		intento: ped.Intento + 1,
		lineas:  ped.Lineas,
		envio:   ped.LineaEnvio(),
		punto:   rutas.Punto{Lat: ped.Destino.Lat, Lon: ped.Destino.Lon},
		metodo:  pagos.Metodo(ped.Pago.Metodo),
		total:   reintento.Total,
	}
	if reintento.Pago != nil {
		pago, err := pagar(*reintento.Pago)
		if err != nil {
			return cambio, candidato, err
		}
		cambio.Pago = &pago
		candidato.metodo = reintento.Pago.Metodo
	}
	candidato.ventana = ventanaDe(ped, reintento)
	if err := revisarVentana(candidato.ventana, candidato.metodo, a.o.Ahora()); err != nil {
		return cambio, candidato, err
	}
	cambio.Ventana = reintento.Ventana
	if reintento.Lineas != nil {
		if cambio.Lineas, err = a.preciar(ctx, reintento.Lineas); err != nil {
			return cambio, candidato, err
		}
		candidato.lineas = cambio.Lineas
	}
	if reintento.Direccion != "" {
		d, err := a.destino(ctx, ped.Cliente, reintento.Direccion, ped.ID)
		if err != nil {
			return cambio, candidato, err
		}
		cambio.Destino = &d
		candidato.punto = rutas.Punto{Lat: d.Lat, Lon: d.Lon}
	}
	if reintento.Lineas != nil || reintento.Direccion != "" {
		candidato.envio = a.envio()
		cambio.Envio = &candidato.envio
	}
	candidato.origen = a.origen(reintento.Desde, candidato.metodo)
	cambio.Origen = candidato.origen
	return cambio, candidato, nil
}

// seVenden refuses an order that has a product which is not sold any more, in a kept line too. Errors: those of
// preciar.
func (a *App) seVenden(ctx context.Context, candidato puesta) error {
	pedidas := make([]LineaPedida, 0, len(candidato.lineas))
	for _, l := range candidato.lineas {
		pedidas = append(pedidas, LineaPedida{Producto: l.Producto, Cantidad: l.Cantidad})
	}
	_, err := a.preciar(ctx, pedidas)
	return err
}

// ventanaDe is the window of the next intento: that of reintento, or else a copy of the order's own, which may have
// become too near by now. The order's own is left out if the order is not fallido: another error tells that.
func ventanaDe(ped *pedido.Pedido, reintento Reintento) *pedido.Ventana {
	if reintento.Ventana != nil || ped.Ventana == nil || ped.Estado != pedido.Fallido {
		return reintento.Ventana
	}
	v := *ped.Ventana
	return &v
}
