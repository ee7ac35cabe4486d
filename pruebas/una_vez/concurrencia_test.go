package una_vez_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"despensa/internal/apiclient"
	"despensa/pruebas/kit"

	"github.com/google/uuid"
)

// pedirTodos lets five customers order n times in all at the same moment.
func pedirTodos(client *kit.Client, n int, cambios ...func(kit.Body)) []kit.Answer {
	client.T.Helper()
	logins := []string{"cliente1", "cliente2", "cliente3", "cliente4", "cliente5"}
	compras := make([]kit.Body, n)
	for i := range n {
		compras[i] = client.NewPurchase(logins[i%5], cambios...)
	}
	rs := kit.Together(
		n,
		func(i int) kit.Answer { return client.Post(logins[i%5], "/pedidos", compras[i]) },
	)
	for _, r := range rs {
		if r.Code != "" || r.Response.Status != 201 {
			client.T.Fatalf("an order was answered %d %s", r.Response.Status, r.Code)
		}
	}
	return rs
}

// recuento waits until all orders are confirmed or failed, and counts them by estado and motivo.
func recuento(client *kit.Client, answeres []kit.Answer) map[string]int {
	client.T.Helper()
	cuenta := map[string]int{}
	for _, r := range answeres {
		p := client.Await(r.Login, r.ID, "confirmado", "fallido")
		cuenta[strings.TrimSpace(p.Estado+" "+p.Motivo)]++
	}
	return cuenta
}

func TestTwentyUnitsSixtyFourBuyers(t *testing.T) {
	t.Parallel()
	kit.Twice(t, func(c *kit.Program) {
		escaso := c.NewProduct("Últimos frascos", 20)
		antes := c.Stock()
		rs := pedirTodos(c.Client, 64, kit.Lines(kit.Line{Producto: escaso, Cantidad: 1}))
		want := map[string]int{"confirmado": 20, "fallido sin-stock": 44}
		if got := recuento(c.Client, rs); !maps.Equal(got, want) {
			c.T.Errorf("ended as %v, want %v", got, want)
		}
		if n := c.Available(escaso); n != 0 {
			c.T.Errorf("%d are left", n)
		}
		c.Reconcile(antes)
	})
}

func entregando(desde, hasta time.Time) func(kit.Body) {
	return func(c kit.Body) { c["entrega"] = map[string]any{"desde": desde, "hasta": hasta} }
}

// TestLastTwentyPlaces: of two trucks with 25 places, five of them taken, 64 orders at once get the other twenty.
func TestLastTwentyPlaces(t *testing.T) {
	t.Parallel()
	kit.Twice(t, func(c *kit.Program) {
		c.StopTrucks()
		c.OwnShift("ZZ901ZZ", 12)
		desde, hasta := c.OwnShift("ZZ902ZZ", 13)
		antes := c.Stock()
		cambios := []func(kit.Body){entregando(desde, hasta),
			kit.Lines(kit.Line{Producto: c.DryProducts()[0].ID, Cantidad: 1})}
		if got := recuento(c.Client, pedirTodos(c.Client, 5, cambios...)); got["confirmado"] != 5 {
			c.T.Fatalf("the first five ended as %v", got)
		}
		rs := pedirTodos(c.Client, 64, cambios...)
		want := map[string]int{"confirmado": 20, "fallido ventana-agotada": 44}
		if got := recuento(c.Client, rs); !maps.Equal(got, want) {
			c.T.Errorf("ended as %v, want %v", got, want)
		}
		for _, r := range rs {
			if p := c.See(r.Login, r.ID); p.Estado == "confirmado" &&
				!p.Entrega.Desde.Equal(desde) {
				c.T.Errorf("promised for %v, asked for %v", p.Entrega.Desde, desde)
			}
		}
		c.Reconcile(antes)
	})
}

// TestAcceptedAtAnyHour: orders are accepted at every hour of the day.
func TestAcceptedAtAnyHour(t *testing.T) {
	t.Parallel()
	for nombre, cuando := range map[string]string{
		"Sunday, three in the morning":      "2026-03-08T03:00:00-03:00",
		"one minute to midnight":            "2026-03-04T23:59:00-03:00",
		"one minute to midnight, Saturday":  "2026-03-07T23:59:00-03:00",
		"one minute before a shift begins":  "2026-03-05T06:59:00-03:00",
		"one minute before the last window": "2026-03-05T18:59:00-03:00",
		"one minute before the shift ends":  "2026-03-05T20:59:00-03:00",
	} {
		t.Run(nombre, func(t *testing.T) {
			ahora, err := time.Parse(time.RFC3339, cuando)
			if err != nil {
				t.Fatal(err)
			}
			kit.Twice(t, pedirYa, func(c *kit.Program) { c.Clock = kit.NewClock(ahora) })
		})
	}
}

// pedirYa orders for the first free window, and for the last but one of the quote.
func pedirYa(program *kit.Program) {
	antes := program.Stock()
	libre := program.NewPurchase("cliente1")
	var q struct {
		Ventanas []struct{ Desde, Hasta time.Time } `json:"ventanas"`
	}
	program.Must("cliente1", "POST", "/pedidos/cotizacion",
		map[string]any{"lineas": libre["lineas"], "direccion_id": libre["direccion_id"]}, &q)
	if len(q.Ventanas) < 2 {
		program.T.Fatalf("offered %d windows", len(q.Ventanas))
	}
	v := q.Ventanas[len(q.Ventanas)-2]
	for _, compra := range []kit.Body{libre, program.NewPurchase("cliente1", entregando(v.Desde, v.Hasta))} {
		p := program.Order("cliente1", compra)
		p = program.Await("cliente1", p.ID, "confirmado", "fallido")
		if p.Estado != "confirmado" || !p.Entrega.Hasta.After(program.Clock.Now()) {
			program.T.Errorf("%s (%s), promised until %+v", p.Estado, p.Motivo, p.Entrega)
		}
	}
	program.Reconcile(antes)
}

// TestOneKeySixteenTimes: sixteen equal calls at once make one order.
func TestOneKeySixteenTimes(t *testing.T) {
	t.Parallel()
	kit.Twice(t, func(c *kit.Program) {
		antes := c.Stock()
		compra, clave := c.NewPurchase("cliente1"), apiclient.WithKey(uuid.NewString())
		c.As("cliente1")
		ids, nuevos := map[string]int{}, 0
		for _, r := range kit.Together(16, func(int) kit.Answer { return c.Post("cliente1", "/pedidos", compra, clave) }) {
			if r.Response.Status != 201 {
				c.T.Errorf("answered %d %s", r.Response.Status, r.Code)
			}
			if ids[r.ID]++; !r.Response.Repeated() {
				nuevos++
			}
		}
		ps := kit.All[kit.Order](c.Client, "cliente1", "/pedidos")
		if len(ids) != 1 || nuevos != 1 || len(ps) != 1 {
			c.T.Fatalf("%d ids, %d new, %d orders", len(ids), nuevos, len(ps))
		}
		c.Await("cliente1", ps[0].ID, "confirmado")
		c.Reconcile(antes)
	})
}

// TestOneCancelSixteenTimes: sixteen cancels at once, with one key or several, cancel the order once.
func TestOneCancelSixteenTimes(t *testing.T) {
	t.Parallel()
	una := uuid.NewString()
	claves := map[string]struct {
		clave func() string
		bien  int // answers that are a success
	}{
		"one key":      {func() string { return una }, 16},
		"sixteen keys": {uuid.NewString, 1},
	}
	for nombre, x := range claves {
		for estado, metodo := range map[string]string{"confirmado": "tarjeta_credito", "pago_pendiente": "efectivo"} {
			t.Run(nombre+", "+estado, func(t *testing.T) {
				kit.Twice(
					t,
					func(c *kit.Program) { cancelarMucho(c, metodo, estado, x.clave, x.bien) },
				)
			})
		}
	}
}

// cancelarMucho sends sixteen cancels of one order at once, each under a key of clave: bien succeed, the others are
// too late.
func cancelarMucho(program *kit.Program, metodo, estado string, clave func() string, bien int) {
	antes := program.Stock()
	pago := map[string]any{"metodo": metodo}
	if metodo != "efectivo" {
		pago = program.WithCard("APRO")
	}
	p := program.Order("cliente1", program.NewPurchase("cliente1", kit.PayingWith(pago)))
	program.Await("cliente1", p.ID, estado)
	cuenta := map[string]int{}
	for _, r := range kit.Together(16, func(int) kit.Answer {
		return program.Post("cliente1", "/pedidos/"+p.ID+"/cancelacion", map[string]any{"motivo": "me arrepentí"},
			apiclient.WithKey(clave()))
	}) {
		cuenta[fmt.Sprint(r.Response.Status, " ", r.Code)]++
	}
	tarde := cuenta["409 paso-no-permitido"] + cuenta["409 cancelacion-en-curso"]
	if cuenta["200 "] != bien || cuenta["200 "]+tarde != 16 {
		program.T.Errorf("answered %v, want %d successes", cuenta, bien)
	}
	program.Await("cliente1", p.ID, "cancelado")
	program.Reconcile(antes)
}

// TestOneChargeWhoeverLooks: a voucher is paid, or money is due to be captured, and eight workers look at the order
// at once. The gateway makes one charge.
func TestOneChargeWhoeverLooks(t *testing.T) {
	t.Parallel()
	t.Run("a voucher is paid", func(t *testing.T) { kit.Twice(t, pagarYMirar) })
	t.Run("the money is taken", func(t *testing.T) {
		for modo, opcion := range map[string]func(*kit.Program){
			"with hand-offs": func(*kit.Program) {},
			"by own timers":  kit.WithoutRelays,
		} {
			t.Run(modo, func(t *testing.T) {
				t.Parallel()
				capturarYMirar(kit.StartGated(t, "pasarela.capturar", opcion))
			})
		}
	})
	t.Run("the money is taken by eight whose leases have run out", func(t *testing.T) {
		t.Parallel()
		capturarOcho(kit.StartGated(t, "pasarela.capturar"))
	})
}

// mirarOcho lets eight workers look at an order at once, each until its look succeeds.
func mirarOcho(program *kit.Program, id string) {
	kit.Together(8, func(int) error {
		return kit.Until(
			program.T.Context(),
			func() bool { return program.Programa.Pedidos.Mirar(program.T.Context(), id, 0) == nil },
		)
	})
}

func pagarYMirar(program *kit.Program) {
	antes := program.Stock()
	program.Simulate(map[string]any{"avisos": map[string]any{"repetir": 7, "demora_ms": 0}})
	p := program.Order(
		"cliente1",
		program.NewPurchase("cliente1", kit.PayingWith(map[string]any{"metodo": "efectivo"})),
	)
	program.Await("cliente1", p.ID, "pago_pendiente")
	kit.Decides("pagar")(program, p.ID)
	mirarOcho(program, p.ID)
	unCobro(program, p.ID)
	program.Reconcile(antes)
}

// unCobro: the order is confirmed and the gateway has taken its total, once.
func unCobro(program *kit.Program, id string) {
	program.T.Helper()
	p := program.Await("cliente1", id, "confirmado")
	n := 0
	for _, a := range program.Ledger() {
		if strings.HasPrefix(a.Referencia, id) {
			n++
		}
	}
	if a := program.InLedger(id); n != 1 || a.Cobrado != p.Total || a.Reembolsado != 0 {
		program.T.Errorf(
			"%d charges; the first took %d of %d and gave %d back",
			n,
			a.Cobrado,
			p.Total,
			a.Reembolsado,
		)
	}
}

func capturarYMirar(program *kit.Program, door *kit.Door) {
	antes := program.Stock()
	p := program.Hold(door, program.NewPurchase("cliente1"))
	miradas := kit.Together(9, func(i int) error {
		if i == 8 {
			door.Open()
			return nil
		}
		return kit.Until(
			program.T.Context(),
			func() bool { return program.Programa.Pedidos.Mirar(program.T.Context(), p.ID, 0) == nil },
		)
	})
	for _, err := range miradas {
		if err != nil {
			program.T.Errorf("a look: %v", err)
		}
	}
	unCobro(program, p.ID)
	program.Reconcile(antes)
}

// capturarOcho lets seven more workers come to the capture, each after the lease of the one before has lapsed.
func capturarOcho(program *kit.Program, door *kit.Door) {
	antes := program.Stock()
	p := program.Hold(door, program.NewPurchase("cliente1"))
	for range 7 {
		n := door.Taken.Load()
		program.Clock.Advance(program.Programa.Ajustes.Pedidos.Lease + time.Second)
		program.Until("somebody takes the order over", func() bool {
			if door.Taken.Load() > n {
				return true
			}
			// A worker refused with "in progress" tries again later, with a growing pause.
			program.Clock.Advance(time.Second)
			return false
		})
	}
	door.Open()
	unCobro(program, p.ID)
	program.Reconcile(antes)
}
