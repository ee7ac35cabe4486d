package cobros

import (
	"context"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
)

// Anular implements pagos.Servicio. The tombstone comes first; in the same transaction the
// cobro is closed, and the first call that undoing needs is begun.
func (s *Servicio) Anular(ctx context.Context, intento pagos.Intento) (pagos.Recibo, error) {
	if f, hay, err := s.o.Store.PorID(ctx, ID(intento)); err != nil {
		return pagos.Recibo{}, err
	} else if hay && f.Anulado {
		return s.deshacer(ctx, f)
	}
	ahora := s.ahora()
	var o tarea
	cierre := Cambio{
		Nombre: "pagos.lapida",
		ID:     ID(intento),
		Ahora:  ahora,
		Hacer: func(f *CobroEntero) error {
			f.anular()
			if o = f.siguienteTarea(ahora); o.clase == hacer {
				f.empezar(o, ahora.Add(s.o.Reglas.EnCurso))
			} else {
				f.agendar(s.o.Reglas.Sondeo, ahora)
			}
			return nil
		},
	}
	f, hay, err := s.o.Store.Anular(ctx, intento, cierre)
	switch {
	case err != nil:
		return pagos.Recibo{}, err
	case !hay:
		return pagos.Recibo{ID: ID(intento), Estado: pagos.Anulado}, nil
	case o.clase == hacer:
		if f, err = s.ejecutor(false).ejecutar(ctx, f, o, gateway.SolicitudDePago{}); err != nil {
			return f.Recibo(), publico(err)
		}
	}
	return s.deshacer(ctx, f)
}

// deshacer goes on with the undoing of cobroEntero, an intento that has its tombstone. Errors: those of
// pagos.Servicio.Anular.
func (s *Servicio) deshacer(
	ctx context.Context,
	cobroEntero CobroEntero,
) (pagos.Recibo, error) {
	cobroEntero, err := s.ejecutor(false).avanzar(ctx, cobroEntero)
	r := cobroEntero.Recibo()
	if r.Rechazo = cobroEntero.anulacionNegada(); err == nil && r.Rechazo != "" {
		err = pagos.ErrReembolsoRechazado
	}
	return r, publico(err)
}
