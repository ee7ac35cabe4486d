package fases

import (
	"context"
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/pedido"
)

// TestReembolsar: the end, or the wait, of a refund by each answer of pagos.
func TestReembolsar(t *testing.T) {
	const rechazado = pedido.ReembolsoRechazado
	for nombre, x := range map[string]struct {
		dice    error
		estado  string
		rechazo string
		espera  time.Duration
	}{
		"made":                       {estado: pedido.ReembolsoHecho},
		"all went back":              {dice: pagos.ErrReembolsado, estado: pedido.ReembolsoAbsorbido},
		"refused for good":           {dice: pagos.ErrReembolsoRechazado, estado: rechazado, rechazo: "no-reembolsable"},
		"more than is left":          {dice: pagos.ErrMonto, estado: rechazado, rechazo: "monto-excesivo"},
		"no charge":                  {dice: pagos.ErrSinCobro, estado: rechazado, rechazo: "sin-cobro"},
		"all is going back, not yet": {dice: pagos.ErrAnulado, estado: pedido.ReembolsoPedido, espera: time.Second},
		"a silent gateway":           {dice: pagos.ErrSinPasarela, estado: pedido.ReembolsoPedido, espera: time.Second},
		"in flight":                  {dice: pagos.ErrEnCurso, estado: pedido.ReembolsoPedido, espera: time.Second},
		"pagos fails":                {dice: errCaso, estado: pedido.ReembolsoPedido, espera: time.Second},
	} {
		for _, en := range []pedido.Estado{pedido.Confirmado, pedido.EnReparto, pedido.Entregado} {
			t.Run(nombre+"/"+string(en), func(t *testing.T) {
				m := nuevoMundo(t)
				p := m.llegar(pedidoNuevo(), en)
				_ = reembolsa(p, m.ahora)
				m.pagos.rechazo = "no-reembolsable"
				m.responde(dice("pagos.Reembolsar", x.dice))
				_ = m.paso(p)
				r := p.Reembolsos[0]
				if r.Estado != x.estado || r.Rechazo != x.rechazo ||
					max(0, p.Debe.Sub(m.ahora)) != x.espera ||
					p.Estado != en {
					t.Errorf("%s, due in %s, refund %+v", p.Estado, p.Debe.Sub(m.ahora), r)
				}
				if p.Marcado(pedido.MarcaRechazado) != (x.rechazo != "") {
					t.Errorf("marks: %+v", p.Marcas)
				}
				if ultimo := p.Eventos[len(p.Eventos)-1]; x.rechazo != "" &&
					ultimo.Motivo != x.rechazo {
					t.Errorf("the event: %+v", ultimo)
				}
			})
		}
	}
}

// TestReembolsarTodo (A5): a refund of all that is left has no amount before it is made. Then it has the amount
// that went back.
func TestReembolsarTodo(t *testing.T) {
	m := nuevoMundo(t)
	p := m.llegar(pedidoNuevo(), pedido.Entregado)
	m.pagos.panel(1_000_00)
	if err := reembolsaTodo(p, m.ahora); err != nil || p.Reembolsos[0].Monto != 0 ||
		p.Reembolsable() != 0 {
		t.Fatalf("%v, %+v, %d may be asked for beside it", err, p.Reembolsos, p.Reembolsable())
	}
	_ = m.paso(p)
	if r := p.Reembolsos[0]; r.Estado != pedido.ReembolsoHecho || r.Monto != total-1_000_00 ||
		m.pagos.queda() != 0 {
		t.Errorf("%+v, the house keeps %d", r, m.pagos.queda())
	}
}

// TestReembolsoNoDetiene (A7): a refund is asked for while the gateway is away. The order leaves and arrives as
// if there were none. The refund is tried with growing pauses, and made once the gateway is back. The money of
// a return is such a refund.
func TestReembolsoNoDetiene(t *testing.T) {
	for nombre, x := range map[string]map[string]error{"silent": dice("pagos.Reembolsar", pagos.ErrSinPasarela),
		"failing": dice("pagos.Reembolsar", errCaso)} {
		t.Run(nombre, func(t *testing.T) {
			solo := nuevoMundo(t)
			otro := solo.llegar(pedidoNuevo(), pedido.Entregado)
			m := nuevoMundo(t)
			p := m.llegar(pedidoNuevo(), pedido.Confirmado)
			_ = reembolsa(p, m.ahora)
			m.responde(x)
			m.llegar(p, pedido.Entregado)
			if dif := p.Cambio.Sub(otro.Cambio); dif > tiempos.EsperaMaxima {
				t.Errorf("it arrives %s later", dif)
			}
			_ = devuelve(1)(p, m.ahora)
			m.hasta(p, func() bool { return m.ahora.After(p.Cambio.Add(12 * time.Hour)) })
			for _, r := range p.Reembolsos {
				if r.Estado != pedido.ReembolsoPedido || r.Esperas < 40 ||
					r.Debe.Sub(m.ahora) > tiempos.EsperaMaxima {
					t.Errorf("the refund: %+v", r)
				}
			}
			m.responde(nil)
			m.hasta(p, func() bool { return false })
			if mal := m.cuentas(p); mal != nil || len(p.Reembolsos) != 2 {
				t.Error(mal)
			}
		})
	}
}

// TestMitad: a refund takes half of the phase's time at most, so that time is left for the rest of the phase.
func TestMitad(t *testing.T) {
	if ctx, fin := mitad(t.Context()); ctx.Err() != nil {
		fin()
		t.Error("a deadline out of nothing")
	}
	entero, fin := context.WithTimeout(t.Context(), time.Hour)
	defer fin()
	ctx, fin2 := mitad(entero)
	defer fin2()
	if d, hay := ctx.Deadline(); !hay || time.Until(d) > 30*time.Minute {
		t.Errorf("a refund has until %s", d)
	}
}
