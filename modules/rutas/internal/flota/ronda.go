package flota

import (
	"context"
	"errors"
	"fmt"

	"despensa/platform/sqldb"
)

// ErrRonda: the work on some rows of a round failed. They are tried again in the next round.
var ErrRonda = errors.New("flota: rows failed")

// porFila calls hacer for each of n rows. A row that fails, or panics, costs no other row anything; fallidas counts
// those rows. Errors: ErrRonda, with the error of the first failed row; ctx's.
func (f *Flota) porFila(
	ctx context.Context,
	ronda string,
	n int,
	hacer func(i int) error,
) (fallidas int, err error) {
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
