package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"despensa/internal/apiclient"
)

// hechos is what everybody says of one order.
type hechos struct {
	clase       clase
	pedido      apiclient.PedidosPedido
	eventos     []apiclient.PedidosEvento // oldest first
	asientos    []asiento                 // of all its attempts
	existencias apiclient.PedidosExistencias
	visitas     []apiclient.RutasVisita
}

// fines are the estados in which a class of order may end.
var fines = map[clase][]string{
	pagaYa:      {"entregado"},
	dosVeces:    {"entregado"},
	otraTarjeta: {"entregado"},
	otrasLineas: {"entregado"},
	enEfectivo:  {"entregado"},
	transfiere:  {"entregado"},
	enRevision:  {"entregado"},
	sinFondos:   {"fallido", "rechazado"},
	cancela:     {"cancelado", "entregado"},
	sinPagar:    {"cancelado"},
}

// faltas is what does not agree, a sentence each.
type faltas []string

func (f *faltas) mal(formato string, args ...any) { *f = append(*f, fmt.Sprintf(formato, args...)) }

// revisar holds against each other what everybody says.
func (h hechos) revisar() faltas {
	var f faltas
	p := h.pedido
	if !slices.Contains(fines[h.clase], p.Estado) && !h.porLaPasarela() {
		f.mal("order %s (%s) ended %s", p.Codigo, strings.TrimSpace(string(h.clase)+" "+p.Motivo), p.Estado)
	}
	h.historia(&f)
	h.dinero(&f)
	h.stock(&f)
	h.puertas(&f)
	return f
}

// mentiras are the reasons of orders that fail because the gateway, told to, answers what cannot be.
var mentiras = []string{
	"pago-rechazado.monto-distinto", "pago-rechazado.captura-rechazada", "pago-rechazado.datos-invalidos", "sin-pasarela",
}

// porLaPasarela reports whether the order failed through no fault of the house or of its customer.
func (h hechos) porLaPasarela() bool {
	return slices.Contains(fines[sinFondos], h.pedido.Estado) && slices.Contains(mentiras, h.pedido.Motivo)
}

// repetibles are the steps that may come more than once in one attempt.
var repetibles = []string{"despachar", "reprogramar", "visita_asignada"}

// historia: no gap, no step twice in an attempt, and the end is where the order stands.
func (h hechos) historia(f *faltas) {
	veces := map[string]int{}
	for i, e := range h.eventos {
		if e.Seq != int64(i)+1 {
			f.mal("order %s: event %d is numbered %d", h.pedido.Codigo, i+1, e.Seq)
		}
		if que := fmt.Sprintf("%d %s", e.Intento, e.Tipo); !slices.Contains(repetibles, e.Tipo) {
			if veces[que]++; veces[que] == 2 {
				f.mal("order %s: %s happened again", h.pedido.Codigo, que)
			}
		}
	}
	if n := len(h.eventos); n == 0 || h.eventos[n-1].A != h.pedido.Estado {
		f.mal("order %s is %s, its events say otherwise", h.pedido.Codigo, h.pedido.Estado)
	}
}

// acabados are the gateway's words for an order of which it has nothing any more.
var acabados = []string{"canceled", "refunded", "failed", "expired"}

// dinero: a delivered order was charged its total, once; any other nothing in the end, and
// nothing is kept in reserve for it. The order says the same as the gateway.
func (h hechos) dinero(f *faltas) {
	neto, cargos := int64(0), 0
	for _, a := range h.asientos {
		neto += a.Cobrado - a.Reembolsado
		if a.Cobrado > a.Reembolsado {
			cargos++
		} else if !slices.Contains(acabados, a.Estado) {
			f.mal("order %s is over, the gateway still has one %s", h.pedido.Codigo, a.Estado)
		}
	}
	debe := h.debe()
	if neto != debe || cargos > 1 {
		f.mal("order %s: the gateway has %s in %d charges, it should be %s", h.pedido.Codigo, pesos(neto), cargos,
			pesos(debe))
	}
	if dice := h.pedido.Pago.CobradoCentavos - h.pedido.Pago.ReembolsadoCentavos; debe > 0 && dice != debe {
		f.mal("order %s says that %s was charged, it should be %s", h.pedido.Codigo, pesos(dice), pesos(debe))
	}
}

// debe is what the gateway should hold for an order, in centavos: its total less its refunds where it was delivered,
// else nothing but what the gateway refuses to give back.
func (h hechos) debe() (n int64) {
	entregado := h.pedido.Estado == "entregado"
	if entregado {
		n = h.pedido.TotalCentavos
	}
	for _, r := range h.pedido.Reembolsos {
		monto := int64(0)
		if r.MontoCentavos != nil {
			monto = *r.MontoCentavos
		}
		switch {
		case entregado && r.Estado == "hecho":
			n -= monto
		case !entregado && r.Estado == "rechazado":
			n = monto
		}
	}
	return n
}

// stock: what was delivered was sold once; of any other order everything is back.
func (h hechos) stock(f *faltas) {
	debe := map[string]int64{}
	if h.pedido.Estado == "entregado" {
		for _, l := range h.pedido.Lineas {
			debe[l.ProductoID] -= l.Cantidad
		}
	}
	for _, m := range h.existencias.Movimientos {
		debe[m.ProductoID] -= m.Cantidad
	}
	for producto, n := range debe {
		if n != 0 {
			f.mal("order %s: stock of %s is off by %d", h.pedido.Codigo, producto, n)
		}
	}
	if n := len(h.existencias.Reservas); n > 0 {
		f.mal("order %s is at rest and holds %d reservations", h.pedido.Codigo, n)
	}
}

// puertas: a delivered order has one visit that delivered it and else only visits that
// came to nothing; any other order only those.
func (h hechos) puertas(f *faltas) {
	entregas := 0
	for _, v := range h.visitas {
		switch v.Estado {
		case "entregada":
			entregas++
		case "fallida", "liberada", "perdida":
		default:
			f.mal("order %s is at rest, a visit of it is %s", h.pedido.Codigo, v.Estado)
		}
	}
	if (entregas == 1) != (h.pedido.Estado == "entregado") || entregas > 1 {
		f.mal("order %s is %s after %d deliveries", h.pedido.Codigo, h.pedido.Estado, entregas)
	}
}

// preguntar asks everybody about one order.
func (d *dia) preguntar(ctx context.Context, c *compra) (h hechos, err error) {
	h.clase = c.plan.clase
	if h.pedido, err = d.operador.VerPedido(ctx, c.id); err != nil {
		return h, err
	}
	for n := int64(1); n <= h.pedido.Intento; n++ {
		as, err := d.asientos(ctx, c.id, n)
		if err != nil {
			return h, err
		}
		h.asientos = append(h.asientos, as...)
	}
	if h.existencias, err = d.admin.VerExistencias(ctx, c.id); err != nil {
		return h, err
	}
	es, err := d.operador.ListarEventos(ctx, c.id, apiclient.FiltroListarEventos{Limite: 200})
	if err != nil {
		return h, err
	}
	if h.eventos, err = todas(ctx, es); err != nil {
		return h, err
	}
	slices.Reverse(h.eventos)
	vs, err := d.gestor.ListarVisitas(ctx, apiclient.FiltroListarVisitas{PedidoID: c.id, Limite: 200})
	if err != nil {
		return h, err
	}
	h.visitas, err = todas(ctx, vs)
	return h, err
}

// todas is a list to its end.
func todas[T any](ctx context.Context, l apiclient.Lista[T]) (out []T, err error) {
	for x, err := range l.Todas(ctx) {
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}
