//go:build !race

package main

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"despensa/platform/apiclient"
)

// aLaVez does f n times at once.
func aLaVez(n int, f func(i int)) {
	var wg sync.WaitGroup
	listos := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-listos
			f(i)
		})
	}
	close(listos)
	wg.Wait()
}

// pedirMuchos places n orders at once, by all customers, and gives their ids.
func pedirMuchos(c *casa, n int, cambios ...func(compra)) []string {
	c.t.Helper()
	compras := make([]compra, n)
	for i := range compras {
		compras[i] = c.comprar(compradores[i%len(compradores)], cambios...)
	}
	ids := make([]string, n)
	aLaVez(n, func(i int) {
		var p pedido
		if err := c.como(compradores[i%len(compradores)]).Hacer(c.t.Context(), "POST", "/pedidos", compras[i], &p); err != nil {
			c.t.Error(err)
		}
		ids[i] = p.ID
	})
	return ids
}

// finales waits until all orders are confirmed or failed, and counts why.
func finales(c *casa, ids []string) map[string]int {
	c.t.Helper()
	n := map[string]int{}
	for _, id := range ids {
		p := c.esperar("operador", id, "confirmado", "fallido")
		n[p.Estado+" "+p.Motivo]++
	}
	return n
}

func TestLastUnits(t *testing.T) {
	t.Parallel()
	dosVeces(t, func(c *casa) {
		escaso := c.producto("Dulce escaso", 20)
		antes := c.foto()
		n := finales(c, pedirMuchos(c, 64, lineas(linea{escaso, 1})))
		if n["confirmado "] != 20 || n["fallido sin-stock"] != 44 {
			c.t.Errorf("20 units, 64 buyers: %v", n)
		}
		if q := c.disponible(escaso); q != 0 {
			c.t.Errorf("%d units are left", q)
		}
		c.cuadrar(antes)
	})
}

// TestLastPlaces: 64 orders want a day on which all trucks together have 20 places.
func TestLastPlaces(t *testing.T) {
	t.Parallel()
	dosVeces(t, func(c *casa) {
		dia := manana.AddDate(0, 0, 3)
		c.reducir(dia, 20)
		antes := c.foto()
		ventana := func(k compra) {
			k["entrega"] = map[string]any{"desde": dia.Add(-2 * time.Hour), "hasta": dia.Add(2 * time.Hour)} // 07:00 to 11:00
		}
		n := finales(c, pedirMuchos(c, 64, ventana))
		if n["confirmado "] != 20 || n["fallido ventana-agotada"] != 44 {
			c.t.Errorf("20 places, 64 orders: %v", n)
		}
		c.cuadrar(antes)
	})
}

// reducir leaves all shifts of a day together n places.
func (s *sitio) reducir(dia time.Time, n int) {
	s.t.Helper()
	ts := todas[turno](s, "gestor", "/turnos?dia="+dia.Format(time.DateOnly))
	if len(ts) == 0 || n%len(ts) != 0 {
		s.t.Fatalf("%d places over %d shifts", n, len(ts))
	}
	for _, t := range ts {
		var r apiclient.Respuesta
		s.debe("gestor", "GET", "/turnos/"+t.ID, nil, nil, apiclient.EnRespuesta(&r))
		s.debe("gestor", "PATCH", "/turnos/"+t.ID, map[string]any{"visitas_max": n / len(ts)}, nil, apiclient.SiCoincide(r.Cabecera.Get("ETag")))
	}
}

// TestOddHours: somebody orders on a Sunday at three in the morning, and a minute to
// midnight before a shift.
func TestOddHours(t *testing.T) {
	t.Parallel()
	horas := map[string]time.Time{
		"Sunday 03:00":    time.Date(2026, 3, 8, 6, 0, 0, 0, time.UTC),
		"Wednesday 23:59": time.Date(2026, 3, 5, 2, 59, 0, 0, time.UTC),
	}
	for nombre, hora := range horas {
		t.Run(nombre, func(t *testing.T) {
			dosVeces(t, func(c *casa) {
				antes := c.foto()
				p := c.pedir("cliente1", c.comprar("cliente1"))
				p = c.esperar("cliente1", p.ID, "confirmado")
				if p.Entrega.Desde.Before(hora) {
					c.t.Errorf("promised for %v", p.Entrega.Desde)
				}
				c.cuadrar(antes)
			}, func(c *casa) { c.reloj = nuevoReloj(hora) })
		})
	}
}

// TestLastStepEightTimes: the capture and the delivery are asked for eight times at once.
func TestLastStepEightTimes(t *testing.T) {
	t.Parallel()
	dosVeces(t, func(c *casa) {
		antes := c.foto()
		p := c.pedir("cliente1", c.comprar("cliente1", pagando(map[string]any{"metodo": "efectivo"})))
		c.esperar("cliente1", p.ID, "pago_pendiente")
		orden := c.libro()[0].ID
		aLaVez(8, func(int) {
			_ = c.alSimulador(c.t.Context(), "POST", "/_control/ordenes/"+orden+"/pagar", nil, nil) // the first one pays
			_ = c.p.pedidos.Mirar(c.t.Context(), p.ID, 1)
		})
		c.esperar("cliente1", p.ID, "confirmado")
		v := c.visitaDe(p.ID)
		c.salir(v)
		c.esperar("cliente1", p.ID, "en_reparto")
		aLaVez(8, func(i int) {
			err := c.como("gestor").Hacer(c.t.Context(), "POST", "/visitas/"+v.ID+"/entrega", nil, nil, apiclient.ConClave(fmt.Sprint("entrega-", i)))
			if cod := apiclient.Codigo(err); err != nil && cod != "visita-estado" {
				c.t.Errorf("delivery %d: %v", i, err)
			}
		})
		c.esperar("cliente1", p.ID, "entregado")
		if l := c.libro(); len(l) != 1 || l[0].Cobrado != p.Total || l[0].Reembolsado != 0 {
			c.t.Errorf("the gateway's ledger: %+v", l)
		}
		c.cuadrar(antes)
	})
}

// TestManyNotices: each notice fifty times, and late ones first.
func TestManyNotices(t *testing.T) {
	t.Parallel()
	dosVeces(t, func(c *casa) {
		antes := c.foto()
		if err := c.alSimulador(c.t.Context(), "POST", "/_control", map[string]any{"avisos": map[string]any{"repetir": 49, "desordenar": true, "demora_ms": 5}}, nil); err != nil {
			c.t.Fatal(err)
		}
		paga := c.pedir("cliente1", c.comprar("cliente1", pagando(map[string]any{"metodo": "transferencia"})))
		no := c.pedir("cliente2", c.comprar("cliente2", pagando(map[string]any{"metodo": "transferencia"})))
		for id, que := range map[string]string{paga.ID: "pagar", no.ID: "rechazar"} {
			c.esperar("operador", id, "pago_pendiente")
			for _, a := range c.libro() {
				if a.Referencia == id+"-1" {
					if err := c.alSimulador(c.t.Context(), "POST", "/_control/ordenes/"+a.ID+"/"+que, nil, nil); err != nil {
						c.t.Fatal(err)
					}
				}
			}
		}
		c.esperar("operador", paga.ID, "confirmado")
		c.esperar("operador", no.ID, "fallido")
		c.cuadrar(antes)
	})
}

// TestOneKeyManyAtOnce: the same order and the same cancel, sixteen times at once.
func TestOneKeyManyAtOnce(t *testing.T) {
	t.Parallel()
	dosVeces(t, func(c *casa) {
		antes := c.foto()
		compra := c.comprar("cliente1")
		var ids, cancelados sync.Map
		aLaVez(16, func(int) {
			var p pedido
			if err := c.como("cliente1").Hacer(c.t.Context(), "POST", "/pedidos", compra, &p, apiclient.ConClave("una")); err != nil {
				c.t.Error(err)
			}
			ids.Store(p.ID, true)
		})
		var id string
		n := 0
		ids.Range(func(k, _ any) bool { id, n = k.(string), n+1; return true })
		if n != 1 || len(todas[pedido](c.sitio, "cliente1", "/pedidos")) != 1 {
			c.t.Errorf("%d orders", n)
		}
		c.esperar("cliente1", id, "confirmado")
		aLaVez(16, func(i int) {
			err := c.como("cliente1").Hacer(c.t.Context(), "POST", "/pedidos/"+id+"/cancelacion", map[string]any{"motivo": "x"}, nil, apiclient.ConClave("otra"))
			if err != nil {
				cancelados.Store(i, err)
			}
		})
		cancelados.Range(func(_, err any) bool { c.t.Error(err); return true })
		c.esperar("cliente1", id, "cancelado")
		c.cuadrar(antes)
	})
}
