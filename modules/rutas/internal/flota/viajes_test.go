package flota

import (
	"fmt"
	"math"
	"testing"
)

// TestTrips counts the round trips to a server of a booking and its confirmation. It takes the fewest of several
// tries, because a connection prepares a statement once and the agenda is read anew now and then.
func TestTrips(t *testing.T) {
	m := nuevoMundo(t, nil)
	if !m.db.Shared() {
		t.Skip("SKIPPED: a file takes no trips")
	}
	d := poblar(m, 3)[0]
	pasos := []struct {
		nombre string
		hacer  func(pedido string) error
		want   uint64
	}{
		{nombre: "booked", hacer: func(pedido string) error {
			_, err := m.Reservar(m.ctx, m.encargo(d, pedido))
			return err
		},
			want: 1},
		{nombre: "made firm",
			hacer: func(pedido string) error { _, err := m.Asegurar(m.ctx, clave(pedido)); return err }, want: 1},
		{
			nombre: "firm already: in vain, in vain again, read, committed",
			hacer: func(pedido string) error {
				_, err := m.Asegurar(m.ctx, clave(pedido))
				return err
			},
			want: 4,
		},
	}
	menos := make([]uint64, len(pasos))
	for i := range menos {
		menos[i] = math.MaxUint64
	}
	for n := range 5 {
		for i, p := range pasos {
			_, _, antes := m.db.Counts()
			m.bien(p.hacer(fmt.Sprint("viaje", n)))
			_, _, despues := m.db.Counts()
			menos[i] = min(menos[i], despues-antes)
		}
	}
	for i, p := range pasos {
		if menos[i] != p.want {
			t.Errorf("%s: %d round trips, want %d", p.nombre, menos[i], p.want)
		}
	}
}
