package fases

import (
	"context"
	"time"

	"despensa/modules/pagos"
	"despensa/platform/money"
)

// pagosFalsa keeps one payment per intento. A voucher is paid at pagada.
type pagosFalsa struct {
	m      *mundo
	cobros map[int]*pagos.Recibo
	hechos map[string]bool // refunds by id
	pagada time.Time
}

func nuevaPagos(m *mundo) *pagosFalsa {
	return &pagosFalsa{m: m, cobros: map[int]*pagos.Recibo{}, hechos: map[string]bool{}, pagada: t0.Add(10 * time.Hour)}
}

func (f *pagosFalsa) Autorizar(_ context.Context, o pagos.Orden) (pagos.Recibo, error) {
	hecha, err := f.m.llaman("pagos.Autorizar")
	if hecha {
		return pagos.Recibo{}, err
	}
	c := f.cobros[o.Numero]
	if c == nil {
		c = &pagos.Recibo{Estado: pagos.Reservado}
		f.cobros[o.Numero] = c
	}
	switch {
	case c.Estado == pagos.Anulado:
		return *c, pagos.ErrAnulado
	case o.Metodo.Lento() && f.m.ahora.Before(f.pagada):
		c.Estado = pagos.Pendiente
		return *c, primero(err, pagos.ErrPendiente)
	case o.Metodo.Lento():
		c.Estado, c.Cobrado = pagos.Cobrado, o.Monto
	}
	return *c, err
}

func (f *pagosFalsa) Capturar(_ context.Context, i pagos.Intento) (pagos.Recibo, error) {
	hecha, err := f.m.llaman("pagos.Capturar")
	c := f.cobros[i.Numero]
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

func (f *pagosFalsa) Anular(_ context.Context, i pagos.Intento) (pagos.Recibo, error) {
	hecha, err := f.m.llaman("pagos.Anular")
	if hecha {
		return pagos.Recibo{}, err
	}
	c := f.cobros[i.Numero]
	if c == nil {
		c = &pagos.Recibo{}
		f.cobros[i.Numero] = c
	}
	c.Estado, c.Reembolsado = pagos.Anulado, c.Cobrado
	return *c, err
}

func (f *pagosFalsa) Reembolsar(_ context.Context, r pagos.Reembolso) (pagos.Recibo, error) {
	hecha, err := f.m.llaman("pagos.Reembolsar")
	c := f.cobros[r.Numero]
	switch {
	case hecha:
		return pagos.Recibo{}, err
	case c.Estado == pagos.Anulado:
		return *c, pagos.ErrAnulado
	case !f.hechos[r.ID]:
		c.Reembolsado += r.Monto
		f.hechos[r.ID] = true
	}
	return *c, err
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
