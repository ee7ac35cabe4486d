package auditoria

import (
	"context"
	"fmt"
	"time"
)

// Atraso is how far the searchable trail is behind.
type Atraso struct {
	Registros int64         // that have not been sent
	Edad      time.Duration // of the oldest of them
}

// Atraso tells how far behind Destino is.
func (a *Rastro) Atraso(ctx context.Context) (Atraso, error) {
	var x Atraso
	var creado []int64
	sinEnviar := a.db.Leer(ctx).Table("auditoria").Where("enviado is null")
	if err := sinEnviar.Count(&x.Registros).Error; err != nil || x.Registros == 0 {
		return x, wrap(err)
	}
	// The oldest has the lowest number; what has none yet is younger.
	for _, q := range []struct{ donde, orden string }{{"enviado is null and numero is not null", "numero"}, {"numero is null", "id"}} {
		err := a.db.Leer(ctx).Table("auditoria").Where(q.donde).Order(q.orden).Limit(1).Pluck("creado", &creado).Error
		if err != nil {
			return x, wrap(err)
		}
		if len(creado) > 0 {
			break
		}
	}
	if len(creado) > 0 {
		x.Edad = max(0, a.ahora().Sub(time.UnixMilli(creado[0])))
	}
	return x, nil
}

func wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("auditoria: backlog: %w", err)
}
