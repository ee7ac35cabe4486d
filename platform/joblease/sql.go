package joblease

import (
	"context"
	"time"

	"despensa/platform/skew"
	"despensa/platform/sqldb"
)

// De gives the Registry in the schema db: its table trabajos (nombre, quien, hasta). It gives nil for a file, because
// the process that holds the lock of the file's folder is the only one, and needs no leases.
func De(db *sqldb.DB) Registry {
	if !db.Compartida() {
		return nil
	}
	return EnSQL(db)
}

// EnSQL gives the Registry in the table trabajos of the schema db.
func EnSQL(db *sqldb.DB) Registry { return tabla{db} }

// tabla is the Registry in the table trabajos.
type tabla struct{ db *sqldb.DB }

// filaTurno is a row of trabajos: the lease of one job.
type filaTurno struct {
	Nombre string // of the job
	Quien  string // id of the process that holds the lease
	Hasta  int64  // end of the lease, Unix milliseconds
}

// TableName implements gorm's Tabler.
func (filaTurno) TableName() string { return "trabajos" }

const sqlTomar = `insert into trabajos (nombre, quien, hasta) values (?, ?, ?)
on conflict (nombre) do update set quien = excluded.quien, hasta = excluded.hasta
where trabajos.quien = excluded.quien or trabajos.hasta <= ? or trabajos.hasta > ?`

// Tomar implements Registry. It reads the lease first, so that a process that waits makes no writes.
func (x tabla) Tomar(ctx context.Context, nombre, quien string, ahora, hasta time.Time) (time.Time, error) {
	for {
		libre, err := x.ajeno(ctx, nombre, quien, ahora)
		if err != nil || !libre.IsZero() {
			return libre, err
		}
		n, err := x.db.EscribirUna(ctx, "turno.tomar", sqlTomar,
			nombre, quien, hasta.UnixMilli(), ahora.UnixMilli(), skew.LeaseLimit(ahora).UnixMilli())
		if err != nil || n == 1 {
			return time.Time{}, err
		}
	}
}

// ajeno is the end of another process's lease of the job nombre; zero when quien may take the lease.
func (x tabla) ajeno(ctx context.Context, nombre, quien string, ahora time.Time) (time.Time, error) {
	fila, hay, err := sqldb.One[filaTurno](x.db.Leer(ctx).Where("nombre = ?", nombre))
	if err != nil || !hay || fila.Quien == quien {
		return time.Time{}, err
	}
	if hasta := time.UnixMilli(fila.Hasta).UTC(); Running(hasta, ahora) {
		return hasta, nil
	}
	return time.Time{}, nil
}

// Soltar implements Registry.
func (x tabla) Soltar(ctx context.Context, nombre, quien string) error {
	_, err := x.db.EscribirUna(ctx, "turno.soltar", "delete from trabajos where nombre = ? and quien = ?", nombre, quien)
	return err
}
