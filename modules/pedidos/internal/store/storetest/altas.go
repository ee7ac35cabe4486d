package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/store"
)

// unaAlta: 8 goroutines insert each of 50 ids. One succeeds; the others get ErrRepetido.
func unaAlta(t testing.TB, puertos Puertos) {
	ctx := context.Background()
	carrera(t, store.ErrRepetido, func(n, w int) error {
		v := nuevo(n)
		v.Huella = fmt.Sprint(w)
		return puertos.Pedidos.Insertar(ctx, v)
	})
	carrera(t, store.ErrRepetido, func(n, w int) error {
		v := producto(n)
		v.Huella = fmt.Sprint(w)
		return puertos.Productos.Insertar(ctx, v)
	})
	carrera(t, store.ErrConflicto, func(n, w int) error {
		return puertos.Existencias.Guardar(ctx, existencias.New(id(2, n), id(5, 1)))
	})
	igual(t, "orders", len(dado(puertos.Pedidos.Listar(ctx, store.Filtro{}, nil, 200))(t)), 50)
	igual(
		t,
		"products",
		len(dado(puertos.Productos.Listar(ctx, store.FiltroProductos{}, nil, 200))(t)),
		50,
	)
}

// unCambio: 8 goroutines save the same version of a document. One succeeds; the others get ErrConflicto.
func unCambio(t testing.TB, puertos Puertos) {
	ctx := context.Background()
	aLaVez(10, func(i int) {
		for n := i; n < 50; n += 10 {
			bienSiempre(t, puertos.Productos.Insertar(ctx, producto(n)))
			bienSiempre(t, puertos.Pedidos.Insertar(ctx, nuevo(n)))
			bienSiempre(
				t,
				puertos.Existencias.Guardar(ctx, existencias.New(id(2, n), id(5, 1))),
			)
		}
	})
	carrera(
		t,
		store.ErrConflicto,
		func(n, w int) error { return puertos.Productos.Guardar(ctx, producto(n)) },
	)
	carrera(
		t,
		store.ErrConflicto,
		func(n, w int) error { return puertos.Pedidos.Guardar(ctx, nuevo(n)) },
	)
	carrera(t, store.ErrConflicto, func(n, w int) error {
		e := existencias.New(id(2, n), id(5, 1))
		e.Version = 1
		return puertos.Existencias.Guardar(ctx, e)
	})
	for _, v := range dado(puertos.Productos.Leer(ctx, []string{id(2, 0), id(2, 49)}))(t) {
		igual(t, "version of a product", v.Version, 2)
	}
	igual(
		t,
		"version of stock",
		dado(puertos.Existencias.Leer(ctx, existencias.ID(id(2, 7), id(5, 1))))(t).Version,
		2,
	)
}

// carrera lets 8 goroutines do the same to each of 50 documents: one succeeds, the
// others get the error perdido.
func carrera(t testing.TB, perdido error, f func(n, w int) error) {
	t.Helper()
	var ganadores [50]atomic.Int64
	aLaVez(obreros, func(w int) {
		for n := range ganadores {
			switch err := f(n, w); {
			case err == nil:
				ganadores[n].Add(1)
			case !errors.Is(err, perdido):
				t.Errorf("the loser got %v, want %v", err, perdido)
			}
		}
	})
	for n := range ganadores {
		igual(t, fmt.Sprintf("winners of %d", n), ganadores[n].Load(), 1)
	}
}
