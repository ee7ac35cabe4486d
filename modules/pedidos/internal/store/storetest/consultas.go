package storetest

import (
	"context"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
)

// filtrosYCuentas: lists of orders by every filter, and the summary of all orders.
func filtrosYCuentas(t testing.TB, puertos Puertos) {
	ctx := context.Background()
	ps := pedidos(0, 20) // five clients, four orders each
	for i, v := range ps {
		if i < 6 {
			v.Estado = pedido.PagoPendiente
			v.Deber(t0.Add(-time.Duration(i) * minuto))
		}
		if i%7 == 2 { // 2 of client 2, 9 of client 4, 16 of client 1
			v.Referencia = "PO 2026/0001"
		}
		if i >= 18 {
			v.Estado = pedido.Entregado
			v.Descansar()
		}
	}
	insertar(t, puertos, ps...)
	_, err := puertos.Pedidos.Leer(ctx, id(1, 404))
	espera(t, "reading what is not there", err, store.ErrNoExiste)
	for nombre, c := range map[string]struct {
		f store.Filtro
		n int
	}{
		"all":                {store.Filtro{}, 20},
		"client":             {store.Filtro{Cliente: id(3, 1)}, 4},
		"estado":             {store.Filtro{Estado: pedido.PagoPendiente}, 6},
		"client and estado":  {store.Filtro{Cliente: id(3, 0), Estado: pedido.PagoPendiente}, 2},
		"codigo":             {store.Filtro{Codigo: pedido.Codigo(id(1, 7))}, 1},
		"codigo of another":  {store.Filtro{Codigo: pedido.Codigo(id(1, 7)), Cliente: id(3, 0)}, 0},
		"reference":          {store.Filtro{Referencia: "PO 2026/0001"}, 3},
		"part of one":        {store.Filtro{Referencia: "PO 2026"}, 0},
		"in small letters":   {store.Filtro{Referencia: "po 2026/0001"}, 0},
		"client's reference": {store.Filtro{Referencia: "PO 2026/0001", Cliente: id(3, 1)}, 1},
		"of another client":  {store.Filtro{Referencia: "PO 2026/0001", Cliente: id(3, 0)}, 0},
		"reference, estado":  {store.Filtro{Referencia: "PO 2026/0001", Estado: pedido.PagoPendiente}, 1},
		"reference, codigo":  {store.Filtro{Referencia: "PO 2026/0001", Codigo: pedido.Codigo(id(1, 9))}, 1},
		"from, included":     {store.Filtro{Desde: t0.Add(15 * time.Second)}, 5},
		"to, excluded":       {store.Filtro{Hasta: t0.Add(15 * time.Second)}, 15},
		"a span of a client": {store.Filtro{Cliente: id(3, 0), Desde: t0, Hasta: t0.Add(10 * time.Second)}, 2},
	} {
		igual(t, nombre, len(dado(puertos.Pedidos.Listar(ctx, c.f, nil, 100))(t)), c.n)
	}
	lista := dado(puertos.Pedidos.Listar(ctx, store.Filtro{}, nil, 3))(t)
	igual(t, "limited", len(lista), 3)
	igual(t, "newest", lista[0].ID, id(1, 19))

	identicos(
		t,
		"events",
		dado(puertos.Pedidos.Alcances(ctx, []string{id(1, 3), id(1, 4), id(9, 9)}))(t),
		map[string]int64{
			id(1, 3): int64(len(ps[3].Eventos)),
			id(1, 4): int64(len(ps[4].Eventos)),
		},
	)
	igual(t, "events of nothing", len(dado(puertos.Pedidos.Alcances(ctx, nil))(t)), 0)

	vencido, creado := t0.Add(-5*minuto), ps[6].Creado
	quiero := map[pedido.Estado]store.Resumen{
		pedido.PagoPendiente: {
			Estado:  pedido.PagoPendiente,
			Pedidos: 6,
			Vencido: &vencido,
			Debidos: 6,
		},
		pedido.Creado: {
			Estado:  pedido.Creado,
			Pedidos: 12,
			Vencido: &creado,
			Debidos: 12,
		},
		pedido.Entregado: {Estado: pedido.Entregado, Pedidos: 2},
	}
	identicos(t, "summary", resumen(t, puertos), quiero)
}

func resumen(t testing.TB, puertos Puertos) map[pedido.Estado]store.Resumen {
	t.Helper()
	out := map[pedido.Estado]store.Resumen{}
	for _, r := range dado(puertos.Pedidos.Resumir(context.Background(), t0.Add(time.Hour)))(t) {
		out[r.Estado] = r
	}
	return out
}

// cuentasAlDia: the summary counts the stored orders after every kind of write: new orders, changes of estado, saves
// that change no estado, saves and inserts that were refused. It counts the orders, too, that were stored before the
// adapter was opened.
func cuentasAlDia(t testing.TB, puertos Puertos) {
	cuentas := func() map[pedido.Estado]int64 {
		out := map[pedido.Estado]int64{}
		for e, r := range resumen(t, puertos) {
			out[e] = r.Pedidos
		}
		return out
	}
	igual(t, "estados of no orders", len(cuentas()), 0)
	insertar(t, puertos, pedidos(0, 5)...)
	identicos(t, "new ones", cuentas(), map[pedido.Estado]int64{pedido.Creado: 5})
	espera(
		t,
		"an insert again",
		puertos.Pedidos.Insertar(context.Background(), nuevo(1)),
		store.ErrRepetido,
	)
	viejo := leer(t, puertos, id(1, 1))
	aLaVez(4, func(i int) {
		bienSiempre(
			t,
			cambiar(puertos, id(1, i), func(v *pedido.Pedido) { v.Estado = pedido.Fallido }),
		)
		bienSiempre(t, cambiar(puertos, id(1, i), func(v *pedido.Pedido) { v.Esperas++ }))
	})
	viejo.Estado = pedido.Cancelado
	espera(
		t,
		"a save of who read before",
		puertos.Pedidos.Guardar(context.Background(), viejo),
		store.ErrConflicto,
	)
	quiero := map[pedido.Estado]int64{pedido.Creado: 1, pedido.Fallido: 4}
	identicos(t, "changed ones", cuentas(), quiero)
	bien(t, cambiar(puertos, id(1, 4), func(v *pedido.Pedido) { v.Estado = pedido.Fallido }))
	identicos(t, "the last of an estado", cuentas(), map[pedido.Estado]int64{pedido.Fallido: 5})
	if puertos.Reabrir != nil {
		puertos = puertos.Reabrir(t)
		identicos(t, "after reopening", cuentas(), map[pedido.Estado]int64{pedido.Fallido: 5})
	}
}

// catalogoBuscado: products by folded words, category and whether they are active.
func catalogoBuscado(t testing.TB, puertos Puertos) {
	ctx := context.Background()
	yerba, leche, viejo := producto(1), producto(2), producto(3)
	yerba.Nombre, yerba.Categoria = "Yerba N\u0303andu\u0301", "almacen"
	leche.Nombre, leche.Categoria = "Leche entera", "Lácteos"
	viejo.Nombre, viejo.Categoria, viejo.Activo = "Leche vieja", "LA\u0301CTEOS", false
	for _, x := range []*catalogo.Producto{yerba, leche, viejo} {
		x.Indexar()
	}
	bien(t, puertos.Productos.Insertar(ctx, yerba))
	bien(t, puertos.Productos.Insertar(ctx, leche))
	bien(t, puertos.Productos.Insertar(ctx, viejo))
	for nombre, c := range map[string]struct {
		f store.FiltroProductos
		n int
	}{
		"active":      {store.FiltroProductos{}, 2},
		"all":         {store.FiltroProductos{Todos: true}, 3},
		"a word":      {store.FiltroProductos{Q: "leche"}, 1},
		"part of one": {store.FiltroProductos{Q: "nand"}, 1},
		"two words":   {store.FiltroProductos{Q: "entera leche"}, 1},
		"not both":    {store.FiltroProductos{Q: "entera yerba"}, 0},
		"combining":   {store.FiltroProductos{Q: "n\u0303andu\u0301"}, 1},
		"composed":    {store.FiltroProductos{Q: "ÑANDÚ"}, 1},
		"category":    {store.FiltroProductos{Categoria: "lacteos", Todos: true}, 2},
		"its accents": {store.FiltroProductos{Categoria: "La\u0301cteos", Todos: true}, 2},
		"part of it":  {store.FiltroProductos{Categoria: "lact", Todos: true}, 0},
	} {
		igual(t, nombre, len(dado(puertos.Productos.Listar(ctx, c.f, nil, 9))(t)), c.n)
	}
	yerba.Activo, yerba.Nombre, yerba.Categoria = false, "Mate", "Té"
	yerba.Indexar()
	bien(t, puertos.Productos.Guardar(ctx, yerba))
	igual(t, "version", yerba.Version, 2)
	porNombre := store.FiltroProductos{Q: "mate", Todos: true}
	igual(
		t,
		"found by its new name",
		len(dado(puertos.Productos.Listar(ctx, porNombre, nil, 9))(t)),
		1,
	)
	porCategoria := store.FiltroProductos{Categoria: "te", Todos: true}
	igual(
		t,
		"found in its new category",
		len(dado(puertos.Productos.Listar(ctx, porCategoria, nil, 9))(t)),
		1,
	)
	igual(
		t,
		"active ones",
		len(dado(puertos.Productos.Listar(ctx, store.FiltroProductos{}, nil, 9))(t)),
		1,
	)
}
