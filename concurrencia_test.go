//go:build !race

package main

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"despensa/internal/apiclient"

	"github.com/google/uuid"
)

// juntos runs f n times, all let go at once, and gives what came out.
func juntos[T any](n int, f func(i int) T) []T {
	ya := make(chan struct{})
	salidas := make([]chan T, n)
	for i := range n {
		salidas[i] = make(chan T, 1)
		go func() { <-ya; salidas[i] <- f(i) }()
	}
	close(ya)
	out := make([]T, n)
	for i := range n {
		out[i] = <-salidas[i]
	}
	return out
}

// respuesta is how one of many equal calls was answered.
type respuesta struct {
	pedido
	login  string
	codigo string // of the problem; "" for a success
	r      apiclient.Respuesta
}

// postear posts as login; unlike debe it may be called in any goroutine.
func (s *sitio) postear(login, camino string, cuerpo any, o ...apiclient.Opcion) respuesta {
	x := respuesta{login: login}
	err := s.como(login).Hacer(s.t.Context(), "POST", camino, cuerpo, &x.pedido, append(o, apiclient.EnRespuesta(&x.r))...)
	if x.codigo = apiclient.Codigo(err); err != nil && x.codigo == "" {
		x.codigo = err.Error()
	}
	return x
}

// pedirTodos lets five customers order n times in all at the same moment.
func (s *sitio) pedirTodos(n int, cambios ...func(compra)) []respuesta {
	s.t.Helper()
	logins := []string{"cliente1", "cliente2", "cliente3", "cliente4", "cliente5"}
	compras := make([]compra, n)
	for i := range n {
		compras[i] = s.comprar(logins[i%5], cambios...)
	}
	rs := juntos(n, func(i int) respuesta { return s.postear(logins[i%5], "/pedidos", compras[i]) })
	for _, r := range rs {
		if r.codigo != "" || r.r.Status != 201 {
			s.t.Fatalf("an order was answered %d %s", r.r.Status, r.codigo)
		}
	}
	return rs
}

// recuento waits until all orders are confirmed or failed, and counts how they ended.
func (s *sitio) recuento(rs []respuesta) map[string]int {
	s.t.Helper()
	cuenta := map[string]int{}
	for _, r := range rs {
		p := s.esperar(r.login, r.ID, "confirmado", "fallido")
		cuenta[strings.TrimSpace(p.Estado+" "+p.Motivo)]++
	}
	return cuenta
}

func TestTwentyUnitsSixtyFourBuyers(t *testing.T) {
	t.Parallel()
	dosVeces(t, func(c *casa) {
		escaso := c.producto("Últimos frascos", 20)
		antes := c.foto()
		rs := c.pedirTodos(64, lineas(linea{escaso, 1}))
		if got, want := c.recuento(rs), (map[string]int{"confirmado": 20, "fallido sin-stock": 44}); !maps.Equal(got, want) {
			c.t.Errorf("ended as %v, want %v", got, want)
		}
		if n := c.disponible(escaso); n != 0 {
			c.t.Errorf("%d are left", n)
		}
		c.cuadrar(antes)
	})
}

// turnoPropio adds a truck in the first depot with one shift of four hours tomorrow that
// takes so many visits.
func (s *sitio) turnoPropio(patente string, visitas int) (desde, hasta time.Time) {
	s.t.Helper()
	var camion struct {
		ID string `json:"id"`
	}
	s.debe("gestor", "POST", "/camiones", map[string]any{"patente": patente, "deposito_id": s.deposito("DEP-1"),
		"peso_max_gramos": 3_500_000, "volumen_max_ml": 20_000_000}, &camion)
	desde = manana.Add(24 * time.Hour)
	hasta = desde.Add(4 * time.Hour)
	s.debe("gestor", "POST", "/turnos", map[string]any{"camion_id": camion.ID, "inicio": desde, "fin": hasta, "visitas_max": visitas}, nil)
	return desde, hasta
}

// deposito is the id of a depot.
func (s *sitio) deposito(codigo string) string {
	s.t.Helper()
	for _, d := range todas[struct {
		ID     string `json:"id"`
		Codigo string `json:"codigo"`
	}](s, "gestor", "/depositos") {
		if d.Codigo == codigo {
			return d.ID
		}
	}
	s.t.Fatalf("there is no depot %s", codigo)
	return ""
}

func entregando(desde, hasta time.Time) func(compra) {
	return func(c compra) { c["entrega"] = map[string]any{"desde": desde, "hasta": hasta} }
}

// TestLastTwentyPlaces: two trucks with 25 places, five of which are taken.
func TestLastTwentyPlaces(t *testing.T) {
	t.Parallel()
	dosVeces(t, func(c *casa) {
		c.pararCamiones()
		c.turnoPropio("ZZ901ZZ", 12)
		desde, hasta := c.turnoPropio("ZZ902ZZ", 13)
		antes := c.foto()
		cambios := []func(compra){entregando(desde, hasta), lineas(linea{c.secos()[0].ID, 1})}
		if got := c.recuento(c.pedirTodos(5, cambios...)); got["confirmado"] != 5 {
			c.t.Fatalf("the first five ended as %v", got)
		}
		rs := c.pedirTodos(64, cambios...)
		if got, want := c.recuento(rs), (map[string]int{"confirmado": 20, "fallido ventana-agotada": 44}); !maps.Equal(got, want) {
			c.t.Errorf("ended as %v, want %v", got, want)
		}
		for _, r := range rs {
			if p := c.ver(r.login, r.ID); p.Estado == "confirmado" && !p.Entrega.Desde.Equal(desde) {
				c.t.Errorf("promised for %v, asked for %v", p.Entrega.Desde, desde)
			}
		}
		c.cuadrar(antes)
	})
}

// TestAcceptedAtAnyHour: the hour of the call decides nothing.
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
			dosVeces(t, pedirYa, func(c *casa) { c.reloj = nuevoReloj(ahora) })
		})
	}
}

// pedirYa orders for the first free window, and for the last but one that is offered.
func pedirYa(c *casa) {
	antes := c.foto()
	libre := c.comprar("cliente1")
	var q struct {
		Ventanas []struct{ Desde, Hasta time.Time } `json:"ventanas"`
	}
	c.debe("cliente1", "POST", "/pedidos/cotizacion", map[string]any{"lineas": libre["lineas"], "direccion_id": libre["direccion_id"]}, &q)
	if len(q.Ventanas) < 2 {
		c.t.Fatalf("offered %d windows", len(q.Ventanas))
	}
	v := q.Ventanas[len(q.Ventanas)-2]
	for _, compra := range []compra{libre, c.comprar("cliente1", entregando(v.Desde, v.Hasta))} {
		p := c.pedir("cliente1", compra)
		p = c.esperar("cliente1", p.ID, "confirmado", "fallido")
		if p.Estado != "confirmado" || !p.Entrega.Hasta.After(c.reloj.Ahora()) {
			c.t.Errorf("%s (%s), promised until %+v", p.Estado, p.Motivo, p.Entrega)
		}
	}
	c.cuadrar(antes)
}

// TestOneKeySixteenTimes: equal calls that race are one order.
func TestOneKeySixteenTimes(t *testing.T) {
	t.Parallel()
	dosVeces(t, func(c *casa) {
		antes := c.foto()
		compra, clave := c.comprar("cliente1"), apiclient.ConClave(uuid.NewString())
		c.como("cliente1")
		ids, nuevos := map[string]int{}, 0
		for _, r := range juntos(16, func(int) respuesta { return c.postear("cliente1", "/pedidos", compra, clave) }) {
			if r.r.Status != 201 {
				c.t.Errorf("answered %d %s", r.r.Status, r.codigo)
			}
			if ids[r.ID]++; !r.r.Repetida() {
				nuevos++
			}
		}
		ps := todas[pedido](c.sitio, "cliente1", "/pedidos")
		if len(ids) != 1 || nuevos != 1 || len(ps) != 1 {
			c.t.Fatalf("%d ids, %d new, %d orders", len(ids), nuevos, len(ps))
		}
		c.esperar("cliente1", ps[0].ID, "confirmado")
		c.cuadrar(antes)
	})
}

// TestOneCancelSixteenTimes: whatever the keys, the order is cancelled once.
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
				dosVeces(t, func(c *casa) { cancelarMucho(c, metodo, estado, x.clave, x.bien) })
			})
		}
	}
}

func cancelarMucho(c *casa, metodo, estado string, clave func() string, bien int) {
	antes := c.foto()
	pago := map[string]any{"metodo": metodo}
	if metodo != "efectivo" {
		pago = c.conTarjeta("APRO")
	}
	p := c.pedir("cliente1", c.comprar("cliente1", pagando(pago)))
	c.esperar("cliente1", p.ID, estado)
	cuenta := map[string]int{}
	for _, r := range juntos(16, func(int) respuesta {
		return c.postear("cliente1", "/pedidos/"+p.ID+"/cancelacion", map[string]any{"motivo": "me arrepentí"}, apiclient.ConClave(clave()))
	}) {
		cuenta[fmt.Sprint(r.r.Status, " ", r.codigo)]++
	}
	tarde := cuenta["409 paso-no-permitido"] + cuenta["409 cancelacion-en-curso"]
	if cuenta["200 "] != bien || cuenta["200 "]+tarde != 16 {
		c.t.Errorf("answered %v, want %d successes", cuenta, bien)
	}
	c.esperar("cliente1", p.ID, "cancelado")
	c.cuadrar(antes)
}

// TestOneChargeWhoeverLooks: the voucher is paid, or the money is to be taken, and eight look
// at the order at once. One charge.
func TestOneChargeWhoeverLooks(t *testing.T) {
	t.Parallel()
	t.Run("a voucher is paid", func(t *testing.T) { dosVeces(t, pagarYMirar) })
	t.Run("the money is taken", func(t *testing.T) {
		for modo, opcion := range map[string]func(*casa){"with hand-offs": func(*casa) {}, "by own timers": sinRelevos} {
			t.Run(modo, func(t *testing.T) {
				t.Parallel()
				capturarYMirar(alquilarCon(t, "pasarela.capturar", opcion))
			})
		}
	})
	t.Run("the money is taken by eight whose leases have run out", func(t *testing.T) {
		t.Parallel()
		capturarOcho(alquilarCon(t, "pasarela.capturar"))
	})
}

// mirarOcho lets eight look at an order at once, each until it has.
func (c *casa) mirarOcho(id string) {
	juntos(8, func(int) error {
		return hasta(c.t.Context(), func() bool { return c.p.pedidos.Mirar(c.t.Context(), id, 0) == nil })
	})
}

func pagarYMirar(c *casa) {
	antes := c.foto()
	c.simular(map[string]any{"avisos": map[string]any{"repetir": 7, "demora_ms": 0}})
	p := c.pedir("cliente1", c.comprar("cliente1", pagando(map[string]any{"metodo": "efectivo"})))
	c.esperar("cliente1", p.ID, "pago_pendiente")
	seDecide("pagar")(c, p.ID)
	c.mirarOcho(p.ID)
	c.unCobro(p.ID)
	c.cuadrar(antes)
}

// unCobro: the order is confirmed and the gateway has taken its total, once.
func (c *casa) unCobro(id string) {
	c.t.Helper()
	p := c.esperar("cliente1", id, "confirmado")
	n := 0
	for _, a := range c.libro() {
		if strings.HasPrefix(a.Referencia, id) {
			n++
		}
	}
	if a := c.enElLibro(id); n != 1 || a.Cobrado != p.Total || a.Reembolsado != 0 {
		c.t.Errorf("%d charges; the first took %d of %d and gave %d back", n, a.Cobrado, p.Total, a.Reembolsado)
	}
}

func capturarYMirar(c *casa, g *puerta) {
	antes := c.foto()
	p := c.retener(g, c.comprar("cliente1"))
	miradas := juntos(9, func(i int) error {
		if i == 8 {
			g.abrir()
			return nil
		}
		return hasta(c.t.Context(), func() bool { return c.p.pedidos.Mirar(c.t.Context(), p.ID, 0) == nil })
	})
	for _, err := range miradas {
		if err != nil {
			c.t.Errorf("a look: %v", err)
		}
	}
	c.unCobro(p.ID)
	c.cuadrar(antes)
}

// capturarOcho: seven more come to the capture, each after the lease of the one before.
func capturarOcho(c *casa, g *puerta) {
	antes := c.foto()
	p := c.retener(g, c.comprar("cliente1"))
	for range 7 {
		n := g.tomas.Load()
		c.reloj.adelantar(c.p.c.Pedidos.Lease + time.Second)
		c.hasta("somebody takes the order over", func() bool { return g.tomas.Load() > n })
	}
	g.abrir()
	c.unCobro(p.ID)
	c.cuadrar(antes)
}
