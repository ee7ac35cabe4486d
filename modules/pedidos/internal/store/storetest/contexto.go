package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
)

// contextoCancelado: a method that is called with a cancelled context gives the error of the context
// and has written nothing.
func contextoCancelado(t testing.TB, puertos Puertos) {
	insertar(t, puertos, nuevo(0))
	bien(t, puertos.Productos.Insertar(context.Background(), producto(0)))
	stock := conStock(t, puertos, 0, 10)
	ctx, cancelar := context.WithCancel(context.Background())
	cancelar()
	for nombre, f := range llamadas(puertos) {
		espera(t, nombre, f(ctx), context.Canceled)
	}
	igual(t, "version of the order", leer(t, puertos, id(1, 0)).Version, 1)
	igual(
		t,
		"version of the stock",
		dado(puertos.Existencias.Leer(context.Background(), stock))(t).Version,
		1,
	)
	igual(
		t,
		"version of the product",
		dado(puertos.Productos.Leer(context.Background(), []string{id(2, 0)}))(t)[0].Version,
		1,
	)
	igual(
		t,
		"orders",
		len(dado(puertos.Pedidos.Listar(context.Background(), store.Filtro{}, nil, 10))(t)),
		1,
	)
	igual(
		t,
		"events",
		len(dado(puertos.Pedidos.Eventos(context.Background(), id(1, 0), 0, 10))(t)),
		0,
	)
	igual(
		t,
		"a tombstone",
		dado(puertos.Existencias.HayLapida(context.Background(), clave(1)))(t),
		false,
	)
	igual(
		t,
		"movements",
		len(dado(puertos.Existencias.Movimientos(context.Background(), []string{"m"}))(t)),
		0,
	)
	igual(t, "the mark", leer(t, puertos, id(1, 0)).Publicados, 0)
}

// llamadas is every method of the ports.
func llamadas(puertos Puertos) map[string]func(context.Context) error {
	hora, ids := t0.Add(time.Hour), []string{id(2, 0)}
	return map[string]func(context.Context) error{
		"Insertar":     func(c context.Context) error { return puertos.Pedidos.Insertar(c, nuevo(1)) },
		"Leer":         func(c context.Context) error { return solo(puertos.Pedidos.Leer(c, id(1, 0))) },
		"Guardar":      func(c context.Context) error { return puertos.Pedidos.Guardar(c, nuevo(0)) },
		"Reclamar":     func(c context.Context) error { return solo(puertos.Pedidos.Reclamar(c, "yo", hora, hora)) },
		"Tomar":        func(c context.Context) error { return solo(puertos.Pedidos.Tomar(c, id(1, 0), "yo", hora, hora)) },
		"SoltarLeases": func(c context.Context) error { return solo(puertos.Pedidos.SoltarLeases(c, t0)) },
		"Listar":       func(c context.Context) error { return solo(puertos.Pedidos.Listar(c, store.Filtro{}, nil, 9)) },
		"EnEstado":     func(c context.Context) error { return solo(puertos.Pedidos.EnEstado(c, pedido.Creado, nil, 9)) },
		"Alcances":     func(c context.Context) error { return solo(puertos.Pedidos.Alcances(c, []string{"x"})) },
		"Resumir":      func(c context.Context) error { return solo(puertos.Pedidos.Resumir(c, t0)) },
		"PorPublicar":  func(c context.Context) error { return solo(puertos.Pedidos.PorPublicar(c, 9)) },
		"Publicar": func(c context.Context) error {
			return puertos.Pedidos.Publicar(
				c,
				map[string][]pedido.Evento{id(1, 0): nuevo(0).Eventos},
			)
		},
		"Publicadas": func(c context.Context) error {
			return puertos.Pedidos.Publicadas(
				c,
				[]store.Publicacion{{Pedido: id(1, 0), Hasta: 1}},
			)
		},
		"Eventos": func(c context.Context) error { return solo(puertos.Pedidos.Eventos(c, id(1, 0), 0, 9)) },
		"Asentar": func(c context.Context) error { return solo(puertos.Pedidos.Asentar(c, 9)) },
		"Diario":  func(c context.Context) error { return solo(primeros(puertos.Pedidos.Diario(c, "", 0, 9))) },
		"Existencias.Leer": func(c context.Context) error {
			return solo(puertos.Existencias.Leer(c, existencias.ID(id(2, 0), id(5, 1))))
		},
		"LeerProductos": func(c context.Context) error { return solo(puertos.Existencias.LeerProductos(c, ids)) },
		"Disponibles": func(c context.Context) error {
			return solo(puertos.Existencias.Lotes(c, ids))
		},
		"FijarLote": func(c context.Context) error {
			return solo(puertos.Existencias.FijarLote(c, ids[0], "L", nil))
		},
		"Existencias.Guardar": func(c context.Context) error {
			return puertos.Existencias.Guardar(c, existencias.New(id(2, 9), id(5, 1)))
		},
		"Existencias.Guardar anew": func(c context.Context) error { return guardarLeida(c, puertos) },
		"ConMovimientos":           func(c context.Context) error { return solo(puertos.Existencias.ConMovimientos(c, 9)) },
		"GuardarMovimientos": func(c context.Context) error {
			return puertos.Existencias.GuardarMovimientos(
				c,
				[]existencias.Movimiento{{ID: "m", En: t0}},
			)
		},
		"Movimientos": func(c context.Context) error { return solo(puertos.Existencias.Movimientos(c, ids)) },
		"CambiarMotivo": func(c context.Context) error {
			return puertos.Existencias.CambiarMotivo(c, "m", "", "motivo")
		},
		"ListarMovimientos": func(c context.Context) error {
			return solo(
				puertos.Existencias.ListarMovimientos(
					c,
					store.FiltroMovimientos{Producto: ids[0]},
					nil,
					9,
				),
			)
		},
		"PonerLapida": func(c context.Context) error { return puertos.Existencias.PonerLapida(c, clave(1), t0) },
		"Consultar": func(c context.Context) error {
			return solo(
				puertos.Existencias.Consultar(
					c,
					store.Cuestion{Existencias: []string{"e"}, Movimientos: []string{"m"}},
				),
			)
		},
		"HayLapida": func(c context.Context) error { return solo(puertos.Existencias.HayLapida(c, clave(1))) },
		"LimpiarLapidas": func(c context.Context) error {
			return soloError(puertos.Existencias.LimpiarLapidas(c, t0, 9))
		},
		"Cupos.Leer": func(c context.Context) error { return solo(puertos.Cupos.Leer(c, "c")) },
		"Cupos.Guardar": func(c context.Context) error {
			return puertos.Cupos.Guardar(c, &pedido.Cupo{ID: "c", Vence: t0})
		},
		"Cupos.Limpiar":      func(c context.Context) error { return soloError(puertos.Cupos.Limpiar(c, t0, 9)) },
		"Productos.Insertar": func(c context.Context) error { return puertos.Productos.Insertar(c, producto(1)) },
		"Productos.Leer":     func(c context.Context) error { return solo(puertos.Productos.Leer(c, ids)) },
		"Productos.Guardar":  func(c context.Context) error { return puertos.Productos.Guardar(c, producto(0)) },
		"Productos.Listar": func(c context.Context) error {
			return solo(puertos.Productos.Listar(c, store.FiltroProductos{}, nil, 9))
		},
	}
}

func solo[T any](_ T, err error) error { return err }

// guardarLeida saves the stock of product 0 as if it had been read at version 1.
func guardarLeida(ctx context.Context, puertos Puertos) error {
	e := existencias.New(id(2, 0), id(5, 1))
	e.Version = 1
	return puertos.Existencias.Guardar(ctx, e)
}

// canceladoAMitad: a write is stored whole or not at all when its caller gives up meanwhile.
func canceladoAMitad(t testing.TB, puertos Puertos) {
	const cuantos = 60
	insertar(t, puertos, pedidos(0, cuantos)...)
	aLaVez(cuantos, func(i int) {
		ctx, cancelar := context.WithCancel(context.Background())
		go cancelar() // at any moment of the writes below
		eventos := conEventos(i, 20)
		eventos.Motivo = "entero"
		for nombre, err := range map[string]error{
			"Guardar":  puertos.Pedidos.Guardar(ctx, eventos),
			"Publicar": puertos.Pedidos.Publicar(ctx, map[string][]pedido.Evento{eventos.ID: eventos.Eventos}),
		} {
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", nombre, err)
			}
		}
	})
	for i := range cuantos {
		n := len(dado(puertos.Pedidos.Eventos(context.Background(), id(1, i), 0, 100))(t))
		if n != 0 && n != 20 {
			t.Errorf("%d of 20 events were published", n)
		}
		v := leer(t, puertos, id(1, i))
		forma := fmt.Sprint(v.Version, len(v.Eventos), v.Motivo)
		if forma != fmt.Sprint(1, 1, "") && forma != fmt.Sprint(2, 20, "entero") {
			t.Errorf("half an order was saved: %s", forma)
		}
	}
}
