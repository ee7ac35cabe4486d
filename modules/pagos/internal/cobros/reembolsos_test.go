package cobros_test

import (
	"errors"
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
	"despensa/modules/pagos/internal/gateway/gatewaytest"
	"despensa/platform/money"
)

// cobrado is a bank with one charge, of which the money was taken.
func cobrado(t *testing.T) *banco {
	t.Helper()
	b := nuevoBanco(t)
	b.cobrar()
	return b
}

// cobrar takes the money of one charge.
func (b *banco) cobrar() {
	b.t.Helper()
	b.autorizar(tarjeta("APRO"), nil)
	b.capturar(nil)
}

// deNuevo is b for another case: with one charge that was taken, and nothing else.
func (b *banco) deNuevo(t *testing.T) *banco {
	t.Helper()
	b.t = t
	b.vaciar()
	b.cobrar()
	return b
}

// panel gives centavos back as an operator does at the gateway's own panel.
func (b *banco) panel(clave string, centavos money.Centavos) {
	b.t.Helper()
	o := b.p.Orden(referencia)
	d := gateway.SolicitudDeReembolso{
		Acto:        gateway.Acto{Orden: o.ID, Clave: clave},
		Transaccion: o.Pago().ID,
		Monto:       centavos,
	}
	if _, err := b.p.Reembolsar(b.t.Context(), d); err != nil {
		b.t.Fatal(err)
	}
}

// niega makes the gateway refuse refunds with err; nil: it takes them again.
func (b *banco) niega(err error) {
	b.p.Niega = func(accion string) error {
		if accion == "reembolsar" {
			return err
		}
		return nil
	}
}

// TestRefundOfAllThatIsLeft (A5): how much is left is read at the gateway, whatever the row says.
func TestRefundOfAllThatIsLeft(t *testing.T) {
	tests := map[string]struct {
		antes func(b *banco)
		err   error
		monto money.Centavos // given back by this refund
		total money.Centavos // given back in all
	}{
		"nothing went back": {antes: func(*banco) {}, monto: monto, total: monto},
		"a part went back by us": {
			antes: func(b *banco) { b.reembolsar("a", 700, nil) },
			monto: monto - 700,
			total: monto,
		},
		"a part went back at the panel": {antes: func(b *banco) { b.panel("x", 5_000) },
			monto: monto - 5_000, total: monto},
		"two parts went back at the panel": {
			antes: func(b *banco) { b.panel("x", 5_000); b.panel("y", 5_000) },
			monto: monto - 10_000,
			total: monto,
		},
		"all went back at the panel": {antes: func(b *banco) { b.panel("x", monto) },
			err: pagos.ErrReembolsado, total: monto},
		"a part goes back at the panel meanwhile": {
			antes: func(b *banco) { b.entre(func() { b.panel("x", 5_000) }) },
			monto: monto - 5_000,
			total: monto,
		},
		// One refund of that amount is like another.
		"all goes back at the panel meanwhile": {
			antes: func(b *banco) { b.entre(func() { b.panel("x", monto) }) },
			monto: monto,
			total: monto,
		},
		"the gateway is silent": {antes: func(b *banco) {
			b.falla("leer", gatewaytest.Perdida, gatewaytest.Perdida)
		},
			err: pagos.ErrSinPasarela},
	}
	b := nuevoBanco(t)
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			b.deNuevo(t)
			tt.antes(b)
			if r := b.reembolsar("r", 0, tt.err); r.Monto != tt.monto {
				t.Errorf("it gave %d back, want %d", r.Monto, tt.monto)
			}
			b.p.Entra = nil
			if c, r := b.p.Saldo(); c != monto || r != tt.total {
				t.Errorf("the gateway took %d and gave %d back, want %d", c, r, tt.total)
			}
			if tt.err == nil {
				if r := b.reembolsar("r", 0, nil); r.Monto != tt.monto {
					t.Errorf("asked again it gave %d back", r.Monto)
				}
			}
			if _, r := b.p.Saldo(); r != tt.total {
				t.Errorf("asked again, %d went back in all", r)
			}
		})
	}
}

// entre does f once, when the next refund is on its way to the gateway.
func (b *banco) entre(f func()) {
	hecho := false
	b.p.Entra = func(accion string) {
		if accion == "reembolsar" && !hecho {
			hecho = true
			f()
		}
	}
}

// TestRefusedForGood (A6): a refund that the gateway refuses ends with its reason; it is not tried again.
func TestRefusedForGood(t *testing.T) {
	b := nuevoBanco(t)
	for motivo, negada := range map[string]error{
		"no-reembolsable":    gateway.ErrEstado,
		"peticion-rechazada": gateway.ErrPeticion,
		"monto-excesivo":     gateway.ErrExcede,
	} {
		for nombre, n := range map[string]money.Centavos{"a part": 500, "all that is left": 0} {
			t.Run(motivo+", "+nombre, func(t *testing.T) {
				b.deNuevo(t)
				b.niega(negada)
				for range 2 {
					if r := b.reembolsar("r", n, pagos.ErrReembolsoRechazado); r.Rechazo != motivo ||
						r.Monto != 0 {
						t.Errorf("got %+v", r)
					}
				}
				if veces := len(b.p.Claves("leer")); veces > 4 {
					t.Errorf("it looked %d times", veces)
				}
				b.niega(nil)
				b.revisar(time.Minute)
				b.saldo(monto, 0)
				b.reembolsar("s", n, nil)
			})
		}
	}
}

// A refusal of an order that the gateway is still working on is not the last word.
func TestRefusedWhileUndecided(t *testing.T) {
	b := cobrado(t)
	b.niega(gateway.ErrEstado)
	b.p.Miente = func(accion string, o *gateway.Orden) {
		if accion == "leer" {
			o.Pagos, o.Estado = nil, gateway.EnProceso
		}
	}
	if _, err := b.Reembolsar(t.Context(), pagos.Reembolso{Intento: intento(1), ID: "r", Monto: 500}); err == nil ||
		errors.Is(err, pagos.ErrReembolsoRechazado) && b.cobroEntero().Vista != gateway.Cobrada {
		t.Fatalf("got %v", err)
	}
	b.p.Miente = nil
}

// TestUndoingThatIsRefused: the gateway will not give back the money of an undone intento. The money stays, and the
// reason is shown, until an operator gives it back at the panel; the outbox then has a notice of it.
func TestUndoingThatIsRefused(t *testing.T) {
	b := cobrado(t)
	b.niega(gateway.ErrEstado)
	for range 2 {
		r := b.anular(pagos.ErrReembolsoRechazado)
		if r.Rechazo != "no-reembolsable" || r.Cobrado != monto || r.Reembolsado != 0 {
			t.Fatalf("got %+v", r)
		}
	}
	b.reembolsar("r", 100, pagos.ErrReembolsoRechazado)
	intentos := len(b.p.Claves("reembolsar"))
	b.revisar(2 * time.Hour)
	if n := len(b.p.Claves("reembolsar")); n != intentos {
		t.Errorf("refused for good, it was asked %d times more", n-intentos)
	}
	b.niega(nil)
	avisados := b.avisados()
	b.panel("x", monto)
	b.webhook("s1")
	b.revisar(10 * time.Second)
	b.espera(pagos.Reembolsado)
	b.saldo(monto, monto)
	if b.avisados() == avisados {
		t.Error("nobody was told")
	}
	b.anular(nil)
}

// TestPanel (A8): money that goes back without us is seen by notice, by poll and by a look, and told; Recibo says that
// it was not us.
func TestPanel(t *testing.T) {
	ver := map[string]func(b *banco){
		"notice": func(b *banco) { b.webhook("s1"); b.revisar(10 * time.Second) },
		"poll":   func(b *banco) { b.revisar(90 * time.Minute) },
		"look": func(b *banco) {
			if err := b.Repasar(b.t.Context(), []pagos.Intento{intento(9), intento(1)}); err != nil {
				b.t.Fatal(err)
			}
		},
	}
	b := nuevoBanco(t)
	for nombre, mirar := range ver {
		for n, estado := range map[money.Centavos]pagos.Estado{5_000: pagos.Cobrado, monto: pagos.Reembolsado} {
			t.Run(nombre+" "+string(estado), func(t *testing.T) {
				b.deNuevo(t)
				b.reembolsar("a", 100, nil)
				n := min(n, monto-100)
				avisados := b.avisados()
				b.panel("x", n)
				mirar(b)
				r, err := b.Consultar(t.Context(), intento(1))
				if err != nil || r.Estado != estado || r.Ajeno != n || r.Reembolsado != n+100 ||
					r.Contracargo {
					t.Fatalf("got %+v, %v", r, err)
				}
				if got := b.avisados() - avisados; got != 1 {
					t.Errorf("told %d times", got)
				}
			})
		}
	}
}

// TestChargeback marks the charge; the amounts stay as they are.
func TestChargeback(t *testing.T) {
	b := cobrado(t)
	b.p.Miente = func(_ string, o *gateway.Orden) { o.Contracargo = true }
	b.webhook("s1")
	b.revisar(10 * time.Second)
	r, err := b.Consultar(t.Context(), intento(1))
	if err != nil || !r.Contracargo || r.Estado != pagos.Cobrado || r.Reembolsado != 0 ||
		b.avisados() != 1 {
		t.Fatalf("got %+v, %v, told %d times", r, err, b.avisados())
	}
	b.p.Miente = nil
	b.webhook("s2")
	b.revisar(10 * time.Second)
	if r, _ = b.Consultar(t.Context(), intento(1)); r.Contracargo || b.avisados() != 2 {
		t.Errorf("a dispute that was won: %+v", r)
	}
}

// TestLooksAtOldMoney: a charge is looked at a few times in all, and no more once nothing can go back.
func TestLooksAtOldMoney(t *testing.T) {
	b := cobrado(t)
	antes := b.p.Veces("leer")
	for range 400 {
		b.r.pasar(12 * time.Hour)
		if _, err := b.RevisarDebidos(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := b.p.Veces("leer") - antes; n < 5 || n > 14 {
		t.Errorf("%d looks in 200 days", n)
	}
	if f := b.cobroEntero(); !f.Debe.IsZero() {
		t.Errorf("it is due at %s", f.Debe)
	}
}

// TestRepasar: a payment stays as it was last known while the gateway does not answer. The gateway is not asked about a
// payment that holds no money.
func TestRepasar(t *testing.T) {
	b := cobrado(t)
	b.falla("leer", gatewaytest.Perdida)
	if err := b.Repasar(t.Context(), []pagos.Intento{intento(1)}); !errors.Is(
		err,
		pagos.ErrSinPasarela,
	) {
		t.Errorf("got %v", err)
	}
	b.reembolsar("r", monto, nil)
	antes := b.p.Veces("leer")
	if err := b.Repasar(t.Context(), []pagos.Intento{intento(1), intento(2)}); err != nil ||
		b.p.Veces("leer") != antes {
		t.Errorf("got %v, %d looks", err, b.p.Veces("leer")-antes)
	}
	if _, err := b.Consultar(t.Context(), intento(2)); !errors.Is(err, pagos.ErrSinCobro) {
		t.Errorf("got %v", err)
	}
}
