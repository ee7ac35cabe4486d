package flota

import (
	"errors"
	"slices"
	"testing"

	"despensa/platform/idempotency"
)

func TestDriversAreAddedOnce(t *testing.T) {
	m := nuevoMundo(t, nil)
	nadia := Repartidor{ID: "nadia", Nombre: "Nadia", Legajo: "R-7", Activo: true}
	a, repetida, err := m.CrearRepartidor(m.ctx, nadia, claveFija("n"))
	if err != nil || repetida || a.Version != 1 || a.Nombre != "Nadia" || a.Legajo != "R-7" ||
		!a.Activo ||
		!a.Creado.Equal(m.reloj.ahora()) {
		t.Fatalf("%+v %v %v", a, repetida, err)
	}
	if b, repetida, err := m.CrearRepartidor(m.ctx, nadia, claveFija("n")); err != nil ||
		!repetida ||
		b.ID != a.ID ||
		b.Version != 1 {
		t.Errorf("repetition: %+v %v %v", b, repetida, err)
	}
	tests := map[string]struct {
		cambio func(*Repartidor)
		llave  idempotency.Key
		want   error
	}{
		"the key with another body": {cambio: func(*Repartidor) {},
			llave: idempotency.Key{
				ID:          claveFija("n").ID,
				Fingerprint: "otra",
				Given:       true,
			},
			want: ErrOtroCuerpo},
		"the login again": {cambio: func(r *Repartidor) { r.Legajo = "" }, llave: m.llave(),
			want: ErrRepartidorExiste},
		"the number of another": {
			cambio: func(r *Repartidor) { r.ID = "otra" },
			llave:  m.llave(),
			want:   ErrLegajo,
		},
		"without a number": {
			cambio: func(r *Repartidor) { r.ID, r.Legajo = "a", "" },
			llave:  m.llave(),
		},
		"without a number either": {
			cambio: func(r *Repartidor) { r.ID, r.Legajo = "b", "" },
			llave:  m.llave(),
		},
	}
	for nombre, c := range tests {
		t.Run(nombre, func(t *testing.T) {
			r := nadia
			c.cambio(&r)
			if _, _, err := m.CrearRepartidor(m.ctx, r, c.llave); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
	rs, err := m.ListarRepartidores(m.ctx, Pagina{Limite: 10})
	if err != nil || len(rs) != 4 { // and the one of mundo
		t.Errorf("%d drivers, %v", len(rs), err)
	}
}

func TestDriversAreEdited(t *testing.T) {
	m := nuevoMundo(t, nil)
	m.bien(m.tener("otra"))
	c := m.camion(m.deposito(), nil)
	poner := func(versiones []int64, f func(*Repartidor)) (Repartidor, error) {
		return m.CambiarRepartidor(m.ctx, "chofer", versiones, f)
	}
	r, err := poner([]int64{1}, func(r *Repartidor) { r.Nombre, r.Legajo = "Ana", "R-1" })
	if err != nil || r.Version != 2 || !slices.Equal(r.Camiones, []string{c.ID}) {
		t.Fatalf("%+v %v", r, err)
	}
	if _, err := poner([]int64{1}, func(r *Repartidor) { r.Nombre = "Eva" }); !errors.Is(
		err,
		ErrVersion,
	) {
		t.Errorf("stale: %v", err)
	}
	if _, err := m.CambiarRepartidor(m.ctx, "nadie", nil, func(*Repartidor) {}); !errors.Is(
		err,
		ErrRepartidor,
	) {
		t.Errorf("nobody: %v", err)
	}
	_, err = m.CambiarRepartidor(m.ctx, "otra", nil, func(r *Repartidor) { r.Legajo = "R-1" })
	if !errors.Is(err, ErrLegajo) {
		t.Errorf("another's number: %v", err)
	}
	if _, err := poner(nil, func(r *Repartidor) { r.Legajo = "" }); err != nil {
		t.Error(err)
	}
	if _, err := m.CambiarRepartidor(m.ctx, "otra", nil, func(r *Repartidor) { r.Legajo = "R-1" }); err != nil {
		t.Errorf("a number that is free again: %v", err)
	}
	if r, err := m.Repartidor(m.ctx, "chofer"); err != nil || r.Nombre != "Ana" ||
		r.Legajo != "" ||
		r.Version != 3 {
		t.Errorf("%+v %v", r, err)
	}
}

func TestTrucksNameDriversAtWork(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	c := m.camion(d, func(c *Camion) { c.Repartidor = "" })
	suyo := m.camion(d, nil)
	nombrar := func(camion, quien string) error {
		_, err := m.CambiarCamion(
			m.ctx,
			Edicion{ID: camion},
			func(c *Camion) { c.Repartidor = quien },
		)
		return err
	}
	activo := func(si bool) {
		t.Helper()
		_, err := m.CambiarRepartidor(
			m.ctx,
			"chofer",
			nil,
			func(r *Repartidor) { r.Activo = si },
		)
		m.bien(err)
	}
	if err := nombrar(c.ID, "nadie"); !errors.Is(err, ErrDesconocido) {
		t.Errorf("nobody: %v", err)
	}
	activo(false)
	if err := nombrar(c.ID, "chofer"); !errors.Is(err, ErrDesconocido) {
		t.Errorf("who does not drive any more: %v", err)
	}
	nuevo := Camion{
		Patente:       "ZZ123ZZ",
		Deposito:      d.ID,
		PesoMaxGramos: 1,
		VolumenMaxML:  1,
		Repartidor:    "chofer",
	}
	if _, _, err := m.CrearCamion(m.ctx, nuevo, m.llave()); !errors.Is(err, ErrDesconocido) {
		t.Errorf("a new truck, who does not drive any more: %v", err)
	}
	if _, err := m.CambiarCamion(m.ctx, Edicion{ID: suyo.ID}, func(c *Camion) { c.PesoMaxGramos++ }); err != nil {
		t.Errorf("another edit of the truck that named them before: %v", err)
	}
	activo(true)
	if err := nombrar(c.ID, "chofer"); err != nil {
		t.Error(err)
	}
	r, err := m.Repartidor(m.ctx, "chofer")
	if err != nil || len(r.Camiones) != 2 {
		t.Errorf("%+v %v", r, err)
	}
	if err := nombrar(c.ID, ""); err != nil {
		t.Error(err)
	}
}

func TestDevicesSpeakForOneTruck(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	a := m.camion(d, func(c *Camion) { c.Dispositivo = "gps" })
	b := m.camion(d, nil)
	dar := func(camion, gps string) error {
		_, err := m.CambiarCamion(
			m.ctx,
			Edicion{ID: camion},
			func(c *Camion) { c.Dispositivo = gps },
		)
		return err
	}
	if err := dar(b.ID, "gps"); !errors.Is(err, ErrDispositivo) {
		t.Errorf("another's: %v", err)
	}
	if err := dar(a.ID, "gps"); err != nil {
		t.Errorf("its own: %v", err)
	}
	for nombre, c := range map[string]struct {
		camion string
		quien  Quien
		want   error
	}{
		"the device":              {camion: a.ID, quien: Quien{Dispositivo: "gps"}},
		"another truck":           {camion: b.ID, quien: Quien{Dispositivo: "gps"}, want: ErrCamion},
		"another device":          {camion: a.ID, quien: Quien{Dispositivo: "otro"}, want: ErrCamion},
		"nobody, of no device":    {camion: b.ID, quien: Quien{}, want: ErrCamion},
		"its driver":              {camion: a.ID, quien: Quien{Repartidor: "chofer"}},
		"a device by their name":  {camion: a.ID, quien: Quien{Dispositivo: "chofer"}, want: ErrCamion},
		"a driver like a device":  {camion: a.ID, quien: Quien{Repartidor: "gps"}, want: ErrCamion},
		"who may see every truck": {camion: b.ID, quien: Quien{Todos: true}},
	} {
		if _, err := m.CamionDe(m.ctx, c.camion, c.quien); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", nombre, err, c.want)
		}
	}
	m.bien(dar(a.ID, ""))
	m.bien(dar(b.ID, "gps"))
	if _, err := m.CamionDe(m.ctx, a.ID, Quien{Dispositivo: "gps"}); !errors.Is(
		err,
		ErrCamion,
	) {
		t.Errorf("the truck that it has left: %v", err)
	}
}
