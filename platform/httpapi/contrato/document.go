// Package contrato reads OpenAPI documents of this API, checks values against their schemas, and lists the changes of
// a newer document that break clients of an older one. It is for tests; the program does not use it.
package contrato

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Document is an OpenAPI document, with the members that this API's document uses.
type Document struct {
	Info struct {
		Version string `json:"version"`
	} `json:"info"`
	Paths      map[string]map[string]*Operation `json:"paths"` // by path, then by method in small letters
	Components struct {
		Schemas   map[string]*Schema        `json:"schemas"`
		Responses map[string]Response       `json:"responses"`
		Headers   map[string]Parameter      `json:"headers"`
		Security  map[string]SecurityScheme `json:"securitySchemes"`
	} `json:"components"`
	Tags []struct {
		Name        string `json:"name"`
		Description string `json:"description"`
	} `json:"tags"`
	Codes map[string]int `json:"x-codigos"` // statuses by code of error

	raw      any // the whole decoded document
	mu       sync.Mutex
	compiler *jsonschema.Compiler
	compiled map[string]*jsonschema.Schema // by the schema's JSON
}

// SecurityScheme is a security scheme: a way to prove the caller's identity.
type SecurityScheme struct {
	Type        string `json:"type"`
	Description string `json:"description"`
	Discovery   string `json:"openIdConnectUrl"`
	Audience    string `json:"x-audience"`
	// Scopes are the scopes that a client may ask for, each with a description.
	Scopes map[string]string `json:"x-scopes"`
}

// Operation is one operation.
type Operation struct {
	ID          string                 `json:"operationId"`
	Summary     string                 `json:"summary"`
	Description string                 `json:"description"`
	Tags        []string               `json:"tags"`
	Codes       map[string]int         `json:"x-codigos"` // statuses of the errors that the operation answers, by code
	Deprecated  bool                   `json:"deprecated"`
	Parameters  []Parameter            `json:"parameters"`
	Body        *Body                  `json:"requestBody"`
	Responses   map[string]Response    `json:"responses"`
	Security    []map[string]any       `json:"security"`
	Roles       []string               `json:"x-roles"`
	Permissions []string               `json:"x-permisos"`
	MaxBody     int64                  `json:"x-max-body-bytes"`
	Examples    map[string]ExampleMode `json:"x-ejemplos"`
}

// ExampleMode says how to run an example: the login of the caller, the examples to run before ("operation/name"), and
// the estado that the orders made by them must have reached.
type ExampleMode struct {
	As    string   `json:"como"`
	After []string `json:"despues"`
	When  string   `json:"cuando"`
}

// Parameter is a part of the path, of the query or of the header.
type Parameter struct {
	Ref         string             `json:"$ref"` // of a shared header; Read replaces it
	Name        string             `json:"name"`
	In          string             `json:"in"`
	Required    bool               `json:"required"`
	Description string             `json:"description"`
	Schema      *Schema            `json:"schema"`
	Example     any                `json:"example"`
	Examples    map[string]Example `json:"examples"`
}

// Body is the body of a request.
type Body struct {
	Required bool             `json:"required"`
	Content  map[string]Media `json:"content"`
}

// Response is one answer, by its status.
type Response struct {
	Ref         string               `json:"$ref"`
	Description string               `json:"description"`
	Content     map[string]Media     `json:"content"`
	Headers     map[string]Parameter `json:"headers"`
}

// Media is the form of a body under one content type.
type Media struct {
	Schema   *Schema            `json:"schema"`
	Examples map[string]Example `json:"examples"`
}

// Example is a named example.
type Example struct {
	Value json.RawMessage `json:"value"`
}

// Schema is a JSON Schema, with the members that this API's document uses.
type Schema struct {
	Ref              string             `json:"$ref"`
	Title            string             `json:"title"`
	Types            typeList           `json:"type"`
	Format           string             `json:"format"`
	Pattern          string             `json:"pattern"`
	Enum             []any              `json:"enum"`
	Properties       map[string]*Schema `json:"properties"`
	Required         []string           `json:"required"`
	Others           json.RawMessage    `json:"additionalProperties"` // false, true or a schema
	Items            *Schema            `json:"items"`
	Minimum          *float64           `json:"minimum"`
	Maximum          *float64           `json:"maximum"`
	ExclusiveMinimum *float64           `json:"exclusiveMinimum"`
	ExclusiveMaximum *float64           `json:"exclusiveMaximum"`
	MinLength        *float64           `json:"minLength"`
	MaxLength        *float64           `json:"maxLength"`
	MinItems         *float64           `json:"minItems"`
	MaxItems         *float64           `json:"maxItems"`
	UniqueItems      bool               `json:"uniqueItems"`
	OneOf            []*Schema          `json:"oneOf"`
	AnyOf            []*Schema          `json:"anyOf"`
	AllOf            []*Schema          `json:"allOf"`
	Default          any                `json:"default"`
	Examples         []any              `json:"examples"`
	Description      string             `json:"description"`
	Known            []any              `json:"x-extensible-enum"` // known values of a set that may grow

	raw json.RawMessage // the schema's own JSON
}

// UnmarshalJSON reads a schema and keeps its JSON.
func (e *Schema) UnmarshalJSON(b []byte) error {
	type plano Schema
	if err := json.Unmarshal(b, (*plano)(e)); err != nil {
		return err
	}
	e.raw = bytes.Clone(b)
	return nil
}

// typeList is a member that JSON writes as one word or as a list of words.
type typeList []string

// UnmarshalJSON reads a word or a list of words.
func (l *typeList) UnmarshalJSON(b []byte) error {
	var uno string
	if json.Unmarshal(b, &uno) == nil {
		*l = typeList{uno}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(l))
}

// ownParts maps the parts of a served document that differ between instances to their placeholders in a stored
// document.
var ownParts = map[*regexp.Regexp]string{
	regexp.MustCompile(`("openIdConnectUrl":\s*)"[^"]*"`): `${1}"https://emisor.example/` +
		`.well-known/openid-configuration"`,
	regexp.MustCompile(`("x-audience":\s*)"[^"]*"`): `${1}"https://api.example"`,
}

// Storable gives the document b as it is stored: with placeholders for the addresses of the instance's identity
// provider.
func Storable(b []byte) []byte {
	for que, por := range ownParts {
		b = que.ReplaceAll(b, []byte(por))
	}
	return b
}

// Read reads a document and resolves its shared answers and headers. Errors: a text that is no JSON, a member of
// another type.
func Read(b []byte) (*Document, error) {
	var d Document
	if err := json.Unmarshal(b, &d); err != nil {
		return nil, fmt.Errorf("contrato: %w", err)
	}
	if err := json.Unmarshal(b, &d.raw); err != nil {
		return nil, fmt.Errorf("contrato: %w", err)
	}
	for _, l := range d.Operations() {
		for estado, r := range l.Responses {
			if nombre, ok := strings.CutPrefix(r.Ref, "#/components/responses/"); ok {
				r = d.Components.Responses[nombre]
				l.Responses[estado] = r
			}
			for cabecera, c := range r.Headers {
				if nombre, ok := strings.CutPrefix(c.Ref, "#/components/headers/"); ok {
					r.Headers[cabecera] = d.Components.Headers[nombre]
				}
			}
		}
	}
	return &d, nil
}

// Place is an operation with its method and path.
type Place struct {
	Method, Path string // the method in capitals
	*Operation
}

// Operations lists all operations by path and method.
func (d *Document) Operations() []Place {
	var out []Place
	for _, ruta := range slices.Sorted(maps.Keys(d.Paths)) {
		for _, metodo := range slices.Sorted(maps.Keys(d.Paths[ruta])) {
			out = append(
				out,
				Place{
					Method:    strings.ToUpper(metodo),
					Path:      ruta,
					Operation: d.Paths[ruta][metodo],
				},
			)
		}
	}
	return out
}

// Find finds the operation of the method metodo and the path camino, which begins behind Prefijo; false when there
// is none. A word in a template goes before a parameter.
func (d *Document) Find(metodo, camino string) (Place, bool) {
	partes := strings.Split(camino, "/")
	var mejor Place
	for _, l := range d.Operations() { // "{" sorts after letters: words come first
		if mejor.Operation == nil && l.Method == metodo &&
			matches(strings.Split(l.Path, "/"), partes) {
			mejor = l
		}
	}
	return mejor, mejor.Operation != nil
}

func matches(plantilla, partes []string) bool {
	return slices.EqualFunc(plantilla, partes, func(p, x string) bool {
		return p == x || strings.HasPrefix(p, "{") && x != ""
	})
}

// IsStream reports whether the operation answers with a stream of events.
func (l Place) IsStream() bool { return strings.HasSuffix(l.Path, "/vivo") }

// LinesType is the content type of a list that is sent whole: a JSON document a line.
const LinesType = "application/x-ndjson"

// IsDownload reports whether the operation answers with a list that is sent whole.
func (l Place) IsDownload() bool {
	_, r := l.Success()
	_, ok := r.Content[LinesType]
	return ok
}

// IsPublic reports whether the operation takes calls without a token.
func (o *Operation) IsPublic() bool {
	return slices.ContainsFunc(o.Security, func(s map[string]any) bool { return len(s) == 0 })
}

// Success gives the lowest documented status of success and its answer; "" when none is documented.
func (o *Operation) Success() (string, Response) {
	for _, estado := range slices.Sorted(maps.Keys(o.Responses)) {
		if strings.HasPrefix(estado, "2") {
			return estado, o.Responses[estado]
		}
	}
	return "", Response{}
}

// Resolve follows the references of e to a schema; nil for a reference to a schema that does not exist.
func (d *Document) Resolve(schema *Schema) *Schema {
	for schema != nil && schema.Ref != "" {
		schema = d.Components.Schemas[strings.TrimPrefix(schema.Ref, "#/components/schemas/")]
	}
	return schema
}

// others reads additionalProperties: whether further members are allowed, and their schema (nil: any).
func (e *Schema) others() (bool, *Schema) {
	switch string(e.Others) {
	case "", "true":
		return true, nil
	case "false":
		return false, nil
	}
	var x Schema
	if err := json.Unmarshal(e.Others, &x); err != nil {
		return true, nil
	}
	return true, &x
}
