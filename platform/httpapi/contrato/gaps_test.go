package contrato

import (
	"slices"
	"testing"
)

// completo is a small document without gaps.
const completo = `{
 "info": {"version": "1.0.0"}, "tags": [{"name": "cosas", "description": "d"}],
 "paths": {"/cosas": {"post": {"operationId": "crear", "summary": "s", "description": "d", "tags": ["cosas"],
   "x-permisos": ["crear:cosas"],
   "parameters": [{"name": "limite", "in": "query", "description": "d", "schema": {"type": "integer"}}],
   "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Nueva"}}}},
   "responses": {"201": {"description": "d", "headers": {"ETag": {"schema": {"type": "string", "description": "d"}}},
                         "content": {"application/json": {"schema":
                          {"type": "array", "items": {"$ref": "#/components/schemas/Cosa"}}}}}}}}},
 "components": {"securitySchemes": {"oidc": {"type": "openIdConnect", "description": "d",
                "x-scopes": {"crear:cosas": "d"}}},
  "schemas": {
  "Nueva": {"type": "object", "additionalProperties": false,
   "properties": {"nombre": {"type": "string", "description": "d"}}},
  "Cosa": {"type": "object", "properties": {"id": {"type": "string", "description": "d"},
    "libre": {"type": "object", "description": "d", "additionalProperties": true,
     "properties": {"x": {"type": "string", "description": "d"}}}}}}}}`

func TestLagunas(t *testing.T) {
	const op = "paths|/cosas|post"
	tests := map[string]struct {
		donde string
		valor any
		want  []string
	}{
		"nothing": {},
		"operation": {donde: op + "|description", valor: "",
			want: []string{"operation crear has no description"}},
		"summary": {
			donde: op + "|summary",
			valor: "",
			want:  []string{"operation crear has no summary"},
		},
		"tag unknown at the root": {
			donde: "tags",
			valor: []any{},
			want:  []string{"tag cosas has no description"},
		},
		"no tag": {donde: op + "|tags", valor: []any{},
			want: []string{"operation crear has no tag"}},
		"parameter": {donde: op + "|parameters|0|description", valor: "",
			want: []string{"crear query.limite has no description"}},
		"answer": {donde: op + "|responses|201|description", valor: "",
			want: []string{"crear 201 has no description"}},
		"header": {donde: op + "|responses|201|headers|ETag|schema|description", valor: "",
			want: []string{"crear 201 header ETag has no description"}},
		"member of a request": {
			donde: "components|schemas|Nueva|properties|nombre|description",
			valor: "",
			want:  []string{"#/components/schemas/Nueva.nombre has no description"},
		},
		"member of an answer": {
			donde: "components|schemas|Cosa|properties|id|description",
			valor: "",
			want:  []string{"#/components/schemas/Cosa.id has no description"},
		},
		"member of a member": {
			donde: "components|schemas|Cosa|properties|libre|properties|x|description",
			valor: "",
			want:  []string{"#/components/schemas/Cosa.libre.x has no description"},
		},
		"security scheme": {donde: "components|securitySchemes|oidc|description", valor: "",
			want: []string{"security scheme oidc has no description"}},
		"scope": {donde: op + "|x-permisos", valor: []any{"otro"},
			want: []string{"scope otro has no description"}},
		"closed answer": {donde: "components|schemas|Cosa|additionalProperties", valor: false,
			want: []string{"#/components/schemas/Cosa: an answer that is closed"}},
		"open request": {donde: "components|schemas|Nueva|additionalProperties", valor: fuera{},
			want: []string{"#/components/schemas/Nueva: a request that is open"}},
		"request that takes what comes": {
			donde: "components|schemas|Nueva|additionalProperties",
			valor: true,
		},
		"schema that is not there": {donde: "components|schemas|Nueva", valor: fuera{},
			want: []string{"#/components/schemas/Nueva is not there"}},
		"a schema that serves both ways": {donde: "components|schemas|Cosa|properties|hija",
			valor: objeto{"$ref": "#/components/schemas/Nueva", "description": "d"},
			want:  []string{"#/components/schemas/Nueva: an answer that is closed"}},
	}
	for nombre, x := range tests {
		t.Run(nombre, func(t *testing.T) {
			if hay := Gaps(conEn(t, completo, x.donde, x.valor)); !slices.Equal(hay, x.want) {
				t.Errorf("%q, want %q", hay, x.want)
			}
		})
	}
}

func TestGuardableHidesTheInstance(t *testing.T) {
	const (
		served = `{"openIdConnectUrl": "http://127.0.0.1:81/dev/oidc/.well-known/openid-configuration",` +
			`"x-audience":"a","otro":"http://127.0.0.1:81/"}`
		want = `{"openIdConnectUrl": "https://emisor.example/.well-known/openid-configuration",` +
			`"x-audience":"https://api.example","otro":"http://127.0.0.1:81/"}`
	)
	hay := Storable([]byte(served))
	if string(hay) != want {
		t.Errorf("%s", hay)
	}
}
