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

// Listar gives at most f.Limite+1 of the payments that q may see, newest first.
func (s *Servicio) Listar(ctx context.Context, q Quien, f Filtro) ([]Cobro, error) {
	if !q.Todos {
		if q.Cliente == "" {
			return nil, nil
		}
		f.Cliente = q.Cliente
	}
	return s.o.Store.Listar(ctx, f)
}

// Ver shows one payment, with its refunds. Error: pagos.ErrSinCobro, also when it is not for q to see.
func (s *Servicio) Ver(ctx context.Context, q Quien, id string) (CobroEntero, error) {
	f, hay, err := s.o.Store.PorID(ctx, id)
	if err == nil && (!hay || !q.Todos && (q.Cliente == "" || f.Cliente != q.Cliente)) {
		err = pagos.ErrSinCobro
	}
	if err != nil {
		return CobroEntero{}, err
	}
	return f, nil
}
