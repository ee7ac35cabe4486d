package store

import (
	"context"
	"time"

	"despensa/platform/outbox"
	"despensa/platform/sqldb"

	"gorm.io/gorm"
)

// apartada is a due time that never comes: of a row that was set aside because it cannot be read.
const apartada int64 = sqldb.SetAside

// Aplazar implements cobros.Store. Nothing is read, so that it works on any row.
func (s *Store) Aplazar(ctx context.Context, id string, hasta time.Time) error {
	return s.debe(ctx, "pagos.aplazo", id, hasta.UnixMilli())
}

// Apartar implements cobros.Store.
func (s *Store) Apartar(ctx context.Context, id string) error {
	return s.debe(ctx, "pagos.apartado", id, apartada)
}

func (s *Store) debe(ctx context.Context, nombre, id string, debe int64) error {
	return s.db.Write(ctx, nombre, func(tx *gorm.DB) error {
		return tx.Exec("update cobros set debe = ? where id = ?", debe, id).Error
	})
}

// retirar sets notices aside that cannot be read.
func (s *Store) retirar(ctx context.Context, rotos []sqldb.Row) error {
	if len(rotos) == 0 {
		return nil
	}
	return s.db.Write(ctx, "pagos.aviso_apartado", func(tx *gorm.DB) error {
		for _, r := range rotos {
			err := tx.Exec("update inbox set debe = ? where "+esteWebhook,
				apartada, r["proveedor"], r["dato"], r["solicitud"]).Error
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Apartados tells how many payments, notices of providers and notices to the other modules were set aside.
func (s *Store) Apartados(ctx context.Context) (cobros, avisos, salientes int64, err error) {
	if err = s.db.Read(ctx).Model(&filaCobro{}).Where("debe = ?", apartada).Count(&cobros).Error; err != nil {
		return 0, 0, 0, fallo(err)
	}
	if err = s.db.Read(ctx).Model(&filaWebhook{}).Where("debe = ?", apartada).Count(&avisos).Error; err != nil {
		return 0, 0, 0, fallo(err)
	}
	salientes, err = outbox.CountSetAside(ctx, s.db)
	return cobros, avisos, salientes, err
}

// Retomar makes every row due that was set aside: payments, and notices from the providers and to the other modules.
// It returns the number of rows.
func (s *Store) Retomar(ctx context.Context, ahora time.Time) (n int64, err error) {
	err = s.db.Write(ctx, "pagos.retomados", func(tx *gorm.DB) error {
		n = 0
		for _, tabla := range []string{"cobros", "inbox"} {
			q := tx.Exec(
				"update "+tabla+" set debe = ? where debe = ?",
				ahora.UnixMilli(),
				apartada,
			)
			if q.Error != nil {
				return q.Error
			}
			n += q.RowsAffected
		}
		return nil
	})
	if err != nil {
		return 0, fallo(err)
	}
	salientes, err := outbox.Resume(ctx, s.db)
	return n + salientes, err
}
