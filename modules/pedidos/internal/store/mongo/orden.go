package mongo

import (
	"errors"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
)

// es is one member of a document.
func es(campo string, valor any) bson.E { return bson.E{Key: campo, Value: valor} }

// con is a document of one member.
func con(operador string, valor any) bson.D { return bson.D{es(operador, valor)} }

// porID is the filter of the document id.
func porID(id string) bson.D { return bson.D{es("_id", id)} }

// porIDs is the filter of the documents of ids.
func porIDs(ids []string) bson.D { return bson.D{es("_id", con("$in", ids))} }

// masNuevo orders a list by campo and _id, newest first.
func masNuevo(campo string) bson.D { return bson.D{es(campo, -1), es("_id", -1)} }

// sinNada is otro when err says that the filter met no document; else err.
func sinNada(err, otro error) error {
	if errors.Is(err, mongo.ErrNoDocuments) {
		return otro
	}
	return err
}

// repetido is otro when err says that a key is taken; else err.
func repetido(err, otro error) error {
	if mongo.IsDuplicateKeyError(err) {
		return otro
	}
	return err
}

// tocado is otro when an update met no document; else err.
func tocado(updateResult *mongo.UpdateResult, err, otro error) error {
	if err == nil && updateResult.MatchedCount != 1 {
		return otro
	}
	return err
}

// soloNuevos is nil when err, of an unordered insert, speaks only of documents that were stored already; else err.
func soloNuevos(err error) error {
	var b mongo.BulkWriteException
	if !errors.As(err, &b) || b.WriteConcernError != nil {
		return err
	}
	for _, w := range b.WriteErrors {
		if !mongo.IsDuplicateKeyError(w.WriteError) {
			return err
		}
	}
	return nil
}
