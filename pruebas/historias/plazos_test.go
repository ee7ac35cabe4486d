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
func irA(program *kit.Program, cuando time.Time) {
	if d := cuando.Sub(program.Clock.Now()); d > 0 {
		program.Clock.Advance(d)
	}
}

// esperando brings an order into the estado in which it waits; hacer begins the wait.
func esperando(program *kit.Program, estado string, hacer func() kit.Order) espera {
	program.T.Helper()
	e := espera{desde: program.Clock.Now()}
	e.id = hacer().ID
	program.Await("operador", e.id, estado)
	program.LookedAt(e.id)
	e.hasta = program.Clock.Now()
	return e
}

// vencer lets an order wait to just before its deadline, and then beyond it.
func (x plazo) vencer(program *kit.Program, door *kit.Door) {
	antes := program.Stock()
	e := x.preparar(program, door)
	dura := *x.clave(&program.Programa.Ajustes)
	irA(program, e.desde.Add(dura-margenPlazo))
	program.LookedAt(e.id)
	if p := program.See("operador", e.id); p.Estado != x.en ||
		program.Clock.Now().After(e.desde.Add(dura)) {
		program.T.Fatalf(
			"%v before its deadline the order is %s (%s), want %s",
			margenPlazo,
			p.Estado,
			p.Motivo,
			x.en,
		)
	}
	irA(program, e.hasta.Add(dura+time.Second))
	p := program.Await("operador", e.id, x.estado)
	if p.Motivo != x.motivo || p.Mensaje == "" {
		program.T.Errorf("ended for %q: %q, want %q", p.Motivo, p.Mensaje, x.motivo)
	}
	if x.luego != nil {
		x.luego(program, e.id)
	}
	program.Reconcile(antes)
	if p := program.See("operador", e.id); p.Estado != x.estado {
		program.T.Errorf("in the end the order is %s", p.Estado)
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
				"half the key": kit.WithSettings(
					func(k *ajustes.Configuracion) { *x.clave(k) /= 2 },
				),
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
func perder(program *kit.Program, visit kit.Visit) {
	program.T.Helper()
	var t struct {
		Fin time.Time `json:"fin"`
	}
	program.Must("gestor", "GET", "/turnos/"+visit.TurnoID, nil, &t)
	irA(program, t.Fin.Add(time.Second))
	program.Until("the visit is lost", func() bool {
		program.Must("gestor", "GET", "/visitas/"+visit.ID, nil, &visit)
		return visit.Estado == "perdida"
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

func sinEntrega(program *kit.Program, id string) {
	program.T.Helper()
	if p := program.Await("cliente1", id, "cancelado"); p.Motivo != "sin-salida" ||
		p.Mensaje == "" {
		program.T.Errorf("cancelled for %q: %q", p.Motivo, p.Mensaje)
	}
}

// perderYSeguir lets the shift of a visit end and gives the next visit.
func perderYSeguir(program *kit.Program, id string, visit kit.Visit) kit.Visit {
	program.T.Helper()
	antes := program.See("cliente1", id)
	perder(program, visit)
	program.Until("another window is promised", func() bool {
		return program.See("cliente1", id).Entrega.Desde.After(antes.Entrega.Hasta)
	})
	if p := program.See("cliente1", id); p.Estado != "confirmado" {
		program.T.Errorf("with another visit the order is %s", p.Estado)
	}
	return program.VisitOf(id)
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

// colgar lets an order's worker hang before door, until its lease is over.
func colgar(program *kit.Program, door *kit.Door, en string) {
	antes := program.Stock()
	compra := program.NewPurchase("cliente1")
	desde := program.Clock.Now()
	p := program.Hold(door, compra)
	hasta := program.Clock.Now()
	lease := program.Programa.Ajustes.Pedidos.Lease
	irA(program, desde.Add(lease-lease/3))
	if err := program.Programa.Pedidos.Mirar(program.T.Context(), p.ID, 0); err == nil {
		program.T.Error("the order could be taken from a worker that holds it")
	}
	if q := program.See("cliente1", p.ID); q.Estado != en {
		program.T.Errorf("held in %s, want %s", q.Estado, en)
	}
	irA(program, hasta.Add(lease+time.Second))
	program.Await("cliente1", p.ID, "confirmado")
	door.Open()
	program.Deliver("cliente1", p.ID)
	program.Reconcile(antes)
}
