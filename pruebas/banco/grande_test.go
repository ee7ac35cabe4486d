package banco_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"strconv"
	"testing"

	"despensa/pruebas/kit"

	"github.com/google/uuid"
)

// BenchmarkGrande is what calls of the API cost when DESPENSA_TEST_GRANDE orders are there (10000, 1000000), through the
// whole program over files. The orders are copies of one that is confirmed and rests, written into the file.
func BenchmarkGrande(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("DESPENSA_TEST_GRANDE"))
	if err != nil || n < 1 {
		b.Skip("SKIPPED: DESPENSA_TEST_GRANDE says how many orders there are")
	}
	kit.MeetsNoServer(b)
	c := kit.Start(b, quieto)
	compra := c.NewCompra("cliente1")
	id := c.Order("cliente1", compra).ID
	c.Await("cliente1", id, "confirmado")
	c.Close()
	copiar(b, c.File("pedidos.db"), id, n)
	c.Open()
	cuerpo := map[string]any{"direccion_id": compra["direccion_id"], "lineas": compra["lineas"]}
	for _, x := range []struct {
		nombre, login, metodo, camino string
		cuerpo                        any
	}{
		{nombre: "read", login: "cliente1", metodo: "GET", camino: "/pedidos/" + id},
		{nombre: "list", login: "operador", metodo: "GET", camino: "/pedidos?limite=50"},
		{nombre: "list of an estado", login: "operador", metodo: "GET", camino: "/pedidos?limite=50&estado=confirmado"},
		{nombre: "list of a customer", login: "cliente1", metodo: "GET", camino: "/pedidos?limite=50"},
		{nombre: "quote", login: "cliente1", metodo: "POST", camino: "/pedidos/cotizacion", cuerpo: cuerpo},
	} {
		b.Run(x.nombre, func(b *testing.B) {
			for b.Loop() {
				c.Must(x.login, x.metodo, x.camino, x.cuerpo, nil)
			}
		})
	}
	b.Run("place, to confirmado", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			compra := c.NewCompra("cliente1")
			b.StartTimer()
			c.Await("cliente1", c.Order("cliente1", compra).ID, "confirmado")
		}
	})
}

// copiar writes n copies of an order into a file that nobody has open: each with an id and a code of its own, resting.
func copiar(b *testing.B, archivo, id string, n int) {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+archivo)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var codigo string
	var doc []byte
	if err := db.QueryRowContext(b.Context(), "select codigo, doc from pedidos where id = ?", id).Scan(&codigo, &doc); err != nil {
		b.Fatal(err)
	}
	tx, err := db.BeginTx(b.Context(), nil)
	if err != nil {
		b.Fatal(err)
	}
	for i := range n {
		otro := uuid.NewString()
		suyo := fmt.Sprintf("Z%0*d", len(codigo)-1, i)
		suDoc := bytes.ReplaceAll(bytes.ReplaceAll(doc, []byte(id), []byte(otro)), []byte(codigo), []byte(suyo))
		_, err := tx.ExecContext(b.Context(), `insert into pedidos (id, codigo, cliente, estado, creado, version, debe, lease, eventos, publicados, doc)
			select ?, ?, cliente, estado, creado - ?, version, debe + 864000000, lease, eventos, eventos, ? from pedidos where id = ?`,
			otro, suyo, i+1, suDoc, id)
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
}
