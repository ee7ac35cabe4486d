package app_test

import (
	"context"
	"time"

	"despensa/modules/pedidos/internal/cupos"
)

// puestos is the bounded places of one customer: the number of orders that may still wait for a slow payment,
// and the time for which a card has to wait.
type puestos struct {
	libres   int
	tomados  []string // ids of orders that have taken a place
	intento  int64    // the intento of the last call
	espera   time.Duration
	falla    error
	pagadora cupos.Pagador // the payer of the last call
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

func (f *puestos) Espera(_ context.Context, pagador cupos.Pagador) (time.Duration, error) {
	f.pagadora = pagador
	return f.espera, f.falla
}
