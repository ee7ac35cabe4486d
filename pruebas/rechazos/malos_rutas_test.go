package rechazos_test

import (
	"strings"
	"time"

	devoidc "despensa/platform/dev/oidc"
	"despensa/platform/oidc"
	"despensa/pruebas/kit"
)

// deGente: bad drivers, and trucks with a bad driver or device.
func (e *escena) deGente() map[string]malo {
	const datos = "datos-invalidos"
	m := map[string]malo{}
	crear := func(nombre, miembro string, valor any, status int, code, donde string) {
		m["driver, "+nombre] = malo{login: "gestor", metodo: "POST", camino: "/repartidores",
			cuerpo: kit.Body{"sujeto": "auth0|otra", "nombre": "Otra"}.With(miembro, valor),
			status: status, code: code, donde: donde}
	}
	crear("no name", "nombre", "", 422, datos, "body.nombre")
	crear("blank name", "nombre", "   ", 422, datos, "body.nombre")
	crear("name of two lines", "nombre", rechazado+"\n", 422, datos, "body.nombre")
	crear("name without end", "nombre", strings.Repeat("a", 81), 422, datos, "body.nombre")
	crear("no login", "sujeto", nil, 422, datos, "body")
	crear("empty login", "sujeto", "", 422, datos, "body.sujeto")
	crear("login of no form", "sujeto", rechazado+" ñ", 422, datos, "body.sujeto")
	crear("number of no form", "legajo", rechazado+" 1", 422, datos, "body.legajo")
	crear("unknown field", "sorpresa", rechazado, 422, datos, "body.sorpresa")
	crear("login of another", "sujeto", "auth0|nadia", 409, "repartidor-repetido", "")
	crear("number of another", "legajo", "R-7", 409, "legajo-repetido", "")
	uno := "/repartidores/" + oidc.IDOf(devoidc.Subject("repartidor1"))
	editar := func(nombre, camino, si string, cuerpo kit.Body, status int, code string) {
		m["driver, "+nombre] = malo{
			login:  "gestor",
			metodo: "PATCH",
			camino: camino,
			cuerpo: cuerpo,
			status: status,
			code:   code,
		}
		if x := m["driver, "+nombre]; si != "" {
			x.cabecera = map[string]string{"If-Match": si}
			m["driver, "+nombre] = x
		}
	}
	editar("edited without If-Match", uno, "", kit.Body{"nombre": "X"}, 428, "falta-if-match")
	editar("stale If-Match", uno, `"99"`, kit.Body{"nombre": "X"}, 412, "version-vieja")
	editar(
		"given another's number",
		uno,
		"*",
		kit.Body{"legajo": "R-7"},
		409,
		"legajo-repetido",
	)
	editar("renamed to nothing", uno, "*", kit.Body{"nombre": " "}, 422, datos)
	editar(
		"nobody",
		"/repartidores/"+kit.NoID(),
		"*",
		kit.Body{"nombre": "X"},
		404,
		"repartidor-no-existe",
	)
	camion := func(nombre, miembro string, valor any, status int, code, donde string) {
		m["truck, "+nombre] = malo{login: "gestor", metodo: "POST", camino: "/camiones",
			cuerpo: e.camionNuevo().With(miembro, valor),
			status: status, code: code, donde: donde}
	}
	camion(
		"driver whom nobody knows",
		"repartidor_id",
		kit.NoID(),
		422,
		"referencia-desconocida",
		"body.repartidor_id",
	)
	camion(
		"device of another",
		"dispositivo",
		devoidc.AppDevice(1)+"@clients",
		409,
		"dispositivo-repetido",
		"",
	)
	camion("device of no form", "dispositivo", rechazado+" x", 422, datos, "body.dispositivo")
	return m
}

// posicionDe is a position that would be accepted, hace before the company's clock.
func (e *escena) posicionDe(hace time.Duration) kit.Body {
	return kit.Body{
		"sensor":    "primario",
		"secuencia": 1,
		"lat":       -34.6,
		"lon":       -58.43,
		"en":        e.Clock.Now().Add(-hace),
	}
}

// dePosiciones: bodies that are no batch of positions. A batch with a bad position in it is valid: the tests of
// rutas' own rooms have those.
func (e *escena) dePosiciones() map[string]malo {
	const datos = "datos-invalidos"
	camino := "/camiones/" + e.camionDe("AB101CD") + "/posiciones"
	bien, m := e.posicionDe(time.Minute), map[string]malo{}
	pon := func(nombre string, cuerpo kit.Body, donde string) {
		m[nombre] = malo{login: "gestor", metodo: "POST", camino: camino, cuerpo: cuerpo,
			status: 422, code: datos, donde: donde}
	}
	muchas := make([]any, 501)
	for i := range muchas {
		muchas[i] = bien.With("secuencia", i+1)
	}
	pon("none", kit.Body{"posiciones": []any{}}, "body.posiciones")
	pon("null", kit.Body{"posiciones": nil}, "body.posiciones")
	pon("501", kit.Body{"posiciones": muchas}, "body.posiciones")
	pon("no list", kit.Body{"posiciones": rechazado}, "body.posiciones")
	pon(
		"unknown field",
		kit.Body{"posiciones": []any{bien}, "sorpresa": rechazado},
		"body.sorpresa",
	)
	nada := malo{metodo: "POST", camino: camino, cuerpo: kit.Body{"posiciones": []any{bien}},
		status: 404, code: "camion-no-existe"}
	nada.login = "repartidor3"
	m["another driver's truck"] = nada
	nada.login, nada.camino = "gestor", "/camiones/"+kit.NoID()+"/posiciones"
	m["no truck"] = nada
	leer := malo{
		login:  "repartidor3",
		metodo: "GET",
		camino: camino,
		status: 404,
		code:   "camion-no-existe",
	}
	m["another driver's truck, to read"] = leer
	leer.login, leer.status = "gestor", 422
	for filtro, x := range map[string][2]string{
		"?sensor=" + rechazado:               {datos, "query.sensor"},
		"?desde=" + rechazado:                {datos, "query.desde"},
		"?desde=2026-03-02&hasta=2026-03-01": {"dia-invalido", ""},
	} {
		leer.camino, leer.code, leer.donde = camino+filtro, x[0], x[1]
		m["read, "+strings.ReplaceAll(filtro, rechazado, "x")] = leer
	}
	return m
}

// deRutas: calculations of routes that cannot be made.
func (e *escena) deRutas() map[string]malo {
	aqui, cordoba := kit.Body{"lat": -34.6, "lon": -58.43}, kit.Body{"lat": -31.4, "lon": -64.2}
	bien := kit.Body{"desde": aqui, "hasta": kit.Body{"lat": -34.58, "lon": -58.42}}
	m := map[string]malo{}
	pon := func(nombre string, cuerpo kit.Body, code, donde string) {
		m[nombre] = malo{
			login:  "repartidor1",
			metodo: "POST",
			camino: "/rutas/calculo",
			cuerpo: cuerpo,
			status: 422,
			code:   code,
			donde:  donde,
		}
	}
	pon("to far away", bien.With("hasta", cordoba), "fuera-de-area", "")
	pon("from far away", bien.With("desde", cordoba), "fuera-de-area", "")
	pon("from a pole", bien.With("desde", kit.Body{"lat": 90, "lon": 180}), "fuera-de-area", "")
	pon(
		"algorithm unknown",
		bien.With("algoritmo", rechazado),
		"algoritmo-desconocido",
		"body.algoritmo",
	)
	pon(
		"beyond the pole",
		bien.With("desde", kit.Body{"lat": -91, "lon": 0}),
		"datos-invalidos",
		"body.desde.lat",
	)
	pon("from nowhere", bien.With("desde", nil), "datos-invalidos", "body")
	pon(
		"from half a place",
		bien.With("desde", kit.Body{"lat": -34.6}),
		"datos-invalidos",
		"body.desde",
	)
	pon("unknown field", bien.With("sorpresa", rechazado), "datos-invalidos", "body.sorpresa")
	return m
}
