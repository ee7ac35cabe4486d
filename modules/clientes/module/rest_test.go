package module

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"despensa/platform/oidc"
)

const casa = `{"nombre":"Casa","calle":"Av. Siempre Viva 742","notas":"Timbre\nroto","lat":-34.6,"lon":-58.38}`

func TestFirstSight(t *testing.T) {
	b := nuevoBanco(t)
	for range 3 {
		w := b.pedir(t, pide{que: "GET /clientes/yo", como: "ana"})
		m := miembros(t, w)
		if w.Code != http.StatusOK || m["nombre"] != "Ana Pérez" ||
			m["correo"] != "ana@example.com" ||
			m["id"] != oidc.IDOf("ana") {
			t.Fatalf("%d: %s", w.Code, w.Body)
		}
		if w.Header().Get("ETag") != `"1"` || m["creado"] != "2026-11-23T12:00:00Z" {
			t.Errorf("%v %v", w.Header(), m["creado"])
		}
	}
	if n := b.proveedor.preguntas.Load(); n != 1 {
		t.Errorf("the provider was asked %d times", n)
	}
	if m := miembros(t, b.pedir(t, pide{que: "GET /clientes/yo", como: "beto"})); m["correo"] != "" ||
		m["nombre"] != "Beto Sin Correo" {
		t.Errorf("without an e-mail: %v", m)
	}
}

func TestProviderDown(t *testing.T) {
	b := nuevoBanco(t)
	b.proveedor.caido.Store(true)
	for _, p := range []pide{
		{que: "GET /clientes/yo", como: "ana"},
		{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{"nombre":"Otra"}`},
		{que: "POST /clientes/yo/direcciones", como: "ana", cuerpo: casa},
	} {
		w := b.pedir(t, p)
		if m := miembros(t, w); w.Code != http.StatusServiceUnavailable ||
			m["code"] != "perfil-no-disponible" ||
			w.Header().Get("Retry-After") == "" {
			t.Errorf("%s: %d %s", p.que, w.Code, w.Body)
		}
	}
	w := b.pedir(t, pide{que: "GET /clientes/yo/direcciones", como: "ana"})
	if w.Code != http.StatusOK || strings.TrimSpace(w.Body.String()) != `{"datos":[]}` {
		t.Errorf("something was done by halves: %d %s", w.Code, w.Body)
	}
	b.proveedor.caido.Store(false)
	if w := b.pedir(t, pide{que: "GET /clientes/yo", como: "ana"}); w.Code != http.StatusOK ||
		w.Header().Get("ETag") != `"1"` {
		t.Errorf("afterwards: %d %s", w.Code, w.Body)
	}
}

func TestScenarios(t *testing.T) {
	largo := func(n int) string { return strings.Repeat("ñ", n) }
	cambia := func(cuerpo string) pide { return pide{que: "PATCH /clientes/yo", como: "ana", cuerpo: cuerpo} }
	agrega := func(cuerpo string) pide {
		return pide{que: "POST /clientes/yo/direcciones", como: "ana", cuerpo: cuerpo}
	}
	tests := map[string]struct {
		pide
		status int
		code   string
		en     string // location of the wrong value
	}{
		"no token": {
			pide:   pide{que: "GET /clientes/yo"},
			status: 401,
			code:   "token-ausente",
		},
		"bad token": {
			pide:   pide{que: "GET /clientes/yo", como: "x"},
			status: 401,
			code:   "token-invalido",
		},
		"operador has no profile": {
			pide:   pide{que: "GET /clientes/yo", como: "operador"},
			status: 403,
			code:   "sin-permiso",
		},
		"auditor sees no person": {
			pide:   pide{que: "GET /clientes/yo/direcciones", como: "auditor"},
			status: 403,
			code:   "sin-permiso",
		},
		"a machine is no customer": {
			pide:   pide{que: "GET /clientes/yo", como: "maquina"},
			status: 403,
			code:   "sin-permiso",
		},
		"admin may": {
			pide:   pide{que: "GET /clientes/yo", como: "jefa"},
			status: 200,
		},

		"change a name":  {pide: cambia(`{"nombre":"Ana María"}`), status: 200},
		"change nothing": {pide: cambia(`{}`), status: 200},
		"clear what may be clear": {
			pide:   cambia(`{"correo":"","telefono":"","documento":""}`),
			status: 200,
		},
		"all of it": {
			pide: cambia(`{"correo":"a.b+c@d-e.com.ar","telefono":"+54 (11) 5555-0000",` +
				`"documento":"20-30405060-7"}`),
			status: 200,
		},
		"unknown member": {
			pide:   cambia(`{"apodo":"secreto"}`),
			status: 422,
			code:   "datos-invalidos",
			en:     "body.apodo",
		},
		"id is not theirs": {
			pide:   cambia(`{"id":"secreto"}`),
			status: 422,
			code:   "datos-invalidos",
			en:     "body.id",
		},
		"null is no name": {
			pide:   cambia(`{"nombre":null}`),
			status: 422,
			code:   "datos-invalidos",
			en:     "body.nombre",
		},
		"name of a wrong type": {
			pide:   cambia(`{"nombre":7}`),
			status: 422,
			code:   "datos-invalidos",
			en:     "body.nombre",
		},
		"empty name": {
			pide:   cambia(`{"nombre":""}`),
			status: 422,
			code:   "datos-invalidos",
			en:     "body.nombre",
		},
		"blank name": {
			pide:   cambia(`{"nombre":"  "}`),
			status: 422,
			code:   "datos-invalidos",
			en:     "body.nombre",
		},
		"name of two lines": {pide: cambia(`{"nombre":"secreto\nb"}`),
			status: 422, code: "datos-invalidos", en: "body.nombre"},
		"longest name": {pide: cambia(`{"nombre":"` + largo(120) + `"}`), status: 200},
		"too long a name": {pide: cambia(`{"nombre":"` + largo(121) + `"}`),
			status: 422, code: "datos-invalidos", en: "body.nombre"},
		"no e-mail": {
			pide:   cambia(`{"correo":"secreto"}`),
			status: 422,
			code:   "datos-invalidos",
			en:     "body.correo",
		},
		"e-mail with a name": {pide: cambia(`{"correo":"Ana <ana@secreto.ar>"}`),
			status: 422, code: "datos-invalidos", en: "body.correo"},
		"no telephone": {
			pide:   cambia(`{"telefono":"secreto"}`),
			status: 422,
			code:   "datos-invalidos",
			en:     "body.telefono",
		},
		"no document": {pide: cambia(`{"documento":"*secreto*"}`),
			status: 422, code: "datos-invalidos", en: "body.documento"},
		"body too large": {
			pide:   cambia(`{"nombre":"` + largo(9000) + `"}`),
			status: 413,
			code:   "cuerpo-excesivo",
		},
		"not JSON": {pide: cambia(`{`), status: 400, code: "json-invalido"},
		"no ETag of ours": {
			pide:   cambia(`{}`).con("If-Match", "x"),
			status: 412,
			code:   "version-vieja",
		},

		"without a street": {
			pide:   agrega(`{"lat":1,"lon":2}`),
			status: 422,
			code:   "datos-invalidos",
			en:     "body",
		},
		"without a place": {
			pide:   agrega(`{"calle":"secreto"}`),
			status: 422,
			code:   "datos-invalidos",
			en:     "body",
		},
		"blank street": {pide: agrega(`{"calle":" ","lat":1,"lon":2}`),
			status: 422, code: "datos-invalidos", en: "body.calle"},
		"street too long": {pide: agrega(`{"calle":"` + largo(201) + `","lat":1,"lon":2}`),
			status: 422, code: "datos-invalidos", en: "body.calle"},
		"name too long": {
			pide:   agrega(`{"calle":"x","nombre":"` + largo(81) + `","lat":1,"lon":2}`),
			status: 422,
			code:   "datos-invalidos",
			en:     "body.nombre",
		},
		"notes too long": {
			pide:   agrega(`{"calle":"x","notas":"` + largo(501) + `","lat":1,"lon":2}`),
			status: 422,
			code:   "datos-invalidos",
			en:     "body.notas",
		},
		"south of the pole": {pide: agrega(`{"calle":"x","lat":-90.1,"lon":2}`),
			status: 422, code: "datos-invalidos", en: "body.lat"},
		"beyond the date": {pide: agrega(`{"calle":"x","lat":1,"lon":180.1}`),
			status: 422, code: "datos-invalidos", en: "body.lon"},
		"place as text": {pide: agrega(`{"calle":"x","lat":"1","lon":2}`),
			status: 422, code: "datos-invalidos", en: "body.lat"},
		"unknown in address": {
			pide:   agrega(`{"calle":"x","lat":1,"lon":2,"cliente":"secreto"}`),
			status: 422,
			code:   "datos-invalidos",
			en:     "body.cliente",
		},
		"longest": {
			pide: agrega(
				`{"calle":"` + largo(
					200,
				) + `","nombre":"` + largo(
					80,
				) + `","notas":"` + largo(
					500,
				) +
					`","lat":-90,"lon":180}`,
			),
			status: 201,
		},
		"bad key": {pide: agrega(casa).con("Idempotency-Key", "a b"),
			status: 422, code: "datos-invalidos", en: "header.Idempotency-Key"},

		"bad cursor": {pide: pide{que: "GET /clientes/yo/direcciones?cursor=x", como: "ana"},
			status: 422, code: "cursor-invalido", en: "query.cursor"},
		"bad limit": {pide: pide{que: "GET /clientes/yo/direcciones?limite=201", como: "ana"},
			status: 422, code: "datos-invalidos", en: "query.limite"},
		"unknown filter": {pide: pide{que: "GET /clientes/yo/direcciones?calle=x", como: "ana"},
			status: 422, code: "datos-invalidos", en: "query.calle"},
		"unknown address": {pide: pide{que: "GET /clientes/yo/direcciones/nada", como: "ana"},
			status: 404, code: "direccion-no-existe"},
		"change unknown": {
			pide:   pide{que: "PATCH /clientes/yo/direcciones/nada", como: "ana", cuerpo: `{}`},
			status: 404,
			code:   "direccion-no-existe",
		},
		"delete unknown": {pide: pide{que: "DELETE /clientes/yo/direcciones/nada", como: "ana"},
			status: 404, code: "direccion-no-existe"},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			w := nuevoBanco(t).pedir(t, tt.pide)
			if w.Code != tt.status {
				t.Fatalf("%d, want %d: %s", w.Code, tt.status, w.Body)
			}
			if tt.code != "" && miembros(t, w)["code"] != tt.code {
				t.Errorf("want %s: %s", tt.code, w.Body)
			}
			if tt.en != "" && !strings.Contains(w.Body.String(), `"location":"`+tt.en+`"`) {
				t.Errorf("want %s: %s", tt.en, w.Body)
			}
			if strings.Contains(w.Body.String(), "secreto") {
				t.Errorf("the answer repeats a value: %s", w.Body)
			}
		})
	}
}

// TestSomebodyElses: another customer's address is answered as one that does not exist.
func TestSomebodyElses(t *testing.T) {
	b := nuevoBanco(t)
	id := b.nueva(t, "ana", casa)
	for _, metodo := range []string{"GET", "PATCH", "DELETE"} {
		cuerpo := ""
		if metodo == "PATCH" {
			cuerpo = `{"calle":"Mía"}`
		}
		deBeto := func(direccion string) pide {
			p := pide{
				que:    metodo + " /clientes/yo/direcciones/" + direccion,
				como:   "beto",
				cuerpo: cuerpo,
			}
			return p.con("If-Match", `"9"`)
		}
		ajena, nada := b.pedir(t, deBeto(id)), b.pedir(t, deBeto("no-hay"))
		a, n := miembros(t, ajena), miembros(t, nada)
		delete(a, "solicitud")
		delete(n, "solicitud")
		delete(a, "instance")
		delete(n, "instance")
		if ajena.Code != http.StatusNotFound || nada.Code != http.StatusNotFound ||
			fmt.Sprint(a) != fmt.Sprint(n) {
			t.Errorf("%s: %v and %v differ", metodo, a, n)
		}
	}
	if w := b.pedir(t, pide{que: "GET /clientes/yo/direcciones/" + id, como: "ana"}); w.Code != http.StatusOK ||
		miembros(t, w)["calle"] != "Av. Siempre Viva 742" {
		t.Errorf("hers: %d %s", w.Code, w.Body)
	}
	w := b.pedir(t, pide{que: "GET /clientes/yo/direcciones", como: "beto"})
	if datos := miembros(t, w)["datos"].([]any); len(datos) != 0 {
		t.Errorf("his: %s", w.Body)
	}
}

func TestVersions(t *testing.T) {
	b := nuevoBanco(t)
	id := b.nueva(t, "ana", casa)
	si := func(v string) map[string]string { return map[string]string{"If-Match": v} }
	una := " /clientes/yo/direcciones/" + id
	pasos := []struct {
		pide
		status int
		etag   string
	}{
		{
			pide: pide{
				que:    "PATCH" + una,
				como:   "ana",
				cuerpo: `{"notas":""}`,
				cabeza: si(`"1"`),
			},
			status: 200,
			etag:   `"2"`,
		},
		{
			pide: pide{
				que:    "PATCH" + una,
				como:   "ana",
				cuerpo: `{"notas":"x"}`,
				cabeza: si(`"1"`),
			},
			status: 412,
		},
		{
			pide:   pide{que: "PATCH" + una, como: "ana", cuerpo: `{"lat":0}`},
			status: 200,
			etag:   `"3"`,
		},
		{pide: pide{que: "GET" + una, como: "ana"}, status: 200, etag: `"3"`},
		{pide: pide{que: "DELETE" + una, como: "ana", cabeza: si(`"2"`)}, status: 412},
		{pide: pide{que: "DELETE" + una, como: "ana", cabeza: si(`"3"`)}, status: 204},
		{pide: pide{que: "DELETE" + una, como: "ana"}, status: 404},
		{
			pide: pide{
				que:    "PATCH /clientes/yo",
				como:   "ana",
				cuerpo: `{"telefono":"5555-0000"}`,
				cabeza: si(`"1"`),
			},
			status: 200,
			etag:   `"2"`,
		},
		{
			pide: pide{
				que:    "PATCH /clientes/yo",
				como:   "ana",
				cuerpo: `{"telefono":""}`,
				cabeza: si(`"1"`),
			},
			status: 412,
		},
		{
			pide: pide{
				que:    "PATCH /clientes/yo",
				como:   "ana",
				cuerpo: `{"telefono":""}`,
				cabeza: si(`*`),
			},
			status: 200,
			etag:   `"3"`,
		},
	}
	for i, p := range pasos {
		w := b.pedir(t, p.pide)
		if w.Code != p.status || p.etag != "" && w.Header().Get("ETag") != p.etag {
			t.Fatalf("%d: %s: %d %s %s", i, p.que, w.Code, w.Header().Get("ETag"), w.Body)
		}
	}
}

func TestPages(t *testing.T) {
	b := nuevoBanco(t)
	for i := range 3 {
		b.nueva(t, "ana", fmt.Sprintf(`{"calle":"Calle %d","lat":1,"lon":2}`, i))
	}
	w := b.pedir(t, pide{que: "POST /clientes/yo/direcciones", como: "ana", cuerpo: casa})
	if w.Code != http.StatusConflict || miembros(t, w)["code"] != "demasiadas-direcciones" {
		t.Errorf("a fourth: %d %s", w.Code, w.Body)
	}
	vistas := map[any]bool{}
	cursor := ""
	for range 3 {
		m := miembros(
			t,
			b.pedir(
				t,
				pide{
					que:  "GET /clientes/yo/direcciones?limite=1&cursor=" + cursor,
					como: "ana",
				},
			),
		)
		for _, d := range m["datos"].([]any) {
			vistas[d.(map[string]any)["calle"]] = true
		}
		cursor, _ = m["siguiente"].(string)
	}
	if len(vistas) != 3 || cursor != "" {
		t.Errorf("seen %v, then %q", vistas, cursor)
	}
}
