package httpapi_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"despensa/platform/httpapi"
	"despensa/platform/oidc"
)

// operacion gives the JSON of an operation of the document, as a client reads it.
func (b *banco) operacion(t *testing.T, ruta, metodo string) string {
	t.Helper()
	w := b.pedir(
		httptest.NewRequestWithContext(t.Context(), "GET", "/api/v1/openapi.json", nil),
	)
	var d struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	return string(d.Paths[ruta][metodo])
}

func TestEjemplosStandInTheDocument(t *testing.T) {
	b := nuevoBanco(t)
	httpapi.AddExamples(b.s.API(), map[string][]httpapi.Example{
		"crear": {
			{
				Summary:    "Bread",
				As:         "cliente1",
				Parameters: map[string]string{"Idempotency-Key": "k9"},
				Body:       map[string]any{"nombre": "pan", "cantidad": 2},
			},
			{Name: "otra", After: []string{"crear"}, When: "listo",
				Body: map[string]any{"nombre": "sal", "cantidad": 1}},
		},
		"ver": {{Parameters: map[string]string{"id": "a"}}},
	})
	crear := b.operacion(t, "/cosas", "post")
	for _, s := range []string{
		`"examples":{"ejemplo":{"summary":"Bread (as cliente1)","value":{"cantidad":2,"nombre":"pan"}},` +
			`"otra":{"value":{"cantidad":1,"nombre":"sal"}}}`,
		`"examples":{"ejemplo":{"summary":"Bread (as cliente1)","value":"k9"}}`,
		`"x-ejemplos":{"ejemplo":{"como":"cliente1"},"otra":{"cuando":"listo","despues":["crear"]}}`,
	} {
		if !strings.Contains(crear, s) {
			t.Errorf("lacks %s: %s", s, crear)
		}
	}
	if ver := b.operacion(t, "/cosas/{id}", "get"); !strings.Contains(
		ver,
		`"examples":{"ejemplo":{"value":"a"}}`,
	) {
		t.Error(ver)
	}
}

func TestEjemplosOfNothingPanic(t *testing.T) {
	tests := map[string]map[string][]httpapi.Example{
		"no such operation": {"nada": {{}}},
		"no such parameter": {"ver": {{Parameters: map[string]string{"otro": "a"}}}},
		"no body":           {"ver": {{Body: 1}}},
		"not JSON":          {"crear": {{Body: func() {}}}},
	}
	for nombre, m := range tests {
		t.Run(nombre, func(t *testing.T) {
			b := nuevoBanco(t)
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			httpapi.AddExamples(b.s.API(), m)
		})
	}
}

func TestHechaIsWhatTheKeyMakes(t *testing.T) {
	ctx := oidc.WithCaller(t.Context(), oidc.Principal{Sub: "dev|cliente1"})
	l, err := httpapi.WithKey{Clave: "k"}.Key(ctx, "pedidos", nil)
	if err != nil || l.ID != httpapi.DemoResourceID("cliente1", "pedidos", "k") {
		t.Errorf("%v %v", l, err)
	}
}

func TestObsoletaSaysSo(t *testing.T) {
	b := nuevoBanco(t)
	vieja := httpapi.Deprecated(operation("vieja", "GET /viejas"),
		time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC), "use GET /cosas.")
	httpapi.Register(b.s.API(), vieja, httpapi.Access{Roles: []string{"cliente"}},
		func(context.Context, *struct{}) (*hoja, error) { return &hoja{}, nil })
	const valor = "@1772323200" // 2026-03-01
	for status, cabeza := range map[int]string{200: comoCliente, 403: "Authorization: Bearer auditor"} {
		escenario{pide: "GET /api/v1/viejas", cabeza: []string{cabeza}, status: status,
			vuelve: []string{"Deprecation: " + valor}}.correr(t, b)
	}
	escenario{
		pide:   "GET /api/v1/cosas",
		status: 200,
		vuelve: []string{"Deprecation: "},
	}.correr(t, b)
	doc := b.operacion(t, "/viejas", "get")
	for _, s := range []string{
		`"deprecated":true`,
		`"Deprecated since 2026-03-01: use GET /cosas.\n\nWho may call: roles ` + "`cliente`" + `."`,
		`"headers":{"Deprecation":{`,
	} {
		if !strings.Contains(doc, s) {
			t.Errorf("lacks %s: %s", s, doc)
		}
	}
}
