package worker

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"despensa/modules/pedidos/internal/fases"
	"despensa/modules/pedidos/internal/pedido"
)

// TestAnOrderFromTheFuture: an order that a fast clock has dated into the future is taken up at the start, or
// soon after it is written. An order that waits no longer than its estado allows is left alone.
func TestAnOrderFromTheFuture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		veces := map[string]time.Duration{}
		inicio := time.Now()
		x := nuevoTaller(4, func(_ context.Context, p *pedido.Pedido) (fases.Resultado, error) {
			mu.Lock()
			defer mu.Unlock()
			veces[p.ID] = time.Since(inicio)
			return descansar, nil
		})
		x.o.Tiempos.Reintento = 24 * time.Hour
		poner := func(n int, e pedido.Estado, debe time.Duration) {
			x.ajeno(
				id(n),
				func(p *pedido.Pedido) { p.Estado = e; p.Deber(time.Now().Add(debe)) },
			)
		}
		poner(0, pedido.Creado, 4*365*24*time.Hour)
		poner(1, pedido.Fallido, 24*time.Hour)
		poner(2, pedido.Confirmado, maxima)
		poner(3, pedido.Creado, time.Hour)
		go func() {
			time.Sleep(time.Second)
			poner(3, pedido.Creado, 25*time.Hour)
		}()
		x.durante(2 * cadaLejano * sondeo)
		if d, hecho := veces[id(0)]; !hecho || d != 0 {
			t.Errorf("the order of 2030 was looked at after %s (%v)", d, hecho)
		}
		if d, hecho := veces[id(3)]; !hecho || d == 0 || d > cadaLejano*sondeo {
			t.Errorf("the order of tomorrow was looked at after %s (%v)", d, hecho)
		}
		if _, hecho := veces[id(1)]; hecho {
			t.Error("the customer's day to retry was cut short")
		}
		if d := veces[id(2)]; d < maxima-time.Second {
			t.Errorf("a lawful wait ended after %s", d)
		}
	})
}
