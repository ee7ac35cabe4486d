package sqlite

import (
	"fmt"

	"gorm.io/gorm"

	"go.mongodb.org/mongo-driver/bson"
)

// normalizable is a document that has one form only for "no members".
type normalizable[T any] interface {
	*T
	Normalizar()
}

// abrir decodes a document.
func abrir[T any, P normalizable[T]](doc []byte) (*T, error) {
	v := new(T)
	if err := bson.Unmarshal(doc, v); err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	P(v).Normalizar()
	return v, nil
}

// abrirTodos reads the documents that q selects. They are decoded once the
// connection is free again.
func abrirTodos[T any](q *gorm.DB, abrir func([]byte) (*T, error)) ([]*T, error) {
	docs, err := filas(q, columna[[]byte])
	if err != nil {
		return nil, err
	}
	out := make([]*T, 0, len(docs))
	for _, d := range docs {
		v, err := abrir(d)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// valores is out of pointers.
func valores[T any](ps []*T, err error) ([]T, error) {
	if err != nil {
		return nil, err
	}
	out := make([]T, 0, len(ps))
	for _, p := range ps {
		out = append(out, *p)
	}
	return out, nil
}
