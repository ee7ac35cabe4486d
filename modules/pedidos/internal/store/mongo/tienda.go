// Package mongo keeps orders, stock and the catalogue in MongoDB. An order, an aggregate of stock or a product is one
// document, of the shape that its bson tags give. A method of the ports is one command, but for LimpiarLapidas,
// Cupos.Limpiar, Asentar, Diario and, on old clusters, Reclamar. No transaction spans several documents. The package
// works on a standalone, a replica set, and a cluster sharded by hashed _id. Values by which a document is searched and
// that are not among its members stand in its member "indice", which no reader of the ports sees.
package mongo

import (
	"context"
	"fmt"
	"sync/atomic"

	"despensa/migrations"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/mongodb"
	"despensa/platform/sqldb"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/event"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

// Opciones say which database to open.
type Opciones struct {
	// URL names server and database; without a path the database is "pedidos".
	URL string
	// Cut is for crash tests; nil in production.
	Cut sqldb.Cut
	// Monitor sees every command; nil: none.
	Monitor *event.CommandMonitor
	// Observar is called for each command, and takes the place of Monitor; nil: no call.
	Observar func(sqldb.Execution)
	// Apartado is called for each order that is set aside; nil: no call.
	Apartado func(i *store.Ilegible)
}

// Tienda is the stores of pedidos on one database. Safe for concurrent use.
type Tienda struct {
	db                                                                          *mongodb.DB
	pedidos, eventos, existencias, movimientos, lotes, lapidas, prods, trabajos *mongo.Collection
	cupos, diario                                                               *mongo.Collection

	repartida atomic.Bool // the server updates one document by its id alone: see reclamarPorID
	aviso     func(i *store.Ilegible)
}

// apartado calls Opciones.Apartado for an order that has been set aside, and gives i back as the error.
func (t *Tienda) apartado(ilegible *store.Ilegible) error {
	if t.aviso != nil {
		t.aviso(ilegible)
	}
	return ilegible
}

// Open connects and makes the indexes that are missing. Errors: mongodb.ErrServer.
func Open(ctx context.Context, opciones Opciones) (*Tienda, error) {
	if opciones.Observar != nil {
		opciones.Monitor = observer(opciones.Observar)
	}
	db, err := mongodb.Open(ctx, mongodb.Options{
		Name:    "pedidos",
		URL:     opciones.URL,
		Indexes: migrations.Indices("pedidos"),
		Cut:     opciones.Cut,
		Monitor: opciones.Monitor,
	})
	if err != nil {
		return nil, fmt.Errorf("pedidos: store: %w", err)
	}
	return &Tienda{
		db:          db,
		pedidos:     db.Collection("pedidos"),
		eventos:     db.Collection("eventos"),
		existencias: db.Collection("existencias"),
		movimientos: db.Collection("movimientos"),
		lotes:       db.Collection("lotes"),
		lapidas:     db.Collection("lapidas"),
		prods:       db.Collection("productos"),
		trabajos:    db.Collection("trabajos"),
		cupos:       db.Collection("cupos"),
		diario:      db.Collection("diario"),
		aviso:       opciones.Apartado,
	}, nil
}

// Pedidos gives the store of orders.
func (t *Tienda) Pedidos() store.Pedidos { return pedidos{t} }

// Existencias gives the store of stock.
func (t *Tienda) Existencias() store.Existencias { return existenciasMongo{t} }

// Productos gives the store of the catalogue.
func (t *Tienda) Productos() store.Productos { return productos{t} }

// DB gives the handle, for tests.
func (t *Tienda) DB() *mongodb.DB { return t.db }

// Listo reports whether the server answers.
func (t *Tienda) Listo(ctx context.Context) error { return t.db.Ready(ctx) }

// Cuenta gives how many writes were begun, how many of them the server confirmed, and how many
// commands were sent to the server.
func (t *Tienda) Cuenta() (escrituras, confirmadas, idas uint64) { return t.db.Counts() }

// Cerrar closes the connections.
func (t *Tienda) Cerrar() error { return t.db.Close() }

// indice is the member with the values by which a document is searched.
const indice = "indice"

// conIndice appends the member indice to an encoded document.
func conIndice(doc []byte, i bson.D) (bson.Raw, error) {
	sub, err := bson.Marshal(i)
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	n, out := bsoncore.AppendDocumentStart(make([]byte, 0, len(doc)+len(sub)+16))
	out = append(out, doc[4:len(doc)-1]...)
	out = bsoncore.AppendDocumentElement(out, indice, sub)
	out, err = bsoncore.AppendDocumentEnd(out, n)
	return bson.Raw(out), err
}

// sinIndice takes the member indice out of an encoded document.
func sinIndice(doc bson.Raw) (bson.Raw, error) {
	els, err := doc.Elements()
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	n, out := bsoncore.AppendDocumentStart(make([]byte, 0, len(doc)))
	for _, e := range els {
		if e.Key() != indice {
			out = append(out, e...)
		}
	}
	out, err = bsoncore.AppendDocumentEnd(out, n)
	return bson.Raw(out), err
}

// abrir reads every document of cursor. err is the error of the command that gave cursor, and comes
// first. Errors: *store.Ilegible.
func abrir[T any](
	ctx context.Context,
	cursor *mongo.Cursor,
	err error,
	leer func([]byte) (*T, error),
) ([]*T, error) {
	out, rotos, err := abrirSanos(ctx, cursor, err, leer)
	if err == nil && len(rotos) > 0 {
		return nil, rotos[0].ilegible()
	}
	return out, err
}

// abrirSanos is abrir without the documents that cannot be read, which are in rotos.
func abrirSanos[T any](
	ctx context.Context,
	cursor *mongo.Cursor,
	err error,
	leer func([]byte) (*T, error),
) (
	out []*T, rotos []roto, _ error,
) {
	if err != nil {
		return nil, nil, err
	}
	var docs []bson.Raw
	if err := cursor.All(ctx, &docs); err != nil {
		return nil, nil, err
	}
	out = make([]*T, 0, len(docs))
	for _, d := range docs {
		v, err := deDocumento(d, leer)
		if err != nil {
			rotos = append(rotos, roto{d, err})
			continue
		}
		out = append(out, v)
	}
	return out, rotos, nil
}

// llenar reads a list of up to limite documents without the documents that cannot be read.
func llenar[T any](
	ctx context.Context,
	limite int,
	buscar func(limite int) (*mongo.Cursor, error),
	leer func([]byte) (*T, error),
) ([]*T, error) {
	out, _, err := sqldb.Fill(ctx, limite, func(n int) ([]*T, int, error) {
		c, err := buscar(n)
		vs, rotos, err := abrirSanos(ctx, c, err, leer)
		return vs, len(rotos), err
	})
	return out, err
}

// losIDs reads the ids of every document of cursor. err is the error of the command that gave cursor, and
// comes first.
func losIDs(ctx context.Context, cursor *mongo.Cursor, err error) ([]string, error) {
	if err != nil {
		return nil, err
	}
	var filas []struct {
		ID string `bson:"_id"`
	}
	if err := cursor.All(ctx, &filas); err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(filas))
	for _, f := range filas {
		ids = append(ids, f.ID)
	}
	return ids, nil
}

// deDocumento reads one document with leer, without its member indice.
func deDocumento[T any](raw bson.Raw, leer func([]byte) (*T, error)) (*T, error) {
	doc, err := sinIndice(raw)
	if err != nil {
		return nil, err
	}
	return leer(doc)
}

// unDocumento reads the one document of the answer of a command; otro when the filter met none. Errors: *errRoto.
func unDocumento[T any](
	singleResult *mongo.SingleResult,
	otro error,
	leer func([]byte) (*T, error),
) (*T, error) {
	d, err := singleResult.Raw()
	if err != nil {
		return nil, sinNada(err, otro)
	}
	v, err := deDocumento(d, leer)
	if err != nil {
		return nil, &errRoto{roto{d, err}}
	}
	return v, nil
}

// errRoto is the error of a document that unDocumento cannot decode; it is a *store.Ilegible, too.
type errRoto struct{ roto }

// Error is the text of the *store.Ilegible.
func (e *errRoto) Error() string { return e.ilegible().Error() }

// Unwrap gives the *store.Ilegible that the callers of the ports know.
func (e *errRoto) Unwrap() error { return e.ilegible() }

// despuesDe adds to f the condition that a document comes after cursor in a list that is newest first by campo and
// _id; nil adds none.
func despuesDe(f bson.D, cursor *store.Cursor, campo string) bson.D {
	if cursor == nil {
		return f
	}
	antes := bson.D{es(campo, con("$lt", cursor.Creado))}
	mismo := bson.D{es(campo, cursor.Creado), es("_id", con("$lt", cursor.ID))}
	return append(f, es("$and", bson.A{
		bson.D{es(campo, con("$lte", cursor.Creado))}, // the bound of the index
		con("$or", bson.A{antes, mismo}),
	}))
}
