package rest_test

import (
	"strings"
	"time"

	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
	"despensa/platform/httpapi"
)

// cursor is the cursor of the page after m, as the API writes it.
func cursor(m app.Cursor) string { return httpapi.Cursor{Created: m.Creado, ID: m.ID}.Text() }

// aqui is the address from which the bed calls.
const aqui = "192.0.2.1"

var (
	deAna      = app.Quien{ID: ana.ID}
	deOperador = app.Quien{ID: operador.ID, Operador: true}
)

// hacer is a POST to the resource bajo of the order.
func hacer(bajo, cuerpo string, escenario escenario) escenario {
	escenario.metodo, escenario.ruta, escenario.cuerpo = "POST", elPedido+bajo, cuerpo
	return escenario
}

// repeticion is a call that repeats an earlier one under its key.
func repeticion(bajo, cuerpo string, estado int) escenario {
	return hacer(bajo, cuerpo, escenario{
		quien: operador, app: falso{repetida: true}, estado: estado, van: []string{"Idempotent-Replayed: true"},
	})
}

// negativa is a call that the app refuses.
func negativa(bajo, cuerpo string, err error, estado int, tiene ...string) escenario {
	return hacer(
		bajo,
		cuerpo,
		escenario{quien: operador, app: falso{err: err}, estado: estado, tiene: tiene},
	)
}

// deAcciones are the calls that retry, cancel and refund an order.
func deAcciones() map[string]escenario {
	const reintento, cancelacion, reembolsos = "/reintento", "/cancelacion", "/reembolsos"
	const porque, cien = `{"motivo":"me mudo"}`, `{"motivo":"rota","monto_centavos":100}`
	conPago := app.PagoPedido{Metodo: "efectivo"}
	mejora := app.Reintento{
		Lineas:    []app.LineaPedida{{Producto: productoID, Cantidad: 1}},
		Direccion: casa,
		Ventana:   &pedido.Ventana{Desde: ahora, Hasta: ahora.Add(time.Hour)},
		Pago:      &conPago,
		Total:     centavos(21_000),
		Desde:     aqui,
	}
	const mejorado = `{"lineas":[{"producto_id":"` + productoID + `","cantidad":1}],"direccion_id":"` + casa + `"` +
		deUnaHora + `,"pago":{"metodo":"efectivo"},"total_centavos":21000}`
	otroPrecio := app.ErrPrecio.WithExtra("cotizacion", laCotizacion())
	permite := pedido.ErrPaso.WithExtra("permitidos", []string{"despachar"})
	dosReembolsos := con(func(p *pedido.Pedido) {
		p.Reembolsos = []pedido.Reembolso{
			{ID: unID, Monto: 1, En: ahora},
			{ID: otroID, Monto: 2, Motivo: "rota", En: ahora},
		}
	})
	return map[string]escenario{
		"retried as it was": hacer(reintento, "", escenario{
			quien: ana, pide: pregunta{deAna, unID, app.Reintento{Desde: aqui}}, estado: 200, tiene: []string{`"id":"` + unID},
			van: []string{`ETag: "7"`, "Location: "},
		}),
		"retried, mended": hacer(reintento, mejorado, escenario{
			quien: operador, pide: pregunta{deOperador, unID, mejora}, estado: 200,
		}),
		"retried again":     repeticion(reintento, `{}`, 200),
		"retried too often": negativa(reintento, `{}`, pedido.ErrIntentos, 409, "sin-intentos"),
		"retried too early": negativa(reintento, `{}`, permite, 409, "paso-no-permitido",
			`"permitidos":["despachar"]`),
		"retried with a used card": negativa(
			reintento,
			`{}`,
			pedido.ErrToken,
			422,
			"pago-invalido",
			"body.pago",
		),
		"retried too busily": negativa(
			reintento,
			`{}`,
			pedido.ErrAcciones,
			429,
			"demasiadas-acciones",
		),
		"retried at another price": negativa(
			reintento,
			`{}`,
			otroPrecio,
			409,
			`"total_centavos":21000`,
			`"faltan":[]`,
		),
		"retried after refused cards": negativa(
			reintento,
			`{}`,
			app.ErrRechazos.WithRetry(90*time.Second),
			429,
			"demasiados-rechazos",
		),
		"retried to a place out of the area": negativa(
			reintento,
			`{}`,
			rutas.ErrFueraDeArea.WithField("body.direccion_id", "x"),
			422,
			"fuera-de-area",
			"body.direccion_id",
		),
		"retried at less than nothing": hacer(reintento, `{"total_centavos":-1}`, escenario{
			quien: ana, estado: 422, tiene: []string{"body.total_centavos"},
		}),
		"retried with no lines": hacer(reintento, `{"lineas":[]}`, escenario{
			quien: ana, estado: 422, tiene: []string{"body.lineas"},
		}),
		"retried by a driver": hacer(
			reintento,
			`{}`,
			escenario{quien: repartidor, estado: 403},
		),
		"another's, retried": negativa(
			reintento,
			`{}`,
			app.ErrNoExiste,
			404,
			"pedido-no-existe",
		),

		"cancelled": hacer(cancelacion, porque, escenario{
			quien: ana, pide: pregunta{deAna, unID, "me mudo"}, estado: 200,
			tiene: []string{`"acciones":["cancelar"]`},
			van:   []string{`ETag: "7"`, "Idempotent-Replayed: "},
		}),
		"cancelled again": repeticion(cancelacion, porque, 200),
		"cancelled too late": negativa(cancelacion, porque, permite, 409, "paso-no-permitido",
			`"permitidos":["despachar"]`),
		"cancelled meanwhile": negativa(
			cancelacion,
			porque,
			pedido.ErrCancelando,
			409,
			"cancelacion-en-curso",
		),
		"another's, cancelled": negativa(
			cancelacion,
			porque,
			app.ErrNoExiste,
			404,
			"pedido-no-existe",
		),
		"cancelled, key reused": negativa(
			cancelacion,
			porque,
			pedido.ErrHuella,
			422,
			"clave-reutilizada",
		),
		"cancelled too busily": negativa(
			cancelacion,
			porque,
			pedido.ErrAcciones,
			429,
			"demasiadas-acciones",
		),
		"cancelled without why": hacer(cancelacion, `{"motivo":""}`, escenario{
			quien: ana, estado: 422, tiene: []string{"body.motivo"},
		}),
		"cancelled at length": hacer(
			cancelacion,
			`{"motivo":"`+strings.Repeat("x", 201)+`"}`,
			escenario{
				quien: ana, estado: 422,
			},
		),
		"cancelled in 9 KB": hacer(cancelacion, strings.Repeat(" ", 9<<10)+porque, escenario{
			quien: ana, estado: 413,
		}),
		"cancelled by a stranger": hacer(cancelacion, porque, escenario{estado: 401}),

		"refunded in part": hacer(reembolsos, cien, escenario{
			quien: operador, pide: pregunta{deOperador, unID, *centavos(100), "rota"}, estado: 201,
			tiene: []string{`"monto_centavos":500`, `"estado":"pedido"`, `"motivo":"rota"`},
			sin:   []string{`"monto_centavos":9`},
			van: []string{
				"Location: /api/v1" + elPedido + reembolsos,
				"Idempotent-Replayed: ",
			},
		}),
		"refunded too often": negativa(
			reembolsos,
			cien,
			pedido.ErrReembolsos,
			409,
			"demasiados-reembolsos",
		),
		"refunded wholly": hacer(reembolsos, `{"motivo":"rota"}`, escenario{
			quien: admin, pide: pregunta{app.Quien{ID: admin.ID, Operador: true}, unID, *centavos(0), "rota"},
			estado: 201,
		}),
		"refunded again": repeticion(reembolsos, cien, 201),
		"refunded beyond": negativa(
			reembolsos,
			cien,
			pedido.ErrReembolso,
			422,
			"monto-excesivo",
			"body.monto_centavos",
		),
		"refunded, not paid": negativa(reembolsos, cien, permite, 409, "paso-no-permitido"),
		"refunded nothing": hacer(reembolsos, `{"motivo":"x","monto_centavos":0}`, escenario{
			quien: operador, estado: 422,
		}),
		"refunded by its customer": hacer(reembolsos, cien, escenario{
			quien: ana, estado: 403, tiene: []string{"sin-permiso"},
		}),
		"refunds": {
			metodo: "GET", ruta: elPedido + reembolsos + "?limite=1", quien: operador, app: falso{p: dosReembolsos},
			estado: 200,
			tiene: []string{
				otroID,
				`"siguiente":"` + cursor(app.Cursor{Creado: ahora, ID: otroID}),
			},
			sin: []string{`"monto_centavos":1,`},
		},
		"the rest of the refunds": {
			metodo: "GET", ruta: elPedido + reembolsos + "?cursor=" + cursor(app.Cursor{Creado: ahora, ID: otroID}),
			quien: operador,
			app: falso{
				p: dosReembolsos,
			}, estado: 200, tiene: []string{unID}, sin: []string{otroID, "siguiente"},
		},
		"refunds, to its customer": {
			metodo: "GET",
			ruta:   elPedido + reembolsos,
			quien:  ana,
			estado: 403,
		},
		"refunds of no order": {
			metodo: "GET", ruta: elPedido + reembolsos, quien: operador, app: falso{err: app.ErrNoExiste}, estado: 404,
		},
	}
}

// deDevoluciones are the calls about the returns of an order.
func deDevoluciones() map[string]escenario {
	const todas, una = "/devoluciones", "/devoluciones/" + devolID
	const aceptacion, rechazo, no = una + "/aceptacion", una + "/rechazo", `{"motivo":"abierta"}`
	const rota = `{"lineas":[{"producto_id":"` + productoID + `","cantidad":1}],"motivo":"rota"}`
	const conLote = `{"lineas":[{"producto_id":"` + productoID + `","cantidad":1,"destino":"existencias","lote":"L1"}],` +
		`"motivo":"rota"}`
	quiere := pedido.Devolucion{
		Motivo: "rota",
		Lineas: []pedido.LineaDevuelta{{Producto: productoID, Cantidad: 1}},
	}
	dos := con(func(p *pedido.Pedido) {
		p.Devoluciones = []pedido.Devolucion{{ID: unID, Motivo: "vieja", En: ahora},
			{ID: otroID, Motivo: "nueva", En: ahora}}
	})
	return map[string]escenario{
		"asked for": hacer(todas, rota, escenario{
			quien: ana, pide: pregunta{deAna, unID, quiere, []pedido.Destinado{{Producto: productoID, Cantidad: 1}}},
			estado: 201,
			tiene: []string{
				`"estado":"pedida"`,
				`"monto_centavos":10000`,
				`"lineas":[{"producto_id":"` + productoID,
			},
			sin: []string{"resuelta"},
			van: []string{"Location: /api/v1" + elPedido + todas},
		}),
		"asked for again": repeticion(todas, rota, 201),
		"of what is not there": negativa(
			todas,
			rota,
			pedido.ErrDevolucion.WithField("body.lineas[0].cantidad", "x"),
			422,
			"body.lineas[0].cantidad",
		),
		"too late": negativa(todas, rota, pedido.ErrPlazo, 409, "devolucion-tarde"),
		"too often": negativa(
			todas,
			rota,
			pedido.ErrDevoluciones,
			409,
			"demasiadas-devoluciones",
		),
		"before the delivery": negativa(todas, rota, pedido.ErrPaso, 409, "paso-no-permitido"),
		"of another's order":  negativa(todas, rota, app.ErrNoExiste, 404, "pedido-no-existe"),
		"of nothing": hacer(todas, `{"lineas":[],"motivo":"x"}`, escenario{
			quien: ana, estado: 422, tiene: []string{"body.lineas"},
		}),
		"by a driver": hacer(todas, rota, escenario{quien: repartidor, estado: 403}),
		"listed": {
			metodo: "GET", ruta: elPedido + todas + "?limite=1", quien: ana, app: falso{p: dos}, estado: 200,
			tiene: []string{"nueva", "siguiente"}, sin: []string{"vieja"},
		},
		"listed, another's": {
			metodo: "GET", ruta: elPedido + todas, quien: ana, app: falso{err: app.ErrNoExiste}, estado: 404,
		},

		"with its destination": hacer(todas, conLote, escenario{
			quien: operador, estado: 201, pide: pregunta{deOperador, unID, quiere,
				[]pedido.Destinado{
					{Producto: productoID, Cantidad: 1, Destino: "existencias", Lote: "L1"},
				}},
		}),
		"with another destination": hacer(
			todas,
			strings.Replace(conLote, "existencias", "regalo", 1),
			escenario{
				quien: operador, estado: 422, tiene: []string{"body.lineas[0].destino"}, sin: []string{"regalo"},
			},
		),
		"with its destination, by a customer": negativa(
			todas,
			conLote,
			pedido.ErrDevolucion.WithField(
				"body.lineas[0].destino",
				"is the operator's to say",
			),
			422,
			"body.lineas[0].destino",
		),

		"accepted": hacer(aceptacion, "", escenario{
			quien: operador, pide: pregunta{deOperador, unID, devolID, []pedido.Destinado(nil)}, estado: 200,
			tiene: []string{
				`"id":"` + devolID,
				`"estado":"aceptada"`,
				`"resuelta":"2026-11-30T12:00:00Z"`,
				`"lineas":[{"producto_id":"` + productoID + `","cantidad":1,"destino":"existencias","lote":"L1"}]`,
			},
		}),
		"accepted with nothing": hacer(aceptacion, `{}`, escenario{
			quien: operador, pide: pregunta{deOperador, unID, devolID, []pedido.Destinado(nil)}, estado: 200,
		}),
		"accepted into stock": hacer(
			aceptacion,
			`{"lineas":[{"producto_id":"`+productoID+`","destino":"existencias"},`+
				`{"producto_id":"`+productoID+`","cantidad":2,"destino":"descarte","lote":"L1"}]}`,
			escenario{
				quien:  operador,
				estado: 200,
				pide: pregunta{deOperador, unID, devolID, []pedido.Destinado{
					{Producto: productoID, Destino: "existencias"},
					{Producto: productoID, Cantidad: 2, Destino: "descarte", Lote: "L1"}}},
			},
		),
		"accepted to nowhere": hacer(
			aceptacion,
			`{"lineas":[{"producto_id":"`+productoID+`"}]}`,
			escenario{
				quien: operador, estado: 422, tiene: []string{"property destino"},
			},
		),
		"accepted with more": hacer(aceptacion, `{"lineas":[],"monto":1}`, escenario{
			quien: operador, estado: 422, tiene: []string{"body.monto"},
		}),
		"accepted again": repeticion(aceptacion, "", 200),
		"accepted twice": negativa(
			aceptacion,
			"",
			pedido.ErrResuelta,
			409,
			"devolucion-resuelta",
		),
		"accepted, none there": negativa(
			aceptacion,
			"",
			pedido.ErrSinDevolucion,
			404,
			"devolucion-no-existe",
		),
		"accepted by its customer": hacer(aceptacion, "", escenario{quien: ana, estado: 403}),
		"refused": hacer(rechazo, no, escenario{
			quien: operador, pide: pregunta{deOperador, unID, devolID, "abierta"}, estado: 200,
			tiene: []string{`"estado":"rechazada"`, `"rechazo":"abierta"`},
		}),
		"refused again": repeticion(rechazo, no, 200),
		"refused twice": negativa(rechazo, no, pedido.ErrResuelta, 409, "devolucion-resuelta"),
		"refused, none there": negativa(
			rechazo,
			no,
			pedido.ErrSinDevolucion,
			404,
			"devolucion-no-existe",
		),
		"refused without why": hacer(rechazo, `{}`, escenario{
			quien: operador, estado: 422, tiene: []string{"property motivo"},
		}),
		"refused by its customer": hacer(rechazo, no, escenario{quien: ana, estado: 403}),
	}
}
