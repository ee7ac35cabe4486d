package kit

import (
	"despensa/internal/apiclient"
)

// Devolucion is a return as the API shows it.
type Devolucion struct {
	ID     string  `json:"id"`
	Estado string  `json:"estado"`
	Lineas []Linea `json:"lineas"`
	Monto  int64   `json:"monto_centavos"`
	// Reembolso is how its money goes back; nil before it is accepted.
	Reembolso *Reembolso `json:"reembolso"`
}

// Reembolso is money that goes back, as the API shows it.
type Reembolso struct {
	Monto   *int64 `json:"monto_centavos"`
	Estado  string `json:"estado"`
	Rechazo string `json:"rechazo"`
}

// Return returns lines of an order as login.
func (s *Client) Return(login, id string, ls []Linea, o ...apiclient.Opcion) (d Devolucion) {
	s.T.Helper()
	s.Must(login, "POST", "/pedidos/"+id+"/devoluciones", map[string]any{"lineas": ls, "motivo": "vino abierto"}, &d, o...)
	return d
}

// AcceptReturn accepts a return as the operator.
func (s *Client) AcceptReturn(id string, d Devolucion) (out Devolucion) {
	s.T.Helper()
	s.Must("operador", "POST", "/pedidos/"+id+"/devoluciones/"+d.ID+"/aceptacion", nil, &out)
	return out
}

// Delivered is an order of cliente1 at its door: four of one product, two of another.
func (s *Client) Delivered() (p Pedido, a, b Linea) {
	s.T.Helper()
	secos := s.DryProducts()
	a, b = Linea{Producto: secos[0].ID, Cantidad: 4}, Linea{Producto: secos[1].ID, Cantidad: 2}
	p = s.Order("cliente1", s.NewCompra("cliente1", Lines(a, b)))
	return s.Deliver("cliente1", p.ID), a, b
}

// AwaitRefunded waits until the gateway has given back n centavos of an order, and no more.
func (s *Client) AwaitRefunded(id string, n int64) {
	s.T.Helper()
	var hay int64
	if err := Until(s.T.Context(), func() bool { hay = s.See("cliente1", id).Pago.Reembolsado; return hay == n }); err != nil {
		s.T.Fatalf("%d were given back, want %d: %+v", hay, n, s.History("operador", id))
	}
}
