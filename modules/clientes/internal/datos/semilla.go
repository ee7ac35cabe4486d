package datos

import (
	"context"
	"fmt"

	"gorm.io/gorm"
)

// Semilla is a demo customer with one address.
type Semilla struct {
	Alta
	Direccion Direccion // its ID is given; version and time are not
}

// Sembrar stores all of them if there is no customer yet, else none.
func (a *Store) Sembrar(ctx context.Context, semillas []Semilla) error {
	var filas []siembra
	for _, s := range semillas {
		f, err := a.siembra(s)
		if err != nil {
			return err
		}
		filas = append(filas, f)
	}
	return a.DB.Write(ctx, "clientes.siembra", func(tx *gorm.DB) error {
		var hay int64
		if err := tx.Model(&filaCliente{}).Count(&hay).Error; err != nil || hay > 0 {
			return err
		}
		for _, f := range filas {
			if err := f.insertar(tx); err != nil {
				return fmt.Errorf("clientes: demo data: %w", err)
			}
		}
		return nil
	})
}

// siembra is a demo customer as rows.
type siembra struct {
	cliente   filaCliente
	llave     filaLlave
	direccion filaDireccion
}

func (a *Store) siembra(semilla Semilla) (siembra, error) {
	f, l, err := a.nuevo(semilla.Alta)
	if err != nil {
		return siembra{}, err
	}
	k, err := a.llave(semilla.ID, l.Envoltura)
	if err != nil {
		return siembra{}, err
	}
	d := filaDireccion{
		ID:      semilla.Direccion.ID,
		Cliente: semilla.ID,
		Version: 1,
		Creado:  f.Creado,
	}
	if err := semilla.Direccion.fila(&d, k); err != nil {
		return siembra{}, err
	}
	return siembra{cliente: f, llave: l, direccion: d}, nil
}

func (f siembra) insertar(tx *gorm.DB) error {
	if err := insertar(tx, f.cliente, f.llave); err != nil {
		return err
	}
	return tx.Create(&f.direccion).Error
}
