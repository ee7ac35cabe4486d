package cupos_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"despensa/modules/pedidos/internal/cupos"
)

// TestABurstOfRefusedCards: of 60 cards of one customer at once exactly five reach the gateway, and are refused; the
// cards of another customer are tried meanwhile.
func TestABurstOfRefusedCards(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := nuevaMesa()
		c, ana := m.servicio(), cupos.Pagador{Cliente: "ana"}
		var llamadas, frenadas atomic.Int64
		probar := func(i int) {
			salir, espera, err := c.Entrar(t.Context(), ana)
			defer salir()
			for errors.Is(err, cupos.ErrOcupado) {
				salir, espera, err = c.Entrar(t.Context(), ana)
			}
			if err != nil || espera > 0 {
				frenadas.Add(1)
				return
			}
			llamadas.Add(1)
			time.Sleep(300 * time.Millisecond) // the gateway
			if err := c.Rechazado(t.Context(), ana, fmt.Sprint(i), 1); err != nil {
				t.Error(err)
			}
			salir()
		}
		var wg sync.WaitGroup
		for i := range 60 {
			wg.Go(func() { probar(i) })
		}
		if salir, espera, err := c.Entrar(t.Context(), cupos.Pagador{Cliente: "berta"}); espera > 0 ||
			err != nil {
			t.Errorf("somebody else waits %s: %v", espera, err)
		} else {
			salir()
		}
		wg.Wait()
		if llamadas.Load() != 5 || frenadas.Load() != 55 {
			t.Errorf(
				"%d calls of the gateway, %d cards not tried",
				llamadas.Load(),
				frenadas.Load(),
			)
		}
	})
}

// TestGoodCardsAllPass: cards that are not refused wait for one another and all pass; a gateway that hangs does not
// hold the waiting callers for longer than pacienciaEntrar.
func TestGoodCardsAllPass(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, ana := nuevaMesa().servicio(), cupos.Pagador{Cliente: "ana"}
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				salir, espera, err := c.Entrar(t.Context(), ana)
				if espera > 0 || err != nil {
					t.Errorf("wait %s: %v", espera, err)
				}
				time.Sleep(100 * time.Millisecond)
				salir()
				salir() // a second call changes nothing
			})
		}
		wg.Wait()
		for range 5 {
			if _, _, err := c.Entrar(t.Context(), ana); err != nil { // never ends
				t.Fatal(err)
			}
		}
		desde := time.Now()
		if _, _, err := c.Entrar(t.Context(), ana); !errors.Is(err, cupos.ErrOcupado) ||
			time.Since(desde) > time.Second {
			t.Errorf("after %s: %v", time.Since(desde), err)
		}
	})
}
