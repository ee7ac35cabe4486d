package flota

import (
	"testing"
	"time"

	"despensa/modules/rutas"
)

// TestShiftsThatAFastClockClosed: a fast clock closes future shifts; once the clock is right they take bookings again.
// Their visits stay lost.
func TestShiftsThatAFastClockClosed(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	c := m.camion(d, nil)
	luego, pasado := m.turno(c, 24, 8, 0), m.turno(c, 72, 8, 0)
	aparte := m.turno(c, 120, 8, 0)
	m.firme(d, "a")
	verdad := m.reloj.ahora()
	m.reloj.poner(verdad.AddDate(4, 0, 0))
	if n, err := m.CerrarTurnos(m.ctx); err != nil || n != 3 {
		t.Fatalf("closed %d, %v", n, err)
	}
	m.reloj.poner(verdad)
	// Has left: not opened.
	m.sql("update turnos set estado = ? where id = ?", TurnoSalio, aparte.ID)
	ronda := func() {
		t.Helper()
		if n, err := m.CerrarTurnos(m.ctx); err != nil || n != 0 {
			t.Fatalf("closed %d, %v", n, err)
		}
	}
	ronda()
	ronda()
	quedan := map[string]EstadoTurno{
		luego.ID:  TurnoAbierto,
		pasado.ID: TurnoAbierto,
		aparte.ID: TurnoSalio,
	}
	for id, quiero := range quedan {
		v, err := turnoDe(m.Flota.db.Read(m.ctx), id)
		if err != nil || v.Estado != quiero || v.Usado.Visitas != 0 {
			t.Errorf("%+v, %v; want %s", v, err, quiero)
		}
	}
	if e := m.estado("a"); e != rutas.Perdida {
		t.Errorf("the visit is %s", e)
	}
	m.firme(d, "b")
	m.cuadra()
}

// A shift that ended a moment ago by another replica's clock is not opened again.
func TestAShiftThatHasEndedStaysClosed(t *testing.T) {
	m := nuevoMundo(t, nil)
	c := m.camion(m.deposito(), nil)
	turno := m.turno(c, 1, 4, 0)
	m.reloj.poner(turno.Fin)
	if n, err := m.CerrarTurnos(m.ctx); err != nil || n != 1 {
		t.Fatalf("closed %d, %v", n, err)
	}
	m.reloj.poner(turno.Fin.Add(-time.Minute))
	if _, err := m.CerrarTurnos(m.ctx); err != nil {
		t.Fatal(err)
	}
	if v, err := turnoDe(m.Flota.db.Read(m.ctx), turno.ID); err != nil ||
		v.Estado != TurnoCerrado {
		t.Errorf("%+v, %v", v, err)
	}
}
