package storetest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/omitted"
)

// Modos is how many ways Puertos.Romper knows.
const Modos = 2

// roto notes an error that is not the *store.Ilegible of an order.
func roto(t testing.TB, que string, err error, id string) {
	t.Helper()
	if r := new(store.Ilegible); !errors.As(err, &r) || r.ID != id {
		t.Errorf("%s: got error %v, want that %s is unreadable", que, err, id)
	}
}

// pedidoIlegible: a claim that meets unreadable orders sets each of them aside, once. The other orders are claimed. An
// order that has been repaired is claimed again after Retomar.
func pedidoIlegible(t testing.TB, puertos Puertos) {
	ctx, ahora := context.Background(), t0.Add(time.Hour)
	insertar(t, puertos, pedidos(0, 4)...)
	var rotos []string
	var reparar []func()
	for modo := range Modos {
		rotos = append(rotos, id(1, modo))
		reparar = append(reparar, puertos.Romper(t, "pedidos", id(1, modo), modo))
	}
	var dados []string
	for range 2 * (Modos + 2) {
		v, err := puertos.Pedidos.Reclamar(ctx, "yo", ahora, ahora.Add(minuto))
		r := new(store.Ilegible)
		switch {
		case err == nil:
			dados = append(dados, v.ID)
		case errors.As(err, &r):
			dados = append(dados, "roto "+r.ID)
		default:
			espera(t, "claiming", err, store.ErrNadaQueHacer)
		}
	}
	slices.Sort(dados)
	if quiero := []string{id(1, 2), id(1, 3), "roto " + id(1, 0), "roto " + id(1, 1)}; !slices.Equal(
		dados,
		quiero,
	) {
		t.Errorf("claimed %v, want %v", dados, quiero)
	}
	despues := ahora.Add(24 * time.Hour)
	_, err := puertos.Pedidos.Tomar(ctx, rotos[0], "yo", despues, despues.Add(minuto))
	roto(t, "taken by name", err, rotos[0])
	_, err = puertos.Pedidos.Leer(ctx, rotos[0])
	roto(t, "read", err, rotos[0])
	if r := new(store.Ilegible); errors.As(err, &r) {
		igual(t, "whose it is", r.Cliente, nuevo(0).Cliente)
	}
	apartados := dado(puertos.Pedidos.Apartados(ctx, 10))(t)
	slices.Sort(apartados)
	if !slices.Equal(apartados, rotos) {
		t.Errorf("set aside: %v, want %v", apartados, rotos)
	}
	for _, f := range reparar {
		f()
	}
	igual(t, "taken up again", dado(puertos.Pedidos.Retomar(ctx))(t), Modos)
	igual(t, "set aside afterwards", len(dado(puertos.Pedidos.Apartados(ctx, 10))(t)), 0)
	for range rotos {
		v := dado(puertos.Pedidos.Reclamar(ctx, "otro", ahora, ahora.Add(minuto)))(t)
		igual(t, "claimed when repaired: "+v.ID, slices.Contains(rotos, v.ID), true)
	}
	igual(t, "taken up a second time", dado(puertos.Pedidos.Retomar(ctx))(t), 0)
}

// arrendadoIlegible: SoltarLeases ends the leases of all orders, even if one of them is unreadable.
func arrendadoIlegible(t testing.TB, puertos Puertos) {
	ctx := context.Background()
	ps := pedidos(0, 3)
	for _, v := range ps {
		v.Duenio, v.Lease = "muerto", t0.Add(time.Hour)
	}
	insertar(t, puertos, ps...)
	puertos.Romper(t, "pedidos", id(1, 1), 0)
	bien(t, soloError(puertos.Pedidos.SoltarLeases(ctx, t0)))
	var dados []string
	for range 4 {
		if v, err := puertos.Pedidos.Reclamar(ctx, "vivo", t0.Add(minuto), t0.Add(time.Hour)); err == nil {
			dados = append(dados, v.ID)
		}
	}
	if quiero := []string{id(1, 0), id(1, 2)}; !slices.Equal(dados, quiero) {
		t.Errorf("claimed %v, want %v", dados, quiero)
	}
}

// publicarIlegible: beside an unreadable order the events of other orders are published; its own events are published
// once the order has been repaired.
func publicarIlegible(t testing.TB, puertos Puertos) {
	ctx := context.Background()
	insertar(t, puertos, pedidos(0, 3)...)
	reparar := puertos.Romper(t, "pedidos", id(1, 1), 0)
	ids := func() (out []string) {
		for _, v := range dado(puertos.Pedidos.PorPublicar(ctx, 10))(t) {
			out = append(out, v.ID)
		}
		return out
	}
	for range 2 {
		if got, quiero := ids(), []string{id(1, 0), id(1, 2)}; !slices.Equal(got, quiero) {
			t.Errorf("to publish: %v, want %v", got, quiero)
		}
	}
	igual(t, "set aside", len(dado(puertos.Pedidos.Apartados(ctx, 10))(t)), 1)
	igual(t, "and no more than asked for", len(dado(puertos.Pedidos.PorPublicar(ctx, 1))(t)), 1)
	reparar()
	bien(t, soloError(puertos.Pedidos.Retomar(ctx)))
	if got, quiero := ids(), []string{id(1, 0), id(1, 1), id(1, 2)}; !slices.Equal(
		got,
		quiero,
	) {
		t.Errorf("to publish when repaired: %v, want %v", got, quiero)
	}
}

// listasConIlegibles: every list has as many documents as its limit asks for, without the unreadable ones.
func listasConIlegibles(t testing.TB, puertos Puertos) {
	ctx := context.Background()
	insertar(t, puertos, pedidos(0, 10)...)
	for n := range 10 {
		bien(t, puertos.Productos.Insertar(ctx, producto(n)))
		m := existencias.Movimiento{
			ID:       id(6, n),
			Producto: "p",
			Deposito: "d",
			Cantidad: 1,
			En:       t0.Add(time.Duration(n) * time.Second),
		}
		bien(t, puertos.Existencias.GuardarMovimientos(ctx, []existencias.Movimiento{m}))
	}
	for _, n := range []int{9, 8, 4} {
		puertos.Romper(t, "pedidos", id(1, n), 0)
		puertos.Romper(t, "productos", id(2, n), 0)
		puertos.Romper(t, "movimientos", id(6, n), 0)
	}
	sanos := []int{7, 6, 5, 3, 2, 1, 0}
	contado := omitted.With(ctx)
	dado(puertos.Pedidos.Listar(contado, store.Filtro{}, nil, 50))(t)
	igual(t, "orders left out, as the list says", omitted.Count(contado), 3)
	for _, limite := range []int{1, 3, 4, 7, 8, 50} {
		quiero := sanos[:min(limite, len(sanos))]
		iguales(t, "orders", dado(puertos.Pedidos.Listar(ctx, store.Filtro{}, nil, limite))(t),
			func(v *pedido.Pedido) string { return v.ID }, 1, quiero)
		iguales(
			t,
			"products",
			dado(
				puertos.Productos.Listar(ctx, store.FiltroProductos{Todos: true}, nil, limite),
			)(
				t,
			),
			func(v *catalogo.Producto) string { return v.ID },
			2,
			quiero,
		)
		deP := store.FiltroMovimientos{Producto: "p"}
		iguales(
			t,
			"movements",
			dado(puertos.Existencias.ListarMovimientos(ctx, deP, nil, limite))(t),
			func(v existencias.Movimiento) string { return v.ID },
			6,
			quiero,
		)
	}
	igual(
		t,
		"products by id",
		len(dado(puertos.Productos.Leer(ctx, []string{id(2, 9), id(2, 1)}))(t)),
		1,
	)
	if _, err := puertos.Existencias.Movimientos(ctx, []string{id(6, 9), id(6, 1)}); !errors.As(
		err,
		new(*store.Ilegible),
	) {
		t.Errorf("movements by id: %v, want that one is unreadable", err)
	}
	bien(
		t,
		puertos.Pedidos.Publicar(
			ctx,
			map[string][]pedido.Evento{id(1, 1): {{Seq: 1}, {Seq: 2}}},
		),
	)
	puertos.Romper(t, "eventos", id(1, 1), 0)
	if es := dado(puertos.Pedidos.Eventos(ctx, id(1, 1), 0, 10))(t); len(es) != 1 ||
		es[0].Seq != 2 {
		t.Errorf("events: %v", es)
	}
}

func iguales[T any](
	t testing.TB,
	que string,
	vs []T,
	cual func(T) string,
	clase int,
	quiero []int,
) {
	t.Helper()
	var got, want []string
	for _, v := range vs {
		got = append(got, cual(v))
	}
	for _, n := range quiero {
		want = append(want, id(clase, n))
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", que, got, want)
	}
}

// existenciaIlegible: reading an unreadable aggregate gives *store.Ilegible. Reading many leaves it out, and Apartar
// sets it aside.
func existenciaIlegible(t testing.TB, puertos Puertos) {
	ctx := context.Background()
	var ids []string
	for _, deposito := range []string{"d1", "d2"} {
		e := existencias.New("p", deposito)
		e.Lotes = []existencias.Lote{{ID: "L", Libre: 1}}
		e.Movimientos = []existencias.Movimiento{
			{ID: "m-" + deposito, Producto: "p", Deposito: deposito, Cantidad: 1, En: t0},
		}
		bien(t, puertos.Existencias.Guardar(ctx, e))
		ids = append(ids, e.ID)
	}
	reparar := puertos.Romper(t, "existencias", ids[0], 0)
	_, err := puertos.Existencias.Leer(ctx, ids[0])
	roto(t, "read", err, ids[0])
	es := dado(puertos.Existencias.LeerProductos(ctx, []string{"p"}))(t)
	igual(t, "read for a product", len(es), 1)
	igual(t, "free", disponibles(t, puertos, map[string]time.Time{"p": t0})["p"], 1)
	bien(t, puertos.Existencias.Apartar(ctx, ids[0]))
	bien(t, puertos.Existencias.Apartar(ctx, ids[0])) // a second call changes nothing
	igual(t, "to publish", len(dado(puertos.Existencias.ConMovimientos(ctx, 10))(t)), 1)
	igual(t, "set aside", dado(puertos.Existencias.Apartadas(ctx))(t), 1)
	reparar()
	igual(t, "taken up again", dado(puertos.Existencias.Retomar(ctx))(t), 1)
	igual(
		t,
		"to publish afterwards",
		len(dado(puertos.Existencias.ConMovimientos(ctx, 10))(t)),
		2,
	)
	igual(t, "set aside afterwards", dado(puertos.Existencias.Apartadas(ctx))(t), 0)
}
