package bench

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A server answers at once, but for a stall that begins after a second: the test counts the slow ones of 400 orders,
// by the clock of synctest.
func TestAStallMakesSlowWhatWasDueMeanwhile(t *testing.T) {
	const slow = 25 * time.Millisecond
	tests := map[string]struct {
		ritmo    float64
		clientes int
		atasco   time.Duration
		want     int
	}{
		"no stall": {ritmo: 80, clientes: 4, atasco: 0, want: 0},
		// 160 orders were due during the stall; the last two waited for 25 and 12.5 ms only.
		"80 a second, two seconds": {
			ritmo:    80,
			clientes: 4,
			atasco:   2 * time.Second,
			want:     158,
		},
		"more clients, the same slow ones": {
			ritmo:    80,
			clientes: 32,
			atasco:   2 * time.Second,
			want:     158,
		},
		"one client": {
			ritmo:    80,
			clientes: 1,
			atasco:   2 * time.Second,
			want:     158,
		},
		"half the rate": {
			ritmo:    40,
			clientes: 4,
			atasco:   2 * time.Second,
			want:     79,
		},
		"a short stall": {
			ritmo:    80,
			clientes: 4,
			atasco:   100 * time.Millisecond,
			want:     6,
		},
		"no rate: only what was under way": {
			ritmo:    0,
			clientes: 4,
			atasco:   2 * time.Second,
			want:     4,
		},
		"no rate, and one client": {
			ritmo:    0,
			clientes: 1,
			atasco:   2 * time.Second,
			want:     1,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				desde := time.Now().Add(time.Second)
				hasta := desde.Add(tt.atasco)
				if tt.ritmo == 0 {
					desde = time.Now()
					hasta = desde.Add(tt.atasco)
				}
				c := carga{
					clientes: tt.clientes,
					pedidos:  400,
					ritmo:    tt.ritmo,
					uno: func(context.Context, int) error {
						if n := time.Now(); !n.Before(desde) && n.Before(hasta) {
							time.Sleep(hasta.Sub(n))
						}
						return nil
					},
				}
				esperas, fallas := c.enviar(t.Context())
				n := 0
				for _, e := range esperas {
					if e > slow {
						n++
					}
				}
				if n != tt.want || fallas != 0 {
					t.Errorf("%d slow, %d failed, want %d slow", n, fallas, tt.want)
				}
			})
		})
	}
}

// Every order is sent once, by a client without another order under way, and failures are counted.
func TestEveryOrderIsSentOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		enCurso, enviados := map[int]bool{}, 0
		c := carga{
			clientes: 3,
			pedidos:  50,
			ritmo:    100,
			uno: func(_ context.Context, k int) error {
				mu.Lock()
				enviados++
				if enCurso[k] {
					t.Errorf("client %d has two under way", k)
				}
				enCurso[k] = true
				n := enviados
				mu.Unlock()
				time.Sleep(5 * time.Millisecond)
				mu.Lock()
				enCurso[k] = false
				mu.Unlock()
				if n%10 == 0 {
					return errors.New("no")
				}
				return nil
			},
		}
		inicio := time.Now()
		esperas, fallas := c.enviar(t.Context())
		if enviados != 50 || len(esperas) != 50 || fallas != 5 ||
			time.Since(inicio) != 495*time.Millisecond {
			t.Errorf(
				"%d sent, %d measured, %d failed, in %v",
				enviados,
				len(esperas),
				fallas,
				time.Since(inicio),
			)
		}
	})
}
