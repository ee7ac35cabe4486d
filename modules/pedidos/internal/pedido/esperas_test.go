package pedido

import (
	"testing"
	"time"
)

// TestEsperas: each kind of wait has a deadline of its own, until the order moves.
func TestEsperas(t *testing.T) {
	p := pedidoNuevo()
	for i, x := range []struct {
		que    string
		dura   time.Duration
		en     time.Duration // when it is waited for
		limite time.Duration
	}{
		{que: "a", dura: time.Hour, en: 0, limite: time.Hour},
		{que: "a", dura: time.Hour, en: 59 * time.Minute, limite: time.Hour},
		{que: "b", dura: time.Hour, en: 59 * time.Minute, limite: 119 * time.Minute},
		{que: "a", dura: time.Hour, en: 90 * time.Minute, limite: 119 * time.Minute},
	} {
		p.Esperas = 7
		l := p.Esperar(x.que, x.dura, t0.Add(x.en))
		nueva := i == 0 || i == 2
		if !l.Equal(Instante(t0.Add(x.limite))) || !l.Equal(*p.Plazo) ||
			(p.Esperas == 0) != nueva {
			t.Errorf("wait %d, for %s: until %s, %d tries", i, x.que, l, p.Esperas)
		}
	}
	sin(t, p.Avanzar(Preprocesar, t0))
	if p.Plazo != nil || p.Esperado != nil || p.Esperas != 0 {
		t.Errorf("a wait outlives its estado: %v %v %d", p.Plazo, p.Esperado, p.Esperas)
	}
}

// TestDeberReembolsos: an order is due with the first of its refunds, a refund of an earlier
// release included, and no refund of an order that is over counts.
func TestDeberReembolsos(t *testing.T) {
	p := hasta(t, Entregado)
	sin(t, p.PedirReembolso(Reembolso{ID: "r", Monto: 1}, t0))
	p.Descansar()
	p.DeberReembolsos()
	if !p.Debe.Equal(Instante(t0)) {
		t.Errorf("due %s: a refund that was never tried is due when it was asked for", p.Debe)
	}
	p.AplazarReembolso("r", t0.Add(time.Minute))
	if _, hay := p.PorReembolsar(t0); hay || p.Reembolsos[0].Esperas != 1 {
		t.Errorf("put off: %+v", p.Reembolsos[0])
	}
	p.Deber(t0.Add(time.Hour))
	p.DeberReembolsos()
	if _, hay := p.PorReembolsar(*p.Debe); !hay ||
		!p.Debe.Equal(Instante(t0.Add(time.Minute))) {
		t.Errorf("due %s", p.Debe)
	}
	sin(t, p.Devolver("x", t0))
	p.Deber(t0.Add(time.Hour))
	p.DeberReembolsos()
	if !p.Debe.Equal(Instante(t0.Add(time.Hour))) {
		t.Errorf("over, and due %s", p.Debe)
	}
}
