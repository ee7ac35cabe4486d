package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
)

// puestosGuardados: places are kept as they were saved, by version, and removed after their Vence.
func puestosGuardados(t testing.TB, puertos Puertos) {
	ctx := context.Background()
	c := dado(puertos.Cupos.Leer(ctx, "lentos:c"))(t)
	identicos(t, "what is not stored", c, &pedido.Cupo{ID: "lentos:c"})
	c.Poner(pedido.Puesto{Quien: "p1", Intento: 2, En: t0})
	c.Poner(pedido.Puesto{Quien: "p2", En: t0.Add(time.Minute)})
	c.Vence = t0.Add(time.Hour)
	bien(t, puertos.Cupos.Guardar(ctx, c))
	igual(t, "version", c.Version, 1)
	identicos(t, "what is stored", dado(puertos.Cupos.Leer(ctx, c.ID))(t), c)
	viejo := &pedido.Cupo{ID: c.ID}
	espera(t, "a second insert", puertos.Cupos.Guardar(ctx, viejo), store.ErrConflicto)
	igual(t, "version of what was not saved", viejo.Version, 0)

	c.Puestos = nil
	bien(t, puertos.Cupos.Guardar(ctx, c))
	identicos(t, "without places", dado(puertos.Cupos.Leer(ctx, c.ID))(t), c)
	c.Version = 1
	espera(t, "a save of the version before", puertos.Cupos.Guardar(ctx, c), store.ErrConflicto)

	for i := range 3 {
		bien(
			t,
			puertos.Cupos.Guardar(
				ctx,
				&pedido.Cupo{ID: fmt.Sprint(i), Vence: t0.Add(time.Duration(i) * time.Minute)},
			),
		)
	}
	igual(t, "cleared before their time", dado(puertos.Cupos.Limpiar(ctx, t0, 10))(t), 0)
	igual(t, "cleared, up to", dado(puertos.Cupos.Limpiar(ctx, t0.Add(time.Hour), 2))(t), 2)
	igual(t, "cleared, the rest", dado(puertos.Cupos.Limpiar(ctx, t0.Add(time.Hour), 2))(t), 1)
	varios := dado(puertos.Cupos.LeerVarios(ctx, []string{"nadie", c.ID, "nada"}))(t)
	identicos(
		t,
		"several",
		[]int64{varios[0].Version, varios[1].Version, varios[2].Version},
		[]int64{0, 2, 0},
	)
	identicos(
		t,
		"in their order",
		[]string{varios[0].ID, varios[1].ID, varios[2].ID},
		[]string{"nadie", c.ID, "nada"},
	)
	igual(t, "left", dado(puertos.Cupos.Leer(ctx, c.ID))(t).Version, 2)
}

// puestosEnDisputa: 40 goroutines at once want one of three places, and read and save if version. Exactly three get
// one.
func puestosEnDisputa(t testing.TB, puertos Puertos) {
	ctx := context.Background()
	var tomados atomic.Int64
	aLaVez(40, func(i int) {
		lleno := errors.New("full")
		err := insistir(func() error {
			c, err := puertos.Cupos.Leer(ctx, "lentos:c")
			if err != nil {
				return err
			}
			if len(c.Puestos) >= 3 {
				return lleno
			}
			c.Poner(pedido.Puesto{Quien: fmt.Sprint(i), En: t0})
			c.Vence = t0.Add(time.Hour)
			return puertos.Cupos.Guardar(ctx, c)
		})
		switch {
		case err == nil:
			tomados.Add(1)
		case !errors.Is(err, lleno):
			t.Errorf("taking a place: %v", err)
		}
	})
	igual(t, "places taken", tomados.Load(), 3)
	igual(t, "places stored", len(dado(puertos.Cupos.Leer(ctx, "lentos:c"))(t).Puestos), 3)
}
