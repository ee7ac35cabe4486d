package kit

import (
	"maps"
	"strings"

	"despensa/internal/apiclient"
)

// Body is the body of POST /pedidos.
type Body map[string]any

// NewPurchase makes a body: one unit of the first dry product, by a card that approves.
func (s *Client) NewPurchase(login string, cambios ...func(Body)) Body {
	s.T.Helper()
	c := Body{"direccion_id": s.Address(login)}
	for _, f := range cambios {
		f(c)
	}
	if c["lineas"] == nil {
		c["lineas"] = []Line{{Producto: s.DryProducts()[0].ID, Cantidad: 1}}
	}
	if c["pago"] == nil {
		c["pago"] = s.WithCard("APRO")
	}
	return c
}

// WithCard is the member pago of a Body: a credit card. titular, the holder's name, decides the gateway's answer.
func (s *Client) WithCard(titular string) map[string]any {
	s.T.Helper()
	return map[string]any{
		"metodo": "tarjeta_credito",
		"token":  s.CardToken(titular),
		"marca":  "master",
	}
}

// Lines sets the lines of a Body.
func Lines(lines ...Line) func(Body) { return func(c Body) { c["lineas"] = lines } }

// PayingWith sets the member pago of a Body.
func PayingWith(p map[string]any) func(Body) { return func(c Body) { c["pago"] = p } }

// Order places an order and returns it as the API answered.
func (s *Client) Order(login string, body Body, optiones ...apiclient.Option) Order {
	s.T.Helper()
	var p Order
	s.Must(login, "POST", "/pedidos", body, &p, optiones...)
	return p
}

// See reads an order.
func (s *Client) See(login, id string) Order {
	s.T.Helper()
	var p Order
	s.Must(login, "GET", "/pedidos/"+id, nil, &p)
	return p
}

// Await waits until the order is in one of estados, and returns it.
func (s *Client) Await(login, id string, estados ...string) Order {
	s.T.Helper()
	var p Order
	err := Until(s.T.Context(), func() bool {
		p = s.See(login, id)
		for _, e := range estados {
			if p.Estado == e {
				return true
			}
		}
		return false
	})
	if err != nil {
		s.T.Fatalf(
			"order stays %s (%s), %v expected; %+v",
			p.Estado,
			p.Motivo,
			estados,
			s.History(login, id),
		)
	}
	return p
}

// History returns the order's events, oldest first.
func (s *Client) History(login, id string) []Event {
	s.T.Helper()
	es := All[Event](s, login, "/pedidos/"+id+"/eventos")
	for i, j := 0, len(es)-1; i < j; i, j = i+1, j-1 {
		es[i], es[j] = es[j], es[i]
	}
	return es
}

// Steps joins the kinds of events by blanks.
func Steps(eventes []Event) string {
	var out []string
	for _, e := range eventes {
		out = append(out, e.Tipo)
	}
	return strings.Join(out, " ")
}

// Deliver lets a confirmed order leave and arrive, and returns it as delivered.
func (s *Client) Deliver(login, id string) Order {
	s.T.Helper()
	s.Await(login, id, "confirmado")
	s.Depart(s.VisitOf(id))
	s.Await(login, id, "en_reparto")
	s.Arrive(s.VisitOf(id), "")
	return s.Await(login, id, "entregado")
}

// With returns a copy of the body with one member changed; a nil valor removes the member.
func (k Body) With(miembro string, valor any) Body {
	otra := maps.Clone(k)
	if otra[miembro] = valor; valor == nil {
		delete(otra, miembro)
	}
	return otra
}
