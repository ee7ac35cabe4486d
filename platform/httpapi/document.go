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

type object = map[string]any

// documentWriter finishes the document that huma makes of the Go types.
type documentWriter struct {
	api        huma.API
	doc        object
	published  map[string]int // statuses by code
	session    []*fault.Error // errors of a browser's session, which every operation may answer
	uses       map[string][]usage
	operations int
}

// usage is an operation that answers a code.
type usage struct {
	ID      string `json:"operacion"`
	Metodo  string `json:"metodo"`
	Ruta    string `json:"ruta"` // with Prefix
	Resumen string `json:"-"`
}

// write writes the document and notes which operation answers which code.
func (r *documentWriter) write() ([]byte, error) {
	crudo, err := json.Marshal(r.api.OpenAPI())
	if err == nil {
		err = json.Unmarshal(crudo, &r.doc)
	}
	if err != nil {
		return nil, fmt.Errorf("httpapi: document: %w", err)
	}
	r.doc["x-codigos"], r.uses = r.published, map[string][]usage{}
	r.grow()
	eachObject(r.doc, renamePatterns)
	r.open()
	comunes := object{}
	eachOperation(r.doc, func(ruta, metodo string, op object) {
		r.codesOf(ruta, metodo, op)
		documentCallers(op)
		putHeaders(op, comunes)
		sayQuota(op)
		documentDeprecation(op)
		r.order(op)
		r.operations++
	})
	if partes, ok := r.doc["components"].(object); ok {
		partes["responses"] = comunes
		partes["headers"] = quotaHeaders()
	}
	for _, us := range r.uses {
		slices.SortFunc(
			us,
			func(a, b usage) int { return strings.Compare(a.Ruta+a.Metodo, b.Ruta+b.Metodo) },
		)
	}
	return toJSON(r.doc)
}

// eachOperation calls f for every operation of doc.
func eachOperation(doc object, f func(ruta, metodo string, op object)) {
	rutas, _ := doc["paths"].(object)
	for ruta, x := range rutas {
		operaciones, _ := x.(object)
		for metodo, op := range operaciones {
			if o, ok := op.(object); ok {
				f(ruta, metodo, o)
			}
		}
	}
}

// eachObject calls f for every object in x, examples excepted.
func eachObject(x any, f func(object)) {
	switch v := x.(type) {
	case object:
		f(v)
		for k, y := range v {
			if k != "example" && k != "examples" {
				eachObject(y, f)
			}
		}
	case []any:
		for _, y := range v {
			eachObject(y, f)
		}
	}
}

// renamePatterns renames patternDescription, which OpenAPI does not have, to the extension x-pattern-description.
func renamePatterns(object object) {
	if d, ok := object["patternDescription"].(string); ok {
		delete(object, "patternDescription")
		object["x-pattern-description"] = d
	}
}

// toJSON writes v as JSON without the escapes that only HTML needs: browsers never take our JSON for HTML (nosniff).
func toJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// growsTag is the tag of a member with a list of known values to which later releases may add: crece:"uno,dos".
const growsTag = "crece"

// grow writes the known values of members tagged crece as x-extensible-enum.
func (r *documentWriter) grow() {
	partes, _ := r.doc["components"].(object)
	esquemas, _ := partes["schemas"].(object)
	registro := r.api.OpenAPI().Components.Schemas
	for nombre, x := range esquemas {
		esquema, _ := x.(object)
		miembros, _ := esquema["properties"].(object)
		for miembro, valores := range growing(registro.TypeFromRef(schemaRef + nombre)) {
			m, _ := miembros[miembro].(object)
			d, _ := m["description"].(string)
			m["description"] = strings.TrimSpace(d + " The set may grow.")
			if items, ok := m["items"].(object); ok {
				m = items
			}
			m["x-extensible-enum"] = valores
		}
	}
}

// open opens the schemas of answers to members that a later release adds, and leaves those of requests closed. A
// schema that serves both is split: the request's copy gets the suffix sentSuffix.
func (r *documentWriter) open() {
	partes, _ := r.doc["components"].(object)
	esquemas, _ := partes["schemas"].(object)
	pide, da := map[string]bool{}, map[string]bool{}
	eachOperation(r.doc, func(_, _ string, op object) {
		reach(esquemas, op["requestBody"], pide)
		reach(esquemas, op["parameters"], pide)
		reach(esquemas, op["responses"], da)
	})
	deAmbos := func(m object) {
		nombre := refName(m)
		if pide[nombre] && da[nombre] {
			m["$ref"] = schemaRef + nombre + sentSuffix
		}
	}
	for _, nombre := range slices.Sorted(maps.Keys(pide)) {
		suyo := esquemas[nombre]
		if da[nombre] {
			suyo = deepCopy(suyo)
			esquemas[nombre+sentSuffix] = suyo
		}
		eachObject(suyo, deAmbos)
	}
	for nombre := range da {
		eachObject(esquemas[nombre], openSchema)
	}
	eachOperation(r.doc, func(_, _ string, op object) {
		eachObject(op["requestBody"], deAmbos)
		eachObject(op["parameters"], deAmbos)
		eachObject(op["responses"], openSchema)
	})
}

const (
	schemaRef = "#/components/schemas/"
	// sentSuffix ends the name of a request's schema when an answer uses the schema too.
	sentSuffix = "Enviado"
)

func refName(object object) string {
	ref, _ := object["$ref"].(string)
	nombre, _ := strings.CutPrefix(ref, schemaRef)
	return nombre
}

func openSchema(object object) {
	if object["additionalProperties"] == false {
		delete(object, "additionalProperties")
	}
}

// reach adds to vistos the names of the schemas that x leads to.
func reach(esquemas object, x any, vistos map[string]bool) {
	eachObject(x, func(m object) {
		if nombre := refName(m); nombre != "" && !vistos[nombre] {
			vistos[nombre] = true
			reach(esquemas, esquemas[nombre], vistos)
		}
	})
}

// deepCopy copies a decoded JSON value, with all values inside it.
func deepCopy(x any) any {
	switch v := x.(type) {
	case object:
		m := make(object, len(v))
		for k, y := range v {
			m[k] = deepCopy(y)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i, y := range v {
			l[i] = deepCopy(y)
		}
		return l
	}
	return x
}

// documentCallers ends the description of object with the roles and scopes that may call it.
func documentCallers(object object) {
	texto, _ := object["description"].(string)
	if texto == "" {
		return
	}
	frases := []string{}
	if lista, ok := object["x-roles"].([]any); ok {
		frases = append(frases, "roles "+nameList(lista))
	}
	if lista, ok := object["x-permisos"].([]any); ok {
		frases = append(frases, "machines with the scope "+nameList(lista))
	}
	quien := strings.Join(frases, "; ")
	if object["x-publico"] == true {
		quien = "everybody, without a token too"
	}
	object["description"] = texto + "\n\nWho may call: " + quien + "."
}

// nameList writes names as Markdown: `a`, `b`.
func nameList(anys []any) string {
	out := make([]string, len(anys))
	for i, x := range anys {
		out[i] = fmt.Sprintf("`%v`", x)
	}
	return strings.Join(out, ", ")
}

// putHeaders describes the headers of the error answers of op, and drops the header Content-Type from all its
// answers, because OpenAPI ignores it there. An error answer that is the same for all operations moves to comunes,
// and a reference takes its place.
func putHeaders(op, comunes object) {
	respuestas, _ := op["responses"].(object)
	for estado, r := range respuestas {
		n, err := strconv.Atoi(estado)
		respuesta, ok := r.(object)
		if h, _ := respuesta["headers"].(object); h != nil {
			delete(h, "Content-Type") // OpenAPI says it by content
		}
		if err != nil || !ok || n < http.StatusBadRequest {
			continue
		}
		contenido, _ := respuesta["content"].(object)
		if _, esProblema := contenido[problemType]; !esProblema || len(contenido) != 1 {
			continue
		}
		respuesta["headers"] = errorHeaders(n)
		if respuesta[xCodes] != nil {
			continue
		}
		if texto := aboutStatus[n]; texto != "" {
			respuesta["description"] = texto
		}
		comunes["Problema"+estado] = respuesta
		respuestas[estado] = object{"$ref": "#/components/responses/Problema" + estado}
	}
}

// aboutStatus describes, by status, an error answer for which the operation lists no codes.
var aboutStatus = map[int]string{
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

// errorHeaders are the headers of an error.
func errorHeaders(estado int) object {
	texto := func(que string) object { return object{"description": que, "schema": object{"type": "string"}} }
	cabeceras := object{"X-Request-Id": texto("The request's id, as in solicitud.")}
	maps.Copy(cabeceras, quotaReferences())
	switch estado {
	case http.StatusUnauthorized:
		cabeceras["WWW-Authenticate"] = texto("How to log in (RFC 6750).")
	case http.StatusForbidden:
		cabeceras["WWW-Authenticate"] = texto(
			"insufficient_scope (RFC 6750), where another role or scope would be let in.",
		)
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		cabeceras["Retry-After"] = object{
			"description": "Seconds after which to come back.",
			"schema":      object{"type": "integer", "minimum": 1},
		}
	}
	return cabeceras
}

// quotaHeaders describes the headers that tell a caller their quota.
func quotaHeaders() object {
	describe := func(what, example string) object {
		return object{
			"description": what + " (draft-ietf-httpapi-ratelimit-headers-11).",
			"schema":      object{"type": "string"},
			"example":     example,
		}
	}
	return object{
		headerRateLimitPolicy: describe(
			"The limit that counted this call: its name, q calls in w seconds",
			`"limite";q=400;w=2`,
		),
		headerRateLimit: describe(
			"What is left of it: r calls now, all of them again after t seconds without a call",
			`"limite";r=399;t=1`,
		),
	}
}

func quotaReferences() object {
	return object{
		headerRateLimitPolicy: object{"$ref": "#/components/headers/" + headerRateLimitPolicy},
		headerRateLimit:       object{"$ref": "#/components/headers/" + headerRateLimit},
	}
}

// sayQuota documents the RateLimit headers on the answers of op. Streams carry the headers too, but their document does
// not say so: from a stream with described headers ogen 1.25.0 makes a client that does not compile.
func sayQuota(op object) {
	respuestas, _ := op["responses"].(object)
	for _, r := range respuestas {
		respuesta, ok := r.(object)
		if contenido, _ := respuesta["content"].(object); !ok || respuesta["$ref"] != nil ||
			contenido[streamType] != nil {
			continue
		}
		maps.Copy(headersOf(respuesta), quotaReferences())
	}
}

// headersOf gives the headers of an answer, so that the caller can add to them.
func headersOf(respuesta object) object {
	h, ok := respuesta["headers"].(object)
	if !ok {
		h = object{}
		respuesta["headers"] = h
	}
	return h
}

// documentDeprecation documents the header Deprecation on the successes of a deprecated operation.
func documentDeprecation(op object) {
	if op["deprecated"] != true {
		return
	}
	respuestas, _ := op["responses"].(object)
	for _, r := range respuestas {
		respuesta, ok := r.(object)
		if !ok || respuesta["$ref"] != nil {
			continue
		}
		headersOf(respuesta)[deprecationHeader] = object{
			"description": "Since when it is deprecated (RFC 9745).",
			"schema":      object{"type": "string"},
		}
	}
}

// order puts the examples of op into the order in which its module declares them: people and pages take the first.
func (r *documentWriter) order(op object) {
	id, _ := op["operationId"].(string)
	o := operationByID(r.api, id)
	if o == nil {
		return
	}
	nombres, _ := o.Metadata[examplesNote].([]string)
	enOrden := func(m object) {
		if ejemplos, ok := m["examples"].(object); ok {
			m["examples"] = ordered{nombres, ejemplos}
		}
	}
	partes, _ := op["parameters"].([]any)
	for _, p := range partes {
		if m, ok := p.(object); ok {
			enOrden(m)
		}
	}
	cuerpo, _ := op["requestBody"].(object)
	contenido, _ := cuerpo["content"].(object)
	for _, x := range contenido {
		if m, ok := x.(object); ok {
			enOrden(m)
		}
	}
}

// ordered is a JSON object with its members in the order of names.
type ordered struct {
	names  []string
	values object
}

// MarshalJSON writes the members in their order.
func (o ordered) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for _, nombre := range o.names {
		valor, ok := o.values[nombre]
		if !ok {
			continue
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		x, err := toJSON(valor)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%q:%s", nombre, x)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
