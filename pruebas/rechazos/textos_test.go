package rechazos_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"despensa/platform/httpapi/contrato"
	"despensa/pruebas/kit"
)

// invisibles are characters that no text of the API may hold, as JSON writes them.
var invisibles = map[string]string{
	"turned around":       `a\u202eb`,
	"zero width":          `a\u200bb`,
	"NUL":                 `a\u0000b`,
	"half of a character": `a\ud800b`,
	"escape":              `a\u001bb`,
	"byte order mark":     `\ufeffab`,
}

// puerta is a text in a request of an operation.
type puerta struct {
	op    contrato.Place
	lugar string // body.lineas[0].lote, query.q
	// envuelto is a body with nothing but the text, %s; empty: the text stands in the query.
	envuelto string
}

// TestEveryTextIsJudged: each text of each body and each query member of the document refuses invisible characters.
// The problem names the place of the text and does not repeat it.
func TestEveryTextIsJudged(t *testing.T) {
	t.Parallel()
	s := kit.Start(t)
	d := kit.Document(t, s.RawDocument())
	puertas := puertasDe(d)
	cuerpos := 0
	for _, p := range puertas {
		if p.envuelto != "" {
			cuerpos++
		}
		for que, texto := range invisibles {
			if p.envuelto == "" && que == "half of a character" {
				texto = `a%ED%A0%80b`
			}
			estado, respuesta := mandarTexto(t, s, p, texto)
			if estado != http.StatusUnprocessableEntity ||
				!strings.Contains(respuesta, fmt.Sprintf(`"location":%q`, p.lugar)) {
				t.Errorf(
					"%s %s %s, %s: %d %s",
					p.op.Method,
					p.op.Path,
					p.lugar,
					que,
					estado,
					respuesta,
				)
			}
		}
	}
	if cuerpos < 40 || len(puertas)-cuerpos < 20 {
		t.Errorf(
			"only %d texts of bodies and %d of queries were found",
			cuerpos,
			len(puertas)-cuerpos,
		)
	}
}

// puertasDe lists the texts that the operations of document take.
func puertasDe(document *contrato.Document) (out []puerta) {
	for _, o := range document.Operations() {
		for _, q := range o.Parameters {
			if q.In == "query" && esTexto(q.Schema) {
				out = append(out, puerta{op: o, lugar: "query." + q.Name})
			}
		}
		if o.Body != nil &&
			o.ID != "recibir-aviso" { // a notice is judged by its signature, and no text of it is kept
			for lugar, envuelto := range textosDe(document, o.Body.Content["application/json"].Schema, 0) {
				out = append(out, puerta{op: o, lugar: "body" + lugar, envuelto: envuelto})
			}
		}
	}
	return out
}

func esTexto(schema *contrato.Schema) bool {
	return schema != nil &&
		(slices.Contains(schema.Types, "string") || schema.Items != nil && slices.Contains(schema.Items.Types, "string"))
}

// textosDe returns the texts in a schema: by place, the JSON around each.
func textosDe(
	document *contrato.Document,
	schema *contrato.Schema,
	hondura int,
) map[string]string {
	out := map[string]string{}
	if schema = document.Resolve(schema); schema == nil || hondura > 8 {
		return out
	}
	if slices.Contains(schema.Types, "string") && schema.Format != "binary" && hondura > 0 {
		out[""] = `"%s"`
	}
	for nombre, m := range schema.Properties {
		for lugar, dentro := range textosDe(document, m, hondura+1) {
			out["."+nombre+lugar] = fmt.Sprintf(`{%q:%s}`, nombre, dentro)
		}
	}
	var deOtros contrato.Schema
	if json.Unmarshal(schema.Others, &deOtros) == nil && len(deOtros.Types) > 0 {
		for lugar, dentro := range textosDe(document, &deOtros, hondura+1) {
			out[".otro"+lugar] = fmt.Sprintf(`{"otro":%s}`, dentro)
		}
	}
	for lugar, dentro := range textosDe(document, schema.Items, hondura+1) {
		out["[0]"+lugar] = "[" + dentro + "]"
	}
	return out
}

var parametro = regexp.MustCompile(`\{\w+\}`)

// mandarTexto calls an operation with texto in one place, as a login that may call it.
func mandarTexto(
	t *testing.T,
	program *kit.Program,
	puerta puerta,
	texto string,
) (int, string) {
	t.Helper()
	camino := program.URL + "/api/v1" + parametro.ReplaceAllString(puerta.op.Path, kit.NoID())
	var cuerpo io.Reader = http.NoBody
	if puerta.envuelto == "" {
		_, miembro, _ := strings.Cut(puerta.lugar, ".")
		camino += "?" + url.QueryEscape(miembro) + "=" + enConsulta(t, texto)
	} else {
		cuerpo = strings.NewReader(fmt.Sprintf(puerta.envuelto, texto))
	}
	r, err := http.NewRequestWithContext(t.Context(), puerta.op.Method, camino, cuerpo)
	if err != nil {
		t.Fatal(err)
	}
	if puerta.envuelto != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if f := tokenFor(program, puerta.op); f != "" {
		r.Header.Set("Authorization", "Bearer "+f)
	}
	res, err := program.HTTP.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

// enConsulta writes a text of JSON as a query has it; a text that is encoded already stays.
func enConsulta(t *testing.T, texto string) string {
	if strings.Contains(texto, "%") {
		return texto
	}
	var claro string
	if err := json.Unmarshal([]byte(`"`+texto+`"`), &claro); err != nil {
		t.Fatal(err)
	}
	return url.QueryEscape(claro)
}

// logins are demo logins by their role.
var logins = map[string]string{
	"cliente": "cliente1", "operador": "operador", "gestor_rutas": "gestor", "repartidor": "repartidor1",
	"auditor": "auditor", "admin": "admin",
}

// tokenFor is a token of a login that may call o; empty: o needs none.
func tokenFor(program *kit.Program, place contrato.Place) string {
	for _, rol := range slices.Sorted(maps.Keys(logins)) {
		if slices.Contains(place.Roles, rol) {
			return program.Token(logins[rol])
		}
	}
	if place.IsPublic() {
		return ""
	}
	return program.Machine(place.Permissions...)
}
