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

// Reembolsar is pagos.Servicio's.
func (s *Servicio) Reembolsar(ctx context.Context, r pagos.Reembolso) (pagos.Devuelto, error) {
	if r.Monto < 0 || r.ID == "" {
		return pagos.Devuelto{}, pagos.ErrMonto
	}
	for range reintentosMax {
		f, err := s.leer(ctx, r.Intento)
		if err != nil {
			return pagos.Devuelto{}, err
		}
		f, fin, err := s.reembolsar(ctx, f, r)
		if !errors.Is(err, errCambio) && (fin || err != nil) {
			return f.devuelto(r), publico(err)
		}
	}
	return pagos.Devuelto{}, pagos.ErrEnCurso
}

// devuelto is the answer to r as f has it.
func (f *CobroEntero) devuelto(r pagos.Reembolso) pagos.Devuelto {
	d := pagos.Devuelto{Recibo: f.Recibo()}
	if i := f.de(r); i >= 0 {
		d.Rechazo = f.Reembolsos[i].Motivo
		if f.Reembolsos[i].Estado == Hecho {
			d.Monto = f.Reembolsos[i].Monto
		}
	} else {
		d.Rechazo = f.anulacionNegada()
	}
	return d
}

// reembolsar takes one step of r; true when the caller has its answer. One refund is in flight at a time: an earlier
// one that was begun is finished first.
func (s *Servicio) reembolsar(ctx context.Context, f CobroEntero, r pagos.Reembolso) (CobroEntero, bool, error) {
	if fin, err := f.reembolsable(r); fin {
		return f, true, err
	}
	m := s.ejecutor(false)
	if o := f.siguienteTarea(s.ahora()); o.clase != nada && !esDe(o.id, r) {
		f, err := m.avanzar(ctx, f)
		return f, false, err
	}
	o, f, err := m.porReembolsar(ctx, f, r)
	if err != nil {
		return f, true, err
	}
	if f, err = m.reclamar(ctx, f, o); err != nil {
		return f, false, err
	}
	f, err = m.ejecutar(ctx, f, o, gateway.SolicitudDePago{})
	if f.otroResto(r) {
		return f, false, nil // refused, because less money was left than f had: the next turn gives back that rest
	}
	if fin, e := f.reembolsable(r); fin {
		return f, true, e
	}
	return f, true, primero(err, pagos.ErrSinPasarela)
}

// porReembolsar is the call that r needs. How much is left of the charge is read at the gateway first, unless r names
// its amount or the refund has been saved before. Errors: pagos.ErrMonto, ErrReembolsado; errCambio where another
// writer has changed the cobro since f; those of sincronizar.
func (m ejecutor) porReembolsar(ctx context.Context, f CobroEntero, r pagos.Reembolso) (tarea, CobroEntero, error) {
	if i := f.de(r); i >= 0 && f.Reembolsos[i].Estado == Solicitado {
		return tarea{clase: hacer, accion: Reembolsar, id: f.Reembolsos[i].ID, monto: f.Reembolsos[i].Monto}, f, nil
	}
	o := tarea{clase: hacer, accion: Reembolsar, id: r.ID, monto: r.Monto}
	if r.Monto == 0 {
		g, hallada, err := m.sincronizar(ctx, f)
		switch {
		case err != nil || !hallada:
			return o, f, primero(err, pagos.ErrSinPasarela)
		case g.de(r) != f.de(r) || g.siguienteTarea(m.ahora()).clase != nada:
			return o, g, errCambio // during the look another caller began this refund, or another call
		}
		f = g
		o.monto = f.resta()
		o.id = deResto(r.ID, o.monto)
	}
	switch resta := f.resta(); {
	case resta <= 0 && f.todoDevuelto():
		return o, f, pagos.ErrReembolsado
	case resta <= 0 || resta < o.monto:
		return o, f, pagos.ErrMonto
	}
	return o, f, nil
}

// deResto is the id of a refund of all that is left, which is monto centavos: a request under one idempotency key has
// one amount for ever.
func deResto(id string, monto money.Centavos) string {
	return id + "-" + strconv.FormatInt(int64(monto), 10)
}

// esDe reports whether the refund with the id belongs to r.
func esDe(id string, r pagos.Reembolso) bool {
	if r.Monto == 0 {
		return strings.HasPrefix(id, r.ID+"-")
	}
	return id == r.ID
}

// de is the index of the last refund that belongs to r; -1 = none.
func (f *CobroEntero) de(r pagos.Reembolso) int {
	for i, n := range slices.Backward(f.Reembolsos) {
		if esDe(n.ID, r) && !n.DeOtros() {
			return i
		}
	}
	return -1
}

// otroResto reports whether r, a refund of all that is left, was refused because less was left, and how much is left
// has become known.
func (f *CobroEntero) otroResto(r pagos.Reembolso) bool {
	i := f.de(r)
	if r.Monto != 0 || i < 0 || f.Reembolsos[i].Estado != Fallido || f.Reembolsos[i].Motivo != excedido {
		return false
	}
	resta := f.resta()
	return resta > 0 && resta != f.Reembolsos[i].Monto
}

// reembolsable is the answer to r, true with its error, where f decides it without a call of the gateway; false where r
// needs a call. Errors: those of pagos.Servicio.Reembolsar.
func (f *CobroEntero) reembolsable(r pagos.Reembolso) (bool, error) {
	if i := f.de(r); i >= 0 {
		mio := f.Reembolsos[i]
		switch {
		case r.Monto != 0 && mio.Monto != r.Monto:
			return true, pagos.ErrMonto
		case mio.Estado != Fallido:
			return mio.Estado == Hecho, nil
		case f.todoDevuelto():
			return true, pagos.ErrReembolsado
		}
		if f.otroResto(r) {
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
