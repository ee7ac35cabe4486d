package rest_test

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

// pregunta is the arguments of a call of the app. lista is the arguments of a call that reads a page.
type (
	pregunta = []any
	lista    struct {
		filtro any
		desde  *app.Cursor
		limite int
	}
)

// estaSolicitud stands for the id of the call's request, which is another each time.
const estaSolicitud = "of this call"

// falso is an app that gives one answer to every call and keeps the arguments of the last one.
type falso struct {
	p          *pedido.Pedido // nil: it answers with unPedido
	ps         []*pedido.Pedido
	productos  []app.Producto
	cotizacion app.Cotizacion
	existe     app.Existencias
	vivos      *app.App // the real app, for the streams that follow orders
	entradas   []app.EntradaDelDiario
	hasta      int64
	repetida   bool
	err        error

	pedido any // the arguments of the last call
	veces  int
}

// preguntado keeps the arguments of a call.
func (f *falso) preguntado(que any) { f.pedido, f.veces = que, f.veces+1 }

func (f *falso) uno() *pedido.Pedido {
	if f.p == nil {
		return unPedido()
	}
	return f.p
}

func (f *falso) Productos(
	_ context.Context,
	filtroProductos app.FiltroProductos,
	desde *app.Cursor,
	n int,
) ([]app.Producto, error) {
	f.preguntado(lista{filtro: filtroProductos, desde: desde, limite: n})
	return f.productos, f.err
}

func (f *falso) Producto(_ context.Context, id string) (app.Producto, error) {
	f.preguntado(id)
	return yerba(), f.err
}

func (f *falso) CrearProducto(
	_ context.Context,
	producto catalogo.Producto,
	key idempotency.Key,
) (app.Producto, bool, error) {
	f.preguntado(producto)
	producto.ID, producto.Version = key.ID, 1
	return app.Producto{Producto: &producto}, f.repetida, f.err
}

func (f *falso) EditarProducto(
	_ context.Context,
	_ string,
	v []int64,
	cambiar func(*catalogo.Producto),
) (app.Producto,
	error) {
	f.preguntado(v)
	p := yerba()
	cambiar(p.Producto)
	p.Version++
	return p, f.err
}

func (f *falso) Mover(
	_ context.Context,
	m app.Movimiento,
	_ idempotency.Key,
) (existencias.Movimiento, bool, error) {
	f.preguntado(m)
	return movimiento(), f.repetida, f.err
}

func (f *falso) Movimientos(
	_ context.Context,
	filtroMovimientos app.FiltroMovimientos,
	desde *app.Cursor,
	n int,
) ([]existencias.Movimiento, error) {
	f.preguntado(lista{filtro: filtroMovimientos, desde: desde, limite: n})
	return []existencias.Movimiento{movimiento()}, f.err
}

func (f *falso) Cotizar(
	_ context.Context,
	cliente, dir string,
	lineaPedidas []app.LineaPedida,
) (app.Cotizacion, error) {
	f.preguntado(pregunta{cliente, dir, lineaPedidas})
	return f.cotizacion, f.err
}

func (f *falso) Crear(
	_ context.Context,
	pedidoNuevo app.PedidoNuevo,
) (*pedido.Pedido, bool, error) {
	pedidoNuevo.Llave = idempotency.Key{}
	f.preguntado(pedidoNuevo)
	return f.uno(), f.repetida, f.err
}

func (f *falso) Leer(_ context.Context, quien app.Quien, id string) (*pedido.Pedido, error) {
	f.preguntado(pregunta{quien, id})
	return f.uno(), f.err
}

func (f *falso) Listar(
	_ context.Context,
	quien app.Quien,
	filtro app.Filtro,
	desde *app.Cursor,
	n int,
) ([]*pedido.Pedido,
	error) {
	f.preguntado(pregunta{quien, lista{filtro: filtro, desde: desde, limite: n}})
	return f.ps, f.err
}

func (f *falso) Diario(
	_ context.Context,
	tipo string,
	desde int64,
	n int,
) ([]app.EntradaDelDiario, int64, error) {
	f.preguntado(pregunta{tipo, desde, n})
	return f.entradas, f.hasta, f.err
}

func (f *falso) Accionables(_ *pedido.Pedido, quien app.Quien) []string {
	if quien.Operador {
		return []string{"cancelar", "reembolsar"}
	}
	return []string{"cancelar"}
}

func (f *falso) Reintentar(
	_ context.Context,
	quien app.Quien,
	id string,
	reintento app.Reintento,
	_ idempotency.Key,
) (*pedido.Pedido, bool, error) {
	f.preguntado(pregunta{quien, id, reintento})
	return f.uno(), f.repetida, f.err
}

func (f *falso) Cancelar(
	_ context.Context,
	quien app.Quien,
	id, motivo string,
	_ idempotency.Key,
) (*pedido.Pedido, bool,
	error) {
	f.preguntado(pregunta{quien, id, motivo})
	return f.uno(), f.repetida, f.err
}

func (f *falso) Reembolsar(
	_ context.Context,
	quien app.Quien,
	id string,
	monto money.Centavos,
	motivo string,
	key idempotency.Key,
) (*pedido.Pedido, bool, error) {
	f.preguntado(pregunta{quien, id, monto, motivo})
	p := f.uno()
	p.Reembolsos = []pedido.Reembolso{{ID: unID, Monto: 9},
		{ID: key.ID, Monto: 500, Motivo: motivo, Estado: "pedido", En: ahora}}
	return p, f.repetida, f.err
}

func (f *falso) Devolver(
	_ context.Context,
	quien app.Quien,
	id string,
	devolucion pedido.Devolucion,
	destinados []pedido.Destinado,
	key idempotency.Key,
) (*pedido.Pedido, bool, error) {
	f.preguntado(pregunta{quien, id, devolucion, destinados})
	p := f.uno()
	devolucion.ID = key.ID
	devolucion.Estado = pedido.DevolucionPedida
	devolucion.Monto = 10_000
	devolucion.En = ahora
	p.Devoluciones = []pedido.Devolucion{{ID: unID}, devolucion}
	return p, f.repetida, f.err
}

func (f *falso) AceptarDevolucion(
	_ context.Context,
	quien app.Quien,
	id, d string,
	destinados []pedido.Destinado,
	_ idempotency.Key,
) (*pedido.Pedido, bool, error) {
	f.preguntado(pregunta{quien, id, d, destinados})
	p := f.uno()
	p.Retornos = []pedido.Retorno{{Devolucion: unID, Producto: unID, Cantidad: 9},
		{Devolucion: d, Producto: productoID, Cantidad: 1, Destino: "existencias", Lote: "L1"}}
	p.Devoluciones = []pedido.Devolucion{{ID: unID},
		{ID: d, Estado: pedido.DevolucionAceptada, En: ahora, Resuelta: ahora}}
	return p, f.repetida, f.err
}

func (f *falso) RechazarDevolucion(_ context.Context, quien app.Quien, id, d, motivo string,
	_ idempotency.Key) (*pedido.Pedido, bool, error) {
	f.preguntado(pregunta{quien, id, d, motivo})
	p := f.uno()
	p.Devoluciones = []pedido.Devolucion{{ID: unID},
		{ID: d, Estado: pedido.DevolucionRechazada, Rechazo: motivo, En: ahora}}
	return p, f.repetida, f.err
}

func (f *falso) Entrega(
	_ context.Context,
	lector app.Lector,
	id string,
) (*pedido.Pedido, app.Bloque, error) {
	if lector.Solicitud != "" {
		lector.Solicitud = estaSolicitud
	}
	f.preguntado(pregunta{lector, id})
	return f.uno(), app.Bloque{
		Nombre:   "Ana",
		Correo:   "ana@example.com",
		Telefono: "4321",
		Calle:    "Yatay 1",
		Notas:    "timbre",
	}, f.err
}

func (f *falso) DePedido(
	_ context.Context,
	quien app.Quien,
	id string,
) (app.Existencias, error) {
	f.preguntado(pregunta{quien, id})
	return f.existe, f.err
}

func (f *falso) Seguir(quien app.Quien, ped *pedido.Pedido, desde int64) *app.Vivo {
	f.preguntado(pregunta{quien, ped.ID, desde})
	return f.vivos.Seguir(quien, ped, desde)
}

func (f *falso) Ahora() time.Time { return ahora }
