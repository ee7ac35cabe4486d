package rest

import (
	"context"
	"time"

	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/idempotency"
	"despensa/platform/money"
)

// Servicio is the part of the app that this package shows over HTTP; app.App names the
// errors of each method.
type Servicio interface {
	servicioDeProductos
	servicioDePedidos
	servicioDeAcciones
	servicioDeDevoluciones
	servicioDeSoporte
}

var _ Servicio = (*app.App)(nil)

type servicioDeProductos interface {
	Productos(
		ctx context.Context,
		f app.FiltroProductos,
		desde *app.Cursor,
		limite int,
	) ([]app.Producto, error)
	Producto(ctx context.Context, id string) (app.Producto, error)
	CrearProducto(
		ctx context.Context,
		p catalogo.Producto,
		l idempotency.Key,
	) (app.Producto, bool, error)
	EditarProducto(
		ctx context.Context,
		id string,
		versiones []int64,
		f func(*catalogo.Producto),
	) (app.Producto, error)
	Mover(
		ctx context.Context,
		m app.Movimiento,
		l idempotency.Key,
	) (existencias.Movimiento, bool, error)
	Movimientos(ctx context.Context, f app.FiltroMovimientos, desde *app.Cursor,
		limite int) ([]existencias.Movimiento, error)
}

type servicioDePedidos interface {
	Cotizar(
		ctx context.Context,
		cliente, direccion string,
		pedidas []app.LineaPedida,
	) (app.Cotizacion, error)
	Crear(ctx context.Context, n app.PedidoNuevo) (*pedido.Pedido, bool, error)
	Leer(ctx context.Context, q app.Quien, id string) (*pedido.Pedido, error)
	Listar(
		ctx context.Context,
		q app.Quien,
		f app.Filtro,
		desde *app.Cursor,
		limite int,
	) ([]*pedido.Pedido, error)
	Diario(
		ctx context.Context,
		tipo string,
		despuesDe int64,
		limite int,
	) ([]app.EntradaDelDiario, int64, error)
	Seguir(q app.Quien, p *pedido.Pedido, desde int64) *app.Vivo
	Accionables(p *pedido.Pedido, q app.Quien) []string
}

type servicioDeAcciones interface {
	Reintentar(ctx context.Context, q app.Quien, id string, r app.Reintento,
		l idempotency.Key) (*pedido.Pedido, bool, error)
	Cancelar(
		ctx context.Context,
		q app.Quien,
		id, motivo string,
		l idempotency.Key,
	) (*pedido.Pedido, bool, error)
	Reembolsar(ctx context.Context, q app.Quien, id string, monto money.Centavos, motivo string,
		l idempotency.Key) (*pedido.Pedido, bool, error)
}

type servicioDeDevoluciones interface {
	Devolver(
		ctx context.Context,
		q app.Quien,
		id string,
		d pedido.Devolucion,
		di []pedido.Destinado,
		l idempotency.Key,
	) (*pedido.Pedido, bool, error)
	AceptarDevolucion(
		ctx context.Context,
		q app.Quien,
		id, devolucion string,
		di []pedido.Destinado,
		l idempotency.Key,
	) (*pedido.Pedido, bool, error)
	RechazarDevolucion(ctx context.Context, q app.Quien, id, devolucion, motivo string,
		l idempotency.Key) (*pedido.Pedido, bool, error)
}

type servicioDeSoporte interface {
	Entrega(ctx context.Context, l app.Lector, id string) (*pedido.Pedido, app.Bloque, error)
	DePedido(ctx context.Context, q app.Quien, id string) (app.Existencias, error)
	Ahora() time.Time
}
