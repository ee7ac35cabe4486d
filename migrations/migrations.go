// Package migrations embeds the migrations of all schemas (goose files), and the MongoDB indexes of pedidos, which may
// live in MongoDB instead.
package migrations

import (
	"embed"
	"io/fs"
)

//go:embed all:clientes all:pagos all:rutas all:pedidos all:auditoria all:dev
var archivos embed.FS

// De gives the migrations of one schema: clientes, pagos, rutas, pedidos, auditoria or dev. It panics for a name that
// is no valid path.
func De(esquema string) fs.FS {
	f, err := fs.Sub(archivos, esquema)
	if err != nil {
		panic(err) // only for a name that is no valid path
	}
	return f
}

// Indices gives the MongoDB indexes of a schema, in extended JSON: for each collection, the list that the command
// createIndexes takes. Nil: the schema has no indexes in MongoDB.
func Indices(esquema string) []byte {
	b, err := archivos.ReadFile(esquema + "/indices.json")
	if err != nil {
		return nil
	}
	return b
}
