package fases

import (
	"context"
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/pedido"
)

func TestReembolsar(t *testing.T) {
	for nombre, x := range map[string]struct {
		dice   error
		estado string
		espera time.Duration
	}{
		"made":              {nil, pedido.ReembolsoHecho, 0},
		"all went back":     {pagos.ErrAnulado, pedido.ReembolsoAbsorbido, 0},
		"more than is left": {pagos.ErrMonto, pedido.ReembolsoAbsorbido, 0},
		"no charge":         {pagos.ErrSinCobro, pedido.ReembolsoAbsorbido, 0},
		"a silent gateway":  {pagos.ErrSinPasarela, pedido.ReembolsoPedido, time.Second},
		"in flight":         {pagos.ErrEnCurso, pedido.ReembolsoPedido, time.Second},
		"pagos fails":       {errCaso, pedido.ReembolsoPedido, time.Second},
	} {
		for _, en := range []pedido.Estado{pedido.Confirmado, pedido.EnReparto, pedido.Entregado} {
			t.Run(nombre+"/"+string(en), func(t *testing.T) {
				m := nuevoMundo(t)
				p := m.llegar(pedidoNuevo(), en)
				_ = reembolsa(p, m.ahora)
				m.responde(dice("pagos.Reembolsar", x.dice))
				_ = m.paso(p)
				if r := p.Reembolsos[0]; r.Estado != x.estado || max(0, p.Debe.Sub(m.ahora)) != x.espera || p.Estado != en {
					t.Errorf("%s, due in %s, refund %+v", p.Estado, p.Debe.Sub(m.ahora), r)
				}
			})
		}
	}
}

// TestReembolsoNoDetiene (A7): a refund asked for while the gateway is away: the order leaves
// and arrives as if there were none, the refund is tried by a backoff that grows, and made
// once the gateway is back. A return's money is such a refund.
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
				if r.Estado != pedido.ReembolsoPedido || r.Esperas < 40 || r.Debe.Sub(m.ahora) > tiempos.EsperaMaxima {
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

// A refund has half of the phase's time, so that the result of the estado's phase is saved.
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
