// Package migrations embeds every module's schema steps (goose files), and the indexes of
// the one that may live in MongoDB.
package migrations

import (
	"embed"
	"io/fs"
)

//go:embed all:clientes all:pagos all:rutas all:pedidos all:auditoria all:dev
var archivos embed.FS

// De gives the steps of one schema: clientes, pagos, rutas, pedidos, auditoria or dev.
func De(esquema string) fs.FS {
	f, err := fs.Sub(archivos, esquema)
	if err != nil {
		panic(err) // only for a name that is no valid path
	}
	return f
}

// Indices gives the MongoDB indexes of a schema: extended JSON, for each collection the
// list that the command createIndexes takes. Nil: it has none.
func Indices(esquema string) []byte {
	b, err := archivos.ReadFile(esquema + "/indices.json")
	if err != nil {
		return nil
	}
	return b
}
