package historias_test

import (
	"database/sql"
	"slices"
	"testing"

	"despensa/internal/programa"
	"despensa/pruebas/kit"
)

// TestAnUnreadableOrder: one order's document is cut short while the order is due. Every other order goes on, the
// list is shown without the unreadable one, and a restart succeeds. Once the document has been repaired and the order
// taken up again, the order goes on.
func TestAnUnreadableOrder(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	if c.Servers.Mongo != "" {
		t.Skip(
			"SKIPPED: the orders are in MongoDB, whose documents nobody cuts short: see the suite of the store",
		)
	}
	p := c.Order("cliente1", c.NewPurchase("cliente1"))
	c.Await("cliente1", p.ID, "confirmado")
	c.Close()
	db := enPedidos(t, c)
	var doc []byte
	if err := db.QueryRowContext(t.Context(), "select doc from pedidos where id = ?", p.ID).Scan(&doc); err != nil {
		t.Fatal(err)
	}
	cambiar := func(orden string, args ...any) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), orden, args...); err != nil {
			t.Fatal(err)
		}
	}
	cambiar(
		"update pedidos set doc = ?, debe = 1, lease = 1 where id = ?",
		doc[:len(doc)/2],
		p.ID,
	)
	c.Open()
	q := c.Order("cliente1", c.NewPurchase("cliente1"))
	c.Await("cliente1", q.ID, "confirmado")
	for _, login := range []string{"cliente1", "operador"} {
		if code := c.Code(login, "GET", "/pedidos/"+p.ID, nil); code != "pedido-ilegible" {
			t.Errorf("%s is answered %q", login, code)
		}
		ps := kit.All[kit.Order](c.Client, login, "/pedidos")
		if slices.ContainsFunc(ps, func(x kit.Order) bool { return x.ID == p.ID }) ||
			!slices.ContainsFunc(ps, func(x kit.Order) bool { return x.ID == q.ID }) {
			t.Errorf("%s sees %d orders", login, len(ps))
		}
	}
	if code := c.Code("cliente2", "GET", "/pedidos/"+p.ID, nil); code != "pedido-no-existe" {
		t.Errorf("somebody else is answered %q", code)
	}
	c.Until(
		"the order is set aside",
		func() bool { return c.Metric("despensa_apartados") == 1 },
	)
	cambiar("update pedidos set doc = ? where id = ?", doc, p.ID)
	hechas, err := programa.Retomar(t.Context(), c.Programa.Ajustes)
	if err != nil || len(hechas) != 4 || hechas[0].Cuanto != 1 {
		t.Errorf("taken up again: %v, %v", hechas, err)
	}
	c.Deliver("cliente1", p.ID)
}

// enPedidos opens the orders' file beside the program.
func enPedidos(t *testing.T, program *kit.Program) *sql.DB {
	t.Helper()
	db, err := sql.Open(
		"sqlite",
		"file:"+program.File("pedidos.db")+"?_pragma=busy_timeout(5000)",
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}
