package store

import (
	"context"
	"fmt"
	"time"

	"despensa/modules/pagos/internal/cobros"
	"despensa/platform/sqldb"

	"gorm.io/gorm"
)

const esteAviso = "proveedor = ? and dato = ? and solicitud = ?"

const avisoNuevo = "insert into inbox (proveedor, dato, solicitud, recibido, debe, intentos)" +
	" values (?, ?, ?, ?, ?, ?) on conflict do nothing"

// Recibir is cobros.Bandeja's. A repetition writes nothing.
func (s *Store) Recibir(ctx context.Context, a cobros.Aviso) (bool, error) {
	var nuevo bool
	err := s.db.Escribir(ctx, "pagos.aviso", func(tx *gorm.DB) error {
		r := tx.Exec(avisoNuevo, a.Proveedor, a.Dato, a.Solicitud, a.Recibido.UnixMilli(), nulo(a.Debe), a.Intentos)
		if r.Error != nil {
			return fmt.Errorf("pagos: store: %w", r.Error)
		}
		nuevo = r.RowsAffected == 1
		return nil
	})
	return err == nil && nuevo, err
}

// Pendientes is cobros.Bandeja's.
func (s *Store) Pendientes(ctx context.Context, ahora, lejos time.Time, n int) ([]cobros.Aviso, error) {
	fs, rotos, err := sqldb.Readable[filaAviso](s.db.Leer(ctx).Raw(avisosDebidos, argumentos(ahora, lejos, n)...))
	if err == nil {
		err = s.retirar(ctx, rotos)
	}
	if err != nil {
		return nil, fmt.Errorf("pagos: store: %w", err)
	}
	var out []cobros.Aviso
	for _, f := range fs {
		out = append(out, cobros.Aviso{Proveedor: f.Proveedor, Dato: f.Dato, Solicitud: f.Solicitud,
			Recibido: time.UnixMilli(f.Recibido).UTC(), Debe: tiempo(f.Debe), Intentos: f.Intentos})
	}
	return out, nil
}

// Asentar is cobros.Bandeja's.
func (s *Store) Asentar(ctx context.Context, as []cobros.Aviso) error {
	return s.db.Escribir(ctx, "pagos.avisos", func(tx *gorm.DB) error {
		for _, a := range as {
			err := tx.Exec("update inbox set recibido = ?, debe = ?, intentos = ? where "+esteAviso,
				a.Recibido.UnixMilli(), nulo(a.Debe), a.Intentos, a.Proveedor, a.Dato, a.Solicitud).Error
			if err != nil {
				return fmt.Errorf("pagos: store: %w", err)
			}
		}
		return nil
	})
}

// Limpiar is cobros.Bandeja's.
func (s *Store) Limpiar(ctx context.Context, antes time.Time, n int) (int, error) {
	var viejos []filaAviso
	q := s.db.Leer(ctx).Select("proveedor", "dato", "solicitud").Where("recibido < ? and debe is null", antes.UnixMilli())
	if err := q.Order("recibido").Limit(n).Find(&viejos).Error; err != nil {
		return 0, fmt.Errorf("pagos: store: %w", err)
	}
	if len(viejos) == 0 {
		return 0, nil
	}
	err := s.db.Escribir(ctx, "pagos.limpieza", func(tx *gorm.DB) error {
		for _, v := range viejos {
			if err := tx.Where(esteAviso, v.Proveedor, v.Dato, v.Solicitud).Delete(&filaAviso{}).Error; err != nil {
				return fmt.Errorf("pagos: store: %w", err)
			}
		}
		return nil
	})
	return len(viejos), err
}
