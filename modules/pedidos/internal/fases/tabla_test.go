package fases

import (
	"errors"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/pedido"
)

// prueba is the answers of the neighbours in one phase, and their effect on the order.
type prueba struct {
	dice   map[string]error // by call; a call without an entry is done
	antes  func(m *mundo, p *pedido.Pedido)
	estado pedido.Estado
	motivo string
	espera time.Duration // until the order is due again; 0: at once
	err    error         // the error of Hacer, for the log
	acaba  fin           // the end, if the answers stay the same; zero: not tried
}

// fin is the end of a wait, and the time after which it comes.
type fin struct {
	estado pedido.Estado
	motivo string
	tras   time.Duration
}

// probar carries an order to en for each of pruebas, and does one phase there.
func probar(
	t *testing.T,
	nuevo func() *pedido.Pedido,
	estado pedido.Estado,
	pruebas map[string]prueba,
) {
	t.Helper()
	for nombre, x := range pruebas {
		t.Run(nombre, func(t *testing.T) {
			m := nuevoMundo(t)
			p := m.llegar(nuevo(), estado)
			if x.antes != nil {
				x.antes(m, p)
			}
			m.responde(x.dice)
			desde := m.ahora
			if err := m.paso(p); !errors.Is(err, x.err) {
				t.Errorf("the log gets %v, want %v", err, x.err)
			}
			if p.Estado != x.estado || p.Motivo != x.motivo {
				t.Errorf(
					"the order is %s for %q, want %s for %q",
					p.Estado,
					p.Motivo,
					x.estado,
					x.motivo,
				)
			}
			// Each step takes some milliseconds of the fake clock. Their number is not this test's concern.
			if espera := max(0, p.Debe.Sub(m.ahora)); espera.Round(time.Second) != x.espera.Round(
				time.Second,
			) {
				t.Errorf("it is due in %s, want %s", espera, x.espera)
			}
			x.acaba.probar(t, m, p, desde)
		})
	}
}

// probar lets the wait that began at desde run until its end.
func (f fin) probar(t *testing.T, mundo *mundo, ped *pedido.Pedido, desde time.Time) {
	t.Helper()
	if f.estado == "" {
		return
	}
	en := ped.Estado
	mundo.hasta(ped, func() bool { return ped.Estado != en })
	tras := mundo.ahora.Sub(desde)
	if ped.Estado != f.estado || ped.Motivo != f.motivo || tras.Round(time.Second) != f.tras {
		t.Errorf(
			"the wait ends after %s as %s for %q, want %+v",
			tras,
			ped.Estado,
			ped.Motivo,
			f,
		)
	}
}
