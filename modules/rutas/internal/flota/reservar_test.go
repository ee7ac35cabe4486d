package flota

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"despensa/modules/rutas"
)

func TestReservar(t *testing.T) {
	type caso struct {
		cambio func(*mundo, *rutas.Encargo)
		want   error
		desde  string // beginning of the window
	}
	ventana := func(desde, hasta string) func(*mundo, *rutas.Encargo) {
		return func(m *mundo, e *rutas.Encargo) {
			e.Ventana = &rutas.Ventana{Desde: hora(m.t, desde), Hasta: hora(m.t, hasta)}
		}
	}
	flexible := func(f func(*mundo, *rutas.Encargo)) func(*mundo, *rutas.Encargo) {
		return func(m *mundo, e *rutas.Encargo) { f(m, e); e.Flexible = true }
	}
	mover := func(d time.Duration) func(*mundo, *rutas.Encargo) {
		return func(m *mundo, _ *rutas.Encargo) { m.reloj.mover(d) }
	}
	noAntes := func(d time.Duration) func(*mundo, *rutas.Encargo) {
		return func(m *mundo, e *rutas.Encargo) { e.NoAntes = m.reloj.ahora().Add(d) }
	}
	noche := func(m *mundo, _ *rutas.Encargo) { m.reloj.poner(hora(m.t, "2026-11-26T02:59:00Z")) }
	pesado := func(_ *mundo, e *rutas.Encargo) { e.Carga.PesoGramos = 1_000_001 }
	grande := func(_ *mundo, e *rutas.Encargo) { e.Carga.VolumenML = 5_000_001 }
	lejano := func(_ *mundo, e *rutas.Encargo) { e.Punto.Lat = 40 }
	sinDeposito := func(_ *mundo, e *rutas.Encargo) { e.Deposito = "otro" }
	exacta := ventana("2026-11-25T18:00:00Z", "2026-11-25T22:00:00Z")
	ninguna := ventana("2026-11-25T11:00:00Z", "2026-11-25T15:00:00Z")
	// One truck, 10:00 to 22:00 UTC (today) and the same tomorrow.
	tests := map[string]caso{
		"the first free window": {cambio: mover(0), desde: "2026-11-25T10:00:00Z"},
		"the window asked for":  {cambio: exacta, desde: "2026-11-25T18:00:00Z"},
		"a window that is none": {cambio: ninguna, want: rutas.ErrVentana},
		"none, but flexible": {
			cambio: flexible(ninguna),
			desde:  "2026-11-25T14:00:00Z",
		},
		"too late for the first window": {
			cambio: mover(3*time.Hour + 45*time.Minute),
			desde:  "2026-11-25T14:00:00Z",
		},
		"just in time for it": {
			cambio: mover(3*time.Hour + 39*time.Minute),
			desde:  "2026-11-25T10:00:00Z",
		},
		"the truck must leave later": {
			cambio: noAntes(5 * time.Hour),
			desde:  "2026-11-26T10:00:00Z",
		},
		"after the last shift": {
			cambio: noAntes(25 * time.Hour),
			want:   rutas.ErrSinLugar,
		},
		"heavier than any truck": {cambio: pesado, want: rutas.ErrSinLugar},
		"bulkier than any truck": {cambio: grande, want: rutas.ErrSinLugar},
		"outside the area":       {cambio: lejano, want: rutas.ErrFueraDeArea},
		"no such depot":          {cambio: sinDeposito, want: rutas.ErrSinLugar},
		"night before":           {cambio: noche, desde: "2026-11-26T10:00:00Z"},
	}
	for nombre, c := range tests {
		t.Run(nombre, func(t *testing.T) {
			m := nuevoMundo(t, nil)
			d := m.deposito()
			k := m.camion(d, nil)
			m.turno(k, 0, 12, 0)
			m.turno(k, 24, 12, 0)
			e := m.encargo(d, "p")
			c.cambio(m, &e)
			v, err := m.Reservar(m.ctx, e)
			if !errors.Is(err, c.want) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
			if c.want == nil && !v.Ventana.Desde.Equal(hora(t, c.desde)) {
				t.Errorf("window from %v, want %v", v.Ventana.Desde, c.desde)
			}
			m.cuadra()
		})
	}
}

func TestTheHourOfTheCallNeverDecides(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	deLunesAViernes := Horario{Desde: 7 * 60, Hasta: 21 * 60, Dias: 0b0111110}
	m.camion(d, func(c *Camion) { c.Horario = deLunesAViernes })
	for nombre, ahora := range map[string]string{
		"Sunday 03:00":           "2026-11-29T06:00:00Z",
		"23:59 before a shift":   "2026-11-30T02:59:00Z",
		"during a shift":         "2026-12-02T15:00:00Z",
		"a minute after its end": "2026-12-05T00:01:00Z",
	} {
		m.reloj.poner(hora(t, ahora))
		if v, err := m.Reservar(m.ctx, m.encargo(d, nombre)); err != nil ||
			v.Ventana.Hasta.Before(m.reloj.ahora()) {
			t.Errorf("%s: %v %v", nombre, v.Ventana, err)
		}
	}
}

// TestAShiftThatHasBegunTakesACallOfThisVeryMillisecond: callers know the time to the
// nanosecond, the stores to the millisecond.
func TestAShiftThatHasBegunTakesACallOfThisVeryMillisecond(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	hoy := m.turno(m.camion(d, nil), -1, 10, 80)
	e := m.encargo(d, "uno")
	e.NoAntes = m.reloj.ahora().Add(999 * time.Microsecond)
	v, err := m.Reservar(m.ctx, e)
	m.bien(err)
	if v.Ventana.Desde.Before(hoy.Inicio) || v.Ventana.Hasta.After(hoy.Fin) {
		t.Errorf("promised %v, not within the shift of today", v.Ventana)
	}
}

func TestWindowsAreNotPromisedBeyondTheirMinutes(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	m.turno(m.camion(d, nil), 0, 8, 200) // two windows of 240 min, 9 min a visit: 26 each
	cuenta := map[time.Time]int{}
	for n := 0; ; n++ {
		v, err := m.Reservar(m.ctx, m.encargo(d, fmt.Sprint(n)))
		if errors.Is(err, rutas.ErrSinLugar) {
			break
		}
		m.bien(err)
		cuenta[v.Ventana.Desde]++
	}
	for desde, n := range cuenta {
		if n != 26 {
			t.Errorf("%d visits in the window from %v, want 26", n, desde)
		}
	}
	if len(cuenta) != 2 {
		t.Errorf("%d windows used, want 2", len(cuenta))
	}
}

func TestPlainGoodsLeaveTheRefrigeratedTruckFree(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	frio := m.camion(d, nil)
	seco := m.camion(d, func(c *Camion) { c.Frio = false })
	m.turno(frio, 0, 4, 0)
	m.turno(seco, 0, 4, 0)
	for _, c := range []struct {
		frio bool
		want string
	}{{false, seco.ID}, {true, frio.ID}} {
		e := m.encargo(d, fmt.Sprint(c.frio))
		e.Carga.Frio = c.frio
		if v, err := m.Reservar(m.ctx, e); err != nil || v.Camion != c.want {
			t.Errorf("cold %v: truck %v, %v", c.frio, v.Camion, err)
		}
	}
}

func TestTheSoonestWindowOfAllTrucks(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	a := m.turno(m.camion(d, nil), 0, 12, 0)
	b := m.turno(m.camion(d, nil), 1, 12, 0)
	for range 26 { // fills the first window of the first truck
		_, err := m.Reservar(m.ctx, m.encargo(d, fmt.Sprint(m.n.Add(1))))
		m.bien(err)
	}
	v, err := m.Reservar(m.ctx, m.encargo(d, "p"))
	if err != nil || !v.Ventana.Desde.Equal(b.Inicio) {
		t.Errorf(
			"window %v %v, want from %v (first shift %v)",
			v.Ventana,
			err,
			b.Inicio,
			a.Inicio,
		)
	}
	unGramo := rutas.Carga{PesoGramos: 1}
	o, err := m.Ofrecer(
		m.ctx,
		rutas.Consulta{Punto: rutas.Punto{Lat: casa}, Carga: unGramo, Limite: 3},
	)
	m.bien(err)
	if len(o) != 1 || len(o[0].Ventanas) != 3 || !o[0].Ventanas[0].Desde.Equal(b.Inicio) ||
		o[0].Viaje != 20*time.Minute {
		t.Errorf("offer %+v", o)
	}
}

func TestSixtyFourOrdersForTheLastTwentyPlaces(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	m.turno(m.camion(d, nil), 0, 12, 20)
	compiten(t, d, 64, 20, m)
	m.cuadra()
}

// compiten books n orders at once from depot deposito, in turn in the processes mundos: lugares get room, the
// others are refused.
func compiten(t *testing.T, deposito Deposito, n, lugares int64, mundos ...*mundo) {
	t.Helper()
	var si, no atomic.Int64
	var espera sync.WaitGroup
	for i := range n {
		m := mundos[int(i)%len(mundos)]
		espera.Go(func() {
			switch _, err := m.Reservar(m.ctx, m.encargo(deposito, fmt.Sprint(i))); {
			case err == nil:
				si.Add(1)
			case errors.Is(err, rutas.ErrSinLugar):
				no.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	espera.Wait()
	if si.Load() != lugares || no.Load() != n-lugares {
		t.Errorf(
			"%d booked, %d refused, want %d and %d",
			si.Load(),
			no.Load(),
			lugares,
			n-lugares,
		)
	}
}

func TestOneKeyIsOneBooking(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	m.turno(m.camion(d, nil), 0, 12, 20)
	ids := sync.Map{}
	var espera sync.WaitGroup
	for range 16 {
		espera.Go(func() {
			v, err := m.Reservar(m.ctx, m.encargo(d, "p"))
			if err != nil {
				t.Error(err)
			}
			ids.Store(v.ID+v.Patente, true)
		})
	}
	espera.Wait()
	n := 0
	ids.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Errorf("%d different visits", n)
	}
	m.cuadra()
	e := m.encargo(d, "p")
	e.Punto.Lat = 40 // a place outside the area: the visit that was booked before stays
	if _, err := m.Reservar(m.ctx, e); err != nil {
		t.Error(err)
	}
}

func TestOfrecer(t *testing.T) {
	m := nuevoMundo(t, nil)
	c := rutas.Consulta{
		Punto: rutas.Punto{
			Lat: casa,
		},
		Carga:   rutas.Carga{PesoGramos: 1},
		NoAntes: m.reloj.ahora(),
		Limite:  5,
	}
	if _, err := m.Ofrecer(m.ctx, c); !errors.Is(err, rutas.ErrFueraDeArea) {
		t.Errorf("without a depot: %v", err)
	}
	d := m.deposito()
	o, err := m.Ofrecer(m.ctx, c)
	if err != nil || len(o) != 1 || len(o[0].Ventanas) != 0 {
		t.Errorf("without a truck: %+v %v", o, err)
	}
	m.turno(m.camion(d, nil), 24*15, 4, 0) // beyond the horizon
	m.turno(m.camion(d, nil), 24*13, 4, 0)
	o, err = m.Ofrecer(m.ctx, c)
	if err != nil || len(o[0].Ventanas) != 1 || o[0].ID != d.ID {
		t.Errorf("with two trucks: %+v %v", o, err)
	}
	c.Punto.Lat = 40
	if _, err := m.Ofrecer(m.ctx, c); !errors.Is(err, rutas.ErrFueraDeArea) {
		t.Errorf("far away: %v", err)
	}
}
