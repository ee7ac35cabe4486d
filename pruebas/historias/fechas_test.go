package historias_test

import (
	"slices"
	"testing"
	"time"

	"despensa/internal/apiclient"
	"despensa/pruebas/kit"
)

// lote is a receipt of goods under the name of a batch.
type lote struct {
	nombre string
	n      int64
	dias   int // until they expire, from now; 0: they keep
}

// take moves the goods of lote into the stock of producto, and returns the problem's code; "" for a success.
func take(program *kit.Program, producto string, lote lote) string {
	cuerpo := map[string]any{"cantidad": lote.n, "motivo": "compra", "lote": lote.nombre}
	if lote.dias != 0 {
		cuerpo["vence"] = program.Clock.Now().AddDate(0, 0, lote.dias).Format(time.RFC3339)
	}
	return program.Code("admin", "POST", "/productos/"+producto+"/movimientos", cuerpo)
}

// newEmpty makes a product without stock.
func newEmpty(program *kit.Program, nombre string) string {
	id := program.NewProduct(nombre, 1)
	program.Must(
		"admin",
		"POST",
		"/productos/"+id+"/movimientos",
		map[string]any{"cantidad": -1, "motivo": "conteo"},
		nil,
	)
	return id
}

// orderOf is an order of n units of a product.
func orderOf(program *kit.Program, producto string, n int64) kit.Order {
	return program.Order(
		"cliente1",
		program.NewPurchase("cliente1", kit.Lines(kit.Line{Producto: producto, Cantidad: n})),
	)
}

// TestExpiredGoodsAreNotSold (B1): a lot that expires before its delivery counts as no stock, for the catalogue, the
// quote and the order. Of the other lots the one that expires first is sold first.
func TestExpiredGoodsAreNotSold(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	id := newEmpty(c, "queso")
	for _, l := range []lote{{nombre: "viejo", n: 5, dias: 1}, {nombre: "hoy", n: 5, dias: 2}} {
		if cod := take(c, id, l); cod != "" {
			t.Fatal(cod)
		}
	}
	c.Clock.Advance(48 * time.Hour)
	for l, quiero := range map[lote]string{
		{nombre: "ayer", n: 5, dias: -1}:  "lote-vencido",
		{nombre: "tarde", n: 5, dias: 90}: "",
		{nombre: "luego", n: 5, dias: 80}: "",
	} {
		if cod := take(c, id, l); cod != quiero {
			t.Errorf("%s came in with %q", l.nombre, cod)
		}
	}
	if n := c.Available(id); n != 10 {
		t.Errorf("%d are free, 10 can be delivered in time", n)
	}
	q := struct {
		Faltan   []string         `json:"faltan"`
		Ventanas []map[string]any `json:"ventanas"`
	}{}
	cotizar := func(n int64) {
		compra := c.NewPurchase("cliente1")
		c.Must(
			"cliente1",
			"POST",
			"/pedidos/cotizacion",
			map[string]any{"direccion_id": compra["direccion_id"],
				"lineas": []kit.Line{{Producto: id, Cantidad: n}}},
			&q,
		)
	}
	if cotizar(12); !slices.Contains(q.Faltan, id) || len(q.Ventanas) > 0 {
		t.Errorf("12 of 10 are offered: %+v", q)
	}
	if cotizar(10); len(q.Faltan) > 0 || len(q.Ventanas) == 0 {
		t.Errorf("10 of 10 are not offered: %+v", q)
	}
	mal := orderOf(c, id, 12)
	if p := c.Await("cliente1", mal.ID, "fallido"); p.Motivo != "sin-stock" {
		t.Errorf("12 of 10: %s", p.Motivo)
	}
	bien := orderOf(c, id, 6)
	c.Await("cliente1", bien.ID, "confirmado")
	if ls := soldFrom(c, id, bien.ID); !slices.Equal(ls, []string{"luego", "tarde"}) {
		t.Errorf("sold from %v", ls)
	}
	c.Must(
		"admin",
		"PATCH",
		"/productos/"+id,
		map[string]any{"vida_minima_dias": 100},
		nil,
		apiclient.IfMatch("*"),
	)
	if n := c.Available(id); n != 0 {
		t.Errorf("%d are free, none is good for 100 days", n)
	}
	// expired goods may be taken out
	for _, l := range []lote{
		{nombre: "viejo", n: -5, dias: 0}, {nombre: "hoy", n: -5, dias: 0},
		{nombre: "tarde", n: -4, dias: 0},
	} {
		if cod := take(c, id, l); cod != "" {
			t.Errorf("taking %s out: %q", l.nombre, cod)
		}
	}
}

// soldFrom returns the batches from which a product was sold to an order.
func soldFrom(program *kit.Program, producto, pedido string) (lotes []string) {
	for _, m := range movements(program, producto, "") {
		if m.Pedido == pedido && m.Cantidad < 0 {
			for _, l := range m.Lotes {
				lotes = append(lotes, l.Lote)
			}
		}
	}
	return lotes
}

// movimiento is a movement as the API shows it.
type movimiento struct {
	Cantidad int64  `json:"cantidad"`
	Motivo   string `json:"motivo"`
	Pedido   string `json:"pedido_id"`
	Lotes    []struct {
		Lote string `json:"lote"`
	} `json:"lotes"`
}

func movements(program *kit.Program, producto, lote string) []movimiento {
	login, ruta := "admin", "/productos/"+producto+"/movimientos"
	if lote != "" {
		login, ruta = "operador", ruta+"?lote="+lote
	}
	return kit.All[movimiento](program.Client, login, ruta)
}

// TestOneDatePerBatch (B2): a batch has one date in every depot, under many calls at once; the batch can be taken out
// as a whole.
func TestOneDatePerBatch(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	id := c.NewProduct("yogur", 1)
	rs := kit.Together(8, func(i int) kit.Answer {
		return c.Post("admin", "/productos/"+id+"/movimientos",
			map[string]any{"cantidad": 5, "motivo": "compra", "lote": "L",
				"vence": c.Clock.Now().AddDate(0, 0, 30+i%2).Format(time.RFC3339)})
	})
	entraron := map[int]int{}
	for i, r := range rs {
		if r.Code == "" {
			entraron[i%2]++
		} else if r.Code != "lote-con-otra-fecha" || r.Response.Status != 409 {
			t.Errorf("%d: %d %q", i, r.Response.Status, r.Code)
		}
	}
	if len(entraron) != 1 || entraron[0]+entraron[1] != 4 {
		t.Errorf("taken in by date: %v", entraron)
	}
	if cod := take(c, id, lote{nombre: "L", n: -8, dias: 0}); cod != "" {
		t.Errorf("taking 8 of 20 out: %q", cod)
	}
	if n := c.Available(id); n != 13 {
		t.Errorf("%d are free", n)
	}
}

// TestGoodsComeBackOnce (B3): of 10 units 4 are sold and one comes back into stock. The other three make the stock 10
// if they come back into it, and 7 if they are thrown away. A recall names the orders to which the batch went.
func TestGoodsComeBackOnce(t *testing.T) {
	t.Parallel()
	for destino, quiero := range map[string]int64{"existencias": 10, "descarte": 7, "": 7} {
		t.Run("to "+destino, func(t *testing.T) {
			t.Parallel()
			kit.Twice(t, func(c *kit.Program) {
				id := newEmpty(c, "dulce")
				if cod := take(c, id, lote{nombre: "L1", n: 10, dias: 60}); cod != "" {
					c.T.Fatal(cod)
				}
				antes := c.Stock()
				p := orderOf(c, id, 4)
				c.Deliver("cliente1", p.ID)
				vuelve := []kit.GoodsBack{{Producto: id, Cantidad: 1, Destino: "existencias"}}
				cuerpo := map[string]any{"lineas": vuelve, "motivo": "x"}
				if cod := c.Code("cliente1", "POST", "/pedidos/"+p.ID+"/devoluciones", cuerpo); cod != "devolucion-invalida" {
					c.T.Errorf("a customer says where goods go: %q", cod)
				}
				otro := kit.GoodsBack{
					Producto: id,
					Cantidad: 1,
					Destino:  "existencias",
					Lote:     "L2",
				}
				if cod := c.Code("operador", "POST", "/pedidos/"+p.ID+"/devoluciones",
					map[string]any{"lineas": []kit.GoodsBack{otro}, "motivo": "x"}); cod != "devolucion-invalida" {
					c.T.Errorf("of a batch that the order did not get: %q", cod)
				}
				c.ReturnTo(
					p.ID,
					kit.GoodsBack{
						Producto: id,
						Cantidad: 1,
						Destino:  "existencias",
						Lote:     "L1",
					},
				)
				c.AwaitAvailable(id, 7)
				d := c.Return("cliente1", p.ID, []kit.Line{{Producto: id, Cantidad: 3}})
				var di []kit.GoodsBack
				if destino != "" {
					di = append(di, kit.GoodsBack{Producto: id, Destino: destino})
				}
				c.AcceptReturn(p.ID, d, di...)
				c.Await("cliente1", p.ID, "devuelto")
				c.AwaitRefunded(p.ID, p.Total)
				c.AwaitAvailable(id, quiero)
				c.Reconcile(antes)
				suma, motivos := int64(0), map[string]int64{}
				for _, m := range movements(c, id, "L1") {
					suma += m.Cantidad
					motivos[m.Motivo] += m.Cantidad
					if m.Motivo != "compra" && m.Pedido != p.ID {
						c.T.Errorf("the batch went to %q: %+v", m.Pedido, m)
					}
				}
				if suma != quiero || motivos["venta"] != -4 || motivos["devolucion"] != 4 ||
					motivos["descarte"] != quiero-10 {
					c.T.Errorf("the ledger says %d: %v", suma, motivos)
				}
				if ms := movements(c, id, "L2"); len(ms) > 0 {
					c.T.Errorf("another batch: %+v", ms)
				}
				if cod := c.Code("operador", "GET", "/productos/"+id+"/movimientos", nil); cod != "sin-permiso" {
					c.T.Errorf("all movements, to an operator: %q", cod)
				}
			})
		})
	}
}
