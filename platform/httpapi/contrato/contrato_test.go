package contrato

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// base is a small API with one of everything.
const base = `{
 "info": {"version": "1.0.0"}, "x-codigos": {"cosa-ocupada": 409},
 "paths": {"/cosas": {
  "get": {"operationId": "listar", "security": [{}, {"bearer": []}],
   "parameters": [{"name": "limite", "in": "query", "schema": {"type": "integer", "maximum": 200, "default": 50}},
                  {"name": "estado", "in": "query", "schema": {"type": "string", "enum": ["uno", "dos"]}}],
   "responses": {"200": {"content": {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Cosa"}}}}},
                 "422": {"content": {"application/problem+json": {"schema": {"type": "object"}}}}}},
  "post": {"operationId": "crear", "security": [{"bearer": []}], "x-roles": ["admin", "operador"], "x-permisos": ["crear:cosas"], "x-max-body-bytes": 1000,
   "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Nueva"}}}},
   "responses": {"201": {"headers": {"Location": {"schema": {"type": "string"}}},
                         "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Cosa"}}}}}}}},
 "components": {"schemas": {
  "Cosa": {"type": "object", "additionalProperties": false, "required": ["id", "estado"], "properties": {
    "id": {"type": "string", "format": "uuid"}, "estado": {"type": "string", "enum": ["uno", "dos"]},
    "clase": {"type": "string", "x-extensible-enum": ["a", "b"]}, "abierta": {"type": "object", "properties": {"x": {"type": "integer"}}},
    "peso": {"type": "integer"}, "hija": {"$ref": "#/components/schemas/Cosa"},
    "suceso": {"oneOf": [{"type": "string", "enum": ["a"]}, {"type": "integer"}]}}},
  "Nueva": {"type": "object", "additionalProperties": false, "required": ["nombre"], "properties": {
    "nombre": {"type": "string", "minLength": 1, "maxLength": 20}, "clase": {"type": "string", "enum": ["x", "y"]},
    "peso": {"type": "number", "minimum": 0, "maximum": 10}, "nota": {"type": "string"},
    "lineas": {"type": "array", "maxItems": 5, "items": {"type": "integer"}},
    "libre": {"type": "object"}}}}}}`

// fuera removes what a change names.
type fuera struct{}

// cambiar sets what lies under a path of names and numbers between bars.
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

func con(t *testing.T, donde string, valor any) *Documento {
	t.Helper()
	return conEn(t, base, donde, valor)
}

// conEn is a document with one change.
func conEn(t *testing.T, documento, donde string, valor any) *Documento {
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
	d, err := Leer(b)
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
		"nothing": {"", nil, ""},

		"operation removed":          {crea, fuera{}, "POST /cosas: removed"},
		"path removed":               {"paths|/cosas", fuera{}, "GET /cosas: removed"},
		"operationId":                {lee + "|operationId", "otra", "GET /cosas: operationId otra was listar"},
		"success status removed":     {crea + "|responses", objeto{"200": objeto{}}, "POST /cosas: status 201 removed"},
		"error status removed":       {lee + "|responses|422", fuera{}, "GET /cosas: status 422 removed"},
		"content type of an answer":  {lee + "|responses|422|content", objeto{"text/plain": objeto{}}, "GET /cosas 422: application/problem+json removed"},
		"header of an answer":        {crea + "|responses|201|headers", fuera{}, "POST /cosas 201: header Location removed"},
		"token asked for":            {lee + "|security", []any{objeto{"bearer": []any{}}}, "GET /cosas: a token is asked for"},
		"role removed":               {crea + "|x-roles", []any{"admin"}, "POST /cosas: role operador removed"},
		"scope removed":              {crea + "|x-permisos", fuera{}, "POST /cosas: scope crear:cosas removed"},
		"smaller bodies":             {crea + "|x-max-body-bytes", 999, "POST /cosas body: at most 999 bytes, 1000 before"},
		"error code removed":         {"x-codigos", objeto{}, "error cosa-ocupada: removed"},
		"error code's status":        {"x-codigos|cosa-ocupada", 412, "error cosa-ocupada: status 412 was 409"},
		"parameter removed":          {lee + "|parameters", []any{objeto{"name": "limite", "in": "query", "schema": objeto{"type": "integer", "default": 50}}}, "GET /cosas query.estado: removed"},
		"parameter required":         {lee + "|parameters|0|required", true, "GET /cosas query.limite: required now"},
		"required parameter added":   {crea + "|parameters", []any{objeto{"name": "X", "in": "header", "required": true}}, "POST /cosas header.X: added and required"},
		"parameter's maximum":        {lee + "|parameters|0|schema|maximum", 100, "GET /cosas query.limite: maximum 100, before 200"},
		"parameter's minimum":        {lee + "|parameters|0|schema|minimum", 1, "GET /cosas query.limite: minimum 1, before none"},
		"parameter's default":        {lee + "|parameters|0|schema|default", 20, "GET /cosas query.limite: default 20 was 50"},
		"parameter's value removed":  {lee + "|parameters|1|schema|enum", []any{"uno"}, "GET /cosas query.estado: value dos removed"},
		"body removed":               {crea + "|requestBody", fuera{}, "POST /cosas body: removed"},
		"body required":              {crea + "|requestBody|required", true, "POST /cosas body: required now"},
		"body added and required":    {lee + "|requestBody", objeto{"required": true}, "GET /cosas body: added and required"},
		"content type of a request":  {crea + "|requestBody|content", objeto{"text/csv": objeto{}}, "POST /cosas body: application/json removed"},
		"member required":            {nueva + "|required", []any{"nombre", "nota"}, "POST /cosas body.nota: required now"},
		"member of a body removed":   {nueva + "|properties|nota", fuera{}, "POST /cosas body.nota: removed"},
		"type of a member":           {nueva + "|properties|nota|type", "integer", "POST /cosas body.nota: type [integer] was [string]"},
		"number to integer":          {nueva + "|properties|peso|type", "integer", "POST /cosas body.peso: type [integer] was [number]"},
		"higher minimum":             {nueva + "|properties|peso|minimum", 1, "POST /cosas body.peso: minimum 1, before 0"},
		"lower maximum":              {nueva + "|properties|peso|maximum", 9, "POST /cosas body.peso: maximum 9, before 10"},
		"exclusive maximum":          {nueva + "|properties|peso|exclusiveMaximum", 10, "POST /cosas body.peso: exclusiveMaximum 10, before none"},
		"longer at least":            {nueva + "|properties|nombre|minLength", 2, "POST /cosas body.nombre: minLength 2, before 1"},
		"shorter at most":            {nueva + "|properties|nombre|maxLength", 19, "POST /cosas body.nombre: maxLength 19, before 20"},
		"fewer items":                {nueva + "|properties|lineas|maxItems", 4, "POST /cosas body.lineas: maxItems 4, before 5"},
		"unique items":               {nueva + "|properties|lineas|uniqueItems", true, "POST /cosas body.lineas: repeated items are refused now"},
		"type of items":              {nueva + "|properties|lineas|items|type", "string", "POST /cosas body.lineas[]: type [string] was [integer]"},
		"pattern":                    {nueva + "|properties|nota|pattern", "^a$", `POST /cosas body.nota: pattern "^a$", before ""`},
		"format":                     {nueva + "|properties|nota|format", "date", `POST /cosas body.nota: format "date", before ""`},
		"values of a member limited": {nueva + "|properties|nota|enum", []any{"x"}, "POST /cosas body.nota: only some values are taken now"},
		"value of a request removed": {nueva + "|properties|clase|enum", []any{"x"}, "POST /cosas body.clase: value y removed"},
		"further members refused":    {nueva + "|properties|libre|additionalProperties", false, "POST /cosas body.libre: further members are refused now"},
		"further members of a form":  {nueva + "|properties|libre|additionalProperties", objeto{"type": "string"}, "POST /cosas body.libre.*: another schema"},
		"member of an answer":        {cosa + "|properties|peso", fuera{}, "GET /cosas 200[].peso: removed"},
		"member of an answer absent": {cosa + "|required", []any{"id"}, "GET /cosas 200[].estado: may be absent now"},
		"type in an answer":          {cosa + "|properties|peso|type", "number", "GET /cosas 200[].peso: type [number] was [integer]"},
		"null in an answer":          {cosa + "|properties|peso|type", []any{"integer", "null"}, "GET /cosas 200[].peso: type [integer null] was [integer]"},
		"format in an answer":        {cosa + "|properties|id|format", fuera{}, `GET /cosas 200[].id: format "" was "uuid"`},
		"value of an answer removed": {cosa + "|properties|estado|enum", []any{"uno"}, "GET /cosas 200[].estado: value dos removed"},
		"value of an answer added":   {cosa + "|properties|estado|enum", []any{"uno", "dos", "tres"}, "GET /cosas 200[].estado: value tres added to a closed set"},
		"set of an answer opened":    {cosa + "|properties|estado", objeto{"type": "string", "x-extensible-enum": []any{"uno", "dos"}}, "GET /cosas 200[].estado: its closed set of values may grow now"},
		"set of an answer forgotten": {cosa + "|properties|estado", objeto{"type": "string"}, "GET /cosas 200[].estado: its closed set of values may grow now"},
		"growing set loses a value":  {cosa + "|properties|clase|x-extensible-enum", []any{"b"}, "GET /cosas 200[].clase: value a removed"},
		"answer closed":              {cosa + "|properties|abierta|additionalProperties", false, "GET /cosas 200[].abierta: closed now: no member could be added any more"},
		"alternative removed":        {cosa + "|properties|suceso|oneOf", []any{objeto{"type": "integer"}}, "GET /cosas 200[].suceso: alternative 1  removed or changed"},

		"path added":                 {"paths|/otras", objeto{"get": objeto{"operationId": "otras"}}, ""},
		"method added":               {"paths|/cosas|delete", objeto{"operationId": "borrar"}, ""},
		"status added":               {lee + "|responses|404", objeto{}, ""},
		"parameter added":            {crea + "|parameters", []any{objeto{"name": "X", "in": "header", "schema": objeto{"type": "string"}}}, ""},
		"role added":                 {crea + "|x-roles", []any{"operador", "cliente", "admin"}, ""},
		"open to all":                {crea + "|security", []any{objeto{}}, ""},
		"error code added":           {"x-codigos|otro", 404, ""},
		"optional member added":      {nueva + "|properties|mas", objeto{"type": "string"}, ""},
		"not required any more":      {nueva + "|required", []any{}, ""},
		"integer to number":          {nueva + "|properties|lineas|items|type", "number", ""},
		"longer at most":             {nueva + "|properties|nombre|maxLength", 30, ""},
		"no limit any more":          {nueva + "|properties|nombre|maxLength", fuera{}, ""},
		"value of a request added":   {nueva + "|properties|clase|enum", []any{"y", "x", "z"}, ""},
		"null taken too":             {nueva + "|properties|nota|type", []any{"string", "null"}, ""},
		"further members taken":      {nueva + "|additionalProperties", true, ""},
		"larger bodies":              {crea + "|x-max-body-bytes", 2000, ""},
		"member of an answer added":  {cosa + "|properties|mas", objeto{"type": "string"}, ""},
		"always there now":           {cosa + "|required", []any{"id", "estado", "peso"}, ""},
		"described":                  {nueva + "|properties|nota", objeto{"type": "string", "description": "d"}, ""},
		"answer opened":              {cosa + "|additionalProperties", fuera{}, ""},
		"answer said to be open":     {cosa + "|additionalProperties", true, ""},
		"value of a growing set":     {cosa + "|properties|clase|x-extensible-enum", []any{"a", "b", "c"}, ""},
		"growing set closed":         {cosa + "|properties|clase", objeto{"type": "string", "enum": []any{"a", "b"}}, ""},
		"an item among alternatives": {nueva + "|properties|lineas|items", objeto{"anyOf": []any{objeto{"type": "integer"}, objeto{}}}, ""},
		"an item among others": {nueva + "|properties|lineas|items", objeto{"anyOf": []any{objeto{"type": "integer", "minimum": 1}}},
			"POST /cosas body.lineas[]: taken by none of the alternatives"},
		"alternative added":         {cosa + "|properties|suceso|oneOf", []any{objeto{"type": "boolean"}, objeto{"type": "string", "enum": []any{"a"}}, objeto{"type": "integer"}}, ""},
		"deprecated":                {lee + "|deprecated", true, ""},
		"another title and version": {"info|version", "1.1.0", ""},
	}
	for nombre, x := range tests {
		t.Run(nombre, func(t *testing.T) {
			hay := Comparar(con(t, "", nil), con(t, x.donde, x.valor))
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
		"right":           {`{"nombre":"pan","clase":"x","peso":10,"lineas":[1,2.0],"libre":{"a":null}}`, ""},
		"not JSON":        {`{`, "not JSON"},
		"not an object":   {`[]`, "$: got array, want object"},
		"member missing":  {`{}`, "$: missing property 'nombre'"},
		"member unknown":  {`{"nombre":"pan","x":1}`, "$: additional properties 'x' not allowed"},
		"too long":        {`{"nombre":"ññññññññññññññññññññ1"}`, "$/nombre: maxLength: got 21"},
		"just long":       {`{"nombre":"ñññññññññññññññññññ1"}`, ""},
		"not of the enum": {`{"nombre":"p","clase":"z"}`, "$/clase: value must be one of"},
		"too much":        {`{"nombre":"p","peso":11}`, "$/peso: maximum: got 11"},
		"fraction":        {`{"nombre":"p","lineas":[1,1.5]}`, "$/lineas/1: got number, want integer"},
		"too many":        {`{"nombre":"p","lineas":[1,2,3,4,5,6]}`, "$/lineas: maxItems: got 6"},
		"null":            {`{"nombre":null}`, "$/nombre: got null, want string"},
	}
	d := con(t, "", nil)
	for nombre, x := range tests {
		t.Run(nombre, func(t *testing.T) {
			hay := strings.Join(d.Validar(&Esquema{Ref: esquema}, []byte(x.valor)), "; ")
			if (x.want == "") != (hay == "") || !strings.Contains(hay, x.want) {
				t.Errorf("%q, want %q", hay, x.want)
			}
		})
	}
	abierto := &Esquema{Ref: "#/components/schemas/Abierto"}
	d = con(t, "components|schemas|Abierto", objeto{"type": "object", "properties": objeto{"a": objeto{"type": "integer"}, "libre": objeto{
		"type": "object", "properties": objeto{"b": objeto{"type": "integer"}}, "additionalProperties": true}}})
	for valor, want := range map[string]string{
		`{"a":1}`:                   "",
		`{"a":1,"c":2}`:             "additional properties 'c' not allowed", // open for later releases, not for this one
		`{"libre":{"b":1,"c":"x"}}`: "",
	} {
		if hay := strings.Join(d.Validar(abierto, []byte(valor)), "; "); (want == "") != (hay == "") || !strings.Contains(hay, want) {
			t.Errorf("%s: %q, want %q", valor, hay, want)
		}
	}
	for valor, bueno := range map[string]bool{
		`{"id":"e3e70682-c209-1cac-a29f-6fbed82c07cd","estado":"uno","suceso":"a"}`: true,
		`{"id":"E3","estado":"uno"}`: false,
		`{"id":"e3e70682-c209-1cac-a29f-6fbed82c07cd","estado":"uno","suceso":"b"}`: false,
		`{"id":"e3e70682-c209-1cac-a29f-6fbed82c07cd","estado":"uno","hija":{}}`:    false,
	} {
		if hay := d.Validar(&Esquema{Ref: "#/components/schemas/Cosa"}, []byte(valor)); (len(hay) == 0) != bueno {
			t.Errorf("%s: %q", valor, hay)
		}
	}
}
