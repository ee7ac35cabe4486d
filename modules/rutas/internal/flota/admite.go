package flota

import (
	"context"
	"errors"
	"slices"

	"despensa/modules/rutas"

	"gorm.io/gorm"
)

// Admite implements rutas.Servicio.
func (f *Flota) Admite(ctx context.Context, p rutas.Punto, ventana *rutas.Ventana) error {
	cercanos, err := f.cercanos(ctx, p)
	if err != nil || ventana == nil {
		return err
	}
	if err := f.leerAgendas(ctx, cosas(cercanos, func(c cercano) string { return c.id })); err != nil {
		return err
	}
	demandas := make([]demanda, len(cercanos))
	for i, c := range cercanos {
		demandas[i] = f.pedir(rutas.Carga{}, c.viaje, f.ahora())
		demandas[i].exacta = ventana
		if f.agendas.de(c.id).tiene(demandas[i]) {
			return nil
		}
	}
	for i, c := range cercanos { // no agenda has the window: its shifts may be full, so the stored ones decide
		if err := f.programada(f.db.Read(ctx), c.id, demandas[i]); !errors.Is(err, rutas.ErrVentana) {
			return err
		}
	}
	return rutas.ErrVentana
}

// tiene reports whether a shift of the agenda has the window of d.
func (a *agenda) tiene(d demanda) bool {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return slices.ContainsFunc(a.turnos, func(t *Turno) bool { return t.Inicio.Before(d.hasta) && t.programa(d) })
}

// programa reports whether t has the window of d, with room or without, and may leave in time for it.
func (t *Turno) programa(d demanda) bool {
	for i := range maxVentanas {
		w, ok := t.ventana(i)
		if ok && d.quiere(w) && w.Hasta.Add(-d.viaje).After(t.salidaPrevista(d.ahora)) {
			return true
		}
	}
	return false
}

// programada reports whether a stored shift of a depot that may still leave has the window of d, with room or without.
// Errors: rutas.ErrVentana when none has it.
func (f *Flota) programada(db *gorm.DB, deposito string, d demanda) error {
	filas, err := sanas[filaTurno](f.turnosCon(db, deposito, d))
	if err != nil {
		return err
	}
	for _, fila := range filas {
		if t := fila.cosa(); t.programa(d) {
			return nil
		}
	}
	return rutas.ErrVentana
}

// turnosCon selects the open shifts of a depot within the horizon that span the window of d.
func (f *Flota) turnosCon(db *gorm.DB, deposito string, d demanda) *gorm.DB {
	desde, hasta := d.exacta.Desde, d.exacta.Hasta
	return db.Model(&filaTurno{}).
		Where("deposito = ? and libre in ? and inicio > ? and inicio <= ?", deposito, []bool{false, true},
			desde.Add(-TurnoTope).UnixMilli(), desde.UnixMilli()).
		Where("inicio < ? and fin >= ?", d.hasta.UnixMilli(), hasta.UnixMilli()).
		// || '' keeps the planner off turnos_estado, the index of the open shifts of every depot.
		Where("estado || '' = ? and activo = ?", string(TurnoAbierto), true)
}
