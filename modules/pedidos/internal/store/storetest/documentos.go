package storetest

import (
	"context"
	"math"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// parecidos notes a difference; a list without members is as good as none.
func parecidos(t testing.TB, que string, tengo, quiero any) {
	t.Helper()
	if d := cmp.Diff(quiero, tengo, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%s differs (-want +got):\n%s", que, d)
	}
}

// identicos notes any difference, that between nil and an empty list too.
func identicos(t testing.TB, que string, tengo, quiero any) {
	t.Helper()
	if d := cmp.Diff(quiero, tengo); d != "" {
		t.Errorf("%s differs (-want +got):\n%s", que, d)
	}
}

// raro is an order with values that stores get wrong: odd characters, great numbers, empty lists, unknown members.
func raro() *pedido.Pedido {
	v := nuevo(1)
	debe, hora := t0.Add(7*time.Millisecond), t0.Add(time.Hour)
	v.Motivo, v.Huella = "pingüino ñandú “ó” 日本 \x00 $x.y", ""
	v.Total, v.Neto = math.MaxInt64, -(1<<53 + 1)
	v.Debe, v.Plazo, v.Lease = &debe, &hora, hora
	v.Esperado = []string{"camion"}
	v.Creado = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	v.Ventana = &pedido.Ventana{Desde: t0, Hasta: hora}
	v.Pedida = &pedido.Cambios{
		Pago:    &pedido.Pago{Metodo: "efectivo"},
		Destino: &pedido.Destino{},
	}
	v.Reembolsos = []pedido.Reembolso{
		{ID: "r", Monto: 1<<53 + 1, En: t0, Debe: hora, Esperas: 2},
	}
	v.Acciones = []pedido.Accion{{Llave: "k", Huella: "h", En: t0}}
	v.Devoluciones = []pedido.Devolucion{
		{
			ID:     "d",
			Estado: "pedida",
			Lineas: []pedido.LineaDevuelta{{Producto: "p", Cantidad: 1 << 60}},
			Monto:  1<<53 + 1,
			Motivo: "ñ \x00 $x.y",
			En:     t0,
		},
		{ID: "e"},
	}
	v.Intentos[0].Vueltas = []pedido.Vuelta{{Deposito: "d", Visita: 1}}
	v.Referencia, v.Metadatos = "ñ日 \"$x.y", map[string]string{"a": "", "B-_9": "🥐 $x"}
	v.Resto = map[string]any{
		"futuro": "sí",
		"numero": int64(1<<53 + 1),
		"hondo":  map[string]any{"año": "2030"},
	}
	return v
}

// escribirYLeer: an order is read as it was written, with its times to the millisecond in UTC.
func escribirYLeer(t testing.TB, puertos Puertos) {
	ctx := context.Background()
	v := raro()
	copia := *v
	insertar(t, puertos, v)
	identicos(t, "the order handed in", *v, copia)
	leido := leer(t, puertos, v.ID)
	parecidos(t, "the order", leido, v)
	igual(t, "location of a time", leido.Creado.Location(), time.UTC)

	antes := *leido
	bien(t, puertos.Pedidos.Guardar(ctx, leido))
	antes.Version++
	identicos(t, "after a second round", leer(t, puertos, v.ID), &antes)

	// nil and empty lists are one and the same
	uno, otro := nuevo(2), nuevo(3)
	uno.Reembolsos, uno.Acciones, uno.Lineas, uno.Resto = nil, nil, nil, nil
	uno.Devoluciones = []pedido.Devolucion{
		{},
	}
	otro.Devoluciones = []pedido.Devolucion{
		{Lineas: []pedido.LineaDevuelta{}},
	}
	otro.Reembolsos, otro.Acciones = []pedido.Reembolso{}, []pedido.Accion{}
	otro.Lineas, otro.Resto = []pedido.Linea{}, map[string]any{}
	otro.ID, otro.Codigo, otro.Cliente = uno.ID+"x", uno.Codigo, uno.Cliente
	otro.Creado, otro.Cambio, otro.Debe, otro.Eventos = uno.Creado, uno.Cambio, uno.Debe, uno.Eventos
	otro.Destino = uno.Destino
	uno.Intentos[0].Lineas, otro.Intentos[0].Lineas = nil, []pedido.Linea{}
	uno.Intentos[0].Visitas, uno.Intentos[0].Vueltas = nil, nil
	insertar(t, puertos, uno, otro)
	a, b := leer(t, puertos, uno.ID), leer(t, puertos, otro.ID)
	b.ID = a.ID
	identicos(t, "an order with empty lists and one with none", b, a)

	fino := nuevo(4)
	fino.Lease = t0.Add(1_999_999 * time.Nanosecond).In(time.FixedZone("AR", -3*3600))
	insertar(t, puertos, fino)
	igual(
		t,
		"a time cut to milliseconds",
		leer(t, puertos, fino.ID).Lease,
		t0.Add(time.Millisecond),
	)
	escribirYLeerExistencia(t, puertos)
}

// escribirYLeerExistencia: an aggregate and a product are read as they were written, with great numbers, odd characters
// and unknown members.
func escribirYLeerExistencia(t testing.TB, puertos Puertos) {
	ctx := context.Background()
	vence := t0.Add(time.Millisecond)
	e := existencias.New(id(2, 1), id(5, 1))
	e.Lotes = []existencias.Lote{{ID: "ñ", Vence: &vence, Libre: 1<<53 + 1}, {ID: "", Libre: 4}}
	e.Reservas = []existencias.Reserva{
		{
			Clave:    clave(1),
			Cantidad: 1 << 60,
			Lenta:    true,
			Tomas:    []existencias.Toma{{Lote: "ñ", Vence: &vence, Cantidad: 1}},
		},
		{Clave: clave(2)},
	}
	e.Movimientos = []existencias.Movimiento{
		{ID: "m", Cantidad: -(1 << 60), Tomas: []existencias.Toma{{Cantidad: 2}}, En: t0},
	}
	e.Resto = map[string]any{"futuro": "sí"}
	bien(t, puertos.Existencias.Guardar(ctx, e))
	leida := dado(puertos.Existencias.Leer(ctx, e.ID))(t)
	parecidos(t, "the stock", leida, e)
	bien(t, puertos.Existencias.Guardar(ctx, leida))
	parecidos(
		t,
		"the stock after a second round",
		dado(puertos.Existencias.Leer(ctx, e.ID))(t),
		leida,
	)

	q := producto(1)
	q.Nombre, q.Precio, q.Activo, q.Frio = "Ñandú 日本 %_", 1<<53+1, false, true
	q.Resto = map[string]any{"futuro": int32(7)}
	bien(t, puertos.Productos.Insertar(ctx, q))
	leido := dado(puertos.Productos.Leer(ctx, []string{q.ID, id(2, 404)}))(t)
	parecidos(t, "the product", leido, []*catalogo.Producto{q})
}

// trasReabrir: every document is there after the adapter was closed and opened again.
func trasReabrir(t testing.TB, puertos Puertos) {
	ctx := context.Background()
	v := raro()
	insertar(t, puertos, v)
	stock := conStock(t, puertos, 1, 10)
	bien(t, puertos.Productos.Insertar(ctx, producto(1)))
	bien(t, puertos.Existencias.PonerLapida(ctx, clave(1), t0))
	bien(
		t,
		puertos.Existencias.GuardarMovimientos(
			ctx,
			[]existencias.Movimiento{{ID: "m", En: t0}},
		),
	)
	bien(t, puertos.Pedidos.Publicar(ctx, map[string][]pedido.Evento{v.ID: v.Eventos}))
	puertos = puertos.Reabrir(t)
	parecidos(t, "the order", leer(t, puertos, v.ID), v)
	igual(t, "free", dado(puertos.Existencias.Leer(ctx, stock))(t).Libre(), 10)
	igual(t, "products", len(dado(puertos.Productos.Leer(ctx, []string{id(2, 1)}))(t)), 1)
	igual(t, "the tombstone", dado(puertos.Existencias.HayLapida(ctx, clave(1)))(t), true)
	igual(t, "movements", len(dado(puertos.Existencias.Movimientos(ctx, []string{"m"}))(t)), 1)
	igual(t, "events", len(dado(puertos.Pedidos.Eventos(ctx, v.ID, 0, 9))(t)), 1)
}
