package cobros_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/cobros"
	"despensa/modules/pagos/internal/gateway"
	"despensa/modules/pagos/internal/gateway/gatewaytest"
	"despensa/modules/pagos/internal/store"
)

// TestOneKeyPerDeed: a call that is made again comes under the key of the first time,
// as the first may still be on its way; no two deeds share one.
func TestOneKeyPerDeed(t *testing.T) {
	b := nuevoBanco(t)
	dos := func(accion string, f func() error) string {
		t.Helper()
		b.falla(accion, gatewaytest.Perdida)
		if err := f(); !errors.Is(err, pagos.ErrSinPasarela) {
			t.Fatalf("%s: %v", accion, err)
		}
		if err := f(); err != nil {
			t.Fatalf("%s: %v", accion, err)
		}
		claves := b.p.Claves(accion)
		ultimas := claves[len(claves)-2:]
		if ultimas[0] != ultimas[1] || len(ultimas[0]) > 128 {
			t.Errorf("%s came under %q", accion, ultimas)
		}
		return ultimas[0]
	}
	reembolso := func(id string) func() error {
		return func() error {
			_, err := b.Reembolsar(
				t.Context(),
				pagos.Reembolso{Intento: intento(1), ID: id, Monto: 100},
			)
			return err
		}
	}
	todas := []string{
		dos(
			"crear",
			func() error { _, err := b.Autorizar(t.Context(), tarjeta("APRO")); return err },
		),
		dos(
			"capturar",
			func() error { _, err := b.Capturar(t.Context(), intento(1)); return err },
		),
		dos("reembolsar", reembolso("r")), dos("reembolsar", reembolso("s")),
		dos(
			"reembolsar",
			func() error { _, err := b.Anular(t.Context(), intento(1)); return err },
		),
	}
	if todas[0] != referencia+"-crear" || todas[1] != referencia+"-capturar" {
		t.Errorf("keys are %q", todas)
	}
	slices.Sort(todas)
	if len(slices.Compact(todas)) != 5 {
		t.Errorf("deeds share a key: %q", todas)
	}
}

// lento is a store with a slow reader: other writers may change a row between its reading and its use.
type lento struct {
	*store.Store
	una  *sync.Once
	tras func()
}

func (l lento) PorID(ctx context.Context, id string) (cobros.CobroEntero, bool, error) {
	f, hay, err := l.Store.PorID(ctx, id)
	l.una.Do(l.tras)
	return f, hay, err
}

// otra is the service of another replica over the same store.
func (b *banco) otra(tras func()) *cobros.Servicio {
	l := lento{Store: b.s, una: &sync.Once{}, tras: tras}
	return cobros.New(cobros.Opciones{
		Store: l, Bandeja: b.s, Ahora: b.r.ahora, Log: slog.New(slog.DiscardHandler), Despertar: func() {},
		Pasarelas: map[string]gateway.Pasarela{gateway.MercadoPago: b.p},
		Reglas: cobros.Reglas{
			EnCurso:  15 * time.Second,
			Tanda:    1,
			Paralelo: 1,
			Sondeo:   cobros.Sondeo{Min: time.Second, Max: time.Second},
		},
	})
}

// TestReplicasDoNotOverrun: a replica that read the cobro before another changed it
// starts over, and does not even ask the gateway.
func TestReplicasDoNotOverrun(t *testing.T) {
	b := nuevoBanco(t)
	b.autorizar(tarjeta("APRO"), nil)
	b.capturar(nil)
	grande := func(id string) pagos.Reembolso { return pagos.Reembolso{Intento: intento(1), ID: id, Monto: 15_000} }
	otra := b.otra(func() { b.reembolsar("r", 15_000, nil) })
	if _, err := otra.Reembolsar(t.Context(), grande("s")); !errors.Is(err, pagos.ErrMonto) {
		t.Errorf("got %v", err)
	}
	if n := len(b.p.Claves("reembolsar")); n != 1 {
		t.Errorf("%d calls", n)
	}
	b.saldo(monto, 15_000)
}

// TestReplicasDoNotOverrunACallInFlight: one refund is in flight at a time.
func TestReplicasDoNotOverrunACallInFlight(t *testing.T) {
	b := nuevoBanco(t)
	b.autorizar(tarjeta("APRO"), nil)
	b.capturar(nil)
	dentro, sigue, fin := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	b.p.Entra = func(string) { close(dentro); <-sigue }
	otra := b.otra(func() {
		go func() {
			_, err := b.Reembolsar(
				t.Context(),
				pagos.Reembolso{Intento: intento(1), ID: "r", Monto: 500},
			)
			fin <- err
		}()
		<-dentro
	})
	segundo := pagos.Reembolso{Intento: intento(1), ID: "s", Monto: 500}
	if _, err := otra.Reembolsar(t.Context(), segundo); !errors.Is(err, pagos.ErrEnCurso) {
		t.Errorf("got %v", err)
	}
	close(sigue)
	if err := <-fin; err != nil {
		t.Fatal(err)
	}
	b.p.Entra = nil
	b.reembolsar("s", 500, nil)
	b.saldo(monto, 1_000)
}

// TestReplicasGiveBackWhatIsLeft: while one replica asks the gateway how much is left, another gives money back. The
// first is told the outcome of its own refund, and begins no other call while one is in flight.
func TestReplicasGiveBackWhatIsLeft(t *testing.T) {
	resto := pagos.Reembolso{Intento: intento(1), ID: "r"}
	t.Run("the same refund", func(t *testing.T) {
		b := nuevoBanco(t)
		b.autorizar(tarjeta("APRO"), nil)
		b.capturar(nil)
		otra := b.otra(func() { b.reembolsar("r", 0, nil) })
		if d, err := otra.Reembolsar(t.Context(), resto); err != nil || d.Monto != monto {
			t.Errorf("got %+v, %v", d, err)
		}
		if n := b.p.Veces("reembolsar"); n != 1 {
			t.Errorf("%d refunds", n)
		}
	})
	t.Run("another one in flight", func(t *testing.T) {
		b := nuevoBanco(t)
		b.autorizar(tarjeta("APRO"), nil)
		b.capturar(nil)
		dentro, sigue, fin := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		otra := b.otra(func() {
			b.p.Entra = func(accion string) {
				if accion == "reembolsar" {
					close(dentro)
					<-sigue
				}
			}
			go func() {
				_, err := b.Reembolsar(
					t.Context(),
					pagos.Reembolso{Intento: intento(1), ID: "s", Monto: 500},
				)
				fin <- err
			}()
			<-dentro
			b.p.Entra = nil
		})
		if _, err := otra.Reembolsar(t.Context(), resto); !errors.Is(err, pagos.ErrEnCurso) {
			t.Errorf("got %v", err)
		}
		close(sigue)
		if err := <-fin; err != nil {
			t.Error(err)
		}
		b.reembolsar("r", 0, nil)
		b.saldo(monto, monto)
	})
}

// TestNoticeOfWhatIsKnownCostsLittle: one write to keep it, one look at the gateway,
// one write for the whole batch.
func TestNoticeOfWhatIsKnownCostsLittle(t *testing.T) {
	b := nuevoBanco(t)
	b.autorizar(tarjeta("APRO"), nil)
	b.capturar(nil)
	antes := b.cobroEntero()
	leidas := b.p.Veces("leer")
	if n := b.escribe(func() { b.webhook("n1"); b.webhook("n2"); b.atender() }); n != 2 {
		t.Errorf("%d writes to keep two", n)
	}
	b.r.pasar(2 * time.Second)
	if n := b.escribe(b.atender); n != 1 || b.p.Veces("leer") != leidas+1 {
		t.Errorf("%d writes and %d looks", n, b.p.Veces("leer")-leidas)
	}
	if b.cobroEntero().Version != antes.Version {
		t.Error("the cobro was written")
	}
}

// TestManyAtOnceOneEffect: of many callers at once, on two replicas, one has the effect. Each of the others is told
// "not yet", or gets the answer of a repeated call. Afterwards all of them get that answer.
func TestManyAtOnceOneEffect(t *testing.T) {
	reservado := func(b *banco) { b.autorizar(tarjeta("APRO"), nil) }
	cobrado := func(b *banco) { reservado(b); b.capturar(nil) }
	tests := map[string]struct {
		antes  func(b *banco)
		llamar func(s *cobros.Servicio) (any, error)
		accion string
		want   error
	}{
		"authorise": {
			antes:  func(*banco) {},
			llamar: func(s *cobros.Servicio) (any, error) { return s.Autorizar(t.Context(), tarjeta("APRO")) },
			accion: "crear",
		},
		"authorise what is refused": {
			antes:  func(*banco) {},
			llamar: func(s *cobros.Servicio) (any, error) { return s.Autorizar(t.Context(), tarjeta("FUND")) },
			accion: "crear",
			want:   pagos.ErrRechazado,
		},
		"authorise after an answer was lost": {
			antes: func(b *banco) {
				b.falla("crear", gatewaytest.Perdida)
				b.autorizar(tarjeta("APRO"), pagos.ErrSinPasarela)
			},
			llamar: func(s *cobros.Servicio) (any, error) { return s.Autorizar(t.Context(), tarjeta("APRO")) },
			accion: "crear",
		},
		"capture": {
			antes:  reservado,
			llamar: func(s *cobros.Servicio) (any, error) { return s.Capturar(t.Context(), intento(1)) },
			accion: "capturar",
		},
		"refund": {
			antes: cobrado,
			llamar: func(s *cobros.Servicio) (any, error) {
				return s.Reembolsar(
					t.Context(),
					pagos.Reembolso{Intento: intento(1), ID: "r", Monto: 15_000},
				)
			},
			accion: "reembolsar",
		},
		"refund all that is left": {
			antes: cobrado,
			llamar: func(s *cobros.Servicio) (any, error) {
				return s.Reembolsar(t.Context(), pagos.Reembolso{Intento: intento(1), ID: "r"})
			},
			accion: "reembolsar",
		},
		"undo": {
			antes:  reservado,
			llamar: func(s *cobros.Servicio) (any, error) { return s.Anular(t.Context(), intento(1)) },
			accion: "cancelar",
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			b := nuevoBanco(t)
			tt.antes(b)
			replicas := []*cobros.Servicio{b.Servicio, b.otra(func() {})}
			ya, antes := make(chan struct{}), len(b.p.Claves(tt.accion))
			var espera sync.WaitGroup
			for i := range 16 {
				espera.Go(func() {
					<-ya
					_, err := tt.llamar(replicas[i%2])
					if err != nil && !errors.Is(err, pagos.ErrEnCurso) &&
						!errors.Is(err, tt.want) {
						t.Error(err)
					}
				})
			}
			close(ya)
			espera.Wait()
			uno, err := tt.llamar(replicas[0])
			otro, err2 := tt.llamar(replicas[1])
			if uno != otro || !errors.Is(err, tt.want) || !errors.Is(err2, tt.want) ||
				tt.want == nil && err != nil {
				t.Errorf("afterwards %+v (%v) and %+v (%v)", uno, err, otro, err2)
			}
			if n := b.p.Veces(tt.accion); n != 1 {
				t.Errorf("%d effects at the gateway", n)
			}
			if n := len(b.p.Claves(tt.accion)) - antes; n > 1 {
				t.Errorf("%d calls of the gateway", n)
			}
		})
	}
}

// TestCallersDoNotWait: a caller that comes while another call is in flight is told so at once. A caller with a context
// that has ended gets the error of that context.
func TestCallersDoNotWait(t *testing.T) {
	b := nuevoBanco(t)
	dentro, sigue, fin := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	b.p.Entra = func(string) { close(dentro); <-sigue }
	go func() { _, err := b.Autorizar(t.Context(), tarjeta("APRO")); fin <- err }()
	<-dentro
	b.autorizar(tarjeta("APRO"), pagos.ErrEnCurso)
	b.capturar(pagos.ErrEnCurso)
	b.reembolsar("r", 1, pagos.ErrEnCurso)
	ctx, parar := context.WithCancel(t.Context())
	parar()
	if _, err := b.Autorizar(ctx, tarjeta("APRO")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	close(sigue)
	if err := <-fin; err != nil {
		t.Error(err)
	}
}
