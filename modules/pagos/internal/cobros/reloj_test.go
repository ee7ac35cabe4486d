package cobros_test

import (
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
	"despensa/modules/pagos/internal/gateway/gatewaytest"
)

// nunca is so far away that nothing is due after it.
var nunca = alba.Add(100 * 365 * 24 * time.Hour)

const cuatroAnios = 4 * 365 * 24 * time.Hour

// TestAClockThatWasAhead: a charge or notice that began while the clock said 2030, or tomorrow, goes on as soon as the
// clock is right again, and is charged once.
func TestAClockThatWasAhead(t *testing.T) {
	tests := map[string]struct {
		antes, luego func(b *banco)
		tras         time.Duration // of the right clock
		estado       pagos.Estado
		cobrado      int64
	}{
		"an answer was lost": {
			antes: func(b *banco) {
				b.p.Falla = func(a string) gatewaytest.Falla {
					return map[string]gatewaytest.Falla{"crear": gatewaytest.Muda, "buscar": gatewaytest.Perdida}[a]
				}
				b.autorizar(tarjeta("APRO"), pagos.ErrSinPasarela)
			},
			luego:  func(b *banco) { b.p.Falla = nil },
			tras:   time.Minute,
			estado: pagos.Reservado,
		},
		"the process died in a call": {
			antes: func(b *banco) {
				b.autorizar(tarjeta("APRO"), nil)
				futuro := b.r.ahora().Add(time.Hour).UnixMilli()
				b.sql(
					"update cobros set accion = 'capturar', hasta = ?, debe = ?",
					futuro,
					futuro,
				)
			},
			luego:  func(b *banco) { b.capturar(nil) },
			tras:   time.Minute,
			estado: pagos.Cobrado, cobrado: int64(monto),
		},
		"a voucher is paid": {
			antes:  func(b *banco) { b.autorizar(lenta(b.r.ahora().Add(72*time.Hour)), pagos.ErrPendiente) },
			luego:  func(b *banco) { b.p.Poner(referencia, gateway.Cobrada) },
			tras:   time.Minute,
			estado: pagos.Cobrado, cobrado: int64(monto),
		},
		"a notice waits": {
			antes: func(b *banco) {
				b.autorizar(lenta(b.r.ahora().Add(72*time.Hour)), pagos.ErrPendiente)
				b.p.Poner(referencia, gateway.Cobrada)
				b.webhook("n")
				b.sql("update cobros set debe = null")
			},
			tras:   time.Minute,
			estado: pagos.Cobrado, cobrado: int64(monto),
		},
	}
	for nombre, tt := range tests {
		for cuanto, adelanto := range map[string]time.Duration{"2030": cuatroAnios, "tomorrow": 24 * time.Hour} {
			t.Run(nombre+", "+cuanto, func(t *testing.T) {
				b := nuevoBanco(t)
				b.r.pasar(adelanto)
				tt.antes(b)
				b.r.pasar(-adelanto)
				if tt.luego != nil {
					tt.luego(b)
				}
				b.revisar(tt.tras)
				b.espera(tt.estado)
				if c, _ := b.p.Saldo(); int64(c) != tt.cobrado {
					t.Errorf("the gateway took %d, want %d", c, tt.cobrado)
				}
			})
		}
	}
}

// A notice of an unknown order that came in 2030 is given up after its days, and removed.
func TestANoticeFrom2030(t *testing.T) {
	b := nuevoBanco(t)
	b.r.pasar(cuatroAnios)
	b.webhook("n1")
	b.r.pasar(-cuatroAnios)
	b.revisar(8 * 24 * time.Hour)
	if n, err := b.Limpiar(t.Context()); err != nil || n != 1 {
		t.Errorf("removed %d, %v", n, err)
	}
}

// A voucher's three days and the hour between two looks at reserved money are no fault of a clock: neither is looked
// at before its time.
func TestLawfulWaits(t *testing.T) {
	for nombre, x := range map[string]struct {
		orden pagos.OrdenDePago
		error error
		hasta time.Duration
	}{
		"reserved money": {orden: tarjeta("APRO"), hasta: 59 * time.Minute},
		"a voucher":      {orden: lenta(alba.Add(72 * time.Hour)), error: pagos.ErrPendiente, hasta: 9 * time.Second},
	} {
		t.Run(nombre, func(t *testing.T) {
			b := nuevoBanco(t)
			b.autorizar(x.orden, x.error)
			antes := b.cobroEntero().Version
			b.r.pasar(x.hasta)
			if n, err := b.RevisarDebidos(t.Context()); n != 0 || err != nil ||
				b.cobroEntero().Version != antes {
				t.Errorf("%d looked at before their time: %v", n, err)
			}
		})
	}
}
