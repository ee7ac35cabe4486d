package flota

import (
	"context"
	"errors"

	"despensa/modules/rutas"

	"gorm.io/gorm"
)

// Admite is rutas.Servicio's.
func (f *Flota) Admite(ctx context.Context, p rutas.Punto, v *rutas.Ventana) error {
	db := f.db.Leer(ctx)
	filas, err := sanas[filaDeposito](db.Where("activo = ?", true).Order("codigo"))
	if err != nil {
		return err
	}
	err = rutas.ErrFueraDeArea
	for _, fila := range filas {
		viaje, e := f.alcance(fila.cosa(), p)
		if errors.Is(e, rutas.ErrFueraDeArea) {
			continue
		}
		if e == nil && v != nil {
			d := f.pedir(rutas.Carga{}, viaje, f.ahora())
			d.exacta = v
			e = f.programada(db, fila.ID, d)
		}
		if !errors.Is(e, rutas.ErrVentana) {
			return e
		}
		err = e
	}
	return err
}

// programada looks for the window of d among those of the shifts of a depot that may still leave, with room or without.
// Errors: rutas.ErrVentana.
func (f *Flota) programada(db *gorm.DB, deposito string, d demanda) error {
	filas, err := sanas[filaTurno](f.turnosCon(db, deposito, d))
	if err != nil {
		return err
	}
	for _, fila := range filas {
		t := fila.cosa()
		for i := range maxTramos {
			w, ok := t.ventana(i)
			if ok && d.quiere(w) && w.Hasta.Add(-d.viaje).After(t.partida(d.ahora)) {
				return nil
			}
		}
	}
	return rutas.ErrVentana
}

// turnosCon asks for the open shifts of a depot within the horizon into which the window of d falls.
func (f *Flota) turnosCon(db *gorm.DB, deposito string, d demanda) *gorm.DB {
	desde, hasta := d.exacta.Desde, d.exacta.Hasta
	return db.Model(&filaTurno{}).
		Where("deposito = ? and libre in ? and inicio > ? and inicio <= ?", deposito, []bool{false, true},
			desde.Add(-TurnoTope).UnixMilli(), desde.UnixMilli()).
		Where("inicio < ? and fin >= ?", d.ahora.Add(f.o.Reglas.Horizonte).UnixMilli(), hasta.UnixMilli()).
		Where("estado || '' = ? and activo = ?", string(TurnoAbierto), true) // not by the index of all depots' open shifts
}
