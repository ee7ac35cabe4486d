package sqlite

import (
	"encoding/json"
	"slices"
	"strings"

	"gorm.io/gorm"
)

// lista is vs as JSON, for json_each: the text of the statement is the same however long the list is.
func lista[T any](vs []T) string {
	doc, err := json.Marshal(vs)
	if err != nil || vs == nil {
		return "[]" // an error never comes: lists of strings and numbers always have a JSON form
	}
	return string(doc)
}

// tandas is a statement over many rows of arguments, in a few sizes, so that the texts of the statement are few. The
// last rows of a size are nulls when there are fewer rows of arguments.
type tandas []tanda

// tanda is the statement for one size.
type tanda struct {
	filas int // rows of arguments
	texto string
}

// porTandas makes the sizes of a statement: fila is one row of its arguments.
func porTandas(antes, fila, despues string) (ts tandas) {
	for _, n := range []int{1, 4, 16, 64} {
		ts = append(
			ts,
			tanda{filas: n, texto: antes + strings.Repeat(fila+", ", n-1) + fila + despues},
		)
	}
	return ts
}

// una is ts with another text for one row.
func (ts tandas) una(texto string) tandas {
	ts[0].texto = texto
	return ts
}

// ejecutar runs the statement over the rows of arguments fs, in their order, and gives the number of rows of the table
// that it touched.
func (ts tandas) ejecutar(tx *gorm.DB, fs [][]any) (total int64, _ error) {
	for len(fs) > 0 {
		t := ts[len(ts)-1]
		if i := slices.IndexFunc(ts, func(t tanda) bool { return t.filas >= len(fs) }); i >= 0 {
			t = ts[i]
		}
		tocadas, err := ejecutar(tx, t.texto, t.args(fs)...)
		if err != nil {
			return total, err
		}
		total += tocadas
		fs = fs[min(t.filas, len(fs)):]
	}
	return total, nil
}

// args are the arguments of the statement: the first t.filas rows of fs, and nulls for missing ones.
func (t tanda) args(fs [][]any) []any {
	ancho := len(fs[0])
	out := make([]any, t.filas*ancho)
	for i := range min(t.filas, len(fs)) {
		copy(out[i*ancho:], fs[i])
	}
	return out
}
