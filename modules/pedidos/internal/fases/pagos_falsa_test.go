package fases

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pagos"
	"despensa/platform/money"
)

// pagosFalsa keeps one payment per intento. A voucher is paid at the time pagada.
type pagosFalsa struct {
	m      *mundo
	cobros map[int]*pagos.Recibo
	hechos map[string]money.Centavos // refunds by id
	pagada time.Time
	// rechazo is the reason that a refused refund has beside its error.
	rechazo string
}

func nuevaPagos(mundo *mundo) *pagosFalsa {
	return &pagosFalsa{
		m:      mundo,
		cobros: map[int]*pagos.Recibo{},
		hechos: map[string]money.Centavos{},
		pagada: t0.Add(10 * time.Hour),
	}
}

func (f *pagosFalsa) Autorizar(
	_ context.Context,
	ordenDePago pagos.OrdenDePago,
) (pagos.Recibo, error) {
	hecha, err := f.m.llaman("pagos.Autorizar")
	if hecha {
		return pagos.Recibo{}, err
	}
	c := f.cobros[ordenDePago.Numero]
	if c == nil {
		c = &pagos.Recibo{Estado: pagos.Reservado}
		f.cobros[ordenDePago.Numero] = c
	}
	switch {
	case c.Estado == pagos.Anulado:
		return *c, pagos.ErrAnulado
	case ordenDePago.Metodo.Lento() && f.m.ahora.Before(f.pagada):
		c.Estado = pagos.Pendiente
		return *c, primero(err, pagos.ErrPendiente)
	case ordenDePago.Metodo.Lento():
		c.Estado, c.Cobrado = pagos.Cobrado, ordenDePago.Monto
	}
	return *c, err
}

func (f *pagosFalsa) Capturar(_ context.Context, intento pagos.Intento) (pagos.Recibo, error) {
	hecha, err := f.m.llaman("pagos.Capturar")
	c := f.cobros[intento.Numero]
	switch {
	case hecha:
		return pagos.Recibo{}, err
	case c == nil:
		return pagos.Recibo{}, pagos.ErrSinCobro
	case c.Estado == pagos.Anulado:
		return *c, pagos.ErrAnulado
	}
	c.Estado, c.Cobrado = pagos.Cobrado, total
	return *c, err
}

func (f *pagosFalsa) Anular(_ context.Context, intento pagos.Intento) (pagos.Recibo, error) {
	hecha, err := f.m.llaman("pagos.Anular")
	c := f.cobros[intento.Numero]
	if hecha && c != nil && errors.Is(err, pagos.ErrReembolsoRechazado) {
		r := *c
		r.Rechazo = f.rechazo
		return r, err
	}
	if hecha {
		return pagos.Recibo{}, err
	}
	if c == nil {
		c = &pagos.Recibo{}
		f.cobros[intento.Numero] = c
	}
	c.Estado, c.Reembolsado = pagos.Anulado, c.Cobrado
	return *c, err
}

// Reembolsar gives back once per id, as the contract of pagos says.
func (f *pagosFalsa) Reembolsar(
	_ context.Context,
	reembolso pagos.Reembolso,
) (pagos.Devuelto, error) {
	hecha, err := f.m.llaman("pagos.Reembolsar")
	c := f.cobros[reembolso.Numero]
	if hecha {
		return pagos.Devuelto{Recibo: pagos.Recibo{Rechazo: f.rechazo}}, err
	}
	if c.Estado == pagos.Anulado {
		return pagos.Devuelto{Recibo: *c}, pagos.ErrAnulado
	}
	n, hecho := f.hechos[reembolso.ID]
	if n == 0 {
		n = reembolso.Monto
	}
	if n == 0 {
		n = c.Cobrado - c.Reembolsado
	}
	switch {
	case !hecho && c.TodoDevuelto():
		return pagos.Devuelto{Recibo: *c}, pagos.ErrReembolsado
	case !hecho && c.Reembolsado+n > c.Cobrado:
		return pagos.Devuelto{Recibo: *c}, pagos.ErrMonto
	case !hecho:
		c.Reembolsado += n
		f.hechos[reembolso.ID] = n
	}
	return pagos.Devuelto{Recibo: *c, Monto: n}, err
}

func (f *pagosFalsa) Consultar(_ context.Context, intento pagos.Intento) (pagos.Recibo, error) {
	hecha, err := f.m.llaman("pagos.Consultar")
	if c := f.cobros[intento.Numero]; !hecha && c != nil {
		return *c, err
	}
	return pagos.Recibo{}, primero(err, pagos.ErrSinCobro)
}

func (f *pagosFalsa) Repasar(context.Context, []pagos.Intento) error { return nil }

// panel gives centavos of the first intento back as an operator does at the gateway's own panel.
func (f *pagosFalsa) panel(centavos money.Centavos) {
	c := f.cobros[1]
	c.Reembolsado += centavos
	c.Ajeno += centavos
	if c.TodoDevuelto() {
		c.Estado = pagos.Reembolsado
	}
}

// queda is the money that the house keeps.
func (f *pagosFalsa) queda() (n money.Centavos) {
	for _, c := range f.cobros {
		n += c.Cobrado - c.Reembolsado
	}
	return n
}

func primero(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
