package auditoria

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// porBorrado is the largest number of rows that one write removes.
const porBorrado = 1000

// Limpiar removes from the schema clientes the rows that were sent more than Guarda ago, and from Buscador the indices
// that have no record younger than Retencion.
func (r *Relevo) Limpiar(ctx context.Context) error {
	ahora := r.Rastro.ahora()
	for {
		n, err := r.Rastro.soltar(ctx, ahora.Add(-r.Guarda))
		if err != nil {
			return err
		}
		if n < porBorrado {
			break
		}
	}
	if r.Retencion == 0 {
		return nil
	}
	return r.borrarIndices(ctx, ahora)
}

// soltar removes rows that were sent before antes.
func (a *Rastro) soltar(ctx context.Context, antes time.Time) (int, error) {
	var ids []string
	err := a.db.Read(ctx).
		Model(&fila{}).
		Where("enviado < ?", antes.UnixMilli()).
		Limit(porBorrado).
		Pluck("id", &ids).
		Error
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	err = a.db.Write(ctx, "clientes.auditoria.soltar", func(tx *gorm.DB) error {
		return tx.Where("id in ? and enviado is not null", ids).Delete(&fila{}).Error
	})
	return len(ids), err
}

// borrarIndices removes the indices at the beginning of the chain that are old enough and were sent whole; the last
// index stays. Before each removal it marks the index as removed. A removal that failed after its mark is made again
// in the next round.
func (r *Relevo) borrarIndices(ctx context.Context, ahora time.Time) error {
	var todos []filaIndice
	if err := r.Rastro.db.Read(ctx).Order("orden").Find(&todos).Error; err != nil {
		return fmt.Errorf("auditoria: indices: %w", err)
	}
	antes := ahora.Add(-r.Retencion).UnixMilli()
	for k, i := range todos {
		if k == len(todos)-1 || i.Ultimo >= antes {
			return nil
		}
		pendientes, err := desdeNumero(ctx, r.Rastro.db, i.Desde, 1, true)
		if err != nil {
			return err
		}
		if len(pendientes) > 0 && pendientes[0].Numero <= i.Hasta {
			return nil
		}
		if err := r.borrarIndice(ctx, i, ahora); err != nil {
			return err
		}
	}
	return nil
}

// recordado is how long the removal of a marked index is repeated, in case the process died between the mark and the
// removal.
const recordado = 24 * time.Hour

func (r *Relevo) borrarIndice(
	ctx context.Context,
	filaIndice filaIndice,
	ahora time.Time,
) error {
	if filaIndice.Borrado != nil && ahora.Sub(time.UnixMilli(*filaIndice.Borrado)) > recordado {
		return nil
	}
	if filaIndice.Borrado == nil {
		err := r.Rastro.db.Write(ctx, "clientes.auditoria.borrar", func(tx *gorm.DB) error {
			return tx.Exec(
				"update auditoria_indices set borrado = ? where indice = ? and borrado is null",
				ahora.UnixMilli(),
				filaIndice.Indice,
			).Error
		})
		if err != nil {
			return fmt.Errorf("auditoria: note what is removed: %w", err)
		}
	}
	return r.Buscador.Borrar(ctx, filaIndice.Indice)
}
