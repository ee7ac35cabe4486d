package rechazos_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"despensa/pruebas/kit"
)

// deForma: requests that the program cannot read: their headers, their JSON, their members.
func (e *escena) deForma() map[string]malo {
	const datos, tipo, json = "datos-invalidos", "tipo-no-soportado", "json-invalido"
	conCabecera := func(nombre, valor string, status int, code string) malo {
		m := pedirMal(e.bien(), status, code, "")
		m.cabecera = map[string]string{nombre: valor}
		return m
	}
	anidada := strings.Repeat("[", 30) + strings.Repeat("]", 30)
	return map[string]malo{
		"unknown field": pedirMal(
			e.bien().With("sorpresa", rechazado),
			422,
			datos,
			"body.sorpresa",
		),
		"unknown field in line": pedirMal(e.bien().With("lineas",
			[]any{kit.Body{"producto_id": e.prod, "cantidad": 1, "precio_centavos": 1}}),
			422, datos, "body.lineas[0].precio_centavos"),
		"known field in capitals": pedirMal(
			e.bien().With("direccion_id", nil).With("Direccion_Id", e.dir),
			422,
			datos,
			"",
		),
		"wrong type, text": pedirMal(
			e.bien().With("total_centavos", rechazado),
			422,
			datos,
			"body.total_centavos",
		),
		"wrong type, object": pedirMal(
			e.bien().With("lineas", kit.Body{"a": rechazado}),
			422,
			datos,
			"body.lineas",
		),
		"wrong type, number": pedirMal(
			e.bien().With("direccion_id", 7777777),
			422,
			datos,
			"body.direccion_id",
		),
		"missing member": pedirMal(e.bien().With("direccion_id", nil), 422, datos, "body"),
		"null member": pedirMal(
			`{"lineas":null,"direccion_id":null,"pago":null}`,
			422,
			datos,
			"",
		),
		"not an object": pedirMal(`["`+rechazado+`"]`, 422, datos, "body"),
		"no body":       pedirMal("", 400, json, ""),
		"not JSON":      pedirMal(rechazado, 400, json, ""),
		"cut off": pedirMal(
			`{"lineas":[{"producto_id":"`+rechazado,
			400,
			json,
			"",
		),
		"two documents": pedirMal(`{} {"a":"`+rechazado+`"}`, 400, json, ""),
		"a name twice": pedirMal(
			`{"direccion_id":"`+rechazado+`","direccion_id":"`+rechazado+`"}`,
			400,
			json,
			"",
		),
		"nested too deep": pedirMal(`{"lineas":`+anidada+`}`, 400, json, ""),
		"not UTF-8":       pedirMal("{\"direccion_id\":\"\xff\xfe\"}", 400, json, ""),
		"NUL":             pedirMal(`{"direccion_id":"`+rechazado+`\u0000"}`, 422, datos, ""),
		"body over the limit": pedirMal(
			e.bien().With("sorpresa", strings.Repeat(rechazado, 6000)),
			413,
			"cuerpo-excesivo",
			"",
		),
		"text":       conCabecera("Content-Type", "text/plain", 415, tipo),
		"a form":     conCabecera("Content-Type", "application/x-www-form-urlencoded", 415, tipo),
		"compressed": conCabecera("Content-Encoding", "gzip", 415, tipo),
		"key too long": conCabecera(
			"Idempotency-Key",
			strings.Repeat("x", 118)+rechazado,
			422,
			datos,
		),
		"key with a blank":  conCabecera("Idempotency-Key", "zq rechazado 77", 422, datos),
		"key that is empty": conCabecera("Idempotency-Key", "", 422, datos),
		"two keys":          dosClaves(e.bien()),
		"key of another body": conCabecera(
			"Idempotency-Key",
			"ya-usada",
			422,
			"clave-reutilizada",
		),
		"no such path": {login: "cliente1", metodo: "GET", camino: "/" + rechazado, status: 404,
			code: "no-encontrado"},
		"no such method": {login: "cliente1", metodo: "DELETE", camino: "/pedidos",
			status: 405, code: "metodo-no-permitido"},
		"id of no form": {login: "cliente1", metodo: "GET", camino: "/pedidos/" + rechazado,
			status: 422, code: datos, donde: "path.id"},
	}
}

// dosClaves is an order under two keys at once.
func dosClaves(cuerpo kit.Body) malo {
	m := pedirMal(cuerpo, 422, "datos-invalidos", "header.Idempotency-Key")
	m.otra = [2]string{"Idempotency-Key", rechazado}
	m.cabecera = map[string]string{"Idempotency-Key": "una"}
	return m
}

// lineaDe is one line of an order or of a return.
func lineaDe(producto string, cantidad int64) []kit.Line {
	return []kit.Line{{Producto: producto, Cantidad: cantidad}}
}

// deLineas: lines that no customer can order.
func (e *escena) deLineas() map[string]malo {
	con := func(ls any, status int, code, donde string) malo {
		return pedirMal(e.bien().With("lineas", ls), status, code, donde)
	}
	cantidad := func(n string) malo { // n as it is written in the JSON
		m := con([]kit.Line{}, 422, "datos-invalidos", "body.lineas[0].cantidad")
		m.cuerpo = `{"direccion_id":"` + e.dir + `","pago":{"metodo":"transferencia"},"lineas":[{"producto_id":"` + e.prod +
			`","cantidad":` + n + `}]}`
		return m
	}
	muchas := make([]kit.Line, 201)
	for i := range muchas {
		muchas[i] = kit.Line{Producto: kit.NoID(), Cantidad: 1}
	}
	m := map[string]malo{
		"none": con([]kit.Line{}, 422, "datos-invalidos", "body.lineas"),
		"201":  con(muchas, 422, "datos-invalidos", "body.lineas"),
		"200, none of them exists": con(
			muchas[:200],
			422,
			"producto-desconocido",
			"body.lineas[0].producto_id",
		),
		"a product twice": con(
			[]kit.Line{{Producto: e.prod, Cantidad: 1}, {Producto: e.prod, Cantidad: 2}},
			422,
			"linea-repetida",
			"body.lineas[1].producto_id",
		),
		"unknown product": con(
			[]kit.Line{{Producto: e.prod, Cantidad: 1}, {Producto: kit.NoID(), Cantidad: 1}},
			422,
			"producto-desconocido",
			"body.lineas[1].producto_id",
		),
		"inactive product": con(
			lineaDe(e.dejado, 1),
			422,
			"producto-desconocido",
			"body.lineas[0].producto_id",
		),
		"product of no form": con(
			lineaDe(rechazado, 1),
			422,
			"datos-invalidos",
			"body.lineas[0].producto_id",
		),
		"too dear": con(
			lineaDe(e.caro, 10000),
			422,
			"total-excesivo",
			"body.lineas[0].cantidad",
		),
		"foreign address": pedirMal(
			e.bien().With("direccion_id", e.dirAjena),
			422,
			"direccion-desconocida",
			"body.direccion_id",
		),
		"unknown address": pedirMal(
			e.bien().With("direccion_id", kit.NoID()),
			422,
			"direccion-desconocida",
			"body.direccion_id",
		),
		"changed price": e.precioCambiado(),
		"negative price": pedirMal(
			e.bien().With("total_centavos", -1),
			422,
			"datos-invalidos",
			"body.total_centavos",
		),
		"quote, unknown product": {
			login:  "cliente1",
			metodo: "POST",
			camino: "/pedidos/cotizacion",
			status: 422,
			code:   "producto-desconocido",
			cuerpo: kit.Body{"direccion_id": e.dir, "lineas": lineaDe(kit.NoID(), 1)},
		},
		"quote, foreign address": {
			login:  "cliente1",
			metodo: "POST",
			camino: "/pedidos/cotizacion",
			status: 422,
			code:   "direccion-desconocida",
			cuerpo: kit.Body{"direccion_id": e.dirAjena, "lineas": lineaDe(e.prod, 1)},
		},
	}
	for _, n := range []string{
		"0", "-1", "1.5", "10000.5", "1e5", "10001", "99999999999999999999", "1e400", `"1"`, "true", "null",
	} {
		m["quantity "+n] = cantidad(n)
	}
	return m
}

// precioCambiado is an order at an old price: its refusal has the new quote.
func (e *escena) precioCambiado() malo {
	m := pedirMal(e.bien().With("total_centavos", 1), 409, "precio-cambiado", "")
	m.mas = func(t *testing.T, r rehuse) {
		if c := string(r.miembros["cotizacion"]); !strings.Contains(
			c,
			`"total_centavos":`+strconv.FormatInt(e.confirmado.Total, 10),
		) || !strings.Contains(c, `"ventanas":[{`) {
			t.Errorf("the new quote is %s", c)
		}
	}
	return m
}

// dePago: ways to pay and windows that the program does not accept.
func (e *escena) dePago() map[string]malo {
	pago := func(p map[string]any, code, donde string) malo {
		return pedirMal(e.bien().With("pago", p), 422, code, donde)
	}
	cuando := func(desde, hasta time.Duration, donde string) malo {
		return pedirMal(
			e.bien().With("entrega", e.ventana(desde, hasta)),
			422,
			"ventana-invalida",
			donde,
		)
	}
	pronto := cuando(time.Hour, 5*time.Hour, "body.entrega.desde")
	boleta := map[string]any{"metodo": "efectivo"}
	pronto.cuerpo = e.bien().
		With("entrega", e.ventana(time.Hour, 5*time.Hour)).
		With("pago", boleta)
	otraBoleta := malo{
		login:  "cliente3",
		metodo: "POST",
		camino: "/pedidos",
		status: 409,
		code:   "demasiados-pendientes",
		cuerpo: kit.Body{"direccion_id": e.Address("cliente3"), "lineas": lineaDe(e.prod, 1),
			"pago": map[string]any{"metodo": "transferencia"}},
	}
	return map[string]malo{
		"card without token": pago(
			map[string]any{"metodo": "tarjeta_credito", "marca": "master"},
			"pago-invalido",
			"body.pago.token",
		),
		"card without brand": pago(
			map[string]any{"metodo": "tarjeta_debito", "token": rechazado},
			"pago-invalido",
			"body.pago.marca",
		),
		"brand of no form": pago(map[string]any{"metodo": "tarjeta_debito", "token": "t",
			"marca": strings.ToUpper(rechazado)}, "datos-invalidos", "body.pago.marca"),
		"token too long": pago(
			map[string]any{"metodo": "tarjeta_debito", "token": strings.Repeat(rechazado, 5),
				"marca": "visa"},
			"datos-invalidos",
			"body.pago.token",
		),
		"voucher with token": pago(
			map[string]any{"metodo": "efectivo", "token": rechazado},
			"pago-invalido",
			"body.pago",
		),
		"transfer in instalments": pago(
			map[string]any{"metodo": "transferencia", "cuotas": 3},
			"pago-invalido",
			"body.pago",
		),
		"unknown method": pago(
			map[string]any{"metodo": rechazado},
			"datos-invalidos",
			"body.pago.metodo",
		),
		"25 instalments": pago(
			map[string]any{"metodo": "tarjeta_credito", "token": "t", "marca": "visa",
				"cuotas": 25},
			"datos-invalidos",
			"body.pago.cuotas",
		),
		"-1 instalments": pago(
			map[string]any{"metodo": "tarjeta_credito", "token": "t", "marca": "visa",
				"cuotas": -1},
			"datos-invalidos",
			"body.pago.cuotas",
		),
		"too many wait for money": otraBoleta,
		"window in the past":      cuando(-8*time.Hour, -4*time.Hour, "body.entrega.hasta"),
		"window reversed":         cuando(30*time.Hour, 26*time.Hour, "body.entrega.hasta"),
		"window of no length":     cuando(30*time.Hour, 30*time.Hour, "body.entrega.hasta"),
		"window of next year": cuando(
			365*24*time.Hour,
			365*24*time.Hour+4*time.Hour,
			"body.entrega",
		),
		"window of half past": cuando(
			24*time.Hour+30*time.Minute,
			28*time.Hour+30*time.Minute,
			"body.entrega",
		),
		"too soon for a voucher": pronto,
		"window that is no time": pedirMal(
			e.bien().With("entrega", map[string]any{"desde": rechazado, "hasta": rechazado}),
			422,
			"datos-invalidos",
			"body.entrega.desde",
		),
		"half a window": pedirMal(
			e.bien().With("entrega", map[string]any{"desde": kit.Morning.Add(24 * time.Hour)}),
			422,
			"datos-invalidos",
			"body.entrega",
		),
	}
}

// dePasos: steps that the order's state does not allow, and retries that mend nothing.
func (e *escena) dePasos() map[string]malo {
	paso := func(login, id, accion string, cuerpo any, status int, code string) malo {
		return malo{
			login:  login,
			metodo: "POST",
			camino: "/pedidos/" + id + "/" + accion,
			cuerpo: cuerpo,
			status: status,
			code:   code,
		}
	}
	otra := func(cuerpo any, code, donde string) malo {
		m := paso("cliente1", e.fallido.ID, "reintento", cuerpo, 422, code)
		m.donde = donde
		return m
	}
	motivo := kit.Body{"motivo": rechazado}
	dosVeces := append(lineaDe(e.prod, 1), lineaDe(e.prod, 1)...)
	v := e.VisitOf(e.confirmado.ID)
	m := map[string]malo{
		"retry what is confirmed": conPermitidos(
			paso("cliente1", e.confirmado.ID, "reintento", kit.Body{},
				409, "paso-no-permitido"),
			`"cancelar"`,
		),
		"retry what is cancelled": conPermitidos(
			paso("cliente1", e.cancelado.ID, "reintento", kit.Body{},
				409, "paso-no-permitido"),
			"",
		),
		"cancel what is cancelled": conPermitidos(
			paso("cliente1", e.cancelado.ID, "cancelacion", motivo,
				409, "paso-no-permitido"),
			"",
		),
		"refund what is cancelled": conPermitidos(
			paso("operador", e.cancelado.ID, "reembolsos", motivo,
				409, "paso-no-permitido"),
			"",
		),
		"refund what failed": conPermitidos(paso("operador", e.fallido.ID, "reembolsos", motivo,
			409, "paso-no-permitido"), `"reintentar"`),
		"refund too much": paso(
			"operador",
			e.confirmado.ID,
			"reembolsos",
			kit.Body{
				"monto_centavos": e.confirmado.Total + 1,
				"motivo":         rechazado,
			},
			422,
			"monto-excesivo",
		),
		"refund nothing": paso("operador", e.confirmado.ID, "reembolsos",
			kit.Body{"monto_centavos": 0, "motivo": rechazado}, 422, "datos-invalidos"),
		"refund less than nothing": paso("operador", e.confirmado.ID, "reembolsos",
			kit.Body{"monto_centavos": -5, "motivo": rechazado}, 422, "datos-invalidos"),
		"cancel without a reason": paso(
			"cliente1",
			e.confirmado.ID,
			"cancelacion",
			kit.Body{},
			422,
			"datos-invalidos",
		),
		"cancel, reason too long": paso("cliente1", e.confirmado.ID, "cancelacion",
			kit.Body{"motivo": strings.Repeat(rechazado, 20)}, 422, "datos-invalidos"),
		"cancel without a body": paso(
			"cliente1",
			e.confirmado.ID,
			"cancelacion",
			nil,
			400,
			"json-invalido",
		),
		"retry with the old token": otra(kit.Body{}, "pago-invalido", "body.pago"),
		"retry, card without token": otra(
			kit.Body{"pago": kit.Body{"metodo": "tarjeta_credito", "marca": "visa"}},
			"pago-invalido",
			"body.pago.token",
		),
		"retry without lines": otra(
			kit.Body{"lineas": []kit.Line{}},
			"datos-invalidos",
			"body.lineas",
		),
		"retry, quantity 0": otra(kit.Body{"lineas": lineaDe(e.prod, 0)}, "datos-invalidos",
			"body.lineas[0].cantidad"),
		"retry, a product twice": otra(
			kit.Body{"lineas": dosVeces},
			"linea-repetida",
			"body.lineas[1].producto_id",
		),
		"retry, unknown product": otra(kit.Body{"lineas": lineaDe(kit.NoID(), 1)},
			"producto-desconocido", "body.lineas[0].producto_id"),
		"retry, foreign address": otra(
			kit.Body{"direccion_id": e.dirAjena},
			"direccion-desconocida",
			"body.direccion_id",
		),
		"retry, window in the past": otra(
			kit.Body{"entrega": e.ventana(-8*time.Hour, -4*time.Hour)},
			"ventana-invalida",
			"body.entrega.hasta",
		),
		"retry, window of next year": otra(kit.Body{
			"entrega": e.ventana(365*24*time.Hour, 365*24*time.Hour+4*time.Hour),
			"pago":    e.WithCard("APRO"),
		}, "ventana-invalida", "body.entrega"),
		"retry, another price": paso("cliente1", e.fallido.ID, "reintento",
			kit.Body{"total_centavos": 1, "pago": e.WithCard("APRO")}, 409, "precio-cambiado"),
		"retry, unknown field": otra(
			kit.Body{"estado": rechazado},
			"datos-invalidos",
			"body.estado",
		),
		"arrive before departing": {
			login:  "gestor",
			metodo: "POST",
			camino: "/visitas/" + v.ID + "/llegada",
			status: 409,
			code:   "visita-en-otro-estado",
		},
		"deliver before departing": {
			login:  "gestor",
			metodo: "POST",
			camino: "/visitas/" + v.ID + "/entrega",
			status: 409,
			code:   "visita-en-otro-estado",
		},
		"fail before departing": {
			login:  "gestor",
			metodo: "POST",
			camino: "/visitas/" + v.ID + "/fallo",
			cuerpo: motivo,
			status: 409,
			code:   "visita-en-otro-estado",
		},
		"leave with another's shift": {
			login:  "gestor",
			metodo: "POST",
			camino: "/camiones/" + v.CamionID + "/salida",
			cuerpo: kit.Body{"turno_id": kit.NoID()},
			status: 422,
			code:   "referencia-desconocida",
			donde:  "body.turno_id",
		},
	}
	for _, n := range []string{"arrive", "deliver", "fail"} {
		m[n+" before departing"] = conPermitidos(m[n+" before departing"], "")
	}
	return m
}

// conPermitidos asks that the problem list the steps that the state allows, and that the list contain algo.
func conPermitidos(malo malo, algo string) malo {
	malo.mas = func(t *testing.T, r rehuse) {
		if p := string(r.miembros["permitidos"]); !strings.HasPrefix(p, "[") ||
			!strings.Contains(p, algo) {
			t.Errorf("permitidos %s, want %s in it", p, algo)
		}
	}
	return malo
}
