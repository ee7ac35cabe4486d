package gateway

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/sony/gobreaker/v2"
)

// guion is a gateway that answers as it is told, one call after another; the last
// answer repeats.
type guion struct {
	Pasarela
	pasos  []func(ctx context.Context) error
	claves []string
}

func (g *guion) Capturar(ctx context.Context, acto Acto) (Orden, error) {
	g.claves = append(g.claves, acto.Clave)
	paso := g.pasos[0]
	if len(g.pasos) > 1 {
		g.pasos = g.pasos[1:]
	}
	if err := paso(ctx); err != nil {
		return Orden{}, err
	}
	return Orden{ID: "o", Estado: Cobrada}, nil
}

func dice(
	err error,
) func(context.Context) error {
	return func(context.Context) error { return err }
}
func bien(context.Context) error        { return nil }
func callada(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }

var plazos = Plazos{
	Llamada:   3 * time.Second,
	Intentos:  3,
	EsperaMin: 200 * time.Millisecond,
	EsperaMax: time.Second,
	Fallos:    5,
	Pausa:     30 * time.Second,
}

func nuevo(pasos ...func(context.Context) error) (*Proxy, *guion) {
	g := &guion{pasos: pasos}
	return NewProxy("x", g, plazos, NewMetricas(prometheus.NewRegistry())), g
}

func TestProxyTries(t *testing.T) {
	tests := map[string]struct {
		pasos    []func(context.Context) error
		err      error
		llamadas int
		dura     time.Duration // at most
	}{
		"at once": {pasos: []func(context.Context) error{bien}, llamadas: 1},
		"second time": {
			pasos:    []func(context.Context) error{dice(ErrSilencio), bien},
			llamadas: 2,
			dura:     time.Second,
		},
		"never": {
			pasos:    []func(context.Context) error{dice(ErrSilencio)},
			err:      ErrSilencio,
			llamadas: 3,
			dura:     3 * time.Second,
		},
		"silent once": {
			pasos:    []func(context.Context) error{callada, bien},
			llamadas: 2,
			dura:     4 * time.Second,
		},
		"silent for ever": {
			pasos:    []func(context.Context) error{callada},
			err:      ErrSilencio,
			llamadas: 3,
			dura:     12 * time.Second,
		},
		"an earlier call runs": {
			pasos:    []func(context.Context) error{dice(ErrOcupada), bien},
			llamadas: 2,
			dura:     time.Second,
		},
		"a conflict is an answer": {
			pasos:    []func(context.Context) error{dice(ErrEstado)},
			err:      ErrEstado,
			llamadas: 1,
		},
		"a used key is an answer": {
			pasos:    []func(context.Context) error{dice(ErrClave)},
			err:      ErrClave,
			llamadas: 1,
		},
		"wrong credentials": {
			pasos:    []func(context.Context) error{dice(ErrCredencial)},
			err:      ErrCredencial,
			llamadas: 1,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x, g := nuevo(tt.pasos...)
				inicio := time.Now()
				_, err := x.Capturar(t.Context(), Acto{Orden: "o", Clave: "k"})
				if !errors.Is(err, tt.err) || tt.err == nil && err != nil {
					t.Errorf("got %v, want %v", err, tt.err)
				}
				if d := time.Since(inicio); d > tt.dura {
					t.Errorf("took %v", d)
				}
				if len(g.claves) != tt.llamadas {
					t.Errorf("%d calls, want %d", len(g.claves), tt.llamadas)
				}
				for _, c := range g.claves {
					if c != "k" {
						t.Errorf("key %q", c)
					}
				}
			})
		})
	}
}

func TestProxyEndsWithItsCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x, g := nuevo(callada)
		ctx, fin := context.WithTimeout(t.Context(), 4*time.Second)
		defer fin()
		inicio := time.Now()
		if _, err := x.Capturar(ctx, Acto{Clave: "k"}); !errors.Is(err, ErrSilencio) {
			t.Errorf("got %v", err)
		}
		if d := time.Since(inicio); d > 4*time.Second || len(g.claves) != 2 {
			t.Errorf("took %v, %d calls", d, len(g.claves))
		}
	})
}

func TestBreaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x, g := nuevo(dice(ErrSilencio))
		for range 2 { // 3 tries, and 2 more open it
			if _, err := x.Capturar(t.Context(), Acto{Clave: "k"}); !errors.Is(
				err,
				ErrSilencio,
			) {
				t.Fatalf("got %v", err)
			}
		}
		if len(g.claves) != 5 || x.corta.State() != gobreaker.StateOpen {
			t.Fatalf("%d calls, %v", len(g.claves), x.corta.State())
		}
		inicio := time.Now()
		if _, err := x.Capturar(t.Context(), Acto{Clave: "k"}); !errors.Is(err, ErrSilencio) ||
			resultado(err) != "cortada" {
			t.Fatalf("got %v", err)
		}
		if len(g.claves) != 5 || time.Since(inicio) != 0 {
			t.Fatal("an open breaker let a call through, or waited")
		}
		g.pasos = []func(context.Context) error{bien}
		<-time.After(plazos.Pausa + time.Second)
		if _, err := x.Capturar(t.Context(), Acto{Clave: "k"}); err != nil ||
			x.corta.State() != gobreaker.StateClosed {
			t.Fatalf("after the pause: %v, %v", err, x.corta.State())
		}
	})
}

// TestRefusalsDoNotOpenTheBreaker: neither refusals of the provider nor callers that go away open the breaker.
func TestRefusalsDoNotOpenTheBreaker(t *testing.T) {
	for nombre, err := range map[string]error{
		"state": ErrEstado, "not there": ErrNoHay, "key": ErrClave, "request": ErrPeticion, "busy": ErrOcupada,
	} {
		t.Run(nombre, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x, _ := nuevo(dice(err))
				for range 20 {
					_, _ = x.Capturar(t.Context(), Acto{Clave: "k"})
				}
				if x.corta.State() != gobreaker.StateClosed {
					t.Error("it is open")
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		x, _ := nuevo(callada)
		for range 20 {
			ctx, fin := context.WithCancel(t.Context())
			go fin()
			_, _ = x.Capturar(ctx, Acto{Clave: "k"})
		}
		if x.corta.State() != gobreaker.StateClosed {
			t.Error("callers who went away opened it")
		}
	})
}
