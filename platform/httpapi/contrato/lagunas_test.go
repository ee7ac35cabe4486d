package contrato

import (
	"slices"
	"testing"
)

// completo is a small document in which nothing is left to guess.
const completo = `{
 "info": {"version": "1.0.0"}, "tags": [{"name": "cosas", "description": "d"}],
 "paths": {"/cosas": {"post": {"operationId": "crear", "summary": "s", "description": "d", "tags": ["cosas"], "x-permisos": ["crear:cosas"],
   "parameters": [{"name": "limite", "in": "query", "description": "d", "schema": {"type": "integer"}}],
   "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Nueva"}}}},
   "responses": {"201": {"description": "d", "headers": {"ETag": {"schema": {"type": "string", "description": "d"}}},
                         "content": {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Cosa"}}}}}}}}},
 "components": {"securitySchemes": {"oidc": {"type": "openIdConnect", "description": "d", "x-scopes": {"crear:cosas": "d"}}},
  "schemas": {
  "Nueva": {"type": "object", "additionalProperties": false, "properties": {"nombre": {"type": "string", "description": "d"}}},
  "Cosa": {"type": "object", "properties": {"id": {"type": "string", "description": "d"}, "libre": {"type": "object", "description": "d",
    "additionalProperties": true, "properties": {"x": {"type": "string", "description": "d"}}}}}}}}`

func TestLagunas(t *testing.T) {
	const op = "paths|/cosas|post"
	tests := map[string]struct {
		donde string
		valor any
		want  []string
	}{
		"nothing":                        {"", nil, nil},
		"operation":                      {op + "|description", "", []string{"operation crear has no description"}},
		"summary":                        {op + "|summary", "", []string{"operation crear has no summary"}},
		"tag unknown at the root":        {"tags", []any{}, []string{"tag cosas has no description"}},
		"no tag":                         {op + "|tags", []any{}, []string{"operation crear has no tag"}},
		"parameter":                      {op + "|parameters|0|description", "", []string{"crear query.limite has no description"}},
		"answer":                         {op + "|responses|201|description", "", []string{"crear 201 has no description"}},
		"header":                         {op + "|responses|201|headers|ETag|schema|description", "", []string{"crear 201 header ETag has no description"}},
		"member of a request":            {"components|schemas|Nueva|properties|nombre|description", "", []string{"#/components/schemas/Nueva.nombre has no description"}},
		"member of an answer":            {"components|schemas|Cosa|properties|id|description", "", []string{"#/components/schemas/Cosa.id has no description"}},
		"member of a member":             {"components|schemas|Cosa|properties|libre|properties|x|description", "", []string{"#/components/schemas/Cosa.libre.x has no description"}},
		"security scheme":                {"components|securitySchemes|oidc|description", "", []string{"security scheme oidc has no description"}},
		"scope":                          {op + "|x-permisos", []any{"otro"}, []string{"scope otro has no description"}},
		"closed answer":                  {"components|schemas|Cosa|additionalProperties", false, []string{"#/components/schemas/Cosa: an answer that is closed"}},
		"open request":                   {"components|schemas|Nueva|additionalProperties", fuera{}, []string{"#/components/schemas/Nueva: a request that is open"}},
		"request that takes what comes":  {"components|schemas|Nueva|additionalProperties", true, nil},
		"schema that is not there":       {"components|schemas|Nueva", fuera{}, []string{"#/components/schemas/Nueva is not there"}},
		"a schema that serves both ways": {"components|schemas|Cosa|properties|hija", objeto{"$ref": "#/components/schemas/Nueva", "description": "d"}, []string{"#/components/schemas/Nueva: an answer that is closed"}},
	}
	for nombre, x := range tests {
		t.Run(nombre, func(t *testing.T) {
			if hay := Lagunas(conEn(t, completo, x.donde, x.valor)); !slices.Equal(hay, x.want) {
				t.Errorf("%q, want %q", hay, x.want)
			}
		})
	}
}

func TestGuardableHidesTheInstance(t *testing.T) {
	const want = `{"openIdConnectUrl": "https://emisor.example/.well-known/openid-configuration","x-audience":"https://api.example","otro":"http://127.0.0.1:81/"}`
	hay := Guardable([]byte(`{"openIdConnectUrl": "http://127.0.0.1:81/dev/oidc/.well-known/openid-configuration","x-audience":"a","otro":"http://127.0.0.1:81/"}`))
	if string(hay) != want {
		t.Errorf("%s", hay)
	}
}
