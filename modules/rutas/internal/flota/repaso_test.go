package flota

import (
	"context"
	"slices"
	"testing"

	"despensa/modules/rutas"
)

// TestBeforeADeparture (A8): AntesDeSalir gets the orders of all firm visits in one call, before the truck leaves.
// Visits that it frees stay behind, and the rest leaves.
func TestBeforeADeparture(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	c := m.camion(d, nil)
	m.turno(c, 0, 12, 0)
	m.firme(d, "a")
	m.firme(d, "b")
	_, err := m.Reservar(m.ctx, m.encargo(d, "c")) // provisional
	m.bien(err)
	var vistos [][]string
	m.o.AntesDeSalir = func(ctx context.Context, pedidos []string) {
		vistos = append(vistos, pedidos)
		m.bien(m.Liberar(ctx, clave("a")))
	}
	llave := m.llave()
	for range 2 { // the repetition calls no AntesDeSalir
		_, err = m.Salir(m.ctx, Salida{Camion: c.ID, Quien: todos, Llave: llave})
		m.bien(err)
	}
	if len(vistos) != 1 ||
		!slices.Equal(slices.Sorted(slices.Values(vistos[0])), []string{"a", "b"}) {
		t.Errorf("looked at %v", vistos)
	}
	if a, b := m.estado("a"), m.estado("b"); a != rutas.Liberada || b != rutas.EnCamino {
		t.Errorf("a is %s, b is %s", a, b)
	}
	m.cuadra()
}

// A departure that is refused, or of a truck that the caller may not see, calls no AntesDeSalir.
func TestNoDepartureToLookAt(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	c := m.camion(d, nil)
	m.turno(c, 0, 12, 0)
	m.firme(d, "a")
	otro := m.deposito()
	afuera := m.camion(otro, nil)
	m.turno(afuera, 0, 8, 1)
	luego := m.turno(afuera, 24, 8, 1)
	m.firme(otro, "b")
	m.firme(otro, "c")
	_, err := m.salir(afuera)
	m.bien(err)
	m.o.AntesDeSalir = func(_ context.Context, pedidos []string) { t.Errorf("looked at %v", pedidos) }
	for nombre, s := range map[string]Salida{
		"not theirs":  {Camion: c.ID, Quien: Quien{Repartidor: "otra"}, Llave: m.llave()},
		"no truck":    {Camion: "x", Quien: todos, Llave: m.llave()},
		"other shift": {Camion: c.ID, Turno: "x", Quien: todos, Llave: m.llave()},
		"out already": {Camion: afuera.ID, Turno: luego.ID, Quien: todos, Llave: m.llave()},
	} {
		if _, err := m.Salir(m.ctx, s); err == nil {
			t.Errorf("%s: it left", nombre)
		}
	}
}
