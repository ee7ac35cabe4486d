package mongo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"despensa/modules/pedidos/internal/store"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// An order is set aside by moving its debe and its mark of publication to these members of indice: every release claims
// and publishes only orders with debe and indice.publicar.
const (
	indApartado = indice + ".apartado"
	indCallado  = indice + ".callado"
)

// roto is a document that cannot be decoded.
type roto struct {
	doc bson.Raw
	err error
}

// id is the _id of the document, of whatever type.
func (r roto) id() bson.RawValue { return r.doc.Lookup("_id") }

// ilegible is the error of the document. A document with an _id that is no text is named by the type of its _id.
func (r roto) ilegible() *store.Ilegible {
	nombre, ok := r.id().StringValueOK()
	if !ok {
		nombre = fmt.Sprintf("a document with an _id of type %s", r.id().Type)
	}
	cliente, _ := r.doc.Lookup("cliente").StringValueOK()
	return &store.Ilegible{ID: nombre, Cliente: cliente, Err: r.err}
}

// debe is the debe of the order; its creado, where it has no debe; the earliest time that a claim looks for, where it
// has neither.
func (r roto) debe() time.Time {
	for _, miembro := range []string{"debe", "creado"} {
		if t, ok := r.doc.Lookup(miembro).TimeOK(); ok {
			return t
		}
	}
	return desdeSiempre.Add(time.Millisecond)
}

// apartar sets an unreadable order aside. Its error is never nil: the *store.Ilegible of roto once the order has
// been set aside, else the error of the server.
func (s pedidos) apartar(ctx context.Context, roto roto) error {
	cambio := bson.D{
		es(
			"$set",
			bson.D{es(indApartado, roto.debe()), es("duenio", ""), es("lease", desdeSiempre)},
		),
		es("$unset", bson.D{es("debe", "")}),
		es("$rename", bson.D{es(indPublicar, indCallado)}),
	}
	err := s.t.db.Write(ctx, "pedidos.apartar", func(ctx context.Context) error {
		_, err := s.t.pedidos.UpdateOne(ctx, bson.D{es("_id", roto.id())}, cambio)
		return err
	})
	if err != nil {
		return err
	}
	return s.t.apartado(roto.ilegible())
}

// Apartados implements store.Pedidos.
func (s pedidos) Apartados(ctx context.Context, limite int) (ids []string, err error) {
	err = s.t.db.Read(ctx, "pedidos.apartados", func(ctx context.Context) (err error) {
		c, err := s.t.pedidos.Find(
			ctx,
			apartados,
			options.Find().SetLimit(int64(limite)).SetProjection(porUno("_id")),
		)
		ids, err = losIDs(ctx, c, err)
		return err
	})
	return ids, err
}

// apartados is the filter of the orders that have been set aside. It repeats the partial filter of its index, so that
// the index answers it.
var apartados = bson.D{es(indApartado, con("$gt", desdeSiempre))}

// Retomar implements store.Pedidos.
func (s pedidos) Retomar(ctx context.Context) (n int64, err error) {
	cambio := con("$rename", bson.D{es(indApartado, "debe"), es(indCallado, indPublicar)})
	err = s.t.db.Write(ctx, "pedidos.retomar", func(ctx context.Context) error {
		r, err := s.t.pedidos.UpdateMany(ctx, apartados, cambio)
		if err == nil {
			n = r.MatchedCount
		}
		return err
	})
	return n, err
}

// sinNumero reports whether the server could not add to a member that is no number (TypeMismatch).
func sinNumero(err error) bool {
	var s mongo.ServerError
	return errors.As(err, &s) && s.HasErrorCode(14)
}

// errVersion: the server cannot add one to the version.
var errVersion = errors.New("document: version is no number")

// apartarSinNumero sets the first order aside that f meets and that has a version which is no number: the server cannot
// lease this order. Errors: its *store.Ilegible; store.ErrNadaQueHacer when f meets no such order any more.
func (s pedidos) apartarSinNumero(ctx context.Context, f bson.D) error {
	var doc bson.Raw
	err := s.t.db.Read(ctx, "pedidos.sin_numero", func(ctx context.Context) (err error) {
		f := append(append(bson.D{}, f...), es("version", con("$not", con("$type", "number"))))
		doc, err = s.t.pedidos.FindOne(ctx, f, options.FindOne().SetSort(masVencido)).Raw()
		return sinNada(err, store.ErrNadaQueHacer)
	})
	if err != nil {
		return err
	}
	return s.apartar(ctx, roto{doc, errVersion})
}
