package kit

import (
	"database/sql"

	"despensa/platform/mongodb/mongodbtest"
)

// Published compares the event store with the orders: each event once, none missing.
func Published(program *Program) {
	program.T.Helper()
	contar := program.eventStore()
	for _, p := range All[Order](program.Client, "operador", "/pedidos") {
		tiene := len(program.History("operador", p.ID))
		program.Until("the events are published", func() bool {
			n, ultimo, err := contar(p.ID)
			return err == nil && n == tiene && ultimo == tiene
		})
	}
}

// eventStore returns a function that reads, from the file or the server itself, the number of stored events of an
// order and the number (seq) of the last event.
func (c *Program) eventStore() func(id string) (n, ultimo int, err error) {
	c.T.Helper()
	if c.Servers.Mongo != "" {
		return func(id string) (n, ultimo int, err error) {
			es, err := mongodbtest.Read[struct {
				Seq int `bson:"seq"`
			}](c.Servers.Mongo, "eventos", "pedido", id)
			for _, e := range es {
				ultimo = max(ultimo, e.Seq)
			}
			return len(es), ultimo, err
		}
	}
	db, err := sql.Open("sqlite", "file:"+c.File("pedidos.db")+"?mode=ro")
	if err != nil {
		c.T.Fatal(err)
	}
	c.T.Cleanup(func() { db.Close() })
	return func(id string) (n, ultimo int, err error) {
		err = db.QueryRowContext(c.T.Context(), "select count(*), coalesce(max(seq), 0) from eventos where pedido = ?",
			id).
			Scan(&n, &ultimo)
		return n, ultimo, err
	}
}
