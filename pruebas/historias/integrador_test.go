package historias_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"despensa/internal/apiclient"
	"despensa/pruebas/kit"
)

// deTodos is an event in the diary of all orders.
type deTodos struct {
	ID       string `json:"id"`
	PedidoID string `json:"pedido_id"`
	Tipo     string `json:"tipo"`
	Estado   string `json:"estado"`
	Seq      int    `json:"seq"`
}

// lectora reads the diary as a machine does: from one siguiente to the next.
type lectora struct {
	*apiclient.Client
	c      *kit.Client
	cursor string
	van    map[string][]string // by order: the steps
}

func nuevaLectora(client *kit.Client) *lectora {
	m := apiclient.New(client.URL, apiclient.Fixed(client.Machine("leer:eventos")), client.HTTP)
	m.Tries = 1
	return &lectora{Client: m, c: client, van: map[string][]string{}}
}

// leer takes one page; the events of an order come one behind the other.
func (l *lectora) leer() {
	l.c.T.Helper()
	var h kit.Page[deTodos]
	camino := "/eventos?limite=7"
	if l.cursor != "" {
		camino += "&cursor=" + l.cursor
	}
	if err := l.Do(l.c.T.Context(), "GET", camino, nil, &h); err != nil {
		l.c.T.Fatal(err)
	}
	if h.Siguiente == "" {
		l.c.T.Fatalf("a page of %d events has no siguiente", len(h.Datos))
	}
	for _, e := range h.Datos {
		l.van[e.PedidoID] = append(l.van[e.PedidoID], e.Tipo)
		if n := len(l.van[e.PedidoID]); e.Seq != n ||
			e.ID != fmt.Sprintf("%s:%d", e.PedidoID, n) {
			l.c.T.Fatalf("event %+v stands where %d belongs", e, n)
		}
	}
	l.cursor = h.Siguiente
}

// hasta reads on until the diary has a step of the order.
func (l *lectora) hasta(id, paso string) {
	l.c.T.Helper()
	l.c.Until(paso+" of "+id, func() bool {
		l.leer()
		return slices.Contains(l.van[id], paso)
	})
}

// TestAnIntegratorFollowsAllOrders: a machine that may read the diary sees the whole history of every order, once, and
// goes on from its cursor after the program has been away.
func TestAnIntegratorFollowsAllOrders(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	l := nuevaLectora(c.Client)
	l.leer() // before anything has happened
	ids := make([]string, 12)
	var compran sync.WaitGroup
	for i := range ids {
		login := fmt.Sprintf("cliente%d", 1+i%3)
		compra := c.NewPurchase(login)
		compran.Go(func() { ids[i] = c.Order(login, compra).ID })
	}
	for range 5 {
		l.leer()
	}
	compran.Wait()
	for _, id := range ids {
		l.hasta(id, "confirmar")
	}
	c.Reopen()
	l.Client = nuevaLectora(c.Client).Client
	l.leer() // the cursor from before the restart
	c.Must(
		"operador",
		"POST",
		"/pedidos/"+ids[0]+"/cancelacion",
		map[string]any{"motivo": "ya no"},
		nil,
	)
	l.hasta(ids[0], "cancelar")
	if seguidos := slices.Sorted(maps.Keys(l.van)); len(seguidos) != len(ids) {
		t.Errorf("follows %v", seguidos)
	}
	for _, id := range ids {
		c.Until("the whole of "+id, func() bool {
			l.leer()
			return strings.Join(l.van[id], " ") == kit.Steps(c.History("operador", id))
		})
	}
	otra := nuevaLectora(c.Client) // from the beginning, in the same order
	c.Until("a second reader", func() bool { otra.leer(); return otra.cursor == l.cursor })
	for id, pasos := range l.van {
		if !slices.Equal(otra.van[id], pasos) {
			t.Errorf("%s: a second reader sees %v, the first %v", id, otra.van[id], pasos)
		}
	}
}

// conPropio has the members of an order that belong to the integrator.
type conPropio struct {
	ID, Referencia string
	Metadatos      map[string]string
}

// TestAnIntegratorsOwnStaysWithTheOrder: reference and metadata are given back, found, kept through retries, and
// refused when a value looks like personal data.
func TestAnIntegratorsOwnStaysWithTheOrder(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	compra := c.NewPurchase("cliente1", kit.PayingWith(c.WithCard("FUND")))
	compra["referencia"] = "PO 2026/0001"
	compra["metadatos"] = map[string]string{
		"canal": "web",
		"turno": "mañana",
	}
	clave := apiclient.WithKey("integrador-1")
	id := c.Order("cliente1", compra, clave).ID
	if otra := c.Order("cliente1", compra, clave).ID; otra != id {
		t.Errorf("repeated: %s, then %s", id, otra)
	}
	for miembro, valor := range map[string]any{
		"referencia": "PO 2026/0002",
		"metadatos":  map[string]string{"canal": "app"},
	} {
		if code := c.Code("cliente1", "POST", "/pedidos", compra.With(miembro, valor), clave); code != "clave-reutilizada" {
			t.Errorf("another %s under the same key: %q", miembro, code)
		}
	}
	c.Await("cliente1", id, "fallido")
	c.Must(
		"cliente1",
		"POST",
		"/pedidos/"+id+"/reintento",
		map[string]any{"pago": c.WithCard("APRO")},
		nil,
	)
	c.Await("cliente1", id, "confirmado")
	var p conPropio
	c.Must("cliente1", "GET", "/pedidos/"+id, nil, &p)
	if p.Referencia != "PO 2026/0001" ||
		!maps.Equal(p.Metadatos, map[string]string{"canal": "web", "turno": "mañana"}) {
		t.Errorf("kept: %+v", p)
	}
	c.Order("cliente2", c.NewPurchase("cliente2").With("referencia", "PO 2026/0001"))
	c.Order("cliente2", c.NewPurchase("cliente2"))
	for login, n := range map[string]int{"cliente1": 1, "cliente2": 1, "cliente3": 0, "operador": 2, "admin": 2} {
		hay := kit.All[conPropio](c.Client, login, "/pedidos?referencia=PO+2026%2F0001")
		if len(hay) != n || n == 1 && hay[0].Referencia != "PO 2026/0001" {
			t.Errorf("%s finds %+v, want %d", login, hay, n)
		}
	}
	for _, malo := range []string{"ana@example.com", "+54 9 11 5555-1234", "5031 7557 3453 0604"} {
		if code := c.Code("cliente1", "POST", "/pedidos", compra.With("referencia", malo)); code != "dato-personal" {
			t.Errorf("%q for a reference: %q", malo, code)
		}
		code := c.Code(
			"cliente1",
			"POST",
			"/pedidos",
			compra.With("metadatos", map[string]string{"nota": malo}),
		)
		if code != "dato-personal" {
			t.Errorf("%q in the metadata: %q", malo, code)
		}
	}
}

// TestWhoFollowsAllOrders: an admin, and a machine with the scope; other logins are refused.
func TestWhoFollowsAllOrders(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	c.Must("admin", "GET", "/eventos", nil, nil)
	for _, login := range []string{"cliente1", "operador", "gestor", "repartidor1", "auditor"} {
		if code := c.Code(login, "GET", "/eventos", nil); code != "sin-permiso" {
			t.Errorf("%s: %q", login, code)
		}
	}
	m := apiclient.New(
		c.URL,
		apiclient.Fixed(c.Machine("leer:pedidos", "leer:auditoria")),
		c.HTTP,
	)
	m.Tries = 1
	if err := m.Do(t.Context(), "GET", "/eventos", nil, nil); apiclient.Code(
		err,
	) != "sin-permiso" {
		t.Errorf("a machine without the scope: %v", err)
	}
}
