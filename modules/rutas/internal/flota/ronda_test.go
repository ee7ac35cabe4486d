package flota

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"despensa/modules/rutas"
	"despensa/platform/guard"

	"gorm.io/gorm"
)

func (m *mundo) sql(orden string, args ...any) {
	m.t.Helper()
	m.bien(
		m.Flota.db.Write(
			m.ctx,
			"x",
			func(tx *gorm.DB) error { return tx.Exec(orden, args...).Error },
		),
	)
}

// A row that fails, or panics, costs no other row of its round, and each round counts its failed rows.
func TestOneRowNeverEndsTheRound(t *testing.T) {
	roto := errors.New("out of order")
	for nombre, falla := range map[string]func() error{
		"an error": func() error { return roto },
		"a panic":  func() error { panic("out of order") },
	} {
		t.Run(nombre, func(t *testing.T) {
			contadas := 0
			f := New(Opciones{
				Guard:    guard.Guard{Log: slog.New(slog.DiscardHandler)},
				Fallidas: func(_ string, n int) { contadas += n },
			})
			var hechas []int
			n, err := f.porFila(t.Context(), "x", 5, func(i int) error {
				if i%2 == 1 {
					return falla()
				}
				hechas = append(hechas, i)
				return nil
			})
			if n != 2 || contadas != 2 || len(hechas) != 3 || !errors.Is(err, ErrRonda) {
				t.Errorf("%d failed, %d counted, %v done: %v", n, contadas, hechas, err)
			}
		})
	}
}

// Shifts, trucks and depots that cannot be read close no shift but their own, keep no other timetable from being made
// and no visit from being booked elsewhere, and are left out of lists.
func TestUnreadableRowsStopNoOther(t *testing.T) {
	m := nuevoMundo(t, nil)
	if m.Flota.db.Shared() {
		t.Skip(
			"SKIPPED: a server checks the types of what it stores: no row of it is unreadable",
		)
	}
	d := m.deposito()
	var turnos []Turno
	for range 3 {
		c := m.camion(
			d,
			func(c *Camion) { c.Horario = Horario{Dias: 1 << time.Saturday, Desde: 8 * 60, Hasta: 16 * 60} },
		)
		turnos = append(turnos, m.turno(c, 1, 4, 10))
	}
	roto := m.deposito()
	m.sql("update turnos set version = 'dos' where id = ?", turnos[0].ID)
	m.sql("update camiones set version = 'dos' where id = ?", turnos[0].Camion)
	m.sql("update depositos set version = 'dos' where id = ?", roto.ID)
	m.firme(d, "p1")
	if _, err := m.Ofrecer(m.ctx, rutas.Consulta{Punto: rutas.Punto{Lat: casa, Lon: planta}, Limite: 3}); err != nil {
		t.Errorf("windows: %v", err)
	}
	for que, n := range map[string]int{
		"shifts": len(lista(m, func() ([]Turno, error) { return m.ListarTurnos(m.ctx, Filtro{}, Pagina{Limite: 50}) })),
		"trucks": len(lista(m, func() ([]Camion, error) { return m.ListarCamiones(m.ctx, Filtro{}, Pagina{Limite: 50}) })),
	} {
		if n < 2 {
			t.Errorf("%d %s listed", n, que)
		}
	}
	ds := lista(m, func() ([]Deposito, error) { return m.ListarDepositos(m.ctx, Pagina{}) })
	if len(ds) != 1 || ds[0].ID != d.ID {
		t.Errorf("depots: %v", ds)
	}
	if n, err := m.Programar(m.ctx); n != 2 || err != nil {
		t.Errorf("timetables of %d trucks: %v", n, err)
	}
	m.reloj.mover(6 * time.Hour)
	if n, err := m.CerrarTurnos(m.ctx); n < 2 || !errors.Is(err, ErrRonda) {
		t.Errorf("%d shifts closed: %v", n, err)
	}
	for _, x := range turnos[1:] {
		if y, err := m.Turno(m.ctx, x.ID); err != nil || y.Estado != TurnoCerrado {
			t.Errorf("a shift that can be read: %v, %v", y.Estado, err)
		}
	}
	if m.Flota.db.Unreadable() == 0 {
		t.Error("nothing was counted")
	}
}

func lista[T any](mundo *mundo, f func() ([]T, error)) []T {
	mundo.t.Helper()
	cosas, err := f()
	mundo.bien(err)
	return cosas
}
