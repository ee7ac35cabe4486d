package cobros_test

import (
	"errors"
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
	"despensa/modules/pagos/internal/gateway/gatewaytest"
)

func isAnulado(err error) bool { return errors.Is(err, pagos.ErrAnulado) }

func TestPendingPayments(t *testing.T) {
	voucher := func(b *banco) { b.autorizar(lenta(alba.Add(time.Hour)), pagos.ErrPendiente) }
	tests := map[string]struct {
		antes, luego func(b *banco)
		espera       time.Duration
		estado       pagos.Estado
		avisos       int64
		otra         error // of one more Autorizar
	}{
		"paid, found by poll": {
			antes:  voucher,
			luego:  func(b *banco) { b.p.Poner(referencia, gateway.Cobrada) },
			espera: 25 * time.Minute,
			estado: pagos.Cobrado,
			avisos: 1,
		},
		"paid, found by notice": {antes: voucher,
			luego: func(b *banco) { b.p.Poner(referencia, gateway.Cobrada); b.webhook("n") }, espera: 5 * time.Second,
			estado: pagos.Cobrado, avisos: 1},
		"not paid in time": {
			antes:  voucher,
			luego:  func(*banco) {},
			espera: 70 * time.Minute,
			estado: pagos.Vencido,
			avisos: 1,
			otra:   pagos.ErrVencido,
		},
		"decided against": {
			antes:  func(b *banco) { b.autorizar(tarjeta("CONT"), pagos.ErrPendiente) },
			luego:  func(b *banco) { b.p.Poner(referencia, gateway.Rechazada) },
			espera: 25 * time.Minute,
			estado: pagos.Rechazado,
			avisos: 1,
			otra:   pagos.ErrRechazado,
		},
		"not decided": {
			antes:  func(b *banco) { b.autorizar(tarjeta("CONT"), pagos.ErrPendiente) },
			luego:  func(*banco) {},
			espera: 20 * time.Minute,
			estado: pagos.Pendiente,
			otra:   pagos.ErrPendiente,
		},
		"a reservation that lapsed": {
			antes:  func(b *banco) { b.autorizar(tarjeta("APRO"), nil) },
			luego:  func(b *banco) { b.p.Poner(referencia, gateway.Cancelada) },
			espera: 2 * time.Hour,
			estado: pagos.Vencido,
			avisos: 1,
			otra:   pagos.ErrVencido,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			b := nuevoBanco(t)
			tt.antes(b)
			tt.luego(b)
			b.revisar(tt.espera)
			b.espera(tt.estado)
			if n := b.avisados(); n != tt.avisos {
				t.Errorf("%d announcements, want %d", n, tt.avisos)
			}
			b.autorizar(tarjeta("APRO"), tt.otra)
		})
	}
}

// TestVoucherIsCancelledBeforeItRunsOut: a voucher is vencido only when the gateway has confirmed its cancellation.
func TestVoucherIsCancelledBeforeItRunsOut(t *testing.T) {
	b := nuevoBanco(t)
	b.autorizar(lenta(alba.Add(time.Minute)), pagos.ErrPendiente)
	b.p.Falla = func(a string) gatewaytest.Falla {
		if a == "cancelar" {
			return gatewaytest.Perdida
		}
		return gatewaytest.Ninguna
	}
	b.revisar(3 * time.Minute)
	b.espera(pagos.Pendiente)
	b.p.Poner(referencia, gateway.Cobrada) // at the last moment
	b.revisar(15 * time.Minute)
	b.espera(pagos.Cobrado)
}

func TestBackoffOfPolls(t *testing.T) {
	b := nuevoBanco(t)
	b.autorizar(tarjeta("CONT"), pagos.ErrPendiente)
	ya := b.p.Veces("leer")
	b.revisar(59 * time.Minute)
	if n := b.p.Veces("leer") - ya; n < 8 || n > 13 { // 10 s, 20 s, … 10 min
		t.Errorf("%d looks in an hour", n)
	}
}

func TestCapturar(t *testing.T) {
	reservada := func(b *banco) { b.autorizar(tarjeta("APRO"), nil) }
	tests := map[string]struct {
		antes func(b *banco)
		err   error
	}{
		"reserved":      {reservada, nil},
		"nothing there": {func(*banco) {}, pagos.ErrSinCobro},
		"not decided": {
			func(b *banco) { b.autorizar(tarjeta("CONT"), pagos.ErrPendiente) },
			pagos.ErrPendiente,
		},
		"lapsed, nobody knew": {
			func(b *banco) { reservada(b); b.p.Poner(referencia, gateway.Cancelada) },
			pagos.ErrVencido,
		},
		"taken, nobody knew": {
			func(b *banco) { reservada(b); b.p.Poner(referencia, gateway.Cobrada) },
			nil,
		},
		"declined": {
			func(b *banco) { b.autorizar(tarjeta("FUND"), pagos.ErrRechazado) },
			pagos.ErrRechazado,
		},
		"charged at once": {
			func(b *banco) { o := tarjeta("APRO"); o.Metodo = pagos.TarjetaDebito; b.autorizar(o, nil) },
			nil,
		},
		"the gateway is silent": {
			func(b *banco) { reservada(b); b.falla("capturar", gatewaytest.Perdida) },
			pagos.ErrSinPasarela,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			b := nuevoBanco(t)
			tt.antes(b)
			r := b.capturar(tt.err)
			if tt.err == nil && r.Cobrado != monto {
				t.Errorf("got %+v", r)
			}
		})
	}
}

func TestReembolsar(t *testing.T) {
	b := nuevoBanco(t)
	b.reembolsar("r", 1, pagos.ErrSinCobro)
	b.autorizar(tarjeta("APRO"), nil)
	b.reembolsar("r", 1, pagos.ErrSinCobro)
	b.capturar(nil)
	b.reembolsar("r", -1, pagos.ErrMonto)
	b.reembolsar("", 1, pagos.ErrMonto)
	b.reembolsar("r", monto+1, pagos.ErrMonto)
	b.reembolsar("r", 5_000, nil)
	b.reembolsar("r", 5_000, nil)
	b.reembolsar("r", 6_000, pagos.ErrMonto) // the same id is another refund
	b.reembolsar("s", 15_001, pagos.ErrMonto)
	b.saldo(monto, 5_000)
	b.espera(pagos.Cobrado)
	b.reembolsar("s", 15_000, nil)
	b.saldo(monto, monto)
	b.espera(pagos.Reembolsado)
}

// TestOneRefundAtATime: a refund that lost its answer is finished before the next one. The gateway's refund is matched
// to it, although the next one has the same amount.
func TestOneRefundAtATime(t *testing.T) {
	b := nuevoBanco(t)
	b.autorizar(tarjeta("APRO"), nil)
	b.capturar(nil)
	b.falla("reembolsar", gatewaytest.Muda)
	b.reembolsar("r", 500, pagos.ErrSinPasarela)
	b.reembolsar("s", 500, nil)
	b.reembolsar("r", 500, nil)
	b.saldo(monto, 1_000)
}

// TestRefundsOfOthersCount: money that an operator gave back at the provider's own page is not given back again.
func TestRefundsOfOthersCount(t *testing.T) {
	b := nuevoBanco(t)
	b.autorizar(tarjeta("APRO"), nil)
	b.capturar(nil)
	o := b.p.Orden(referencia)
	ajeno := gateway.SolicitudDeReembolso{
		Acto:        gateway.Acto{Orden: o.ID, Clave: "a mano"},
		Transaccion: o.Pago().ID,
		Monto:       19_000,
	}
	if _, err := b.p.Reembolsar(t.Context(), ajeno); err != nil {
		t.Fatal(err)
	}
	if r := b.reembolsar("r", 2_000, pagos.ErrReembolsoRechazado); r.Rechazo != "monto-excesivo" {
		t.Errorf("got %+v", r)
	}
	b.saldo(monto, 19_000)
	b.reembolsar("s", 1_000, nil)
	b.saldo(monto, monto)
}
