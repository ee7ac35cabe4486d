// Package flota keeps depots, trucks, shifts and visits, and the room in trucks: its rules (turno.go, visita.go,
// camion.go) and its tables.
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

// Viajes gives the travel time between two places.
type Viajes interface {
	// Viaje gives the shortest time by truck. Errors: rutas.ErrFueraDeArea when a place is far from every street.
	Viaje(desde, hasta rutas.Punto) (time.Duration, error)
}

// Reglas are the company's figures, from the section rutas of the configuration.
type Reglas struct {
	Horizonte time.Duration // how far ahead room is booked
	Franja    time.Duration // length of a delivery window
	Servicio  time.Duration // time at a door
	// ViajeCompartido is the part, in percent, of the way there and back that counts as work of one visit; the rest is
	// shared with the other visits of the same run.
	ViajeCompartido int
	ViajeMax        time.Duration // longest travel time from a depot to a door
	Candidatos      int           // how many shifts with room one booking looks at
	VisitasMax      int           // visits of a shift that is made without a number of visits
	Lapida          time.Duration // how long a tombstone is kept
	Clave           time.Duration // how long the key of an action is kept
	Olvido          time.Duration // how long after the end of a visit its place is kept
	SalidaAntes     time.Duration // how long before a shift a truck may leave without naming it
	RegresoMax      time.Duration // how long after the end of a shift its run counts as under way
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
	// AntesDeSalir is called with the ids of the orders that a truck is about to take along. pedidos looks at each order
	// and may free its visits before it returns. Nil: no call.
	AntesDeSalir func(ctx context.Context, pedidos []string)
	// Palabras seals the reasons that drivers write, before they are stored.
	Palabras seal.Port
	Log      *slog.Logger // nil: the default one
	// Guard catches a panic that the work on one row of a round raises; its zero value logs the panic.
	Guard guard.Guard
	// Fallidas counts how many rows of a round failed. Nil: they are not counted.
	Fallidas func(ronda string, n int)
}

// Flota is the store of depots, trucks, shifts and visits, with its rules. Safe for concurrent use.
type Flota struct {
	db      *sqldb.DB
	o       Opciones
	agendas *agendas
}

var _ rutas.Servicio = (*Flota)(nil)

// New makes a Flota over opciones.DB, and fills in the defaults of o.
func New(opciones Opciones) *Flota {
	if opciones.Despertar == nil {
		opciones.Despertar = func() {}
	}
	if opciones.Log == nil {
		opciones.Log = slog.Default()
	}
	return &Flota{
		db:      opciones.DB,
		o:       opciones,
		agendas: nuevasAgendas(opciones.DB != nil && opciones.DB.Shared()),
	}
}

// ahora is the present time, in whole milliseconds as the store keeps it.
func (f *Flota) ahora() time.Time { return f.o.Ahora().UTC().Truncate(time.Millisecond) }

// carreras is how many times escribir tries an effect that loses races.
const carreras = 8

// escribir runs one effect in a transaction, and returns its result after the commit. An effect that lost a race is
// tried again. Errors: those of efecto; errCarrera after carreras tries.
func escribir[T any](
	ctx context.Context,
	flota *Flota,
	nombre string,
	efecto func(tx *gorm.DB) (T, error),
) (T, error) {
	var cero T
	for range carreras {
		v, err := intentar(ctx, flota, flota.db.Write, nombre, efecto)
		switch {
		case err == nil:
			return v, nil
		case !errors.Is(err, errCarrera):
			return cero, err
		}
	}
	return cero, fmt.Errorf("%s: %w", nombre, errCarrera)
}

// escritor is sqldb.DB's Write, or its WriteSingle for an effect of one statement.
type escritor func(ctx context.Context, nombre string, efecto func(tx *gorm.DB) error) error

// escritor gives the writer of an effect that is one statement on PostgreSQL and several on SQLite.
func (f *Flota) escritor() escritor {
	if f.db.Shared() {
		return f.db.WriteSingle
	}
	return f.db.Write
}

// intentar runs efecto once through e, and brings the agendas up to date with its outcome. Errors: those of efecto;
// errCarrera.
func intentar[T any](ctx context.Context, flota *Flota, escritor escritor, nombre string,
	efecto func(tx *gorm.DB) (T, error)) (v T, err error) {
	var c anotaciones
	err = escritor(ctx, nombre, func(tx *gorm.DB) (err error) {
		v, err = efecto(c.anotando(tx))
		return err
	})
	flota.agendas.asentar(&c, err)
	return v, err
}

// uno reads the one row that q selects. Errors: falta when there is none.
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

// sanas reads the rows that q selects and leaves out those that cannot be read.
func sanas[F any](q *gorm.DB) ([]F, error) {
	filas, _, err := sqldb.Readable[F](q)
	return filas, err
}

// llena reads a page of up to limite rows that can be read; hoja selects the first rows of the page.
func llena[F any](
	ctx context.Context,
	limite int,
	hoja func(limite int) *gorm.DB,
) ([]F, error) {
	filas, _, err := sqldb.Fill(ctx, limite, func(n int) ([]F, int, error) {
		filas, rotas, err := sqldb.Readable[F](hoja(n))
		return filas, len(rotas), err
	})
	return filas, err
}

// solo reports falta when a write guarded by a version has changed no row.
func solo(r *gorm.DB, falta error) error {
	if r.Error == nil && r.RowsAffected != 1 {
		return falta
	}
	return r.Error
}

// guardarTurno stores a shift after its room or state has changed. Errors: errCarrera when the row has changed
// since turno was read.
func guardarTurno(tx *gorm.DB, turno *Turno) error {
	leida := turno.revision
	turno.revision++
	f := filaDeTurno(*turno)
	anotarTurno(tx, *turno)
	return solo(
		tx.Where("id = ? and revision = ?", turno.ID, leida).Select("*").Omit("id").Updates(&f),
		errCarrera,
	)
}

// guardarVisita stores a visit after its state has changed. Errors: errCarrera when the row has changed since
// visita was read.
func guardarVisita(tx *gorm.DB, visita *Visita) error {
	leida := visita.Version
	visita.Version++
	f := filaDeVisita(*visita)
	return solo(
		tx.Where("id = ? and version = ?", visita.ID, leida).Select("*").Omit("id").Updates(&f),
		errCarrera,
	)
}

// columnasVisita names every column that this release reads: the table of a later release may have more.
const columnasVisita = "visitas.id, visitas.pedido, visitas.intento, visitas.numero, visitas.cliente, " +
	"visitas.turno, visitas.camion, visitas.deposito, visitas.dia, visitas.estado, visitas.lat, visitas.lon, " +
	"visitas.peso, visitas.volumen, visitas.minutos, visitas.frio, visitas.tramo, visitas.desde, visitas.hasta, " +
	"visitas.salida, visitas.llegada, visitas.fin, visitas.motivo, visitas.version, visitas.creado"

// conPatente selects visits joined with the plate and the driver of their truck and the span of their shift.
func conPatente(tx *gorm.DB) *gorm.DB {
	return tx.Model(&filaVisita{}).
		Select(columnasVisita + ", camiones.patente, camiones.repartidor, turnos.inicio as comienza, turnos.fin as termina").
		Joins("join camiones on camiones.id = visitas.camion").
		Joins("join turnos on turnos.id = visitas.turno")
}
