package kit

import (
	"fmt"
	"slices"
	"strings"
)

// Stock is the free units per product id.
type Stock map[string]int64

// Stock reads the free units of every product.
func (s *Client) Stock() Stock {
	s.T.Helper()
	f := Stock{}
	for _, p := range All[Product](s, "admin", "/productos") {
		f[p.ID] = p.Disponible
	}
	return f
}

// Reconcile waits until the books of orders, money, stock and trucks agree, and fails with their differences when
// Patience is over.
func (s *Client) Reconcile(antes Stock) {
	s.T.Helper()
	var faltas []string
	if err := Until(s.T.Context(), func() bool { faltas = s.Differences(antes); return len(faltas) == 0 }); err != nil {
		s.T.Fatalf("the books do not agree:\n%s", strings.Join(faltas, "\n"))
	}
}

// Differences compares the records of the four modules and of the gateway about all orders, and returns one sentence
// per contradiction. antes is the free stock before the first order.
func (s *Client) Differences(antes Stock) []string {
	ps := All[Order](s, "operador", "/pedidos")
	var f faults
	vivos := map[string]Order{}
	for _, p := range ps {
		switch p.Estado {
		case "confirmado", "en_reparto", "entregado":
			vivos[p.ID] = p
		case "fallido", "rechazado", "cancelado", "devuelto":
		default:
			f.wrong("order %s is %s: not at rest", p.ID, p.Estado)
		}
		f.history(p, s.History("operador", p.ID))
	}
	f.money(ps, vivos, s.Ledger())
	if antes != nil {
		f.stock(antes, s.Stock(), s.gone(ps, vivos))
	}
	f.trucks(ps, vivos, All[Visit](s, "gestor", "/visitas"), All[Shift](s, "gestor", "/turnos"))
	return f
}

// faults are sentences, one for each contradiction between two books.
type faults []string

func (f *faults) wrong(
	formato string,
	args ...any,
) {
	*f = append(*f, fmt.Sprintf(formato, args...))
}

// history: the events have no gap, no step comes twice within an intento, and the last one leads to the order's
// estado.
func (f *faults) history(order Order, eventes []Event) {
	veces := map[string]int{}
	for i, e := range eventes {
		if e.Seq != i+1 {
			f.wrong("order %s: event %d has sequence %d", order.ID, i+1, e.Seq)
		}
		veces[fmt.Sprintf("%d %s", e.Intento, e.Tipo)]++
	}
	for que, n := range veces {
		_, tipo, _ := strings.Cut(que, " ")
		switch tipo {
		case "despachar",
			"reprogramar",
			"visita_asignada",
			"cancelacion_tarde",
			"reembolso_hecho",
			"reembolso_absorbido",
			"reembolso_rechazado",
			"reembolso_ajeno",
			"marca",
			"devolucion_pedida",
			"devolucion_aceptada",
			"devolucion_rechazada":
			continue
		}
		if n != 1 {
			f.wrong("order %s: %s happened %d times: %s", order.ID, que, n, Steps(eventes))
		}
	}
	if len(eventes) == 0 || eventes[len(eventes)-1].A != order.Estado && order.Estado != "" {
		f.wrong("order %s is %s, its history says %s", order.ID, order.Estado, Steps(eventes))
	}
}

// owedBack returns the part of an order's charge, in centavos, that the gateway refuses to refund.
func owedBack(order Order) (n int64) {
	for _, r := range order.Reembolsos {
		if r.Estado == "rechazado" {
			n = order.Pago.Cobrado - order.Pago.Reembolsado
		}
	}
	return n
}

// money: the gateway has taken the total of each living order once, less the refunds that an operator asked for. For
// every other order the gateway keeps no money and holds no reservation.
func (f *faults) money(orderes []Order, vivos map[string]Order, libro []LedgerEntry) {
	neto, cargos := map[string]int64{}, map[string]int{}
	for _, a := range libro {
		id := a.Referencia[:strings.LastIndexByte(a.Referencia, '-')]
		neto[id] += a.Cobrado - a.Reembolsado
		if a.Cobrado > a.Reembolsado {
			cargos[id]++
		}
		if _, vive := vivos[id]; !vive && a.Cobrado == 0 &&
			!slices.Contains([]string{"canceled", "refunded", "failed", "expired"}, a.Estado) {
			f.wrong(
				"order %s is over, the gateway still has %s (%s) for %s",
				id,
				a.Estado,
				a.Detalle,
				a.Referencia,
			)
		}
	}
	for _, p := range orderes {
		debe := owedBack(p)
		if v, vive := vivos[p.ID]; vive {
			debe = v.Total - v.Pago.Reembolsado
			if v.Pago.Cobrado != v.Total {
				f.wrong(
					"order %s of %d says that %d was charged",
					p.ID,
					v.Total,
					v.Pago.Cobrado,
				)
			}
		}
		if neto[p.ID] != debe || cargos[p.ID] > 1 {
			f.wrong(
				"order %s (%s): the gateway has %d in %d charges, %d expected",
				p.ID,
				p.Estado,
				neto[p.ID],
				cargos[p.ID],
				debe,
			)
		}
		delete(neto, p.ID)
	}
	for id, n := range neto {
		if n != 0 {
			f.wrong("the gateway has %d for %s, which is no order", n, id)
		}
	}
}

// gone returns, by product, the units that living orders have (their lines, less the units that came back into stock)
// and the units of finished orders that came back and were thrown away.
func (s *Client) gone(orderes []Order, vivos map[string]Order) Stock {
	s.T.Helper()
	out := Stock{}
	for _, p := range vivos {
		for _, l := range p.Lineas {
			out[l.Producto] += l.Cantidad
		}
	}
	for _, p := range orderes {
		if p.Estado != "entregado" && p.Estado != "devuelto" {
			continue
		}
		for _, d := range All[Return](s, "operador", "/pedidos/"+p.ID+"/devoluciones") {
			for _, l := range d.Lineas {
				_, vivo := vivos[p.ID]
				switch {
				case d.Estado != "aceptada":
				case vivo && l.Destino == "existencias":
					out[l.Producto] -= l.Cantidad
				case !vivo && l.Destino == "descarte": // an earlier release left destino empty
					out[l.Producto] += l.Cantidad
				}
			}
		}
	}
	return out
}

// stock: the units missing from the free stock are those that living orders have and those that were thrown away.
func (f *faults) stock(antes, ahora, vendido Stock) {
	for id, n := range antes {
		if ahora[id] != n-vendido[id] {
			f.wrong("product %s: %d free of %d, %d sold", id, ahora[id], n, vendido[id])
		}
	}
}

// trucks: each living order has one visit, in the state that belongs to the order's own; no other order has a
// visit.
func (f *faults) trucks(
	orderes []Order,
	vivos map[string]Order,
	visites []Visit,
	shiftes []Shift,
) {
	vuelto := map[string]bool{} // orders with an unreported visit, or with goods that came back after it
	for _, p := range orderes {
		vuelto[p.ID] = p.Estado == "devuelto"
	}
	toca := map[string]string{
		"confirmado": "firme",
		"en_reparto": "en_camino",
		"entregado":  "entregada",
	}
	tiene := map[string]int{}
	peso, visitas := map[string]int64{}, map[string]int64{}
	for _, v := range visites {
		if slices.Contains([]string{"liberada", "perdida", "fallida"}, v.Estado) {
			continue
		}
		if v.Estado != "entregada" { // the room of an undelivered visit is free again
			peso[v.TurnoID] += v.Peso
			visitas[v.TurnoID]++
		}
		if vuelto[v.PedidoID] && (v.Estado == "en_camino" || v.Estado == "entregada") {
			continue
		}
		tiene[v.PedidoID]++
		if p, vive := vivos[v.PedidoID]; !vive || toca[p.Estado] != v.Estado {
			f.wrong("visit of order %s is %s, the order %q", v.PedidoID, v.Estado, p.Estado)
		}
	}
	for id := range vivos {
		if tiene[id] != 1 {
			f.wrong("order %s has %d visits", id, tiene[id])
		}
	}
	for _, t := range shiftes {
		if t.Usado.Visitas != visitas[t.ID] || t.Usado.Peso != peso[t.ID] {
			f.wrong(
				"shift %s carries %d visits and %d g, its visits are %d with %d g",
				t.ID,
				t.Usado.Visitas,
				t.Usado.Peso,
				visitas[t.ID],
				peso[t.ID],
			)
		}
	}
}
