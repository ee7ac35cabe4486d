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
		if w.Code != http.StatusOK || m["nombre"] != "Ana Pérez" || m["correo"] != "ana@example.com" || m["id"] != oidc.IDDe("ana") {
			t.Fatalf("%d: %s", w.Code, w.Body)
		}
		if w.Header().Get("ETag") != `"1"` || m["creado"] != "2026-11-23T12:00:00Z" {
			t.Errorf("%v %v", w.Header(), m["creado"])
		}
	}
	if n := b.proveedor.preguntas.Load(); n != 1 {
		t.Errorf("the provider was asked %d times", n)
	}
	if m := miembros(t, b.pedir(t, pide{que: "GET /clientes/yo", como: "beto"})); m["correo"] != "" || m["nombre"] != "Beto Sin Correo" {
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
		if m := miembros(t, w); w.Code != http.StatusServiceUnavailable || m["code"] != "perfil-no-disponible" || w.Header().Get("Retry-After") == "" {
			t.Errorf("%s: %d %s", p.que, w.Code, w.Body)
		}
	}
	w := b.pedir(t, pide{que: "GET /clientes/yo/direcciones", como: "ana"})
	if w.Code != http.StatusOK || strings.TrimSpace(w.Body.String()) != `{"datos":[]}` {
		t.Errorf("something was done by halves: %d %s", w.Code, w.Body)
	}
	b.proveedor.caido.Store(false)
	if w := b.pedir(t, pide{que: "GET /clientes/yo", como: "ana"}); w.Code != http.StatusOK || w.Header().Get("ETag") != `"1"` {
		t.Errorf("afterwards: %d %s", w.Code, w.Body)
	}
}

func TestScenarios(t *testing.T) {
	largo := func(n int) string { return strings.Repeat("ñ", n) }
	tests := map[string]struct {
		pide
		status int
		code   string
		en     string // location of the wrong value
	}{
		"no token":                 {pide{que: "GET /clientes/yo"}, 401, "token-ausente", ""},
		"bad token":                {pide{que: "GET /clientes/yo", como: "x"}, 401, "token-invalido", ""},
		"operador has no profile":  {pide{que: "GET /clientes/yo", como: "operador"}, 403, "sin-permiso", ""},
		"auditor sees no person":   {pide{que: "GET /clientes/yo/direcciones", como: "auditor"}, 403, "sin-permiso", ""},
		"a machine is no customer": {pide{que: "GET /clientes/yo", como: "maquina"}, 403, "sin-permiso", ""},
		"admin may":                {pide{que: "GET /clientes/yo", como: "jefa"}, 200, "", ""},

		"change a name":           {pide{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{"nombre":"Ana María"}`}, 200, "", ""},
		"change nothing":          {pide{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{}`}, 200, "", ""},
		"clear what may be clear": {pide{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{"correo":"","telefono":"","documento":""}`}, 200, "", ""},
		"all of it":               {pide{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{"correo":"a.b+c@d-e.com.ar","telefono":"+54 (11) 5555-0000","documento":"20-30405060-7"}`}, 200, "", ""},
		"unknown member":          {pide{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{"apodo":"secreto"}`}, 422, "datos-invalidos", "body.apodo"},
		"id is not theirs":        {pide{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{"id":"secreto"}`}, 422, "datos-invalidos", "body.id"},
		"null is no name":         {pide{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{"nombre":null}`}, 422, "datos-invalidos", "body.nombre"},
		"name of a wrong type":    {pide{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{"nombre":7}`}, 422, "datos-invalidos", "body.nombre"},
		"empty name":              {pide{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{"nombre":""}`}, 422, "datos-invalidos", "body.nombre"},
		"blank name":              {pide{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{"nombre":"  "}`}, 422, "datos-invalidos", "body.nombre"},
		"name of two lines":       {pide{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{"nombre":"secreto\nb"}`}, 422, "datos-invalidos", "body.nombre"},
		"longest name":            {pide{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{"nombre":"` + largo(120) + `"}`}, 200, "", ""},
		"too long a name":         {pide{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{"nombre":"` + largo(121) + `"}`}, 422, "datos-invalidos", "body.nombre"},
		"no e-mail":               {pide{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{"correo":"secreto"}`}, 422, "datos-invalidos", "body.correo"},
		"e-mail with a name":      {pide{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{"correo":"Ana <ana@secreto.ar>"}`}, 422, "datos-invalidos", "body.correo"},
		"no telephone":            {pide{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{"telefono":"secreto"}`}, 422, "datos-invalidos", "body.telefono"},
		"no document":             {pide{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{"documento":"*secreto*"}`}, 422, "datos-invalidos", "body.documento"},
		"body too large":          {pide{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{"nombre":"` + largo(9000) + `"}`}, 413, "cuerpo-excesivo", ""},
		"not JSON":                {pide{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{`}, 400, "json-invalido", ""},
		"no ETag of ours":         {pide{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{}`, cabeza: map[string]string{"If-Match": "x"}}, 412, "version-vieja", ""},

		"without a street":   {pide{que: "POST /clientes/yo/direcciones", como: "ana", cuerpo: `{"lat":1,"lon":2}`}, 422, "datos-invalidos", "body"},
		"without a place":    {pide{que: "POST /clientes/yo/direcciones", como: "ana", cuerpo: `{"calle":"secreto"}`}, 422, "datos-invalidos", "body"},
		"blank street":       {pide{que: "POST /clientes/yo/direcciones", como: "ana", cuerpo: `{"calle":" ","lat":1,"lon":2}`}, 422, "datos-invalidos", "body.calle"},
		"street too long":    {pide{que: "POST /clientes/yo/direcciones", como: "ana", cuerpo: `{"calle":"` + largo(201) + `","lat":1,"lon":2}`}, 422, "datos-invalidos", "body.calle"},
		"name too long":      {pide{que: "POST /clientes/yo/direcciones", como: "ana", cuerpo: `{"calle":"x","nombre":"` + largo(81) + `","lat":1,"lon":2}`}, 422, "datos-invalidos", "body.nombre"},
		"notes too long":     {pide{que: "POST /clientes/yo/direcciones", como: "ana", cuerpo: `{"calle":"x","notas":"` + largo(501) + `","lat":1,"lon":2}`}, 422, "datos-invalidos", "body.notas"},
		"south of the pole":  {pide{que: "POST /clientes/yo/direcciones", como: "ana", cuerpo: `{"calle":"x","lat":-90.1,"lon":2}`}, 422, "datos-invalidos", "body.lat"},
		"beyond the date":    {pide{que: "POST /clientes/yo/direcciones", como: "ana", cuerpo: `{"calle":"x","lat":1,"lon":180.1}`}, 422, "datos-invalidos", "body.lon"},
		"place as text":      {pide{que: "POST /clientes/yo/direcciones", como: "ana", cuerpo: `{"calle":"x","lat":"1","lon":2}`}, 422, "datos-invalidos", "body.lat"},
		"unknown in address": {pide{que: "POST /clientes/yo/direcciones", como: "ana", cuerpo: `{"calle":"x","lat":1,"lon":2,"cliente":"secreto"}`}, 422, "datos-invalidos", "body.cliente"},
		"longest":            {pide{que: "POST /clientes/yo/direcciones", como: "ana", cuerpo: `{"calle":"` + largo(200) + `","nombre":"` + largo(80) + `","notas":"` + largo(500) + `","lat":-90,"lon":180}`}, 201, "", ""},
		"bad key":            {pide{que: "POST /clientes/yo/direcciones", como: "ana", cuerpo: casa, cabeza: map[string]string{"Idempotency-Key": "a b"}}, 422, "datos-invalidos", "header.Idempotency-Key"},

		"bad cursor":      {pide{que: "GET /clientes/yo/direcciones?cursor=x", como: "ana"}, 422, "cursor-invalido", "query.cursor"},
		"bad limit":       {pide{que: "GET /clientes/yo/direcciones?limite=201", como: "ana"}, 422, "datos-invalidos", "query.limite"},
		"unknown filter":  {pide{que: "GET /clientes/yo/direcciones?calle=x", como: "ana"}, 422, "datos-invalidos", "query.calle"},
		"unknown address": {pide{que: "GET /clientes/yo/direcciones/nada", como: "ana"}, 404, "direccion-no-existe", ""},
		"change unknown":  {pide{que: "PATCH /clientes/yo/direcciones/nada", como: "ana", cuerpo: `{}`}, 404, "direccion-no-existe", ""},
		"delete unknown":  {pide{que: "DELETE /clientes/yo/direcciones/nada", como: "ana"}, 404, "direccion-no-existe", ""},
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
		ajena := b.pedir(t, pide{que: metodo + " /clientes/yo/direcciones/" + id, como: "beto", cuerpo: cuerpo, cabeza: map[string]string{"If-Match": `"9"`}})
		nada := b.pedir(t, pide{que: metodo + " /clientes/yo/direcciones/no-hay", como: "beto", cuerpo: cuerpo, cabeza: map[string]string{"If-Match": `"9"`}})
		a, n := miembros(t, ajena), miembros(t, nada)
		delete(a, "solicitud")
		delete(n, "solicitud")
		delete(a, "instance")
		delete(n, "instance")
		if ajena.Code != http.StatusNotFound || nada.Code != http.StatusNotFound || fmt.Sprint(a) != fmt.Sprint(n) {
			t.Errorf("%s: %v and %v differ", metodo, a, n)
		}
	}
	if w := b.pedir(t, pide{que: "GET /clientes/yo/direcciones/" + id, como: "ana"}); w.Code != http.StatusOK || miembros(t, w)["calle"] != "Av. Siempre Viva 742" {
		t.Errorf("hers: %d %s", w.Code, w.Body)
	}
	if w := b.pedir(t, pide{que: "GET /clientes/yo/direcciones", como: "beto"}); len(miembros(t, w)["datos"].([]any)) != 0 {
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
		{pide{que: "PATCH" + una, como: "ana", cuerpo: `{"notas":""}`, cabeza: si(`"1"`)}, 200, `"2"`},
		{pide{que: "PATCH" + una, como: "ana", cuerpo: `{"notas":"x"}`, cabeza: si(`"1"`)}, 412, ""},
		{pide{que: "PATCH" + una, como: "ana", cuerpo: `{"lat":0}`}, 200, `"3"`},
		{pide{que: "GET" + una, como: "ana"}, 200, `"3"`},
		{pide{que: "DELETE" + una, como: "ana", cabeza: si(`"2"`)}, 412, ""},
		{pide{que: "DELETE" + una, como: "ana", cabeza: si(`"3"`)}, 204, ""},
		{pide{que: "DELETE" + una, como: "ana"}, 404, ""},
		{pide{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{"telefono":"5555-0000"}`, cabeza: si(`"1"`)}, 200, `"2"`},
		{pide{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{"telefono":""}`, cabeza: si(`"1"`)}, 412, ""},
		{pide{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{"telefono":""}`, cabeza: si(`*`)}, 200, `"3"`},
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
	if w := b.pedir(t, pide{que: "POST /clientes/yo/direcciones", como: "ana", cuerpo: casa}); w.Code != http.StatusConflict || miembros(t, w)["code"] != "demasiadas-direcciones" {
		t.Errorf("a fourth: %d %s", w.Code, w.Body)
	}
	vistas := map[any]bool{}
	cursor := ""
	for range 3 {
		m := miembros(t, b.pedir(t, pide{que: "GET /clientes/yo/direcciones?limite=1&cursor=" + cursor, como: "ana"}))
		for _, d := range m["datos"].([]any) {
			vistas[d.(map[string]any)["calle"]] = true
		}
		cursor, _ = m["siguiente"].(string)
	}
	if len(vistas) != 3 || cursor != "" {
		t.Errorf("seen %v, then %q", vistas, cursor)
	}
}
