package rechazos_test

import (
	"strings"

	"despensa/pruebas/kit"
)

// deDevoluciones: returns that cannot be asked for, and logins that cannot accept them.
func (e *escena) deDevoluciones() map[string]malo {
	const datos = "datos-invalidos"
	camino := "/pedidos/" + e.recibido.ID + "/devoluciones"
	una := lineaDe(e.prod, 1)
	bien := kit.Body{"lineas": una, "motivo": "roto"}
	mal := func(k any, code, donde string) malo {
		return malo{
			login:  "cliente1",
			metodo: "POST",
			camino: camino,
			cuerpo: k,
			status: 422,
			code:   code,
			donde:  donde,
		}
	}
	en := func(login, id string, status int, code string) malo {
		return malo{
			login:  login,
			metodo: "POST",
			camino: "/pedidos/" + id + "/devoluciones",
			cuerpo: bien,
			status: status,
			code:   code,
		}
	}
	muchas := make([]kit.Line, 201)
	for i := range muchas {
		muchas[i] = kit.Line{Producto: kit.NoID(), Cantidad: 1}
	}
	resolver := func(login, id, que string, k any, status int, code string) malo {
		return malo{
			login:  login,
			metodo: "POST",
			camino: "/pedidos/" + id + "/devoluciones/" + kit.NoID() + "/" + que,
			cuerpo: k,
			status: status,
			code:   code,
		}
	}
	return map[string]malo{
		"no lines":  mal(bien.With("lineas", []kit.Line{}), datos, "body.lineas"),
		"201 lines": mal(bien.With("lineas", muchas), datos, "body.lineas"),
		"200 unknown lines": mal(
			bien.With("lineas", muchas[:200]),
			"devolucion-invalida",
			"body.lineas[0].producto_id",
		),
		"quantity 0": mal(
			bien.With("lineas", lineaDe(e.prod, 0)),
			datos,
			"body.lineas[0].cantidad",
		),
		"quantity 10001": mal(
			bien.With("lineas", lineaDe(e.prod, 10001)),
			datos,
			"body.lineas[0].cantidad",
		),
		"more than was delivered": mal(bien.With("lineas", lineaDe(e.prod, 3)),
			"devolucion-invalida", "body.lineas[0].cantidad"),
		"a product twice": mal(
			bien.With("lineas", append(lineaDe(e.prod, 1), lineaDe(e.prod, 1)...)),
			"devolucion-invalida",
			"body.lineas[1].producto_id",
		),
		"not of this order": mal(
			bien.With("lineas", append(lineaDe(e.prod, 1), lineaDe(e.caro, 1)...)),
			"devolucion-invalida",
			"body.lineas[1].producto_id",
		),
		"product of no form": mal(
			bien.With("lineas", lineaDe(rechazado, 1)),
			datos,
			"body.lineas[0].producto_id",
		),
		"without a reason": mal(kit.Body{"lineas": una}, datos, "body"),
		"empty reason":     mal(bien.With("motivo", ""), datos, "body.motivo"),
		"reason too long": mal(
			bien.With("motivo", strings.Repeat("x", 301)),
			datos,
			"body.motivo",
		),
		"unknown member": mal(bien.With("sorpresa", rechazado), datos, "body.sorpresa"),
		"without a body": {
			login:  "cliente1",
			metodo: "POST",
			camino: camino,
			status: 400,
			code:   "json-invalido",
		},
		"what is not delivered": conPermitidos(
			en("cliente1", e.confirmado.ID, 409, "paso-no-permitido"),
			`"cancelar"`,
		),
		"what is cancelled": conPermitidos(
			en("operador", e.cancelado.ID, 409, "paso-no-permitido"),
			"",
		),
		"another's": en("cliente2", e.recibido.ID, 404, "pedido-no-existe"),
		"nobody's":  en("operador", kit.NoID(), 404, "pedido-no-existe"),
		"accept what is not there": resolver(
			"operador",
			e.recibido.ID,
			"aceptacion",
			nil,
			404,
			"devolucion-no-existe",
		),
		"refuse what is not there": resolver(
			"operador",
			e.recibido.ID,
			"rechazo",
			kit.Body{"motivo": "no"},
			404,
			"devolucion-no-existe",
		),
		"accept of no order": resolver(
			"admin",
			kit.NoID(),
			"aceptacion",
			nil,
			404,
			"pedido-no-existe",
		),
		"refuse without a reason": resolver(
			"operador",
			e.recibido.ID,
			"rechazo",
			kit.Body{},
			422,
			datos,
		),
		"id of no form": {
			login:  "operador",
			metodo: "POST",
			camino: camino + "/" + rechazado + "/aceptacion",
			status: 422,
			code:   datos,
			donde:  "path.devolucion_id",
		},
		"to see where, another's driver": {login: "repartidor3", metodo: "GET",
			camino: "/pedidos/" + e.recibido.ID + "/entrega", status: 404, code: "pedido-no-existe"},
		"to see where, an id of no form": {
			login:  "operador",
			metodo: "GET",
			camino: "/pedidos/" + rechazado + "/entrega",
			status: 422,
			code:   datos,
			donde:  "path.id",
		},
		"to see where, with a query": {login: "operador", metodo: "GET",
			camino: "/pedidos/" + e.recibido.ID + "/entrega?x=" + rechazado, status: 422, code: datos, donde: "query.x"},
		"the stock of an order of no form": {login: "operador", metodo: "GET",
			camino: "/pedidos/" + rechazado + "/existencias", status: 422, code: datos, donde: "path.id"},
		"the stock of no order": {
			login:  "operador",
			metodo: "GET",
			camino: "/pedidos/" + kit.NoID() + "/existencias",
			status: 404,
			code:   "pedido-no-existe",
		},
		"the file of no order": {
			login:  "operador",
			metodo: "GET",
			camino: "/pedidos/" + kit.NoID() + "/expediente",
			status: 404,
			code:   "pedido-no-existe",
		},
	}
}
