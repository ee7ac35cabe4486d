package cobros_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
	"despensa/modules/pagos/internal/gateway/gatewaytest"
	"despensa/platform/money"
)

// mentira changes an answer of the gateway to one that is not true.
type mentira = func(o *gateway.Orden)

func deMonto(centavos money.Centavos) mentira {
	return func(o *gateway.Orden) {
		o.Total, o.Pagado = gateway.Dice(centavos), gateway.Importe{}
		o.Pagos = slices.Clone(o.Pagos)
		o.Pagos[0].Importe, o.Pagos[0].Pagado = gateway.Dice(centavos), gateway.Importe{}
	}
}

// dudosas are the lies that are no answer.
var dudosas = map[string]mentira{
	"orden":          func(o *gateway.Orden) { o.ID = "" },
	"referencia":     func(o *gateway.Orden) { o.Referencia = "de-otro-1" },
	"sin_referencia": func(o *gateway.Orden) { o.Referencia = "" },
	"moneda":         func(o *gateway.Orden) { o.Moneda = "USD" },
	"monto_ilegible": func(o *gateway.Orden) { o.Total = gateway.Ilegible },
	"sin_pago":       func(o *gateway.Orden) { o.Pagos = nil },
	"pago_fallido":   func(o *gateway.Orden) { o.Pagos = []gateway.Pago{{ID: "PAY1", Estado: gateway.Rechazada}} },
}

// siempre lies in every answer, en only in the first one to an action.
func (b *banco) siempre(mentira mentira) {
	b.p.Miente = func(_ string, o *gateway.Orden) { mentira(o) }
}
func (b *banco) una(accion string, mentira mentira) {
	ya := false
	b.p.Miente = func(a string, o *gateway.Orden) {
		if a == accion && !ya {
			ya = true
			mentira(o)
		}
	}
}

// TestNobodyIsChargedByALie: a charge that the gateway cannot have made is looked for
// until it tells the truth; meanwhile nothing is adopted, and nothing given back.
func TestNobodyIsChargedByALie(t *testing.T) {
	b := nuevoBanco(t)
	debito := tarjeta("APRO")
	debito.Metodo = pagos.TarjetaDebito
	for nombre, m := range dudosas {
		t.Run(nombre, func(t *testing.T) {
			b.t = t
			b.vaciar()
			b.siempre(m)
			for range 3 {
				b.autorizar(debito, pagos.ErrSinPasarela)
				b.revisar(time.Minute)
			}
			if f := b.cobroEntero(); f.Orden != "" || f.Cobrado != 0 || f.Cierre != "" {
				t.Fatalf("adopted: %+v", f.Cobro)
			}
			if b.p.Veces("crear") != 1 || b.p.Veces("reembolsar") != 0 {
				t.Fatal("charged again, or given back")
			}
			if b.dudas(nombre) == 0 {
				t.Error("nobody was told")
			}
			b.p.Miente = nil
			b.autorizar(debito, nil)
			b.saldo(monto, 0)
		})
	}
}

// TestALieOnce: each call's answer is a lie once; the truth is read, and there is one effect.
func TestALieOnce(t *testing.T) {
	b := nuevoBanco(t)
	pasos := []struct {
		accion string
		hacer  func(b *banco) error
	}{
		{
			"crear",
			func(b *banco) error { _, err := b.Autorizar(b.t.Context(), tarjeta("APRO")); return err },
		},
		{
			"capturar",
			func(b *banco) error { _, err := b.Capturar(b.t.Context(), intento(1)); return err },
		},
		{"reembolsar", func(b *banco) error {
			_, err := b.Reembolsar(
				b.t.Context(),
				pagos.Reembolso{Intento: intento(1), ID: "r", Monto: 700},
			)
			return err
		}},
		{
			"reembolsar",
			func(b *banco) error { _, err := b.Anular(b.t.Context(), intento(1)); return err },
		},
	}
	for nombre, m := range dudosas {
		for i, mala := range pasos {
			t.Run(mala.accion+" "+nombre, func(t *testing.T) {
				b.t = t
				b.vaciar()
				for j, p := range pasos {
					if b.p.Miente = nil; i == j {
						b.una(p.accion, m)
					}
					err := errors.New("not yet")
					for n := 0; n < 4 && err != nil; n++ {
						err = p.hacer(b)
					}
					if err != nil {
						t.Fatalf("%s: %v", p.accion, err)
					}
				}
				b.saldo(monto, monto)
				if b.p.Veces("crear") != 1 || b.p.Veces("capturar") != 1 ||
					b.p.Veces("reembolsar") != 2 {
					t.Error("more than one effect")
				}
			})
		}
	}
}

// TestAnotherAmount: the payment of another amount goes back, and the intento ends with a
// reason of its own.
func TestAnotherAmount(t *testing.T) {
	b := nuevoBanco(t)
	credito, debito := tarjeta("APRO"), tarjeta("APRO")
	debito.Metodo = pagos.TarjetaDebito
	tests := map[string]struct {
		orden   pagos.OrdenDePago
		montos  money.Centavos
		estado  pagos.Estado
		anulada bool // the order at the gateway is voided
	}{
		"reserved, less": {
			orden:   credito,
			montos:  100,
			estado:  pagos.Rechazado,
			anulada: true,
		},
		"reserved, more": {
			orden:   credito,
			montos:  10 * monto,
			estado:  pagos.Rechazado,
			anulada: true,
		},
		"charged, less": {orden: debito, montos: 100, estado: pagos.Reembolsado},
		"a voucher of less": {
			orden:   lenta(alba.Add(time.Hour)),
			montos:  100,
			estado:  pagos.Rechazado,
			anulada: true,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			b.t = t
			b.vaciar()
			b.siempre(deMonto(tt.montos))
			if r := b.autorizar(tt.orden, pagos.ErrRechazado); r.Motivo != "monto-distinto" {
				t.Fatalf("got %+v", r)
			}
			if n := b.dudas("monto"); n != 1 {
				t.Errorf("told %d times", n)
			}
			b.revisar(10 * time.Minute)
			b.espera(tt.estado)
			b.capturar(pagos.ErrRechazado)
			if o := b.p.Orden(referencia); (o.Estado == gateway.Cancelada) != tt.anulada {
				t.Errorf("the order is %s", o.Estado)
			}
			if f := b.cobroEntero(); f.Cobrado != f.Reembolsado || !f.Debe.IsZero() {
				t.Errorf("left: %+v", f.Cobro)
			}
		})
	}
}

// TestAnotherAmountWasTaken: the gateway took it, and says so at whatever call.
func TestAnotherAmountWasTaken(t *testing.T) {
	b := nuevoBanco(t)
	tests := map[string]func(b *banco){
		"the capture's answer": func(b *banco) {
			b.p.Entra = func(accion string) {
				if accion == "reembolsar" {
					return
				}
				b.p.Entra = nil
				b.p.Cobrar(referencia, 100)
			}
			b.capturar(pagos.ErrRechazado)
		},
		"found by poll":   func(b *banco) { b.p.Cobrar(referencia, 100); b.revisar(2 * time.Hour) },
		"found by notice": func(b *banco) { b.p.Cobrar(referencia, 100); b.webhook("n"); b.revisar(time.Minute) },
		"found by undoing": func(b *banco) {
			b.p.Cobrar(referencia, 100)
			b.anular(nil)
		},
	}
	for nombre, pasa := range tests {
		t.Run(nombre, func(t *testing.T) {
			b.t = t
			b.vaciar()
			b.autorizar(tarjeta("APRO"), nil)
			pasa(b)
			b.revisar(10 * time.Minute)
			b.espera(pagos.Reembolsado)
			b.saldo(100, 100)
		})
	}
}

// TestAnotherAmountOnce: one answer with another amount ends the intento, and the amount that was really taken goes
// back.
func TestAnotherAmountOnce(t *testing.T) {
	b := nuevoBanco(t)
	debito := tarjeta("APRO")
	debito.Metodo = pagos.TarjetaDebito
	for nombre, c := range map[string]money.Centavos{"less": 100, "more": 10 * monto} {
		t.Run(nombre, func(t *testing.T) {
			b.t = t
			b.vaciar()
			b.una("crear", deMonto(c))
			b.autorizar(debito, pagos.ErrRechazado)
			b.revisar(10 * time.Minute)
			b.espera(pagos.Reembolsado)
			b.saldo(monto, monto)
			if n := b.p.Veces("reembolsar"); n != 1 {
				t.Errorf("given back in %d parts: what is there was not read first", n)
			}
		})
	}
}

// TestWhatWasBelievedStays: a later lie about a payment that was made gives nothing back.
func TestWhatWasBelievedStays(t *testing.T) {
	b := nuevoBanco(t)
	b.autorizar(tarjeta("APRO"), nil)
	b.capturar(nil)
	b.siempre(deMonto(100))
	b.webhook("n")
	b.revisar(time.Hour)
	b.saldo(monto, 0)
	b.espera(pagos.Cobrado)
	if b.dudas("monto_cambiado") == 0 {
		t.Error("nobody was told")
	}
	b.reembolsar("r", 700, pagos.ErrSinPasarela)
	b.p.Miente = nil
	b.reembolsar("r", 700, nil)
	b.saldo(monto, 700)
}

// TestAnIDThatIsNone: a creation is answered with an id that the gateway does not know. The
// order is found by its reference.
func TestAnIDThatIsNone(t *testing.T) {
	ajeno := func(o *gateway.Orden) { o.ID = "ORD9" }
	t.Run("reserved", func(t *testing.T) {
		b := nuevoBanco(t)
		b.una("crear", ajeno)
		b.autorizar(tarjeta("APRO"), nil)
		b.capturar(pagos.ErrSinPasarela)
		b.revisar(time.Minute)
		b.capturar(nil)
		b.saldo(monto, 0)
	})
	t.Run("charged, undone", func(t *testing.T) {
		b := nuevoBanco(t)
		debito := tarjeta("APRO")
		debito.Metodo = pagos.TarjetaDebito
		b.una("crear", ajeno)
		b.autorizar(debito, nil)
		b.anular(pagos.ErrSinPasarela)
		b.revisar(time.Minute)
		b.saldo(monto, monto)
	})
}

// TestSearchRowsArePointers: a search may list orders of other customers, so each listed order is read before it
// counts.
func TestSearchRowsArePointers(t *testing.T) {
	b := nuevoBanco(t)
	ajena := gateway.SolicitudDePago{
		Clave:      "x",
		Referencia: "de-otro-1",
		Monto:      5,
		Metodo:     pagos.TarjetaDebito,
		Token:      "APRO",
	}
	if _, err := b.p.Crear(t.Context(), ajena); err != nil {
		t.Fatal(err)
	}
	b.p.Sordo = true
	b.falla("crear", gatewaytest.Muda)
	b.autorizar(tarjeta("APRO"), pagos.ErrSinPasarela)
	b.autorizar(tarjeta("APRO"), nil)
	if f := b.cobroEntero(); f.Orden != "ORD2" || b.dudas("referencia") != 0 {
		t.Errorf("adopted %q, told of %d rows of others", f.Orden, b.dudas("referencia"))
	}
}

// TestDefiniteRefusals: the gateway says no for good, and names no order.
func TestDefiniteRefusals(t *testing.T) {
	b := nuevoBanco(t)
	negada := &gateway.Negativa{Motivo: "token-invalido"}
	tests := map[string]struct {
		accion string
		err    error
		want   error // of Autorizar, or of Capturar after it
		motivo string
		estado pagos.Estado // a minute later
	}{
		"a request that is none": {
			accion: "crear",
			err:    gateway.ErrPeticion,
			want:   pagos.ErrRechazado,
			motivo: "datos-invalidos",
			estado: pagos.Rechazado,
		},
		"its reason": {
			accion: "crear",
			err:    negada,
			want:   pagos.ErrRechazado,
			motivo: "token-invalido",
			estado: pagos.Rechazado,
		},
		"declined, no order": {
			accion: "crear",
			err:    gateway.ErrRehusada,
			want:   pagos.ErrRechazado,
			motivo: "otro",
			estado: pagos.Rechazado,
		},
		"a conflict, no order": {
			accion: "crear",
			err:    gateway.ErrEstado,
			want:   pagos.ErrRechazado,
			motivo: "otro",
			estado: pagos.Rechazado,
		},
		"credentials": {accion: "crear", err: gateway.ErrCredencial, want: pagos.ErrSinPasarela,
			estado: pagos.Pendiente},
		"never to be captured": {
			accion: "capturar",
			err:    gateway.ErrPeticion,
			want:   pagos.ErrRechazado,
			motivo: "captura-rechazada",
			estado: pagos.Rechazado,
		},
		"the issuer's refusal": {
			accion: "capturar",
			err:    gateway.ErrRehusada,
			want:   pagos.ErrRechazado,
			motivo: "captura-rechazada",
			estado: pagos.Rechazado,
		},
		"capture, credentials": {
			accion: "capturar",
			err:    gateway.ErrCredencial,
			want:   pagos.ErrSinPasarela,
			estado: pagos.Reservado,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			b.t = t
			b.vaciar()
			b.p.Niega = func(a string) error {
				if a == tt.accion {
					return tt.err
				}
				return nil
			}
			var r pagos.Recibo
			if tt.accion == "crear" {
				r = b.autorizar(tarjeta("APRO"), tt.want)
			} else {
				b.autorizar(tarjeta("APRO"), nil)
				r = b.capturar(tt.want)
			}
			if r.Motivo != tt.motivo {
				t.Errorf("reason %q", r.Motivo)
			}
			b.revisar(time.Minute)
			b.espera(tt.estado)
		})
	}
}

// TestARefundThatIsMalformed is refused for good; the next one is not held up by it.
func TestARefundThatIsMalformed(t *testing.T) {
	b := nuevoBanco(t)
	b.autorizar(tarjeta("APRO"), nil)
	b.capturar(nil)
	b.p.Niega = func(a string) error {
		if a == "reembolsar" {
			return gateway.ErrPeticion
		}
		return nil
	}
	if r := b.reembolsar("r", 700, pagos.ErrReembolsoRechazado); r.Rechazo != "peticion-rechazada" {
		t.Errorf("got %+v", r)
	}
	b.p.Niega = nil
	b.reembolsar("s", 600, nil)
	b.saldo(monto, 600)
}
