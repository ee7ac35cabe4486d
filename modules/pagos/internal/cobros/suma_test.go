package cobros_test

import (
	"fmt"
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway/gatewaytest"
	"despensa/platform/money"

	"pgregory.net/rapid"
)

// TestSumsAgree: for any sequence of calls, with any of them going wrong in any way, the row and the gateway agree
// about the amounts taken and given back once all is quiet, and no more is given back than was taken.
func TestSumsAgree(t *testing.T) {
	b := nuevoBanco(t)
	rapid.Check(t, func(rt *rapid.T) {
		b.vaciar()
		fallas := rapid.SliceOfN(rapid.SampledFrom([]gatewaytest.Falla{gatewaytest.Ninguna, gatewaytest.Ninguna,
			gatewaytest.Perdida, gatewaytest.Muda, gatewaytest.Ocupada, gatewaytest.ClaveRota}), 30, 30).
			Draw(rt, "fallas")
		b.p.Falla = func(string) gatewaytest.Falla {
			if len(fallas) == 0 {
				return gatewaytest.Ninguna
			}
			f := fallas[0]
			fallas = fallas[1:]
			return f
		}
		for i, paso := range rapid.SliceOfN(rapid.IntRange(0, 5), 1, 14).Draw(rt, "pasos") {
			b.hacer(rt, i, paso)
			if c, r := b.p.Saldo(); r > c || c > monto {
				rt.Fatalf("took %d, gave %d back", c, r)
			}
		}
		fallas = nil
		b.p.Falla = nil
		b.revisar(2 * time.Hour)
		b.cuadrar(rt)
	})
}

// TestNobodySeesHalfARefund: a reader that comes while refunds are being made sees a Reembolsado that is the sum of the
// refunds it sees.
func TestNobodySeesHalfARefund(t *testing.T) {
	b := nuevoBanco(t)
	b.autorizar(tarjeta("APRO"), nil)
	b.capturar(nil)
	fin := make(chan struct{})
	go func() {
		defer close(fin)
		for i := range 60 {
			_, err := b.Reembolsar(
				t.Context(),
				pagos.Reembolso{Intento: intento(1), ID: fmt.Sprint("r", i), Monto: 1},
			)
			if err != nil {
				t.Error(err)
			}
		}
	}()
	for lecturas := 0; ; lecturas++ {
		f, _, err := b.s.PorID(t.Context(), pagoID)
		if err != nil {
			t.Error(err)
		}
		hechos := money.Centavos(0)
		for _, r := range f.Reembolsos {
			if r.Estado == "hecho" {
				hechos += r.Monto
			}
		}
		if hechos != f.Reembolsado {
			t.Errorf(
				"read %d: %d given back, the refunds are %d",
				lecturas,
				f.Reembolsado,
				hechos,
			)
			<-fin
			return
		}
		select {
		case <-fin:
			return
		default:
		}
	}
}

// hacer makes one call. Its error is ignored: TestSumsAgree checks the amounts that the calls leave.
func (b *banco) hacer(rt *rapid.T, i, paso int) {
	ctx := b.t.Context()
	switch paso {
	case 0:
		_, _ = b.Autorizar(ctx, tarjeta("APRO"))
	case 1:
		_, _ = b.Capturar(ctx, intento(1))
	case 2, 3:
		m := money.Centavos(rapid.IntRange(1, int(monto)/2).Draw(rt, "monto"))
		r := pagos.Reembolso{Intento: intento(1), ID: fmt.Sprint("r", i), Monto: m}
		_, _ = b.Reembolsar(ctx, r)
		_, _ = b.Reembolsar(ctx, r)
	case 4:
		b.r.pasar(20 * time.Second)
		_, _ = b.RevisarDebidos(ctx)
	case 5:
		if rapid.IntRange(0, 3).Draw(rt, "anular") == 0 {
			_, _ = b.Anular(ctx, intento(1))
		}
	}
}

func (b *banco) cuadrar(rt *rapid.T) {
	c, r := b.p.Saldo()
	f, hay, err := b.s.PorID(b.t.Context(), pagoID)
	if err != nil {
		rt.Fatal(err)
	}
	if f.Cobrado != c || f.Reembolsado != r {
		rt.Fatalf(
			"gateway took %d and gave %d back, row (%v) says %d and %d",
			c,
			r,
			hay,
			f.Cobrado,
			f.Reembolsado,
		)
	}
	if n := b.p.Veces("crear"); n > 1 {
		rt.Fatalf("%d charges", n)
	}
	if f.Anulado && c != r {
		rt.Fatalf("undone, but took %d and gave %d back", c, r)
	}
	for _, x := range f.Reembolsos {
		if x.Estado == "pedido" {
			rt.Fatalf("refund %s was never finished", x.ID)
		}
	}
}
