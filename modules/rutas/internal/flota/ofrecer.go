package flota

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

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

// PrimeraVentana gives the end of the earliest window in which any active depot has room for
// the smallest order next door; zero: there is none.
func (f *Flota) PrimeraVentana(ctx context.Context) (hasta time.Time, err error) {
	db := f.db.Leer(ctx)
	filas, err := sanas[filaDeposito](db.Where("activo = ?", true).Order("codigo"))
	if err != nil {
		return hasta, err
	}
	d := f.pedir(rutas.Carga{PesoGramos: 1, VolumenML: 1}, 0, f.ahora())
	for _, fila := range filas {
		vs, err := f.ventanas(db, fila.cosa().ID, d, 1)
		if err != nil {
			return time.Time{}, err
		}
		for _, v := range vs {
			if hasta.IsZero() || v.Hasta.Before(hasta) {
				hasta = v.Hasta
			}
		}
	}
	return hasta, nil
}

func (f *Flota) ofrecer(db *gorm.DB, d Deposito, c rutas.Consulta) (rutas.DepositoCercano, error) {
	viaje, err := f.alcance(d, c.Punto)
	if err != nil {
		return rutas.DepositoCercano{}, err
	}
	v, err := f.ventanas(db, d.ID, f.pedir(c.Carga, viaje, c.NoAntes), max(c.Limite, 1))
	return rutas.DepositoCercano{ID: d.ID, Viaje: viaje, Ventanas: v}, err
}
