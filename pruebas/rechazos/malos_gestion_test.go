package rechazos_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"despensa/internal/apiclient"
	"despensa/pruebas/kit"
)

// deListas: pages, filters and cursors that no list of the API has.
func (e *escena) deListas() map[string]malo {
	const datos = "datos-invalidos"
	m, camion := map[string]malo{}, e.camionDe("AB101CD")
	listas := map[string]string{
		"/pedidos": "operador",
		"/pedidos/" + e.confirmado.ID + "/eventos":      "cliente1",
		"/pedidos/" + e.confirmado.ID + "/devoluciones": "cliente1",
		"/pedidos/" + e.confirmado.ID + "/reembolsos":   "operador",
		"/pagos":                                "operador",
		"/productos":                            "",
		"/productos/" + e.prod + "/movimientos": "admin",
		"/clientes/yo/direcciones":              "cliente1",
		"/visitas":                              "gestor",
		"/turnos":                               "gestor",
		"/depositos":                            "gestor",
		"/repartidores":                         "gestor",
		"/camiones":                             "gestor",
		"/camiones/" + camion + "/posiciones":   "gestor",
	}
	roto := base64.RawURLEncoding.EncodeToString([]byte(`{"c":"` + rechazado + `","i":""}`))
	for camino, login := range listas {
		nombre := strings.NewReplacer(e.confirmado.ID, "id", e.prod, "id", camion, "id").
			Replace(camino)
		for que, x := range map[string]malo{
			"cursor":                    {camino: "?cursor=" + rechazado, code: "cursor-invalido", donde: "query.cursor"},
			"cursor of ours, not quite": {camino: "?cursor=" + roto, code: "cursor-invalido", donde: "query.cursor"},
			"cursor too long":           {camino: "?cursor=" + strings.Repeat("a", 201), code: datos, donde: "query.cursor"},
			"unknown member":            {camino: "?sorpresa=" + rechazado, code: datos, donde: "query.sorpresa"},
			"limit 0":                   {camino: "?limite=0", code: datos, donde: "query.limite"},
			"limit 201":                 {camino: "?limite=201", code: datos, donde: "query.limite"},
			"limit that is no number":   {camino: "?limite=" + rechazado, code: datos, donde: "query.limite"},
			"limit twice":               {camino: "?limite=1&limite=2", code: datos, donde: "query.limite"},
		} {
			x.login, x.metodo, x.camino, x.status = login, "GET", camino+x.camino, 422
			m[nombre+", "+que] = x
		}
	}
	for filtro, code := range map[string]string{
		"/pedidos?codigo=ABCDEFGHIJ":                 "codigo-invalido",
		"/pedidos?codigo=" + rechazado:               datos,
		"/pedidos?estado=" + rechazado:               datos,
		"/pedidos?cliente_id=" + rechazado:           datos,
		"/pedidos?desde=" + rechazado:                datos,
		"/pedidos?desde=2026-02-30":                  datos,
		"/pedidos?desde=2026-03-02&hasta=2026-03-01": "dia-invalido",
		"/pagos?pedido_id=" + rechazado:              datos,
		"/pagos?estado=" + rechazado:                 datos,
	} {
		m[strings.ReplaceAll(filtro, rechazado, "x")] = malo{
			login:  "operador",
			metodo: "GET",
			camino: filtro,
			status: 422,
			code:   code,
		}
	}
	return m
}

// borrada makes an address under the key "borrada" and deletes it.
func (e *escena) borrada(casa kit.Body) kit.Body {
	e.T.Helper()
	var d struct{ ID string }
	e.Must(
		"cliente1",
		"POST",
		"/clientes/yo/direcciones",
		casa,
		&d,
		apiclient.WithKey("borrada"),
	)
	e.Must("cliente1", "DELETE", "/clientes/yo/direcciones/"+d.ID, nil, nil)
	return casa
}

// bajo sends the request under an Idempotency-Key.
func (m malo) bajo(clave string) malo {
	m.cabecera = map[string]string{"Idempotency-Key": clave}
	return m
}

// deGestion: bad products, stock, addresses, fleet and notices.
func (e *escena) deGestion() map[string]malo {
	m := e.deProductos()
	pon := func(nombre, login, metodo, camino string, cuerpo any, status int, code, donde string) {
		m[nombre] = malo{login: login, metodo: metodo, camino: camino, cuerpo: cuerpo,
			status: status, code: code, donde: donde}
	}
	const dirs, datos = "/clientes/yo/direcciones", "datos-invalidos"
	casa := kit.Body{"calle": "Gurruchaga 100", "lat": -34.6, "lon": -58.43}
	pon(
		"address in the air",
		"cliente1",
		"POST",
		dirs,
		casa.With("lat", 91),
		422,
		datos,
		"body.lat",
	)
	pon(
		"depot at a pole",
		"gestor",
		"POST",
		"/depositos",
		kit.Body{
			"codigo": "POLO",
			"nombre": "Polo",
			"lat":    90,
			"lon":    0,
		},
		422,
		"fuera-de-area",
		"body.lat",
	)
	pon(
		"key of what has been deleted",
		"cliente1",
		"POST",
		dirs,
		e.borrada(casa),
		404,
		"direccion-no-existe",
		"",
	)
	m["key of what has been deleted"] = m["key of what has been deleted"].bajo("borrada")
	pon(
		"no value of a filter's value",
		"gestor",
		"GET",
		"/camiones?deposito_id=",
		nil,
		422,
		datos,
		"query.deposito_id",
	)
	pon(
		"address without a street",
		"cliente1",
		"POST",
		dirs,
		casa.With("calle", "   "),
		422,
		datos,
		"body.calle",
	)
	pon(
		"address of two lines",
		"cliente1",
		"POST",
		dirs,
		casa.With("calle", rechazado+"\n"),
		422,
		datos,
		"body.calle",
	)
	pon(
		"address with unknown field",
		"cliente1",
		"POST",
		dirs,
		casa.With("sorpresa", rechazado),
		422,
		datos,
		"body.sorpresa",
	)
	pon("e-mail of no form", "cliente1", "PATCH", "/clientes/yo", kit.Body{"correo": rechazado},
		422, datos, "body.correo")
	pon(
		"truck of no depot",
		"gestor",
		"POST",
		"/camiones",
		e.camionNuevo().With("deposito_id", kit.NoID()),
		422,
		"referencia-desconocida",
		"body.deposito_id",
	)
	pon(
		"truck without room",
		"gestor",
		"POST",
		"/camiones",
		e.camionNuevo().With("peso_max_gramos", 0),
		422,
		datos,
		"body.peso_max_gramos",
	)
	pon(
		"truck, plate of no form",
		"gestor",
		"POST",
		"/camiones",
		e.camionNuevo().With("patente", rechazado),
		422,
		datos,
		"body.patente",
	)
	pon(
		"truck, plate of another",
		"gestor",
		"POST",
		"/camiones",
		e.camionNuevo().With("patente", "AB101CD"),
		409,
		"patente-repetida",
		"",
	)
	pon(
		"depot, code of another",
		"gestor",
		"POST",
		"/depositos",
		kit.Body{
			"codigo": "DEP-1",
			"nombre": "Otro",
			"lat":    -34.6,
			"lon":    -58.4,
		},
		409,
		"codigo-repetido",
		"",
	)
	c := e.VisitOf(e.confirmado.ID).CamionID
	pon("shift of no truck", "gestor", "POST", "/turnos", turnoDe(kit.NoID(), 900, 904),
		422, "referencia-desconocida", "body.camion_id")
	pon(
		"shift reversed",
		"gestor",
		"POST",
		"/turnos",
		turnoDe(c, 904, 900),
		422,
		"valor-invalido",
		"body.fin",
	)
	pon(
		"shift upon another",
		"gestor",
		"POST",
		"/turnos",
		turnoDe(c, 24, 28),
		409,
		"turno-superpuesto",
		"",
	)
	pon("truck without If-Match", "gestor", "PATCH", "/camiones/"+c, kit.Body{"activo": false},
		428, "falta-if-match", "")
	pon(
		"departure of nothing",
		"gestor",
		"POST",
		"/camiones/"+e.camionVacio(c)+"/salida",
		kit.Body{},
		409,
		"nada-que-llevar",
		"",
	)
	pon(
		"departure of no truck",
		"gestor",
		"POST",
		"/camiones/"+kit.NoID()+"/salida",
		kit.Body{},
		404,
		"camion-no-existe",
		"",
	)
	pon(
		"departure of another's truck",
		"repartidor3",
		"POST",
		"/camiones/"+e.camionDe("AB101CD")+"/salida",
		kit.Body{},
		404,
		"camion-no-existe",
		"",
	)
	pon(
		"no such visit",
		"gestor",
		"POST",
		"/visitas/"+kit.NoID()+"/entrega",
		nil,
		404,
		"sin-visita",
		"",
	)
	pon(
		"failed visit without a reason",
		"gestor",
		"POST",
		"/visitas/"+kit.NoID()+"/fallo",
		kit.Body{},
		422,
		datos,
		"body",
	)
	pon(
		"notice without a signature",
		"",
		"POST",
		"/pagos/avisos/mercadopago?data.id="+rechazado+"&type=order",
		kit.Body{"a": rechazado},
		401,
		"firma-invalida",
		"",
	)
	pon(
		"notice of no provider",
		"",
		"POST",
		"/pagos/avisos/"+rechazado,
		kit.Body{},
		404,
		"proveedor-desconocido",
		"",
	)
	return m
}

// deProductos: bad changes of the catalogue and its stock.
func (e *escena) deProductos() map[string]malo {
	const datos = "datos-invalidos"
	nuevo := kit.Body{
		"nombre":          "Yerba",
		"categoria":       "prueba",
		"precio_centavos": 100,
		"iva":             "21",
		"peso_gramos":     1,
		"volumen_ml":      1,
	}
	crear := func(miembro string, valor any) malo {
		return malo{
			login:  "admin",
			metodo: "POST",
			camino: "/productos",
			cuerpo: nuevo.With(miembro, valor),
			status: 422,
			code:   datos,
			donde:  "body." + miembro,
		}
	}
	mover := func(cuerpo kit.Body, status int, code, donde string) malo {
		return malo{
			login:  "admin",
			metodo: "POST",
			camino: "/productos/" + e.prod + "/movimientos",
			cuerpo: cuerpo,
			status: status,
			code:   code,
			donde:  donde,
		}
	}
	editar := func(si string, cuerpo kit.Body, status int, code string) malo {
		m := malo{
			login:    "admin",
			metodo:   "PATCH",
			camino:   "/productos/" + e.prod,
			cuerpo:   cuerpo,
			status:   status,
			code:     code,
			cabecera: map[string]string{},
		}
		if si != "" {
			m.cabecera["If-Match"] = si
		}
		return m
	}
	nada := mover(kit.Body{"cantidad": 1, "motivo": "compra"}, 404, "producto-no-existe", "")
	nada.camino = "/productos/" + kit.NoID() + "/movimientos"
	return map[string]malo{
		"product that is free":    crear("precio_centavos", 0),
		"product, price in pesos": crear("precio_centavos", 12.5),
		"product, unknown IVA":    crear("iva", rechazado),
		"product, unknown field":  crear("sorpresa", rechazado),
		"product without If-Match": editar(
			"",
			kit.Body{"precio_centavos": 1},
			428,
			"falta-if-match",
		),
		"product, stale If-Match": editar(
			`"999"`,
			kit.Body{"precio_centavos": 1},
			412,
			"version-vieja",
		),
		"product, garbage If-Match": editar(
			rechazado,
			kit.Body{"precio_centavos": 1},
			412,
			"version-vieja",
		),
		"product, weak If-Match": editar(
			`W/"1"`,
			kit.Body{"precio_centavos": 1},
			412,
			"version-vieja",
		),
		"product, edited for free": editar("*", kit.Body{"precio_centavos": -1}, 422, datos),
		"stock of nothing": mover(
			kit.Body{"cantidad": 0, "motivo": "m"},
			422,
			"cantidad-cero",
			"body.cantidad",
		),
		"stock, half a unit": mover(
			kit.Body{"cantidad": 1.5, "motivo": "m"},
			422,
			datos,
			"body.cantidad",
		),
		"stock, more than there is": mover(
			kit.Body{"cantidad": -1_000_000, "motivo": "m"},
			409,
			"stock-insuficiente",
			"",
		),
		"stock, far too much": mover(
			kit.Body{"cantidad": 1_000_001, "motivo": "m"},
			422,
			datos,
			"body.cantidad",
		),
		"stock, unknown depot": mover(
			kit.Body{"cantidad": 1, "motivo": "m", "deposito_id": kit.NoID()},
			422,
			"deposito-desconocido",
			"body.deposito_id",
		),
		"stock of no product": nada,
	}
}

func (e *escena) camionNuevo() kit.Body {
	return kit.Body{"patente": "ZZ999ZZ", "deposito_id": e.Depot("DEP-1"),
		"peso_max_gramos": 1000, "volumen_max_ml": 1000}
}

func turnoDe(camion string, desde, hasta time.Duration) kit.Body {
	return kit.Body{"camion_id": camion, "inicio": kit.Morning.Add(desde * time.Hour),
		"fin": kit.Morning.Add(hasta * time.Hour)}
}

// camionVacio is a truck other than c without a booking.
func (e *escena) camionVacio(c string) string {
	e.T.Helper()
	usados := map[string]bool{c: true}
	for _, v := range kit.All[kit.Visit](e.Client, "gestor", "/visitas") {
		usados[v.CamionID] = usados[v.CamionID] || v.Estado == "firme"
	}
	for _, t := range kit.All[kit.Shift](e.Client, "gestor", "/turnos") {
		if !usados[t.CamionID] {
			return t.CamionID
		}
	}
	e.T.Fatal("every truck is booked")
	return ""
}

func (e *escena) camionDe(patente string) string {
	e.T.Helper()
	for _, c := range kit.All[struct {
		ID      string `json:"id"`
		Patente string `json:"patente"`
	}](e.Client, "gestor", "/camiones") {
		if c.Patente == patente {
			return c.ID
		}
	}
	e.T.Fatalf("no truck %s", patente)
	return ""
}

// TestOrderNeedsAnEMail: an order is refused 422 as long as the profile has no e-mail, and the refusal is not kept
// under the key.
func TestOrderNeedsAnEMail(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	antes, cuerpo := c.Stock(), c.NewPurchase("cliente5")
	c.Must("cliente5", "PATCH", "/clientes/yo", map[string]any{"correo": ""}, nil)
	clave := apiclient.WithKey("sin-correo")
	if cod := c.Code("cliente5", "POST", "/pedidos", cuerpo, clave); cod != "correo-faltante" {
		t.Errorf("without an e-mail: %q", cod)
	}
	if n := len(kit.All[kit.Order](c.Client, "operador", "/pedidos")); n != 0 {
		t.Errorf("%d orders", n)
	}
	c.Must(
		"cliente5",
		"PATCH",
		"/clientes/yo",
		map[string]any{"correo": "lucia@testuser.com"},
		nil,
	)
	var r apiclient.Response
	// The refusal is not kept under the key.
	p := c.Order("cliente5", cuerpo, clave, apiclient.IntoResponse(&r))
	if r.Repeated() {
		t.Error("the refusal was remembered")
	}
	c.Await("cliente5", p.ID, "confirmado")
	c.Reconcile(antes)
}
