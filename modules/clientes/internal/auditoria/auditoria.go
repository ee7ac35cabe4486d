// Package auditoria keeps the audit trail: it appends, and nothing else.
package auditoria

import (
	"context"
	"fmt"
	"time"

	"despensa/platform/audit"
	"despensa/platform/sqldb"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// Rastro is the trail in the schema clientes. Safe for concurrent use.
type Rastro struct {
	db    *sqldb.DB
	ahora func() time.Time
}

var _ audit.Puerto = (*Rastro)(nil)

// Nuevo makes the trail on an open store.
func Nuevo(db *sqldb.DB, ahora func() time.Time) *Rastro { return &Rastro{db, ahora} }

// fila is a row of auditoria.
type fila struct {
	ID        string `gorm:"primaryKey"`
	Creado    int64
	Actor     string
	Rol       string
	Accion    string
	Clase     string
	Recurso   string
	Cliente   string
	Resultado audit.Resultado
	Solicitud string
}

// TableName is for gorm.
func (fila) TableName() string { return "auditoria" }

// Registrar is audit.Puerto's.
func (a *Rastro) Registrar(ctx context.Context, r audit.Registro) error {
	if r.ID == "" {
		id, err := uuid.NewV7()
		if err != nil {
			return fmt.Errorf("auditoria: id: %w", err)
		}
		r.ID = id.String()
	}
	if r.En.IsZero() {
		r.En = a.ahora()
	}
	f := fila{r.ID, r.En.UnixMilli(), r.Actor, r.Rol, r.Accion, r.Recurso.Clase, r.Recurso.ID, r.Cliente, r.Resultado, r.Solicitud}
	err := a.db.Escribir(ctx, "clientes.auditoria", func(tx *gorm.DB) error {
		copia := f // it may run more than once
		return tx.Create(&copia).Error
	})
	if err != nil {
		return fmt.Errorf("auditoria: append: %w", err)
	}
	return nil
}
