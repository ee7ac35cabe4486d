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

func (f *falso) Productos(_ context.Context, x app.FiltroProductos, desde *app.Cursor, n int) ([]app.Producto, error) {
	f.preguntado(lista{filtro: x, desde: desde, limite: n})
	return f.productos, f.err
}

func (f *falso) Producto(_ context.Context, id string) (app.Producto, error) {
	f.preguntado(id)
	return yerba(), f.err
}

func (f *falso) CrearProducto(_ context.Context, p catalogo.Producto, l idempotency.Key) (app.Producto, bool, error) {
	f.preguntado(p)
	p.ID, p.Version = l.ID, 1
	return app.Producto{Producto: &p}, f.repetida, f.err
}

func (f *falso) EditarProducto(_ context.Context, _ string, v []int64, cambiar func(*catalogo.Producto)) (app.Producto,
	error) {
	f.preguntado(v)
	p := yerba()
	cambiar(p.Producto)
	p.Version++
	return p, f.err
}

func (f *falso) Mover(_ context.Context, m app.Movimiento, _ idempotency.Key) (existencias.Movimiento, bool, error) {
	f.preguntado(m)
	return movimiento(), f.repetida, f.err
}

func (f *falso) Movimientos(_ context.Context, x app.FiltroMovimientos, desde *app.Cursor,
	n int) ([]existencias.Movimiento, error) {
	f.preguntado(lista{filtro: x, desde: desde, limite: n})
	return []existencias.Movimiento{movimiento()}, f.err
}

func (f *falso) Cotizar(_ context.Context, cliente, dir string, ls []app.LineaPedida) (app.Cotizacion, error) {
	f.preguntado(pregunta{cliente, dir, ls})
	return f.cotizacion, f.err
}

func (f *falso) Crear(_ context.Context, n app.PedidoNuevo) (*pedido.Pedido, bool, error) {
	n.Llave = idempotency.Key{}
	f.preguntado(n)
	return f.uno(), f.repetida, f.err
}

func (f *falso) Leer(_ context.Context, q app.Quien, id string) (*pedido.Pedido, error) {
	f.preguntado(pregunta{q, id})
	return f.uno(), f.err
}

func (f *falso) Listar(_ context.Context, q app.Quien, x app.Filtro, desde *app.Cursor, n int) ([]*pedido.Pedido,
	error) {
	f.preguntado(pregunta{q, lista{filtro: x, desde: desde, limite: n}})
	return f.ps, f.err
}

func (f *falso) Diario(_ context.Context, tipo string, desde int64, n int) ([]app.EntradaDelDiario, int64, error) {
	f.preguntado(pregunta{tipo, desde, n})
	return f.entradas, f.hasta, f.err
}

func (f *falso) Accionables(_ *pedido.Pedido, q app.Quien) []string {
	if q.Operador {
		return []string{"cancelar", "reembolsar"}
	}
	return []string{"cancelar"}
}

func (f *falso) Reintentar(_ context.Context, q app.Quien, id string, r app.Reintento,
	_ idempotency.Key) (*pedido.Pedido, bool, error) {
	f.preguntado(pregunta{q, id, r})
	return f.uno(), f.repetida, f.err
}

func (f *falso) Cancelar(_ context.Context, q app.Quien, id, motivo string, _ idempotency.Key) (*pedido.Pedido, bool,
	error) {
	f.preguntado(pregunta{q, id, motivo})
	return f.uno(), f.repetida, f.err
}

func (f *falso) Reembolsar(_ context.Context, q app.Quien, id string, monto money.Centavos, motivo string,
	l idempotency.Key) (*pedido.Pedido, bool, error) {
	f.preguntado(pregunta{q, id, monto, motivo})
	p := f.uno()
	p.Reembolsos = []pedido.Reembolso{{ID: unID, Monto: 9},
		{ID: l.ID, Monto: 500, Motivo: motivo, Estado: "pedido", En: ahora}}
	return p, f.repetida, f.err
}

func (f *falso) Devolver(_ context.Context, q app.Quien, id string, d pedido.Devolucion, di []pedido.Destinado,
	l idempotency.Key) (*pedido.Pedido, bool, error) {
	f.preguntado(pregunta{q, id, d, di})
	p := f.uno()
	d.ID, d.Estado, d.Monto, d.En = l.ID, pedido.DevolucionPedida, 10_000, ahora
	p.Devoluciones = []pedido.Devolucion{{ID: unID}, d}
	return p, f.repetida, f.err
}

func (f *falso) AceptarDevolucion(_ context.Context, q app.Quien, id, d string, di []pedido.Destinado,
	_ idempotency.Key) (*pedido.Pedido, bool, error) {
	f.preguntado(pregunta{q, id, d, di})
	p := f.uno()
	p.Retornos = []pedido.Retorno{{Devolucion: unID, Producto: unID, Cantidad: 9},
		{Devolucion: d, Producto: productoID, Cantidad: 1, Destino: "existencias", Lote: "L1"}}
	p.Devoluciones = []pedido.Devolucion{{ID: unID},
		{ID: d, Estado: pedido.DevolucionAceptada, En: ahora, Resuelta: ahora}}
	return p, f.repetida, f.err
}

func (f *falso) RechazarDevolucion(_ context.Context, q app.Quien, id, d, motivo string,
	_ idempotency.Key) (*pedido.Pedido, bool, error) {
	f.preguntado(pregunta{q, id, d, motivo})
	p := f.uno()
	p.Devoluciones = []pedido.Devolucion{{ID: unID},
		{ID: d, Estado: pedido.DevolucionRechazada, Rechazo: motivo, En: ahora}}
	return p, f.repetida, f.err
}

func (f *falso) Entrega(_ context.Context, l app.Lector, id string) (*pedido.Pedido, app.Bloque, error) {
	if l.Solicitud != "" {
		l.Solicitud = estaSolicitud
	}
	f.preguntado(pregunta{l, id})
	return f.uno(), app.Bloque{Nombre: "Ana", Correo: "ana@example.com", Telefono: "4321", Calle: "Yatay 1",
		Notas: "timbre"}, f.err
}

func (f *falso) DePedido(_ context.Context, q app.Quien, id string) (app.Existencias, error) {
	f.preguntado(pregunta{q, id})
	return f.existe, f.err
}

func (f *falso) Seguir(q app.Quien, p *pedido.Pedido, desde int64) *app.Vivo {
	f.preguntado(pregunta{q, p.ID, desde})
	return f.vivos.Seguir(q, p, desde)
}

func (f *falso) Ahora() time.Time { return ahora }
