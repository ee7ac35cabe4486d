package auditoria

import (
	"context"
	"fmt"
	"time"

	"despensa/platform/sqldb"
)

// Atraso is the backlog of the searchable trail: the records that have not been sent to it.
type Atraso struct {
	Registros int64         // that have not been sent
	Edad      time.Duration // of the oldest of them
}

// Atraso counts the records that have not been sent to Buscador.
func (a *Rastro) Atraso(ctx context.Context) (Atraso, error) {
	var x Atraso
	sinEnviar := a.db.Read(ctx).
		Table("auditoria").
		Where("enviado is null and (numero is null or numero > 0)")
	if err := sinEnviar.Count(&x.Registros).Error; err != nil || x.Registros == 0 {
		return x, wrap(err)
	}
	// The oldest record has the lowest number. Records without a number are younger than all others.
	for _, q := range []struct{ donde, orden string }{
		{"enviado is null and numero > 0", "numero"},
		{"numero is null", "id"},
	} {
		fs, _, err := sqldb.Readable[creada](
			a.db.Read(ctx).Where(q.donde).Order(q.orden).Limit(1),
		)
		if err != nil {
			return x, wrap(err)
		}
		if len(fs) > 0 {
			x.Edad = max(0, a.ahora().Sub(time.UnixMilli(fs[0].Creado)))
			break
		}
	}
	return x, nil
}

// creada is when a row was made.
type creada struct{ Creado int64 }

// TableName is for gorm.
func (creada) TableName() string { return "auditoria" }

func wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("auditoria: backlog: %w", err)
}
