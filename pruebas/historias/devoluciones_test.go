package historias_test

import (
	"slices"
	"testing"
	"time"

	"despensa/pruebas/kit"
)

// TestReturns: a customer returns some goods, which waits for an operator, and then the rest, which ends the order.
func TestReturns(t *testing.T) {
	t.Parallel()
	kit.Twice(t, func(c *kit.Program) {
		antes := c.Stock()
		p, a, b := c.Delivered()
		if !slices.Contains(p.Acciones, "devolver") {
			c.T.Errorf("a delivered order allows %v", p.Acciones)
		}
		precio := c.DryProducts()[0].Precio
		d := c.Return("cliente1", p.ID, []kit.Line{{Producto: a.Producto, Cantidad: 3}})
		if d.Estado != "pedida" || d.Monto != 3*precio {
			c.T.Errorf("answered %+v", d)
		}
		for _, login := range []string{"cliente2", "cliente1"} {
			cod := c.Code(
				login,
				"POST",
				"/pedidos/"+p.ID+"/devoluciones/"+d.ID+"/aceptacion",
				nil,
			)
			if cod != "sin-permiso" {
				c.T.Errorf("%s accepts it: %q", login, cod)
			}
		}
		demas := map[string]any{
			"lineas": []kit.Line{{Producto: a.Producto, Cantidad: 2}},
			"motivo": "más",
		}
		if cod := c.Code("cliente1", "POST", "/pedidos/"+p.ID+"/devoluciones", demas); cod != "devolucion-invalida" {
			c.T.Errorf("more than is left: %q", cod)
		}
		c.AwaitRefunded(p.ID, 0)
		if d = c.AcceptReturn(p.ID, d); d.Estado != "aceptada" || d.Monto != 3*precio {
			c.T.Errorf("accepted as %+v", d)
		}
		c.AwaitRefunded(p.ID, 3*precio)
		if n := c.Available(a.Producto); n != antes[a.Producto]-4 {
			c.T.Errorf("%d are free, goods that came back are not to be sold", n)
		}
		resto := c.Return("operador", p.ID, []kit.Line{{Producto: a.Producto, Cantidad: 1}, b})
		if resto.Estado != "aceptada" {
			c.T.Errorf("an operator's own return is %s", resto.Estado)
		}
		p = c.Await("cliente1", p.ID, "devuelto")
		if p.Motivo != "devolucion" || p.Mensaje == "" ||
			slices.Contains(p.Acciones, "devolver") {
			c.T.Errorf("ended as %+v", p)
		}
		c.AwaitRefunded(p.ID, p.Total) // the delivery fee too
		c.Reconcile(antes)
		if ds := kit.All[kit.Return](c.Client, "cliente1", "/pedidos/"+p.ID+"/devoluciones"); len(ds) != 2 ||
			ds[0].ID != resto.ID {
			c.T.Errorf("listed as %+v", ds)
		}
		if cod := c.Code("cliente1", "POST", "/pedidos/"+p.ID+"/devoluciones", demas); cod != "paso-no-permitido" {
			c.T.Errorf("of what is over: %q", cod)
		}
	})
}

// TestReturnRefused: the goods of a refused return may be returned again, and no money has moved.
func TestReturnRefused(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	antes := c.Stock()
	p, a, _ := c.Delivered()
	d := c.Return("cliente1", p.ID, []kit.Line{a})
	camino := "/pedidos/" + p.ID + "/devoluciones/" + d.ID
	c.Must("operador", "POST", camino+"/rechazo", map[string]any{"motivo": "está usado"}, &d)
	if d.Estado != "rechazada" {
		t.Errorf("answered %+v", d)
	}
	for _, que := range []string{"/aceptacion", "/rechazo"} {
		var cuerpo any
		if que == "/rechazo" {
			cuerpo = map[string]any{"motivo": "otra vez"}
		}
		if cod := c.Code("operador", "POST", camino+que, cuerpo); cod != "devolucion-resuelta" {
			t.Errorf("%s of what was refused: %q", que, cod)
		}
	}
	otra := c.Return("cliente1", p.ID, []kit.Line{a})
	c.Clock.Advance(240*time.Hour + time.Minute)
	if cod := c.Code("cliente1", "POST", "/pedidos/"+p.ID+"/devoluciones",
		map[string]any{"lineas": []kit.Line{{Producto: a.Producto, Cantidad: 1}},
			"motivo": "tarde"}); cod != "devolucion-tarde" {
		t.Errorf("after ten days: %q", cod)
	}
	if p := c.See("cliente1", p.ID); slices.Contains(p.Acciones, "devolver") {
		t.Errorf("after ten days it allows %v", p.Acciones)
	}
	c.AwaitRefunded(p.ID, 0)
	otra = c.AcceptReturn(p.ID, otra) // it was asked for in time
	c.AwaitRefunded(p.ID, otra.Monto)
	c.Reconcile(antes)
	want := "creado preprocesar autorizar aceptar confirmar despachar entregar devolucion_pedida devolucion_rechazada " +
		"devolucion_pedida devolucion_aceptada reembolso_hecho"
	if es := kit.Steps(c.History("cliente1", p.ID)); es != want {
		t.Errorf("history %q, want %q", es, want)
	}
}

// TestReturnsAndRefunds: refunds and returns together never give back more than was charged, in either order.
func TestReturnsAndRefunds(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	antes := c.Stock()
	reembolsar := func(p kit.Order, n int64) {
		reembolso := map[string]any{"monto_centavos": n, "motivo": "pan duro"}
		c.Must("operador", "POST", "/pedidos/"+p.ID+"/reembolsos", reembolso, nil)
	}
	casos := map[string]func(p kit.Order, a, b kit.Line) (int64, string){
		"a refund, then some": func(p kit.Order, a, _ kit.Line) (int64, string) {
			reembolsar(p, p.Total-100)
			if d := c.Return("operador", p.ID, []kit.Line{a}); d.Monto != 100 {
				t.Errorf("%d more for the goods, 100 are left", d.Monto)
			}
			return p.Total, "entregado"
		},
		"a refund, then all": func(p kit.Order, a, b kit.Line) (int64, string) {
			reembolsar(p, p.Total-100)
			c.Return("operador", p.ID, []kit.Line{a, b})
			return p.Total, "devuelto"
		},
		"some, then a refund": func(p kit.Order, a, _ kit.Line) (int64, string) {
			d := c.Return("operador", p.ID, []kit.Line{a})
			cod := c.Code("operador", "POST", "/pedidos/"+p.ID+"/reembolsos",
				map[string]any{"monto_centavos": p.Total - d.Monto + 1, "motivo": "x"})
			if cod != "monto-excesivo" {
				t.Errorf("more than is left: %q", cod)
			}
			reembolsar(p, p.Total-d.Monto)
			return p.Total, "entregado"
		},
		"asked, a refund of all, accepted": func(p kit.Order, a, _ kit.Line) (int64, string) {
			d := c.Return("cliente1", p.ID, []kit.Line{a})
			reembolsar(p, p.Total)
			if d = c.AcceptReturn(p.ID, d); d.Monto != 0 {
				t.Errorf("%d beyond all there was", d.Monto)
			}
			return p.Total, "entregado"
		},
		"some, and a refund beside it": func(p kit.Order, a, _ kit.Line) (int64, string) {
			d := c.Return("operador", p.ID, []kit.Line{a})
			reembolsar(p, 1)
			return d.Monto + 1, "entregado"
		},
	}
	for nombre, hacer := range casos {
		p, a, b := c.Delivered()
		monto, estado := hacer(p, a, b)
		c.AwaitRefunded(p.ID, monto)
		if q := c.Await("cliente1", p.ID, estado); q.Pago.Cobrado != p.Total {
			t.Errorf("%s: charged %d of %d", nombre, q.Pago.Cobrado, p.Total)
		}
	}
	c.Reconcile(antes)
}

// TestReturnsRace: many calls at once return the same goods and accept one return, and a refund of all that is left
// comes at the same moment.
func TestReturnsRace(t *testing.T) {
	t.Parallel()
	kit.Twice(t, func(c *kit.Program) {
		antes := c.Stock()
		c.As("operador")
		p, a, b := c.Delivered()
		camino := "/pedidos/" + p.ID
		rs := kit.Together(8, func(int) kit.Answer {
			return c.Post(
				"cliente1",
				camino+"/devoluciones",
				map[string]any{"lineas": []kit.Line{a}, "motivo": "todos"},
			)
		})
		d := kit.Return{}
		for _, r := range rs {
			if r.Code == "" && d.ID == "" {
				d.ID = r.ID
			} else if r.Code != "devolucion-invalida" {
				c.T.Errorf("the same goods again: %d %q", r.Response.Status, r.Code)
			}
		}
		rs = kit.Together(9, func(i int) kit.Answer {
			if i == 8 {
				return c.Post(
					"operador",
					camino+"/reembolsos",
					map[string]any{"motivo": "todo"},
				)
			}
			return c.Post("operador", camino+"/devoluciones/"+d.ID+"/aceptacion", nil)
		})
		bien := 0
		for i, r := range rs {
			if i < 8 && r.Code == "" {
				bien++
			} else if i < 8 && r.Code != "devolucion-resuelta" || i == 8 && r.Code != "" {
				c.T.Errorf("call %d: %d %q", i, r.Response.Status, r.Code)
			}
		}
		if bien != 1 {
			c.T.Errorf("accepted %d times", bien)
		}
		c.AwaitRefunded(p.ID, p.Total)
		rs = kit.Together(2, func(i int) kit.Answer {
			if i == 0 {
				return c.Post(
					"operador",
					camino+"/devoluciones",
					map[string]any{"lineas": []kit.Line{b}, "motivo": "el resto"},
				)
			}
			return c.Post(
				"operador",
				camino+"/reembolsos",
				map[string]any{"motivo": "otra vez"},
			)
		})
		if rs[0].Code != "" || rs[1].Code == "" {
			c.T.Errorf("the rest %q, a refund of nothing %q", rs[0].Code, rs[1].Code)
		}
		c.Await("cliente1", p.ID, "devuelto")
		c.AwaitRefunded(p.ID, p.Total)
		c.Reconcile(antes)
	})
}

// TestReturnsOfWhatNeverArrived: an order that came back because its visit was never reported has nothing to return,
// and is refunded once.
func TestReturnsOfWhatNeverArrived(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	antes := c.Stock()
	p := c.Order("cliente1", c.NewPurchase("cliente1"))
	c.Await("cliente1", p.ID, "confirmado")
	v := c.VisitOf(p.ID)
	c.Depart(v)
	c.Await("cliente1", p.ID, "en_reparto")
	cuerpo := map[string]any{
		"lineas": []kit.Line{{Producto: p.Lineas[0].Producto, Cantidad: 1}},
		"motivo": "no llegó",
	}
	for _, estado := range []string{"en_reparto", "devuelto"} {
		c.Await("cliente1", p.ID, estado)
		for _, login := range []string{"cliente1", "operador"} {
			if cod := c.Code(login, "POST", "/pedidos/"+p.ID+"/devoluciones", cuerpo); cod != "paso-no-permitido" {
				t.Errorf("%s, %s: %q", estado, login, cod)
			}
		}
		c.Clock.Advance(72 * time.Hour)
	}
	c.Arrive(v, "") // now the driver reports the delivery
	c.AwaitRefunded(p.ID, p.Total)
	c.Reconcile(antes)
}
