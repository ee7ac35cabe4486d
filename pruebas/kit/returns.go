package kit

import (
	"despensa/internal/apiclient"
)

// Return is a return as the API shows it.
type Return struct {
	ID     string      `json:"id"`
	Estado string      `json:"estado"`
	Lineas []GoodsBack `json:"lineas"`
	Monto  int64       `json:"monto_centavos"`
	// Refund is the refund of the return; nil before the return is accepted.
	Reembolso *Refund `json:"reembolso"`
}

// Refund is a refund as the API shows it.
type Refund struct {
	Monto   *int64 `json:"monto_centavos"`
	Estado  string `json:"estado"`
	Rechazo string `json:"rechazo"`
}

// GoodsBack is a line of goods that come back, and their destino.
type GoodsBack struct {
	Producto string `json:"producto_id"`
	Cantidad int64  `json:"cantidad,omitempty"`
	Destino  string `json:"destino,omitempty"`
	Lote     string `json:"lote,omitempty"`
}

// Return returns lines of an order as login.
func (s *Client) Return(
	login, id string,
	lines []Line,
	optiones ...apiclient.Option,
) (d Return) {
	s.T.Helper()
	pedida := map[string]any{"lineas": lines, "motivo": "vino abierto"}
	s.Must(login, "POST", "/pedidos/"+id+"/devoluciones", pedida, &d, optiones...)
	return d
}

// ReturnTo returns goods of an order as the operator; each line of goodsBackes names its destino.
func (s *Client) ReturnTo(id string, goodsBackes ...GoodsBack) (d Return) {
	s.T.Helper()
	s.Must(
		"operador",
		"POST",
		"/pedidos/"+id+"/devoluciones",
		map[string]any{"lineas": goodsBackes, "motivo": "vino cerrado"},
		&d,
	)
	return d
}

// AcceptReturn accepts a return as the operator; goodsBackes name the destino of its goods.
func (s *Client) AcceptReturn(id string, d Return, goodsBackes ...GoodsBack) (out Return) {
	s.T.Helper()
	var cuerpo any
	if len(goodsBackes) > 0 {
		cuerpo = map[string]any{"lineas": goodsBackes}
	}
	s.Must("operador", "POST", "/pedidos/"+id+"/devoluciones/"+d.ID+"/aceptacion", cuerpo, &out)
	return out
}

// Delivered is an order of cliente1 at its door: four of one product, two of another.
func (s *Client) Delivered() (p Order, a, b Line) {
	s.T.Helper()
	secos := s.DryProducts()
	a, b = Line{Producto: secos[0].ID, Cantidad: 4}, Line{Producto: secos[1].ID, Cantidad: 2}
	p = s.Order("cliente1", s.NewPurchase("cliente1", Lines(a, b)))
	return s.Deliver("cliente1", p.ID), a, b
}

// AwaitRefunded waits until exactly n centavos of an order have been refunded.
func (s *Client) AwaitRefunded(id string, n int64) {
	s.T.Helper()
	var hay int64
	err := Until(
		s.T.Context(),
		func() bool { hay = s.See("cliente1", id).Pago.Reembolsado; return hay == n },
	)
	if err != nil {
		s.T.Fatalf("%d were given back, want %d: %+v", hay, n, s.History("operador", id))
	}
}
