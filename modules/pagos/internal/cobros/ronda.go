package cobros

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"
)

// ErrIlegible: the row is there and cannot be read.
var ErrIlegible = errors.New("cobros: an unreadable row")

// ErrRonda: some rows of a round failed. They have been put off; the others went on.
var ErrRonda = errors.New("cobros: rows failed")

// porFila calls hacer for each of n rows, at most Reglas.Paralelo at the same time; donde names the round. A row that
// fails, or panics, does not stop the others. Errors: ErrRonda, with the number of rows that failed and the error of
// the first.
func (s *Servicio) porFila(
	ctx context.Context, donde string, n int, hacer func(ctx context.Context, i int) error,
) error {
	var mu sync.Mutex
	var primero error
	fallidas := 0
	var g errgroup.Group
	g.SetLimit(max(1, s.o.Reglas.Paralelo))
	for i := range n {
		g.Go(func() error {
			err := s.o.Guard.Run(ctx, donde, func() error { return hacer(ctx, i) })
			if err == nil {
				return nil
			}
			mu.Lock()
			defer mu.Unlock()
			if fallidas++; primero == nil {
				primero = err
			}
			return nil
		})
	}
	_ = g.Wait() // every error is counted above
	if fallidas == 0 || ctx.Err() != nil {
		return ctx.Err()
	}
	if s.o.Fallidas != nil {
		s.o.Fallidas(donde, fallidas)
	}
	return fmt.Errorf("%w: %d of %d; the first: %w", ErrRonda, fallidas, n, primero)
}

// aplazados counts how often in a row the rows failed that are failing just now.
type aplazados struct {
	mu sync.Mutex
	de map[string]int
}

// otra counts one more failure of a row and tells how many there had been.
func (a *aplazados) otra(id string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.de == nil {
		a.de = map[string]int{}
	}
	a.de[id]++
	return a.de[id] - 1
}

// bien forgets the failures of a row.
func (a *aplazados) bien(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.de, id)
}

// revisarFila is revisar for a row that may fail: then it is put off, longer each time, up to Sondeo.Max. A row that
// cannot be read is set aside until Retomar.
func (s *Servicio) revisarFila(ctx context.Context, id string) error {
	err := s.o.Guard.Run(
		ctx,
		"pagos.cobro",
		func() error { return s.revisar(ctx, id) },
		"cobro",
		id,
	)
	switch {
	case err == nil:
		s.aplazados.bien(id)
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, ErrIlegible):
		s.o.Log.ErrorContext(ctx, "an unreadable payment was set aside", "cobro", id)
		return errors.Join(err, s.o.Store.Apartar(ctx, id))
	}
	hasta := s.ahora().Add(s.o.Reglas.Sondeo.despues(s.aplazados.otra(id)))
	return errors.Join(fmt.Errorf("cobro %s: %w", id, err), s.o.Store.Aplazar(ctx, id, hasta))
}
