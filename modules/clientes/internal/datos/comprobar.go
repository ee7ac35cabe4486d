package datos

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// comprobar checks that the master key is the one that these data were sealed with. It opens the text that the first
// process to use the store sealed for this check, and the data of one customer. Errors: ErrClaves.
func (a *Store) comprobar(ctx context.Context) error {
	if err := a.comprobarCliente(ctx); err != nil {
		return err
	}
	f, hay, err := a.prueba(ctx)
	if err == nil && !hay {
		if err = a.dejarPrueba(ctx); err == nil {
			f, _, err = a.prueba(ctx) // another process may have written the row first
		}
	}
	if err != nil {
		return fmt.Errorf("clientes: check the master key: %w", err)
	}
	i, err := a.Maestra.ciego(columnaPrueba, textoPrueba)
	if err != nil || *i != f.Indice {
		return ErrClaves
	}
	if _, err := a.Maestra.kek.Decrypt(f.Prueba, []byte(columnaPrueba)); err != nil {
		return ErrClaves
	}
	return nil
}

// The text that is sealed so that later processes can check their master key, and its associated data.
const (
	textoPrueba   = "despensa"
	columnaPrueba = "clientes.maestra.prueba"
)

// filaMaestra is the one row of maestra.
type filaMaestra struct {
	ID     int `gorm:"primaryKey;autoIncrement:false"`
	Indice string
	Prueba []byte
}

// TableName is for gorm.
func (filaMaestra) TableName() string { return "maestra" }

func (a *Store) prueba(ctx context.Context) (f filaMaestra, hay bool, err error) {
	err = a.DB.Read(ctx).Where("id = 1").Take(&f).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return f, false, nil
	}
	return f, err == nil, err
}

// dejarPrueba seals the text that later processes check their master key with. A text that is stored already stays.
func (a *Store) dejarPrueba(ctx context.Context) error {
	sellado, err := a.Maestra.kek.Encrypt([]byte(textoPrueba), []byte(columnaPrueba))
	if err != nil {
		return err
	}
	i, err := a.Maestra.ciego(columnaPrueba, textoPrueba)
	if err != nil {
		return err
	}
	return a.DB.Write(ctx, "clientes.maestra", func(tx *gorm.DB) error {
		return tx.Clauses(clause.OnConflict{DoNothing: true}).
			Create(&filaMaestra{ID: 1, Indice: *i, Prueba: sellado}).
			Error
	})
}

// comprobarCliente opens one customer and computes their index again. Errors: ErrClaves.
func (a *Store) comprobarCliente(ctx context.Context) error {
	var f filaCliente
	err := conLlave(a.DB.Read(ctx), "clientes", "clientes.id").
		Where("llaves.envoltura is not null").
		Order("clientes.correo_indice desc").Limit(1).Take(&f).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("clientes: check the master key: %w", err)
	}
	p, err := a.perfil(f)
	if err != nil {
		return ErrClaves
	}
	i, err := a.Maestra.ciego("clientes.correo", plano(p.Correo))
	if err != nil || i != nil && (f.CorreoIndice == nil || *i != *f.CorreoIndice) {
		return ErrClaves
	}
	return nil
}
