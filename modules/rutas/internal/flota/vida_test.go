package flota

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"despensa/modules/rutas"
	"despensa/platform/fault"
	"despensa/platform/idempotency"
)

var todos = Quien{Todos: true}

// estado of the visit of an order.
func (m *mundo) estado(pedido string) rutas.EstadoVisita {
	m.t.Helper()
	v, err := m.Visita(m.ctx, clave(pedido))
	m.bien(err)
	return v.Estado
}

func (m *mundo) salir(camion Camion) (SituacionDeSalida, error) {
	return m.Salir(m.ctx, Salida{Camion: camion.ID, Quien: todos, Llave: m.llave()})
}

func TestADepartureTakesFirmVisitsOnly(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	c := m.camion(d, nil)
	m.turno(c, 0, 12, 0)
	m.firme(d, "a")
	m.firme(d, "b")
	_, err := m.Reservar(m.ctx, m.encargo(d, "c"))
	m.bien(err)
	m.reloj.mover(time.Hour)
	p, err := m.salir(c)
	m.bien(err)
	if p.Turno.Estado != TurnoSalio || !p.Turno.Salio.Equal(m.reloj.ahora()) ||
		p.Turno.Usado.Visitas != 2 {
		t.Errorf("shift %+v", p.Turno)
	}
	quedan := map[string]rutas.EstadoVisita{
		"a": rutas.EnCamino,
		"b": rutas.EnCamino,
		"c": rutas.Perdida,
	}
	for pedido, want := range quedan {
		if got := m.estado(pedido); got != want {
			t.Errorf("%s is %s, want %s", pedido, got, want)
		}
	}
	if v, _ := m.Visita(m.ctx, clave("a")); !v.Salida.Equal(m.reloj.ahora()) {
		t.Errorf("departure %v", v.Salida)
	}
	if n := m.avisos(); n != 3 {
		t.Errorf("%d notices, want 3", n)
	}
	m.cuadra()
	if _, err := m.Reservar(m.ctx, m.encargo(d, "d")); !errors.Is(err, rutas.ErrSinLugar) {
		t.Errorf("booking on a truck that has left: %v", err)
	}
	if _, err := m.salir(c); !errors.Is(err, ErrCamionAfuera) {
		t.Errorf("second departure: %v", err)
	}
	if _, err := m.Asegurar(m.ctx, clave("c")); !errors.Is(err, rutas.ErrLiberada) {
		t.Errorf("securing what was left behind: %v", err)
	}
	if err := m.Liberar(m.ctx, clave("a")); !errors.Is(err, rutas.ErrYaSalio) {
		t.Errorf("freeing what has left: %v", err)
	}
	if err := m.Liberar(m.ctx, clave("c")); err != nil {
		t.Errorf("freeing what was lost: %v", err)
	}
}

func TestWhichShiftLeaves(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	c := m.camion(d, nil)
	hoy, manana := m.turno(c, 0, 8, 1), m.turno(c, 24, 8, 1)
	otro := m.turno(m.camion(d, func(c *Camion) { c.Activo = false }), 0, 8, 1)
	sin := Salida{Camion: c.ID, Quien: todos}
	con := func(turno string) Salida { return Salida{Camion: c.ID, Turno: turno, Quien: todos} }
	paso := func(nombre string, s Salida, want error, turno string) {
		t.Helper()
		if p, err := m.Salir(m.ctx, s); !errors.Is(err, want) ||
			p.Turno.ID != turno && err == nil {
			t.Errorf("%s: %v %v, want %v", nombre, p.Turno.ID, err, want)
		}
	}
	paso("nothing booked", sin, ErrNadaQueLlevar, "")
	_, err := m.Reservar(m.ctx, m.encargo(d, "a"))
	m.bien(err)
	paso("nothing firm", sin, ErrNadaQueLlevar, "")
	if m.estado("a") != rutas.Provisional {
		t.Error("a refused departure has moved a visit")
	}
	m.firme(d, "b")
	paso("another truck's shift", con(otro.ID), ErrDesconocido, "")
	paso("no such shift", con("nada"), ErrDesconocido, "")
	paso("today's has nothing firm", con(hoy.ID), ErrNadaQueLlevar, "")
	paso("no such truck", Salida{Camion: "nada", Quien: todos}, ErrCamion, "")
	paso(
		"somebody else's truck",
		Salida{Camion: c.ID, Quien: Quien{Repartidor: "otro"}},
		ErrCamion,
		"",
	)
	paso("nobody's truck", Salida{Camion: c.ID, Quien: Quien{}}, ErrCamion, "")
	paso("tomorrow's, ahead of its hour", sin, ErrNadaQueLlevar, "")
	suyo := con(manana.ID)
	suyo.Quien = Quien{Repartidor: "chofer"}
	paso("the driver, tomorrow's by name", suyo, nil, manana.ID)
	paso("the same by name again", con(manana.ID), ErrCamionAfuera, "")
	paso("no such shift of a truck that is out", con("nada"), ErrDesconocido, "")
	_, err = m.Regresar(m.ctx, Regreso{Camion: c.ID, Quien: todos})
	m.bien(err)
	paso("the same by name, back home", con(manana.ID), ErrTurnoCerrado, "")
	_, err = m.Asegurar(m.ctx, clave("a"))
	m.bien(err)
	m.reloj.mover(9 * time.Hour)
	paso("after its end", sin, ErrNadaQueLlevar, "")
	paso("after its end, by name", con(hoy.ID), ErrTurnoCerrado, "")
}

func TestADepartureHappensOncePerKey(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	c := m.camion(d, nil)
	m.turno(c, 0, 8, 1)
	m.turno(c, 24, 8, 1)
	m.firme(d, "a")
	m.firme(d, "b")
	s := Salida{Camion: c.ID, Quien: todos, Llave: m.llave()}
	var espera sync.WaitGroup
	repetidas := make([]bool, 16)
	for n := range repetidas {
		espera.Go(func() {
			p, err := m.Salir(m.ctx, s)
			if err != nil {
				t.Error(err)
			}
			repetidas[n] = p.Repetida
		})
	}
	espera.Wait()
	nuevas := 0
	for _, r := range repetidas {
		if !r {
			nuevas++
		}
	}
	if nuevas != 1 || m.estado("a") != rutas.EnCamino || m.estado("b") != rutas.Firme {
		t.Errorf("%d effects; a %s, b %s", nuevas, m.estado("a"), m.estado("b"))
	}
	s.Llave.Fingerprint = "otra"
	if _, err := m.Salir(m.ctx, s); !errors.Is(err, ErrOtroCuerpo) {
		t.Errorf("other body: %v", err)
	}
}

func TestWhatHappensAtTheDoor(t *testing.T) {
	tests := map[string]struct {
		pasos []ClaseDeParte
		want  error // error of the last paso
		fin   rutas.EstadoVisita
		avisa int64
	}{
		"arrived": {pasos: []ClaseDeParte{Llegada}, fin: rutas.EnCamino, avisa: 1},
		"arrived twice": {
			pasos: []ClaseDeParte{Llegada, Llegada},
			want:  ErrEstadoVisita,
			fin:   rutas.EnCamino,
			avisa: 1,
		},
		"delivered": {
			pasos: []ClaseDeParte{Llegada, Entrega},
			fin:   rutas.Entregada,
			avisa: 2,
		},
		"delivered, arrival not said": {
			pasos: []ClaseDeParte{Entrega},
			fin:   rutas.Entregada,
			avisa: 1,
		},
		"failed": {
			pasos: []ClaseDeParte{Llegada, Fallo},
			fin:   rutas.Fallida,
			avisa: 2,
		},
		"delivered after failing": {
			pasos: []ClaseDeParte{Fallo, Entrega},
			want:  ErrEstadoVisita,
			fin:   rutas.Fallida,
			avisa: 1,
		},
		"failed after delivering": {
			pasos: []ClaseDeParte{Entrega, Fallo},
			want:  ErrEstadoVisita,
			fin:   rutas.Entregada,
			avisa: 1,
		},
	}
	for nombre, c := range tests {
		t.Run(nombre, func(t *testing.T) {
			m := nuevoMundo(t, nil)
			d := m.deposito()
			k := m.camion(d, nil)
			m.turno(k, 0, 8, 1)
			v := m.firme(d, "a")
			_, _, err := m.DarParte(
				m.ctx,
				ParteDeVisita{Visita: v.ID, Clase: Entrega, Quien: todos},
			)
			if !errors.Is(err, ErrEstadoVisita) {
				t.Fatalf("before the departure: %v", err)
			}
			_, err = m.salir(k)
			m.bien(err)
			antes := m.avisos()
			for _, p := range c.pasos {
				_, _, err = m.DarParte(
					m.ctx,
					ParteDeVisita{
						Visita: v.ID,
						Clase:  p,
						Motivo: "nadie-abrio",
						Quien:  todos,
						Llave:  m.llave(),
					},
				)
			}
			if !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if f, ok := fault.As(err); ok && f.Extra["permitidos"] == nil {
				t.Error("the refusal does not say what is allowed")
			}
			if got := m.estado("a"); got != c.fin || m.avisos()-antes != c.avisa {
				t.Errorf(
					"%s with %d notices, want %s with %d",
					got,
					m.avisos()-antes,
					c.fin,
					c.avisa,
				)
			}
			m.cuadra()
		})
	}
}

func TestMarkingIsTheDriversOwnAndOncePerKey(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	k := m.camion(d, nil)
	m.turno(k, 0, 8, 1)
	v := m.firme(d, "a")
	_, err := m.salir(k)
	m.bien(err)
	marca := ParteDeVisita{
		Visita: v.ID,
		Clase:  Entrega,
		Quien:  Quien{Repartidor: "otro"},
		Llave:  m.llave(),
	}
	if _, _, err := m.DarParte(m.ctx, marca); !errors.Is(err, rutas.ErrSinVisita) {
		t.Errorf("another driver: %v", err)
	}
	marca.Quien.Repartidor = "chofer"
	for n, want := range []bool{false, true} {
		if _, repetida, err := m.DarParte(m.ctx, marca); err != nil || repetida != want {
			t.Errorf("call %d: repeated %v, %v", n+1, repetida, err)
		}
	}
	marca.Llave = idempotency.Key{ID: marca.Llave.ID, Fingerprint: "otra", Given: true}
	if _, _, err := m.DarParte(m.ctx, marca); !errors.Is(err, ErrOtroCuerpo) {
		t.Errorf("other body: %v", err)
	}
}

func TestAShiftThatEndsWithoutADepartureLosesItsVisits(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	m.turno(m.camion(d, nil), 0, 8, 2)
	m.firme(d, "a")
	_, err := m.Reservar(m.ctx, m.encargo(d, "b"))
	m.bien(err)
	if n, err := m.CerrarTurnos(m.ctx); n != 0 || err != nil {
		t.Fatalf("before its end: %d %v", n, err)
	}
	m.reloj.mover(8 * time.Hour)
	if n, err := m.CerrarTurnos(m.ctx); n != 1 || err != nil {
		t.Fatalf("after its end: %d %v", n, err)
	}
	if m.estado("a") != rutas.Perdida || m.estado("b") != rutas.Perdida || m.avisos() != 2 {
		t.Errorf("a %s, b %s, %d notices", m.estado("a"), m.estado("b"), m.avisos())
	}
	if n, err := m.CerrarTurnos(m.ctx); n != 0 || err != nil {
		t.Errorf("a second time: %d %v", n, err)
	}
	m.cuadra()
}

func TestACancelAgainstADepartureHasOneWinner(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	ganan := map[bool]int{}
	for n := range 200 {
		c := m.camion(d, nil)
		m.turno(c, 0, 4, 1)
		pedido := fmt.Sprint(n)
		m.firme(d, pedido)
		var cancela, sale error
		var espera sync.WaitGroup
		espera.Go(func() { cancela = m.Liberar(m.ctx, clave(pedido)) })
		espera.Go(func() { _, sale = m.salir(c) })
		espera.Wait()
		switch {
		case cancela == nil && errors.Is(sale, ErrNadaQueLlevar) && m.estado(pedido) == rutas.Liberada:
		case errors.Is(cancela, rutas.ErrYaSalio) && sale == nil && m.estado(pedido) == rutas.EnCamino:
		default:
			t.Fatalf(
				"race %d: cancel %v, departure %v, visit %s",
				n,
				cancela,
				sale,
				m.estado(pedido),
			)
		}
		ganan[cancela == nil]++
		_, err := m.CambiarCamion(
			m.ctx,
			Edicion{ID: c.ID},
			func(c *Camion) { c.Activo = false },
		)
		m.bien(err)
	}
	t.Logf("cancels won %d, departures %d", ganan[true], ganan[false])
	m.cuadra()
}

func TestOldThingsAreRemovedAndPlacesForgotten(t *testing.T) {
	for nombre, adelanto := range map[string]time.Duration{
		"a right clock": 0, "a clock that was ahead": 4 * 365 * 24 * time.Hour,
	} {
		t.Run(nombre, func(t *testing.T) { oldThings(t, adelanto) })
	}
}

// oldThings makes a tombstone, a key and a place while the clock is adelanto ahead, puts the clock right, and checks
// which rows Limpiar changes then, and 31 days later.
func oldThings(t *testing.T, adelanto time.Duration) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	c := m.camion(d, nil)
	m.turno(c, 0, 8, 0)
	v := m.firme(d, "a")
	_, err := m.salir(c)
	m.bien(err)
	m.reloj.mover(adelanto)
	m.bien(m.Liberar(m.ctx, clave("z")))
	_, _, err = m.DarParte(
		m.ctx,
		ParteDeVisita{Visita: v.ID, Clase: Entrega, Quien: todos, Llave: m.llave()},
	)
	m.bien(err)
	m.reloj.mover(-adelanto)
	if adelanto > 0 {
		if n, err := m.Limpiar(m.ctx); n != 3 ||
			err != nil { // a tombstone, a key and a place get the present time
			t.Fatalf("the clock is right again: %d %v", n, err)
		}
	}
	if n, err := m.Limpiar(m.ctx); n != 0 || err != nil {
		t.Fatalf("at once: %d %v", n, err)
	}
	m.reloj.mover(31 * 24 * time.Hour)
	if n, err := m.Limpiar(m.ctx); n != 4 || err != nil { // a tombstone, two keys, a place
		t.Fatalf("31 days later: %d %v", n, err)
	}
	if w, err := m.Ver(m.ctx, v.ID, todos); err != nil || w.Punto != nil {
		t.Errorf("the place is still known: %v %v", w.Punto, err)
	}
}
