package fases

import (
	"testing"
	"time"

	"despensa/modules/pedidos/internal/pedido"
)

// TestPausa: the backoff doubles and is bounded.
func TestPausa(t *testing.T) {
	for n, quiero := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
		if d := tiempos.pausa(int64(n)); d != quiero*time.Second {
			t.Errorf("before try %d: %s, want %ds", n+1, d, quiero)
		}
	}
	if d := tiempos.pausa(1 << 40); d != tiempos.EsperaMaxima {
		t.Errorf("after very many: %s", d)
	}
}

// TestEsperar: the pauses of one wait grow, and its deadline stands. Another kind of wait begins anew.
func TestEsperar(t *testing.T) {
	p, ahora, acabo := pedidoNuevo(), t0, false
	fin := func(*pedido.Pedido, time.Time) error { acabo = true; return nil }
	espera := func(que string) time.Duration {
		if err := tiempos.esperar(p, ahora, que, time.Minute, fin)(p, ahora); err != nil {
			t.Fatal(err)
		}
		d := p.Debe.Sub(ahora)
		ahora = *p.Debe
		return d
	}
	for i, quiero := range []time.Duration{1, 2, 4, 8, 16, 29} {
		if d := espera("a"); d != quiero*time.Second || acabo {
			t.Errorf("pause %d is %s, want %ds", i+1, d, quiero)
		}
	}
	if d := espera("b"); d != time.Second || !p.Plazo.Equal(t0.Add(2*time.Minute)) || acabo {
		t.Errorf("another wait: %s until %s", d, p.Plazo)
	}
	if espera("a"); !p.Plazo.Equal(t0.Add(2 * time.Minute)) {
		t.Errorf("the first again: until %s", p.Plazo)
	}
	ahora = t0.Add(2 * time.Minute)
	if espera("b"); !acabo {
		t.Error("the wait does not end")
	}
}
