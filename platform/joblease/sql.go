package joblease

import (
	"context"
	"time"

	"despensa/platform/skew"
	"despensa/platform/sqldb"
)

// For gives the Registry in the schema db: its table trabajos (nombre, quien, hasta). It gives nil for a file, because
// the process that holds the lock of the file's folder is the only one, and needs no leases.
func For(db *sqldb.DB) Registry {
	if !db.Shared() {
		return nil
	}
	return InSQL(db)
}

// InSQL gives the Registry in the table trabajos of the schema db.
func InSQL(db *sqldb.DB) Registry { return table{db} }

// table is the Registry in the table trabajos.
type table struct{ db *sqldb.DB }

// leaseRow is a row of trabajos: the lease of one job.
type leaseRow struct {
	Nombre string // of the job
	Quien  string // id of the process that holds the lease
	Hasta  int64  // end of the lease, Unix milliseconds
}

// TableName implements gorm's Tabler.
func (leaseRow) TableName() string { return "trabajos" }

const takeSQL = `insert into trabajos (nombre, quien, hasta) values (?, ?, ?)
on conflict (nombre) do update set quien = excluded.quien, hasta = excluded.hasta
where trabajos.quien = excluded.quien or trabajos.hasta <= ? or trabajos.hasta > ?`

// Take implements Registry. It reads the lease first, so that a process that waits makes no writes.
func (x table) Take(
	ctx context.Context,
	nombre, quien string,
	ahora, hasta time.Time,
) (time.Time, error) {
	for {
		libre, err := x.heldUntil(ctx, nombre, quien, ahora)
		if err != nil || !libre.IsZero() {
			return libre, err
		}
		n, err := x.db.WriteStatement(
			ctx,
			"turno.tomar",
			takeSQL,
			nombre,
			quien,
			hasta.UnixMilli(),
			ahora.UnixMilli(),
			skew.LeaseLimit(ahora).UnixMilli(),
		)
		if err != nil || n == 1 {
			return time.Time{}, err
		}
	}
}

// heldUntil is the end of another process's lease of the job nombre; zero when quien may take the lease.
func (x table) heldUntil(
	ctx context.Context,
	nombre, quien string,
	ahora time.Time,
) (time.Time, error) {
	fila, hay, err := sqldb.One[leaseRow](x.db.Read(ctx).Where("nombre = ?", nombre))
	if err != nil || !hay || fila.Quien == quien {
		return time.Time{}, err
	}
	if hasta := time.UnixMilli(fila.Hasta).UTC(); Running(hasta, ahora) {
		return hasta, nil
	}
	return time.Time{}, nil
}

// Release implements Registry.
func (x table) Release(ctx context.Context, nombre, quien string) error {
	_, err := x.db.WriteStatement(
		ctx,
		"turno.soltar",
		"delete from trabajos where nombre = ? and quien = ?",
		nombre,
		quien,
	)
	return err
}
