package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"despensa/modules/clientes"
	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/fases"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/modules/rutas"
	"despensa/platform/idempotency"
	"despensa/platform/money"
)

// MaxCuotas is the most instalments that may be asked for.
const MaxCuotas = 24

// PagoPedido is the way to pay that a customer chooses.
type PagoPedido struct {
	Metodo         pagos.Metodo
	Token          string
	MarcaDeTarjeta string
	Cuotas         int64 // 0: one
}

// PedidoNuevo is an order as the caller asks for it.
type PedidoNuevo struct {
	Llave     idempotency.Key
	Cliente   string
	Lineas    []LineaPedida
	Direccion string
	Ventana   *pedido.Ventana
	Pago      PagoPedido
	Total     *money.Centavos // total that the customer was shown; nil: not compared
	Propio    pedido.Propio   // the integrator's reference and metadata
	Desde     string          // IP address of the caller
}

// Crear takes an order, once per key. repetido: an earlier call with this key made it. If a place is free, this
// process works on the order at once. Errors: those of Cotizar, of admitir and of pedido.Propio; ErrCorreo;
// ErrPago; pedido.ErrHuella.
func (a *App) Crear(
	ctx context.Context,
	pedidoNuevo PedidoNuevo,
) (p *pedido.Pedido, repetido bool, err error) {
	ctx, soltar := conPlazo(ctx)
	defer soltar()
	if pedidoNuevo.Llave.Given {
		if p, err := a.repetido(ctx, pedidoNuevo); p != nil || err != nil {
			return a.legible(ctx, p), true, err
		}
	}
	p, err = a.armar(ctx, pedidoNuevo)
	if err != nil {
		return nil, false, err
	}
	mio := !a.o.SinManos && a.o.Worker.Arrendar(p)
	err = a.o.Pedidos.Insertar(ctx, p)
	if err != nil && mio {
		a.o.Worker.Soltar()
	}
	if errors.Is(err, store.ErrRepetido) {
		p, err := a.repetido(ctx, pedidoNuevo)
		return a.legible(ctx, p), true, err
	}
	if err != nil {
		return nil, false, err
	}
	visto := *p
	switch {
	case mio:
		a.o.Worker.Llevar(p)
	case !a.o.SinManos:
		a.o.Worker.Dejar()
	}
	return &visto, false, nil
}

// repetido reads the order that an earlier call with this key made; nil if there is none. Errors:
// pedido.ErrHuella when that call had another body.
func (a *App) repetido(ctx context.Context, pedidoNuevo PedidoNuevo) (*pedido.Pedido, error) {
	p, err := a.o.Pedidos.Leer(ctx, pedidoNuevo.Llave.ID)
	if errors.Is(err, store.ErrNoExiste) {
		return nil, nil
	}
	if err == nil && p.Huella != pedidoNuevo.Llave.Fingerprint {
		return nil, pedido.ErrHuella
	}
	return p, err
}

// armar checks every part of a new order, prices it, and takes its place at the guards. Errors: those of Crear.
func (a *App) armar(ctx context.Context, pedidoNuevo PedidoNuevo) (*pedido.Pedido, error) {
	ahora := a.o.Ahora()
	if err := pedidoNuevo.Propio.Revisar(); err != nil {
		return nil, err
	}
	pago, err := pagar(pedidoNuevo.Pago)
	if err != nil {
		return nil, err
	}
	if err := revisarVentana(pedidoNuevo.Ventana, pedidoNuevo.Pago.Metodo, ahora); err != nil {
		return nil, err
	}
	lineas, err := a.preciar(ctx, pedidoNuevo.Lineas)
	if err != nil {
		return nil, err
	}
	destino, err := a.destino(
		ctx,
		pedidoNuevo.Cliente,
		pedidoNuevo.Direccion,
		pedidoNuevo.Llave.ID,
	)
	if err != nil {
		return nil, err
	}
	candidato := puesta{
		id:      pedidoNuevo.Llave.ID,
		cliente: pedidoNuevo.Cliente,
		intento: 1,
		lineas:  lineas,
		envio:   a.envio(),
		punto:   rutas.Punto{Lat: destino.Lat, Lon: destino.Lon},
		ventana: pedidoNuevo.Ventana,
		metodo:  pedidoNuevo.Pago.Metodo,
		origen:  a.origen(pedidoNuevo.Desde, pedidoNuevo.Pago.Metodo),
		total:   pedidoNuevo.Total,
	}
	if err := a.admitir(ctx, candidato); err != nil {
		return nil, err
	}
	pago.Origen = candidato.origen
	return pedido.Crear(pedido.Nuevo{
		ID:      pedidoNuevo.Llave.ID,
		Cliente: pedidoNuevo.Cliente,
		Huella:  pedidoNuevo.Llave.Fingerprint,
		Lineas:  lineas,
		Envio:   candidato.envio,
		Destino: destino,
		Ventana: pedidoNuevo.Ventana,
		Pago:    pago,
		Propio:  pedidoNuevo.Propio,
		Ahora:   ahora,
	}), nil
}

// pagar checks that pagoPedido has the members that its method needs, and no others. Errors: ErrPago, naming the
// member.
func pagar(pagoPedido PagoPedido) (pedido.Pago, error) {
	switch {
	case !pagoPedido.Metodo.Valido():
		return pedido.Pago{}, ErrPago.WithField("body.pago.metodo", "unknown")
	case pagoPedido.Metodo.Tarjeta() && pagoPedido.Token == "":
		return pedido.Pago{}, ErrPago.WithField("body.pago.token", "a card needs it")
	case pagoPedido.Metodo.Tarjeta() && pagoPedido.MarcaDeTarjeta == "":
		return pedido.Pago{}, ErrPago.WithField("body.pago.marca", "a card needs it")
	case pagoPedido.Metodo.Lento() && (pagoPedido.Token != "" || pagoPedido.MarcaDeTarjeta != "" || pagoPedido.Cuotas > 1):
		return pedido.Pago{}, ErrPago.WithField(
			"body.pago",
			"this method has neither token nor brand nor instalments",
		)
	case pagoPedido.Cuotas < 0 || pagoPedido.Cuotas > MaxCuotas:
		return pedido.Pago{}, ErrPago.WithField("body.pago.cuotas", "out of range")
	}
	return pedido.Pago{
		Metodo:         string(pagoPedido.Metodo),
		Token:          pagoPedido.Token,
		MarcaDeTarjeta: pagoPedido.MarcaDeTarjeta,
		Cuotas:         max(pagoPedido.Cuotas, 1),
	}, nil
}

// revisarVentana refuses a window that is over, ends before it begins, or is too near for a method that takes
// days. A truck with room in it is looked for later, when the order is accepted. Errors: ErrVentana.
func revisarVentana(ventana *pedido.Ventana, metodo pagos.Metodo, ahora time.Time) error {
	switch {
	case ventana == nil:
		return nil
	case !ventana.Desde.Before(ventana.Hasta):
		return ErrVentana.WithField("body.entrega.hasta", "not after desde")
	case !ventana.Hasta.After(ahora):
		return ErrVentana.WithField("body.entrega.hasta", "in the past")
	case metodo.Lento() && ventana.Desde.Before(ahora.Add(anticipoLento)):
		return ErrVentana.WithField("body.entrega.desde", "too soon for this way to pay")
	}
	ventana.Desde = pedido.Instante(ventana.Desde)
	ventana.Hasta = pedido.Instante(ventana.Hasta)
	return nil
}

// destino seals the contact data of the receiver and the address for the order id. Errors: ErrCorreo; those of
// clientes.
func (a *App) destino(
	ctx context.Context,
	cliente, direccion, id string,
) (pedido.Destino, error) {
	x, err := a.destinatario(ctx, clientes.SolicitudDeDestinatario{
		Cliente:   cliente,
		Direccion: direccion,
		Bloque:    bloque,
		Proposito: fases.Proposito(id),
	})
	if err != nil {
		return pedido.Destino{}, err
	}
	d := x.Direccion
	return pedido.Destino{Direccion: d.ID, Lat: d.Lat, Lon: d.Lon, Sellado: x.Sellado}, nil
}

// bloque is the text that is sealed in an order: the contact data and the address, as JSON. Errors: ErrCorreo.
func bloque(contacto clientes.Contacto, direccion clientes.Direccion) ([]byte, error) {
	if contacto.Correo == "" {
		return nil, ErrCorreo
	}
	claro, err := json.Marshal(fases.Bloque{
		Nombre:   contacto.Nombre,
		Correo:   contacto.Correo,
		Telefono: contacto.Telefono,
		Calle:    direccion.Calle,
		Notas:    direccion.Notas,
	})
	if err != nil {
		return nil, fmt.Errorf("app: delivery block: %w", err)
	}
	return claro, nil
}

// destinatario asks clientes for the address of an order. Errors: clientes.ErrDireccion, naming the member; the
// others of clientes.
func (a *App) destinatario(
	ctx context.Context,
	solicitudDeDestinatario clientes.SolicitudDeDestinatario,
) (clientes.Destinatario, error) {
	x, err := a.o.Clientes.Destinatario(ctx, solicitudDeDestinatario)
	if errors.Is(err, clientes.ErrDireccion) {
		err = clientes.ErrDireccion.WithField(
			"body.direccion_id",
			"no address of this customer",
		)
	}
	return x, err
}

func esFueraDeArea(err error) bool { return errors.Is(err, rutas.ErrFueraDeArea) }

// unir merges the windows of two depots, soonest first. A window that both have is there once.
func unir(a, b []rutas.Ventana) []rutas.Ventana {
	out := append(slices.Clone(a), b...)
	slices.SortFunc(out, func(x, y rutas.Ventana) int {
		if c := x.Desde.Compare(y.Desde); c != 0 {
			return c
		}
		return x.Hasta.Compare(y.Hasta)
	})
	return slices.CompactFunc(out, func(x, y rutas.Ventana) bool {
		return x.Desde.Equal(y.Desde) && x.Hasta.Equal(y.Hasta)
	})
}
