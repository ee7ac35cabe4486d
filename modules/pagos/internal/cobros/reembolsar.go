package cobros

import (
	"context"
	"errors"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
)

// Reembolsar is pagos.Servicio's.
func (s *Servicio) Reembolsar(ctx context.Context, r pagos.Reembolso) (pagos.Recibo, error) {
	if r.Monto <= 0 || r.ID == "" {
		return pagos.Recibo{}, pagos.ErrMonto
	}
	soltar, err := s.cerrojos.tomar(ctx, ID(r.Intento))
	if err != nil {
		return pagos.Recibo{}, err
	}
	defer soltar()
	for range vueltasMax {
		f, err := s.leer(ctx, r.Intento)
		if err != nil {
			return pagos.Recibo{}, err
		}
		f, fin, err := s.reembolsar(ctx, f, r)
		if !errors.Is(err, errCambio) && (fin || err != nil) {
			return f.Recibo(), publico(err)
		}
	}
	return pagos.Recibo{}, pagos.ErrEnCurso
}

// reembolsar does one step; true when there is an answer. One refund is in flight at
// a time: another that was begun is finished first.
func (s *Servicio) reembolsar(ctx context.Context, f Ficha, r pagos.Reembolso) (Ficha, bool, error) {
	if fin, err := f.reembolsable(r); fin {
		return f, true, err
	}
	m := s.mano(false)
	if o := f.obra(s.ahora()); o.paso != nada && o.id != r.ID {
		f, err := m.avanzar(ctx, f)
		return f, false, err
	}
	if i := f.reembolso(r.ID); i < 0 && f.resta() < r.Monto {
		return f, true, pagos.ErrMonto
	}
	o := obra{hacer, Reembolsar, r.ID, r.Monto}
	f, err := m.reclamar(ctx, f, o)
	if err != nil {
		return f, false, err
	}
	f, err = m.ejecutar(ctx, f, o, gateway.Pedido{})
	if fin, e := f.reembolsable(r); fin {
		return f, true, e
	}
	return f, true, primero(err, pagos.ErrSinPasarela)
}

// reembolsable tells what is known about r without doing anything; false = go on.
func (f *Ficha) reembolsable(r pagos.Reembolso) (bool, error) {
	if i := f.reembolso(r.ID); i >= 0 {
		mio := f.Reembolsos[i]
		if mio.Monto != r.Monto || mio.Estado == Fallido {
			return true, pagos.ErrMonto
		}
		return mio.Estado == Hecho, nil
	}
	switch {
	case f.Anulado, f.Cierre != "" && f.Cobrado > 0:
		return true, pagos.ErrAnulado
	case f.Cobrado == 0 && f.Accion == "":
		return true, pagos.ErrSinCobro
	}
	return false, nil
}
