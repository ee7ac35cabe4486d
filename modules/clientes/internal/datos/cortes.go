package datos

import (
	"context"
	"time"

	"despensa/platform/skew"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// filaCorte is when the sessions of somebody were ended.
type filaCorte struct {
	ID    string
	Desde int64
}

func (filaCorte) TableName() string { return "cortes_sesion" }

// Cortar ends the sessions of id that began before cuando. What an earlier call has ended
// stays so, though the clock of another replica is behind; but what lies further than skew.MaxCut after cuando was
// written by a clock that was ahead.
func (a *Almacen) Cortar(ctx context.Context, id string, cuando time.Time) error {
	f := filaCorte{id, cuando.UnixMilli()}
	return a.DB.Escribir(ctx, "clientes.cortar_sesiones", func(tx *gorm.DB) error {
		return tx.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "id"}}, DoUpdates: clause.AssignmentColumns([]string{"desde"}),
			Where: clause.Where{Exprs: []clause.Expression{gorm.Expr("cortes_sesion.desde < excluded.desde or cortes_sesion.desde > ?", skew.Limit(cuando, skew.MaxCut).UnixMilli())}}}).Create(&f).Error
	})
}

// Corte is the moment before which the sessions of id are over; zero: none.
func (a *Almacen) Corte(ctx context.Context, id string) (time.Time, error) {
	var filas []filaCorte
	if err := a.DB.Leer(ctx).Where("id = ?", id).Limit(1).Find(&filas).Error; err != nil || len(filas) == 0 {
		return time.Time{}, err
	}
	return time.UnixMilli(filas[0].Desde).UTC(), nil
}

// OlvidarCortes forgets those from before antes: no session is as old.
func (a *Almacen) OlvidarCortes(ctx context.Context, antes time.Time) error {
	return a.DB.Escribir(ctx, "clientes.olvidar_cortes", func(tx *gorm.DB) error {
		return tx.Where("desde < ?", antes.UnixMilli()).Delete(&filaCorte{}).Error
	})
}
