package flota

import (
	"context"
	"errors"
	"time"

	"despensa/platform/idempotency"

	"gorm.io/gorm"
)

// SolicitudDeTurno is a request for a shift.
type SolicitudDeTurno struct {
	Camion      string
	Inicio, Fin time.Time
	MinutosMax  int64 // 0: as many as the shift is long
	VisitasMax  int64 // 0: Reglas.VisitasMax
}

// CrearTurno adds a shift under the key's id. repetida: an earlier call with the same key has added it. Errors:
// ErrValor, ErrOtroCuerpo, ErrDesconocido (the truck), ErrSuperpuesto.
func (f *Flota) CrearTurno(
	ctx context.Context, solicitudDeTurno SolicitudDeTurno, key idempotency.Key,
) (creado Turno, repetida bool, err error) {
	h, err := escribir(
		ctx,
		f,
		"rutas.turno",
		func(tx *gorm.DB) (hecha[Turno], error) { return f.crearTurno(tx, solicitudDeTurno, key) },
	)
	return h.cosa, h.repetida, err
}

func (f *Flota) crearTurno(
	tx *gorm.DB,
	solicitudDeTurno SolicitudDeTurno,
	key idempotency.Key,
) (hecha[Turno], error) {
	if fila, err := uno[filaTurno](tx.Where("id = ?", key.ID), ErrTurno); !errors.Is(
		err,
		ErrTurno,
	) {
		return repetir(fila.cosa(), fila.Huella == key.Fingerprint, err)
	}
	fila, err := uno[filaCamion](tx.Where("id = ?", solicitudDeTurno.Camion),
		ErrDesconocido.WithField("body.camion_id", "there is no such truck"))
	if err != nil {
		return hecha[Turno]{}, err
	}
	t := f.nuevoTurno(fila.cosa(), solicitudDeTurno)
	t.ID, t.Huella = key.ID, key.Fingerprint
	if err := primerError(t.validar(f.ahora()), solitario(tx, t)); err != nil {
		return hecha[Turno]{}, err
	}
	nueva := filaDeTurno(t)
	anotarTurno(tx, t)
	return hecha[Turno]{cosa: t}, insertar(tx, &nueva)
}

// nuevoTurno is the open, empty shift of truck camion that solicitudDeTurno asks for. It has no id yet.
func (f *Flota) nuevoTurno(camion Camion, solicitudDeTurno SolicitudDeTurno) Turno {
	t := Turno{
		Camion: camion.ID, Deposito: camion.Deposito, Frio: camion.Frio, Activo: camion.Activo,
		Estado: TurnoAbierto, Version: 1, Creado: f.ahora(),
		Capacidad: Capacidad{
			PesoGramos: camion.PesoMaxGramos,
			VolumenML:  camion.VolumenMaxML,
			Minutos:    solicitudDeTurno.MinutosMax,
			Visitas:    solicitudDeTurno.VisitasMax,
		},
	}
	f.fijar(&t, solicitudDeTurno.Inicio, solicitudDeTurno.Fin)
	if solicitudDeTurno.MinutosMax == 0 {
		t.Capacidad.Minutos = int64(t.Fin.Sub(t.Inicio) / time.Minute)
	}
	if solicitudDeTurno.VisitasMax == 0 {
		t.Capacidad.Visitas = int64(f.o.Reglas.VisitasMax)
	}
	return t
}

// fijar sets the span of a shift, its calendar day and the length of its windows.
func (f *Flota) fijar(turno *Turno, inicio, fin time.Time) {
	turno.Inicio = inicio.UTC().
		Truncate(time.Second)
	turno.Fin = fin.UTC().
		Truncate(time.Second)
	turno.Dia = f.dia(turno.Inicio)
	turno.Franja = largoFranja(turno.Fin.Sub(turno.Inicio), f.o.Reglas.Franja)
}

// solitario reports ErrSuperpuesto when the truck of turno has another shift at the same time.
func solitario(tx *gorm.DB, turno Turno) error {
	_, err := uno[filaTurno](
		tx.Where(
			"camion = ? and inicio > ? and inicio < ? and fin > ? and id <> ?",
			turno.Camion,
			turno.Inicio.Add(-TurnoTope).UnixMilli(),
			turno.Fin.UnixMilli(),
			turno.Inicio.UnixMilli(),
			turno.ID,
		),
		ErrTurno,
	)
	return libreSi(err, ErrTurno, ErrSuperpuesto)
}

// CambioDeTurno is an edit of a shift; a nil member stays as it is.
type CambioDeTurno struct {
	Inicio, Fin            *time.Time
	MinutosMax, VisitasMax *int64
}

// CambiarTurno edits an open shift. Errors: ErrTurno, ErrVersion, ErrTurnoCerrado, ErrOcupado, ErrValor,
// ErrSuperpuesto.
func (f *Flota) CambiarTurno(
	ctx context.Context,
	edicion Edicion,
	cambioDeTurno CambioDeTurno,
) (Turno, error) {
	t, err := escribir(ctx, f, "rutas.turno", func(tx *gorm.DB) (Turno, error) {
		t, err := turnoDe(tx, edicion.ID)
		if err := primerError(err, alDia(edicion.Versiones, t.Version)); err != nil {
			return t, err
		}
		if t.Estado != TurnoAbierto {
			return t, ErrTurnoCerrado
		}
		return t, f.cambiarTurno(
			tx,
			&t,
			cambioDeTurno,
			desalojo{flota: f, reprogramar: edicion.Reprogramar},
		)
	})
	if err == nil {
		f.o.Despertar()
	}
	return t, err
}

// cambiarTurno applies the edit to turno in tx. Visits that have no room any more are taken off, or make the edit fail.
// Errors: those of CambiarTurno; errCarrera.
func (f *Flota) cambiarTurno(
	tx *gorm.DB,
	turno *Turno,
	cambioDeTurno CambioDeTurno,
	desalojo desalojo,
) error {
	antes := *turno
	f.aplicar(turno, cambioDeTurno)
	mudado := !turno.Inicio.Equal(antes.Inicio) || !turno.Fin.Equal(antes.Fin)
	estrecha := mudado && turno.Usado.Visitas > 0 || !turno.Usado.en(turno.Capacidad)
	err := primerError(
		desalojo.turno(tx, turno, estrecha),
		desalojo.fin(tx),
		turno.validar(f.ahora()),
		solitario(tx, *turno),
	)
	if err != nil {
		return err
	}
	turno.Version++
	return guardarTurno(tx, turno)
}

// aplicar sets the edited members of turno, and the members that follow from them: its day, its windows and, for a
// shift with its whole length to work, its minutes.
func (f *Flota) aplicar(turno *Turno, cambio CambioDeTurno) {
	inicio, fin := turno.Inicio, turno.Fin
	entera := turno.Capacidad.Minutos == int64(fin.Sub(inicio)/time.Minute)
	if cambio.Inicio != nil {
		inicio = *cambio.Inicio
	}
	if cambio.Fin != nil {
		fin = *cambio.Fin
	}
	if cambio.Inicio != nil || cambio.Fin != nil {
		f.fijar(turno, inicio, fin)
	}
	switch {
	case cambio.MinutosMax != nil:
		turno.Capacidad.Minutos = *cambio.MinutosMax
	case entera: // the minutes of a shift that had its whole length follow the new length
		turno.Capacidad.Minutos = int64(turno.Fin.Sub(turno.Inicio) / time.Minute)
	}
	if cambio.VisitasMax != nil {
		turno.Capacidad.Visitas = *cambio.VisitasMax
	}
}

// Turno reads one shift. Errors: ErrTurno.
func (f *Flota) Turno(ctx context.Context, id string) (Turno, error) {
	return turnoDe(f.db.Read(ctx), id)
}
