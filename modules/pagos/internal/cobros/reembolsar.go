package cobros

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
	"despensa/platform/money"
)

// Reembolsar implements pagos.Servicio.
func (s *Servicio) Reembolsar(
	ctx context.Context,
	reembolso pagos.Reembolso,
) (pagos.Devuelto, error) {
	if reembolso.Monto < 0 || reembolso.ID == "" {
		return pagos.Devuelto{}, pagos.ErrMonto
	}
	for range reintentosMax {
		f, err := s.leer(ctx, reembolso.Intento)
		if err != nil {
			return pagos.Devuelto{}, err
		}
		f, fin, err := s.reembolsar(ctx, f, reembolso)
		if !errors.Is(err, errCambio) && (fin || err != nil) {
			return f.devuelto(reembolso), publico(err)
		}
	}
	return pagos.Devuelto{}, pagos.ErrEnCurso
}

// devuelto is the answer to reembolso as f has it.
func (f *CobroEntero) devuelto(reembolso pagos.Reembolso) pagos.Devuelto {
	d := pagos.Devuelto{Recibo: f.Recibo()}
	if i := f.de(reembolso); i >= 0 {
		d.Rechazo = f.Reembolsos[i].Motivo
		if f.Reembolsos[i].Estado == Hecho {
			d.Monto = f.Reembolsos[i].Monto
		}
	} else {
		d.Rechazo = f.anulacionNegada()
	}
	return d
}

// reembolsar takes one step of reembolso; true when the caller has its answer. One refund is in flight at a time:
// an earlier one that was begun is finished first.
func (s *Servicio) reembolsar(
	ctx context.Context,
	cobroEntero CobroEntero,
	reembolso pagos.Reembolso,
) (CobroEntero, bool, error) {
	if fin, err := cobroEntero.reembolsable(reembolso); fin {
		return cobroEntero, true, err
	}
	m := s.ejecutor(false)
	if o := cobroEntero.siguienteTarea(s.ahora()); o.clase != nada && !esDe(o.id, reembolso) {
		f, err := m.avanzar(ctx, cobroEntero)
		return f, false, err
	}
	o, cobroEntero, err := m.porReembolsar(ctx, cobroEntero, reembolso)
	if err != nil {
		return cobroEntero, true, err
	}
	if cobroEntero, err = m.reclamar(ctx, cobroEntero, o); err != nil {
		return cobroEntero, false, err
	}
	cobroEntero, err = m.ejecutar(ctx, cobroEntero, o, gateway.SolicitudDePago{})
	if cobroEntero.otroResto(reembolso) {
		// Refused, because less money was left than cobroEntero had: the next turn gives back that rest.
		return cobroEntero, false, nil
	}
	if fin, e := cobroEntero.reembolsable(reembolso); fin {
		return cobroEntero, true, e
	}
	return cobroEntero, true, primero(err, pagos.ErrSinPasarela)
}

// porReembolsar is the call that reembolso needs. How much is left of the charge is read at the gateway first,
// unless reembolso names its amount or the refund has been saved before. Errors: pagos.ErrMonto, ErrReembolsado;
// errCambio where another writer has changed the cobro since cobroEntero; those of sincronizar.
func (m ejecutor) porReembolsar(
	ctx context.Context,
	cobroEntero CobroEntero,
	reembolso pagos.Reembolso,
) (tarea, CobroEntero, error) {
	if i := cobroEntero.de(reembolso); i >= 0 &&
		cobroEntero.Reembolsos[i].Estado == Solicitado {
		return tarea{
			clase:  hacer,
			accion: Reembolsar,
			id:     cobroEntero.Reembolsos[i].ID,
			monto:  cobroEntero.Reembolsos[i].Monto,
		}, cobroEntero, nil
	}
	o := tarea{clase: hacer, accion: Reembolsar, id: reembolso.ID, monto: reembolso.Monto}
	if reembolso.Monto == 0 {
		g, hallada, err := m.sincronizar(ctx, cobroEntero)
		switch {
		case err != nil || !hallada:
			return o, cobroEntero, primero(err, pagos.ErrSinPasarela)
		case g.de(reembolso) != cobroEntero.de(reembolso) || g.siguienteTarea(m.ahora()).clase != nada:
			return o, g, errCambio // during the look another caller began this refund, or another call
		}
		cobroEntero = g
		o.monto = cobroEntero.resta()
		o.id = deResto(reembolso.ID, o.monto)
	}
	switch resta := cobroEntero.resta(); {
	case resta <= 0 && cobroEntero.todoDevuelto():
		return o, cobroEntero, pagos.ErrReembolsado
	case resta <= 0 || resta < o.monto:
		return o, cobroEntero, pagos.ErrMonto
	}
	return o, cobroEntero, nil
}

// deResto is the id of a refund of all that is left, which is monto centavos: a request under one idempotency key has
// one amount for ever.
func deResto(id string, monto money.Centavos) string {
	return id + "-" + strconv.FormatInt(int64(monto), 10)
}

// esDe reports whether the refund with the id belongs to reembolso.
func esDe(id string, reembolso pagos.Reembolso) bool {
	if reembolso.Monto == 0 {
		return strings.HasPrefix(id, reembolso.ID+"-")
	}
	return id == reembolso.ID
}

// de is the index of the last refund that belongs to reembolso; -1 = none.
func (f *CobroEntero) de(reembolso pagos.Reembolso) int {
	for i, n := range slices.Backward(f.Reembolsos) {
		if esDe(n.ID, reembolso) && !n.DeOtros() {
			return i
		}
	}
	return -1
}

// otroResto reports whether reembolso, a refund of all that is left, was refused because less was left, and how
// much is left has become known.
func (f *CobroEntero) otroResto(reembolso pagos.Reembolso) bool {
	i := f.de(reembolso)
	if reembolso.Monto != 0 || i < 0 || f.Reembolsos[i].Estado != Fallido ||
		f.Reembolsos[i].Motivo != excedido {
		return false
	}
	resta := f.resta()
	return resta > 0 && resta != f.Reembolsos[i].Monto
}

// reembolsable is the answer to reembolso, true with its error, where f decides it without a call of the gateway;
// false where reembolso needs a call. Errors: those of pagos.Servicio.Reembolsar.
func (f *CobroEntero) reembolsable(reembolso pagos.Reembolso) (bool, error) {
	if i := f.de(reembolso); i >= 0 {
		mio := f.Reembolsos[i]
		switch {
		case reembolso.Monto != 0 && mio.Monto != reembolso.Monto:
			return true, pagos.ErrMonto
		case mio.Estado != Fallido:
			return mio.Estado == Hecho, nil
		case f.todoDevuelto():
			return true, pagos.ErrReembolsado
		}
		if f.otroResto(reembolso) {
			return false, nil
		}
		return true, pagos.ErrReembolsoRechazado
	}
	switch {
	case f.todoDevuelto():
		return true, pagos.ErrReembolsado
	case f.anulacionNegada() != "":
		return true, pagos.ErrReembolsoRechazado
	case f.Anulado, f.Cierre != "" && f.Cobrado > 0:
		return true, pagos.ErrAnulado
	case f.Cobrado == 0 && f.Accion == "":
		return true, pagos.ErrSinCobro
	}
	return false, nil
}

// todoDevuelto reports whether money was taken, and all of it has gone back.
func (f *CobroEntero) todoDevuelto() bool { return f.Cobrado > 0 && f.Reembolsado >= f.Cobrado }
