package mongo

import (
	"context"
	"strings"

	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/store"
	"despensa/modules/pedidos/internal/store/documentos"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// productos is the store.Productos of a Tienda.
type productos struct{ t *Tienda }

var _ store.Productos = productos{}

// Insertar implements store.Productos.
func (s productos) Insertar(ctx context.Context, producto *catalogo.Producto) error {
	return s.t.db.Write(ctx, "pedidos.insertar_producto", func(ctx context.Context) error {
		_, err := s.t.prods.InsertOne(ctx, producto)
		return repetido(err, store.ErrRepetido)
	})
}

// Leer implements store.Productos.
func (s productos) Leer(ctx context.Context, ids []string) ([]*catalogo.Producto, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return s.leer(
		ctx,
		"pedidos.leer_productos",
		bson.D{es("_id", con("$in", ids))},
		len(ids),
		options.Find,
	)
}

// Guardar implements store.Productos.
func (s productos) Guardar(ctx context.Context, producto *catalogo.Producto) error {
	c := *producto
	c.Version++
	err := s.t.db.Write(ctx, "pedidos.guardar_producto", func(ctx context.Context) error {
		r, err := s.t.prods.ReplaceOne(
			ctx,
			bson.D{es("_id", producto.ID), es("version", producto.Version)},
			&c,
		)
		return tocado(r, err, store.ErrConflicto)
	})
	if err == nil {
		producto.Version = c.Version
	}
	return err
}

// Listar implements store.Productos.
func (s productos) Listar(
	ctx context.Context, f store.FiltroProductos, desde *store.Cursor, limite int,
) ([]*catalogo.Producto, error) {
	return s.leer(
		ctx,
		"pedidos.listar_productos",
		filtroProductos(f, desde),
		limite,
		func() *options.FindOptions {
			return options.Find().SetSort(masNuevo("creado"))
		},
	)
}

// filtroProductos is the filter of Listar.
func filtroProductos(f store.FiltroProductos, desde *store.Cursor) bson.D {
	q := bson.D{}
	if f.Categoria != "" {
		q = append(q, es("categoria_plegada", catalogo.PlegarCategoria(f.Categoria)))
	}
	if !f.Todos {
		q = append(q, es("activo", true))
	}
	q = despuesDe(q, desde, "creado")
	var palabras bson.A
	for _, p := range strings.Fields(catalogo.Plegar(f.Q)) { // letters and digits only: nothing to escape
		palabras = append(palabras, bson.D{es("buscable", con("$regex", p))})
	}
	if palabras != nil {
		q = bson.D{es("$and", append(bson.A{q}, palabras...))}
	}
	return q
}

// leer gives up to limite products that f meets and that can be read, in the order that o says.
func (s productos) leer(
	ctx context.Context,
	nombre string,
	f bson.D,
	limite int,
	o func() *options.FindOptions,
) (
	ps []*catalogo.Producto, err error,
) {
	err = s.t.db.Read(ctx, nombre, func(ctx context.Context) (err error) {
		ps, err = llenar(ctx, limite, func(n int) (*mongo.Cursor, error) {
			return s.t.prods.Find(ctx, f, o().SetLimit(int64(n)))
		}, documentos.Decode[catalogo.Producto])
		return err
	})
	return ps, err
}
