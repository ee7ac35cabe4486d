package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/reservas"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/fault"
	"despensa/platform/idempotency"
)

// Errors of the catalogue and of stock by hand.
var (
	ErrSinProducto = fault.New(fault.NotFound, "producto-no-existe", "There is no such product.")
	ErrVersion     = fault.New(fault.Stale, "version-vieja", "The product has changed since it was read.")
	ErrDeposito    = fault.New(fault.Invalid, "deposito-desconocido", "There is no such depot.")
	// ErrCantidad: a movement of 0 units.
	ErrCantidad = fault.New(fault.Invalid, "cantidad-cero", "Nothing would move.").
			WithField("body.cantidad", "must not be 0")
	// ErrLotes: the depot has as many batches of the product as it may.
	ErrLotes = fault.New(fault.Conflict, "demasiados-lotes", "Too many batches of this product lie in this depot.")
	// ErrStock: fewer units are free than the movement takes out.
	ErrStock = fault.New(fault.Conflict, "stock-insuficiente", "There is not enough free stock.")
	// ErrVencido: the goods to take in have expired.
	ErrVencido = fault.New(fault.Invalid, "lote-vencido", "These goods have expired.").
			WithField("body.vence", "lies before today")
	// ErrFecha: the goods to take in have another date than their batch has, in this depot or another.
	ErrFecha = fault.New(fault.Conflict, "lote-con-otra-fecha", "This batch has another date.").
			WithField("body.vence", "is not the date of this batch")
)

// Producto is a product with the units of it that are free over all depots (Disponible), and the days beyond
// its delivery for which a unit has to be good (Vida).
type Producto struct {
	*catalogo.Producto
	Disponible int64
	Vida       int64
}

// Productos lists up to limite products that filtroProductos meets, newest first, after desde (nil: from the newest).
func (a *App) Productos(
	ctx context.Context, filtroProductos store.FiltroProductos, desde *store.Cursor, limite int,
) ([]Producto, error) {
	filtroProductos.Q = catalogo.Plegar(filtroProductos.Q)
	ps, err := a.o.Productos.Listar(ctx, filtroProductos, desde, limite)
	if err != nil {
		return nil, err
	}
	return a.conDisponible(ctx, ps)
}

func (a *App) conDisponible(
	ctx context.Context,
	productos []*catalogo.Producto,
) ([]Producto, error) {
	libre, err := a.libres(ctx, productos)
	if err != nil {
		return nil, err
	}
	out := make([]Producto, 0, len(productos))
	for _, p := range productos {
		out = append(out, Producto{Producto: p, Disponible: libre[p.ID], Vida: a.vida(p)})
	}
	return out, nil
}

// Producto reads one product, sold or not. Errors: ErrSinProducto.
func (a *App) Producto(ctx context.Context, id string) (Producto, error) {
	ps, err := a.o.Productos.Leer(ctx, []string{id})
	if err == nil && len(ps) == 0 {
		err = ErrSinProducto
	}
	if err != nil {
		return Producto{}, err
	}
	out, err := a.conDisponible(ctx, ps)
	if err != nil {
		return Producto{}, err
	}
	return out[0], nil
}

// CrearProducto puts a product into the catalogue, once per key; true: an earlier call with this key did it.
// Errors: catalogo.ErrProducto; pedido.ErrHuella.
func (a *App) CrearProducto(
	ctx context.Context,
	producto catalogo.Producto,
	llave idempotency.Key,
) (Producto, bool, error) {
	producto.ID = llave.ID
	producto.Huella = llave.Fingerprint
	producto.Creado = pedido.Instante(a.o.Ahora())
	producto.Version = 1
	producto.Indexar()
	if err := producto.Validar(); err != nil {
		return Producto{}, false, err
	}
	err := a.o.Productos.Insertar(ctx, &producto)
	if err == nil {
		return Producto{Producto: &producto, Vida: a.vida(&producto)}, false, nil
	}
	if !errors.Is(err, store.ErrRepetido) {
		return Producto{}, false, err
	}
	hay, err := a.Producto(ctx, producto.ID)
	if err == nil && hay.Huella != llave.Fingerprint {
		err = pedido.ErrHuella
	}
	return hay, true, err
}

// EditarProducto changes a product by f, if its version is one of versiones; with nil, whatever its version is.
// Errors: ErrSinProducto; ErrVersion; catalogo.ErrProducto.
func (a *App) EditarProducto(
	ctx context.Context, id string, versiones []int64, f func(*catalogo.Producto),
) (Producto, error) {
	p, err := a.Producto(ctx, id)
	if err != nil {
		return p, err
	}
	if versiones != nil && !slices.Contains(versiones, p.Version) {
		return p, ErrVersion
	}
	f(p.Producto)
	p.Indexar()
	if err := p.Validar(); err != nil {
		return p, err
	}
	if err := a.o.Productos.Guardar(ctx, p.Producto); errors.Is(err, store.ErrConflicto) {
		return p, ErrVersion
	} else if err != nil {
		return p, err
	}
	out, err := a.conDisponible(ctx, []*catalogo.Producto{p.Producto})
	if err != nil {
		return p, err
	}
	return out[0], nil
}

// Movimiento is stock to take in (a positive quantity) or out (a negative one) by hand, in units.
type Movimiento struct {
	Producto string
	Cantidad int64
	Motivo   string
	Deposito string // id; empty: the depot with the first code
	Lote     string
	Vence    *time.Time
}

// Mover takes stock in or out, once per key; true: an earlier call with this key did it. Errors: ErrCantidad,
// ErrSinProducto, ErrDeposito, ErrStock, ErrLotes, pedido.ErrHuella; for goods to take in, ErrVencido,
// ErrFecha.
func (a *App) Mover(
	ctx context.Context,
	movimiento Movimiento,
	llave idempotency.Key,
) (existencias.Movimiento, bool, error) {
	if movimiento.Cantidad == 0 {
		return existencias.Movimiento{}, false, ErrCantidad
	}
	// The id has no depot in it: a repetition that names another depot finds the first movement.
	id := idempotency.Derive(llave.ID, movimiento.Producto)
	if hecho, hay, err := a.movido(ctx, movimiento.Producto, id, llave); hay || err != nil {
		return a.movimientoLegible(ctx, hecho), hay, err
	}
	if _, err := a.Producto(ctx, movimiento.Producto); err != nil {
		return existencias.Movimiento{}, false, err
	}
	deposito, err := a.deposito(ctx, movimiento.Deposito)
	if err != nil {
		return existencias.Movimiento{}, false, err
	}
	if movimiento.Vence != nil {
		v := pedido.Instante(*movimiento.Vence)
		movimiento.Vence = &v
	}
	motivo, err := a.o.Palabras.Seal(ctx, deMovimiento(id, movimiento.Motivo))
	if err != nil {
		return existencias.Movimiento{}, false, err
	}
	hecho, repetido, err := a.o.Stock.Mover(ctx, existencias.Movimiento{
		ID:       id,
		Cantidad: movimiento.Cantidad,
		Motivo:   motivo,
		Huella:   llave.Fingerprint,
		En:       pedido.Instante(a.o.Ahora()),
	}, movimiento.Producto, deposito, movimiento.Lote, movimiento.Vence)
	switch {
	case errors.Is(err, existencias.ErrFalta):
		return hecho, false, ErrStock
	case errors.Is(err, existencias.ErrLotes):
		return hecho, false, ErrLotes
	case errors.Is(err, reservas.ErrHuella):
		return hecho, false, pedido.ErrHuella
	case errors.Is(err, reservas.ErrVencido):
		return hecho, false, ErrVencido
	case errors.Is(err, reservas.ErrFecha):
		return hecho, false, ErrFecha
	}
	return a.movimientoLegible(ctx, hecho), repetido, err
}

// movido finds the movement that an earlier call with this key has made. It finds it whatever has changed since
// in its depot, its product and its batch, so that a repetition never moves stock twice. Published movements
// leave the stock of their depot for the ledger: the stock is read first, so that none is missed in between.
// Errors: pedido.ErrHuella.
func (a *App) movido(
	ctx context.Context, producto, id string, llave idempotency.Key,
) (existencias.Movimiento, bool, error) {
	if !llave.Given {
		return existencias.Movimiento{}, false, nil
	}
	agregados, err := a.o.Existencias.LeerProductos(ctx, []string{producto})
	if err != nil {
		return existencias.Movimiento{}, false, err
	}
	var hechos []existencias.Movimiento
	for _, e := range agregados {
		if m, hay := e.Movimiento(id); hay {
			hechos = append(hechos, m)
		}
	}
	if len(hechos) == 0 {
		if hechos, err = a.o.Existencias.Movimientos(ctx, []string{id}); err != nil ||
			len(hechos) == 0 {
			return existencias.Movimiento{}, false, err
		}
	}
	if hechos[0].Huella != llave.Fingerprint {
		return existencias.Movimiento{}, false, pedido.ErrHuella
	}
	return hechos[0], true, nil
}

// deposito is the id of the depot asked for; of the one with the first code, if id is empty. Errors:
// ErrDeposito.
func (a *App) deposito(ctx context.Context, id string) (string, error) {
	ds, err := a.o.Depositos(ctx)
	if err != nil {
		return "", err
	}
	primero, codigo := "", ""
	for _, d := range ds {
		if d.ID == id {
			return id, nil
		}
		if primero == "" || d.Codigo < codigo {
			primero, codigo = d.ID, d.Codigo
		}
	}
	if id != "" || primero == "" {
		return "", ErrDeposito.WithField("body.deposito_id", "unknown")
	}
	return primero, nil
}

// Movimientos lists up to limite movements that filtroMovimientos meets, newest first. It publishes the product's
// new movements before, so that they are in the list. Errors: ErrSinProducto.
func (a *App) Movimientos(
	ctx context.Context,
	filtroMovimientos store.FiltroMovimientos,
	desde *store.Cursor,
	limite int,
) ([]existencias.Movimiento, error) {
	if _, err := a.Producto(ctx, filtroMovimientos.Producto); err != nil {
		return nil, err
	}
	if err := a.o.Stock.PublicarProducto(ctx, filtroMovimientos.Producto); err != nil {
		return nil, err
	}
	ms, err := a.o.Existencias.ListarMovimientos(ctx, filtroMovimientos, desde, limite)
	return a.movimientosLegibles(ctx, ms), err
}
