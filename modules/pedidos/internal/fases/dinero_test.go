package fases

import (
	"strings"
	"testing"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
)

// TestDineroDelPanel (A8): money goes back at the gateway's own panel, and the order is told in each estado.
func TestDineroDelPanel(t *testing.T) {
	for nombre, x := range map[string]struct {
		en     pedido.Estado
		parte  bool // half of the money went back; false: all of it
		fin    pedido.Estado
		motivo string
		marca  string
		visita rutas.EstadoVisita
		queda  int64
	}{
		"all, accepted": {en: pedido.Aceptado, fin: pedido.Cancelado, motivo: MotivoDevuelto, visita: rutas.Liberada},
		"all, confirmed": {en: pedido.Confirmado, fin: pedido.Cancelado, motivo: MotivoDevuelto,
			visita: rutas.Liberada},
		"half, confirmed": {en: pedido.Confirmado, parte: true, fin: pedido.Entregado, visita: rutas.Entregada,
			queda: int64(total / 2)},
		"all, on its way": {en: pedido.EnReparto, fin: pedido.Entregado, marca: pedido.MarcaDevuelto,
			visita: rutas.Entregada},
		"all, delivered": {en: pedido.Entregado, fin: pedido.Entregado, marca: pedido.MarcaDevuelto,
			visita: rutas.Entregada},
		"half, delivered": {en: pedido.Entregado, parte: true, fin: pedido.Entregado, visita: rutas.Entregada,
			queda: int64(total / 2)},
	} {
		t.Run(nombre, func(t *testing.T) {
			m := nuevoMundo(t)
			// A voucher's money is taken before the order is accepted.
			p := m.llegar(enVale(), x.en)
			n := total
			if x.parte {
				n = total / 2
			}
			m.pagos.panel(n)
			p.Deber(m.ahora) // the notice, as app.Mirar hands it on
			m.hasta(p, func() bool { return false })
			if p.Estado != x.fin || p.Motivo != x.motivo || p.Pago.Reembolsado != n ||
				p.Pago.Ajeno != n {
				t.Errorf("%s (%s), %+v", p.Estado, p.Motivo, p.Pago)
			}
			if l := m.libros(); l.queda != x.queda || l.visita != x.visita ||
				(l.stock == 0) != (x.fin == pedido.Cancelado) {
				t.Errorf("the books: %+v", l)
			}
			if x.marca != "" && !p.Marcado(x.marca) || x.marca == "" && len(p.Marcas) != 0 {
				t.Errorf("marks: %+v", p.Marcas)
			}
			if h := historiaDe(p); strings.Count(h, "reembolso_ajeno") != 1 ||
				x.motivo != "" && !strings.Contains(h, "cancelar:"+x.motivo) {
				t.Errorf("history: %s", h)
			}
		})
	}
}

// historiaDe lists the kinds of an order's events, each with its reason.
func historiaDe(ped *pedido.Pedido) string {
	var b strings.Builder
	for _, e := range ped.Eventos {
		b.WriteString(e.Tipo + ":" + e.Motivo + " ")
	}
	return b.String()
}

// TestDineroDelPanelTarde: an order whose truck leaves while its money goes back is delivered: the truck
// decides.
func TestDineroDelPanelTarde(t *testing.T) {
	m := nuevoMundo(t)
	p := m.llegar(pedidoNuevo(), pedido.Confirmado)
	m.pagos.panel(total)
	p.Deber(m.ahora) // the notice, as app.Mirar hands it on
	m.responde(map[string]error{"rutas.Liberar": rutas.ErrYaSalio})
	m.llegar(p, pedido.EnReparto)
	m.responde(nil)
	m.hasta(p, func() bool { return p.Estado == pedido.Entregado && p.Debe == nil })
	if !p.Marcado(pedido.MarcaDevuelto) ||
		!strings.Contains(historiaDe(p), "cancelacion_tarde") {
		t.Errorf("%s, marks %+v, %s", p.Estado, p.Marcas, historiaDe(p))
	}
}

// TestDineroPropio: a refund of all the money that an operator asked for sets no mark. Before the departure it
// cancels the order.
func TestDineroPropio(t *testing.T) {
	for en, fin := range map[pedido.Estado]pedido.Estado{
		pedido.Confirmado: pedido.Cancelado,
		pedido.EnReparto:  pedido.Entregado,
		pedido.Entregado:  pedido.Entregado,
	} {
		m := nuevoMundo(t)
		p := m.llegar(pedidoNuevo(), en)
		_ = reembolsaTodo(p, m.ahora)
		m.hasta(p, func() bool { return false })
		if p.Estado != fin || len(p.Marcas) != 0 || p.Pago.Reembolsado != total {
			t.Errorf("%s: %s, marks %+v, %+v", en, p.Estado, p.Marcas, p.Pago)
		}
	}
}

// TestContracargo: a dispute marks the order once, and changes no estado.
func TestContracargo(t *testing.T) {
	for _, en := range []pedido.Estado{pedido.Confirmado, pedido.EnReparto, pedido.Entregado} {
		m := nuevoMundo(t)
		p := m.llegar(pedidoNuevo(), en)
		m.pagos.cobros[1].Contracargo = true
		p.Deber(m.ahora)
		m.hasta(p, func() bool { return false })
		if p.Estado != pedido.Entregado || len(p.Marcas) != 1 ||
			!p.Marcado(pedido.MarcaDisputa) ||
			m.pagos.queda() != total {
			t.Errorf("%s: %s, marks %+v", en, p.Estado, p.Marcas)
		}
	}
}

// TestLeerPagoNoDetiene: when pagos cannot be read, the order goes on, and an order at rest reads it again
// later.
func TestLeerPagoNoDetiene(t *testing.T) {
	m := nuevoMundo(t)
	p := m.llegar(pedidoNuevo(), pedido.Entregado)
	m.hasta(p, func() bool { return false })
	m.pagos.cobros[1].Contracargo = true
	m.responde(dice("pagos.Consultar", errCaso))
	p.Deber(m.ahora)
	_ = m.paso(p)
	if p.Debe == nil || p.Debe.Sub(m.ahora) != tiempos.EsperaMaxima {
		t.Fatalf("due %v", p.Debe)
	}
	m.responde(nil)
	m.hasta(p, func() bool { return false })
	if !p.Marcado(pedido.MarcaDisputa) {
		t.Error("the notice was lost")
	}
	for _, err := range []error{errCaso, pagos.ErrSinCobro} {
		m := nuevoMundo(t)
		p := m.llegar(pedidoNuevo(), pedido.Confirmado)
		m.responde(dice("pagos.Consultar", err))
		m.llegar(p, pedido.Entregado)
	}
}

// TestReintegroRechazado (A6): the gateway will not give back the money of an order that is undone. Everything
// else is undone, the order says how much is owed and why, and a later payment at the gateway's panel is noted.
func TestReintegroRechazado(t *testing.T) {
	for nombre, pide := range map[string]func(m *mundo, p *pedido.Pedido) error{
		"cancelled": func(m *mundo, p *pedido.Pedido) error { return p.CancelarSinEntrega(MotivoSinSalida, m.ahora) },
		"a refund beside": func(m *mundo, p *pedido.Pedido) error {
			_ = reembolsa(p, m.ahora)
			return p.CancelarSinEntrega(MotivoSinSalida, m.ahora)
		},
	} {
		t.Run(nombre, func(t *testing.T) {
			m := nuevoMundo(t)
			p := m.llegar(pedidoNuevo(), pedido.Confirmado)
			if err := pide(m, p); err != nil {
				t.Fatal(err)
			}
			m.pagos.rechazo = "no-reembolsable"
			m.responde(dice("pagos.Anular", pagos.ErrReembolsoRechazado))
			m.hasta(p, func() bool { return false })
			if l := m.libros(); l.stock != 0 || l.visita != rutas.Liberada || porDeshacer(p) ||
				!p.Marcado(pedido.MarcaRechazado) {
				t.Errorf("left: %+v, marks %+v", l, p.Marcas)
			}
			if r := p.Reembolsos[0]; len(p.Reembolsos) != 1 || r.Estado != pedido.ReembolsoRechazado ||
				r.Rechazo != "no-reembolsable" ||
				r.ID == "" {
				t.Errorf("refunds: %+v", p.Reembolsos)
			}
			m.responde(nil)
			m.pagos.panel(total)
			p.Deber(m.ahora)
			m.hasta(p, func() bool { return false })
			if p.Pago.Reembolsado != total || p.Estado != pedido.Cancelado {
				t.Errorf("%s, %+v", p.Estado, p.Pago)
			}
		})
	}
}
