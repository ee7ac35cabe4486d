package flota

import (
	"errors"
	"testing"
	"time"

	"despensa/modules/rutas"
)

// TestAdmite: a place must be in the area, and a window must be one of a shift that may still leave, with room or
// without.
func TestAdmite(t *testing.T) {
	m := nuevoMundo(t, nil)
	aca, lejos := rutas.Punto{Lat: casa, Lon: planta}, rutas.Punto{Lat: 40}
	ventana := func(desde, hasta time.Duration) *rutas.Ventana {
		inicio := hora(t, "2026-11-25T10:00:00Z")
		return &rutas.Ventana{Desde: inicio.Add(desde), Hasta: inicio.Add(hasta)}
	}
	if err := m.Admite(m.ctx, aca, nil); !errors.Is(err, rutas.ErrFueraDeArea) {
		t.Errorf("without a depot: %v", err)
	}
	d := m.deposito()
	manana := m.turno(m.camion(d, nil), 24, 8, 1) // 24 h to 28 h, 28 h to 32 h, one place
	m.turno(m.camion(d, nil), -2, 4, 0)           // under way until 2 h
	m.turno(m.camion(d, nil), 24*15, 4, 0)        // beyond the horizon
	casos := map[string]struct {
		punto   rutas.Punto
		ventana *rutas.Ventana
		quiero  error
	}{
		"the place": {punto: aca},
		"far away":  {punto: lejos, quiero: rutas.ErrFueraDeArea},
		"far away, in a window": {punto: lejos, ventana: ventana(24*time.Hour, 28*time.Hour),
			quiero: rutas.ErrFueraDeArea},
		"the first window":  {punto: aca, ventana: ventana(24*time.Hour, 28*time.Hour)},
		"the second window": {punto: aca, ventana: ventana(28*time.Hour, 32*time.Hour)},
		"a shift under way": {punto: aca, ventana: ventana(-2*time.Hour, 2*time.Hour)},
		"next year": {
			punto:   aca,
			ventana: ventana(8760*time.Hour, 8764*time.Hour),
			quiero:  rutas.ErrVentana,
		},
		"beyond the horizon": {
			punto:   aca,
			ventana: ventana(24*15*time.Hour, (24*15+4)*time.Hour),
			quiero:  rutas.ErrVentana,
		},
		"past": {
			punto:   aca,
			ventana: ventana(-48*time.Hour, -44*time.Hour),
			quiero:  rutas.ErrVentana,
		},
		"between two windows": {punto: aca, ventana: ventana(26*time.Hour, 30*time.Hour),
			quiero: rutas.ErrVentana},
		"the whole shift": {punto: aca, ventana: ventana(24*time.Hour, 32*time.Hour),
			quiero: rutas.ErrVentana},
		"a minute longer than a window": {
			punto:   aca,
			ventana: ventana(24*time.Hour, 28*time.Hour+time.Minute),
			quiero:  rutas.ErrVentana,
		},
		"a millisecond after its beginning": {
			punto:   aca,
			ventana: ventana(24*time.Hour+time.Millisecond, 28*time.Hour),
			quiero:  rutas.ErrVentana,
		},
	}
	for nombre, x := range casos {
		if err := m.Admite(m.ctx, x.punto, x.ventana); !errors.Is(err, x.quiero) {
			t.Errorf("%s: %v, want %v", nombre, err, x.quiero)
		}
	}

	e := m.encargo(d, "p")
	e.Ventana = ventana(24*time.Hour, 28*time.Hour)
	if _, err := m.Reservar(m.ctx, e); err != nil {
		t.Fatal(err)
	}
	if err := m.Admite(m.ctx, aca, e.Ventana); err != nil {
		t.Errorf("a window without room: %v", err)
	}
	m.reloj.poner(manana.Inicio.Add(3*time.Hour + 50*time.Minute))
	if err := m.Admite(m.ctx, aca, e.Ventana); !errors.Is(err, rutas.ErrVentana) {
		t.Errorf("a window that is nearly over: %v", err)
	}
}
