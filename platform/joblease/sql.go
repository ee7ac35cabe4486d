package joblease

import (
	"context"
	"time"

	"despensa/platform/skew"
	"despensa/platform/sqldb"
)

// De is where the turns of a schema are written down: in its table trabajos (nombre, quien,
// hasta) when other processes may use it too. Nil for a file: whoever has its folder's
// lock has every turn.
func De(db *sqldb.DB) Registry {
	if !db.Compartida() {
		return nil
	}
	return EnSQL(db)
}

// EnSQL keeps turns in the table trabajos of a schema.
func EnSQL(db *sqldb.DB) Registry { return tabla{db} }

type tabla struct{ db *sqldb.DB }

// filaTurno is one job.
type filaTurno struct {
	Nombre string
	Quien  string
	Hasta  int64 // Unix milliseconds
}

// TableName is gorm's.
func (filaTurno) TableName() string { return "trabajos" }

const sqlTomar = `insert into trabajos (nombre, quien, hasta) values (?, ?, ?)
on conflict (nombre) do update set quien = excluded.quien, hasta = excluded.hasta
where trabajos.quien = excluded.quien or trabajos.hasta <= ? or trabajos.hasta > ?`

// Tomar is Registry's. A look without a lock comes first, so that waiting costs no write.
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

// ajeno is until when the job is another's; zero when it may be taken.
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

// Soltar is Registry's.
func (x tabla) Soltar(ctx context.Context, nombre, quien string) error {
	_, err := x.db.EscribirUna(ctx, "turno.soltar", "delete from trabajos where nombre = ? and quien = ?", nombre, quien)
	return err
}
