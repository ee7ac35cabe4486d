package flota

import (
	"context"
	"errors"
	"fmt"

	"despensa/platform/sqldb"
)

// ErrRonda: some rows of a round failed. They are tried again in the next one; the others went on.
var ErrRonda = errors.New("flota: rows failed")

// porFila does one of n rows after the other. A row that fails, or panics, costs no other row anything; fallidas counts
// them. Errors: ErrRonda, with the first one's error; ctx's.
func (f *Flota) porFila(ctx context.Context, ronda string, n int, hacer func(i int) error) (fallidas int, err error) {
	var primero error
	for i := range n {
		if ctx.Err() != nil {
			return fallidas + n - i, ctx.Err()
		}
		if err := f.o.Guard.Run(ctx, ronda, func() error { return hacer(i) }); err != nil {
			if fallidas++; primero == nil {
				primero = sqldb.Redact(err)
			}
		}
	}
	if fallidas == 0 {
		return 0, nil
	}
	if f.o.Fallidas != nil {
		f.o.Fallidas(ronda, fallidas)
	}
	return fallidas, fmt.Errorf("%w: %d of %d; the first: %w", ErrRonda, fallidas, n, primero)
}
