package flota

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"despensa/modules/rutas"
	"despensa/platform/idempotency"
)

// claveFija is a key that follows from its argument alone.
func claveFija(nombre string) idempotency.Key {
	return idempotency.Key{
		ID:          idempotency.Derive("fija", nombre),
		Fingerprint: "h",
		Given:       true,
	}
}

func TestCreatingIsOncePerKey(t *testing.T) {
	m := nuevoMundo(t, nil)
	dep := Deposito{Codigo: "X", Nombre: "x", Punto: rutas.Punto{Lat: casa}, Activo: true}
	a, repetida, err := m.CrearDeposito(m.ctx, dep, claveFija("d"))
	if err != nil || repetida {
		t.Fatal(repetida, err)
	}
	b, repetida, err := m.CrearDeposito(m.ctx, dep, claveFija("d"))
	if err != nil || !repetida || a != b {
		t.Errorf("repetition: %+v %v %v", b, repetida, err)
	}
	otra := claveFija("d")
	otra.Fingerprint = "otra"
	if _, _, err := m.CrearDeposito(m.ctx, dep, otra); !errors.Is(err, ErrOtroCuerpo) {
		t.Errorf("other body: %v", err)
	}
	if _, _, err := m.CrearDeposito(m.ctx, dep, m.llave()); !errors.Is(err, ErrCodigo) {
		t.Errorf("same code: %v", err)
	}
	dep.Codigo, dep.Punto.Lat = "Y", 40
	if _, _, err := m.CrearDeposito(m.ctx, dep, m.llave()); !errors.Is(
		err,
		rutas.ErrFueraDeArea,
	) {
		t.Errorf("far away: %v", err)
	}
}

func TestTrucksAreChecked(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	m.camion(d, func(c *Camion) { c.Patente = "ABC123" })
	tests := map[string]struct {
		cambio func(*Camion)
		want   error
	}{
		"good":        {func(*Camion) {}, nil},
		"plate taken": {func(c *Camion) { c.Patente = "ABC123" }, ErrPatente},
		"plate wrong": {func(c *Camion) { c.Patente = "ab123cd" }, ErrValor},
		"no weight":   {func(c *Camion) { c.PesoMaxGramos = 0 }, ErrValor},
		"much weight": {func(c *Camion) { c.PesoMaxGramos = PesoTope + 1 }, ErrValor},
		"no volume":   {func(c *Camion) { c.VolumenMaxML = -1 }, ErrValor},
		"no depot":    {func(c *Camion) { c.Deposito = "nada" }, ErrDesconocido},
		"bad schedule": {
			func(c *Camion) { c.Horario = Horario{Desde: 60, Hasta: 60, Dias: 1} },
			ErrValor,
		},
	}
	for nombre, caso := range tests {
		t.Run(nombre, func(t *testing.T) {
			c := Camion{Patente: "AB123CD", Deposito: d.ID, PesoMaxGramos: 1, VolumenMaxML: 1}
			caso.cambio(&c)
			if _, _, err := m.CrearCamion(m.ctx, c, m.llave()); !errors.Is(err, caso.want) {
				t.Errorf("got %v, want %v", err, caso.want)
			}
		})
	}
}

func TestShiftsAreChecked(t *testing.T) {
	m := nuevoMundo(t, nil)
	c := m.camion(m.deposito(), nil)
	m.turno(c, 0, 8, 0)
	base := m.reloj.ahora()
	tests := map[string]struct {
		desde, largo time.Duration
		camion       string
		minutos      int64
		want         error
	}{
		"right after": {desde: 8 * time.Hour, largo: time.Hour, camion: c.ID},
		"overlaps the end": {
			desde:  7 * time.Hour,
			largo:  2 * time.Hour,
			camion: c.ID,
			want:   ErrSuperpuesto,
		},
		"overlaps the beginning": {
			desde:  -time.Hour,
			largo:  2 * time.Hour,
			camion: c.ID,
			want:   ErrSuperpuesto,
		},
		"around it": {
			desde:  -time.Hour,
			largo:  10 * time.Hour,
			camion: c.ID,
			want:   ErrSuperpuesto,
		},
		"ends before it begins": {
			desde:  30 * time.Hour,
			largo:  -time.Hour,
			camion: c.ID,
			want:   ErrValor,
		},
		"longer than a day": {
			desde:  30 * time.Hour,
			largo:  25 * time.Hour,
			camion: c.ID,
			want:   ErrValor,
		},
		"past": {
			desde:  -30 * time.Hour,
			largo:  time.Hour,
			camion: c.ID,
			want:   ErrValor,
		},
		"works longer than it": {
			desde:   30 * time.Hour,
			largo:   time.Hour,
			camion:  c.ID,
			minutos: 61,
			want:    ErrValor,
		},
		"no such truck": {
			desde:  30 * time.Hour,
			largo:  time.Hour,
			camion: "nada",
			want:   ErrDesconocido,
		},
	}
	for nombre, caso := range tests {
		t.Run(nombre, func(t *testing.T) {
			inicio := base.Add(caso.desde)
			p := SolicitudDeTurno{
				Camion: caso.camion, Inicio: inicio, Fin: inicio.Add(caso.largo), MinutosMax: caso.minutos,
			}
			if _, _, err := m.CrearTurno(m.ctx, p, m.llave()); !errors.Is(err, caso.want) {
				t.Errorf("got %v, want %v", err, caso.want)
			}
		})
	}
}

func TestEditsAreGuarded(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	c := m.camion(d, nil)
	tu := m.turno(c, 0, 8, 5)
	m.firme(d, "a")
	uno, largo, tarde := int64(1), int64(999), tu.Fin.Add(time.Hour)
	cero := int64(0)
	tests := []struct {
		nombre string
		hacer  func() error
		want   error
	}{
		{nombre: "stale depot", hacer: func() error {
			_, err := m.CambiarDeposito(
				m.ctx,
				Edicion{ID: d.ID, Versiones: []int64{7}},
				func(*Deposito) {},
			)
			return err
		},
			want: ErrVersion},
		{nombre: "depot", hacer: func() error {
			_, err := m.CambiarDeposito(
				m.ctx,
				Edicion{ID: d.ID, Versiones: []int64{1}},
				func(d *Deposito) { d.Nombre = "y" },
			)
			return err
		}},
		{nombre: "depot read before", hacer: func() error {
			_, err := m.CambiarDeposito(
				m.ctx,
				Edicion{ID: d.ID, Versiones: []int64{1}},
				func(*Deposito) {},
			)
			return err
		},
			want: ErrVersion},
		{nombre: "no depot", hacer: func() error {
			_, err := m.CambiarDeposito(
				m.ctx,
				Edicion{ID: "nada", Versiones: []int64{1}},
				func(*Deposito) {},
			)
			return err
		},
			want: ErrDeposito},
		{nombre: "truck too small for its shift", hacer: func() error {
			_, err := m.CambiarCamion(
				m.ctx,
				Edicion{ID: c.ID, Versiones: []int64{1}},
				func(c *Camion) { c.PesoMaxGramos = 10 },
			)
			return err
		},
			want: ErrOcupado},
		{nombre: "truck loses its cold", hacer: func() error {
			_, err := m.CambiarCamion(
				m.ctx,
				Edicion{ID: c.ID, Versiones: []int64{1}},
				func(c *Camion) { c.Frio = false },
			)
			return err
		},
			want: ErrOcupado},
		{nombre: "truck", hacer: func() error {
			_, err := m.CambiarCamion(m.ctx, Edicion{ID: c.ID, Versiones: []int64{1}},
				func(c *Camion) { c.PesoMaxGramos = 6000 })
			return err
		}},
		{nombre: "shift moved under a visit", hacer: func() error {
			_, err := m.CambiarTurno(
				m.ctx,
				Edicion{ID: tu.ID, Versiones: []int64{2}},
				CambioDeTurno{Fin: &tarde},
			)
			return err
		},
			want: ErrOcupado},
		{nombre: "shift with the version before the truck's edit", hacer: func() error {
			_, err := m.CambiarTurno(
				m.ctx,
				Edicion{ID: tu.ID, Versiones: []int64{1}},
				CambioDeTurno{VisitasMax: &uno},
			)
			return err
		},
			want: ErrVersion},
		{nombre: "shift without room for what it has", hacer: func() error {
			_, err := m.CambiarTurno(
				m.ctx,
				Edicion{ID: tu.ID, Versiones: []int64{2}},
				CambioDeTurno{VisitasMax: &cero},
			)
			return err
		},
			want: ErrOcupado},
		{nombre: "shift longer than itself", hacer: func() error {
			_, err := m.CambiarTurno(
				m.ctx,
				Edicion{ID: tu.ID, Versiones: []int64{2}},
				CambioDeTurno{MinutosMax: &largo},
			)
			return err
		},
			want: ErrValor},
		{nombre: "shift", hacer: func() error {
			_, err := m.CambiarTurno(
				m.ctx,
				Edicion{ID: tu.ID, Versiones: []int64{2}},
				CambioDeTurno{VisitasMax: &uno},
			)
			return err
		}},
		{nombre: "shift is full now", hacer: func() error {
			_, err := m.Reservar(m.ctx, m.encargo(d, "b"))
			return err
		},
			want: rutas.ErrSinLugar},
		{nombre: "departure", hacer: func() error { _, err := m.salir(c); return err }},
		{nombre: "shift that has left", hacer: func() error {
			_, err := m.CambiarTurno(m.ctx, Edicion{ID: tu.ID}, CambioDeTurno{VisitasMax: &uno})
			return err
		},
			want: ErrTurnoCerrado},
	}
	for _, c := range tests {
		if err := c.hacer(); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.nombre, err, c.want)
		}
	}
	m.cuadra()
}

func TestTimetablesKeepTheShiftsGoing(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	c := m.camion(
		d,
		func(c *Camion) { c.Horario = Horario{Desde: 7 * 60, Hasta: 21 * 60, Dias: 0x7f} },
	)
	turnos := func() int {
		v, err := m.ListarTurnos(m.ctx, Filtro{Camion: c.ID}, Pagina{Limite: 200})
		m.bien(err)
		return len(v)
	}
	if n := turnos(); n != 14 {
		t.Errorf("%d shifts at first", n)
	}
	for dia := range 10 {
		m.reloj.mover(24 * time.Hour)
		_, err := m.Programar(m.ctx)
		m.bien(err)
		_, err = m.Programar(m.ctx)
		m.bien(err)
		if n := turnos(); n != 15+dia {
			t.Fatalf("%d shifts after %d days", n, dia+1)
		}
	}
	_, err := m.CambiarCamion(
		m.ctx,
		Edicion{ID: c.ID},
		func(c *Camion) { c.Horario = Horario{} },
	)
	m.bien(err)
	m.reloj.mover(24 * time.Hour)
	_, err = m.Programar(m.ctx)
	m.bien(err)
	if n := turnos(); n != 24 {
		t.Errorf("%d shifts without a timetable", n)
	}
}

func TestListsGoByPagesNewestFirst(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	k := m.camion(d, nil)
	m.turno(k, 0, 12, 0)
	for n := range 7 {
		_, err := m.Reservar(m.ctx, m.encargo(d, fmt.Sprint(n)))
		m.bien(err)
		if n%2 == 0 {
			m.reloj.mover(time.Second)
		}
	}
	var vistos []string
	p := Pagina{Limite: 2}
	for {
		filtro := Filtro{Camion: k.ID, Estado: "provisional", Dia: "2026-11-25", Deposito: d.ID}
		v, err := m.ListarVisitas(m.ctx, filtro, todos, p)
		m.bien(err)
		for _, x := range v[:min(2, len(v))] {
			vistos = append(vistos, x.Pedido)
			p.Creado, p.ID = x.Creado, x.ID
		}
		if len(v) <= 2 {
			break
		}
	}
	unicos := map[string]bool{}
	for _, v := range vistos {
		unicos[v] = true
	}
	if len(vistos) != 7 || len(unicos) != 7 || vistos[6] != "0" {
		t.Errorf("pages gave %v", vistos)
	}
	for quien, want := range map[string]int{"chofer": 7, "otro": 0} {
		v, err := m.ListarVisitas(m.ctx, Filtro{}, Quien{Repartidor: quien}, Pagina{Limite: 50})
		if err != nil || len(v) != want {
			t.Errorf("%s sees %d, %v", quien, len(v), err)
		}
	}
}

func TestTheSeedIsSownOnce(t *testing.T) {
	m := nuevoMundo(t, nil)
	for range 2 {
		gente := []Repartidor{
			{ID: "r1", Nombre: "Uno"},
			{ID: "r2", Nombre: "Dos"},
			{ID: "r3", Nombre: "Tres"},
		}
		m.bien(m.Sembrar(m.ctx, gente, []string{"d1"}))
	}
	d, err := m.Depositos(m.ctx)
	if err != nil || len(d) != 3 || d[0].Codigo != "DEP-1" || d[0].ID != DepositoDemo("DEP-1") {
		t.Errorf("depots %v %v", d, err)
	}
	c, err := m.ListarCamiones(m.ctx, Filtro{}, Pagina{Limite: 50})
	if err != nil || len(c) != 5 {
		t.Errorf("%d trucks, %v", len(c), err)
	}
	tu, err := m.ListarTurnos(m.ctx, Filtro{}, Pagina{Limite: 200})
	if err != nil || len(tu) != 70 || tu[0].Fin.Sub(tu[0].Inicio) != 14*time.Hour {
		t.Errorf("%d shifts, %v", len(tu), err)
	}
}
