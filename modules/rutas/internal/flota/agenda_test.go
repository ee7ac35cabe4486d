package flota

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"despensa/modules/rutas"

	"gorm.io/gorm"
	"pgregory.net/rapid"
)

// parar stops the clock by which agendas grow old, and gives a function that moves it. A test calls it before it uses
// m.
func (m *mundo) parar() (mover func(d time.Duration)) {
	var ahora atomic.Int64
	ahora.Store(1)
	m.agendas.reloj = func() time.Time { return time.Unix(0, ahora.Load()) }
	return func(d time.Duration) { ahora.Add(int64(d)) }
}

// deAgenda is a shift of one window that begins at the hour desde and has room for libres visits.
func deAgenda(id string, desde, libres int, revision int64) *Turno {
	inicio := time.Unix(0, 0).Add(time.Duration(desde) * time.Hour)
	return &Turno{
		ID: id, Inicio: inicio, Fin: inicio.Add(time.Hour), Franja: time.Hour, Estado: TurnoAbierto, Activo: true,
		Capacidad: Capacidad{
			PesoGramos: 9,
			VolumenML:  9,
			Minutos:    60,
			Visitas:    int64(libres),
		},
		revision: revision,
	}
}

func TestAgenda(t *testing.T) {
	a1, b1, c1 := deAgenda("a", 1, 1, 1), deAgenda("b", 2, 1, 1), deAgenda("c", 3, 1, 1)
	tests := map[string]struct {
		hacer func(a *agenda)
		want  string // the shifts with their revisions; "-": the agenda must be read anew
	}{
		"as read":        {func(*agenda) {}, "a1 b1"},
		"one more, last": {func(a *agenda) { a.anotar(c1) }, "a1 b1 c1"},
		"one more, first": {
			func(a *agenda) { a.anotar(deAgenda("c", 0, 1, 1)) },
			"c1 a1 b1",
		},
		"one changes": {
			func(a *agenda) { a.anotar(deAgenda("a", 1, 1, 2)) },
			"a2 b1",
		},
		"one moves": {
			func(a *agenda) { a.anotar(deAgenda("a", 5, 1, 2)) },
			"b1 a2",
		},
		"one is full": {
			func(a *agenda) { a.anotar(deAgenda("a", 1, 0, 2)) },
			"b1",
		},
		"a full one more": {
			func(a *agenda) { a.anotar(deAgenda("c", 1, 0, 2)) },
			"a1 b1",
		},
		"old news": {
			func(a *agenda) { a.anotar(deAgenda("a", 1, 0, 0)) },
			"a1 b1",
		},
		"struck out":           {func(a *agenda) { a.tachar() }, "-"},
		"a reading that fails": {func(a *agenda) { a.leer(); a.fallida() }, "a1 b1"},
		"read anew": {
			func(a *agenda) { a.hecha(a.leer(), []*Turno{c1}) },
			"c1",
		},
		"filled during a reading": {
			durante(func(a *agenda) { a.anotar(deAgenda("a", 1, 0, 2)) }, a1, b1),
			"b1",
		},
		"changed during a reading": {
			durante(func(a *agenda) { a.anotar(deAgenda("a", 1, 1, 2)) }, a1, b1),
			"a2 b1",
		},
		"the reading saw more": {
			durante(func(a *agenda) { a.anotar(a1) }, deAgenda("a", 1, 1, 2)),
			"a2",
		},
		"struck out during one": {durante(func(a *agenda) { a.tachar() }, a1), "-"},
		"noted before a reading": {
			func(a *agenda) { a.anotar(c1); a.hecha(a.leer(), []*Turno{b1}) },
			"b1",
		},
		"struck out, then read anew": {
			func(a *agenda) { a.tachar(); a.hecha(a.leer(), []*Turno{b1}) },
			"b1",
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			ahora := time.Unix(1, 0)
			a := nuevaAgenda(
				time.Second,
				func() time.Time { ahora = ahora.Add(1); return ahora },
			)
			a.hecha(a.leer(), []*Turno{a1, b1})
			tt.hacer(a)
			if got := a.texto(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if len(a.cambios) != 0 {
				t.Error("it keeps what nobody needs any more")
			}
		})
	}
}

// durante makes a change while a reading is under way, which then finds turnos.
func durante(hacer func(a *agenda), turnos ...*Turno) func(a *agenda) {
	return func(a *agenda) {
		l := a.leer()
		hacer(a)
		a.hecha(l, turnos)
	}
}

func (a *agenda) texto() string {
	if !a.vigente() {
		return "-"
	}
	var b strings.Builder
	for _, t := range a.turnos {
		fmt.Fprintf(&b, "%s%d ", t.ID, t.revision)
	}
	return strings.TrimSpace(b.String())
}

// TestAWriteThatEndedWithAnError may have been committed: the agendas that it changed are read anew.
func TestAWriteThatEndedWithAnError(t *testing.T) {
	for nombre, tt := range map[string]struct {
		err  error
		want string
	}{
		"none":           {nil, "a2"},
		"its connection": {errors.New("broken during the commit"), "-"},
	} {
		as := nuevasAgendas(false)
		a := as.de("")
		a.hecha(a.leer(), []*Turno{deAgenda("a", 1, 1, 1)})
		as.asentar(&anotaciones{turnos: []*Turno{deAgenda("a", 1, 1, 2)}}, tt.err)
		if got := a.texto(); got != tt.want {
			t.Errorf("%s: got %s, want %s", nombre, got, tt.want)
		}
	}
}

func TestAnAgendaGrowsOld(t *testing.T) {
	ahora := time.Unix(1, 0)
	a := nuevaAgenda(time.Second, func() time.Time { return ahora })
	if a.vigente() {
		t.Error("one that was never read holds")
	}
	a.hecha(a.leer(), nil)
	ahora = ahora.Add(time.Second - 1)
	if !a.vigente() {
		t.Error("it does not hold for its life")
	}
	ahora = ahora.Add(1)
	if a.vigente() {
		t.Error("it holds longer than its life")
	}
	l := a.leer()
	if !a.vigente() {
		t.Error("everybody reads it at once")
	}
	if ahora = ahora.Add(3 * time.Second); a.vigente() {
		t.Error("a reading that hangs keeps it for ever")
	}
	a.hecha(l, nil)
	if a.vigente() {
		t.Error("it counts from the end of its reading")
	}
}

func TestAnAgendaIsBounded(t *testing.T) {
	a := nuevaAgenda(time.Second, time.Now)
	turnos := make([]*Turno, agendaMax)
	for i := range turnos {
		turnos[i] = deAgenda(fmt.Sprint("t", i), 2*i, 1, 1)
	}
	a.hecha(a.leer(), slices.Clone(turnos[:agendaMax-1]))
	if !a.completa {
		t.Error("short, but not complete")
	}
	a.anotar(turnos[agendaMax-1])
	a.anotar(deAgenda("x", 1, 1, 1))
	if len(a.turnos) != agendaMax || a.completa ||
		a.turnos[agendaMax-1].ID != turnos[agendaMax-2].ID {
		t.Errorf("%d shifts, complete: %v", len(a.turnos), a.completa)
	}
	a.anotar(turnos[agendaMax-1])
	if len(a.turnos) != agendaMax {
		t.Error("it takes one that may not be the next")
	}
}

// TestWindowsBeyondTheAgenda: a depot has more shifts than are kept.
func TestWindowsBeyondTheAgenda(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	for range 5 {
		m.turno(m.camion(d, nil), 0, 4, 0)
		m.turno(m.camion(d, nil), 24, 4, 0)
	}
	m.bien(m.leerAgendas(m.ctx, []string{d.ID}))
	a := m.agendas.de(d.ID)
	a.turnos, a.completa = a.turnos[:2], false
	o, err := m.Ofrecer(m.ctx, consulta(m, 5))
	m.bien(err)
	if n := len(o[0].Ventanas); n != 2 {
		t.Errorf("%d windows, want 2", n)
	}
}

// dosMundos are two processes with one store.
func dosMundos(t *testing.T) (a, b *mundo) {
	a = nuevoMundo(t, nil)
	return a, abrirMundo(t, a.sitio, nil)
}

// TestTheRowDecides: another process has changed a row that the agenda shows as it was before.
func TestTheRowDecides(t *testing.T) {
	tests := map[string]struct {
		hacer func(otro *mundo, d Deposito, c Camion, tu Turno) error
		want  error
	}{
		"nothing": {func(*mundo, Deposito, Camion, Turno) error { return nil }, nil},
		"the last place is taken": {func(o *mundo, d Deposito, _ Camion, _ Turno) error {
			_, err := o.Reservar(o.ctx, o.encargo(d, "otro"))
			return err
		}, rutas.ErrSinLugar},
		"the key was given back": {func(o *mundo, _ Deposito, _ Camion, _ Turno) error {
			return o.Liberar(o.ctx, clave("p"))
		}, rutas.ErrLiberada},
		"the depot is out of service": {func(o *mundo, d Deposito, _ Camion, _ Turno) error {
			_, err := o.CambiarDeposito(
				o.ctx,
				Edicion{ID: d.ID},
				func(d *Deposito) { d.Activo = false },
			)
			return err
		}, rutas.ErrSinLugar},
		"the truck is out of service": {func(o *mundo, _ Deposito, c Camion, _ Turno) error {
			_, err := o.CambiarCamion(
				o.ctx,
				Edicion{ID: c.ID},
				func(c *Camion) { c.Activo = false },
			)
			return err
		}, rutas.ErrSinLugar},
		"the truck is too small now": {func(o *mundo, _ Deposito, c Camion, _ Turno) error {
			_, err := o.CambiarCamion(
				o.ctx,
				Edicion{ID: c.ID},
				func(c *Camion) { c.PesoMaxGramos = 4999 },
			)
			return err
		}, rutas.ErrSinLugar},
		"the truck is warm now": {func(o *mundo, _ Deposito, c Camion, _ Turno) error {
			_, err := o.CambiarCamion(
				o.ctx,
				Edicion{ID: c.ID},
				func(c *Camion) { c.Frio = false },
			)
			return err
		}, rutas.ErrSinLugar},
		"the shift has fewer minutes": {func(o *mundo, _ Deposito, _ Camion, tu Turno) error {
			ocho := int64(8)
			_, err := o.CambiarTurno(
				o.ctx,
				Edicion{ID: tu.ID},
				CambioDeTurno{MinutosMax: &ocho},
			)
			return err
		}, rutas.ErrSinLugar},
		"the shift has moved": {func(o *mundo, _ Deposito, _ Camion, tu Turno) error {
			inicio, fin := tu.Inicio.Add(time.Hour), tu.Fin.Add(time.Hour)
			_, err := o.CambiarTurno(
				o.ctx,
				Edicion{ID: tu.ID},
				CambioDeTurno{Inicio: &inicio, Fin: &fin},
			)
			return err
		}, nil},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			otro, m := dosMundos(t)
			m.parar()
			d := otro.deposito()
			c := otro.camion(d, nil)
			tu := otro.turno(c, 0, 4, 1)
			_, err := m.Ofrecer(m.ctx, consulta(m, 1))
			m.bien(err)
			m.bien(tt.hacer(otro, d, c, tu))
			e := m.encargo(d, "p")
			e.Carga.Frio = true
			v, err := m.Reservar(m.ctx, e)
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if guardada, e := otro.Visita(otro.ctx, clave("p")); err == nil &&
				(e != nil || guardada != v) {
				t.Errorf("answered %+v, stored %+v %v", v, guardada, e)
			}
			otro.cuadra()
		})
	}
}

// TestAQuoteSeesOtherProcesses once the agenda has grown old, and this process's own changes at once.
func TestAQuoteSeesOtherProcesses(t *testing.T) {
	otro, m := dosMundos(t)
	mover := m.parar()
	d := otro.deposito()
	otro.turno(otro.camion(d, nil), 0, 4, 1)
	ventanas := func(want int) {
		t.Helper()
		o, err := m.Ofrecer(m.ctx, consulta(m, 5))
		if err != nil || len(o) != 1 || len(o[0].Ventanas) != want {
			t.Errorf("%+v %v, want %d windows", o, err, want)
		}
	}
	ventanas(1)
	_, err := m.Reservar(m.ctx, m.encargo(d, "a"))
	m.bien(err)
	ventanas(0)
	m.bien(m.Liberar(m.ctx, clave("a")))
	ventanas(1)
	_, err = otro.Reservar(otro.ctx, otro.encargo(d, "b"))
	m.bien(err)
	ventanas(1)
	mover(vidaPropia)
	ventanas(0)
	otro.turno(otro.camion(d, nil), 24, 4, 1)
	mover(vidaPropia)
	ventanas(1)
	_, err = otro.CambiarDeposito(
		otro.ctx,
		Edicion{ID: d.ID},
		func(d *Deposito) { d.Activo = false },
	)
	m.bien(err)
	mover(vidaPropia)
	if _, err := m.Ofrecer(m.ctx, consulta(m, 5)); !errors.Is(err, rutas.ErrFueraDeArea) {
		t.Errorf("a depot out of service: %v", err)
	}
}

// TestProcessesRaceForTheLastPlaces: no place is given twice, and no place is left.
func TestProcessesRaceForTheLastPlaces(t *testing.T) {
	a, b := dosMundos(t)
	d := a.deposito()
	a.turno(a.camion(d, nil), 0, 12, 10)
	a.turno(a.camion(d, nil), 0, 12, 10)
	compiten(t, d, 48, 20, a, b)
	a.cuadra()
}

// TestTheRowKeepsTheRulesOfAShift compares the row that the statement writes with the shift that Turno.tomar gives.
func TestTheRowKeepsTheRulesOfAShift(t *testing.T) {
	m := nuevoMundo(t, nil)
	c := m.camion(m.deposito(), nil)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		largo := rapid.IntRange(1, 200).Draw(rt, "minutes")
		tu := m.nuevoTurno(c, SolicitudDeTurno{
			Inicio: m.reloj.ahora(), Fin: m.reloj.ahora().Add(time.Duration(largo) * time.Minute),
			MinutosMax: int64(rapid.IntRange(1, largo).Draw(rt, "most minutes")),
			VisitasMax: int64(rapid.IntRange(1, 12).Draw(rt, "most visits")),
		})
		tu.ID = fmt.Sprint("t", n)
		tu.Franja = largoFranja(
			tu.Fin.Sub(tu.Inicio),
			time.Duration(rapid.IntRange(1, 200).Draw(rt, "window"))*time.Minute,
		)
		tu.Capacidad.PesoGramos = int64(rapid.IntRange(1, 30).Draw(rt, "most weight"))
		tu.Capacidad.VolumenML = int64(rapid.IntRange(1, 30).Draw(rt, "most volume"))
		fila := filaDeTurno(tu)
		m.bien(
			m.db.Write(
				m.ctx,
				"prueba",
				func(tx *gorm.DB) error { return tx.Create(&fila).Error },
			),
		)
		for range rapid.IntRange(1, 16).Draw(rt, "visits") {
			tu = ocuparComo(rt, m, tu)
		}
	})
}

// ocuparComo takes room on the stored shift and on turno, and compares.
func ocuparComo(rt *rapid.T, mundo *mundo, turno Turno) Turno {
	d := demanda{capacidad: Capacidad{
		PesoGramos: int64(rapid.IntRange(1, 3).Draw(rt, "weight")),
		VolumenML:  int64(rapid.IntRange(1, 3).Draw(rt, "volume")),
		Minutos:    int64(rapid.IntRange(1, 40).Draw(rt, "work")),
		Visitas:    1,
	}}
	i := rapid.IntRange(0, maxVentanas-1).Draw(rt, "window")
	v, hay := turno.ventana(i)
	cabe := hay && turno.admite(d) && turno.libreEn(i, v) >= d.capacidad.Minutos
	var got Turno
	err := mundo.escritor()(mundo.ctx, "prueba", func(tx *gorm.DB) (err error) {
		if !mundo.db.Shared() {
			got, err = ocupar(tx, turno, i, d)
			return err
		}
		e := mundo.encargo(Deposito{ID: turno.Deposito}, fmt.Sprint("r", mundo.n.Add(1)))
		_, got, err = ocuparYAnotar(tx, nuevaVisita(e, d, turno, i, v), turno, d)
		return err
	})
	if cabe != (err == nil) || err != nil && !errors.Is(err, errCarrera) {
		rt.Fatalf("there is room: %v; the row says %v", cabe, err)
	}
	if !cabe {
		return turno
	}
	turno.tomar(i, d.capacidad)
	turno.revision++
	fila, err := uno[filaTurno](mundo.db.Read(mundo.ctx).Where("id = ?", turno.ID), ErrTurno)
	mundo.bien(err)
	if got != turno || fila != filaDeTurno(turno) {
		rt.Fatalf(
			"the rules make %+v\nthe row %+v\nthe answer %+v",
			filaDeTurno(turno),
			fila,
			got,
		)
	}
	return turno
}

// TestTurns: bookings of a depot wait for each other, and one that hangs keeps no other waiting for long.
func TestTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := nuevaAgenda(time.Second, time.Now)
		soltar, err := a.turnarse(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		corto, fin := context.WithTimeout(t.Context(), paciencia/2)
		defer fin()
		if _, err := a.turnarse(corto); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a caller whose time is over: %v", err)
		}
		desde := time.Now()
		siguio, err := a.turnarse(t.Context())
		if espero := time.Since(desde); err != nil || espero != paciencia {
			t.Errorf("behind one that hangs: after %v, %v", espero, err)
		}
		siguio() // it had no turn to give on
		soltar()
		if _, err := a.turnarse(t.Context()); err != nil || time.Since(desde) != paciencia {
			t.Errorf("its turn is given on: %v", err)
		}
	})
}
