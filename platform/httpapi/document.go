package httpapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"despensa/platform/fault"

	"github.com/danielgtaylor/huma/v2"
)

type objeto = map[string]any

// redactor finishes the document that huma makes of the Go types.
type redactor struct {
	api         huma.API
	doc         objeto
	publicados  map[string]int // statuses by code
	sesion      []*fault.Error // errors of a browser's session, which every operation may answer
	usos        map[string][]uso
	operaciones int
}

// uso is an operation that answers a code.
type uso struct {
	ID      string `json:"operacion"`
	Metodo  string `json:"metodo"`
	Ruta    string `json:"ruta"` // with Prefijo
	Resumen string `json:"-"`
}

// redactar writes the document and notes which operation answers which code.
func (r *redactor) redactar() ([]byte, error) {
	crudo, err := json.Marshal(r.api.OpenAPI())
	if err == nil {
		err = json.Unmarshal(crudo, &r.doc)
	}
	if err != nil {
		return nil, fmt.Errorf("httpapi: document: %w", err)
	}
	r.doc["x-codigos"], r.usos = r.publicados, map[string][]uso{}
	r.crecer()
	cadaObjeto(r.doc, renombrarPatrones)
	r.abrir()
	comunes := objeto{}
	cadaOperacion(r.doc, func(ruta, metodo string, op objeto) {
		r.codigosDe(ruta, metodo, op)
		decirQuien(op)
		ponerCabeceras(op, comunes)
		sayQuota(op)
		decirObsoleta(op)
		r.ordenar(op)
		r.operaciones++
	})
	if partes, ok := r.doc["components"].(objeto); ok {
		partes["responses"] = comunes
		partes["headers"] = quotaHeaders()
	}
	for _, us := range r.usos {
		slices.SortFunc(us, func(a, b uso) int { return strings.Compare(a.Ruta+a.Metodo, b.Ruta+b.Metodo) })
	}
	return enJSON(r.doc)
}

// cadaOperacion calls f for every operation of doc.
func cadaOperacion(doc objeto, f func(ruta, metodo string, op objeto)) {
	rutas, _ := doc["paths"].(objeto)
	for ruta, x := range rutas {
		operaciones, _ := x.(objeto)
		for metodo, op := range operaciones {
			if o, ok := op.(objeto); ok {
				f(ruta, metodo, o)
			}
		}
	}
}

// cadaObjeto calls f for every object in x, examples excepted.
func cadaObjeto(x any, f func(objeto)) {
	switch v := x.(type) {
	case objeto:
		f(v)
		for k, y := range v {
			if k != "example" && k != "examples" {
				cadaObjeto(y, f)
			}
		}
	case []any:
		for _, y := range v {
			cadaObjeto(y, f)
		}
	}
}

// renombrarPatrones renames patternDescription, which OpenAPI does not have, to the extension x-pattern-description.
func renombrarPatrones(m objeto) {
	if d, ok := m["patternDescription"].(string); ok {
		delete(m, "patternDescription")
		m["x-pattern-description"] = d
	}
}

// enJSON writes v as JSON without the escapes that only HTML needs: browsers never take our JSON for HTML (nosniff).
func enJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// etiquetaCrece is the tag of a member with a list of known values to which later releases may add: crece:"uno,dos".
const etiquetaCrece = "crece"

// crecer writes the known values of members tagged crece as x-extensible-enum.
func (r *redactor) crecer() {
	partes, _ := r.doc["components"].(objeto)
	esquemas, _ := partes["schemas"].(objeto)
	registro := r.api.OpenAPI().Components.Schemas
	for nombre, x := range esquemas {
		esquema, _ := x.(objeto)
		miembros, _ := esquema["properties"].(objeto)
		for miembro, valores := range crecientes(registro.TypeFromRef(refEsquema + nombre)) {
			m, _ := miembros[miembro].(objeto)
			d, _ := m["description"].(string)
			m["description"] = strings.TrimSpace(d + " The set may grow.")
			if items, ok := m["items"].(objeto); ok {
				m = items
			}
			m["x-extensible-enum"] = valores
		}
	}
}

// abrir opens the schemas of answers to members that a later release adds, and leaves those of requests closed. A
// schema that serves both is split: the request's copy gets the suffix enviado.
func (r *redactor) abrir() {
	partes, _ := r.doc["components"].(objeto)
	esquemas, _ := partes["schemas"].(objeto)
	pide, da := map[string]bool{}, map[string]bool{}
	cadaOperacion(r.doc, func(_, _ string, op objeto) {
		alcanzar(esquemas, op["requestBody"], pide)
		alcanzar(esquemas, op["parameters"], pide)
		alcanzar(esquemas, op["responses"], da)
	})
	deAmbos := func(m objeto) {
		nombre := nombreDe(m)
		if pide[nombre] && da[nombre] {
			m["$ref"] = refEsquema + nombre + enviado
		}
	}
	for _, nombre := range slices.Sorted(maps.Keys(pide)) {
		suyo := esquemas[nombre]
		if da[nombre] {
			suyo = copia(suyo)
			esquemas[nombre+enviado] = suyo
		}
		cadaObjeto(suyo, deAmbos)
	}
	for nombre := range da {
		cadaObjeto(esquemas[nombre], abierto)
	}
	cadaOperacion(r.doc, func(_, _ string, op objeto) {
		cadaObjeto(op["requestBody"], deAmbos)
		cadaObjeto(op["parameters"], deAmbos)
		cadaObjeto(op["responses"], abierto)
	})
}

const (
	refEsquema = "#/components/schemas/"
	// enviado ends the name of a request's schema when an answer uses the schema too.
	enviado = "Enviado"
)

func nombreDe(m objeto) string {
	ref, _ := m["$ref"].(string)
	nombre, _ := strings.CutPrefix(ref, refEsquema)
	return nombre
}

func abierto(m objeto) {
	if m["additionalProperties"] == false {
		delete(m, "additionalProperties")
	}
}

// alcanzar adds to vistos the names of the schemas that x leads to.
func alcanzar(esquemas objeto, x any, vistos map[string]bool) {
	cadaObjeto(x, func(m objeto) {
		if nombre := nombreDe(m); nombre != "" && !vistos[nombre] {
			vistos[nombre] = true
			alcanzar(esquemas, esquemas[nombre], vistos)
		}
	})
}

// copia copies a decoded JSON value, with all values inside it.
func copia(x any) any {
	switch v := x.(type) {
	case objeto:
		m := make(objeto, len(v))
		for k, y := range v {
			m[k] = copia(y)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i, y := range v {
			l[i] = copia(y)
		}
		return l
	}
	return x
}

// decirQuien ends the description of op with the roles and scopes that may call it.
func decirQuien(op objeto) {
	texto, _ := op["description"].(string)
	if texto == "" {
		return
	}
	frases := []string{}
	if lista, ok := op["x-roles"].([]any); ok {
		frases = append(frases, "roles "+nombrados(lista))
	}
	if lista, ok := op["x-permisos"].([]any); ok {
		frases = append(frases, "machines with the scope "+nombrados(lista))
	}
	quien := strings.Join(frases, "; ")
	if op["x-publico"] == true {
		quien = "everybody, without a token too"
	}
	op["description"] = texto + "\n\nWho may call: " + quien + "."
}

// nombrados writes names as Markdown: `a`, `b`.
func nombrados(xs []any) string {
	out := make([]string, len(xs))
	for i, x := range xs {
		out[i] = fmt.Sprintf("`%v`", x)
	}
	return strings.Join(out, ", ")
}

// ponerCabeceras describes the headers of the error answers of op, and drops the header Content-Type from all its
// answers, because OpenAPI ignores it there. An error answer that is the same for all operations moves to comunes,
// and a reference takes its place.
func ponerCabeceras(op, comunes objeto) {
	respuestas, _ := op["responses"].(objeto)
	for estado, r := range respuestas {
		n, err := strconv.Atoi(estado)
		respuesta, ok := r.(objeto)
		if h, _ := respuesta["headers"].(objeto); h != nil {
			delete(h, "Content-Type") // OpenAPI says it by content
		}
		if err != nil || !ok || n < http.StatusBadRequest {
			continue
		}
		contenido, _ := respuesta["content"].(objeto)
		if _, esProblema := contenido[tipoProblema]; !esProblema || len(contenido) != 1 {
			continue
		}
		respuesta["headers"] = cabecerasDe(n)
		if respuesta[xCodigos] != nil {
			continue
		}
		if texto := sobreEstado[n]; texto != "" {
			respuesta["description"] = texto
		}
		comunes["Problema"+estado] = respuesta
		respuestas[estado] = objeto{"$ref": "#/components/responses/Problema" + estado}
	}
}

// sobreEstado describes, by status, an error answer for which the operation lists no codes.
var sobreEstado = map[int]string{
	http.StatusBadRequest:            "Bad Request: the body is no JSON document, or the request cannot be read.",
	http.StatusUnauthorized:          "Unauthorized: no token or session, or one that is not good any more.",
	http.StatusForbidden:             "Forbidden: the caller's roles or scopes do not allow it.",
	http.StatusNotFound:              "Not Found: it is not there, or it is not the caller's.",
	http.StatusRequestTimeout:        "Request Timeout: the body came too slowly.",
	http.StatusConflict:              "Conflict: what is stored does not allow it.",
	http.StatusPreconditionFailed:    "Precondition Failed: it has been changed since it was read.",
	http.StatusRequestEntityTooLarge: "Content Too Large: the body is larger than `x-max-body-bytes`.",
	http.StatusUnsupportedMediaType:  "Unsupported Media Type: send JSON without a content encoding.",
	http.StatusUnprocessableEntity:   "Unprocessable Content: `errors` names each wrong value.",
	http.StatusPreconditionRequired:  "Precondition Required: send `If-Match`.",
	http.StatusTooManyRequests:       "Too Many Requests: come back after `Retry-After` seconds.",
	http.StatusInternalServerError:   "Internal Server Error: `solicitud` helps us to find out why.",
	http.StatusServiceUnavailable:    "Service Unavailable: come back after `Retry-After` seconds.",
}

// cabecerasDe are the headers of an error.
func cabecerasDe(estado int) objeto {
	texto := func(que string) objeto { return objeto{"description": que, "schema": objeto{"type": "string"}} }
	cabeceras := objeto{"X-Request-Id": texto("The request's id, as in solicitud.")}
	maps.Copy(cabeceras, quotaReferences())
	switch estado {
	case http.StatusUnauthorized:
		cabeceras["WWW-Authenticate"] = texto("How to log in (RFC 6750).")
	case http.StatusForbidden:
		cabeceras["WWW-Authenticate"] = texto("insufficient_scope (RFC 6750), where another role or scope would be let in.")
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		cabeceras["Retry-After"] = objeto{
			"description": "Seconds after which to come back.",
			"schema":      objeto{"type": "integer", "minimum": 1},
		}
	}
	return cabeceras
}

// quotaHeaders describes the headers that tell a caller their quota.
func quotaHeaders() objeto {
	describe := func(what, example string) objeto {
		return objeto{
			"description": what + " (draft-ietf-httpapi-ratelimit-headers-11).",
			"schema":      objeto{"type": "string"},
			"example":     example,
		}
	}
	return objeto{
		headerRateLimitPolicy: describe("The limit that counted this call: its name, q calls in w seconds",
			`"limite";q=400;w=2`),
		headerRateLimit: describe("What is left of it: r calls now, all of them again after t seconds without a call",
			`"limite";r=399;t=1`),
	}
}

func quotaReferences() objeto {
	return objeto{
		headerRateLimitPolicy: objeto{"$ref": "#/components/headers/" + headerRateLimitPolicy},
		headerRateLimit:       objeto{"$ref": "#/components/headers/" + headerRateLimit},
	}
}

// sayQuota documents the RateLimit headers on the answers of op. Streams carry the headers too, but their document does
// not say so: from a stream with described headers ogen 1.25.0 makes a client that does not compile.
func sayQuota(op objeto) {
	respuestas, _ := op["responses"].(objeto)
	for _, r := range respuestas {
		respuesta, ok := r.(objeto)
		if contenido, _ := respuesta["content"].(objeto); !ok || respuesta["$ref"] != nil || contenido[tipoFlujo] != nil {
			continue
		}
		maps.Copy(headersOf(respuesta), quotaReferences())
	}
}

// headersOf gives the headers of an answer, so that the caller can add to them.
func headersOf(respuesta objeto) objeto {
	h, ok := respuesta["headers"].(objeto)
	if !ok {
		h = objeto{}
		respuesta["headers"] = h
	}
	return h
}

// decirObsoleta documents the header Deprecation on the successes of a deprecated operation.
func decirObsoleta(op objeto) {
	if op["deprecated"] != true {
		return
	}
	respuestas, _ := op["responses"].(objeto)
	for _, r := range respuestas {
		respuesta, ok := r.(objeto)
		if !ok || respuesta["$ref"] != nil {
			continue
		}
		headersOf(respuesta)[cabeceraObsoleta] = objeto{
			"description": "Since when it is deprecated (RFC 9745).",
			"schema":      objeto{"type": "string"},
		}
	}
}

// ordenar puts the examples of op into the order in which its module declares them: people and pages take the first.
func (r *redactor) ordenar(op objeto) {
	id, _ := op["operationId"].(string)
	o := operacionDe(r.api, id)
	if o == nil {
		return
	}
	nombres, _ := o.Metadata[anotaEjemplos].([]string)
	enOrden := func(m objeto) {
		if ejemplos, ok := m["examples"].(objeto); ok {
			m["examples"] = ordenado{nombres, ejemplos}
		}
	}
	partes, _ := op["parameters"].([]any)
	for _, p := range partes {
		if m, ok := p.(objeto); ok {
			enOrden(m)
		}
	}
	cuerpo, _ := op["requestBody"].(objeto)
	contenido, _ := cuerpo["content"].(objeto)
	for _, x := range contenido {
		if m, ok := x.(objeto); ok {
			enOrden(m)
		}
	}
}

// ordenado is a JSON object with its members in the order of nombres.
type ordenado struct {
	nombres []string
	valores objeto
}

// MarshalJSON writes the members in their order.
func (o ordenado) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for _, nombre := range o.nombres {
		valor, ok := o.valores[nombre]
		if !ok {
			continue
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		x, err := enJSON(valor)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%q:%s", nombre, x)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
