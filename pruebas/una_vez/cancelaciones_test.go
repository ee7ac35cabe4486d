package una_vez_test

import (
	"testing"
	"time"

	"despensa/internal/ajustes"
	"despensa/platform/sqldb"
	"despensa/pruebas/kit"
)

// TestCancelEverywhere cancels in each state that allows it while a phase is under way.
func TestCancelEverywhere(t *testing.T) {
	t.Parallel()
	casos := map[string]struct {
		nombre  string
		momento sqldb.Moment
		estado  string
	}{
		"creado, before stock is reserved": {
			nombre: "pedidos.guardar_existencia", momento: sqldb.Before, estado: "creado"},
		"creado, after stock is reserved": {
			nombre: "pedidos.guardar_existencia", momento: sqldb.After, estado: "creado"},
		"creado, before the gateway": {
			nombre:  "pasarela.crear",
			momento: sqldb.Before,
			estado:  "creado",
		},
		"creado, after the gateway": {
			nombre:  "pasarela.crear",
			momento: sqldb.After,
			estado:  "creado",
		},
		"creado, before a truck is booked": {
			nombre:  "rutas.reservar",
			momento: sqldb.Before,
			estado:  "creado",
		},
		"creado, after a truck is booked": {
			nombre:  "rutas.reservar",
			momento: sqldb.After,
			estado:  "creado",
		},
		"aceptado, before the money is captured": {
			nombre:  "pasarela.capturar",
			momento: sqldb.Before,
			estado:  "aceptado",
		},
		"aceptado, after the money is captured": {
			nombre:  "pasarela.capturar",
			momento: sqldb.After,
			estado:  "aceptado",
		},
	}
	for nombre, x := range casos {
		t.Run(nombre, func(t *testing.T) {
			for _, relevos := range []bool{true, false} {
				t.Run(
					map[bool]string{true: "with hand-offs", false: "by own timers"}[relevos],
					func(t *testing.T) {
						t.Parallel()
						g := kit.NewGate(x.nombre, x.momento)
						// Publishing movements saves stock too: here orders alone do.
						sinPublicar := kit.WithSettings(
							func(k *ajustes.Configuracion) { k.Pedidos.FranjaPublicar = time.Hour },
						)
						c := kit.Start(t, sinPublicar, func(c *kit.Program) {
							c.Pruebas.Cut, c.Pruebas.SinRelevos = g.Cut, !relevos
						})
						cancelarMientras(c, g, x.estado)
					},
				)
			}
		})
	}
}

// cancelarMientras cancels an order while gate holds its phase in estado.
func cancelarMientras(program *kit.Program, gate *kit.Gate, estado string) {
	antes := program.Stock()
	compra := program.NewPurchase("cliente1")
	gate.Once <- struct{}{}
	p := program.Order("cliente1", compra)
	gate.Await(program.T)
	if q := program.See("cliente1", p.ID); q.Estado != estado {
		program.T.Errorf("held in %s, want %s", q.Estado, estado)
	}
	hecho := make(chan string, 1)
	go func() {
		hecho <- program.Code("cliente1", "POST", "/pedidos/"+p.ID+"/cancelacion", map[string]any{"motivo": "me arrepentí"})
	}()
	select {
	case cod := <-hecho:
		hecho <- cod
	case <-time.After(time.Second): // the cancel waits for the gate that this test holds
	}
	close(gate.Opened)
	if cod := <-hecho; cod != "" {
		program.T.Errorf("cancel: %s", cod)
	}
	program.Await("cliente1", p.ID, "cancelado")
	program.Reconcile(antes)
}

// TestCancelAtRest: an order at rest is cancelled by the answer itself, once, and the books agree.
func TestCancelAtRest(t *testing.T) {
	t.Parallel()
	casos := map[string]struct {
		pago   func(c *kit.Program) map[string]any
		estado string
	}{
		"pago_pendiente": {
			func(*kit.Program) map[string]any { return map[string]any{"metodo": "efectivo"} }, "pago_pendiente"},
		"confirmado": {
			func(c *kit.Program) map[string]any { return c.WithCard("APRO") },
			"confirmado",
		},
		"fallido": {
			func(c *kit.Program) map[string]any { return c.WithCard("FUND") },
			"fallido",
		},
	}
	for nombre, x := range casos {
		t.Run(nombre, func(t *testing.T) {
			kit.Twice(t, func(c *kit.Program) {
				antes := c.Stock()
				p := c.Order("cliente1", c.NewPurchase("cliente1", kit.PayingWith(x.pago(c))))
				c.Await("cliente1", p.ID, x.estado)
				c.Must(
					"cliente1",
					"POST",
					"/pedidos/"+p.ID+"/cancelacion",
					map[string]any{"motivo": "me arrepentí"},
					&p,
				)
				if p.Estado != "cancelado" {
					c.T.Errorf("answered %s", p.Estado)
				}
				c.Reconcile(antes)
				cod := c.Code(
					"cliente1",
					"POST",
					"/pedidos/"+p.ID+"/cancelacion",
					map[string]any{"motivo": "otra vez"},
				)
				if cod != "paso-no-permitido" {
					c.T.Errorf("a second cancel: %q", cod)
				}
			})
		})
	}
}

// TestCancelAgainstDeparture races a cancellation and a truck's departure. Either may win; the loser gets a refusal,
// and the books agree.
func TestCancelAgainstDeparture(t *testing.T) {
	t.Parallel()
	kit.Twice(t, func(c *kit.Program) {
		l := c.StartLine
		antes := c.Stock()
		gano := map[string]int{}
		for i := range 12 {
			p := c.Order("cliente1", c.NewPurchase("cliente1"))
			c.Await("cliente1", p.ID, "confirmado")
			v := c.VisitOf(p.ID)
			l.Yield.Store([]string{"rutas.liberar", "rutas.salida"}[i%2])
			l.Missing.Store(2)
			salio := make(chan string, 1)
			go func() {
				salio <- c.Code("gestor", "POST", "/camiones/"+v.CamionID+"/salida", map[string]any{"turno_id": v.TurnoID})
			}()
			cod := c.Code(
				"cliente1",
				"POST",
				"/pedidos/"+p.ID+"/cancelacion",
				map[string]any{"motivo": "tarde"},
			)
			<-salio
			switch cod {
			case "":
				c.Await("cliente1", p.ID, "cancelado")
			case "paso-no-permitido":
				c.Await("cliente1", p.ID, "en_reparto")
			default:
				c.T.Errorf("cancel: %s", cod)
			}
			gano[cod]++
		}
		c.T.Logf("cancelled %d, departed %d", gano[""], gano["paso-no-permitido"])
		c.Reconcile(antes)
	}, func(c *kit.Program) { c.StartLine = &kit.StartLine{}; c.Pruebas.Cut = c.StartLine.Cut })
}
