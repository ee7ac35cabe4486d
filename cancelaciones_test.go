//go:build !race

package main

import (
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"despensa/platform/sqldb"
)

// compuerta, once armed, holds the first call of one effect until it is opened.
type compuerta struct {
	nombre  string
	momento sqldb.Momento
	llega   chan struct{}
	abierta chan struct{}
	una     chan struct{} // what arms it is in here
}

func nuevaCompuerta(nombre string, m sqldb.Momento) *compuerta {
	return &compuerta{nombre, m, make(chan struct{}), make(chan struct{}), make(chan struct{}, 1)}
}

func (g *compuerta) cortar(nombre string, m sqldb.Momento) error {
	if nombre != g.nombre || m != g.momento {
		return nil
	}
	select {
	case <-g.una:
		close(g.llega)
		<-g.abierta
	default:
	}
	return nil
}

// espera waits until somebody stands at the gate; a test that fails opens it.
func (g *compuerta) espera(t testing.TB) {
	t.Helper()
	select {
	case <-g.llega:
	case <-time.After(paciencia):
		close(g.abierta)
		t.Fatalf("%s was never called", g.nombre)
	}
}

// TestCancelEverywhere cancels in each state that allows it while a phase is under way.
func TestCancelEverywhere(t *testing.T) {
	t.Parallel()
	casos := map[string]struct {
		nombre  string
		momento sqldb.Momento
		estado  string
	}{
		"creado, before stock is reserved":       {"pedidos.guardar_existencia", sqldb.Antes, "creado"},
		"creado, after stock is reserved":        {"pedidos.guardar_existencia", sqldb.Despues, "creado"},
		"preprocesado, before the gateway":       {"pasarela.crear", sqldb.Antes, "preprocesado"},
		"preprocesado, after the gateway":        {"pasarela.crear", sqldb.Despues, "preprocesado"},
		"autorizado, before a truck is booked":   {"rutas.reservar", sqldb.Antes, "autorizado"},
		"autorizado, after a truck is booked":    {"rutas.reservar", sqldb.Despues, "autorizado"},
		"aceptado, before the money is captured": {"pasarela.capturar", sqldb.Antes, "aceptado"},
		"aceptado, after the money is captured":  {"pasarela.capturar", sqldb.Despues, "aceptado"},
	}
	for nombre, x := range casos {
		t.Run(nombre, func(t *testing.T) {
			for _, relevos := range []bool{true, false} {
				t.Run(map[bool]string{true: "with hand-offs", false: "by own timers"}[relevos], func(t *testing.T) {
					t.Parallel()
					g := nuevaCompuerta(x.nombre, x.momento)
					c := alquilar(t, func(c *casa) { c.pr.Corte, c.pr.SinRelevos = g.cortar, !relevos })
					cancelarMientras(c, g, x.estado)
				})
			}
		})
	}
}

func cancelarMientras(c *casa, g *compuerta, estado string) {
	antes := c.foto()
	compra := c.comprar("cliente1")
	g.una <- struct{}{}
	p := c.pedir("cliente1", compra)
	g.espera(c.t)
	if q := c.ver("cliente1", p.ID); q.Estado != estado {
		c.t.Errorf("held in %s, want %s", q.Estado, estado)
	}
	hecho := make(chan string, 1)
	go func() {
		hecho <- c.codigo("cliente1", "POST", "/pedidos/"+p.ID+"/cancelacion", map[string]any{"motivo": "me arrepentí"})
	}()
	select {
	case cod := <-hecho:
		hecho <- cod
	case <-time.After(time.Second): // the cancel waits for what we hold
	}
	close(g.abierta)
	if cod := <-hecho; cod != "" {
		c.t.Errorf("cancel: %s", cod)
	}
	c.esperar("cliente1", p.ID, "cancelado")
	c.cuadrar(antes)
}

func TestCancelAtRest(t *testing.T) {
	t.Parallel()
	casos := map[string]struct {
		pago   func(c *casa) map[string]any
		estado string
	}{
		"pago_pendiente": {func(*casa) map[string]any { return map[string]any{"metodo": "efectivo"} }, "pago_pendiente"},
		"confirmado":     {func(c *casa) map[string]any { return c.conTarjeta("APRO") }, "confirmado"},
		"fallido":        {func(c *casa) map[string]any { return c.conTarjeta("FUND") }, "fallido"},
	}
	for nombre, x := range casos {
		t.Run(nombre, func(t *testing.T) {
			dosVeces(t, func(c *casa) {
				antes := c.foto()
				p := c.pedir("cliente1", c.comprar("cliente1", pagando(x.pago(c))))
				c.esperar("cliente1", p.ID, x.estado)
				c.debe("cliente1", "POST", "/pedidos/"+p.ID+"/cancelacion", map[string]any{"motivo": "me arrepentí"}, &p)
				if p.Estado != "cancelado" {
					c.t.Errorf("answered %s", p.Estado)
				}
				c.cuadrar(antes)
				if cod := c.codigo("cliente1", "POST", "/pedidos/"+p.ID+"/cancelacion", map[string]any{"motivo": "otra vez"}); cod != "paso-no-permitido" {
					c.t.Errorf("a second cancel: %q", cod)
				}
			})
		})
	}
}

// largada holds a cancel and a departure before the row that decides between them, until
// both are there; then cede lets the other go first, mostly.
type largada struct {
	faltan atomic.Int32
	cede   atomic.Value // string
}

func (l *largada) cortar(nombre string, m sqldb.Momento) error {
	if m == sqldb.Antes && (nombre == "rutas.liberar" || nombre == "rutas.salida") {
		l.faltan.Add(-1)
		for fin := time.Now().Add(time.Second); l.faltan.Load() > 0 && time.Now().Before(fin); {
			runtime.Gosched()
		}
		for i := 0; l.cede.Load() == nombre && i < 5000; i++ {
			runtime.Gosched()
		}
	}
	return nil
}

// TestCancelAgainstDeparture races them; whoever wins, the other is told and all agree.
func TestCancelAgainstDeparture(t *testing.T) {
	t.Parallel()
	dosVeces(t, func(c *casa) {
		l := c.largada
		antes := c.foto()
		gano := map[string]int{}
		for i := range 12 {
			p := c.pedir("cliente1", c.comprar("cliente1"))
			c.esperar("cliente1", p.ID, "confirmado")
			v := c.visitaDe(p.ID)
			l.cede.Store([]string{"rutas.liberar", "rutas.salida"}[i%2])
			l.faltan.Store(2)
			salio := make(chan string, 1)
			go func() {
				salio <- c.codigo("gestor", "POST", "/camiones/"+v.CamionID+"/salida", map[string]any{"turno_id": v.TurnoID})
			}()
			cod := c.codigo("cliente1", "POST", "/pedidos/"+p.ID+"/cancelacion", map[string]any{"motivo": "tarde"})
			<-salio
			switch cod {
			case "":
				c.esperar("cliente1", p.ID, "cancelado")
			case "paso-no-permitido":
				c.esperar("cliente1", p.ID, "en_reparto")
			default:
				c.t.Errorf("cancel: %s", cod)
			}
			gano[cod]++
		}
		c.t.Logf("cancelled %d, departed %d", gano[""], gano["paso-no-permitido"])
		c.cuadrar(antes)
	}, func(c *casa) { c.largada = &largada{}; c.pr.Corte = c.largada.cortar })
}
