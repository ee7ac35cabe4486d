package guard_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"despensa/platform/guard"
)

// TestEvery: one call per interval, no extra calls after one that took longer, and none after the end of ctx.
func TestEvery(t *testing.T) {
	for nombre, x := range map[string]struct {
		dura, hasta time.Duration
		llamadas    int
	}{
		"ended before the first":       {hasta: time.Second - 1},
		"ended after two":              {hasta: 3*time.Second - 1, llamadas: 2},
		"each takes two and a half":    {dura: 2500 * time.Millisecond, hasta: 9 * time.Second, llamadas: 4},
		"ended while one is under way": {dura: 5 * time.Second, hasta: 2 * time.Second, llamadas: 1},
	} {
		t.Run(nombre, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, parar := context.WithTimeout(t.Context(), x.hasta)
				defer parar()
				n := 0
				// On the clock of synctest.
				guard.Every(ctx, time.Second, func() { n++; time.Sleep(x.dura) })
				if n != x.llamadas {
					t.Errorf("%d calls, want %d", n, x.llamadas)
				}
			})
		})
	}
}
