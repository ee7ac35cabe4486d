package httpapi_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"despensa/platform/fault"
	"despensa/platform/httpapi"
	"despensa/platform/httpapi/contrato"

	"github.com/danielgtaylor/huma/v2"
)

// mueble is a schema of both requests and answers of the operations under test.
type mueble struct {
	Nombre string `json:"nombre" doc:"Its name."`
	Cajon  cajon  `json:"cajon" doc:"Its drawer."`
}

type cajon struct {
	Ancho int64 `json:"ancho" doc:"In cm."`
}

type soloEnviado struct {
	Muebles []mueble `json:"muebles" doc:"All of them."`
}

type soloRespuesta struct {
	Clase  string   `json:"clase" crece:"silla,mesa" doc:"What it is."`
	Usos   []string `json:"usos" crece:"comer" doc:"What it is for."`
	Mueble mueble   `json:"mueble" doc:"The thing."`
	Lineas []mueble `json:"lineas" doc:"Its parts."`
}

type pideMuebles struct {
	httpapi.WithKey
	Body soloEnviado
}

type daMueble struct{ Body soloRespuesta }

type conPermitidos struct {
	Permitidos []string `json:"permitidos,omitempty" doc:"What may be done."`
}

var (
	errRoto   = fault.New(fault.Conflict, "mueble-roto", "It is broken: a < b > c & d.")
	errUsado  = fault.New(fault.Conflict, "mueble-usado", "It is in use.")
	errLleno  = fault.New(fault.Invalid, "mueble-lleno", "It is full.")
	muebleria = []*fault.Error{errRoto, errUsado, errLleno}
)

// mueblero registers two operations. The schema of the first one's request is also that of its answer.
func mueblero(api huma.API) {
	httpapi.AddTag(api, "muebles", "Furniture.")
	httpapi.Register(
		api,
		huma.Operation{OperationID: "armar", Method: "POST", Path: "/muebles", Summary: "Build",
			Tags: []string{"muebles"}},
		httpapi.Access{Roles: []string{"cliente"}, Permissions: []string{"crear:cosas"}},
		func(context.Context, *pideMuebles) (*daMueble, error) {
			return nil, errRoto.WithExtra("permitidos", []string{"arreglar"})
		},
	)
	httpapi.Register(
		api,
		huma.Operation{OperationID: "mirar", Method: "GET", Path: "/muebles", Summary: "Look",
			Tags: []string{"muebles"}},
		httpapi.Access{
			Public: true,
		},
		func(context.Context, *struct{}) (*daMueble, error) { return nil, errUsado },
	)
	httpapi.AddSheets(api, map[string]httpapi.Sheet{"mirar": {Text: "Shows it."},
		"armar": {Text: "Builds it.", Success: "What was built.",
			Failures: append(
				httpapi.Failures(errUsado, errLleno),
				httpapi.Failure{Error: errRoto, Members: conPermitidos{}},
			)}})
}

// muebles gives a server with the operations of mueblero alone, its document, and the document's JSON.
func muebles(
	t *testing.T,
	cambios ...func(*httpapi.Options),
) (*httpapi.Server, *contrato.Document, string) {
	t.Helper()
	o := httpapi.Options{
		Config:   configuracion(),
		Verifier: conocidos,
		Version:  "1.0.0",
		Codes:    muebleria,
		Identity: httpapi.Identity{
			Issuer:   "https://quien.example/",
			Audience: "https://api.quien.example",
			Text:     "How to get one.",
			Scopes:   map[string]string{"crear:cosas": "make things"},
		},
	}
	for _, c := range cambios {
		c(&o)
	}
	s, err := httpapi.New(o)
	if err != nil {
		t.Fatal(err)
	}
	mueblero(s.API())
	crudo := pedirA(t, s, "/api/v1/openapi.json", "")
	d, err := contrato.Read(crudo.Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return s, d, crudo.Body.String()
}

func pedirA(
	t *testing.T,
	server *httpapi.Server,
	camino, acepta string,
) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, camino, nil)
	if acepta != "" {
		r.Header.Set("Accept", acepta)
	}
	w := httptest.NewRecorder()
	server.Handler().ServeHTTP(w, r)
	return w
}

func TestAnswersAreOpenAndRequestsClosed(t *testing.T) {
	_, d, _ := muebles(t)
	if faltas := contrato.Gaps(d); len(faltas) > 0 {
		t.Errorf("%q", faltas)
	}
	want := map[string]string{ // additionalProperties by schema
		"SoloEnviado": "false", "MuebleEnviado": "false", "CajonEnviado": "false",
		"SoloRespuesta": "", "Mueble": "", "Cajon": "", "Problema": "true", "ProblemaPermitidos": "true", "Field": "",
	}
	hay := map[string]string{}
	for nombre, e := range d.Components.Schemas {
		hay[nombre] = string(e.Others)
	}
	if !maps.Equal(hay, want) {
		t.Errorf("%v, want %v", hay, want)
	}
	e := d.Components.Schemas
	for donde, ref := range map[string]string{
		e["SoloEnviado"].Properties["muebles"].Items.Ref:  "MuebleEnviado",
		e["MuebleEnviado"].Properties["cajon"].Ref:        "CajonEnviado",
		e["SoloRespuesta"].Properties["lineas"].Items.Ref: "Mueble",
		e["Mueble"].Properties["cajon"].Ref:               "Cajon",
	} {
		if donde != "#/components/schemas/"+ref {
			t.Errorf("%s, want %s", donde, ref)
		}
	}
}

func TestSetsThatMayGrowSaySo(t *testing.T) {
	_, d, _ := muebles(t)
	e := d.Components.Schemas["SoloRespuesta"].Properties
	clase := e["clase"]
	if len(clase.Known) != 2 || len(clase.Enum) != 0 ||
		clase.Description != "What it is. The set may grow." {
		t.Errorf("%+v", clase)
	}
	if usos := e["usos"]; len(usos.Items.Known) != 1 ||
		!strings.HasSuffix(usos.Description, "may grow.") {
		t.Errorf("%+v", usos)
	}
}

func TestProblemsOfAnOperationAreTyped(t *testing.T) {
	_, d, crudo := muebles(t)
	op := d.Paths["/muebles"]["post"]
	r := op.Responses["409"]
	esquema := d.Resolve(r.Content["application/problem+json"].Schema)
	p := esquema.Properties["permitidos"]
	if p == nil || p.Description != "What may be done." || esquema.Properties["code"] == nil {
		t.Errorf("%+v", esquema)
	}
	if r.Description != "Conflict: `mueble-roto`, `mueble-usado`." ||
		r.Headers["X-Request-Id"].Schema == nil {
		t.Errorf("%+v", r)
	}
	ref := op.Responses["422"].Content["application/problem+json"].Schema.Ref
	if ref != "#/components/schemas/Problema" {
		t.Error(ref)
	}
	for code, status := range map[string]int{
		"mueble-roto": 409, "mueble-lleno": 422, "clave-reutilizada": 422, "token-ausente": 401, "json-invalido": 400,
	} {
		if op.Codes[code] != status {
			t.Errorf("%s: %d", code, op.Codes[code])
		}
	}
	if op.Codes["cursor-invalido"] != 0 || op.Codes["version-vieja"] != 0 {
		t.Errorf("%v", op.Codes)
	}
	if !strings.HasSuffix(op.Description, "Who may call: roles `cliente`; machines with the scope `crear:cosas`.") ||
		op.Responses["200"].Description != "What was built." {
		t.Errorf("%s; %s", op.Description, op.Responses["200"].Description)
	}
	if strings.Contains(crudo, `\u003`) || strings.Contains(crudo, `\u0026`) {
		t.Error("escapes that only HTML needs")
	}
}

func TestTheDocumentSaysWhereTokensComeFrom(t *testing.T) {
	_, d, crudo := muebles(t)
	via := d.Components.Security["oidc"]
	if via.Type != "openIdConnect" ||
		via.Discovery != "https://quien.example/.well-known/openid-configuration" ||
		via.Audience != "https://api.quien.example" ||
		via.Scopes["crear:cosas"] == "" {
		t.Errorf("%+v", via)
	}
	guardado := string(contrato.Storable([]byte(crudo)))
	if strings.Contains(guardado, "quien.example") ||
		!strings.Contains(guardado, "https://emisor.example/.well-known/openid-configuration") {
		t.Error("a kept document names an instance's provider")
	}
}

func TestExamplesStandInTheirOrder(t *testing.T) {
	s, err := httpapi.New(httpapi.Options{Config: configuracion(), Verifier: conocidos})
	if err != nil {
		t.Fatal(err)
	}
	mueblero(s.API())
	cuerpo := soloEnviado{Muebles: []mueble{{Nombre: "a<b"}}}
	httpapi.AddExamples(s.API(), map[string][]httpapi.Example{"armar": {
		{
			Name:       "zeta",
			Summary:    "First",
			As:         "cliente1",
			Parameters: map[string]string{"Idempotency-Key": "k1"},
			Body:       cuerpo,
		},
		{
			Name:       "alfa",
			Summary:    "Second",
			As:         "operador",
			Parameters: map[string]string{"Idempotency-Key": "k2"},
			Body:       cuerpo,
		},
	}})
	crudo := pedirA(t, s, "/api/v1/openapi.json", "").Body.String()
	for _, par := range [][2]string{
		{`{"zeta":{"summary":"First (as cliente1)","value":{"muebles":[{"cajon":{"ancho":0},"nombre":"a<b"}]}}`,
			`"alfa":{"summary":"Second (as operador)","value":{"muebles"`},
		{`{"zeta":{"summary":"First (as cliente1)","value":"k1"}`, `"alfa":{"summary":"Second (as operador)","value":"k2"}`},
	} {
		if a, b := strings.Index(crudo, par[0]), strings.Index(crudo, par[1]); a < 0 || b < a {
			t.Errorf("%d %d: %s", a, b, crudo)
		}
	}
}

func TestSheetsOfNothingPanic(t *testing.T) {
	s, err := httpapi.New(httpapi.Options{Config: configuracion(), Verifier: conocidos})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	httpapi.AddSheets(s.API(), map[string]httpapi.Sheet{"nada": {}})
}

func TestProblemPages(t *testing.T) {
	s, d, _ := muebles(t, func(o *httpapi.Options) {
		o.Helps = map[string]httpapi.Help{
			"mueble-roto": {Meaning: "Está roto.", Advice: "Arreglalo."},
		}
	})
	const pagina = "text/html"
	tests := map[string]struct {
		camino, acepta string
		hay, falta     []string
	}{
		"a module's code": {camino: "/problemas/mueble-roto", acepta: pagina,
			hay: []string{
				`lang="es-AR"`,
				"Está roto.",
				"Arreglalo.",
				"<code>POST /api/v1/muebles</code>",
				"409",
			},
			falta: []string{"Cualquiera."}},
		"without words of its own": {camino: "/problemas/mueble-usado", acepta: pagina,
			hay: []string{"Qué hacer", "corregí la llamada", "POST /api/v1/muebles"}},
		"one of all operations": {camino: "/problemas/token-vencido", acepta: pagina,
			hay: []string{"Cualquiera.", "refresh token"}},
		"one of none": {camino: "/problemas/metodo-no-permitido", acepta: pagina,
			hay: []string{"Ninguna de la API", "Allow"}},
		"as JSON": {
			camino: "/problemas/mueble-roto",
			hay: []string{`"significa":"Está roto."`, `"que_hacer":"Arreglalo."`,
				`"detail":"It is broken: a < b > c & d."`,
				`"operaciones":[{"operacion":"armar","metodo":"POST","ruta":"/api/v1/muebles"}]`},
			falta: []string{`\u003`},
		},
		"the index": {
			camino: "/problemas/",
			acepta: pagina,
			hay: []string{`<a href="/problemas/mueble-roto">`,
				"Está roto.", `<a href="/problemas/token-vencido">`},
		},
		"the index as JSON": {camino: "/problemas/", acepta: "application/json",
			hay: []string{`"datos":[{"code":"`, `"code":"mueble-lleno"`}},
	}
	for nombre, x := range tests {
		t.Run(nombre, func(t *testing.T) {
			w := pedirA(t, s, x.camino, x.acepta)
			if w.Code != http.StatusOK ||
				w.Header().Get("X-Content-Type-Options") != "nosniff" {
				t.Fatalf("%d %v", w.Code, w.Header())
			}
			for _, h := range x.hay {
				if !strings.Contains(w.Body.String(), h) {
					t.Errorf("lacks %s: %s", h, w.Body)
				}
			}
			for _, h := range x.falta {
				if strings.Contains(w.Body.String(), h) {
					t.Errorf("shows %s: %s", h, w.Body)
				}
			}
		})
	}
	w := pedirA(t, s, "/problemas", "")
	if w.Code != http.StatusMovedPermanently || w.Header().Get("Location") != "/problemas/" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	type entrada struct {
		Code      string `json:"code"`
		Status    int    `json:"status"`
		Significa string `json:"significa"`
		QueHacer  string `json:"que_hacer"`
	}
	var indice struct {
		Datos []entrada `json:"datos"`
	}
	if err := json.Unmarshal(pedirA(t, s, "/problemas/", "").Body.Bytes(), &indice); err != nil {
		t.Fatal(err)
	}
	if len(indice.Datos) != len(d.Codes) ||
		!slices.IsSortedFunc(
			indice.Datos,
			func(a, b entrada) int { return a.Status - b.Status },
		) {
		t.Errorf("%d of %d codes, or not by status", len(indice.Datos), len(d.Codes))
	}
	vistos := map[string]string{}
	for _, x := range indice.Datos {
		if strings.HasPrefix(x.Code, "mueble-") {
			continue
		}
		if otro := vistos[x.Significa]; x.Significa == "" || x.QueHacer == "" || otro != "" {
			t.Errorf("%s says what %s says: %q", x.Code, otro, x.Significa)
		}
		vistos[x.Significa] = x.Code
	}
}

// TestMessagesHaveNoEscapesOfHTML: problems show <, > and & as they are, because no browser renders a problem as a
// page.
func TestMessagesHaveNoEscapesOfHTML(t *testing.T) {
	s, _, _ := muebles(t)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1/muebles",
		strings.NewReader(`{"muebles":[]}`))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer cliente")
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), `a < b > c & d`) ||
		!strings.Contains(w.Body.String(), `"permitidos":["arreglar"]`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
