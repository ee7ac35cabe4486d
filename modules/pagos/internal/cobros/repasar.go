package cobros

import (
	"context"
	"errors"
	"fmt"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
)

// Consultar implements pagos.Servicio.
func (s *Servicio) Consultar(ctx context.Context, intento pagos.Intento) (pagos.Recibo, error) {
	f, hay, err := s.o.Store.PorID(ctx, ID(intento))
	switch {
	case err != nil:
		return pagos.Recibo{}, err
	case !hay:
		return pagos.Recibo{}, pagos.ErrSinCobro
	}
	r := f.Recibo()
	r.Rechazo = f.anulacionNegada()
	return r, nil
}

// Repasar implements pagos.Servicio.
func (s *Servicio) Repasar(ctx context.Context, intentos []pagos.Intento) error {
	err := s.porFila(
		ctx,
		"pagos.repaso",
		len(intentos),
		func(ctx context.Context, n int) error { return s.repasar(ctx, intentos[n]) },
	)
	if err != nil {
		return fmt.Errorf("%w: %w", pagos.ErrSinPasarela, err)
	}
	return nil
}

// repasar looks at the gateway for the payment of i, if it holds money. Errors: those of the store and of sincronizar.
func (s *Servicio) repasar(ctx context.Context, intento pagos.Intento) error {
	f, hay, err := s.o.Store.PorID(ctx, ID(intento))
	if err != nil || !hay || f.Vista != gateway.Cobrada || f.todoDevuelto() {
		return err
	}
	_, _, err = s.ejecutor(true).sincronizar(ctx, f)
	if errors.Is(err, errCambio) {
		return nil // another replica or caller has changed the payment meanwhile, and looked at it
	}
	return err
}
