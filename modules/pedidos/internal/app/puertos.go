package app

import (
	"context"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/reservas"
	"despensa/modules/pedidos/internal/store"
)

// Pedidos is the part of the order store that the app uses. store.Pedidos has the errors of each method.
type Pedidos interface {
	Insertar(ctx context.Context, p *pedido.Pedido) error
	Leer(ctx context.Context, id string) (*pedido.Pedido, error)
	Guardar(ctx context.Context, p *pedido.Pedido) error
	Listar(
		ctx context.Context,
		f store.Filtro,
		desde *store.Cursor,
		limite int,
	) ([]*pedido.Pedido, error)

	EnEstado(
		ctx context.Context,
		e pedido.Estado,
		desde *store.Cursor,
		limite int,
	) ([]store.Cursor, error)

	PorPublicar(ctx context.Context, limite int) ([]*pedido.Pedido, error)
	Publicar(
		ctx context.Context,
		eventos map[string][]pedido.Evento,
		marcas ...store.Publicacion,
	) error

	Asentar(ctx context.Context, limite int) (int, error)
	Diario(
		ctx context.Context,
		tipo string,
		despuesDe int64,
		limite int,
	) (as []store.EntradaDelDiario, hasta int64, err error)
}

// LecturaDeStock is the part of the stock store that the app reads. store.Existencias has the errors of each
// method.
type LecturaDeStock interface {
	LeerProductos(ctx context.Context, productos []string) ([]*existencias.Existencia, error)
	Lotes(ctx context.Context, productos []string) ([]existencias.EnDeposito, error)
	Movimientos(ctx context.Context, ids []string) ([]existencias.Movimiento, error)
	ListarMovimientos(ctx context.Context, f store.FiltroMovimientos, desde *store.Cursor,
		limite int) ([]existencias.Movimiento, error)
	CambiarMotivo(ctx context.Context, id, de, a string) error
}

// ServicioDeStock is the part of the stock service that the app calls. reservas.Reservas has the errors of each
// method.
type ServicioDeStock interface {
	Surtido(ctx context.Context, lineas []reservas.Linea) (reservas.Surtido, error)
	Mover(ctx context.Context, m existencias.Movimiento, producto, deposito, lote string,
		vence *time.Time) (existencias.Movimiento, bool, error)
	Publicar(ctx context.Context, limite int) (int, error)
	PublicarProducto(ctx context.Context, producto string) error
}

var _ ServicioDeStock = (*reservas.Reservas)(nil)
