package flota

import (
	"errors"
	"testing"
	"time"

	"despensa/modules/rutas"
)

// nocturno is a truck with one firm visit on a shift from 23:30 of the 25th to 05:30 of the 26th, local time.
func nocturno(t *testing.T) (*mundo, Turno) {
	t.Helper()
	m := nuevoMundo(t, nil)
	d := m.deposito()
	inicio := hora(t, "2026-11-25T23:30:00-03:00")
	p := SolicitudDeTurno{
		Camion: m.camion(d, nil).ID,
		Inicio: inicio,
		Fin:    inicio.Add(6 * time.Hour),
	}
	tu, _, err := m.CrearTurno(m.ctx, p, m.llave())
	m.bien(err)
	m.firme(d, "a")
	return m, tu
}

// TestADaysListHoldsTheShiftsThatTouchIt, and their visits.
func TestADaysListHoldsTheShiftsThatTouchIt(t *testing.T) {
	m, tu := nocturno(t)
	if tu.Dia != "2026-11-25" {
		t.Errorf("its day is %s", tu.Dia)
	}
	justo := m.turno(m.camion(m.deposito(), nil), 0, 17, 1) // 07:00 to midnight
	for dia, want := range map[string]int{"2026-11-24": 0, "2026-11-25": 1, "2026-11-26": 1, "2026-11-27": 0} {
		v, err := m.ListarVisitas(
			m.ctx,
			Filtro{Dia: dia},
			Quien{Repartidor: "chofer"},
			Pagina{Limite: 50},
		)
		if err != nil || len(v) != want {
			t.Errorf("%s: %d visits, want %d: %v", dia, len(v), want, err)
		}
		ts, err := m.ListarTurnos(
			m.ctx,
			Filtro{Dia: dia, Camion: tu.Camion},
			Pagina{Limite: 50},
		)
		if err != nil || len(ts) != want {
			t.Errorf("%s: %d shifts, want %d: %v", dia, len(ts), want, err)
		}
	}
	for dia, want := range map[string]int{"2026-11-25": 1, "2026-11-26": 0} {
		ts, err := m.ListarTurnos(
			m.ctx,
			Filtro{Dia: dia, Camion: justo.Camion},
			Pagina{Limite: 50},
		)
		if err != nil || len(ts) != want {
			t.Errorf("until midnight, %s: %d, want %d: %v", dia, len(ts), want, err)
		}
	}
	if _, err := m.ListarVisitas(m.ctx, Filtro{Dia: "2026-02-30"}, todos, Pagina{Limite: 5}); !errors.Is(
		err,
		ErrValor,
	) {
		t.Errorf("no day: %v", err)
	}
}

// TestWhenAVisitIsItsDrivers: a driver reads a visit while its shift is not over, and touches today in Buenos Aires or
// is about to begin.
func TestWhenAVisitIsItsDrivers(t *testing.T) {
	m, _ := nocturno(t)
	for cuando, want := range map[string]bool{
		"2026-11-24T23:59:59-03:00": false,
		"2026-11-25T00:00:00-03:00": true,
		"2026-11-25T23:45:00-03:00": true,
		"2026-11-26T00:05:00-03:00": true,
		"2026-11-26T05:29:59-03:00": true,
		"2026-11-26T05:30:00-03:00": false,
		"2026-11-26T12:00:00-03:00": false,
	} {
		m.reloj.poner(hora(t, cuando))
		if v, err := m.Visita(m.ctx, clave("a")); err != nil || v.Vigente != want ||
			v.Dia != "2026-11-25" {
			t.Errorf("%s: %+v %v, want %v", cuando, v, err, want)
		}
	}
	// A shift that begins at half past midnight may leave, and is read, the evening before.
	f := m.Flota
	span := func(desde string) rutas.Ventana {
		d := hora(t, desde)
		return rutas.Ventana{Desde: d, Hasta: d.Add(6 * time.Hour)}
	}
	for cuando, want := range map[string]bool{"2026-11-25T22:29:59-03:00": false, "2026-11-25T22:30:00-03:00": true} {
		m.reloj.poner(hora(t, cuando))
		if got := f.vigente(span("2026-11-26T00:30:00-03:00")); got != want {
			t.Errorf("%s: %v", cuando, got)
		}
	}
}

// TestATimetableOverMidnightHasTheShiftThatRuns also for a truck that comes at five past midnight.
func TestATimetableOverMidnightHasTheShiftThatRuns(t *testing.T) {
	m := nuevoMundo(t, nil)
	m.reloj.poner(hora(t, "2026-11-26T00:05:00-03:00"))
	k := m.camion(
		m.deposito(),
		func(c *Camion) { c.Horario = Horario{Desde: 23*60 + 30, Hasta: 29*60 + 30, Dias: 0x7f} },
	)
	ts, err := m.ListarTurnos(
		m.ctx,
		Filtro{Camion: k.ID, Dia: "2026-11-26"},
		Pagina{Limite: 50},
	)
	if err != nil || len(ts) != 2 {
		t.Errorf("%d shifts touch the day, want last night's and tonight's: %v", len(ts), err)
	}
}
