package flota

import (
	"errors"
	"slices"
	"testing"
	"time"

	"despensa/modules/rutas"
	"despensa/platform/fault"

	"gorm.io/gorm"
)

// flotilla is a truck with two shifts: a and b are firm on them, c is provisional.
type flotilla struct {
	*mundo
	d     Deposito
	k     Camion
	turno Turno // of a and c
}

func nuevaFlotilla(t *testing.T) flotilla {
	t.Helper()
	m := nuevoMundo(t, nil)
	d := m.deposito()
	k := m.camion(d, nil)
	f := flotilla{mundo: m, d: d, k: k, turno: m.turno(k, 1, 8, 2)}
	m.turno(k, 24, 8, 1)
	m.firme(d, "a")
	_, err := m.Reservar(m.ctx, m.encargo(d, "c"))
	m.bien(err)
	m.firme(d, "b")
	return f
}

// cambios are edits that leave no room for visits.
var cambios = map[string]struct {
	hacer    func(f flotilla, reprogramar bool) error
	code     *fault.Error
	nombra   []string // orders of the visits that the refusal names
	perdidas []string // orders of the visits that are lost with Reprogramar
}{
	"a truck goes out of service": {hacer: func(f flotilla, si bool) error {
		_, err := f.CambiarCamion(
			f.ctx,
			Edicion{ID: f.k.ID, Reprogramar: si},
			func(c *Camion) { c.Activo = false },
		)
		return err
	}, code: ErrVisitasFirmes, nombra: []string{"a", "b"}, perdidas: []string{"a", "b", "c"}},
	"a depot goes out of service": {hacer: func(f flotilla, si bool) error {
		_, err := f.CambiarDeposito(
			f.ctx,
			Edicion{ID: f.d.ID, Reprogramar: si},
			func(d *Deposito) { d.Activo = false },
		)
		return err
	}, code: ErrVisitasFirmes, nombra: []string{"a", "b"}, perdidas: []string{"a", "b", "c"}},
	"a truck that carries less": {hacer: func(f flotilla, si bool) error {
		_, err := f.CambiarCamion(
			f.ctx,
			Edicion{ID: f.k.ID, Reprogramar: si},
			func(c *Camion) { c.PesoMaxGramos = 6000 },
		)
		return err
	}, code: ErrOcupado, nombra: []string{"a", "c"}, perdidas: []string{"a", "c"}},
	"a truck without cold": {hacer: func(f flotilla, si bool) error {
		_, err := f.CambiarCamion(
			f.ctx,
			Edicion{ID: f.k.ID, Reprogramar: si},
			func(c *Camion) { c.Frio = false },
		)
		return err
	}, code: ErrOcupado, nombra: []string{"a", "b", "c"}, perdidas: []string{"a", "b", "c"}},
	"a shift at another time": {hacer: func(f flotilla, si bool) error {
		tarde := f.turno.Fin.Add(time.Hour)
		_, err := f.CambiarTurno(
			f.ctx,
			Edicion{ID: f.turno.ID, Reprogramar: si},
			CambioDeTurno{Fin: &tarde},
		)
		return err
	}, code: ErrOcupado, nombra: []string{"a", "c"}, perdidas: []string{"a", "c"}},
	"a shift with fewer visits": {hacer: func(f flotilla, si bool) error {
		una := int64(1)
		_, err := f.CambiarTurno(
			f.ctx,
			Edicion{ID: f.turno.ID, Reprogramar: si},
			CambioDeTurno{VisitasMax: &una},
		)
		return err
	}, code: ErrOcupado, nombra: []string{"a", "c"}, perdidas: []string{"a", "c"}},
}

func TestAChangeNamesTheVisitsInItsWay(t *testing.T) {
	for nombre, c := range cambios {
		t.Run(nombre, func(t *testing.T) {
			f := nuevaFlotilla(t)
			err := c.hacer(f, false)
			e, ok := fault.As(err)
			if !ok || !errors.Is(err, c.code) {
				t.Fatalf("%v, want %v", err, c.code)
			}
			var ids []string
			for _, pedido := range c.nombra {
				ids = append(ids, IDVisita(clave(pedido)))
			}
			hay, _ := e.Extra["visitas"].([]string)
			if slices.Sort(ids); !slices.Equal(slices.Sorted(slices.Values(hay)), ids) ||
				e.Extra["total"] != len(ids) {
				t.Errorf("named %v of %v, want %v", hay, e.Extra["total"], ids)
			}
			quedan := map[string]rutas.EstadoVisita{
				"a": rutas.Firme,
				"b": rutas.Firme,
				"c": rutas.Provisional,
			}
			for pedido, want := range quedan {
				if got := f.estado(pedido); got != want {
					t.Errorf("%s is %s", pedido, got)
				}
			}
			k, err := f.Camion(f.ctx, f.k.ID)
			f.bien(err)
			if k.Version != 1 || !k.Activo || f.avisos() != 0 {
				t.Errorf("the refused change has changed %+v, %d notices", k, f.avisos())
			}
			f.cuadra()
		})
	}
}

func TestAChangeBooksAnewWhenItIsTold(t *testing.T) {
	for nombre, c := range cambios {
		t.Run(nombre, func(t *testing.T) {
			f := nuevaFlotilla(t)
			f.bien(c.hacer(f, true))
			for _, pedido := range c.perdidas {
				if got := f.estado(pedido); got != rutas.Perdida {
					t.Errorf("%s is %s", pedido, got)
				}
			}
			if n := f.avisos(); n != int64(len(c.perdidas)) {
				t.Errorf("%d notices, want %d", n, len(c.perdidas))
			}
			f.cuadra()
		})
	}
}

// TestARefusalNamesSomeOfManyVisits, and says how many visits are in the way.
func TestARefusalNamesSomeOfManyVisits(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	k := m.camion(d, nil)
	m.turno(k, 0, 24, 100)
	for n := range nombradas + 3 {
		m.firme(d, string(rune('A'+n)))
	}
	_, err := m.CambiarCamion(m.ctx, Edicion{ID: k.ID}, func(c *Camion) { c.Activo = false })
	e, ok := fault.As(err)
	if !ok || len(e.Extra["visitas"].([]string)) != nombradas ||
		e.Extra["total"] != nombradas+3 {
		t.Errorf("%v", err)
	}
}

// TestOutOfService: a truck out of service takes no booking and does not leave; its provisional visits are lost, its
// run on the street goes on.
func TestOutOfService(t *testing.T) {
	camion := func(f flotilla, activo bool) error {
		_, err := f.CambiarCamion(
			f.ctx,
			Edicion{ID: f.k.ID},
			func(c *Camion) { c.Activo = activo },
		)
		return err
	}
	deposito := func(f flotilla, activo bool) error {
		_, err := f.CambiarDeposito(
			f.ctx,
			Edicion{ID: f.d.ID},
			func(d *Deposito) { d.Activo = activo },
		)
		return err
	}
	for nombre, poner := range map[string]func(flotilla, bool) error{"truck": camion, "depot": deposito} {
		t.Run(nombre, func(t *testing.T) {
			f := nuevaFlotilla(t)
			f.bien(f.Liberar(f.ctx, clave("b")))
			_, err := f.salir(f.k)
			f.bien(err)
			f.bien(poner(f, false)) // a is on the street and stands in the way of nothing
			f.darPartesDeUna("a", Entrega)
			if _, err := f.Reservar(f.ctx, f.encargo(f.d, "d")); !errors.Is(err, rutas.ErrSinLugar) {
				t.Errorf("booking: %v", err)
			}
			f.bien(poner(f, true))
			f.firme(f.d, "e")
			// As release 0.3.0 left it.
			f.sql("update camiones set activo = ? where id = ?", nombre != "truck", f.k.ID)
			f.sql("update depositos set activo = ? where id = ?", nombre != "depot", f.d.ID)
			f.reloj.mover(23 * time.Hour)
			if _, err := f.salir(f.k); !errors.Is(err, ErrInactivo) {
				t.Errorf("departure: %v", err)
			}
			if f.estado("e") != rutas.Firme {
				t.Errorf("the refused departure has moved a visit: %s", f.estado("e"))
			}
			// It was out of service before: its visits end with their shift.
			f.bien(poner(f, false))
			f.reloj.mover(24 * time.Hour)
			_, err = f.CerrarTurnos(f.ctx)
			f.bien(err)
			if f.estado("e") != rutas.Perdida {
				t.Errorf("after its shift: %s", f.estado("e"))
			}
		})
	}
}

// TestAProvisionalVisitOfWhatIsOutOfServiceIsLost: its order is booked anew once it is paid.
func TestAProvisionalVisitOfWhatIsOutOfServiceIsLost(t *testing.T) {
	f := nuevaFlotilla(t)
	f.bien(f.Liberar(f.ctx, clave("a")))
	f.bien(f.Liberar(f.ctx, clave("b")))
	_, err := f.CambiarCamion(f.ctx, Edicion{ID: f.k.ID}, func(c *Camion) { c.Activo = false })
	f.bien(err)
	if _, err := f.Asegurar(f.ctx, clave("c")); !errors.Is(err, rutas.ErrLiberada) ||
		f.avisos() != 1 {
		t.Errorf("%v, %d notices", err, f.avisos())
	}
	f.cuadra()
}

// TestADepotThatGoesOutOfServiceMeanwhile takes no booking, even if Flota.demanda has read it as active before.
func TestADepotThatGoesOutOfServiceMeanwhile(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	m.turno(m.camion(d, nil), 0, 8, 0)
	e := m.encargo(d, "a")
	antes, err := m.demanda(m.ctx, e)
	m.bien(err)
	_, err = m.CambiarDeposito(m.ctx, Edicion{ID: d.ID}, func(d *Deposito) { d.Activo = false })
	m.bien(err)
	_, err = escribir(
		m.ctx,
		m.Flota,
		"x",
		func(tx *gorm.DB) (Visita, error) { return m.reservar(tx, e, antes) },
	)
	if !errors.Is(err, rutas.ErrSinLugar) {
		t.Errorf("booked all the same: %v", err)
	}
}
