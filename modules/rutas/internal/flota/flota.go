// Package flota keeps depots, trucks, shifts and visits, and the room in trucks: its
// rules (joblease.go, visita.go, camion.go) and its tables.
package flota

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"despensa/modules/rutas"
	"despensa/platform/guard"
	"despensa/platform/seal"
	"despensa/platform/sqldb"

	"gorm.io/gorm"
)

// Viajes tells travel times. Errors: rutas.ErrFueraDeArea.
type Viajes interface {
	Viaje(desde, hasta rutas.Punto) (time.Duration, error)
}

// Reglas are the company's figures.
type Reglas struct {
	Horizonte time.Duration // how far ahead room is booked
	Franja    time.Duration // length of a delivery window
	Servicio  time.Duration // time at a door
	// ViajeCompartido is the part, in percent, of the way there and back that one visit
	// is charged with; the rest is shared with its neighbours on the same run.
	ViajeCompartido int
	ViajeMax        time.Duration // farther than this a depot does not reach
	Candidatos      int           // shifts with room that one booking looks at
	VisitasMax      int           // of a shift that does not say otherwise
	Lapida          time.Duration // how long a tombstone is kept
	Clave           time.Duration // how long the key of an action is kept
	Olvido          time.Duration // after its end a visit's place is forgotten
	SalidaAntes     time.Duration // how long before its shift a truck leaves without naming it
	RegresoMax      time.Duration // how long after its shift a run without all outcomes is still under way
}

// Opciones of a Flota.
type Opciones struct {
	DB     *sqldb.DB
	Viajes Viajes
	Ahora  func() time.Time
	Zona   *time.Location // of the calendar days
	Reglas Reglas
	// Despertar is called after something was put into the outbox. May be nil.
	Despertar func()
	// AntesDeSalir is told which orders a truck is about to take along; it returns when they have been looked at, and
	// may free visits meanwhile. Nil: nobody looks.
	AntesDeSalir func(ctx context.Context, pedidos []string)
	// Palabras seals the drivers' own words as they are stored.
	Palabras seal.Port
	Log      *slog.Logger // nil: the default one
	// Guard catches the panics of rows; its zero value logs them.
	Guard guard.Guard
	// Fallidas is told how many rows of a round failed; nil: nothing counts.
	Fallidas func(ronda string, n int)
}

// Flota is the store with its rules. Safe for concurrent use.
type Flota struct {
	db      *sqldb.DB
	o       Opciones
	agendas *agendas
}

var _ rutas.Servicio = (*Flota)(nil)

// Nueva makes a Flota.
func Nueva(o Opciones) *Flota {
	if o.Despertar == nil {
		o.Despertar = func() {}
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Flota{db: o.DB, o: o, agendas: nuevasAgendas(o.DB != nil && o.DB.Compartida())}
}

func (f *Flota) ahora() time.Time { return f.o.Ahora().UTC().Truncate(time.Millisecond) }

// carreras is how often an effect that lost a race is tried.
const carreras = 8

// escribir runs one effect and hands its result over once it is durable.
func escribir[T any](ctx context.Context, f *Flota, nombre string, efecto func(tx *gorm.DB) (T, error)) (T, error) {
	var cero T
	for range carreras {
		v, err := intentar(ctx, f, f.db.Escribir, nombre, efecto)
		switch {
		case err == nil:
			return v, nil
		case !errors.Is(err, errCarrera):
			return cero, err
		}
	}
	return cero, fmt.Errorf("%s: %w", nombre, errCarrera)
}

// escritor is sqldb's Escribir, or EscribirSola for an effect of one statement.
type escritor func(ctx context.Context, nombre string, efecto func(tx *gorm.DB) error) error

// escritor is how an effect is written that is one statement on a server.
func (f *Flota) escritor() escritor {
	if f.db.Compartida() {
		return f.db.EscribirSola
	}
	return f.db.Escribir
}

// intentar is one try of escribir by e. Errors: efecto's; errCarrera.
func intentar[T any](ctx context.Context, f *Flota, e escritor, nombre string,
	efecto func(tx *gorm.DB) (T, error)) (v T, err error) {
	var c anotaciones
	err = e(ctx, nombre, func(tx *gorm.DB) (err error) {
		v, err = efecto(c.anotando(tx))
		return err
	})
	f.agendas.asentar(&c, err)
	return v, err
}

// uno reads the one row that q asks for; falta when there is none.
func uno[F any](q *gorm.DB, falta error) (F, error) {
	fila, hay, err := sqldb.One[F](q)
	switch {
	case err != nil:
		return fila, sqldb.Redact(err)
	case !hay:
		return fila, falta
	}
	return fila, nil
}

// sanas reads the rows that q selects, without those that cannot be read: one of them costs no other.
func sanas[F any](q *gorm.DB) ([]F, error) {
	filas, _, err := sqldb.Readable[F](q)
	return filas, err
}

// llena reads a page of up to limite rows that can be read.
func llena[F any](ctx context.Context, limite int, hoja func(limite int) *gorm.DB) ([]F, error) {
	filas, _, err := sqldb.Fill(ctx, limite, func(n int) ([]F, int, error) {
		filas, rotas, err := sqldb.Readable[F](hoja(n))
		return filas, len(rotas), err
	})
	return filas, err
}

// solo turns the answer of a guarded write of one row into an error.
func solo(r *gorm.DB, falta error) error {
	if r.Error == nil && r.RowsAffected != 1 {
		return falta
	}
	return r.Error
}

// guardarTurno writes a shift whose room or state has changed since it was read.
func guardarTurno(tx *gorm.DB, t *Turno) error {
	leida := t.revision
	t.revision++
	f := filaDeTurno(*t)
	anotarTurno(tx, *t)
	return solo(tx.Where("id = ? and revision = ?", t.ID, leida).Select("*").Omit("id").Updates(&f), errCarrera)
}

// guardarVisita writes a visit that has changed since it was read.
func guardarVisita(tx *gorm.DB, v *Visita) error {
	leida := v.Version
	v.Version++
	f := filaDeVisita(*v)
	return solo(tx.Where("id = ? and version = ?", v.ID, leida).Select("*").Omit("id").Updates(&f), errCarrera)
}

// columnasVisita by name: a later release may have more.
const columnasVisita = "visitas.id, visitas.pedido, visitas.intento, visitas.numero, visitas.cliente, " +
	"visitas.turno, visitas.camion, visitas.deposito, " +
	"visitas.dia, visitas.estado, visitas.lat, visitas.lon, visitas.peso, visitas.volumen, " +
	"visitas.minutos, visitas.frio, visitas.tramo, " +
	"visitas.desde, visitas.hasta, visitas.salida, visitas.llegada, visitas.fin, " +
	"visitas.motivo, visitas.version, visitas.creado"

// conPatente reads visits together with the plate and the driver of their truck and the span of their shift.
func conPatente(tx *gorm.DB) *gorm.DB {
	return tx.Model(&filaVisita{}).
		Select(columnasVisita + ", camiones.patente, camiones.repartidor, turnos.inicio as comienza, turnos.fin as termina").
		Joins("join camiones on camiones.id = visitas.camion").
		Joins("join turnos on turnos.id = visitas.turno")
}
