package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"despensa/internal/apiclient"
)

// hechos is one order as the modules and the gateway show it at the end of the day.
type hechos struct {
	clase       clase
	pedido      apiclient.PedidosPedido
	eventos     []apiclient.PedidosEvento // oldest first
	ordenes     []ordenDelSimulador       // of all its attempts
	existencias apiclient.PedidosExistencias
	visitas     []apiclient.RutasVisita
}

// fines are the estados in which an order of each class may end.
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

// faltas is a list of contradictions, a sentence each.
type faltas []string

func (f *faltas) mal(
	formato string,
	args ...any,
) {
	*f = append(*f, fmt.Sprintf(formato, args...))
}

// revisar compares the answers of the modules and of the gateway about the order, and lists the contradictions.
func (h hechos) revisar() faltas {
	var f faltas
	p := h.pedido
	if !slices.Contains(fines[h.clase], p.Estado) && !h.porLaPasarela() {
		f.mal(
			"order %s (%s) ended %s",
			p.Codigo,
			strings.TrimSpace(string(h.clase)+" "+p.Motivo),
			p.Estado,
		)
	}
	h.historia(&f)
	h.dinero(&f)
	h.stock(&f)
	h.puertas(&f)
	return f
}

// mentiras are the reasons of orders that fail because the gateway was told to give impossible answers.
var mentiras = []string{
	"pago-rechazado.monto-distinto", "pago-rechazado.captura-rechazada",
	"pago-rechazado.datos-invalidos", "sin-pasarela",
}

// porLaPasarela reports whether the order failed through no fault of the house or of its customer.
func (h hechos) porLaPasarela() bool {
	return slices.Contains(fines[sinFondos], h.pedido.Estado) &&
		slices.Contains(mentiras, h.pedido.Motivo)
}

// repetibles are the steps that may come more than once in one attempt.
var repetibles = []string{"despachar", "reprogramar", "visita_asignada"}

// historia checks the events: no number is missing, no step comes twice in an attempt, and the last one leads to the
// order's estado.
func (h hechos) historia(faltas *faltas) {
	veces := map[string]int{}
	for i, e := range h.eventos {
		if e.Seq != int64(i)+1 {
			faltas.mal("order %s: event %d is numbered %d", h.pedido.Codigo, i+1, e.Seq)
		}
		if que := fmt.Sprintf("%d %s", e.Intento, e.Tipo); !slices.Contains(repetibles, e.Tipo) {
			if veces[que]++; veces[que] == 2 {
				faltas.mal("order %s: %s happened again", h.pedido.Codigo, que)
			}
		}
	}
	if n := len(h.eventos); n == 0 || h.eventos[n-1].A != h.pedido.Estado {
		faltas.mal("order %s is %s, its events say otherwise", h.pedido.Codigo, h.pedido.Estado)
	}
}

// acabados are the simulator's states of an order that holds no money of the customer.
var acabados = []string{"canceled", "refunded", "failed", "expired"}

// dinero checks the money: a delivered order was charged its total, once. Any other order was charged nothing in the
// end, and no amount stays reserved for it. The order shows the same amounts as the gateway.
func (h hechos) dinero(faltas *faltas) {
	neto, cargos := int64(0), 0
	for _, a := range h.ordenes {
		neto += a.Cobrado - a.Reembolsado
		if a.Cobrado > a.Reembolsado {
			cargos++
		} else if !slices.Contains(acabados, a.Estado) {
			faltas.mal("order %s is over, the gateway still has one %s", h.pedido.Codigo, a.Estado)
		}
	}
	debe := h.debe()
	if neto != debe || cargos > 1 {
		faltas.mal("order %s: the gateway has %s in %d charges, it should be %s",
			h.pedido.Codigo, pesos(neto), cargos, pesos(debe))
	}
	if dice := h.pedido.Pago.CobradoCentavos - h.pedido.Pago.ReembolsadoCentavos; debe > 0 &&
		dice != debe {
		faltas.mal(
			"order %s says that %s was charged, it should be %s",
			h.pedido.Codigo,
			pesos(dice),
			pesos(debe),
		)
	}
}

// debe is the amount that the gateway should hold for an order, in centavos: the total of a delivered order less its
// refunds; for any other order, only the refunds that the gateway refuses.
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

// stock checks the goods: those of a delivered order were sold once; those of any other order are all back in stock.
func (h hechos) stock(faltas *faltas) {
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
			faltas.mal("order %s: stock of %s is off by %d", h.pedido.Codigo, producto, n)
		}
	}
	if n := len(h.existencias.Reservas); n > 0 {
		faltas.mal("order %s is at rest and holds %d reservations", h.pedido.Codigo, n)
	}
}

// puertas checks the visits: a delivered order has exactly one visit that delivered it, any other order has none. No
// visit is still open.
func (h hechos) puertas(faltas *faltas) {
	entregas := 0
	for _, v := range h.visitas {
		switch v.Estado {
		case "entregada":
			entregas++
		case "fallida", "liberada", "perdida":
		default:
			faltas.mal("order %s is at rest, a visit of it is %s", h.pedido.Codigo, v.Estado)
		}
	}
	if (entregas == 1) != (h.pedido.Estado == "entregado") || entregas > 1 {
		faltas.mal(
			"order %s is %s after %d deliveries",
			h.pedido.Codigo,
			h.pedido.Estado,
			entregas,
		)
	}
}

// preguntar reads one order from the modules and from the gateway.
func (d *dia) preguntar(ctx context.Context, compra *compra) (h hechos, err error) {
	h.clase = compra.plan.clase
	if h.pedido, err = d.operador.VerPedido(ctx, compra.id); err != nil {
		return h, err
	}
	for n := int64(1); n <= h.pedido.Intento; n++ {
		as, err := d.ordenesDelSimulador(ctx, compra.id, n)
		if err != nil {
			return h, err
		}
		h.ordenes = append(h.ordenes, as...)
	}
	if h.existencias, err = d.admin.VerExistencias(ctx, compra.id); err != nil {
		return h, err
	}
	es, err := d.operador.ListarEventos(
		ctx,
		compra.id,
		apiclient.FiltroListarEventos{Limite: 200},
	)
	if err != nil {
		return h, err
	}
	if h.eventos, err = todas(ctx, es); err != nil {
		return h, err
	}
	slices.Reverse(h.eventos)
	vs, err := d.gestor.ListarVisitas(
		ctx,
		apiclient.FiltroListarVisitas{PedidoID: compra.id, Limite: 200},
	)
	if err != nil {
		return h, err
	}
	h.visitas, err = todas(ctx, vs)
	return h, err
}

// todas reads a list to its end.
func todas[T any](ctx context.Context, lista apiclient.Lista[T]) (out []T, err error) {
	for x, err := range lista.All(ctx) {
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}
