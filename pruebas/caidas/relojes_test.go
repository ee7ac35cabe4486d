package caidas_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"despensa/internal/apiclient"
	"despensa/pruebas/kit"
)

// TestClocks moves the clock by a day under load and back again: of the whole program, and of one replica of two that
// both serve and work. Work begun by a wrong clock goes on once the clock is right. No acknowledged order is lost,
// every order comes to rest, and orders, money, stock and trucks agree.
func TestClocks(t *testing.T) {
	t.Parallel()
	for nombre, d := range map[string]time.Duration{
		"a day ahead": 24 * time.Hour, "a day behind": -24 * time.Hour, "in 2030": 4 * 365 * 24 * time.Hour,
	} {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			t.Run("everywhere", func(t *testing.T) {
				t.Parallel()
				c := kit.Start(t, kit.WithoutRelays) // only the orders' own timers move them
				r := relojes{Program: c, clocks: []*kit.Clock{c.Clock}, urls: []string{c.URL}}
				r.mover(d)
			})
			t.Run("on one of two", func(t *testing.T) {
				t.Parallel()
				c := kit.Start(t, kit.WithoutRelays) // only the orders' own timers move them
				suyo := kit.NewClock(c.Clock.Now())
				r := relojes{
					Program: c,
					clocks:  []*kit.Clock{suyo},
					urls:    []string{c.URL, c.WorkingReplica(suyo)},
				}
				r.mover(d)
			})
		})
	}
}

// relojes is a program, those of its clocks that go wrong, and the addresses at which customers order.
type relojes struct {
	*kit.Program
	clocks []*kit.Clock
	urls   []string
	mu     sync.Mutex
	dichos map[string]bool // ids of orders that were acknowledged
}

// porTanda is the number of orders placed before, during and after the wrong time.
const porTanda = 6

// mover places orders while the clocks go wrong, and while they are set right.
func (r *relojes) mover(d time.Duration) {
	r.T.Helper()
	r.dichos = map[string]bool{}
	antes := r.Stock()
	for _, salto := range []time.Duration{d, -d} {
		r.tanda(func() {
			for _, c := range r.clocks {
				c.Advance(salto)
			}
		})
	}
	r.tanda(func() {})
	r.pagar()
	r.Reconcile(antes)
	hay := map[string]bool{}
	for _, p := range kit.All[kit.Order](r.Client, "operador", "/pedidos") {
		hay[p.ID] = true
	}
	for id := range r.dichos {
		if !hay[id] {
			r.T.Errorf("order %s was acknowledged and is lost", id)
		}
	}
	if len(r.dichos) == 0 {
		r.T.Error("no order was acknowledged")
	}
	p := r.Order("cliente1", r.NewPurchase("cliente1")) // the program goes on
	r.Await("operador", p.ID, "confirmado")
}

// pagar pays the vouchers that may still be paid, those of the wrong time too.
func (r *relojes) pagar() {
	r.T.Helper()
	pagados := 0
	for id := range r.dichos {
		if p := r.See("operador", id); p.Estado == "pago_pendiente" || p.Estado == "creado" ||
			p.Estado == "preprocesado" {
			if p = r.Await("operador", id, "pago_pendiente", "fallido", "confirmado"); p.Estado == "pago_pendiente" {
				kit.Decides("pagar")(r.Program, id)
				pagados++
			}
		}
	}
	if pagados < porTanda/3 {
		r.T.Errorf("%d vouchers could be paid", pagados)
	}
}

// tanda places orders at all addresses, half of them before hacer has ended.
func (r *relojes) tanda(hacer func()) {
	r.T.Helper()
	compras := make([]kit.Body, porTanda)
	for i := range compras {
		compras[i] = r.NewPurchase(fmt.Sprintf("cliente%d", i%5+1))
		if i%3 == 0 {
			compras[i]["pago"] = map[string]any{"metodo": "efectivo"}
		}
	}
	var mitad, todos sync.WaitGroup
	mitad.Add(porTanda / 2)
	for i, k := range compras {
		todos.Go(func() {
			if i >= porTanda/2 {
				mitad.Wait()
			}
			r.pedir(i, k)
			if i < porTanda/2 {
				mitad.Done()
			}
		})
	}
	mitad.Wait()
	hacer()
	todos.Wait()
}

// pedir places an order at one of the addresses. A refusal because of the hour (a window that is over) counts as no
// fault.
func (r *relojes) pedir(i int, body kit.Body) {
	var p kit.Order
	cliente := apiclient.New(
		r.urls[i%len(r.urls)],
		apiclient.Fixed(r.Token(fmt.Sprintf("cliente%d", i%5+1))),
		r.HTTP,
	)
	err := cliente.Do(
		r.T.Context(),
		"POST",
		"/pedidos",
		body,
		&p,
		apiclient.WithKey(kit.NoID()),
	)
	if err != nil {
		if apiclient.Code(err) == "" {
			r.T.Errorf("an order was not answered: %v", err)
		}
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.dichos[p.ID] = true
}
