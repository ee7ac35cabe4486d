package cobros

import (
	"context"
	"errors"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
)

// reintentosMax bounds how often an operation starts over because the cobro moved.
const reintentosMax = 4

// Capturar implements pagos.Servicio.
func (s *Servicio) Capturar(ctx context.Context, intento pagos.Intento) (pagos.Recibo, error) {
	if f, tomado, err := s.capturarReservado(ctx, intento); err != nil || tomado {
		return f.Recibo(), publico(err)
	}
	for range reintentosMax {
		f, err := s.leer(ctx, intento)
		if err != nil {
			return pagos.Recibo{}, err
		}
		f, fin, err := s.capturar(ctx, f)
		if !errors.Is(err, errCambio) && (fin || err != nil) {
			return f.Recibo(), publico(err)
		}
	}
	return pagos.Recibo{}, pagos.ErrEnCurso
}

// capturarReservado takes the money of i in the usual case: it is reserved, and no call is in flight. False in any
// other case; then it has done nothing.
func (s *Servicio) capturarReservado(
	ctx context.Context,
	intento pagos.Intento,
) (CobroEntero, bool, error) {
	ahora := s.ahora()
	hasta := ahora.Add(s.o.Reglas.EnCurso)
	f, tomado, err := s.o.Store.IniciarCaptura(
		ctx,
		CapturaIniciada{ID: ID(intento), Ahora: ahora, Hasta: hasta, Debe: hasta.Add(holgura)},
	)
	if err != nil || !tomado {
		return f, false, err
	}
	f, err = s.ejecutor(false).
		ejecutar(ctx, f, tarea{clase: hacer, accion: Capturar}, gateway.SolicitudDePago{})
	return f, true, primero(err, f.captura())
}

// leer finds the cobro of i. Errors: pagos.ErrSinCobro, ErrAnulado.
func (s *Servicio) leer(ctx context.Context, intento pagos.Intento) (CobroEntero, error) {
	f, hay, err := s.o.Store.PorID(ctx, ID(intento))
	if err != nil || hay {
		return f, err
	}
	anulado, err := s.o.Store.Lapida(ctx, intento)
	if err == nil && anulado {
		return f, pagos.ErrAnulado
	}
	if err == nil {
		err = pagos.ErrSinCobro
	}
	return f, err
}

// capturar does one step towards the money; true when there is an answer.
func (s *Servicio) capturar(
	ctx context.Context,
	cobroEntero CobroEntero,
) (CobroEntero, bool, error) {
	m := s.ejecutor(false)
	ahora := s.ahora()
	switch {
	case cobroEntero.Anulado || cobroEntero.Cierre != "" || cobroEntero.Cobrado > 0:
		return cobroEntero, true, cobroEntero.captura()
	case cobroEntero.EnCurso(ahora):
		return cobroEntero, true, pagos.ErrEnCurso
	case cobroEntero.Accion != "" || cobroEntero.Vista != gateway.Reservada:
		g, hallada, err := m.sincronizar(ctx, cobroEntero)
		if err == nil && hallada && g.Accion == "" && g.Vista == gateway.Reservada {
			return g, false, nil // free to be taken
		}
		return g, true, primero(err, g.captura())
	}
	captura := tarea{clase: hacer, accion: Capturar}
	cobroEntero, err := m.reclamar(ctx, cobroEntero, captura)
	if err != nil {
		return cobroEntero, false, err
	}
	cobroEntero, err = m.ejecutar(ctx, cobroEntero, captura, gateway.SolicitudDePago{})
	return cobroEntero, true, primero(err, cobroEntero.captura())
}

// captura is the error of Capturar for f as it stands; nil when the money has been taken.
func (f *CobroEntero) captura() error {
	switch {
	case f.Anulado:
		return pagos.ErrAnulado
	case f.Cierre == pagos.Rechazado:
		return pagos.ErrRechazado
	case f.Cierre != "":
		return pagos.ErrVencido
	case f.Cobrado > 0:
		return nil
	case f.Accion == "" && f.Vista == gateway.Reservada:
		return pagos.ErrSinPasarela // the money is still reserved: the capture may be asked for again
	}
	return pagos.ErrPendiente
}

// primero is the first of errs that is not nil.
func primero(errs ...error) error {
	for _, e := range errs {
		if e != nil {
			return e
		}
	}
	return nil
}
