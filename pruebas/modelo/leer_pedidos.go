package modelo

import (
	"context"
	"database/sql"
	"reflect"
	"time"

	"despensa/pruebas/kit"

	"go.mongodb.org/mongo-driver/bson"
)

// enSQLite are the books of orders in pedidos.db.
type enSQLite struct{}

// pedidos implements ordenes.
func (enSQLite) pedidos(lector *lector, libros *libros) {
	lector.filas(
		"pedidos",
		"select id, cliente, estado, debe, eventos, publicados, doc from pedidos",
		func(leer func(...any)) {
			var o orden
			var debe sql.NullInt64
			var doc []byte
			leer(&o.ID, &o.Cliente, &o.Estado, &debe, &o.Eventos, &o.Publicados, &doc)
			o.Debe, o.Doc = instante(debe), abrirBSON[documento](lector.t, doc)
			libros.pedidos[o.ID] = &o
		},
	)
	lector.filas(
		"pedidos",
		"select pedido, count(*) from eventos group by pedido",
		func(leer func(...any)) {
			var id string
			var n int
			leer(&id, &n)
			libros.publicados[id] = n
		},
	)
	lector.filas("pedidos", "select pedido from apartados", func(leer func(...any)) {
		var id string
		leer(&id)
		libros.apartados = append(libros.apartados, id)
	})
}

// stock implements ordenes.
func (enSQLite) stock(lector *lector, libros *libros) {
	lector.filas("pedidos", "select libre, doc from existencias", func(leer func(...any)) {
		var libre int64
		var doc []byte
		leer(&libre, &doc)
		e := abrirBSON[existencia](lector.t, doc)
		e.Libre = libre
		libros.ponerExistencia(e)
	})
	lector.filas("pedidos", "select doc from movimientos", func(leer func(...any)) {
		var doc []byte
		leer(&doc)
		libros.ponerMovimiento(abrirBSON[movimiento](lector.t, doc))
	})
}

// enMongo reads the books of orders in MongoDB. The member indice of a document has the values by which it is
// searched.
type enMongo struct{ *kit.Group }

// pedidos implements ordenes.
func (g enMongo) pedidos(lector *lector, libros *libros) {
	for _, doc := range g.documentos(lector, "pedidos") {
		x := abrirBSON[struct {
			ID         string     `bson:"_id"`
			Debe       *time.Time `bson:"debe"`
			Publicados int        `bson:"publicados"`
			Indice     struct {
				Eventos  int        `bson:"eventos"`
				Apartado *time.Time `bson:"apartado"`
			} `bson:"indice"`
		}](lector.t, doc)
		o := &orden{ID: x.ID, Debe: x.Debe, Eventos: x.Indice.Eventos, Publicados: x.Publicados,
			Doc: abrirBSON[documento](lector.t, doc)}
		o.Cliente, o.Estado = o.Doc.Cliente, o.Doc.Estado
		libros.pedidos[o.ID] = o
		if x.Indice.Apartado != nil {
			libros.apartados = append(libros.apartados, o.ID)
		}
	}
	for _, doc := range g.documentos(lector, "eventos") {
		libros.publicados[abrirBSON[struct{ Pedido string }](lector.t, doc).Pedido]++
	}
}

// stock implements ordenes.
func (g enMongo) stock(lector *lector, libros *libros) {
	for _, doc := range g.documentos(lector, "existencias") {
		e := abrirBSON[existencia](lector.t, doc)
		e.Libre = abrirBSON[struct {
			Indice struct{ Libre int64 }
		}](lector.t, doc).Indice.Libre
		libros.ponerExistencia(e)
	}
	for _, doc := range g.documentos(lector, "movimientos") {
		libros.ponerMovimiento(abrirBSON[movimiento](lector.t, doc))
	}
}

// documentos reads a whole collection.
func (g enMongo) documentos(lector *lector, coleccion string) (docs []bson.Raw) {
	lector.t.Helper()
	ctx, fin := context.WithTimeout(lector.t.Context(), time.Minute)
	defer fin()
	c, err := g.Mongo.Collection(coleccion).Find(ctx, bson.D{})
	if err == nil {
		err = c.All(ctx, &docs)
	}
	if err != nil {
		lector.t.Fatalf("%s: %v", coleccion, err)
	}
	return docs
}

// ponerExistencia adds one product in one depot, with those of its movements that are not published yet.
func (l *libros) ponerExistencia(existencia existencia) {
	l.existencias = append(l.existencias, existencia)
	for _, m := range existencia.Movimientos {
		l.ponerMovimiento(m)
	}
}

// ponerMovimiento adds a movement; one that is there already with other contents goes to dobles.
func (l *libros) ponerMovimiento(movimiento movimiento) {
	if antes, hay := l.movimientos[movimiento.ID]; hay &&
		!reflect.DeepEqual(antes, movimiento) {
		l.dobles = append(l.dobles, movimiento.ID)
	}
	l.movimientos[movimiento.ID] = movimiento
}
