package flota

import (
	"context"
	"errors"
	"slices"

	"despensa/modules/rutas"

	"gorm.io/gorm"
)

// Admite implements rutas.Servicio.
func (f *Flota) Admite(ctx context.Context, punto rutas.Punto, ventana *rutas.Ventana) error {
	cercanos, err := f.cercanos(ctx, punto)
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

// tiene reports whether a shift of the agenda has the window of demanda.
func (a *agenda) tiene(demanda demanda) bool {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return slices.ContainsFunc(
		a.turnos,
		func(t *Turno) bool { return t.Inicio.Before(demanda.hasta) && t.programa(demanda) },
	)
}

// programa reports whether t has the window of demanda, with room or without, and may leave in time for it.
func (t *Turno) programa(demanda demanda) bool {
	for i := range maxVentanas {
		w, ok := t.ventana(i)
		if ok && demanda.quiere(w) &&
			w.Hasta.Add(-demanda.viaje).After(t.salidaPrevista(demanda.ahora)) {
			return true
		}
	}
	return false
}

// programada reports whether a stored shift of a depot that may still leave has the window of demanda, with room or
// without. Errors: rutas.ErrVentana when none has it.
func (f *Flota) programada(db *gorm.DB, deposito string, demanda demanda) error {
	filas, err := sanas[filaTurno](f.turnosCon(db, deposito, demanda))
	if err != nil {
		return err
	}
	for _, fila := range filas {
		if t := fila.cosa(); t.programa(demanda) {
			return nil
		}
	}
	return rutas.ErrVentana
}

// turnosCon selects the open shifts of a depot within the horizon that span the window of demanda.
func (f *Flota) turnosCon(db *gorm.DB, deposito string, demanda demanda) *gorm.DB {
	desde, hasta := demanda.exacta.Desde, demanda.exacta.Hasta
	return db.Model(&filaTurno{}).
		Where("deposito = ? and libre in ? and inicio > ? and inicio <= ?", deposito, []bool{false, true},
			desde.Add(-TurnoTope).UnixMilli(), desde.UnixMilli()).
		Where("inicio < ? and fin >= ?", demanda.hasta.UnixMilli(), hasta.UnixMilli()).
		// || '' keeps the planner off turnos_estado, the index of the open shifts of every depot.
		Where("estado || '' = ? and activo = ?", string(TurnoAbierto), true)
}
