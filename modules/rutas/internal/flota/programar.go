package flota

import (
	"context"
	"slices"
	"time"

	"despensa/platform/idempotency"

	"gorm.io/gorm"
)

// Programar makes the shifts that the weekly timetables ask for, up to Reglas.Horizonte ahead. It gives how many
// trucks it looked at. A truck that fails is tried again in the next round and costs no other truck. Errors: ErrRonda.
func (f *Flota) Programar(ctx context.Context) (int, error) {
	filas, err := sanas[filaCamion](
		f.db.Read(ctx).Where("activo = ? and horario_dias <> 0", true),
	)
	if err != nil {
		return 0, err
	}
	_, err = f.porFila(
		ctx,
		"rutas.horarios",
		len(filas),
		func(i int) error { return f.programarCamion(ctx, filas[i]) },
	)
	return len(filas), err
}

// programarCamion makes the missing shifts of one truck; it opens a transaction only when one is missing.
func (f *Flota) programarCamion(ctx context.Context, fila filaCamion) error {
	faltan, err := f.faltan(f.db.Read(ctx), fila.cosa())
	if err != nil || len(faltan) == 0 {
		return err
	}
	_, err = escribir(ctx, f, "rutas.programar", func(tx *gorm.DB) (struct{}, error) {
		actual, err := uno[filaCamion](tx.Where("id = ?", fila.ID), ErrCamion)
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, f.programar(tx, actual.cosa())
	})
	return err
}

// programar makes the missing shifts of camion in tx. Errors: errCarrera; those of the store.
func (f *Flota) programar(tx *gorm.DB, camion Camion) error {
	faltan, err := f.faltan(tx, camion)
	for _, t := range faltan {
		nueva := filaDeTurno(t)
		anotarTurno(tx, t)
		if err := insertar(tx, &nueva); err != nil {
			return err
		}
	}
	return err
}

// faltan are the shifts of a truck's timetable that are not stored and overlap no stored shift of the truck.
func (f *Flota) faltan(db *gorm.DB, camion Camion) (faltan []Turno, err error) {
	semana := f.semana(camion)
	if len(semana) == 0 {
		return nil, nil
	}
	primero, ultimo := semana[0], semana[len(semana)-1]
	// By id too, because a shift of the timetable that was moved to another time keeps its id.
	ids := cosas(semana, func(t Turno) string { return t.ID })
	var hay []filaTurno
	err = db.Select("id", "inicio", "fin").
		Where("id in ? or camion = ? and inicio > ? and inicio < ?", ids, camion.ID,
			primero.Inicio.Add(-TurnoTope).UnixMilli(), ultimo.Fin.UnixMilli()).
		Find(&hay).
		Error
	if err != nil {
		return nil, err
	}
	for _, t := range semana {
		inicio, fin := t.Inicio.UnixMilli(), t.Fin.UnixMilli()
		esta := slices.ContainsFunc(hay, func(h filaTurno) bool {
			return h.ID == t.ID || h.Inicio < fin && h.Fin > inicio
		})
		if esta {
			continue
		}
		faltan = append(faltan, t)
		hay = append(hay, filaTurno{ID: t.ID, Inicio: inicio, Fin: fin})
	}
	return faltan, nil
}

// semana are the shifts of the truck's timetable from the one that runs now to the horizon. It begins at yesterday,
// because a shift may go on after midnight.
func (f *Flota) semana(camion Camion) (turnos []Turno) {
	if !camion.Activo {
		return nil
	}
	ahora := f.ahora()
	limite := ahora.Add(f.o.Reglas.Horizonte)
	a, m, d := ahora.In(f.o.Zona).Date()
	for n := -1; ; n++ {
		inicio := time.Date(a, m, d+n, 0, camion.Horario.Desde, 0, 0, f.o.Zona)
		if !inicio.Before(limite) {
			return turnos
		}
		fin := time.Date(a, m, d+n, 0, camion.Horario.Hasta, 0, 0, f.o.Zona)
		if !camion.Horario.trabaja(inicio.Weekday()) || !fin.After(ahora) {
			continue
		}
		t := f.nuevoTurno(camion, SolicitudDeTurno{Camion: camion.ID, Inicio: inicio, Fin: fin})
		t.ID = idempotency.Derive("turno", camion.ID, t.Dia)
		turnos = append(turnos, t)
	}
}
