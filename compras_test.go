//go:build !race

package main

import (
	"strings"

	"despensa/internal/apiclient"
)

// asiento is a row of the gateway's ledger.
type asiento struct {
	ID          string `json:"id"`
	Referencia  string `json:"referencia"`
	Estado      string `json:"estado"`
	Detalle     string `json:"detalle"`
	Cobrado     int64  `json:"cobrado_centavos"`
	Reembolsado int64  `json:"reembolsado_centavos"`
}

func (s *sitio) libro() []asiento {
	s.t.Helper()
	var h hoja[asiento]
	if err := s.alSimulador(s.t.Context(), "GET", "/_control/libro", nil, &h); err != nil {
		s.t.Fatal(err)
	}
	return h.Datos
}

// compra is the body of POST /pedidos.
type compra map[string]any

// comprar makes a body: one unit of the first dry product, by a card that approves.
func (s *sitio) comprar(login string, cambios ...func(compra)) compra {
	s.t.Helper()
	c := compra{"direccion_id": s.direccion(login)}
	for _, f := range cambios {
		f(c)
	}
	if c["lineas"] == nil {
		c["lineas"] = []linea{{s.secos()[0].ID, 1}}
	}
	if c["pago"] == nil {
		c["pago"] = s.conTarjeta("APRO")
	}
	return c
}

func (s *sitio) conTarjeta(titular string) map[string]any {
	s.t.Helper()
	return map[string]any{"metodo": "tarjeta_credito", "token": s.tarjeta(titular), "marca": "master"}
}

func lineas(ls ...linea) func(compra) { return func(c compra) { c["lineas"] = ls } }

func pagando(p map[string]any) func(compra) { return func(c compra) { c["pago"] = p } }

// pedir orders and gives the order as it was answered.
func (s *sitio) pedir(login string, c compra, o ...apiclient.Opcion) pedido {
	s.t.Helper()
	var p pedido
	s.debe(login, "POST", "/pedidos", c, &p, o...)
	return p
}

// ver reads an order.
func (s *sitio) ver(login, id string) pedido {
	s.t.Helper()
	var p pedido
	s.debe(login, "GET", "/pedidos/"+id, nil, &p)
	return p
}

// esperar waits until the order is in one of estados.
func (s *sitio) esperar(login, id string, estados ...string) pedido {
	s.t.Helper()
	var p pedido
	err := hasta(s.t.Context(), func() bool {
		p = s.ver(login, id)
		for _, e := range estados {
			if p.Estado == e {
				return true
			}
		}
		return false
	})
	if err != nil {
		s.t.Fatalf("order stays %s (%s), %v expected; %+v", p.Estado, p.Motivo, estados, s.historia(login, id))
	}
	return p
}

// historia is the order's events, oldest first.
func (s *sitio) historia(login, id string) []evento {
	s.t.Helper()
	es := todas[evento](s, login, "/pedidos/"+id+"/eventos")
	for i, j := 0, len(es)-1; i < j; i, j = i+1, j-1 {
		es[i], es[j] = es[j], es[i]
	}
	return es
}

// pasos are the events' kinds.
func pasos(es []evento) string {
	var out []string
	for _, e := range es {
		out = append(out, e.Tipo)
	}
	return strings.Join(out, " ")
}

type visita struct {
	ID       string `json:"id"`
	PedidoID string `json:"pedido_id"`
	TurnoID  string `json:"turno_id"`
	CamionID string `json:"camion_id"`
	Estado   string `json:"estado"`
	Peso     int64  `json:"peso_gramos"`
}

type turno struct {
	ID       string `json:"id"`
	CamionID string `json:"camion_id"`
	Estado   string `json:"estado"`
	Usado    struct {
		Peso    int64 `json:"peso_gramos"`
		Visitas int64 `json:"visitas"`
	} `json:"usado"`
}

// visitaDe is the visit under which an order is promised, or on its way.
func (s *sitio) visitaDe(pedido string) (v visita) {
	s.t.Helper()
	s.hasta("the order has a visit", func() bool {
		for _, v = range todas[visita](s, "gestor", "/visitas?pedido_id="+pedido) {
			if v.Estado == "firme" || v.Estado == "en_camino" {
				return true
			}
		}
		return false
	})
	return v
}

// salir lets the truck of a visit leave with its shift.
func (s *sitio) salir(v visita) {
	s.t.Helper()
	s.debe("gestor", "POST", "/camiones/"+v.CamionID+"/salida", map[string]any{"turno_id": v.TurnoID}, nil)
}

// llegar reports arrival and delivery, or a failed visit.
func (s *sitio) llegar(v visita, fallo string) {
	s.t.Helper()
	s.debe("gestor", "POST", "/visitas/"+v.ID+"/llegada", nil, nil)
	if fallo == "" {
		s.debe("gestor", "POST", "/visitas/"+v.ID+"/entrega", nil, nil)
		return
	}
	s.debe("gestor", "POST", "/visitas/"+v.ID+"/fallo", map[string]any{"motivo": fallo}, nil)
}

// entregarlo lets a confirmed order leave and arrive.
func (s *sitio) entregarlo(login, id string) pedido {
	s.t.Helper()
	s.esperar(login, id, "confirmado")
	s.salir(s.visitaDe(id))
	s.esperar(login, id, "en_reparto")
	s.llegar(s.visitaDe(id), "")
	return s.esperar(login, id, "entregado")
}
