//go:build !race

package main

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"despensa/platform/sqldb"
)

// plazo is one deadline: how an order comes to wait, how long it may, and how it ends.
type plazo struct {
	preparar func(c *casa, g *puerta) espera
	clave    func(k *Configuracion) *time.Duration // the setting that says how long
	puerta   string                                // the call that is held, if any
	ajuste   func(k *Configuracion)
	en       string // where the order waits
	estado   string // how it ends
	motivo   string
	luego    func(c *casa, id string) // what the world does afterwards
}

// espera is an order that waits since some instant between desde and hasta.
type espera struct {
	id           string
	desde, hasta time.Time
}

// margenPlazo is how long before its deadline an order is looked at.
const margenPlazo = time.Minute

// puerta is a compuerta that may be opened more than once, and counts the leases given.
type puerta struct {
	*compuerta
	suelta sync.Once
	tomas  atomic.Int64
}

func (g *puerta) cortar(nombre string, m sqldb.Momento) error {
	if m == sqldb.Despues && (nombre == "pedidos.reclamar" || nombre == "pedidos.tomar") {
		g.tomas.Add(1)
	}
	return g.compuerta.cortar(nombre, m)
}

func (g *puerta) abrir() { g.suelta.Do(func() { close(g.abierta) }) }

// alquilarCon gives a casa with a door in the way of one call, open at the latest when
// the test ends.
func alquilarCon(t *testing.T, nombre string, opciones ...func(*casa)) (*casa, *puerta) {
	t.Helper()
	g := &puerta{compuerta: nuevaCompuerta(nombre, sqldb.Antes)}
	c := alquilar(t, append(opciones, func(c *casa) { c.pr.Corte = g.cortar })...)
	t.Cleanup(g.abrir)
	return c, g
}

// retener orders and waits until the order's worker stands before the door.
func (c *casa) retener(g *puerta, compra compra) pedido {
	c.t.Helper()
	g.una <- struct{}{}
	p := c.pedir("cliente1", compra)
	select {
	case <-g.llega:
	case <-time.After(paciencia):
		c.t.Fatalf("%s was never called", g.nombre)
	}
	return p
}

// irA moves the clock on to cuando.
func (c *casa) irA(cuando time.Time) {
	if d := cuando.Sub(c.reloj.Ahora()); d > 0 {
		c.reloj.adelantar(d)
	}
}

// mirado returns when somebody has taken the order up and is done: the second look can
// only begin once the first is over.
func (c *casa) mirado(id string) {
	c.t.Helper()
	for range 2 {
		c.hasta("the order is looked at", func() bool { return c.p.pedidos.Mirar(c.t.Context(), id, 0) == nil })
	}
}

// esperando brings an order to where it waits; hacer begins the wait.
func (c *casa) esperando(estado string, hacer func() pedido) espera {
	c.t.Helper()
	e := espera{desde: c.reloj.Ahora()}
	e.id = hacer().ID
	c.esperar("operador", e.id, estado)
	c.mirado(e.id)
	e.hasta = c.reloj.Ahora()
	return e
}

// vencer lets an order wait to just before its deadline, and then beyond it.
func (x plazo) vencer(c *casa, g *puerta) {
	antes := c.foto()
	e := x.preparar(c, g)
	dura := *x.clave(&c.p.c)
	c.irA(e.desde.Add(dura - margenPlazo))
	c.mirado(e.id)
	if p := c.ver("operador", e.id); p.Estado != x.en || c.reloj.Ahora().After(e.desde.Add(dura)) {
		c.t.Fatalf("%v before its deadline the order is %s (%s), want %s", margenPlazo, p.Estado, p.Motivo, x.en)
	}
	c.irA(e.hasta.Add(dura + time.Second))
	p := c.esperar("operador", e.id, x.estado)
	if p.Motivo != x.motivo || p.Mensaje == "" {
		c.t.Errorf("ended for %q: %q, want %q", p.Motivo, p.Mensaje, x.motivo)
	}
	if x.luego != nil {
		x.luego(c, e.id)
	}
	c.cuadrar(antes)
	if p := c.ver("operador", e.id); p.Estado != x.estado {
		c.t.Errorf("in the end the order is %s", p.Estado)
	}
}

// TestDeadlines lets every wait run out: with hand-offs, by the orders' own timers, and
// with half of the default, so that the time is seen to come from its key.
func TestDeadlines(t *testing.T) {
	t.Parallel()
	for nombre, x := range plazos() {
		t.Run(nombre, func(t *testing.T) {
			modos := map[string]func(*casa){
				"with hand-offs": func(*casa) {},
				"by own timers":  sinRelevos,
				"half the key":   conAjustes(func(k *Configuracion) { *x.clave(k) /= 2 }),
			}
			for modo, opcion := range modos {
				t.Run(modo, func(t *testing.T) {
					t.Parallel()
					ajuste := func(k *Configuracion) {
						if x.ajuste != nil {
							x.ajuste(k)
						}
					}
					c, g := alquilarCon(t, x.puerta, conAjustes(ajuste), opcion)
					x.vencer(c, g)
				})
			}
		})
	}
}

// perder lets the shift of a visit end.
func (c *casa) perder(v visita) {
	c.t.Helper()
	var t struct {
		Fin time.Time `json:"fin"`
	}
	c.debe("gestor", "GET", "/turnos/"+v.TurnoID, nil, &t)
	c.irA(t.Fin.Add(time.Second))
	c.hasta("the visit is lost", func() bool {
		c.debe("gestor", "GET", "/visitas/"+v.ID, nil, &v)
		return v.Estado == "perdida"
	})
}

// TestLostVisits: trucks that never leave. The next visit is booked, and the customer is
// told, but not for ever.
func TestLostVisits(t *testing.T) {
	t.Parallel()
	t.Run("one, then delivered", func(t *testing.T) {
		dosVeces(t, func(c *casa) {
			antes := c.foto()
			e, v := confirmado(c)
			c.perderYSeguir(e.id, v)
			c.entregarlo("cliente1", e.id)
			c.cuadrar(antes)
		})
	})
	t.Run("three, money and goods come back", func(t *testing.T) {
		dosVeces(t, func(c *casa) {
			antes := c.foto()
			e, v := confirmado(c)
			v = c.perderYSeguir(e.id, v)
			v = c.perderYSeguir(e.id, v)
			c.perder(v)
			c.sinEntrega(e.id)
			c.cuadrar(antes)
		})
	})
	t.Run("one, noticed after the deadline", func(t *testing.T) {
		dosVeces(t, func(c *casa) {
			antes := c.foto()
			e, _ := confirmado(c)
			c.irA(e.hasta.Add(c.p.c.Pedidos.Plazos.Salida + time.Second))
			c.sinEntrega(e.id)
			c.cuadrar(antes)
		})
	})
}

func (c *casa) sinEntrega(id string) {
	c.t.Helper()
	if p := c.esperar("cliente1", id, "cancelado"); p.Motivo != "sin-salida" || p.Mensaje == "" {
		c.t.Errorf("cancelled for %q: %q", p.Motivo, p.Mensaje)
	}
}

// perderYSeguir lets the shift of a visit end and gives the next visit.
func (c *casa) perderYSeguir(id string, v visita) visita {
	c.t.Helper()
	antes := c.ver("cliente1", id)
	c.perder(v)
	c.hasta("another window is promised", func() bool { return c.ver("cliente1", id).Entrega.Desde.After(antes.Entrega.Hasta) })
	if p := c.ver("cliente1", id); p.Estado != "confirmado" {
		c.t.Errorf("with another visit the order is %s", p.Estado)
	}
	return c.visitaDe(id)
}

// TestHungWorkerLosesItsOrder: a worker hangs in the middle of a phase. The order stays
// its own until the lease ends; then somebody else carries it on, and what the first one
// says when it comes to itself counts for nothing.
func TestHungWorkerLosesItsOrder(t *testing.T) {
	t.Parallel()
	casos := map[string]struct{ puerta, en string }{
		"before a truck is booked":  {"rutas.reservar", "autorizado"},
		"before the visit is firm":  {"rutas.asegurar", "aceptado"},
		"before the order is saved": {"pedidos.guardar", "creado"},
	}
	for nombre, x := range casos {
		t.Run(nombre, func(t *testing.T) {
			for modo, opcion := range map[string]func(*casa){
				"with hand-offs": func(*casa) {}, "by own timers": sinRelevos,
				"by the key": conAjustes(func(k *Configuracion) { k.Pedidos.Lease = 5 * time.Minute }),
			} {
				t.Run(modo, func(t *testing.T) {
					t.Parallel()
					c, g := alquilarCon(t, x.puerta, opcion)
					c.colgar(g, x.en)
				})
			}
		})
	}
}

// colgar lets an order's worker hang before g, until its lease is over.
func (c *casa) colgar(g *puerta, en string) {
	antes := c.foto()
	compra := c.comprar("cliente1")
	desde := c.reloj.Ahora()
	p := c.retener(g, compra)
	hasta := c.reloj.Ahora()
	lease := c.p.c.Pedidos.Lease
	c.irA(desde.Add(lease - lease/3))
	if err := c.p.pedidos.Mirar(c.t.Context(), p.ID, 0); err == nil {
		c.t.Error("the order could be taken from a worker that holds it")
	}
	if q := c.ver("cliente1", p.ID); q.Estado != en {
		c.t.Errorf("held in %s, want %s", q.Estado, en)
	}
	c.irA(hasta.Add(lease + time.Second))
	c.esperar("cliente1", p.ID, "confirmado")
	g.abrir()
	c.entregarlo("cliente1", p.ID)
	c.cuadrar(antes)
}
