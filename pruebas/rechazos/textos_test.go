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
	op    contrato.Lugar
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
			if estado != http.StatusUnprocessableEntity || !strings.Contains(respuesta, fmt.Sprintf(`"location":%q`, p.lugar)) {
				t.Errorf("%s %s %s, %s: %d %s", p.op.Metodo, p.op.Ruta, p.lugar, que, estado, respuesta)
			}
		}
	}
	if cuerpos < 40 || len(puertas)-cuerpos < 20 {
		t.Errorf("only %d texts of bodies and %d of queries were found", cuerpos, len(puertas)-cuerpos)
	}
}

// puertasDe lists the texts that the operations of d take.
func puertasDe(d *contrato.Documento) (out []puerta) {
	for _, o := range d.Operaciones() {
		for _, q := range o.Parametros {
			if q.En == "query" && esTexto(q.Esquema) {
				out = append(out, puerta{op: o, lugar: "query." + q.Nombre})
			}
		}
		if o.Cuerpo != nil && o.ID != "recibir-aviso" { // a notice is judged by its signature, and no text of it is kept
			for lugar, envuelto := range textosDe(d, o.Cuerpo.Contenido["application/json"].Esquema, 0) {
				out = append(out, puerta{op: o, lugar: "body" + lugar, envuelto: envuelto})
			}
		}
	}
	return out
}

func esTexto(e *contrato.Esquema) bool {
	return e != nil && (slices.Contains(e.Tipos, "string") || e.Items != nil && slices.Contains(e.Items.Tipos, "string"))
}

// textosDe returns the texts in a schema: by place, the JSON around each.
func textosDe(d *contrato.Documento, e *contrato.Esquema, hondura int) map[string]string {
	out := map[string]string{}
	if e = d.Resolver(e); e == nil || hondura > 8 {
		return out
	}
	if slices.Contains(e.Tipos, "string") && e.Formato != "binary" && hondura > 0 {
		out[""] = `"%s"`
	}
	for nombre, m := range e.Propiedades {
		for lugar, dentro := range textosDe(d, m, hondura+1) {
			out["."+nombre+lugar] = fmt.Sprintf(`{%q:%s}`, nombre, dentro)
		}
	}
	var deOtros contrato.Esquema
	if json.Unmarshal(e.Otras, &deOtros) == nil && len(deOtros.Tipos) > 0 {
		for lugar, dentro := range textosDe(d, &deOtros, hondura+1) {
			out[".otro"+lugar] = fmt.Sprintf(`{"otro":%s}`, dentro)
		}
	}
	for lugar, dentro := range textosDe(d, e.Items, hondura+1) {
		out["[0]"+lugar] = "[" + dentro + "]"
	}
	return out
}

var parametro = regexp.MustCompile(`\{\w+\}`)

// mandarTexto calls an operation with texto in one place, as a login that may call it.
func mandarTexto(t *testing.T, s *kit.Program, p puerta, texto string) (int, string) {
	t.Helper()
	camino := s.URL + "/api/v1" + parametro.ReplaceAllString(p.op.Ruta, kit.NoID())
	var cuerpo io.Reader = http.NoBody
	if p.envuelto == "" {
		_, miembro, _ := strings.Cut(p.lugar, ".")
		camino += "?" + url.QueryEscape(miembro) + "=" + enConsulta(t, texto)
	} else {
		cuerpo = strings.NewReader(fmt.Sprintf(p.envuelto, texto))
	}
	r, err := http.NewRequestWithContext(t.Context(), p.op.Metodo, camino, cuerpo)
	if err != nil {
		t.Fatal(err)
	}
	if p.envuelto != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if f := tokenFor(s, p.op); f != "" {
		r.Header.Set("Authorization", "Bearer "+f)
	}
	res, err := s.HTTP.Do(r)
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
func tokenFor(s *kit.Program, o contrato.Lugar) string {
	for _, rol := range slices.Sorted(maps.Keys(logins)) {
		if slices.Contains(o.Roles, rol) {
			return s.Token(logins[rol])
		}
	}
	if o.Publica() {
		return ""
	}
	return s.Machine(o.Permisos...)
}
