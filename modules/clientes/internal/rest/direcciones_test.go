package rest_test

import (
	"strings"

	"despensa/modules/clientes"
	"despensa/modules/clientes/internal/authz"
	"despensa/platform/audit"
	"despensa/platform/fault"
	"despensa/platform/httpapi"
	"despensa/platform/httpapi/httpapitest"
	"despensa/platform/idempotency"
)

const (
	unas = elYo + "/direcciones"
	una  = unas + "/" + casa
	alta = `{"nombre":"Casa","calle":"Yatay 1","notas":"timbre\nrojo","lat":-34.6,"lon":-58.4}`
)

// Refusals of the layer below, which keeps the addresses.
var (
	errNinguna    = fault.New(fault.NotFound, "direccion-no-existe", "There is no such address.")
	errDemasiadas = fault.New(fault.Conflict, "demasiadas-direcciones", "Too many.").
			WithExtra("maximo", 20)
)

// deDirecciones are the scenarios of the addresses.
func deDirecciones() map[string]escenario {
	llama := func(metodo, ruta, cuerpo string, err error, estado int, tiene ...string) escenario {
		return escenario{Scenario: httpapitest.Scenario{
			Caller: ana, Method: metodo, Path: ruta, Body: cuerpo, Status: estado, Has: tiene,
			Lacks: []string{"Yatay"},
		}, debajo: falso{err: err}}
	}
	marca := httpapi.Cursor{Created: ahora, ID: casa}
	nueva := authz.AltaDireccion{
		Nombre: "Casa",
		Calle:  "Yatay 1",
		Notas:  "timbre\nrojo",
		Lat:    -34.6,
		Lon:    -58.4,
	}
	conClave := nueva
	conClave.Llave = idempotency.Key{Given: true}
	return map[string]escenario{
		"listed": {Scenario: httpapitest.Scenario{
			Caller: ana, Method: "GET", Path: unas + "?limite=1", Status: 200,
			Has: []string{
				`"calle":"Yatay 1"`,
				`"siguiente":"` + marca.Text(),
			},
			Lacks: []string{otraA},
		}, debajo: falso{dirs: []authz.Direccion{laCasa(), {ID: otraA}}}, pide: pregunta{(*authz.Cursor)(nil), 2}},
		"the next page": {Scenario: httpapitest.Scenario{
			Caller: ana, Method: "GET", Path: unas + "?cursor=" + marca.Text(), Status: 200,
			Has: []string{`"datos":[]`},
		}, pide: pregunta{&authz.Cursor{Creado: ahora, ID: casa}, 51}},
		"listed by a cursor of others": llama(
			"GET",
			unas+"?cursor=x",
			"",
			nil,
			422,
			"cursor-invalido",
		),
		"listed, not recorded": llama(
			"GET",
			unas,
			"",
			audit.ErrNoRecord,
			503,
			"auditoria-no-disponible",
		),

		"added": {Scenario: httpapitest.Scenario{
			Caller: ana, Method: "POST", Path: unas, Body: alta, Status: 201,
			Has:   []string{`"id":"` + casa, `"lat":-34.6`},
			Sends: []string{"Location: /api/v1" + una, `ETag: "4"`, "Idempotent-Replayed: "},
		},
			pide: nueva},
		"added again": {Scenario: httpapitest.Scenario{
			Caller: ana, Method: "POST", Path: unas, Body: alta, Header: []string{"Idempotency-Key: k"}, Status: 201,
			Sends: []string{"Location: /api/v1" + una, "Idempotent-Replayed: true"},
		},
			debajo: falso{repetida: true},
			pide:   conClave},
		"the key reused": llama("POST", unas, alta, authz.ErrHuella, 422, "clave-reutilizada"),
		"one too many": llama("POST", unas, alta, errDemasiadas, 409, "demasiadas-direcciones",
			`"maximo":20`),
		"deleted since": llama("POST", unas, alta, errNinguna, 404, "direccion-no-existe"),
		"by an erased person": llama(
			"POST",
			unas,
			alta,
			clientes.ErrSinClave,
			404,
			"cliente-borrado",
		),
		"added, not recorded": llama(
			"POST",
			unas,
			alta,
			audit.ErrNoRecord,
			503,
			"auditoria-no-disponible",
		),
		"without a street": llama(
			"POST",
			unas,
			`{"lat":0,"lon":0}`,
			nil,
			422,
			"property calle",
		),
		"without a place": llama(
			"POST",
			unas,
			`{"calle":"x"}`,
			nil,
			422,
			"property lat",
			"property lon",
		),
		"beyond the pole":       mal("POST", unas, "lat", "90.5"),
		"beyond the date line":  mal("POST", unas, "lon", "-181"),
		"a street of two lines": mal("POST", unas, "calle", `"Yatay 1\nfondo"`),
		"notes with controls":   mal("POST", unas, "notas", `"timbre\u0007"`),
		"of 9 KB": llama(
			"POST",
			unas,
			strings.Repeat(" ", 9<<10)+alta,
			nil,
			413,
			"cuerpo-excesivo",
		),
		"added by an operator": {
			Scenario: httpapitest.Scenario{
				Caller: operador,
				Method: "POST",
				Path:   unas,
				Body:   alta,
				Status: 403,
			},
		},

		"seen": {Scenario: httpapitest.Scenario{
			Caller: ana, Method: "GET", Path: una, Status: 200, Has: []string{`"notas":"timbre"`},
			Sends: []string{`ETag: "4"`},
		},
			pide: casa},
		"another's": llama("GET", una, "", errNinguna, 404, "direccion-no-existe"),
		"seen, not recorded": llama(
			"GET",
			una,
			"",
			audit.ErrNoRecord,
			503,
			"auditoria-no-disponible",
		),
		"under a long id": llama(
			"GET",
			unas+"/"+strings.Repeat("x", 65),
			"",
			nil,
			422,
			"path.id",
		),

		"corrected": {Scenario: httpapitest.Scenario{
			Caller: ana, Method: "PATCH", Path: una, Body: `{"notas":"","lat":1}`, Header: []string{`If-Match: "4"`},
			Status: 200,
			Sends:  []string{`ETag: "4"`},
		}, pide: pregunta{casa, authz.CambioDireccion{Notas: texto(""), Lat: grados(1), Versiones: []int64{4}}}},
		"corrected blindly": {Scenario: httpapitest.Scenario{
			Caller: ana, Method: "PATCH", Path: una, Body: `{"nombre":"N","calle":"C","lon":2}`, Status: 200,
		}, pide: pregunta{casa, authz.CambioDireccion{Nombre: texto("N"), Calle: texto("C"), Lon: grados(2)}}},
		"corrected meanwhile": llama(
			"PATCH",
			una,
			`{}`,
			authz.ErrVersion,
			412,
			"version-vieja",
		),
		"another's, corrected": llama(
			"PATCH",
			una,
			`{}`,
			errNinguna,
			404,
			"direccion-no-existe",
		),
		"corrected to nothing": mal("PATCH", una, "calle", `""`),
		"corrected by a bad tag": {Scenario: httpapitest.Scenario{
			Caller: ana, Method: "PATCH", Path: una, Body: `{}`, Header: []string{`If-Match: W/"4"`}, Status: 412,
		}},

		"deleted": {Scenario: httpapitest.Scenario{
			Caller: ana, Method: "DELETE", Path: una, Header: []string{`If-Match: "4"`}, Status: 204,
		}, pide: pregunta{casa, []int64{4}}},
		"deleted blindly": {Scenario: httpapitest.Scenario{
			Caller: ana, Method: "DELETE", Path: una, Status: 204,
		}, pide: pregunta{casa, []int64(nil)}},
		"deleted meanwhile":  llama("DELETE", una, "", authz.ErrVersion, 412, "version-vieja"),
		"another's, deleted": llama("DELETE", una, "", errNinguna, 404, "direccion-no-existe"),
		"deleted, not recorded": llama(
			"DELETE",
			una,
			"",
			audit.ErrNoRecord,
			503,
			"auditoria-no-disponible",
		),
		"deleted by a stranger": {
			Scenario: httpapitest.Scenario{Method: "DELETE", Path: una, Status: 401},
		},
	}
}

func grados(g float64) *float64 { return &g }
