package contrato

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// base is a small API with each kind of member that Compare reads.
const base = `{
 "info": {"version": "1.0.0"}, "x-codigos": {"cosa-ocupada": 409},
 "paths": {"/cosas": {
  "get": {"operationId": "listar", "security": [{}, {"bearer": []}],
   "parameters": [{"name": "limite", "in": "query", "schema": {"type": "integer", "maximum": 200, "default": 50}},
                  {"name": "estado", "in": "query", "schema": {"type": "string", "enum": ["uno", "dos"]}}],
   "responses": {"200": {"content": {"application/json": {"schema":
                         {"type": "array", "items": {"$ref": "#/components/schemas/Cosa"}}}}},
                 "422": {"content": {"application/problem+json": {"schema": {"type": "object"}}}}}},
  "post": {"operationId": "crear", "security": [{"bearer": []}], "x-roles": ["admin", "operador"],
   "x-permisos": ["crear:cosas"], "x-max-body-bytes": 1000,
   "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Nueva"}}}},
   "responses": {"201": {"headers": {"Location": {"schema": {"type": "string"}}},
                         "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Cosa"}}}}}}}},
 "components": {"schemas": {
  "Cosa": {"type": "object", "additionalProperties": false, "required": ["id", "estado"], "properties": {
    "id": {"type": "string", "format": "uuid"}, "estado": {"type": "string", "enum": ["uno", "dos"]},
    "clase": {"type": "string", "x-extensible-enum": ["a", "b"]},
    "abierta": {"type": "object", "properties": {"x": {"type": "integer"}}},
    "peso": {"type": "integer"}, "hija": {"$ref": "#/components/schemas/Cosa"},
    "suceso": {"oneOf": [{"type": "string", "enum": ["a"]}, {"type": "integer"}]}}},
  "Nueva": {"type": "object", "additionalProperties": false, "required": ["nombre"], "properties": {
    "nombre": {"type": "string", "minLength": 1, "maxLength": 20}, "clase": {"type": "string", "enum": ["x", "y"]},
    "peso": {"type": "number", "minimum": 0, "maximum": 10}, "nota": {"type": "string"},
    "lineas": {"type": "array", "maxItems": 5, "items": {"type": "integer"}},
    "libre": {"type": "object"}}}}}}`

// fuera as the value of a change removes the member at its path.
type fuera struct{}

// cambiar sets the member of doc at the path donde, which is names and numbers between bars, to valor; fuera removes
// it.
func cambiar(t *testing.T, doc any, donde string, valor any) {
	t.Helper()
	paso, resto, sigue := strings.Cut(donde, "|")
	switch x := doc.(type) {
	case map[string]any:
		if sigue {
			cambiar(t, x[paso], resto, valor)
		} else if _, quita := valor.(fuera); quita {
			delete(x, paso)
		} else {
			x[paso] = valor
		}
	case []any:
		i, err := strconv.Atoi(paso)
		if err != nil || !sigue {
			t.Fatalf("%s: not a place", donde)
		}
		cambiar(t, x[i], resto, valor)
	default:
		t.Fatalf("%s: nothing there", donde)
	}
}

func con(t *testing.T, donde string, valor any) *Document {
	t.Helper()
	return conEn(t, base, donde, valor)
}

// conEn gives documento with the member at donde set to valor.
func conEn(t *testing.T, documento, donde string, valor any) *Document {
	t.Helper()
	var crudo any
	if err := json.Unmarshal([]byte(documento), &crudo); err != nil {
		t.Fatal(err)
	}
	if donde != "" {
		cambiar(t, crudo, donde, valor)
	}
	b, err := json.Marshal(crudo)
	if err != nil {
		t.Fatal(err)
	}
	d, err := Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

type objeto = map[string]any

const (
	lee   = "paths|/cosas|get"
	crea  = "paths|/cosas|post"
	cosa  = "components|schemas|Cosa"
	nueva = "components|schemas|Nueva"
)

func TestCompararFindsWhatBreaks(t *testing.T) {
	tests := map[string]struct {
		donde string
		valor any
		want  string // the only thing that is found; "": nothing breaks
	}{
		"nothing": {},

		"operation removed": {donde: crea, valor: fuera{}, want: "POST /cosas: removed"},
		"path removed": {
			donde: "paths|/cosas",
			valor: fuera{},
			want:  "GET /cosas: removed",
		},
		"operationId": {donde: lee + "|operationId", valor: "otra",
			want: "GET /cosas: operationId otra was listar"},
		"success status removed": {donde: crea + "|responses", valor: objeto{"200": objeto{}},
			want: "POST /cosas: status 201 removed"},
		"error status removed": {donde: lee + "|responses|422", valor: fuera{},
			want: "GET /cosas: status 422 removed"},
		"content type of an answer": {
			donde: lee + "|responses|422|content",
			valor: objeto{"text/plain": objeto{}},
			want:  "GET /cosas 422: application/problem+json removed",
		},
		"header of an answer": {donde: crea + "|responses|201|headers", valor: fuera{},
			want: "POST /cosas 201: header Location removed"},
		"token asked for": {donde: lee + "|security", valor: []any{objeto{"bearer": []any{}}},
			want: "GET /cosas: a token is asked for"},
		"role removed": {donde: crea + "|x-roles", valor: []any{"admin"},
			want: "POST /cosas: role operador removed"},
		"scope removed": {donde: crea + "|x-permisos", valor: fuera{},
			want: "POST /cosas: scope crear:cosas removed"},
		"smaller bodies": {donde: crea + "|x-max-body-bytes", valor: 999,
			want: "POST /cosas body: at most 999 bytes, 1000 before"},
		"error code removed": {
			donde: "x-codigos",
			valor: objeto{},
			want:  "error cosa-ocupada: removed",
		},
		"error code's status": {donde: "x-codigos|cosa-ocupada", valor: 412,
			want: "error cosa-ocupada: status 412 was 409"},
		"parameter removed": {donde: lee + "|parameters",
			valor: []any{
				objeto{
					"name":   "limite",
					"in":     "query",
					"schema": objeto{"type": "integer", "default": 50},
				},
			},
			want: "GET /cosas query.estado: removed"},
		"parameter required": {donde: lee + "|parameters|0|required", valor: true,
			want: "GET /cosas query.limite: required now"},
		"required parameter added": {donde: crea + "|parameters",
			valor: []any{objeto{"name": "X", "in": "header", "required": true}},
			want:  "POST /cosas header.X: added and required"},
		"parameter's maximum": {donde: lee + "|parameters|0|schema|maximum", valor: 100,
			want: "GET /cosas query.limite: maximum 100, before 200"},
		"parameter's minimum": {donde: lee + "|parameters|0|schema|minimum", valor: 1,
			want: "GET /cosas query.limite: minimum 1, before none"},
		"parameter's default": {donde: lee + "|parameters|0|schema|default", valor: 20,
			want: "GET /cosas query.limite: default 20 was 50"},
		"parameter's value removed": {
			donde: lee + "|parameters|1|schema|enum",
			valor: []any{"uno"},
			want:  "GET /cosas query.estado: value dos removed",
		},
		"body removed": {
			donde: crea + "|requestBody",
			valor: fuera{},
			want:  "POST /cosas body: removed",
		},
		"body required": {donde: crea + "|requestBody|required", valor: true,
			want: "POST /cosas body: required now"},
		"body added and required": {
			donde: lee + "|requestBody",
			valor: objeto{"required": true},
			want:  "GET /cosas body: added and required",
		},
		"content type of a request": {
			donde: crea + "|requestBody|content",
			valor: objeto{"text/csv": objeto{}},
			want:  "POST /cosas body: application/json removed",
		},
		"member required": {donde: nueva + "|required", valor: []any{"nombre", "nota"},
			want: "POST /cosas body.nota: required now"},
		"member of a body removed": {donde: nueva + "|properties|nota", valor: fuera{},
			want: "POST /cosas body.nota: removed"},
		"type of a member": {donde: nueva + "|properties|nota|type", valor: "integer",
			want: "POST /cosas body.nota: type [integer] was [string]"},
		"number to integer": {donde: nueva + "|properties|peso|type", valor: "integer",
			want: "POST /cosas body.peso: type [integer] was [number]"},
		"higher minimum": {donde: nueva + "|properties|peso|minimum", valor: 1,
			want: "POST /cosas body.peso: minimum 1, before 0"},
		"lower maximum": {donde: nueva + "|properties|peso|maximum", valor: 9,
			want: "POST /cosas body.peso: maximum 9, before 10"},
		"exclusive maximum": {donde: nueva + "|properties|peso|exclusiveMaximum", valor: 10,
			want: "POST /cosas body.peso: exclusiveMaximum 10, before none"},
		"longer at least": {donde: nueva + "|properties|nombre|minLength", valor: 2,
			want: "POST /cosas body.nombre: minLength 2, before 1"},
		"shorter at most": {donde: nueva + "|properties|nombre|maxLength", valor: 19,
			want: "POST /cosas body.nombre: maxLength 19, before 20"},
		"fewer items": {donde: nueva + "|properties|lineas|maxItems", valor: 4,
			want: "POST /cosas body.lineas: maxItems 4, before 5"},
		"unique items": {donde: nueva + "|properties|lineas|uniqueItems", valor: true,
			want: "POST /cosas body.lineas: repeated items are refused now"},
		"type of items": {donde: nueva + "|properties|lineas|items|type", valor: "string",
			want: "POST /cosas body.lineas[]: type [string] was [integer]"},
		"pattern": {donde: nueva + "|properties|nota|pattern", valor: "^a$",
			want: `POST /cosas body.nota: pattern "^a$", before ""`},
		"format": {donde: nueva + "|properties|nota|format", valor: "date",
			want: `POST /cosas body.nota: format "date", before ""`},
		"values of a member limited": {
			donde: nueva + "|properties|nota|enum",
			valor: []any{"x"},
			want:  "POST /cosas body.nota: only some values are taken now",
		},
		"value of a request removed": {
			donde: nueva + "|properties|clase|enum",
			valor: []any{"x"},
			want:  "POST /cosas body.clase: value y removed",
		},
		"further members refused": {
			donde: nueva + "|properties|libre|additionalProperties",
			valor: false,
			want:  "POST /cosas body.libre: further members are refused now",
		},
		"further members of a form": {donde: nueva + "|properties|libre|additionalProperties",
			valor: objeto{"type": "string"}, want: "POST /cosas body.libre.*: another schema"},
		"member of an answer": {donde: cosa + "|properties|peso", valor: fuera{},
			want: "GET /cosas 200[].peso: removed"},
		"member of an answer absent": {donde: cosa + "|required", valor: []any{"id"},
			want: "GET /cosas 200[].estado: may be absent now"},
		"type in an answer": {donde: cosa + "|properties|peso|type", valor: "number",
			want: "GET /cosas 200[].peso: type [number] was [integer]"},
		"null in an answer": {
			donde: cosa + "|properties|peso|type",
			valor: []any{"integer", "null"},
			want:  "GET /cosas 200[].peso: type [integer null] was [integer]",
		},
		"format in an answer": {donde: cosa + "|properties|id|format", valor: fuera{},
			want: `GET /cosas 200[].id: format "" was "uuid"`},
		"value of an answer removed": {
			donde: cosa + "|properties|estado|enum",
			valor: []any{"uno"},
			want:  "GET /cosas 200[].estado: value dos removed",
		},
		"value of an answer added": {
			donde: cosa + "|properties|estado|enum",
			valor: []any{"uno", "dos", "tres"},
			want:  "GET /cosas 200[].estado: value tres added to a closed set",
		},
		"set of an answer opened": {donde: cosa + "|properties|estado",
			valor: objeto{"type": "string", "x-extensible-enum": []any{"uno", "dos"}},
			want:  "GET /cosas 200[].estado: its closed set of values may grow now"},
		"set of an answer forgotten": {
			donde: cosa + "|properties|estado",
			valor: objeto{"type": "string"},
			want:  "GET /cosas 200[].estado: its closed set of values may grow now",
		},
		"growing set loses a value": {
			donde: cosa + "|properties|clase|x-extensible-enum",
			valor: []any{"b"},
			want:  "GET /cosas 200[].clase: value a removed",
		},
		"answer closed": {
			donde: cosa + "|properties|abierta|additionalProperties",
			valor: false,
			want:  "GET /cosas 200[].abierta: closed now: no member could be added any more",
		},
		"alternative removed": {
			donde: cosa + "|properties|suceso|oneOf",
			valor: []any{objeto{"type": "integer"}},
			want:  "GET /cosas 200[].suceso: alternative 1  removed or changed",
		},

		"path added": {
			donde: "paths|/otras",
			valor: objeto{"get": objeto{"operationId": "otras"}},
		},
		"method added": {donde: "paths|/cosas|delete", valor: objeto{"operationId": "borrar"}},
		"status added": {donde: lee + "|responses|404", valor: objeto{}},
		"parameter added": {donde: crea + "|parameters",
			valor: []any{
				objeto{"name": "X", "in": "header", "schema": objeto{"type": "string"}},
			}},
		"role added": {
			donde: crea + "|x-roles",
			valor: []any{"operador", "cliente", "admin"},
		},
		"open to all":      {donde: crea + "|security", valor: []any{objeto{}}},
		"error code added": {donde: "x-codigos|otro", valor: 404},
		"optional member added": {
			donde: nueva + "|properties|mas",
			valor: objeto{"type": "string"},
		},
		"not required any more": {donde: nueva + "|required", valor: []any{}},
		"integer to number": {
			donde: nueva + "|properties|lineas|items|type",
			valor: "number",
		},
		"longer at most": {donde: nueva + "|properties|nombre|maxLength", valor: 30},
		"no limit any more": {
			donde: nueva + "|properties|nombre|maxLength",
			valor: fuera{},
		},
		"value of a request added": {
			donde: nueva + "|properties|clase|enum",
			valor: []any{"y", "x", "z"},
		},
		"null taken too": {
			donde: nueva + "|properties|nota|type",
			valor: []any{"string", "null"},
		},
		"further members taken": {donde: nueva + "|additionalProperties", valor: true},
		"larger bodies":         {donde: crea + "|x-max-body-bytes", valor: 2000},
		"member of an answer added": {
			donde: cosa + "|properties|mas",
			valor: objeto{"type": "string"},
		},
		"always there now": {
			donde: cosa + "|required",
			valor: []any{"id", "estado", "peso"},
		},
		"described": {donde: nueva + "|properties|nota",
			valor: objeto{"type": "string", "description": "d"}},
		"answer opened":          {donde: cosa + "|additionalProperties", valor: fuera{}},
		"answer said to be open": {donde: cosa + "|additionalProperties", valor: true},
		"value of a growing set": {
			donde: cosa + "|properties|clase|x-extensible-enum",
			valor: []any{"a", "b", "c"},
		},
		"growing set closed": {donde: cosa + "|properties|clase",
			valor: objeto{"type": "string", "enum": []any{"a", "b"}}},
		"an item among alternatives": {donde: nueva + "|properties|lineas|items",
			valor: objeto{"anyOf": []any{objeto{"type": "integer"}, objeto{}}}},
		"an item among others": {donde: nueva + "|properties|lineas|items",
			valor: objeto{"anyOf": []any{objeto{"type": "integer", "minimum": 1}}},
			want:  "POST /cosas body.lineas[]: taken by none of the alternatives"},
		"alternative added": {donde: cosa + "|properties|suceso|oneOf",
			valor: []any{
				objeto{"type": "boolean"},
				objeto{"type": "string", "enum": []any{"a"}},
				objeto{"type": "integer"},
			}},
		"deprecated":                {donde: lee + "|deprecated", valor: true},
		"another title and version": {donde: "info|version", valor: "1.1.0"},
	}
	for nombre, x := range tests {
		t.Run(nombre, func(t *testing.T) {
			hay := Compare(con(t, "", nil), con(t, x.donde, x.valor))
			if x.want == "" && len(hay) > 0 || x.want != "" && !slices.Contains(hay, x.want) {
				t.Errorf("found %q, want %q", hay, x.want)
			}
			if len(hay) > 1 && nombre != "path removed" { // that one takes both operations away
				t.Errorf("found %q", hay)
			}
		})
	}
}

func TestValidar(t *testing.T) {
	const esquema = "#/components/schemas/Nueva"
	tests := map[string]struct{ valor, want string }{
		"right": {
			`{"nombre":"pan","clase":"x","peso":10,"lineas":[1,2.0],"libre":{"a":null}}`,
			"",
		},
		"not JSON":       {`{`, "not JSON"},
		"not an object":  {`[]`, "$: got array, want object"},
		"member missing": {`{}`, "$: missing property 'nombre'"},
		"member unknown": {
			`{"nombre":"pan","x":1}`,
			"$: additional properties 'x' not allowed",
		},
		"too long": {
			`{"nombre":"ññññññññññññññññññññ1"}`,
			"$/nombre: maxLength: got 21",
		},
		"just long":       {`{"nombre":"ñññññññññññññññññññ1"}`, ""},
		"not of the enum": {`{"nombre":"p","clase":"z"}`, "$/clase: value must be one of"},
		"too much":        {`{"nombre":"p","peso":11}`, "$/peso: maximum: got 11"},
		"fraction": {
			`{"nombre":"p","lineas":[1,1.5]}`,
			"$/lineas/1: got number, want integer",
		},
		"too many": {
			`{"nombre":"p","lineas":[1,2,3,4,5,6]}`,
			"$/lineas: maxItems: got 6",
		},
		"null": {`{"nombre":null}`, "$/nombre: got null, want string"},
	}
	d := con(t, "", nil)
	for nombre, x := range tests {
		t.Run(nombre, func(t *testing.T) {
			hay := strings.Join(d.Validate(&Schema{Ref: esquema}, []byte(x.valor)), "; ")
			if (x.want == "") != (hay == "") || !strings.Contains(hay, x.want) {
				t.Errorf("%q, want %q", hay, x.want)
			}
		})
	}
	abierto := &Schema{Ref: "#/components/schemas/Abierto"}
	d = con(
		t,
		"components|schemas|Abierto",
		objeto{
			"type": "object",
			"properties": objeto{"a": objeto{"type": "integer"}, "libre": objeto{
				"type": "object", "properties": objeto{"b": objeto{"type": "integer"}}, "additionalProperties": true}},
		},
	)
	for valor, want := range map[string]string{
		`{"a":1}`:                   "",
		`{"a":1,"c":2}`:             "additional properties 'c' not allowed", // open for later releases, not for this one
		`{"libre":{"b":1,"c":"x"}}`: "",
	} {
		if hay := strings.Join(d.Validate(abierto, []byte(valor)), "; "); (want == "") != (hay == "") ||
			!strings.Contains(hay, want) {
			t.Errorf("%s: %q, want %q", valor, hay, want)
		}
	}
	for valor, bueno := range map[string]bool{
		`{"id":"e3e70682-c209-1cac-a29f-6fbed82c07cd","estado":"uno","suceso":"a"}`: true,
		`{"id":"E3","estado":"uno"}`: false,
		`{"id":"e3e70682-c209-1cac-a29f-6fbed82c07cd","estado":"uno","suceso":"b"}`: false,
		`{"id":"e3e70682-c209-1cac-a29f-6fbed82c07cd","estado":"uno","hija":{}}`:    false,
	} {
		if hay := d.Validate(&Schema{Ref: "#/components/schemas/Cosa"}, []byte(valor)); (len(hay) == 0) != bueno {
			t.Errorf("%s: %q", valor, hay)
		}
	}
}
