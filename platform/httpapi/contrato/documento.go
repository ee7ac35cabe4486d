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

// Documento is an OpenAPI document, with the members that this API's document uses.
type Documento struct {
	Info struct {
		Version string `json:"version"`
	} `json:"info"`
	Paths       map[string]map[string]*Operacion `json:"paths"` // by path, then by method in small letters
	Componentes struct {
		Esquemas   map[string]*Esquema  `json:"schemas"`
		Respuestas map[string]Respuesta `json:"responses"`
		Cabeceras  map[string]Parametro `json:"headers"`
		Seguridad  map[string]Via       `json:"securitySchemes"`
	} `json:"components"`
	Temas []struct {
		Nombre      string `json:"name"`
		Descripcion string `json:"description"`
	} `json:"tags"`
	Codigos map[string]int `json:"x-codigos"` // statuses by code of error

	crudo      any // the whole decoded document
	mu         sync.Mutex
	compilador *jsonschema.Compiler
	compilados map[string]*jsonschema.Schema // by the schema's JSON
}

// Via is a security scheme: a way to prove the caller's identity.
type Via struct {
	Tipo         string `json:"type"`
	Descripcion  string `json:"description"`
	Descubrir    string `json:"openIdConnectUrl"`
	Destinatario string `json:"x-audience"`
	// Alcances are the scopes that a client may ask for, each with a description.
	Alcances map[string]string `json:"x-scopes"`
}

// Operacion is one operation.
type Operacion struct {
	ID          string                 `json:"operationId"`
	Resumen     string                 `json:"summary"`
	Descripcion string                 `json:"description"`
	Temas       []string               `json:"tags"`
	Codigos     map[string]int         `json:"x-codigos"` // statuses of the errors that the operation answers, by code
	Obsoleta    bool                   `json:"deprecated"`
	Parametros  []Parametro            `json:"parameters"`
	Cuerpo      *Cuerpo                `json:"requestBody"`
	Respuestas  map[string]Respuesta   `json:"responses"`
	Seguridad   []map[string]any       `json:"security"`
	Roles       []string               `json:"x-roles"`
	Permisos    []string               `json:"x-permisos"`
	MaxCuerpo   int64                  `json:"x-max-body-bytes"`
	Muestras    map[string]ModoMuestra `json:"x-ejemplos"`
}

// ModoMuestra says how to run an example: the login of the caller, the examples to run before ("operation/name"), and
// the estado that the orders made by them must have reached.
type ModoMuestra struct {
	Como    string   `json:"como"`
	Despues []string `json:"despues"`
	Cuando  string   `json:"cuando"`
}

// Parametro is a part of the path, of the query or of the header.
type Parametro struct {
	Ref         string             `json:"$ref"` // of a shared header; Leer replaces it
	Nombre      string             `json:"name"`
	En          string             `json:"in"`
	Obligatorio bool               `json:"required"`
	Descripcion string             `json:"description"`
	Esquema     *Esquema           `json:"schema"`
	Ejemplo     any                `json:"example"`
	Ejemplos    map[string]Ejemplo `json:"examples"`
}

// Cuerpo is the body of a request.
type Cuerpo struct {
	Obligatorio bool             `json:"required"`
	Contenido   map[string]Medio `json:"content"`
}

// Respuesta is one answer, by its status.
type Respuesta struct {
	Ref         string               `json:"$ref"`
	Descripcion string               `json:"description"`
	Contenido   map[string]Medio     `json:"content"`
	Cabeceras   map[string]Parametro `json:"headers"`
}

// Medio is the form of a body under one content type.
type Medio struct {
	Esquema  *Esquema           `json:"schema"`
	Ejemplos map[string]Ejemplo `json:"examples"`
}

// Ejemplo is a named example.
type Ejemplo struct {
	Valor json.RawMessage `json:"value"`
}

// Esquema is a JSON Schema, with the members that this API's document uses.
type Esquema struct {
	Ref             string              `json:"$ref"`
	Titulo          string              `json:"title"`
	Tipos           lista               `json:"type"`
	Formato         string              `json:"format"`
	Patron          string              `json:"pattern"`
	Enum            []any               `json:"enum"`
	Propiedades     map[string]*Esquema `json:"properties"`
	Obligatorias    []string            `json:"required"`
	Otras           json.RawMessage     `json:"additionalProperties"` // false, true or a schema
	Items           *Esquema            `json:"items"`
	Minimo          *float64            `json:"minimum"`
	Maximo          *float64            `json:"maximum"`
	MinimoExclusivo *float64            `json:"exclusiveMinimum"`
	MaximoExclusivo *float64            `json:"exclusiveMaximum"`
	LargoMinimo     *float64            `json:"minLength"`
	LargoMaximo     *float64            `json:"maxLength"`
	ItemsMinimo     *float64            `json:"minItems"`
	ItemsMaximo     *float64            `json:"maxItems"`
	ItemsUnicos     bool                `json:"uniqueItems"`
	UnoDe           []*Esquema          `json:"oneOf"`
	AlgunoDe        []*Esquema          `json:"anyOf"`
	TodosDe         []*Esquema          `json:"allOf"`
	ValorPorOmision any                 `json:"default"`
	Ejemplos        []any               `json:"examples"`
	Descripcion     string              `json:"description"`
	Conocidos       []any               `json:"x-extensible-enum"` // known values of a set that may grow

	crudo json.RawMessage // the schema's own JSON
}

// UnmarshalJSON reads a schema and keeps its JSON.
func (e *Esquema) UnmarshalJSON(b []byte) error {
	type plano Esquema
	if err := json.Unmarshal(b, (*plano)(e)); err != nil {
		return err
	}
	e.crudo = bytes.Clone(b)
	return nil
}

// lista is a member that JSON writes as one word or as a list of words.
type lista []string

// UnmarshalJSON reads a word or a list of words.
func (l *lista) UnmarshalJSON(b []byte) error {
	var uno string
	if json.Unmarshal(b, &uno) == nil {
		*l = lista{uno}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(l))
}

// propio maps the parts of a served document that differ between instances to their placeholders in a stored
// document.
var propio = map[*regexp.Regexp]string{
	regexp.MustCompile(`("openIdConnectUrl":\s*)"[^"]*"`): `${1}"https://emisor.example/` +
		`.well-known/openid-configuration"`,
	regexp.MustCompile(`("x-audience":\s*)"[^"]*"`): `${1}"https://api.example"`,
}

// Guardable gives the document b as it is stored: with placeholders for the addresses of the instance's identity
// provider.
func Guardable(b []byte) []byte {
	for que, por := range propio {
		b = que.ReplaceAll(b, []byte(por))
	}
	return b
}

// Leer reads a document and resolves its shared answers and headers. Errors: a text that is no JSON, a member of
// another type.
func Leer(b []byte) (*Documento, error) {
	var d Documento
	if err := json.Unmarshal(b, &d); err != nil {
		return nil, fmt.Errorf("contrato: %w", err)
	}
	if err := json.Unmarshal(b, &d.crudo); err != nil {
		return nil, fmt.Errorf("contrato: %w", err)
	}
	for _, l := range d.Operaciones() {
		for estado, r := range l.Respuestas {
			if nombre, ok := strings.CutPrefix(r.Ref, "#/components/responses/"); ok {
				r = d.Componentes.Respuestas[nombre]
				l.Respuestas[estado] = r
			}
			for cabecera, c := range r.Cabeceras {
				if nombre, ok := strings.CutPrefix(c.Ref, "#/components/headers/"); ok {
					r.Cabeceras[cabecera] = d.Componentes.Cabeceras[nombre]
				}
			}
		}
	}
	return &d, nil
}

// Lugar is an operation with its method and path.
type Lugar struct {
	Metodo, Ruta string // the method in capitals
	*Operacion
}

// Operaciones lists all operations by path and method.
func (d *Documento) Operaciones() []Lugar {
	var out []Lugar
	for _, ruta := range slices.Sorted(maps.Keys(d.Paths)) {
		for _, metodo := range slices.Sorted(maps.Keys(d.Paths[ruta])) {
			out = append(out, Lugar{Metodo: strings.ToUpper(metodo), Ruta: ruta, Operacion: d.Paths[ruta][metodo]})
		}
	}
	return out
}

// Buscar finds the operation of the method metodo and the path camino, which begins behind Prefijo; false when there
// is none. A word in a template goes before a parameter.
func (d *Documento) Buscar(metodo, camino string) (Lugar, bool) {
	partes := strings.Split(camino, "/")
	var mejor Lugar
	for _, l := range d.Operaciones() { // "{" sorts after letters: words come first
		if mejor.Operacion == nil && l.Metodo == metodo && coincide(strings.Split(l.Ruta, "/"), partes) {
			mejor = l
		}
	}
	return mejor, mejor.Operacion != nil
}

func coincide(plantilla, partes []string) bool {
	return slices.EqualFunc(plantilla, partes, func(p, x string) bool {
		return p == x || strings.HasPrefix(p, "{") && x != ""
	})
}

// EsFlujo reports whether the operation answers with a stream of events.
func (l Lugar) EsFlujo() bool { return strings.HasSuffix(l.Ruta, "/vivo") }

// TipoLineas is the content type of a list that is sent whole: a JSON document a line.
const TipoLineas = "application/x-ndjson"

// EsDescarga reports whether the operation answers with a list that is sent whole.
func (l Lugar) EsDescarga() bool {
	_, r := l.Exito()
	_, ok := r.Contenido[TipoLineas]
	return ok
}

// Publica reports whether the operation takes calls without a token.
func (o *Operacion) Publica() bool {
	return slices.ContainsFunc(o.Seguridad, func(s map[string]any) bool { return len(s) == 0 })
}

// Exito gives the lowest documented status of success and its answer; "" when none is documented.
func (o *Operacion) Exito() (string, Respuesta) {
	for _, estado := range slices.Sorted(maps.Keys(o.Respuestas)) {
		if strings.HasPrefix(estado, "2") {
			return estado, o.Respuestas[estado]
		}
	}
	return "", Respuesta{}
}

// Resolver follows the references of e to a schema; nil for a reference to a schema that does not exist.
func (d *Documento) Resolver(e *Esquema) *Esquema {
	for e != nil && e.Ref != "" {
		e = d.Componentes.Esquemas[strings.TrimPrefix(e.Ref, "#/components/schemas/")]
	}
	return e
}

// otras reads additionalProperties: whether further members are allowed, and their schema (nil: any).
func (e *Esquema) otras() (bool, *Esquema) {
	switch string(e.Otras) {
	case "", "true":
		return true, nil
	case "false":
		return false, nil
	}
	var x Esquema
	if err := json.Unmarshal(e.Otras, &x); err != nil {
		return true, nil
	}
	return true, &x
}
