package sqlite

import (
	"context"
	"fmt"
	"strings"

	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/store"
	"despensa/modules/pedidos/internal/store/documentos"

	"go.mongodb.org/mongo-driver/bson"
	"gorm.io/gorm"
)

// productos is the store.Productos of a Tienda.
type productos struct{ t *Tienda }

var _ store.Productos = productos{}

// Insertar implements store.Productos.
func (s productos) Insertar(ctx context.Context, producto *catalogo.Producto) error {
	c := *producto
	doc, err := bson.Marshal(&c)
	if err != nil {
		return fmt.Errorf("document: %w", err)
	}
	return s.t.escribir(ctx, "pedidos.insertar_producto", func(tx *gorm.DB) error {
		return exigir(
			store.ErrRepetido,
			tx,
			`insert into productos
(id, buscable, categoria, categoria_plegada, activo, creado, version, doc)
values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`,
			c.ID,
			c.Buscable,
			c.Categoria,
			c.CategoriaPlegada,
			c.Activo,
			ms(c.Creado),
			c.Version,
			doc,
		)
	})
}

// Leer implements store.Productos.
func (s productos) Leer(ctx context.Context, ids []string) ([]*catalogo.Producto, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	consulta := s.t.db.Read(ctx).
		Raw("select doc from productos where id in (select value from json_each(?))", lista(ids))
	ps, _, err := abrirSanos(consulta, documentos.Decode[catalogo.Producto])
	return ps, fallo(ctx, "pedidos.leer_productos", err)
}

// Guardar implements store.Productos.
func (s productos) Guardar(ctx context.Context, producto *catalogo.Producto) error {
	c := *producto
	c.Version++
	doc, err := bson.Marshal(&c)
	if err != nil {
		return fmt.Errorf("document: %w", err)
	}
	err = s.t.escribir(ctx, "pedidos.guardar_producto", func(tx *gorm.DB) error {
		return exigir(
			store.ErrConflicto,
			tx,
			`update productos
set buscable = ?, categoria = ?, categoria_plegada = ?, activo = ?, creado = ?, version = ?, doc = ?
where id = ? and version = ?`,
			c.Buscable,
			c.Categoria,
			c.CategoriaPlegada,
			c.Activo,
			ms(c.Creado),
			c.Version,
			doc,
			c.ID,
			c.Version-1,
		)
	})
	if err == nil {
		producto.Version = c.Version
	}
	return err
}

// Listar implements store.Productos.
func (s productos) Listar(
	ctx context.Context, filtroProductos store.FiltroProductos, desde *store.Cursor, limite int,
) ([]*catalogo.Producto, error) {
	ps, err := llenar(ctx, limite, func(n int) *gorm.DB {
		consulta, args := listaProductos(filtroProductos, desde, n)
		return s.t.db.Read(ctx).Raw(consulta, args...)
	}, documentos.Decode[catalogo.Producto])
	return ps, fallo(ctx, "pedidos.listar_productos", err)
}

// listaProductos writes the query of Listar, and its arguments.
func listaProductos(
	filtroProductos store.FiltroProductos,
	desde *store.Cursor,
	limite int,
) (string, []any) {
	var d donde
	d.si(
		filtroProductos.Categoria != "",
		"categoria_plegada = ?",
		catalogo.PlegarCategoria(filtroProductos.Categoria),
	)
	d.si(!filtroProductos.Todos, "activo = ?", true)
	// The words have letters and digits only: nothing is to be escaped.
	for _, palabra := range strings.Fields(catalogo.Plegar(filtroProductos.Q)) {
		d.si(true, "buscable like ?", "%"+palabra+"%")
	}
	d.despuesDe(desde, "creado")
	return "select doc from productos" + d.texto() + " order by creado desc, id desc limit ?", append(
		d.args,
		limite,
	)
}
