package store

import (
	"context"
	"fmt"
	"time"

	"despensa/modules/pagos/internal/cobros"
	"despensa/platform/sqldb"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

const esteAviso = "proveedor = ? and dato = ? and solicitud = ?"

// Recibir is cobros.Bandeja's. A repetition costs a read.
func (s *Store) Recibir(ctx context.Context, a cobros.Aviso) (bool, error) {
	var hay int64
	q := s.db.Leer(ctx).Model(&filaAviso{}).Where(esteAviso, a.Proveedor, a.Dato, a.Solicitud)
	if err := q.Count(&hay).Error; err != nil {
		return false, fmt.Errorf("pagos: store: %w", err)
	}
	if hay > 0 {
		return false, nil
	}
	var nuevo bool
	err := s.db.Escribir(ctx, "pagos.aviso", func(tx *gorm.DB) error {
		f := filaAviso{Proveedor: a.Proveedor, Dato: a.Dato, Solicitud: a.Solicitud, Recibido: a.Recibido.UnixMilli(), Debe: ms(a.Debe), Intentos: a.Intentos}
		r := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&f)
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
	var fs []filaAviso
	for _, debido := range debidos(ahora, lejos) {
		q := s.db.Leer(ctx).Where(debido.cual, debido.args...)
		otras, rotos, err := sqldb.Readable[filaAviso](q.Order("debe").Limit(n - len(fs)))
		if err == nil {
			err = s.retirar(ctx, rotos)
		}
		if err != nil {
			return nil, fmt.Errorf("pagos: store: %w", err)
		}
		if fs = append(fs, otras...); len(fs) >= n {
			break
		}
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
			q := tx.Model(&filaAviso{}).Where(esteAviso, a.Proveedor, a.Dato, a.Solicitud)
			if err := q.Updates(map[string]any{"recibido": a.Recibido.UnixMilli(), "debe": ms(a.Debe), "intentos": a.Intentos}).Error; err != nil {
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
