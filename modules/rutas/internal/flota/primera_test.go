package flota

import (
	"testing"
	"time"
)

// PrimeraVentana gives the first window of the earliest shift with room of any depot, and none without a shift.
func TestTheEarliestWindowOfAll(t *testing.T) {
	m := nuevoMundo(t, nil)
	primera := func(quiero time.Time) {
		t.Helper()
		hasta, err := m.PrimeraVentana(m.ctx)
		if m.bien(err); !hasta.Equal(quiero) {
			t.Errorf("it ends %s, want %s", hasta, quiero)
		}
	}
	primera(time.Time{})
	tarde := m.turno(m.camion(m.deposito(), nil), 48, 4, 10)
	v, _ := tarde.ventana(0)
	primera(v.Hasta)
	pronto := m.turno(m.camion(m.deposito(), nil), 24, 4, 10)
	v, _ = pronto.ventana(0)
	primera(v.Hasta)
}
