package flota

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"despensa/modules/rutas"

	"gorm.io/gorm"
)

// Ofrecer is rutas.Servicio's.
func (f *Flota) Ofrecer(ctx context.Context, c rutas.Consulta) ([]rutas.DepositoCercano, error) {
	db := f.db.Leer(ctx)
	filas, err := sanas[filaDeposito](db.Where("activo = ?", true).Order("codigo"))
	if err != nil {
		return nil, err
	}
	var cercanos []rutas.DepositoCercano
	for _, fila := range filas {
		d, err := f.ofrecer(db, fila.cosa(), c)
		switch {
		case err == nil:
			cercanos = append(cercanos, d)
		case !errors.Is(err, rutas.ErrFueraDeArea):
			return nil, err
		}
	}
	if len(cercanos) == 0 {
		return nil, rutas.ErrFueraDeArea
	}
	slices.SortStableFunc(cercanos, func(a, b rutas.DepositoCercano) int { return cmp.Compare(a.Viaje, b.Viaje) })
	return cercanos, nil
}

func (f *Flota) ofrecer(db *gorm.DB, d Deposito, c rutas.Consulta) (rutas.DepositoCercano, error) {
	viaje, err := f.alcance(d, c.Punto)
	if err != nil {
		return rutas.DepositoCercano{}, err
	}
	v, err := f.ventanas(db, d.ID, f.pedir(c.Carga, viaje, c.NoAntes), max(c.Limite, 1))
	return rutas.DepositoCercano{ID: d.ID, Viaje: viaje, Ventanas: v}, err
}
