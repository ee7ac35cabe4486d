package app_test

import (
	"context"
	"time"

	"despensa/modules/pedidos/internal/cupos"
)

// puestos is the bounded places of one customer: how many orders may still wait for a slow method, and how long a card
// has to wait.
type puestos struct {
	libres   int
	tomados  []string // orders that have taken one
	intento  int64    // for which one was asked last
	espera   time.Duration
	falla    error
	pagadora cupos.Pagador // that was asked for last
}

func (f *puestos) TomarLento(_ context.Context, _, id string, intento int64) error {
	if f.falla != nil {
		return f.falla
	}
	f.intento = intento
	if len(f.tomados) >= f.libres {
		return cupos.ErrLleno
	}
	f.tomados = append(f.tomados, id)
	return nil
}

func (f *puestos) Espera(_ context.Context, p cupos.Pagador) (time.Duration, error) {
	f.pagadora = p
	return f.espera, f.falla
}
