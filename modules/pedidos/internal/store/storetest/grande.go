package storetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
)

// sinCrecer: claim, list and read by id take as long at 100,000 orders as at 10,000, and use an index.
func sinCrecer(t testing.TB, puertos Puertos) {
	if testing.Short() || conCarrera() {
		t.Log("SKIPPED: -short or -race: 100,000 orders, and figures of time")
		return
	}
	const poco, mucho = 10_000, 100_000
	puertos.Cargar(t, viejos(0, poco))
	antes := medir(t, puertos, poco)
	puertos.Cargar(t, viejos(poco, mucho))
	despues := medir(t, puertos, mucho)
	for nombre, d := range despues {
		t.Logf("%-12s %8v at 10,000, %8v at 100,000", nombre, antes[nombre], d)
		if d > 4*antes[nombre]+time.Millisecond {
			t.Errorf(
				"%s grows with the table: %v at 10,000, %v at 100,000",
				nombre,
				antes[nombre],
				d,
			)
		}
	}
	puertos.Planes(t)
}

// viejos are orders of every age: most are over, some wait, a thousand are under a lease.
func viejos(desde, hasta int) []*pedido.Pedido {
	estados := pedido.Estados()
	out := pedidos(desde, hasta)
	for i, v := range out {
		v.Cliente, v.Estado, v.Publicados = id(3, i%500), estados[i%len(estados)], 1
		switch {
		case i%10 == 0 && i < 10_000:
			v.Duenio, v.Lease = "otro", t0.Add(1_000*time.Hour)
		case i%10 == 1:
			v.Deber(t0.Add(500 * time.Hour))
		case i%100 != 2:
			v.Descansar()
		}
	}
	return out
}

// medir gives the median cost of each call.
func medir(t testing.TB, puertos Puertos, cuantos int) map[string]time.Duration {
	t.Helper()
	ctx, ahora := context.Background(), t0.Add(400*time.Hour)
	out := map[string]time.Duration{}
	for nombre, f := range map[string]func(i int) error{
		"claim": func(int) error { return solo(puertos.Pedidos.Reclamar(ctx, "yo", ahora, ahora.Add(time.Hour))) },
		"read":  func(i int) error { return solo(puertos.Pedidos.Leer(ctx, id(1, i*97%cuantos))) },
		"list":  func(int) error { return solo(puertos.Pedidos.Listar(ctx, store.Filtro{}, nil, 20)) },
		"list client": func(i int) error {
			return solo(puertos.Pedidos.Listar(ctx, store.Filtro{Cliente: id(3, i)}, nil, 20))
		},
		"list waiting": func(i int) error {
			f := store.Filtro{Cliente: id(3, i), Estado: pedido.PagoPendiente}
			return solo(puertos.Pedidos.Listar(ctx, f, nil, 20))
		},
	} {
		out[nombre] = mediana(t, 31, f)
	}
	return out
}

func mediana(t testing.TB, veces int, f func(i int) error) time.Duration {
	t.Helper()
	var ds []time.Duration
	for i := range veces {
		desde := time.Now()
		bien(t, f(i))
		ds = append(ds, time.Since(desde))
	}
	slices.Sort(ds)
	return ds[veces/2]
}
