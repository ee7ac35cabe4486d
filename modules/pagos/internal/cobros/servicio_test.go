package cobros_test

import (
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
	"despensa/modules/pagos/internal/gateway/gatewaytest"
)

func TestAutorizar(t *testing.T) {
	debito := tarjeta("APRO")
	debito.Metodo = pagos.TarjetaDebito
	tests := map[string]struct {
		orden  pagos.OrdenDePago
		err    error
		estado pagos.Estado
		motivo string
	}{
		"credit card is reserved": {orden: tarjeta("APRO"), estado: pagos.Reservado},
		"debit card is charged":   {orden: debito, estado: pagos.Cobrado},
		"declined": {orden: tarjeta("FUND"), err: pagos.ErrRechazado, estado: pagos.Rechazado,
			motivo: "sin-fondos"},
		"in process": {
			orden:  tarjeta("CONT"),
			err:    pagos.ErrPendiente,
			estado: pagos.Pendiente,
		},
		"voucher": {
			orden:  lenta(alba.Add(time.Hour)),
			err:    pagos.ErrPendiente,
			estado: pagos.Pendiente,
		},
		"the gateway will not look": {
			orden:  tarjeta("MAL"),
			err:    pagos.ErrRechazado,
			estado: pagos.Rechazado,
			motivo: "datos-invalidos",
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			b := nuevoBanco(t)
			for range 3 {
				r := b.autorizar(tt.orden, tt.err)
				if r.Estado != tt.estado || r.Motivo != tt.motivo {
					t.Fatalf("got %+v", r)
				}
			}
			if n := b.p.Veces("crear"); n > 1 {
				t.Fatalf("asked %d times", n)
			}
			if b.avisados() != 0 {
				t.Error("told about what was the answer anyway")
			}
		})
	}
}

func TestAutorizarRefusesWhatCannotBe(t *testing.T) {
	tests := map[string]func(*pagos.OrdenDePago){
		"no such method":   func(o *pagos.OrdenDePago) { o.Metodo = "trueque" },
		"no amount":        func(o *pagos.OrdenDePago) { o.Monto = 0 },
		"no token":         func(o *pagos.OrdenDePago) { o.Token = "" },
		"no brand":         func(o *pagos.OrdenDePago) { o.MarcaDeTarjeta = "" },
		"no instalments":   func(o *pagos.OrdenDePago) { o.Cuotas = 0 },
		"many instalments": func(o *pagos.OrdenDePago) { o.Cuotas = 37 },
		"slow, no end":     func(o *pagos.OrdenDePago) { o.Metodo = pagos.Transferencia },
		"slow, too late":   func(o *pagos.OrdenDePago) { o.Metodo, o.Vence = pagos.Transferencia, alba },
	}
	for nombre, cambio := range tests {
		t.Run(nombre, func(t *testing.T) {
			b := nuevoBanco(t)
			o := tarjeta("APRO")
			cambio(&o)
			if n := b.escribe(func() { b.autorizar(o, pagos.ErrMetodo) }); n != 0 {
				t.Errorf("wrote %d times", n)
			}
		})
	}
}

func TestHappyPathWrites(t *testing.T) {
	b := nuevoBanco(t)
	pasos := []struct {
		nombre string
		hacer  func()
		want   int
	}{
		{nombre: "autorizar", hacer: func() { b.autorizar(tarjeta("APRO"), nil) }, want: 2},
		// That inserts nothing.
		{
			nombre: "autorizar again",
			hacer:  func() { b.autorizar(tarjeta("APRO"), nil) },
			want:   1,
		},
		{nombre: "capturar", hacer: func() { b.capturar(nil) }, want: 2},
		// That changes nothing.
		{
			nombre: "capturar again",
			hacer:  func() { b.capturar(nil) },
			want:   1,
		},
		{nombre: "reembolsar", hacer: func() { b.reembolsar("r1", 100, nil) }, want: 2},
		{nombre: "reembolsar again", hacer: func() { b.reembolsar("r1", 100, nil) }},
		{nombre: "anular", hacer: func() { b.anular(nil) }, want: 2},
		{nombre: "anular again", hacer: func() { b.anular(nil) }},
	}
	for _, p := range pasos {
		if n := b.escribe(p.hacer); n != p.want {
			t.Errorf("%s: %d writes, want %d", p.nombre, n, p.want)
		}
	}
	b.saldo(monto, monto)
	b.espera(pagos.Reembolsado)
}

// TestAnswersLost: each call of the gateway goes wrong in each way; the caller comes
// again, and there is one effect.
func TestAnswersLost(t *testing.T) {
	fallas := map[string]gatewaytest.Falla{
		"lost":        gatewaytest.Perdida,
		"mute":        gatewaytest.Muda,
		"busy":        gatewaytest.Ocupada,
		"key refused": gatewaytest.ClaveRota,
	}
	tests := map[string]struct {
		antes, hacer func(b *banco) error
		estado       pagos.Estado
	}{
		"crear": {
			hacer:  func(b *banco) error { _, err := b.Autorizar(b.t.Context(), tarjeta("APRO")); return err },
			estado: pagos.Reservado,
		},
		"capturar": {
			antes:  func(b *banco) error { b.autorizar(tarjeta("APRO"), nil); return nil },
			hacer:  func(b *banco) error { _, err := b.Capturar(b.t.Context(), intento(1)); return err },
			estado: pagos.Cobrado,
		},
		"cancelar": {
			antes:  func(b *banco) error { b.autorizar(tarjeta("APRO"), nil); return nil },
			hacer:  func(b *banco) error { _, err := b.Anular(b.t.Context(), intento(1)); return err },
			estado: pagos.Anulado,
		},
		"reembolsar": {
			antes: func(b *banco) error { b.autorizar(tarjeta("APRO"), nil); b.capturar(nil); return nil },
			hacer: func(b *banco) error {
				_, err := b.Reembolsar(
					b.t.Context(),
					pagos.Reembolso{Intento: intento(1), ID: "r", Monto: monto},
				)
				return err
			},
			estado: pagos.Reembolsado,
		},
	}
	for accion, tt := range tests {
		for nombre, f := range fallas {
			t.Run(accion+" "+nombre, func(t *testing.T) {
				b := nuevoBanco(t)
				if tt.antes != nil {
					if err := tt.antes(b); err != nil {
						t.Fatal(err)
					}
				}
				b.falla(accion, f, f)
				if err := tt.hacer(b); err == nil {
					t.Fatal("no error")
				}
				for range 4 {
					if err := tt.hacer(b); err == nil {
						break
					}
				}
				b.espera(tt.estado)
				if n := b.p.Veces(accion); n != 1 {
					t.Fatalf("%d effects", n)
				}
				if c, r := b.p.Saldo(); c != b.cobroEntero().Cobrado ||
					r != b.cobroEntero().Reembolsado {
					t.Fatal("row and gateway differ")
				}
			})
		}
	}
}

// TestAbandonedCallsAreFinished: the caller does not come again after a lost answer; the background work reads at the
// gateway how the call ended, and saves that.
func TestAbandonedCallsAreFinished(t *testing.T) {
	tests := map[string]struct {
		falla  string
		hacer  func(b *banco)
		estado pagos.Estado
	}{
		"reserved": {
			falla:  "crear",
			hacer:  func(b *banco) { b.autorizar(tarjeta("APRO"), pagos.ErrSinPasarela) },
			estado: pagos.Reservado,
		},
		"declined": {
			falla:  "crear",
			hacer:  func(b *banco) { b.autorizar(tarjeta("FUND"), pagos.ErrSinPasarela) },
			estado: pagos.Rechazado,
		},
		"captured": {falla: "capturar",
			hacer:  func(b *banco) { b.autorizar(tarjeta("APRO"), nil); b.capturar(pagos.ErrSinPasarela) },
			estado: pagos.Cobrado},
		"voided": {falla: "cancelar",
			hacer:  func(b *banco) { b.autorizar(tarjeta("APRO"), nil); b.anular(pagos.ErrSinPasarela) },
			estado: pagos.Anulado},
		"given back": {falla: "reembolsar", hacer: func(b *banco) {
			b.autorizar(tarjeta("APRO"), nil)
			b.capturar(nil)
			b.reembolsar("r", monto, pagos.ErrSinPasarela)
		},
			estado: pagos.Reembolsado},
	}
	for nombre, tt := range tests {
		for _, f := range []gatewaytest.Falla{gatewaytest.Muda, gatewaytest.ClaveRota} {
			t.Run(nombre, func(t *testing.T) {
				b := nuevoBanco(t)
				b.falla(tt.falla, f)
				tt.hacer(b)
				b.revisar(2 * time.Minute)
				b.espera(tt.estado)
				if n := b.p.Veces(tt.falla); n != 1 {
					t.Fatalf("%d effects", n)
				}
			})
		}
	}
}

func TestAnular(t *testing.T) {
	paso := func(token string) func(b *banco) {
		return func(b *banco) { _, _ = b.Autorizar(b.t.Context(), tarjeta(token)) }
	}
	tests := map[string]struct {
		antes  func(b *banco)
		estado pagos.Estado
	}{
		"nothing there": {func(*banco) {}, pagos.Anulado},
		"reserved":      {paso("APRO"), pagos.Anulado},
		"declined":      {paso("FUND"), pagos.Rechazado},
		"voucher": {
			func(b *banco) { b.autorizar(lenta(alba.Add(time.Hour)), pagos.ErrPendiente) },
			pagos.Anulado,
		},
		"in process": {paso("CONT"), pagos.Anulado},
		"charged": {
			func(b *banco) { b.autorizar(tarjeta("APRO"), nil); b.capturar(nil) },
			pagos.Reembolsado,
		},
		"charged, a part given back": {func(b *banco) {
			b.autorizar(tarjeta("APRO"), nil)
			b.capturar(nil)
			b.reembolsar("r", 700, nil)
		}, pagos.Reembolsado},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			b := nuevoBanco(t)
			tt.antes(b)
			for range 2 {
				if r := b.anular(nil); r.Estado != tt.estado {
					t.Fatalf("got %+v", r)
				}
			}
			if c, r := b.p.Saldo(); c != r {
				t.Fatalf("took %d, gave back %d", c, r)
			}
			b.autorizar(tarjeta("APRO"), pagos.ErrAnulado)
			b.capturar(pagos.ErrAnulado)
			de := pagos.ErrAnulado
			if tt.estado == pagos.Reembolsado {
				de = pagos.ErrReembolsado
			}
			b.reembolsar("otro", 1, de)
			b.reembolsar("todo", 0, de)
		})
	}
}

func TestAnularWhileACallIsInFlight(t *testing.T) {
	b := nuevoBanco(t)
	dentro, sigue := make(chan struct{}), make(chan struct{})
	b.p.Entra = func(accion string) {
		if accion == "crear" {
			close(dentro)
			<-sigue
		}
	}
	fin := make(chan error, 1)
	go func() { _, err := b.Autorizar(t.Context(), tarjeta("APRO")); fin <- err }()
	<-dentro
	b.anular(pagos.ErrEnCurso)
	close(sigue)
	if err := <-fin; err == nil || !isAnulado(err) {
		t.Fatalf("the late deed got %v", err)
	}
	if r := b.anular(nil); r.Estado != pagos.Anulado {
		t.Fatalf("got %+v", r)
	}
	if o := b.p.Orden(referencia); o.Estado != gateway.Cancelada {
		t.Fatalf("the reservation is %s", o.Estado)
	}
}

// TestMoneyThatComesAfterTheUndo: money that is found, paid or decided after the undo goes back without a call of
// Anular.
func TestMoneyThatComesAfterTheUndo(t *testing.T) {
	tests := map[string]struct {
		antes, luego func(b *banco)
		estado       pagos.Estado
	}{
		"decided late": {
			antes:  func(b *banco) { b.autorizar(tarjeta("CONT"), pagos.ErrPendiente); b.anular(nil) },
			luego:  func(b *banco) { b.p.Poner(referencia, gateway.Cobrada) },
			estado: pagos.Reembolsado,
		},
		"reserved late": {
			antes:  func(b *banco) { b.autorizar(tarjeta("CONT"), pagos.ErrPendiente); b.anular(nil) },
			luego:  func(b *banco) { b.p.Poner(referencia, gateway.Reservada) },
			estado: pagos.Anulado,
		},
		"paid although it was voided": {
			antes:  func(b *banco) { b.autorizar(lenta(alba.Add(time.Hour)), pagos.ErrPendiente); b.anular(nil) },
			luego:  func(b *banco) { b.p.Poner(referencia, gateway.Cobrada); b.webhook("n1") },
			estado: pagos.Reembolsado,
		},
		"paid after it ran out": {antes: func(b *banco) {
			b.autorizar(lenta(alba.Add(time.Minute)), pagos.ErrPendiente)
			b.revisar(2 * time.Minute)
			b.espera(pagos.Vencido)
		},
			luego:  func(b *banco) { b.p.Poner(referencia, gateway.Cobrada); b.webhook("n1") },
			estado: pagos.Reembolsado},
		"the creation lands late": {antes: func(b *banco) {
			b.falla("crear", gatewaytest.Perdida)
			b.autorizar(tarjeta("APRO"), pagos.ErrSinPasarela)
			b.anular(nil)
			b.espera(pagos.Anulado)
		},
			luego: func(b *banco) {
				p := gateway.SolicitudDePago{
					Clave:      referencia + "-crear",
					Referencia: referencia,
					Monto:      monto,
					Metodo:     pagos.TarjetaCredito,
					Token:      "APRO",
				}
				if _, err := b.p.Crear(b.t.Context(), p); err != nil { // and takes the money
					b.t.Fatal(err)
				}
			},
			estado: pagos.Reembolsado},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			b := nuevoBanco(t)
			tt.antes(b)
			tt.luego(b)
			b.revisar(30 * time.Minute)
			b.espera(tt.estado)
			if c, r := b.p.Saldo(); c != r {
				t.Fatalf("took %d, gave back %d", c, r)
			}
			if f := b.cobroEntero(); !f.Debe.IsZero() {
				t.Errorf("still looked after at %v", f.Debe)
			}
		})
	}
}
