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
func (enSQLite) pedidos(r *lector, l *libros) {
	r.filas("pedidos", "select id, cliente, estado, debe, eventos, publicados, doc from pedidos",
		func(leer func(...any)) {
			var o orden
			var debe sql.NullInt64
			var doc []byte
			leer(&o.ID, &o.Cliente, &o.Estado, &debe, &o.Eventos, &o.Publicados, &doc)
			o.Debe, o.Doc = instante(debe), abrirBSON[documento](r.t, doc)
			l.pedidos[o.ID] = &o
		})
	r.filas("pedidos", "select pedido, count(*) from eventos group by pedido", func(leer func(...any)) {
		var id string
		var n int
		leer(&id, &n)
		l.publicados[id] = n
	})
	r.filas("pedidos", "select pedido from apartados", func(leer func(...any)) {
		var id string
		leer(&id)
		l.apartados = append(l.apartados, id)
	})
}

// stock implements ordenes.
func (enSQLite) stock(r *lector, l *libros) {
	r.filas("pedidos", "select libre, doc from existencias", func(leer func(...any)) {
		var libre int64
		var doc []byte
		leer(&libre, &doc)
		e := abrirBSON[existencia](r.t, doc)
		e.Libre = libre
		l.ponerExistencia(e)
	})
	r.filas("pedidos", "select doc from movimientos", func(leer func(...any)) {
		var doc []byte
		leer(&doc)
		l.ponerMovimiento(abrirBSON[movimiento](r.t, doc))
	})
}

// enMongo reads the books of orders in MongoDB. The member indice of a document has the values by which it is
// searched.
type enMongo struct{ *kit.Group }

// pedidos implements ordenes.
func (g enMongo) pedidos(r *lector, l *libros) {
	for _, doc := range g.documentos(r, "pedidos") {
		x := abrirBSON[struct {
			ID         string     `bson:"_id"`
			Debe       *time.Time `bson:"debe"`
			Publicados int        `bson:"publicados"`
			Indice     struct {
				Eventos  int        `bson:"eventos"`
				Apartado *time.Time `bson:"apartado"`
			} `bson:"indice"`
		}](r.t, doc)
		o := &orden{ID: x.ID, Debe: x.Debe, Eventos: x.Indice.Eventos, Publicados: x.Publicados,
			Doc: abrirBSON[documento](r.t, doc)}
		o.Cliente, o.Estado = o.Doc.Cliente, o.Doc.Estado
		l.pedidos[o.ID] = o
		if x.Indice.Apartado != nil {
			l.apartados = append(l.apartados, o.ID)
		}
	}
	for _, doc := range g.documentos(r, "eventos") {
		l.publicados[abrirBSON[struct{ Pedido string }](r.t, doc).Pedido]++
	}
}

// stock implements ordenes.
func (g enMongo) stock(r *lector, l *libros) {
	for _, doc := range g.documentos(r, "existencias") {
		e := abrirBSON[existencia](r.t, doc)
		e.Libre = abrirBSON[struct {
			Indice struct{ Libre int64 }
		}](r.t, doc).Indice.Libre
		l.ponerExistencia(e)
	}
	for _, doc := range g.documentos(r, "movimientos") {
		l.ponerMovimiento(abrirBSON[movimiento](r.t, doc))
	}
}

// documentos reads a whole collection.
func (g enMongo) documentos(r *lector, coleccion string) (docs []bson.Raw) {
	r.t.Helper()
	ctx, fin := context.WithTimeout(r.t.Context(), time.Minute)
	defer fin()
	c, err := g.Mongo.Collection(coleccion).Find(ctx, bson.D{})
	if err == nil {
		err = c.All(ctx, &docs)
	}
	if err != nil {
		r.t.Fatalf("%s: %v", coleccion, err)
	}
	return docs
}

// ponerExistencia adds one product in one depot, with those of its movements that are not published yet.
func (l *libros) ponerExistencia(e existencia) {
	l.existencias = append(l.existencias, e)
	for _, m := range e.Movimientos {
		l.ponerMovimiento(m)
	}
}

// ponerMovimiento adds a movement; one that is there already with other contents goes to dobles.
func (l *libros) ponerMovimiento(m movimiento) {
	if antes, hay := l.movimientos[m.ID]; hay && !reflect.DeepEqual(antes, m) {
		l.dobles = append(l.dobles, m.ID)
	}
	l.movimientos[m.ID] = m
}
