package httpapi_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// escenario is a request with the texts that its answer must and must not contain.
type escenario struct {
	pide    string // "GET /path"
	cuerpo  string
	cabeza  []string // "Name: value"
	status  int
	code    string
	contra  []string // must not contain
	contien []string // must contain
	vuelve  []string // "Name: value" of the answer
}

const (
	comoCliente = "Authorization: Bearer cliente"
	conClave    = "Idempotency-Key: k1"
	bueno       = `{"nombre":"pan","cantidad":2}`
)

// correr makes the request of e to banco and compares status, headers, texts and code.
func (e escenario) correr(t *testing.T, banco *banco) {
	metodo, ruta, _ := strings.Cut(e.pide, " ")
	r := httptest.NewRequestWithContext(t.Context(), metodo, ruta, strings.NewReader(e.cuerpo))
	if e.cuerpo != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range e.cabeza {
		k, v, _ := strings.Cut(h, ": ")
		r.Header.Set(k, v)
	}
	w := banco.pedir(r)
	if w.Code != e.status {
		t.Fatalf("status %d, want %d: %s", w.Code, e.status, w.Body)
	}
	for _, s := range e.contien {
		if !strings.Contains(w.Body.String(), s) {
			t.Errorf("answer lacks %q: %s", s, w.Body)
		}
	}
	for _, s := range e.contra {
		if strings.Contains(w.Body.String(), s) {
			t.Errorf("answer shows %q: %s", s, w.Body)
		}
	}
	for _, h := range e.vuelve {
		k, v, _ := strings.Cut(h, ": ")
		if w.Header().Get(k) != v {
			t.Errorf("header %s = %q, want %q", k, w.Header().Get(k), v)
		}
	}
	if e.code != "" {
		comprobarProblema(t, w, e.code)
	}
}

// comprobarProblema checks the members and headers that every problem must have.
func comprobarProblema(t *testing.T, responseRecorder *httptest.ResponseRecorder, code string) {
	t.Helper()
	if ct := responseRecorder.Header().Get("Content-Type"); ct != "application/problem+json" {
		t.Errorf("content type %q", ct)
	}
	var p map[string]any
	if err := json.Unmarshal(responseRecorder.Body.Bytes(), &p); err != nil {
		t.Fatalf("%v: %s", err, responseRecorder.Body)
	}
	if p["code"] != code || p["status"] != float64(responseRecorder.Code) ||
		p["type"] != "http://prueba.local/problemas/"+code {
		t.Errorf("problem %v, want code %s", p, code)
	}
	if p["title"] != http.StatusText(responseRecorder.Code) || p["detail"] == "" {
		t.Errorf("title or detail: %v", p)
	}
	if id := responseRecorder.Header().Get("X-Request-Id"); id == "" || p["solicitud"] != id {
		t.Errorf("solicitud %v, header %q", p["solicitud"], id)
	}
}

func TestEscenarios(t *testing.T) {
	larga := `{"nombre":"` + strings.Repeat("a", 500) + `","cantidad":1}`
	justa := bueno + strings.Repeat(" ", 400-len(bueno))
	hondo := func(n int) string {
		return `{"nombre":"pan","cantidad":1,"libre":` + strings.Repeat(
			"[",
			n-1,
		) + strings.Repeat(
			"]",
			n-1,
		) + `}`
	}
	crear := func(cuerpo string, status int, code string, contien ...string) escenario {
		return escenario{
			pide:    "POST /api/v1/cosas",
			cuerpo:  cuerpo,
			cabeza:  []string{comoCliente, conClave},
			status:  status,
			code:    code,
			contien: contien,
		}
	}
	casos := map[string]escenario{
		"good":                    crear(bueno, 201, "", `"quien":"c"`),
		"exactly the limit":       crear(justa, 201, ""),
		"one byte over the limit": crear(justa+" ", 413, "cuerpo-excesivo"),
		"too large":               crear(larga, 413, "cuerpo-excesivo"),
		"no JSON":                 crear(`nombre=pan`, 400, "json-invalido"),
		"half JSON":               crear(`{"nombre":"pan"`, 400, "json-invalido"),
		"empty body":              crear(``, 400, "json-invalido"),
		"blank body":              crear(`  `, 400, "json-invalido"),
		"trailing garbage":        crear(bueno+`x`, 400, "json-invalido"),
		"two documents":           crear(bueno+bueno, 400, "json-invalido"),
		"repeated name": crear(
			`{"nombre":"pan","cantidad":1,"cantidad":2}`,
			400,
			"json-invalido",
		),
		"repeated name, escaped": crear(
			`{"nombre":"pan","cantidad":1,"c\u0061ntidad":2}`,
			400,
			"json-invalido",
		),
		"same name elsewhere": crear(
			`{"nombre":"pan","cantidad":1,"lineas":[{"numero":1},{"numero":1}]}`,
			201,
			"",
		),
		"not UTF-8": crear("{\"nombre\":\"p\xffn\",\"cantidad\":1}", 400, "json-invalido"),
		"20 deep":   crear(hondo(20), 201, ""),
		"21 deep":   crear(hondo(21), 400, "json-invalido"),
		"null":      crear(`null`, 422, "datos-invalidos"),
		"a list":    crear(`[]`, 422, "datos-invalidos"),
		"a number":  crear(`5`, 422, "datos-invalidos"),
		"integer with fraction": crear(
			`{"nombre":"pan","cantidad":52.0,"lineas":[{"numero":3.00}]}`,
			201,
			"",
		),
		"integer with exponent": crear(`{"nombre":"pan","cantidad":5e2}`, 201, ""),
		"huge integer": crear(
			`{"nombre":"pan","cantidad":99999999999999999999}`,
			422,
			"datos-invalidos",
			`body.cantidad`,
		),
		"huge number": crear(
			`{"nombre":"pan","cantidad":1e999}`,
			422,
			"datos-invalidos",
			`body.cantidad`,
		),
		"integer for its type": crear(
			`{"nombre":"pan","cantidad":1,"lineas":[{"numero":1},{"numero":300}]}`,
			422,
			"datos-invalidos",
			`"location":"body.lineas[1].numero"`,
		),
		"fraction too small to see": crear(
			`{"nombre":"pan","cantidad":9007199254740993.0}`,
			422,
			"datos-invalidos",
			"body.cantidad",
		),
		"fraction": crear(
			`{"nombre":"pan","cantidad":1.5}`,
			422,
			"datos-invalidos",
			"body.cantidad",
		),
		"wrong type": crear(
			`{"nombre":7,"cantidad":"dos"}`,
			422,
			"datos-invalidos",
			"body.nombre",
			"body.cantidad",
		),
		"null member": crear(
			`{"nombre":null,"cantidad":1}`,
			422,
			"datos-invalidos",
			"body.nombre",
		),
		"null for an optional list": crear(
			`{"nombre":"pan","cantidad":1,"lineas":null}`,
			422,
			"datos-invalidos",
			"body.lineas",
		),
		"null for an optional text": crear(
			`{"nombre":"pan","cantidad":1,"correo":null}`,
			422,
			"datos-invalidos",
			"body.correo",
		),
		"null where anything goes": crear(
			`{"nombre":"pan","cantidad":1,"libre":[null]}`,
			201,
			"",
		),
		"null for a list": {
			pide:    "POST /api/v1/listas",
			cuerpo:  `{"lineas":null}`,
			cabeza:  []string{comoCliente},
			status:  422,
			code:    "datos-invalidos",
			contien: []string{"body.lineas"},
		},
		"missing member": crear(`{"nombre":"pan"}`, 422, "datos-invalidos", "cantidad"),
		"other case": crear(
			`{"nombre":"pan","cantidad":1,"Cantidad":5}`,
			422,
			"datos-invalidos",
		),
		"NUL character": crear(
			`{"nombre":"pan","cantidad":1,"libre":{"a":["x","\u0000"]}}`,
			422,
			"datos-invalidos",
			"body.libre.a[1]",
		),
		"NUL in a name": crear(
			`{"nombre":"pan","cantidad":1,"libre":{"\u0000":1}}`,
			422,
			"datos-invalidos",
		),
		"impossible time": crear(
			`{"nombre":"pan","cantidad":1,"cuando":"2026-02-30T00:00:00Z"}`,
			422,
			"datos-invalidos",
			"body.cuando",
		),
		"unknown member": {
			pide:    "POST /api/v1/cosas",
			cuerpo:  `{"nombre":"pan","cantidad":1,"tarjeta":"5031755734530604"}`,
			cabeza:  []string{comoCliente, conClave},
			status:  422,
			code:    "datos-invalidos",
			contien: []string{"body.tarjeta", "unexpected property"},
			contra:  []string{"5031"},
		},
		"value not echoed": {
			pide:    "POST /api/v1/cosas",
			cuerpo:  `{"nombre":"SECRETO","cantidad":-4711,"correo":"secreto@"}`,
			cabeza:  []string{comoCliente, conClave},
			status:  422,
			code:    "datos-invalidos",
			contien: []string{"body.nombre", "body.cantidad", "body.correo"},
			contra:  []string{"SECRETO", "4711", "secreto@"},
		},
		"number not echoed": {
			pide:   "POST /api/v1/cosas",
			cuerpo: `{"nombre":"pan","cantidad":4711.5}`,
			cabeza: []string{comoCliente, conClave},
			status: 422,
			code:   "datos-invalidos",
			contra: []string{"4711", "int64"},
		},
		"text/plain": {pide: "POST /api/v1/cosas", cuerpo: bueno,
			cabeza: []string{
				comoCliente,
				"Content-Type: text/secreto",
			},
			status: 415,
			code:   "tipo-no-soportado",
			contra: []string{"secreto"}},
		"encoded": {
			pide:   "POST /api/v1/cosas",
			cuerpo: bueno,
			cabeza: []string{comoCliente, "Content-Encoding: gzip"},
			status: 415,
			code:   "tipo-no-soportado",
		},
		"charset": {pide: "POST /api/v1/cosas", cuerpo: bueno,
			cabeza: []string{
				comoCliente,
				"Content-Type: application/json; charset=utf-8",
			},
			status: 201},
		"bad key": {
			pide:    "POST /api/v1/cosas",
			cuerpo:  bueno,
			cabeza:  []string{comoCliente, "Idempotency-Key: con espacio"},
			status:  422,
			code:    "datos-invalidos",
			contien: []string{"header.Idempotency-Key"},
		},
		"optional body absent": {
			pide:    "POST /api/v1/cosas/x/sobre",
			cabeza:  []string{comoCliente},
			status:  200,
			contien: []string{"false"},
		},
		"optional body there": {
			pide:    "POST /api/v1/cosas/x/sobre",
			cuerpo:  `{}`,
			cabeza:  []string{comoCliente},
			status:  200,
			contien: []string{"true"},
		},

		"no token": {
			pide:   "POST /api/v1/cosas",
			cuerpo: bueno,
			status: 401,
			code:   "token-ausente",
			vuelve: []string{`WWW-Authenticate: Bearer realm="despensa"`},
		},
		"wrong token": {
			pide:   "POST /api/v1/cosas",
			cuerpo: bueno,
			cabeza: []string{"Authorization: Bearer nada"},
			status: 401,
			code:   "token-invalido",
			vuelve: []string{
				`WWW-Authenticate: Bearer realm="despensa", error="invalid_token"`,
			},
		},
		"expired token": {
			pide:   "POST /api/v1/cosas",
			cuerpo: bueno,
			cabeza: []string{"Authorization: Bearer vencido"},
			status: 401,
			code:   "token-vencido",
		},
		"basic": {
			pide:   "POST /api/v1/cosas",
			cuerpo: bueno,
			cabeza: []string{"Authorization: Basic cliente"},
			status: 401,
			code:   "token-invalido",
		},
		"bad token, public": {
			pide:   "GET /api/v1/cosas",
			cabeza: []string{"Authorization: Bearer nada"},
			status: 401,
			code:   "token-invalido",
		},
		"provider away": {
			pide:   "GET /api/v1/cosas",
			cabeza: []string{"Authorization: Bearer sin-claves"},
			status: 503,
			code:   "identidad-no-disponible",
			vuelve: []string{"Retry-After: 1"},
		},
		"lower-case scheme": {
			pide:   "POST /api/v1/cosas",
			cuerpo: bueno,
			cabeza: []string{"Authorization: bearer cliente"},
			status: 201,
		},
		"wrong role": {pide: "POST /api/v1/cosas", cuerpo: `not even JSON`,
			cabeza: []string{"Authorization: Bearer auditor"}, status: 403, code: "sin-permiso",
			vuelve: []string{
				`WWW-Authenticate: Bearer realm="despensa", error="insufficient_scope"`,
			}},
		"machine with scope": {
			pide:   "POST /api/v1/cosas",
			cuerpo: bueno,
			cabeza: []string{"Authorization: Bearer maquina"},
			status: 201,
		},
		"person with scope": {
			pide:   "POST /api/v1/cosas",
			cuerpo: bueno,
			cabeza: []string{"Authorization: Bearer persona"},
			status: 403,
			code:   "sin-permiso",
		},
		"nobody may": {
			pide:   "GET /api/v1/nadie",
			cabeza: []string{comoCliente},
			status: 403,
			code:   "sin-permiso",
		},

		"declared": {pide: "GET /api/v1/cosas/ocupada", status: 409, code: "cosa-ocupada",
			contien: []string{`"permitidos":["soltar"]`}, contra: []string{"rest:"}},
		"fields": {pide: "GET /api/v1/cosas/mal", status: 409, code: "cosa-ocupada",
			contien: []string{`"errors":[{"location":"body.nombre","message":"bad"}]`}},
		"absent": {pide: "GET /api/v1/cosas/nada", status: 404, code: "cosa-inexistente"},
		"too many": {
			pide:   "GET /api/v1/cosas/llena",
			status: 429,
			code:   "cosa-llena",
			vuelve: []string{"Retry-After: 2"},
		},
		"away": {
			pide:   "GET /api/v1/cosas/lejos",
			status: 503,
			code:   "cosa-lejos",
			vuelve: []string{"Retry-After: 1"},
		},
		"store away": {
			pide:   "GET /api/v1/cosas/almacen",
			status: 503,
			code:   "base-no-disponible",
			contra: []string{"secreto"},
			vuelve: []string{"Retry-After: 5"},
		},
		"undeclared": {pide: "GET /api/v1/cosas/rota", status: 500, code: "error-interno",
			contra: []string{"secreto", "tarjeta"}, vuelve: []string{"Retry-After: "}},
		"declared internal": {
			pide:   "GET /api/v1/cosas/rotaconfor",
			status: 500,
			code:   "error-interno",
			contra: []string{"secreto", "detalle"},
		},
		"huma's own": {pide: "GET /api/v1/cosas/ajena", status: 404, code: "no-encontrado",
			contra: []string{"secreto"}},
		"panic": {pide: "GET /api/v1/cosas/panico", status: 500, code: "error-interno",
			contra: []string{"secreto", "goroutine"}},
		"deadline": {pide: "GET /api/v1/cosas/tarde", status: 503, code: "tiempo-agotado",
			vuelve: []string{"Retry-After: 1"}},

		"unknown path": {pide: "GET /api/v1/otras", status: 404, code: "no-encontrado"},
		"unknown root": {pide: "GET /nada", status: 404, code: "no-encontrado"},
		"wrong method": {pide: "DELETE /api/v1/cosas", status: 405, code: "metodo-no-permitido",
			contra: []string{"message"}, vuelve: []string{"Allow: GET, HEAD, POST"}},
		"which methods": {pide: "OPTIONS /api/v1/cosas", status: 204,
			vuelve: []string{"Allow: GET, HEAD, POST, OPTIONS"}},
		"methods of a word": {pide: "OPTIONS /api/v1/cosas/nuevas", status: 204,
			vuelve: []string{"Allow: POST, OPTIONS"}},
		"methods of nothing": {
			pide:   "OPTIONS /api/v1/nada",
			status: 404,
			code:   "no-encontrado",
		},
		"wrong method, a word": {
			pide:   "GET /api/v1/cosas/nuevas",
			status: 405,
			code:   "metodo-no-permitido",
			vuelve: []string{"Allow: POST"},
		},
		"right method, a word": {
			pide:   "POST /api/v1/cosas/nuevas",
			cuerpo: bueno,
			cabeza: []string{comoCliente},
			status: 201,
		},
		"a slash too many": {
			pide:   "GET /api/v1/cosas/a/b",
			status: 404,
			code:   "no-encontrado",
		},
		"an escaped slash":   {pide: "GET /api/v1/cosas/a%2Fb", status: 200},
		"an empty parameter": {pide: "GET /api/v1/cosas/", status: 404, code: "no-encontrado"},
		"what methods":       {pide: "OPTIONS /api/v1/cosas", status: 204},
		"empty filter": {pide: "GET /api/v1/cosas?desde=", status: 422, code: "datos-invalidos",
			contien: []string{"query.desde"}},
		"empty number": {
			pide:    "GET /api/v1/cosas?limite=",
			status:  422,
			code:    "datos-invalidos",
			contien: []string{"query.limite"},
		},
		"empty text": {pide: "GET /api/v1/cosas?cursor=", status: 200},
		"unknown filter": {
			pide:    "GET /api/v1/cosas?estados=uno",
			status:  422,
			code:    "datos-invalidos",
			contien: []string{"query.estados"},
		},
		"unknown on POST": {
			pide:   "POST /api/v1/cosas?x=1",
			cuerpo: bueno,
			cabeza: []string{comoCliente},
			status: 422,
			code:   "datos-invalidos",
		},
		"filter twice": {
			pide:    "GET /api/v1/cosas?limite=1&limite=2",
			status:  422,
			code:    "datos-invalidos",
			contien: []string{"query.limite"},
		},
		"list filter twice": {pide: "GET /api/v1/cosas?estado=uno&estado=dos", status: 200,
			contien: []string{"[uno dos]"}},
		"filter not of enum": {
			pide:   "GET /api/v1/cosas?estado=tres",
			status: 422,
			code:   "datos-invalidos",
		},
		"rows left out": {
			pide:    "GET /api/v1/cosas?limite=3",
			status:  200,
			contien: []string{`"omitidos":2`},
		},
		"no row left out": {
			pide:   "GET /api/v1/cosas?limite=4",
			status: 200,
			contra: []string{"omitidos"},
		},
		"limit 0": {
			pide:   "GET /api/v1/cosas?limite=0",
			status: 422,
			code:   "datos-invalidos",
		},
		"limit 201": {
			pide:   "GET /api/v1/cosas?limite=201",
			status: 422,
			code:   "datos-invalidos",
		},
		"limit no number": {
			pide:   "GET /api/v1/cosas?limite=muchos",
			status: 422,
			code:   "datos-invalidos",
			contra: []string{"muchos"},
		},
		"default limit": {pide: "GET /api/v1/cosas", status: 200, contien: []string{`"50 `}},
		"bad cursor": {
			pide:   "GET /api/v1/cosas?cursor=abc",
			status: 422,
			code:   "cursor-invalido",
		},
		"bad escape": {
			pide:   "GET /api/v1/cosas?limite=%25zz&%zz=1",
			status: 422,
			code:   "datos-invalidos",
		},
		"query not UTF-8": {
			pide:   "GET /api/v1/cosas?cursor=%ff",
			status: 422,
			code:   "datos-invalidos",
		},
		"NUL in the query": {
			pide:   "GET /api/v1/cosas?cursor=%00",
			status: 422,
			code:   "datos-invalidos",
		},
		"NUL in the path": {
			pide:   "GET /api/v1/cosas/a%00b",
			status: 400,
			code:   "solicitud-invalida",
		},
		"path not UTF-8": {
			pide:   "GET /api/v1/cosas/%ff",
			status: 400,
			code:   "solicitud-invalida",
		},
		"days": {pide: "GET /api/v1/cosas?desde=2026-11-24&hasta=2026-11-24", status: 200,
			contien: []string{"1795489200 1795575600"}},
		"no day": {
			pide:    "GET /api/v1/cosas?desde=2026-02-30",
			status:  422,
			code:    "datos-invalidos",
			contien: []string{"query.desde"},
		},
		"days backwards": {
			pide:   "GET /api/v1/cosas?desde=2026-11-24&hasta=2026-11-22",
			status: 422,
			code:   "dia-invalido",
		},
		"no If-Match": {
			pide:   "PATCH /api/v1/cosas/x",
			cuerpo: `{}`,
			cabeza: []string{comoCliente},
			status: 428,
			code:   "falta-if-match",
		},
		"stale": {
			pide:   "PATCH /api/v1/cosas/x",
			cuerpo: `{}`,
			cabeza: []string{comoCliente, `If-Match: "6"`},
			status: 412,
			code:   "version-vieja",
		},
		"foreign ETag": {pide: "PATCH /api/v1/cosas/x", cuerpo: `{}`,
			cabeza: []string{
				comoCliente,
				`If-Match: "abc"`,
			},
			status: 412,
			code:   "version-vieja"},
		"weak ETag": {pide: "PATCH /api/v1/cosas/x", cuerpo: `{}`,
			cabeza: []string{
				comoCliente,
				`If-Match: W/"7"`,
			},
			status: 412,
			code:   "version-vieja"},
		"unquoted ETag": {
			pide:   "PATCH /api/v1/cosas/x",
			cuerpo: `{}`,
			cabeza: []string{comoCliente, `If-Match: 7`},
			status: 412,
			code:   "version-vieja",
		},
		"present": {
			pide:   "PATCH /api/v1/cosas/x",
			cuerpo: `{}`,
			cabeza: []string{comoCliente, `If-Match: "7"`},
			status: 200,
			vuelve: []string{`Etag: "8"`},
		},
		"any version": {
			pide:   "PATCH /api/v1/cosas/x",
			cuerpo: `{}`,
			cabeza: []string{comoCliente, `If-Match: *`},
			status: 200,
		},
		"own request id": {
			pide:   "GET /api/v1/cosas/nada",
			cabeza: []string{"X-Request-Id: abc-1"},
			status: 404,
			code:   "cosa-inexistente",
			vuelve: []string{"X-Request-Id: abc-1"},
		},
		"compressed": {
			pide:   "GET /api/v1/cosas/larga",
			cabeza: []string{"Accept-Encoding: gzip"},
			status: 200,
			vuelve: []string{"Content-Encoding: gzip"},
		},
		"short is plain": {
			pide:   "GET /api/v1/cosas/a",
			cabeza: []string{"Accept-Encoding: gzip"},
			status: 200,
			vuelve: []string{"Content-Encoding: "},
		},
		"security headers": {
			pide:   "GET /api/v1/cosas",
			status: 200,
			vuelve: []string{"X-Content-Type-Options: nosniff",
				"X-Frame-Options: DENY", "Cache-Control: no-store"},
		},
		"any Accept": {
			pide:   "GET /api/v1/cosas/nada",
			cabeza: []string{"Accept: text/html"},
			status: 404,
			code:   "cosa-inexistente",
		},
		"alive":   {pide: "GET /salud/vivo", status: 200, contien: []string{`"vivo"`}},
		"ready":   {pide: "GET /salud/listo", status: 200, contien: []string{`"listo"`}},
		"metrics": {pide: "GET /metricas", status: 200},
		"docs": {pide: "GET /docs/", status: 200, contien: []string{"/api/v1/openapi.json",
			"width=device-width"}, contra: []string{"https://cdn", "unpkg"}},
		"docs, a script": {pide: "GET /docs/swagger-ui-bundle.js", status: 200},
		"docs without slash": {
			pide:   "GET /docs",
			status: 301,
			vuelve: []string{"Location: /docs/"},
		},
		"a code as JSON": {
			pide:    "GET /problemas/token-vencido",
			status:  200,
			contien: []string{`"status":401`},
		},
		"a code as a page": {
			pide:    "GET /problemas/token-vencido",
			cabeza:  []string{"Accept: text/html"},
			status:  200,
			contien: []string{"<h1>token-vencido</h1>"},
		},
		"a store's code": {pide: "GET /problemas/base-no-disponible", status: 200,
			contien: []string{`"status":503`}},
		"a code nobody knows": {
			pide:   "GET /problemas/nadie-sabe",
			status: 404,
			code:   "no-encontrado",
		},
	}
	b := nuevoBanco(t)
	for nombre, e := range casos {
		t.Run(nombre, func(t *testing.T) { e.correr(t, b) })
	}
	d := b.diario.String()
	if !strings.Contains(d, "5031 en la fila") || !strings.Contains(d, "secreto del panico") ||
		strings.Contains(d, "5031755734530604") {
		t.Errorf("log: %.2000s", d)
	}
}
