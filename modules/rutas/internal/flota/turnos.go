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
	ctx context.Context, p SolicitudDeTurno, l idempotency.Key,
) (creado Turno, repetida bool, err error) {
	h, err := escribir(ctx, f, "rutas.turno", func(tx *gorm.DB) (hecha[Turno], error) { return f.crearTurno(tx, p, l) })
	return h.cosa, h.repetida, err
}

func (f *Flota) crearTurno(tx *gorm.DB, p SolicitudDeTurno, l idempotency.Key) (hecha[Turno], error) {
	if fila, err := uno[filaTurno](tx.Where("id = ?", l.ID), ErrTurno); !errors.Is(err, ErrTurno) {
		return repetir(fila.cosa(), fila.Huella == l.Fingerprint, err)
	}
	fila, err := uno[filaCamion](tx.Where("id = ?", p.Camion),
		ErrDesconocido.WithField("body.camion_id", "there is no such truck"))
	if err != nil {
		return hecha[Turno]{}, err
	}
	t := f.nuevoTurno(fila.cosa(), p)
	t.ID, t.Huella = l.ID, l.Fingerprint
	if err := primerError(t.validar(f.ahora()), solitario(tx, t)); err != nil {
		return hecha[Turno]{}, err
	}
	nueva := filaDeTurno(t)
	anotarTurno(tx, t)
	return hecha[Turno]{cosa: t}, insertar(tx, &nueva)
}

// nuevoTurno is the open, empty shift of truck c that p asks for. It has no id yet.
func (f *Flota) nuevoTurno(c Camion, p SolicitudDeTurno) Turno {
	t := Turno{
		Camion: c.ID, Deposito: c.Deposito, Frio: c.Frio, Activo: c.Activo,
		Estado: TurnoAbierto, Version: 1, Creado: f.ahora(),
		Capacidad: Capacidad{
			PesoGramos: c.PesoMaxGramos, VolumenML: c.VolumenMaxML, Minutos: p.MinutosMax, Visitas: p.VisitasMax,
		},
	}
	f.fijar(&t, p.Inicio, p.Fin)
	if p.MinutosMax == 0 {
		t.Capacidad.Minutos = int64(t.Fin.Sub(t.Inicio) / time.Minute)
	}
	if p.VisitasMax == 0 {
		t.Capacidad.Visitas = int64(f.o.Reglas.VisitasMax)
	}
	return t
}

// fijar sets the span of a shift, its calendar day and the length of its windows.
func (f *Flota) fijar(t *Turno, inicio, fin time.Time) {
	t.Inicio, t.Fin = inicio.UTC().Truncate(time.Second), fin.UTC().Truncate(time.Second)
	t.Dia, t.Franja = f.dia(t.Inicio), largoFranja(t.Fin.Sub(t.Inicio), f.o.Reglas.Franja)
}

// solitario reports ErrSuperpuesto when the truck of t has another shift at the same time.
func solitario(tx *gorm.DB, t Turno) error {
	_, err := uno[filaTurno](tx.Where("camion = ? and inicio > ? and inicio < ? and fin > ? and id <> ?",
		t.Camion, t.Inicio.Add(-TurnoTope).UnixMilli(), t.Fin.UnixMilli(), t.Inicio.UnixMilli(), t.ID), ErrTurno)
	return libreSi(err, ErrTurno, ErrSuperpuesto)
}

// CambioDeTurno is an edit of a shift; a nil member stays as it is.
type CambioDeTurno struct {
	Inicio, Fin            *time.Time
	MinutosMax, VisitasMax *int64
}

// CambiarTurno edits an open shift. Errors: ErrTurno, ErrVersion, ErrTurnoCerrado, ErrOcupado, ErrValor,
// ErrSuperpuesto.
func (f *Flota) CambiarTurno(ctx context.Context, e Edicion, c CambioDeTurno) (Turno, error) {
	t, err := escribir(ctx, f, "rutas.turno", func(tx *gorm.DB) (Turno, error) {
		t, err := turnoDe(tx, e.ID)
		if err := primerError(err, alDia(e.Versiones, t.Version)); err != nil {
			return t, err
		}
		if t.Estado != TurnoAbierto {
			return t, ErrTurnoCerrado
		}
		return t, f.cambiarTurno(tx, &t, c, desalojo{flota: f, reprogramar: e.Reprogramar})
	})
	if err == nil {
		f.o.Despertar()
	}
	return t, err
}

// cambiarTurno applies the edit to t in tx. Visits that have no room any more are taken off, or make the edit fail.
// Errors: those of CambiarTurno; errCarrera.
func (f *Flota) cambiarTurno(tx *gorm.DB, t *Turno, c CambioDeTurno, d desalojo) error {
	antes := *t
	f.aplicar(t, c)
	mudado := !t.Inicio.Equal(antes.Inicio) || !t.Fin.Equal(antes.Fin)
	estrecha := mudado && t.Usado.Visitas > 0 || !t.Usado.en(t.Capacidad)
	if err := primerError(d.turno(tx, t, estrecha), d.fin(tx), t.validar(f.ahora()), solitario(tx, *t)); err != nil {
		return err
	}
	t.Version++
	return guardarTurno(tx, t)
}

// aplicar sets the edited members of t, and the members that follow from them: its day, its windows and, for a shift
// with its whole length to work, its minutes.
func (f *Flota) aplicar(t *Turno, cambio CambioDeTurno) {
	inicio, fin := t.Inicio, t.Fin
	entera := t.Capacidad.Minutos == int64(fin.Sub(inicio)/time.Minute)
	if cambio.Inicio != nil {
		inicio = *cambio.Inicio
	}
	if cambio.Fin != nil {
		fin = *cambio.Fin
	}
	if cambio.Inicio != nil || cambio.Fin != nil {
		f.fijar(t, inicio, fin)
	}
	switch {
	case cambio.MinutosMax != nil:
		t.Capacidad.Minutos = *cambio.MinutosMax
	case entera: // the minutes of a shift that had its whole length follow the new length
		t.Capacidad.Minutos = int64(t.Fin.Sub(t.Inicio) / time.Minute)
	}
	if cambio.VisitasMax != nil {
		t.Capacidad.Visitas = *cambio.VisitasMax
	}
}

// Turno reads one shift. Errors: ErrTurno.
func (f *Flota) Turno(ctx context.Context, id string) (Turno, error) {
	return turnoDe(f.db.Read(ctx), id)
}
