package datos

import (
	"context"
	"time"

	"despensa/platform/skew"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// filaFinDeSesiones is a cut: the sessions of a person (ID is a house id) that began by Desde are over, or one session
// is (ID is its own id).
type filaFinDeSesiones struct {
	ID    string
	Desde int64
}

func (filaFinDeSesiones) TableName() string { return "cortes_sesion" }

// TerminarSesiones ends the sessions of id, a person or one session, that began by cuando. A later cut that is stored
// already stays, although the clock of this replica is behind. A stored cut that lies further than skew.MaxCut after
// cuando was written by a clock that was ahead, and is replaced.
func (a *Store) TerminarSesiones(ctx context.Context, id string, cuando time.Time) error {
	f := filaFinDeSesiones{id, cuando.UnixMilli()}
	return a.DB.Write(ctx, "clientes.cortar_sesiones", func(tx *gorm.DB) error {
		antesOImposible := gorm.Expr(
			"cortes_sesion.desde < excluded.desde or cortes_sesion.desde > ?",
			skew.Limit(cuando, skew.MaxCut).UnixMilli(),
		)
		return tx.Clauses(clause.OnConflict{
			Columns:   []clause.Column{{Name: "id"}},
			DoUpdates: clause.AssignmentColumns([]string{"desde"}),
			Where:     clause.Where{Exprs: []clause.Expression{antesOImposible}},
		}).Create(&f).Error
	})
}

// FinDeSesiones is the moment up to which the sessions of persona are over, zero where there is none. terminada says
// that the session with the id sesion has been ended by itself. Both are read with one statement, because every request
// of a browser calls FinDeSesiones.
func (a *Store) FinDeSesiones(
	ctx context.Context,
	persona, sesion string,
) (corte time.Time, terminada bool, err error) {
	var filas []filaFinDeSesiones
	if err := a.DB.Read(ctx).Where("id in ?", []string{persona, sesion}).Limit(2).Find(&filas).Error; err != nil {
		return time.Time{}, false, err
	}
	for _, f := range filas {
		if f.ID == sesion {
			terminada = true
		} else {
			corte = time.UnixMilli(f.Desde).UTC()
		}
	}
	return corte, terminada, nil
}

// OlvidarFines deletes the cuts from before antes, when no session is old enough to be ended by them.
func (a *Store) OlvidarFines(ctx context.Context, antes time.Time) error {
	return a.DB.Write(ctx, "clientes.olvidar_cortes", func(tx *gorm.DB) error {
		return tx.Where("desde < ?", antes.UnixMilli()).Delete(&filaFinDeSesiones{}).Error
	})
}
