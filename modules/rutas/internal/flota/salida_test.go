package flota

import (
	"errors"
	"testing"
	"time"

	"despensa/modules/rutas"
	"despensa/platform/fault"
)

// darPartesDeTodo gives every visit that is under way the same outcome.
func (m *mundo) darPartesDeTodo(claseDeParte ClaseDeParte) {
	m.t.Helper()
	vs, err := m.ListarVisitas(
		m.ctx,
		Filtro{Estado: string(rutas.EnCamino)},
		todos,
		Pagina{Limite: 50},
	)
	m.bien(err)
	for _, v := range vs {
		_, _, err := m.DarParte(
			m.ctx,
			ParteDeVisita{
				Visita: v.ID,
				Clase:  claseDeParte,
				Motivo: "no hay nadie",
				Quien:  todos,
				Llave:  m.llave(),
			},
		)
		m.bien(err)
	}
}

// TestTheShiftOfADeparture: without a name the truck leaves for the shift that runs or begins within two hours.
func TestTheShiftOfADeparture(t *testing.T) {
	tests := map[string]struct {
		desde  int           // hours from now to the shift's beginning
		pasa   time.Duration // before the departure
		nombra bool
		want   error
	}{
		"it begins in three hours":        {desde: 3, want: ErrNadaQueLlevar},
		"it begins in three hours, named": {desde: 3, nombra: true},
		"it begins in two hours":          {desde: 2},
		"it begins in two hours and a bit": {
			desde: 3,
			pasa:  time.Hour - time.Millisecond,
			want:  ErrNadaQueLlevar,
		},
		"it has begun": {desde: 1, pasa: 2 * time.Hour},
		"it ends this moment": {
			desde: 1,
			pasa:  9 * time.Hour,
			want:  ErrNadaQueLlevar,
		},
		"it ends this moment, named": {
			desde:  1,
			pasa:   9 * time.Hour,
			nombra: true,
			want:   ErrTurnoCerrado,
		},
		"it is the one of three days later": {desde: 72, want: ErrNadaQueLlevar},
		"of three days later, and is named": {desde: 72, nombra: true},
		"the last moment before it ends":    {desde: 1, pasa: 9*time.Hour - time.Millisecond},
		"it ended yesterday": {
			desde: 1,
			pasa:  30 * time.Hour,
			want:  ErrNadaQueLlevar,
		},
	}
	for nombre, c := range tests {
		t.Run(nombre, func(t *testing.T) {
			m := nuevoMundo(t, nil)
			d := m.deposito()
			k := m.camion(d, nil)
			turno := m.turno(k, c.desde, 8, 0)
			m.firme(d, "a")
			m.reloj.mover(c.pasa)
			s := Salida{Camion: k.ID, Quien: todos, Llave: m.llave()}
			if c.nombra {
				s.Turno = turno.ID
			}
			p, err := m.Salir(m.ctx, s)
			if !errors.Is(err, c.want) || err == nil && p.Turno.ID != turno.ID {
				t.Errorf("left with %q: %v, want %v", p.Turno.ID, err, c.want)
			}
			if got := m.estado("a"); (got == rutas.EnCamino) != (c.want == nil) {
				t.Errorf("the visit is %s", got)
			}
		})
	}
}

// TestATruckThatIsOutDoesNotLeave until every visit has an outcome, a manager ends the run, or its deadline is over.
func TestATruckThatIsOutDoesNotLeave(t *testing.T) {
	const fin, gracia = 8 * time.Hour, 4 * time.Hour
	regresa := func(m *mundo, k Camion) {
		_, err := m.Regresar(m.ctx, Regreso{Camion: k.ID, Quien: todos, Llave: m.llave()})
		m.bien(err)
	}
	tests := map[string]struct {
		antes func(m *mundo, k Camion)
		want  error
	}{
		"at once": {func(*mundo, Camion) {}, ErrCamionAfuera},
		"one of two is over": {
			func(m *mundo, _ Camion) { m.darPartesDeUna("a", Entrega) },
			ErrCamionAfuera,
		},
		"at the door": {
			func(m *mundo, _ Camion) { m.darPartesDeTodo(Llegada) },
			ErrCamionAfuera,
		},
		"all are delivered": {func(m *mundo, _ Camion) { m.darPartesDeTodo(Entrega) }, nil},
		"all are in vain":   {func(m *mundo, _ Camion) { m.darPartesDeTodo(Fallo) }, nil},
		"its shift is over": {
			func(m *mundo, _ Camion) { m.reloj.mover(fin) },
			ErrCamionAfuera,
		},
		"just before its limit": {
			func(m *mundo, _ Camion) { m.reloj.mover(fin + gracia - time.Millisecond) },
			ErrCamionAfuera,
		},
		"its deadline is over": {
			func(m *mundo, _ Camion) { m.reloj.mover(fin + gracia) },
			nil,
		},
		"a manager ends the run": {regresa, nil},
	}
	for nombre, c := range tests {
		t.Run(nombre, func(t *testing.T) {
			m := nuevoMundo(t, nil)
			d := m.deposito()
			k := m.camion(d, nil)
			uno := m.turno(k, 0, 8, 2)
			otro := m.turno(k, 9, 8, 1)
			for _, pedido := range []string{"a", "b", "c"} {
				m.firme(d, pedido)
			}
			primera := Salida{Camion: k.ID, Quien: todos, Llave: m.llave()}
			_, err := m.Salir(m.ctx, primera)
			m.bien(err)
			c.antes(m, k)
			p, err := m.Salir(
				m.ctx,
				Salida{
					Camion: k.ID,
					Turno:  otro.ID,
					Quien:  Quien{Repartidor: "chofer"},
					Llave:  m.llave(),
				},
			)
			if !errors.Is(err, c.want) || err == nil && p.Turno.ID != otro.ID {
				t.Fatalf("%v, want %v", err, c.want)
			}
			if f, ok := fault.As(err); ok &&
				(f.Extra["turno_id"] != uno.ID || f.Extra["hasta"] != uno.Fin.Add(gracia)) {
				t.Errorf("the refusal says %v", f.Extra)
			}
			if got := m.estado("c"); (got == rutas.EnCamino) != (c.want == nil) {
				t.Errorf("the third visit is %s", got)
			}
			if p, err := m.Salir(m.ctx, primera); err != nil || !p.Repetida ||
				p.Turno.ID != uno.ID {
				t.Errorf("the first key again: %+v %v", p, err)
			}
			m.cuadra()
		})
	}
}

func (m *mundo) darPartesDeUna(pedido string, claseDeParte ClaseDeParte) {
	m.t.Helper()
	_, _, err := m.DarParte(
		m.ctx,
		ParteDeVisita{
			Visita: IDVisita(clave(pedido)),
			Clase:  claseDeParte,
			Quien:  todos,
			Llave:  m.llave(),
		},
	)
	m.bien(err)
}

// TestTheEndOfARun: visits without an outcome become Fallida with a reason, their room is given back, and notices of
// them go into the outbox.
func TestTheEndOfARun(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	k := m.camion(d, nil)
	turno := m.turno(k, 0, 8, 0)
	m.firme(d, "a")
	m.firme(d, "b")
	r := Regreso{Camion: k.ID, Quien: todos, Llave: m.llave()}
	if _, err := m.Regresar(m.ctx, r); !errors.Is(err, ErrCamionEnCasa) {
		t.Errorf("before it has left: %v", err)
	}
	_, err := m.salir(k)
	m.bien(err)
	m.darPartesDeUna("a", Entrega)
	antes := m.avisos()
	ajeno := Regreso{Camion: k.ID, Quien: Quien{Repartidor: "otro"}, Llave: m.llave()}
	if _, err := m.Regresar(m.ctx, ajeno); !errors.Is(err, ErrCamion) {
		t.Errorf("another's truck: %v", err)
	}
	for n, repetida := range []bool{false, true} {
		p, err := m.Regresar(m.ctx, r)
		if err != nil || p.Repetida != repetida || p.Turno.ID != turno.ID ||
			p.Turno.Usado != (Capacidad{}) {
			t.Errorf("call %d: %+v %v", n+1, p, err)
		}
	}
	v, err := m.Visita(m.ctx, clave("b"))
	m.bien(err)
	vista, err := m.Ver(m.ctx, v.ID, todos)
	m.bien(err)
	if m.estado("a") != rutas.Entregada || v.Estado != rutas.Fallida ||
		vista.Motivo != MotivoRegreso ||
		!v.Fin.Equal(m.reloj.ahora()) {
		t.Errorf("a %s, b %+v", m.estado("a"), v)
	}
	if n := m.avisos() - antes; n != 1 {
		t.Errorf("%d notices, want 1", n)
	}
	m.reloj.mover(time.Hour)
	if p, err := m.Regresar(m.ctx, Regreso{Camion: k.ID, Quien: todos, Llave: m.llave()}); err != nil ||
		p.Turno.ID != turno.ID {
		t.Errorf("a second time: %+v %v", p, err)
	}
	if otra, err := m.Visita(m.ctx, clave("b")); err != nil || otra != v ||
		m.avisos()-antes != 1 {
		t.Errorf("a second time has changed %+v: %v", otra, err)
	}
	r.Llave.Fingerprint = "otra"
	if _, err := m.Regresar(m.ctx, r); !errors.Is(err, ErrOtroCuerpo) {
		t.Errorf("other body: %v", err)
	}
	m.cuadra()
}

// TestTwoDeparturesAtOnceHaveOneWinner whatever shift each of them names.
func TestTwoDeparturesAtOnceHaveOneWinner(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	k := m.camion(d, nil)
	turnos := []Turno{m.turno(k, 0, 8, 1), m.turno(k, 24, 8, 1), m.turno(k, 48, 8, 1)}
	for _, pedido := range []string{"a", "b", "c"} {
		m.firme(d, pedido)
	}
	fines := make(chan error, len(turnos))
	for _, tu := range turnos {
		go func() {
			_, err := m.Salir(
				m.ctx,
				Salida{Camion: k.ID, Turno: tu.ID, Quien: todos, Llave: m.llave()},
			)
			fines <- err
		}()
	}
	salieron := 0
	for range turnos {
		switch err := <-fines; {
		case err == nil:
			salieron++
		case !errors.Is(err, ErrCamionAfuera):
			t.Error(err)
		}
	}
	if salieron != 1 {
		t.Errorf("%d left", salieron)
	}
}
