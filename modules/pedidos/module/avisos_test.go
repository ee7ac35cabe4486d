package module

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/watch"
)

// contada is an order store in which the order p has alcance events.
type contada struct {
	store.Pedidos
	alcance atomic.Int64
	falla   error
}

func (c *contada) Guardar(_ context.Context, ped *pedido.Pedido) error {
	if c.falla == nil {
		c.alcance.Store(int64(len(ped.Eventos)))
	}
	return c.falla
}

func (c *contada) Alcances(context.Context, []string) (map[string]int64, error) {
	return map[string]int64{"p": c.alcance.Load()}, nil
}

// TestFollowersHearOfASave: a follower hears at once of a save by this process, within watch.Interval of a save by
// another one, and never of a save that failed.
func TestFollowersHearOfASave(t *testing.T) {
	tests := map[string]struct {
		ajena bool // another process saves
		falla error
		ya    bool          // the follower hears at once
		tope  time.Duration // the follower hears by then; 0: never
	}{
		"by the own process": {ya: true, tope: time.Nanosecond},
		"by another":         {ajena: true, tope: watch.Interval},
		"a conflict":         {falla: store.ErrConflicto},
		"an outcome unknown": {falla: errors.New("connection lost")},
	}
	for nombre, x := range tests {
		synctest.Test(t, func(t *testing.T) {
			tienda := &contada{falla: x.falla}
			tienda.alcance.Store(1)
			vigia := watch.New(watch.Options{Versions: tienda.Alcances})
			defer vigia.Close()
			mirada := vigia.Watch("p", 1)
			var s store.Pedidos = avisada{Pedidos: tienda, vigia: vigia}
			if x.ajena {
				s = tienda
			}
			inicio := time.Now()
			p := &pedido.Pedido{ID: "p", Eventos: make([]pedido.Evento, 2)}
			if err := s.Guardar(t.Context(), p); !errors.Is(err, x.falla) {
				t.Fatal(err)
			}
			ya := len(mirada.Changed) == 1
			oyo := false
			select {
			case <-mirada.Changed:
				oyo = time.Since(inicio) <= x.tope
			case <-time.After(time.Minute):
			}
			if ya != x.ya || oyo != (x.tope > 0) {
				t.Errorf("%s: heard at once %v, in time %v", nombre, ya, oyo)
			}
		})
	}
}
