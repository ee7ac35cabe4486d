//go:build !race

package main

import (
	"slices"
	"testing"
	"time"
)

// dosVeces tells a story with hand-offs and relays, and again by the orders' own timers alone.
func dosVeces(t *testing.T, historia func(c *casa), opciones ...func(*casa)) {
	t.Helper()
	t.Run("with hand-offs", func(t *testing.T) {
		t.Parallel()
		historia(alquilar(t, opciones...))
	})
	t.Run("by own timers", func(t *testing.T) {
		t.Parallel()
		historia(alquilar(t, append(opciones, sinRelevos)...))
	})
}

func TestFromOrderToDoor(t *testing.T) {
	t.Parallel()
	for nombre, metodo := range map[string]string{"credit": "tarjeta_credito", "debit": "tarjeta_debito"} {
		t.Run(nombre, func(t *testing.T) {
			dosVeces(t, func(c *casa) {
				antes := c.foto()
				pago := c.conTarjeta("APRO")
				if pago["metodo"] = metodo; metodo == "tarjeta_debito" {
					pago["marca"] = "debmaster"
				}
				p := c.pedir("cliente1", c.comprar("cliente1", pagando(pago)))
				if p.Estado != "creado" || p.Intento != 1 || len(p.Acciones) != 1 {
					c.t.Errorf("answered %+v", p)
				}
				p = c.entregarlo("cliente1", p.ID)
				quiere := "creado preprocesar autorizar aceptar confirmar despachar entregar"
				if es := pasos(c.historia("cliente1", p.ID)); es != quiere {
					c.t.Errorf("history %q, want %q", es, quiere)
				}
				if p.Pago.Cobrado != p.Total || p.Entrega == nil {
					c.t.Errorf("delivered as %+v", p)
				}
				c.cuadrar(antes)
			})
		})
	}
}

func TestCardRefusedMendedPaid(t *testing.T) {
	t.Parallel()
	dosVeces(t, func(c *casa) {
		antes := c.foto()
		p := c.pedir("cliente1", c.comprar("cliente1", pagando(c.conTarjeta("FUND"))))
		p = c.esperar("cliente1", p.ID, "fallido")
		if p.Motivo != "pago-rechazado.sin-fondos" || p.Mensaje == "" {
			c.t.Errorf("failed for %q: %q", p.Motivo, p.Mensaje)
		}
		var r pedido
		c.debe("cliente1", "POST", "/pedidos/"+p.ID+"/reintento", map[string]any{"pago": c.conTarjeta("APRO")}, &r)
		if r.Intento != 2 {
			c.t.Errorf("retry answers intento %d", r.Intento)
		}
		c.entregarlo("cliente1", p.ID)
		c.cuadrar(antes)
	})
}

func TestSoldOutOtherLinesPaid(t *testing.T) {
	t.Parallel()
	dosVeces(t, func(c *casa) {
		escaso := c.producto("Dulce escaso", 5)
		antes := c.foto()
		p := c.pedir("cliente2", c.comprar("cliente2", lineas(linea{escaso, 6})))
		p = c.esperar("cliente2", p.ID, "fallido")
		if p.Motivo != "sin-stock" {
			c.t.Errorf("failed for %q", p.Motivo)
		}
		otra := map[string]any{"lineas": []linea{{escaso, 5}, {c.secos()[1].ID, 2}}}
		c.debe("cliente2", "POST", "/pedidos/"+p.ID+"/reintento", otra, nil)
		c.entregarlo("cliente2", p.ID)
		c.cuadrar(antes)
		if n := c.disponible(escaso); n != 0 {
			c.t.Errorf("%d are left", n)
		}
	})
}

// TestRetryTooLateForItsWindow: the window that was asked for has come too near for the
// new way to pay, or is over; the customer is told at the door and loses no intento.
func TestRetryTooLateForItsWindow(t *testing.T) {
	t.Parallel()
	c := alquilar(t)
	antes := c.foto()
	ventana := func(k compra) {
		k["entrega"] = map[string]any{"desde": manana.Add(2 * time.Hour), "hasta": manana.Add(6 * time.Hour)} // 11:00 to 15:00
	}
	p := c.pedir("cliente1", c.comprar("cliente1", pagando(c.conTarjeta("FUND")), ventana))
	c.esperar("cliente1", p.ID, "fallido")
	camino := "/pedidos/" + p.ID + "/reintento"
	if cod := c.codigo("cliente1", "POST", camino, map[string]any{"pago": map[string]any{"metodo": "efectivo"}}); cod != "ventana-invalida" {
		c.t.Errorf("a voucher for a window in two hours: %q", cod)
	}
	c.reloj.adelantar(7 * time.Hour)
	if cod := c.codigo("cliente1", "POST", camino, map[string]any{"pago": c.conTarjeta("APRO")}); cod != "ventana-invalida" {
		c.t.Errorf("a window that is over: %q", cod)
	}
	otra := map[string]any{"desde": manana.Add(22 * time.Hour), "hasta": manana.Add(26 * time.Hour)}
	var r pedido
	c.debe("cliente1", "POST", camino, map[string]any{"pago": c.conTarjeta("APRO"), "entrega": otra}, &r)
	if r.Intento != 2 {
		c.t.Errorf("answered intento %d", r.Intento)
	}
	c.esperar("cliente1", p.ID, "confirmado")
	c.cuadrar(antes)
}

func TestThreeRefusalsEndTheOrder(t *testing.T) {
	t.Parallel()
	dosVeces(t, func(c *casa) {
		antes := c.foto()
		p := c.pedir("cliente1", c.comprar("cliente1", pagando(c.conTarjeta("OTHE"))))
		for i, titular := range []string{"FUND", "SECU"} {
			c.hasta("it can be retried", func() bool { return slices.Contains(c.ver("cliente1", p.ID).Acciones, "reintentar") })
			c.debe("cliente1", "POST", "/pedidos/"+p.ID+"/reintento", map[string]any{"pago": c.conTarjeta(titular)}, &p)
			if p.Intento != i+2 {
				c.t.Errorf("retry %d answers intento %d", i+1, p.Intento)
			}
			if c.codigo("cliente1", "POST", "/pedidos/"+p.ID+"/reintento", map[string]any{}) == "" {
				c.t.Error("a second retry was taken")
			}
		}
		p = c.esperar("cliente1", p.ID, "rechazado")
		if len(p.Acciones) != 0 {
			c.t.Errorf("a rejected order allows %v", p.Acciones)
		}
		c.cuadrar(antes)
	})
}

func TestPaymentPendingForLong(t *testing.T) {
	t.Parallel()
	perdidos := func(c *casa) {
		if err := c.alSimulador(c.t.Context(), "POST", "/_control", map[string]any{"avisos": map[string]any{"perder": 1}}, nil); err != nil {
			c.t.Fatal(err)
		}
	}
	t.Run("approved by webhook", func(t *testing.T) {
		dosVeces(t, func(c *casa) { pendiente(c, "pagar", "confirmado") }, conAjustes(func(k *Configuracion) {
			k.Pagos.SondeoMin, k.Pagos.SondeoMax = time.Hour, time.Hour
		}))
	})
	t.Run("approved, found by poll", func(t *testing.T) {
		dosVeces(t, func(c *casa) { perdidos(c); pendiente(c, "pagar", "confirmado") })
	})
	t.Run("declined in the end", func(t *testing.T) {
		dosVeces(t, func(c *casa) { pendiente(c, "rechazar", "fallido") })
	})
	t.Run("expired at the gateway", func(t *testing.T) {
		dosVeces(t, func(c *casa) { perdidos(c); pendiente(c, "vencer", "fallido") })
	})
}

// pendiente orders with each method that takes its time; then the gateway decides.
func pendiente(c *casa, que, estado string) {
	antes := c.foto()
	for _, pago := range []map[string]any{{"metodo": "efectivo"}, {"metodo": "transferencia"}, c.conTarjeta("CONT")} {
		p := c.pedir("cliente1", c.comprar("cliente1", pagando(pago)))
		p = c.esperar("cliente1", p.ID, "pago_pendiente")
		if pago["token"] == nil && p.Pago.Instrucciones == "" {
			c.t.Errorf("%v: nobody says where to pay", pago["metodo"])
		}
		for _, a := range c.libro() {
			if a.Referencia == p.ID+"-1" {
				if err := c.alSimulador(c.t.Context(), "POST", "/_control/ordenes/"+a.ID+"/"+que, nil, nil); err != nil {
					c.t.Fatal(err)
				}
			}
		}
		c.esperar("cliente1", p.ID, estado)
	}
	c.cuadrar(antes)
}

func TestFailedVisits(t *testing.T) {
	t.Parallel()
	t.Run("one, then delivered", func(t *testing.T) {
		dosVeces(t, func(c *casa) {
			antes := c.foto()
			p := c.pedir("cliente1", c.comprar("cliente1"))
			c.fallarVisita(p.ID)
			c.entregarlo("cliente1", p.ID)
			c.cuadrar(antes)
		})
	})
	t.Run("three, money and goods come back", func(t *testing.T) {
		dosVeces(t, func(c *casa) {
			antes := c.foto()
			p := c.pedir("cliente1", c.comprar("cliente1"))
			for range 3 {
				c.fallarVisita(p.ID)
			}
			p = c.esperar("cliente1", p.ID, "devuelto")
			if p.Motivo != "entrega-fallida" || p.Mensaje == "" {
				c.t.Errorf("came back for %q", p.Motivo)
			}
			c.cuadrar(antes)
		})
	})
}

// fallarVisita sends the truck to a door that nobody opens.
func (s *sitio) fallarVisita(id string) {
	s.t.Helper()
	s.esperar("operador", id, "confirmado")
	v := s.visitaDe(id)
	s.salir(v)
	s.esperar("operador", id, "en_reparto")
	s.llegar(v, "nadie abrió")
	s.hasta("the order leaves en_reparto", func() bool { return s.ver("operador", id).Estado != "en_reparto" })
}

func TestRefunds(t *testing.T) {
	t.Parallel()
	dosVeces(t, func(c *casa) {
		antes := c.foto()
		p := c.pedir("cliente1", c.comprar("cliente1"))
		p = c.entregarlo("cliente1", p.ID)
		camino := "/pedidos/" + p.ID + "/reembolsos"
		c.debe("operador", "POST", camino, map[string]any{"monto_centavos": 100, "motivo": "faltó pan"}, nil)
		c.debe("operador", "POST", camino, map[string]any{"monto_centavos": 250, "motivo": "pan duro"}, nil)
		c.hasta("both are given back", func() bool { return c.ver("cliente1", p.ID).Pago.Reembolsado == 350 })
		if cod := c.codigo("operador", "POST", camino, map[string]any{"monto_centavos": p.Total, "motivo": "todo"}); cod != "monto-excesivo" {
			c.t.Errorf("more than there is: %q", cod)
		}
		c.cuadrar(antes)
	})
}

// producto puts a dry product with n units into the first depot.
func (s *sitio) producto(nombre string, n int64) string {
	s.t.Helper()
	var p producto
	s.debe("admin", "POST", "/productos", map[string]any{"nombre": nombre, "categoria": "prueba", "precio_centavos": 12345,
		"iva": "21", "peso_gramos": 500, "volumen_ml": 600, "frio": false}, &p)
	s.debe("admin", "POST", "/productos/"+p.ID+"/movimientos", map[string]any{"cantidad": n, "motivo": "compra"}, nil)
	return p.ID
}
