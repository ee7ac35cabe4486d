package cobros

import (
	"context"

	"despensa/modules/pagos"
)

// Quien is the caller of Listar and Ver. With Todos it sees every payment, else those of the customer Cliente.
type Quien struct {
	Todos   bool
	Cliente string
}

// Listar gives at most filtro.Limite+1 of the payments that quien may see, newest first.
func (s *Servicio) Listar(ctx context.Context, quien Quien, filtro Filtro) ([]Cobro, error) {
	if !quien.Todos {
		if quien.Cliente == "" {
			return nil, nil
		}
		filtro.Cliente = quien.Cliente
	}
	return s.o.Store.Listar(ctx, filtro)
}

// Ver shows one payment, with its refunds. Error: pagos.ErrSinCobro, also when it is not for quien to see.
func (s *Servicio) Ver(ctx context.Context, quien Quien, id string) (CobroEntero, error) {
	f, hay, err := s.o.Store.PorID(ctx, id)
	if err == nil &&
		(!hay || !quien.Todos && (quien.Cliente == "" || f.Cliente != quien.Cliente)) {
		err = pagos.ErrSinCobro
	}
	if err != nil {
		return CobroEntero{}, err
	}
	return f, nil
}
