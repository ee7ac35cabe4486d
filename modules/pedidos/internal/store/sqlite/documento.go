package sqlite

import "gorm.io/gorm"

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
