package flota

import (
	"testing"
	"time"

	"gorm.io/gorm"
)

// TestEachThingIsCleanedAlone: the read before the transaction finds each kind of due row, and a round with nothing
// due opens no transaction.
func TestEachThingIsCleanedAlone(t *testing.T) {
	lejos := int64(400 * 24 * time.Hour / time.Millisecond)
	tests := map[string]struct {
		tabla string
		fila  func(m *mundo, v filaVisita, en int64) any
		en    int64 // from now, in ms
	}{
		"an old tombstone":         {tabla: "lapidas", fila: lapidaDe, en: -lejos},
		"one of a clock ahead":     {tabla: "lapidas", fila: lapidaDe, en: lejos},
		"an old key":               {tabla: "claves", fila: claveEn, en: -lejos},
		"a key of a clock ahead":   {tabla: "claves", fila: claveEn, en: lejos},
		"an old place":             {tabla: "visitas", fila: lugarDe, en: -lejos},
		"a place of a clock ahead": {tabla: "visitas", fila: lugarDe, en: lejos},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			m := nuevoMundo(t, nil)
			d := m.deposito()
			tu := m.turno(m.camion(d, nil), 0, 4, 1)
			m.bien(m.db.Write(m.ctx, "prueba", func(tx *gorm.DB) error {
				base := filaVisita{
					ID:       "v",
					Pedido:   "v",
					Turno:    tu.ID,
					Camion:   tu.Camion,
					Deposito: d.ID,
				}
				fila := tt.fila(m, base, m.reloj.ahora().UnixMilli()+tt.en)
				return primerError(
					tx.Exec("delete from claves").Error,
					tx.Table(tt.tabla).Create(fila).Error,
				)
			}))
			if n, err := m.Limpiar(m.ctx); n != 1 || err != nil {
				t.Errorf("%d rows, %v, want 1", n, err)
			}
			o := contar(m)
			if n := o.de(func() { _, err := m.Limpiar(m.ctx); m.bien(err) }); n != 1 {
				t.Errorf("%d statements where nothing is due, want 1", n)
			}
		})
	}
}

func lapidaDe(_ *mundo, filaVisita filaVisita, en int64) any {
	return &filaLapida{Pedido: filaVisita.Pedido, Hasta: en}
}

func claveEn(_ *mundo, filaVisita filaVisita, en int64) any {
	return &filaClave{ID: filaVisita.ID, Creado: en}
}

func lugarDe(_ *mundo, filaVisita filaVisita, en int64) any {
	lat := casa
	filaVisita.Lat, filaVisita.Lon, filaVisita.Fin = &lat, &lat, &en
	return &filaVisita
}

// TestTheTimetableCostsOneReadPerTruck, and a shift of the timetable that an edit has moved is not made again.
func TestTheTimetableCostsOneReadPerTruck(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	c := m.camion(
		d,
		func(c *Camion) { c.Horario = Horario{Desde: 7 * 60, Hasta: 21 * 60, Dias: 0x7f} },
	)
	m.camion(
		d,
		func(c *Camion) { c.Horario = Horario{Desde: 7 * 60, Hasta: 21 * 60, Dias: 0x7f} },
	)
	turnos := func() (ts []filaTurno) {
		m.bien(m.db.Read(m.ctx).Where("camion = ?", c.ID).Order("inicio").Find(&ts).Error)
		return ts
	}
	antes := turnos()
	inicio := deMs(antes[5].Inicio).Add(90 * 24 * time.Hour)
	fin := inicio.Add(4 * time.Hour)
	_, err := m.CambiarTurno(
		m.ctx,
		Edicion{ID: antes[5].ID},
		CambioDeTurno{Inicio: &inicio, Fin: &fin},
	)
	m.bien(err)
	o := contar(m)
	if n := o.de(func() { _, err := m.Programar(m.ctx); m.bien(err) }); n != 3 {
		t.Errorf("%d statements for two trucks that have their shifts, want 3", n)
	}
	if n := len(turnos()); n != len(antes) {
		t.Errorf("%d shifts, want %d", n, len(antes))
	}
}
