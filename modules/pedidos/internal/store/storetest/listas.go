package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
)

// pagina is one page of a list: ids, and the mark of the last.
type pagina func(desde *store.Cursor) (ids []string, ultima store.Cursor, err error)

// recorrer walks a list to its end and gives its ids; it notes ids that came twice.
func recorrer(t testing.TB, pedir pagina) map[string]bool {
	t.Helper()
	visto := map[string]bool{}
	var desde *store.Cursor
	for {
		ids, ultima, err := pedir(desde)
		bien(t, err)
		for _, id := range ids {
			if visto[id] {
				t.Fatalf("%s came twice", id)
			}
			visto[id] = true
		}
		if len(ids) == 0 {
			return visto
		}
		desde = &ultima
	}
}

func paginaPedidos(puertos Puertos, filtro store.Filtro, limite int) pagina {
	return func(desde *store.Cursor) (ids []string, m store.Cursor, err error) {
		ps, err := puertos.Pedidos.Listar(context.Background(), filtro, desde, limite)
		for _, v := range ps {
			ids, m = append(ids, v.ID), store.Cursor{Creado: v.Creado, ID: v.ID}
		}
		return ids, m, err
	}
}

func paginaEnEstado(puertos Puertos, estado pedido.Estado, limite int) pagina {
	return func(desde *store.Cursor) (ids []string, m store.Cursor, err error) {
		ms, err := puertos.Pedidos.EnEstado(context.Background(), estado, desde, limite)
		for _, v := range ms {
			ids, m = append(ids, v.ID), v
		}
		return ids, m, err
	}
}

// listasMientrasInsertan: an order that was stored before the list began comes exactly once, whatever
// is inserted meanwhile; many orders share one creado.
func listasMientrasInsertan(t testing.TB, puertos Puertos) {
	const cuantos = 300
	ps := pedidos(0, cuantos)
	for i, v := range ps {
		v.Creado, v.Cliente = t0.Add(time.Duration(i/30)*time.Millisecond), id(3, i%2)
	}
	insertar(t, puertos, ps...)
	listo, fin := make(chan struct{}), sync.WaitGroup{}
	fin.Go(func() {
		for i := cuantos; ; i++ {
			select {
			case <-listo:
				return
			default:
				v := nuevo(i)
				v.Creado = t0.Add(time.Duration(i%600) * time.Microsecond * 100)
				v.Cliente = id(3, i%2)
				bienSiempre(t, puertos.Pedidos.Insertar(context.Background(), v))
			}
		}
	})
	todos := recorrer(t, paginaPedidos(puertos, store.Filtro{}, 7))
	suyos := recorrer(t, paginaPedidos(puertos, store.Filtro{Cliente: id(3, 1)}, 7))
	creados := recorrer(t, paginaPedidos(puertos, store.Filtro{Estado: pedido.Creado}, 11))
	marcas := recorrer(t, paginaEnEstado(puertos, pedido.Creado, 11))
	close(listo)
	fin.Wait()
	for i, v := range ps {
		if !todos[v.ID] || !creados[v.ID] || !marcas[v.ID] || suyos[v.ID] != (i%2 == 1) {
			t.Fatalf(
				"order %d: in the list %v, by estado %v, by client %v",
				i,
				todos[v.ID],
				creados[v.ID],
				suyos[v.ID],
			)
		}
	}
}

// otrasListas: products and movements go on after their marks too.
func otrasListas(t testing.TB, puertos Puertos) {
	ctx := context.Background()
	var movs []existencias.Movimiento
	for i := range 40 {
		v := producto(i)
		v.Creado = t0.Add(time.Duration(i/8) * minuto)
		bien(t, puertos.Productos.Insertar(ctx, v))
		movs = append(movs, existencias.Movimiento{
			ID:       fmt.Sprintf("m%02d", i),
			Producto: id(2, i%2),
			Cantidad: 1,
			En:       v.Creado,
		})
	}
	bien(t, puertos.Existencias.GuardarMovimientos(ctx, movs))
	igual(
		t,
		"products",
		len(recorrer(t, func(desde *store.Cursor) (ids []string, m store.Cursor, err error) {
			ps, err := puertos.Productos.Listar(ctx, store.FiltroProductos{}, desde, 7)
			for _, v := range ps {
				ids, m = append(ids, v.ID), store.Cursor{Creado: v.Creado, ID: v.ID}
			}
			return ids, m, err
		})),
		40,
	)
	deUno := recorrer(t, func(desde *store.Cursor) (ids []string, m store.Cursor, err error) {
		ms, err := puertos.Existencias.ListarMovimientos(
			ctx,
			store.FiltroMovimientos{Producto: id(2, 1)},
			desde,
			3,
		)
		for _, v := range ms {
			ids, m = append(ids, v.ID), store.Cursor{Creado: v.En, ID: v.ID}
		}
		return ids, m, err
	})
	igual(t, "movements of one product", len(deUno), 20)
	primeros := dado(
		puertos.Existencias.ListarMovimientos(
			ctx,
			store.FiltroMovimientos{Producto: id(2, 1)},
			nil,
			2,
		),
	)(
		t,
	)
	igual(t, "newest movement", primeros[0].ID, "m39")
}
