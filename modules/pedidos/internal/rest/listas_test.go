package rest_test

import (
	"strings"
	"time"

	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/pedido"
)

// deListas are the calls that list and read orders.
func deListas() map[string]escenario {
	q := app.Quien{ID: ana.ID}
	marcado := app.Cursor{Creado: ahora, ID: unID}
	dia := time.Date(2026, 3, 1, 3, 0, 0, 0, time.UTC)
	filtro := app.Filtro{
		Cliente: ana.ID,
		Estado:  pedido.Creado,
		Desde:   dia,
		Hasta:   dia.AddDate(0, 0, 1),
	}
	codigo := unPedido().Codigo
	leer := func(ruta string, e escenario) escenario {
		e.metodo, e.ruta = "GET", ruta
		return e
	}
	tres := con(
		func(p *pedido.Pedido) { p.Anotar("uno", "", ahora); p.Anotar("dos", "", ahora) },
	)
	return map[string]escenario{
		"of orders": leer(
			losPedidos+"?limite=1&cliente_id="+ana.ID+"&estado=creado&desde=2026-03-01&hasta=2026-03-01",
			escenario{
				quien: ana, app: falso{ps: []*pedido.Pedido{unPedido(), unPedido()}},
				pide:   pregunta{q, lista{filtro: filtro, limite: 2}},
				estado: 200, tiene: []string{`"id":"` + unID, `"siguiente":"` + cursor(marcado)},
			},
		),
		"the next page": leer(
			losPedidos+"?codigo="+codigo+"&cursor="+cursor(marcado),
			escenario{
				quien: operador, pide: pregunta{app.Quien{ID: operador.ID, Operador: true},
					lista{filtro: app.Filtro{Codigo: codigo}, desde: &marcado, limite: 51}},
				estado: 200, tiene: []string{`"datos":[]`},
			},
		),
		"by a code in small letters": leer(
			losPedidos+"?codigo="+strings.ToLower(codigo),
			escenario{
				quien: operador, pide: pregunta{app.Quien{ID: operador.ID, Operador: true},
					lista{filtro: app.Filtro{Codigo: codigo}, limite: 51}},
				estado: 200, tiene: []string{`"datos":[]`},
			},
		),
		"by a reference": leer(
			losPedidos+"?referencia=PO%20n%CC%83",
			escenario{ // kept in one form, however it is typed
				quien: ana, pide: pregunta{q, lista{filtro: app.Filtro{Referencia: "PO ñ"}, limite: 51}}, estado: 200,
			},
		),
		// An empty reference is refused: a list of all orders would have its first order taken for the one looked for.
		"by no reference": leer(losPedidos+"?referencia=", escenario{
			quien: ana, estado: 422, tiene: []string{"query.referencia"},
		}),
		"by a reference too long": leer(
			losPedidos+"?referencia="+strings.Repeat("x", 65),
			escenario{
				quien: ana, estado: 422, tiene: []string{"query.referencia"},
			},
		),
		"by a code misread": leer(losPedidos+"?codigo="+codigo[1:]+codigo[:1], escenario{
			quien: operador, estado: 422, tiene: []string{"codigo-invalido", "query.codigo"},
		}),
		"by a state there is not": leer(losPedidos+"?estado=perdido", escenario{
			quien: ana, estado: 422, tiene: []string{"query.estado"},
		}),
		"of days upside down": leer(losPedidos+"?desde=2026-03-02&hasta=2026-03-01", escenario{
			quien: ana, estado: 422, tiene: []string{"dia-invalido"},
		}),
		"by a cursor of others": leer(losPedidos+"?cursor=x", escenario{
			quien: ana, estado: 422, tiene: []string{"cursor-invalido"},
		}),
		"to a driver": leer(losPedidos, escenario{quien: repartidor, estado: 403}),

		"one order": leer(elPedido, escenario{
			quien: ana, pide: pregunta{q, unID}, estado: 200,
			tiene: []string{`"codigo":"` + codigo, `"marca":"visa"`, `"cuotas":3`},
			sin:   []string{"Sellado", "huella", "lat"}, van: []string{`ETag: "7"`},
		}),
		"one that failed": leer(elPedido, escenario{
			quien: ana, estado: 200, tiene: []string{`"motivo":"sin-stock"`, `"mensaje":"No tenemos stock`},
			sin: []string{`"entrega"`},
			app: falso{
				p: con(
					func(p *pedido.Pedido) { p.Motivo, p.Entrega = "sin-stock", pedido.Entrega{} },
				),
			},
		}),
		"one whose card was refused": leer(elPedido, escenario{
			quien: ana, estado: 200, tiene: []string{`"mensaje":"La tarjeta no tiene fondos`},
			app: falso{
				p: con(func(p *pedido.Pedido) { p.Motivo = "pago-rechazado.sin-fondos" }),
			},
		}),
		"one cancelled in their words": leer(elPedido, escenario{
			quien: ana, estado: 200, tiene: []string{`"motivo":"me mudo"`, `"mensaje":"El pedido fue cancelado."`},
			app: falso{
				p: con(
					func(p *pedido.Pedido) { p.Estado, p.Motivo = pedido.Cancelado, "me mudo" },
				),
			},
		}),
		"not theirs": leer(elPedido, escenario{
			quien: ana, app: falso{err: app.ErrNoExiste}, estado: 404, tiene: []string{"pedido-no-existe"},
		}),
		"under no id": leer(losPedidos+"/x", escenario{quien: ana, estado: 422}),
		"to a stranger": leer(elPedido, escenario{
			estado: 401, van: []string{`WWW-Authenticate: Bearer realm="despensa"`},
		}),
		"of its history": leer(elPedido+"/eventos?limite=2", escenario{
			quien: ana, app: falso{p: tres}, estado: 200, sin: []string{`"seq":1,`},
			tiene: []string{
				`"seq":3,"tipo":"dos"`,
				`"siguiente":"` + cursor(app.Cursor{Creado: ahora, ID: "2"}),
			},
		}),
		"the rest of it": leer(
			elPedido+"/eventos?cursor="+cursor(app.Cursor{Creado: ahora, ID: "2"}),
			escenario{
				quien: ana, app: falso{p: tres}, estado: 200, tiene: []string{`"seq":1,`},
				sin: []string{`"seq":2`, `"seq":3`, "siguiente"},
			},
		),
		"of another's history": leer(elPedido+"/eventos", escenario{
			quien: ana, app: falso{err: app.ErrNoExiste}, estado: 404,
		}),
		"of it, by a cursor of others": leer(
			elPedido+"/eventos?cursor="+cursor(app.Cursor{Creado: ahora, ID: "x"}),
			escenario{
				quien: ana, estado: 422, tiene: []string{"cursor-invalido"},
			},
		),
		"another's, as it happens": leer(elPedido+"/vivo", escenario{
			quien: ana, app: falso{err: app.ErrNoExiste}, estado: 404,
		}),
	}
}
