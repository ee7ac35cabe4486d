package historias_test

import (
	"testing"
	"time"

	"despensa/internal/ajustes"
	"despensa/pruebas/kit"
)

// plazo is one deadline: how an order comes to wait, its setting, and the estado at its end.
type plazo struct {
	preparar func(c *kit.Program, g *kit.Door) espera
	clave    func(k *ajustes.Configuracion) *time.Duration // the setting of the deadline
	puerta   string                                        // the call that is held, if any
	ajuste   func(k *ajustes.Configuracion)
	en       string // the estado in which the order waits
	estado   string // the estado at the end
	motivo   string
	luego    func(c *kit.Program, id string) // the late event, after the order has ended
}

// espera is an order that waits since some instant between desde and hasta.
type espera struct {
	id           string
	desde, hasta time.Time
}

// margenPlazo is the time before its deadline at which a waiting order is read.
const margenPlazo = time.Minute

// irA moves the clock on to cuando.
func irA(c *kit.Program, cuando time.Time) {
	if d := cuando.Sub(c.Clock.Now()); d > 0 {
		c.Clock.Advance(d)
	}
}

// esperando brings an order into the estado in which it waits; hacer begins the wait.
func esperando(c *kit.Program, estado string, hacer func() kit.Order) espera {
	c.T.Helper()
	e := espera{desde: c.Clock.Now()}
	e.id = hacer().ID
	c.Await("operador", e.id, estado)
	c.LookedAt(e.id)
	e.hasta = c.Clock.Now()
	return e
}

// vencer lets an order wait to just before its deadline, and then beyond it.
func (x plazo) vencer(c *kit.Program, g *kit.Door) {
	antes := c.Stock()
	e := x.preparar(c, g)
	dura := *x.clave(&c.Programa.Ajustes)
	irA(c, e.desde.Add(dura-margenPlazo))
	c.LookedAt(e.id)
	if p := c.See("operador", e.id); p.Estado != x.en || c.Clock.Now().After(e.desde.Add(dura)) {
		c.T.Fatalf("%v before its deadline the order is %s (%s), want %s", margenPlazo, p.Estado, p.Motivo, x.en)
	}
	irA(c, e.hasta.Add(dura+time.Second))
	p := c.Await("operador", e.id, x.estado)
	if p.Motivo != x.motivo || p.Mensaje == "" {
		c.T.Errorf("ended for %q: %q, want %q", p.Motivo, p.Mensaje, x.motivo)
	}
	if x.luego != nil {
		x.luego(c, e.id)
	}
	c.Reconcile(antes)
	if p := c.See("operador", e.id); p.Estado != x.estado {
		c.T.Errorf("in the end the order is %s", p.Estado)
	}
}

// TestDeadlines lets every wait run out: with hand-offs, by the orders' own timers, and with half of the default, to
// see that the time comes from its setting.
func TestDeadlines(t *testing.T) {
	t.Parallel()
	for nombre, x := range plazos() {
		t.Run(nombre, func(t *testing.T) {
			modos := map[string]func(*kit.Program){
				"with hand-offs": func(*kit.Program) {},
				"by own timers":  kit.WithoutRelays,
				"half the key":   kit.WithSettings(func(k *ajustes.Configuracion) { *x.clave(k) /= 2 }),
			}
			for modo, opcion := range modos {
				t.Run(modo, func(t *testing.T) {
					t.Parallel()
					ajuste := func(k *ajustes.Configuracion) {
						if x.ajuste != nil {
							x.ajuste(k)
						}
					}
					c, g := kit.StartGated(t, x.puerta, kit.WithSettings(ajuste), opcion)
					x.vencer(c, g)
				})
			}
		})
	}
}

// perder lets the shift of a visit end.
func perder(c *kit.Program, v kit.Visit) {
	c.T.Helper()
	var t struct {
		Fin time.Time `json:"fin"`
	}
	c.Must("gestor", "GET", "/turnos/"+v.TurnoID, nil, &t)
	irA(c, t.Fin.Add(time.Second))
	c.Until("the visit is lost", func() bool {
		c.Must("gestor", "GET", "/visitas/"+v.ID, nil, &v)
		return v.Estado == "perdida"
	})
}

// TestLostVisits: trucks that never leave. The next visit is booked, and the customer is
// told, but not for ever.
func TestLostVisits(t *testing.T) {
	t.Parallel()
	t.Run("one, then delivered", func(t *testing.T) {
		kit.Twice(t, func(c *kit.Program) {
			antes := c.Stock()
			e, v := confirmado(c)
			perderYSeguir(c, e.id, v)
			c.Deliver("cliente1", e.id)
			c.Reconcile(antes)
		})
	})
	t.Run("three, money and goods come back", func(t *testing.T) {
		kit.Twice(t, func(c *kit.Program) {
			antes := c.Stock()
			e, v := confirmado(c)
			v = perderYSeguir(c, e.id, v)
			v = perderYSeguir(c, e.id, v)
			perder(c, v)
			sinEntrega(c, e.id)
			c.Reconcile(antes)
		})
	})
	t.Run("one, noticed after the deadline", func(t *testing.T) {
		kit.Twice(t, func(c *kit.Program) {
			antes := c.Stock()
			e, _ := confirmado(c)
			irA(c, e.hasta.Add(c.Programa.Ajustes.Pedidos.Plazos.Salida+time.Second))
			sinEntrega(c, e.id)
			c.Reconcile(antes)
		})
	})
}

func sinEntrega(c *kit.Program, id string) {
	c.T.Helper()
	if p := c.Await("cliente1", id, "cancelado"); p.Motivo != "sin-salida" || p.Mensaje == "" {
		c.T.Errorf("cancelled for %q: %q", p.Motivo, p.Mensaje)
	}
}

// perderYSeguir lets the shift of a visit end and gives the next visit.
func perderYSeguir(c *kit.Program, id string, v kit.Visit) kit.Visit {
	c.T.Helper()
	antes := c.See("cliente1", id)
	perder(c, v)
	c.Until("another window is promised", func() bool {
		return c.See("cliente1", id).Entrega.Desde.After(antes.Entrega.Hasta)
	})
	if p := c.See("cliente1", id); p.Estado != "confirmado" {
		c.T.Errorf("with another visit the order is %s", p.Estado)
	}
	return c.VisitOf(id)
}

// TestHungWorkerLosesItsOrder: a worker hangs in the middle of a phase. The order stays its own until the lease ends;
// then another worker carries it on. The first worker's result, when it goes on, is refused.
func TestHungWorkerLosesItsOrder(t *testing.T) {
	t.Parallel()
	casos := map[string]struct{ puerta, en string }{
		"before a truck is booked":  {"rutas.reservar", "creado"},
		"before the visit is firm":  {"rutas.asegurar", "aceptado"},
		"before the order is saved": {"pedidos.guardar", "creado"},
	}
	for nombre, x := range casos {
		t.Run(nombre, func(t *testing.T) {
			for modo, opcion := range map[string]func(*kit.Program){
				"with hand-offs": func(*kit.Program) {}, "by own timers": kit.WithoutRelays,
				"by the key": kit.WithSettings(func(k *ajustes.Configuracion) { k.Pedidos.Lease = 5 * time.Minute }),
			} {
				t.Run(modo, func(t *testing.T) {
					t.Parallel()
					c, g := kit.StartGated(t, x.puerta, opcion)
					colgar(c, g, x.en)
				})
			}
		})
	}
}

// colgar lets an order's worker hang before g, until its lease is over.
func colgar(c *kit.Program, g *kit.Door, en string) {
	antes := c.Stock()
	compra := c.NewPurchase("cliente1")
	desde := c.Clock.Now()
	p := c.Hold(g, compra)
	hasta := c.Clock.Now()
	lease := c.Programa.Ajustes.Pedidos.Lease
	irA(c, desde.Add(lease-lease/3))
	if err := c.Programa.Pedidos.Mirar(c.T.Context(), p.ID, 0); err == nil {
		c.T.Error("the order could be taken from a worker that holds it")
	}
	if q := c.See("cliente1", p.ID); q.Estado != en {
		c.T.Errorf("held in %s, want %s", q.Estado, en)
	}
	irA(c, hasta.Add(lease+time.Second))
	c.Await("cliente1", p.ID, "confirmado")
	g.Open()
	c.Deliver("cliente1", p.ID)
	c.Reconcile(antes)
}
