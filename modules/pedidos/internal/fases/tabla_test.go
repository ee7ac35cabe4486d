package fases

import (
	"errors"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/pedido"
)

// prueba is one answer of the neighbours to one phase, and its effect on the order.
type prueba struct {
	dice   map[string]error // by call; one that is missing is done
	antes  func(m *mundo, p *pedido.Pedido)
	estado pedido.Estado
	motivo string
	espera time.Duration // until the order is due again; 0: at once
	err    error         // for the log
	acaba  fin           // with the same answers for ever; zero: not tried
}

// fin is how a wait ends, and how long after it began.
type fin struct {
	estado pedido.Estado
	motivo string
	tras   time.Duration
}

// probar carries an order to en for every case, and does one phase there.
func probar(t *testing.T, nuevo func() *pedido.Pedido, en pedido.Estado, pruebas map[string]prueba) {
	t.Helper()
	for nombre, x := range pruebas {
		t.Run(nombre, func(t *testing.T) {
			m := nuevoMundo(t)
			p := m.llegar(nuevo(), en)
			if x.antes != nil {
				x.antes(m, p)
			}
			m.responde(x.dice)
			desde := m.ahora
			if err := m.paso(p); !errors.Is(err, x.err) {
				t.Errorf("the log gets %v, want %v", err, x.err)
			}
			if p.Estado != x.estado || p.Motivo != x.motivo {
				t.Errorf("the order is %s for %q, want %s for %q", p.Estado, p.Motivo, x.estado, x.motivo)
			}
			// Steps take some milliseconds each, and how many there were is not this test's.
			if espera := max(0, p.Debe.Sub(m.ahora)); espera.Round(time.Second) != x.espera.Round(time.Second) {
				t.Errorf("it is due in %s, want %s", espera, x.espera)
			}
			x.acaba.probar(t, m, p, desde)
		})
	}
}

// probar lets the wait that began at desde run out.
func (f fin) probar(t *testing.T, m *mundo, p *pedido.Pedido, desde time.Time) {
	t.Helper()
	if f.estado == "" {
		return
	}
	en := p.Estado
	m.hasta(p, func() bool { return p.Estado != en })
	tras := m.ahora.Sub(desde)
	if p.Estado != f.estado || p.Motivo != f.motivo || tras.Round(time.Second) != f.tras {
		t.Errorf("the wait ends after %s as %s for %q, want %+v", tras, p.Estado, p.Motivo, f)
	}
}
