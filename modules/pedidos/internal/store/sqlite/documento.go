package sqlite

import (
	"context"

	"despensa/modules/pedidos/internal/store"
	"despensa/platform/sqldb"

	"gorm.io/gorm"
)

// abrirTodos reads the documents that q selects, and decodes them once the connection is free again. Errors:
// *store.Ilegible.
func abrirTodos[T any](q *gorm.DB, abrir func([]byte) (*T, error)) ([]*T, error) {
	out, rotos, err := abrirSanos(q, abrir)
	if err == nil && len(rotos) > 0 {
		return nil, rotos[0]
	}
	return out, err
}

// abrirSanos is abrirTodos without the documents that cannot be read, which are in rotos.
func abrirSanos[T any](
	q *gorm.DB,
	abrir func([]byte) (*T, error),
) (out []*T, rotos []*store.Ilegible, err error) {
	docs, err := filas(q, columna[[]byte])
	if err != nil {
		return nil, nil, err
	}
	out = make([]*T, 0, len(docs))
	for _, d := range docs {
		v, err := abrir(d)
		if err != nil {
			rotos = append(rotos, &store.Ilegible{ID: "a document", Err: err})
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
	consulta func(limite int) *gorm.DB,
	abrir func([]byte) (*T, error),
) ([]*T, error) {
	out, _, err := sqldb.Fill(ctx, limite, func(n int) ([]*T, int, error) {
		vs, rotos, err := abrirSanos(consulta(n), abrir)
		return vs, len(rotos), err
	})
	return out, err
}

// valores gives the values that ps point to, or err.
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
