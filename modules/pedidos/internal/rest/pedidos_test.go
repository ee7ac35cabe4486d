package rest_test

import (
	"fmt"
	"strings"
	"time"

	"despensa/modules/clientes"
	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
	"despensa/platform/money"
)

const (
	losPedidos = "/pedidos"
	elPedido   = losPedidos + "/" + unID
	cotizacion = losPedidos + "/cotizacion"
)

// cuerpo is the body of a quote or of an order for two units, with further members.
func cuerpo(mas string) string {
	return `{"lineas":[{"producto_id":"` + productoID + `","cantidad":2}],"direccion_id":"` + casa + `"` + mas + `}`
}

const pago = `,"pago":{"metodo":"tarjeta_credito","token":"t","marca":"visa","cuotas":3}`

// deUnaHora is a delivery window of one hour that begins at ahora.
const deUnaHora = `,"entrega":{"desde":"2026-11-30T12:00:00Z","hasta":"2026-11-30T13:00:00Z"}`

// laCotizacion is the app's quote.
func laCotizacion() app.Cotizacion {
	return app.Cotizacion{
		Lineas:   unPedido().Lineas,
		Envio:    1_000,
		Total:    21_000,
		Ventanas: []rutas.Ventana{{Desde: ahora, Hasta: ahora.Add(time.Hour)}},
	}
}

func centavos(c money.Centavos) *money.Centavos { return &c }

// metadatos are n members of an order's metadata.
func metadatos(n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprintf(`"n%d":"x"`, i))
	}
	return out
}

// dePedidos are the calls that quote and place orders.
func dePedidos() map[string]escenario {
	dos := []app.LineaPedida{{Producto: productoID, Cantidad: 2}}
	quiere := app.PedidoNuevo{
		Cliente:   ana.ID,
		Lineas:    dos,
		Direccion: casa,
		Pago: app.PagoPedido{
			Metodo:         "tarjeta_credito",
			Token:          "t",
			MarcaDeTarjeta: "visa",
			Cuotas:         3,
		},
		Desde: aqui,
	}
	conTodo := quiere
	conTodo.Ventana = &pedido.Ventana{
		Desde: ahora,
		Hasta: ahora.Add(time.Hour),
	}
	conTodo.Total = centavos(21_000)
	propio := quiere
	propio.Propio = pedido.Propio{
		Referencia: "PO 2026/ñ",
		Metadatos:  map[string]string{"canal": "web", "nada": ""},
	}
	conPropio := con(
		func(p *pedido.Pedido) { p.Referencia, p.Metadatos = "PO-1", map[string]string{"canal": "web"} },
	)
	porTelefono := quiere
	porTelefono.Cliente = otroID
	cotizar := func(e escenario) escenario {
		e.metodo, e.ruta = "POST", cotizacion
		if e.cuerpo == "" {
			e.cuerpo = cuerpo("")
		}
		return e
	}
	pedir := func(e escenario) escenario {
		e.metodo, e.ruta = "POST", losPedidos
		if e.cuerpo == "" {
			e.cuerpo = cuerpo(pago)
		}
		return e
	}
	// no is an order that the app refuses with err.
	no := func(err error, estado int, tiene ...string) escenario {
		return pedir(escenario{quien: ana, app: falso{err: err}, estado: estado, tiene: tiene})
	}
	propiaMala := func(miembro, campo string) escenario {
		return pedir(
			escenario{
				quien:  ana,
				cuerpo: cuerpo(pago + "," + miembro),
				estado: 422,
				tiene:  []string{campo},
				sin:    []string{"PO", "ñññ", "xxx"},
			},
		)
	}
	unaLinea := `{"producto_id":"` + productoID + `","cantidad":2},`
	return map[string]escenario{
		"quoted": cotizar(escenario{
			quien: ana, app: falso{cotizacion: laCotizacion()}, pide: pregunta{ana.ID, casa, dos}, estado: 200,
			tiene: []string{`"total_centavos":21000`, `"envio_centavos":1000`, `"faltan":[]`,
				`"desde":"2026-11-30T12:00:00Z"`},
		}),
		"quoted for a customer": cotizar(escenario{
			quien: operador, cuerpo: cuerpo(`,"cliente_id":"` + otroID + `"`), pide: pregunta{otroID, casa, dos},
			estado: 200,
		}),
		"quoted, short": cotizar(escenario{
			quien: ana, app: falso{cotizacion: app.Cotizacion{Faltan: []string{productoID}, FueraDeArea: true}},
			estado: 200,
			tiene: []string{
				`"faltan":["` + productoID + `"]`,
				`"fuera_de_area":true`,
				`"ventanas":[]`,
			},
		}),
		"quoted for whom": cotizar(escenario{
			quien: operador, estado: 422, tiene: []string{"cliente-faltante", "body.cliente_id"},
		}),
		"quoted for another": cotizar(escenario{
			quien: ana, cuerpo: cuerpo(`,"cliente_id":"` + otroID + `"`), estado: 404,
		}),
		"quoted for nobody": cotizar(escenario{
			quien: operador, cuerpo: cuerpo(`,"cliente_id":"` + otroID + `"`), app: falso{err: clientes.ErrNoExiste},
			estado: 404, tiene: []string{"cliente-no-existe"},
		}),
		"quoted to a stranger": cotizar(
			escenario{estado: 401, tiene: []string{"token-ausente"}},
		),
		"quoted of nothing": cotizar(escenario{
			quien: ana, cuerpo: `{"lineas":[],"direccion_id":"` + casa + `"}`, estado: 422,
		}),

		"ordered": pedir(escenario{
			quien: ana, pide: quiere, estado: 201,
			tiene: []string{
				`"estado":"confirmado"`,
				`"total_centavos":21000`,
				`"acciones":["cancelar"]`,
				`"patente":"AB123CD"`,
			},
			van: []string{"Location: /api/v1" + elPedido, `ETag: "7"`, "Idempotent-Replayed: "},
		}),
		"ordered with everything": pedir(escenario{
			quien: ana, pide: conTodo, estado: 201,
			cuerpo: cuerpo(pago + `,"total_centavos":21000` + deUnaHora),
		}),
		"ordered by telephone": pedir(escenario{
			quien: operador, cuerpo: cuerpo(pago + `,"cliente_id":"` + otroID + `"`), pide: porTelefono, estado: 201,
			tiene: []string{`"acciones":["cancelar","reembolsar"]`},
		}),
		"ordered by an integrator": pedir(escenario{
			quien: ana, pide: propio, app: falso{p: conPropio}, estado: 201,
			cuerpo: cuerpo(
				pago + `,"referencia":"PO 2026/n\u0303","metadatos":{"canal":"web","nada":""}`,
			),
			tiene: []string{`"referencia":"PO-1","metadatos":{"canal":"web"}`},
		}),
		"ordered without a word": pedir(escenario{
			quien: ana, pide: quiere, cuerpo: cuerpo(pago + `,"metadatos":{}`), estado: 201,
			sin: []string{"referencia", "metadatos"},
		}),
		"ordered again": pedir(escenario{
			quien: ana, app: falso{repetida: true}, estado: 201, van: []string{"Idempotent-Replayed: true"},
		}),
		"ordered for whom": pedir(
			escenario{quien: operador, estado: 422, tiene: []string{"cliente-faltante"}},
		),
		"ordered for another": pedir(escenario{
			quien: ana, cuerpo: cuerpo(pago + `,"cliente_id":"` + otroID + `"`), estado: 404,
		}),
		"ordered by a driver": pedir(
			escenario{quien: repartidor, estado: 403, tiene: []string{"sin-permiso"}},
		),
		"ordered unpaid": pedir(escenario{
			quien: ana, cuerpo: cuerpo(""), estado: 422, tiene: []string{"property pago"},
		}),
		"paid in gold": pedir(escenario{
			quien: ana, cuerpo: cuerpo(`,"pago":{"metodo":"oro"}`), estado: 422, tiene: []string{"body.pago.metodo"},
		}),
		"an empty reference": propiaMala(`"referencia":""`, "body.referencia"),
		"a blank one":        propiaMala(`"referencia":" "`, "body.referencia"),
		"a blank at its end": propiaMala(`"referencia":"PO-1 "`, "body.referencia"),
		"of 65 characters": propiaMala(
			`"referencia":"`+strings.Repeat("ñ", 65)+`"`,
			"body.referencia",
		),
		"with a line break":     propiaMala(`"referencia":"PO\n1"`, "body.referencia"),
		"with what nobody sees": propiaMala(`"referencia":"PO\u200b1"`, "body.referencia"),
		"a number for one":      propiaMala(`"referencia":1`, "body.referencia"),
		"21 metadata": propiaMala(
			`"metadatos":{`+strings.Join(metadatos(21), ",")+`}`,
			"body.metadatos",
		),
		"a long one": propiaMala(`"metadatos":{"a":"`+strings.Repeat("x", 201)+`"}`,
			`body.metadatos.a","message":"expected length <= 200"`),
		"one inside another":  propiaMala(`"metadatos":{"a":{"b":"c"}}`, "body.metadatos.a"),
		"a number among them": propiaMala(`"metadatos":{"a":1}`, "body.metadatos.a"),
		"a control character": propiaMala(`"metadatos":{"a":"x\u0007"}`, "body.metadatos.a"),
		"a list of them":      propiaMala(`"metadatos":["a"]`, "body.metadatos"),
		"20 metadata": pedir(escenario{
			quien: ana, cuerpo: cuerpo(pago + `,"metadatos":{` + strings.Join(metadatos(20), ",") + `}`), estado: 201,
		}),
		"personal data": no(
			pedido.ErrPersonal.WithField("body.referencia", "x"),
			422,
			"dato-personal",
			"body.referencia",
		),
		"of 201 lines": pedir(escenario{
			quien: ana, cuerpo: strings.Replace(cuerpo(pago), `[{`, `[`+strings.Repeat(unaLinea, 200)+`{`, 1),
			estado: 422, tiene: []string{"body.lineas"},
		}),
		"of 200 lines": pedir(escenario{
			quien: ana, cuerpo: strings.Replace(cuerpo(pago), `[{`, `[`+strings.Repeat(unaLinea, 199)+`{`, 1),
			estado: 201,
		}),
		"of 70 KB": pedir(escenario{
			quien: ana, cuerpo: strings.Repeat(" ", 70<<10) + cuerpo(pago), estado: 413,
			tiene: []string{"cuerpo-excesivo"},
		}),

		"a price that changed": no(
			app.ErrPrecio.WithExtra("cotizacion", laCotizacion()),
			409,
			"precio-cambiado",
			`"cotizacion":{"lineas":[{"producto_id":"`+productoID,
			`"total_centavos":21000`,
			`"faltan":[]`,
		),
		"too many refused": no(
			app.ErrRechazos.WithRetry(90*time.Second),
			429,
			"demasiados-rechazos",
		),
		"out of the area": no(
			rutas.ErrFueraDeArea.WithField("body.direccion_id", "x"),
			422,
			"fuera-de-area",
			"body.direccion_id",
		),
		"too many that wait": no(app.ErrLentos, 409, "demasiados-pendientes"),
		"too dear": no(
			app.ErrTotal.WithField("body.lineas", "x"),
			422,
			"total-excesivo",
			"body.lineas",
		),
		"an unknown product":    no(app.ErrProducto, 422, "producto-desconocido"),
		"a product twice":       no(app.ErrRepetido, 422, "linea-repetida"),
		"no e-mail":             no(app.ErrCorreo, 422, "correo-faltante"),
		"a way to pay, in part": no(app.ErrPago, 422, "pago-invalido"),
		"a window too soon":     no(app.ErrVentana, 422, "ventana-invalida"),
		"another's address":     no(clientes.ErrDireccion, 422, "direccion-desconocida"),
		"an erased customer":    no(clientes.ErrSinClave, 404, "cliente-borrado"),
		"the key reused":        no(pedido.ErrHuella, 422, "clave-reutilizada"),
		"what nobody declared":  no(errOculto, 500, "error-interno"),
	}
}
