// Package auditoria keeps the audit trail: it appends records, gives each its place in a
// chain, and carries them to where they are searched.
package auditoria

import (
	"context"
	"fmt"
	"regexp"
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

// fila is a row of auditoria as it is appended.
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
	Veces     int64
}

// TableName is for gorm.
func (fila) TableName() string { return "auditoria" }

// Registrar is audit.Puerto's.
func (a *Rastro) Registrar(ctx context.Context, r audit.Registro) error {
	return a.RegistrarVarios(ctx, []audit.Registro{r})
}

// RegistrarVarios appends all of rs or none, with one write.
func (a *Rastro) RegistrarVarios(ctx context.Context, rs []audit.Registro) error {
	filas := make([]fila, len(rs))
	for i, r := range rs {
		var err error
		if filas[i], err = a.fila(r); err != nil {
			return err
		}
	}
	err := a.db.Escribir(ctx, "clientes.auditoria", func(tx *gorm.DB) error {
		copia := append([]fila{}, filas...) // it may run more than once
		return tx.Create(&copia).Error
	})
	if err != nil {
		return fmt.Errorf("auditoria: append: %w", err)
	}
	return nil
}

// ajeno stands for the id of a resource that is none of ours: a caller's own words.
const ajeno = "ajeno"

var nuestro = regexp.MustCompile(`^[0-9A-Za-z._:-]{0,36}$`)

// fila fills in what r leaves to the trail, and keeps foreign words out of it.
func (a *Rastro) fila(r audit.Registro) (fila, error) {
	if r.ID == "" {
		id, err := uuid.NewV7()
		if err != nil {
			return fila{}, fmt.Errorf("auditoria: id: %w", err)
		}
		r.ID = id.String()
	}
	if r.En.IsZero() {
		r.En = a.ahora()
	}
	if !nuestro.MatchString(r.Recurso.ID) {
		r.Recurso.ID = ajeno
	}
	return fila{r.ID, r.En.UnixMilli(), r.Actor, r.Rol, r.Accion, r.Recurso.Clase, r.Recurso.ID, r.Cliente, r.Resultado, r.Solicitud, max(1, r.Veces)}, nil
}
