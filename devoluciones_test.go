//go:build !race

package main

import (
	"slices"
	"testing"
	"time"

	"despensa/internal/apiclient"
)

// devolucion is a return as the API shows it.
type devolucion struct {
	ID     string  `json:"id"`
	Estado string  `json:"estado"`
	Lineas []linea `json:"lineas"`
	Monto  int64   `json:"monto_centavos"`
}

// devolver returns lines of an order as login.
func (s *sitio) devolver(login, id string, ls []linea, o ...apiclient.Opcion) (d devolucion) {
	s.t.Helper()
	s.debe(login, "POST", "/pedidos/"+id+"/devoluciones", map[string]any{"lineas": ls, "motivo": "vino abierto"}, &d, o...)
	return d
}

// aceptar accepts a return as the operator.
func (s *sitio) aceptar(id string, d devolucion) (out devolucion) {
	s.t.Helper()
	s.debe("operador", "POST", "/pedidos/"+id+"/devoluciones/"+d.ID+"/aceptacion", nil, &out)
	return out
}

// entregado is an order of cliente1 at its door: four of one product, two of another.
func (s *sitio) entregado() (p pedido, a, b linea) {
	s.t.Helper()
	secos := s.secos()
	a, b = linea{secos[0].ID, 4}, linea{secos[1].ID, 2}
	p = s.pedir("cliente1", s.comprar("cliente1", lineas(a, b)))
	return s.entregarlo("cliente1", p.ID), a, b
}

// devueltos waits until the gateway has given back n centavos of an order, and no more.
func (s *sitio) devueltos(id string, n int64) {
	s.t.Helper()
	var hay int64
	if err := hasta(s.t.Context(), func() bool { hay = s.ver("cliente1", id).Pago.Reembolsado; return hay == n }); err != nil {
		s.t.Fatalf("%d were given back, want %d: %+v", hay, n, s.historia("operador", id))
	}
}

// TestReturns: some of it, which waits for an operator; then the rest, which ends the order.
func TestReturns(t *testing.T) {
	t.Parallel()
	dosVeces(t, func(c *casa) {
		antes := c.foto()
		p, a, b := c.entregado()
		if !slices.Contains(p.Acciones, "devolver") {
			c.t.Errorf("a delivered order allows %v", p.Acciones)
		}
		precio := c.secos()[0].Precio
		d := c.devolver("cliente1", p.ID, []linea{{a.Producto, 3}})
		if d.Estado != "pedida" || d.Monto != 3*precio {
			c.t.Errorf("answered %+v", d)
		}
		for _, login := range []string{"cliente2", "cliente1"} {
			cod := c.codigo(login, "POST", "/pedidos/"+p.ID+"/devoluciones/"+d.ID+"/aceptacion", nil)
			if cod != "sin-permiso" {
				c.t.Errorf("%s accepts it: %q", login, cod)
			}
		}
		demas := map[string]any{"lineas": []linea{{a.Producto, 2}}, "motivo": "más"}
		if cod := c.codigo("cliente1", "POST", "/pedidos/"+p.ID+"/devoluciones", demas); cod != "devolucion-invalida" {
			c.t.Errorf("more than is left: %q", cod)
		}
		c.devueltos(p.ID, 0)
		if d = c.aceptar(p.ID, d); d.Estado != "aceptada" || d.Monto != 3*precio {
			c.t.Errorf("accepted as %+v", d)
		}
		c.devueltos(p.ID, 3*precio)
		if n := c.disponible(a.Producto); n != antes[a.Producto]-4 {
			c.t.Errorf("%d are free, goods that came back are not to be sold", n)
		}
		resto := c.devolver("operador", p.ID, []linea{{a.Producto, 1}, b})
		if resto.Estado != "aceptada" {
			c.t.Errorf("an operator's own return is %s", resto.Estado)
		}
		p = c.esperar("cliente1", p.ID, "devuelto")
		if p.Motivo != "devolucion" || p.Mensaje == "" || slices.Contains(p.Acciones, "devolver") {
			c.t.Errorf("ended as %+v", p)
		}
		c.devueltos(p.ID, p.Total) // the delivery fee too
		c.cuadrar(antes)
		if ds := todas[devolucion](c.sitio, "cliente1", "/pedidos/"+p.ID+"/devoluciones"); len(ds) != 2 || ds[0].ID != resto.ID {
			c.t.Errorf("listed as %+v", ds)
		}
		if cod := c.codigo("cliente1", "POST", "/pedidos/"+p.ID+"/devoluciones", demas); cod != "paso-no-permitido" {
			c.t.Errorf("of what is over: %q", cod)
		}
	})
}

// TestReturnRefused: what was refused may be asked again, and no money has moved.
func TestReturnRefused(t *testing.T) {
	t.Parallel()
	c := alquilar(t)
	antes := c.foto()
	p, a, _ := c.entregado()
	d := c.devolver("cliente1", p.ID, []linea{a})
	camino := "/pedidos/" + p.ID + "/devoluciones/" + d.ID
	c.debe("operador", "POST", camino+"/rechazo", map[string]any{"motivo": "está usado"}, &d)
	if d.Estado != "rechazada" {
		t.Errorf("answered %+v", d)
	}
	for _, que := range []string{"/aceptacion", "/rechazo"} {
		var cuerpo any
		if que == "/rechazo" {
			cuerpo = map[string]any{"motivo": "otra vez"}
		}
		if cod := c.codigo("operador", "POST", camino+que, cuerpo); cod != "devolucion-resuelta" {
			t.Errorf("%s of what was refused: %q", que, cod)
		}
	}
	otra := c.devolver("cliente1", p.ID, []linea{a})
	c.reloj.adelantar(240*time.Hour + time.Minute)
	if cod := c.codigo("cliente1", "POST", "/pedidos/"+p.ID+"/devoluciones", map[string]any{"lineas": []linea{{a.Producto, 1}}, "motivo": "tarde"}); cod != "devolucion-tarde" {
		t.Errorf("after ten days: %q", cod)
	}
	if p := c.ver("cliente1", p.ID); slices.Contains(p.Acciones, "devolver") {
		t.Errorf("after ten days it allows %v", p.Acciones)
	}
	c.devueltos(p.ID, 0)
	otra = c.aceptar(p.ID, otra) // it was asked for in time
	c.devueltos(p.ID, otra.Monto)
	c.cuadrar(antes)
	want := "creado preprocesar autorizar aceptar confirmar despachar entregar devolucion_pedida devolucion_rechazada devolucion_pedida devolucion_aceptada reembolso_hecho"
	if es := pasos(c.historia("cliente1", p.ID)); es != want {
		t.Errorf("history %q, want %q", es, want)
	}
}

// TestReturnsAndRefunds: never more than was charged, whoever gives money back first.
func TestReturnsAndRefunds(t *testing.T) {
	t.Parallel()
	c := alquilar(t)
	antes := c.foto()
	reembolsar := func(p pedido, n int64) {
		c.debe("operador", "POST", "/pedidos/"+p.ID+"/reembolsos", map[string]any{"monto_centavos": n, "motivo": "pan duro"}, nil)
	}
	casos := map[string]func(p pedido, a, b linea) (int64, string){
		"a refund, then some": func(p pedido, a, _ linea) (int64, string) {
			reembolsar(p, p.Total-100)
			if d := c.devolver("operador", p.ID, []linea{a}); d.Monto != 100 {
				t.Errorf("%d more for the goods, 100 are left", d.Monto)
			}
			return p.Total, "entregado"
		},
		"a refund, then all": func(p pedido, a, b linea) (int64, string) {
			reembolsar(p, p.Total-100)
			c.devolver("operador", p.ID, []linea{a, b})
			return p.Total, "devuelto"
		},
		"some, then a refund": func(p pedido, a, _ linea) (int64, string) {
			d := c.devolver("operador", p.ID, []linea{a})
			if cod := c.codigo("operador", "POST", "/pedidos/"+p.ID+"/reembolsos", map[string]any{"monto_centavos": p.Total - d.Monto + 1, "motivo": "x"}); cod != "monto-excesivo" {
				t.Errorf("more than is left: %q", cod)
			}
			reembolsar(p, p.Total-d.Monto)
			return p.Total, "entregado"
		},
		"asked, a refund of all, accepted": func(p pedido, a, _ linea) (int64, string) {
			d := c.devolver("cliente1", p.ID, []linea{a})
			reembolsar(p, p.Total)
			if d = c.aceptar(p.ID, d); d.Monto != 0 {
				t.Errorf("%d beyond all there was", d.Monto)
			}
			return p.Total, "entregado"
		},
		"some, and a refund beside it": func(p pedido, a, _ linea) (int64, string) {
			d := c.devolver("operador", p.ID, []linea{a})
			reembolsar(p, 1)
			return d.Monto + 1, "entregado"
		},
	}
	for nombre, hacer := range casos {
		p, a, b := c.entregado()
		monto, estado := hacer(p, a, b)
		c.devueltos(p.ID, monto)
		if q := c.esperar("cliente1", p.ID, estado); q.Pago.Cobrado != p.Total {
			t.Errorf("%s: charged %d of %d", nombre, q.Pago.Cobrado, p.Total)
		}
	}
	c.cuadrar(antes)
}

// TestReturnsRace: the same goods returned by many at once, one return accepted by many,
// and a refund of all that is left at the same moment.
func TestReturnsRace(t *testing.T) {
	t.Parallel()
	dosVeces(t, func(c *casa) {
		antes := c.foto()
		c.como("operador")
		p, a, b := c.entregado()
		camino := "/pedidos/" + p.ID
		rs := juntos(8, func(int) respuesta {
			return c.postear("cliente1", camino+"/devoluciones", map[string]any{"lineas": []linea{a}, "motivo": "todos"})
		})
		d := devolucion{}
		for _, r := range rs {
			if r.codigo == "" && d.ID == "" {
				d.ID = r.ID
			} else if r.codigo != "devolucion-invalida" {
				c.t.Errorf("the same goods again: %d %q", r.r.Status, r.codigo)
			}
		}
		rs = juntos(9, func(i int) respuesta {
			if i == 8 {
				return c.postear("operador", camino+"/reembolsos", map[string]any{"motivo": "todo"})
			}
			return c.postear("operador", camino+"/devoluciones/"+d.ID+"/aceptacion", nil)
		})
		bien := 0
		for i, r := range rs {
			if i < 8 && r.codigo == "" {
				bien++
			} else if i < 8 && r.codigo != "devolucion-resuelta" || i == 8 && r.codigo != "" {
				c.t.Errorf("call %d: %d %q", i, r.r.Status, r.codigo)
			}
		}
		if bien != 1 {
			c.t.Errorf("accepted %d times", bien)
		}
		c.devueltos(p.ID, p.Total)
		rs = juntos(2, func(i int) respuesta {
			if i == 0 {
				return c.postear("operador", camino+"/devoluciones", map[string]any{"lineas": []linea{b}, "motivo": "el resto"})
			}
			return c.postear("operador", camino+"/reembolsos", map[string]any{"motivo": "otra vez"})
		})
		if rs[0].codigo != "" || rs[1].codigo == "" {
			c.t.Errorf("the rest %q, a refund of nothing %q", rs[0].codigo, rs[1].codigo)
		}
		c.esperar("cliente1", p.ID, "devuelto")
		c.devueltos(p.ID, p.Total)
		c.cuadrar(antes)
	})
}

// TestReturnsOfWhatNeverArrived: an order that came back because nobody said what became of
// it has nothing to return, and pays back once.
func TestReturnsOfWhatNeverArrived(t *testing.T) {
	t.Parallel()
	c := alquilar(t)
	antes := c.foto()
	p := c.pedir("cliente1", c.comprar("cliente1"))
	c.esperar("cliente1", p.ID, "confirmado")
	v := c.visitaDe(p.ID)
	c.salir(v)
	c.esperar("cliente1", p.ID, "en_reparto")
	cuerpo := map[string]any{"lineas": []linea{{p.Lineas[0].Producto, 1}}, "motivo": "no llegó"}
	for _, estado := range []string{"en_reparto", "devuelto"} {
		c.esperar("cliente1", p.ID, estado)
		for _, login := range []string{"cliente1", "operador"} {
			if cod := c.codigo(login, "POST", "/pedidos/"+p.ID+"/devoluciones", cuerpo); cod != "paso-no-permitido" {
				t.Errorf("%s, %s: %q", estado, login, cod)
			}
		}
		c.reloj.adelantar(72 * time.Hour)
	}
	c.llegar(v, "") // now they say so
	c.devueltos(p.ID, p.Total)
	c.cuadrar(antes)
}
