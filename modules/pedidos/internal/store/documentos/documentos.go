// Package documentos is the form in which orders, stock and products are stored: BSON, by
// the tags of their structs, the same bytes whatever the database.
package documentos

import (
	"fmt"

	"despensa/platform/guard"

	"go.mongodb.org/mongo-driver/bson"
)

// normalizable is a document with a Normalizar that makes lists without members nil.
type normalizable[T any] interface {
	*T
	Normalizar()
}

// Decode decodes a document and normalizes it. Errors: doc is no document of type T; a panic of the decoder is an error
// too.
func Decode[T any, P normalizable[T]](doc []byte) (*T, error) {
	v := new(T)
	err := guard.Do(func() error {
		if err := bson.Unmarshal(doc, v); err != nil {
			return err
		}
		P(v).Normalizar()
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	return v, nil
}
