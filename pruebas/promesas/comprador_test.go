package promesas_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"despensa/platform/httpapi/contrato"
	"despensa/pruebas/kit"
)

// TestANewcomerBuysFromTheDocumentAlone follows the document, and nothing else, from a token to a paid order.
func TestANewcomerBuysFromTheDocumentAlone(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	n := &novato{Program: c, crudo: c.ServedDocument()}
	d := kit.Document(t, n.crudo)
	n.bearer = n.tokenDeMaquina(d.Components.Security["oidc"])
	if n.pedir("GET", c.URL+"/api/v1/pedidos", "", nil) != http.StatusOK {
		t.Errorf("a machine's token: %s", n.cuerpo)
	}
	n.bearer = c.Token("cliente1") // "go run . token cliente1 prints a token"
	primero := primerEjemplo(t, n.crudo)
	if !strings.Contains(primero.Resumen, "(as cliente1)") {
		t.Errorf("the first example of POST /pedidos is %q", primero.Resumen)
	}
	primero.Valor["pago"] = map[string]any{
		"metodo": "tarjeta_credito",
		"token":  n.tarjeta(),
		"marca":  "master",
	}
	if n.pedir("POST", c.URL+"/api/v1/pedidos", "compra-1", primero.Valor) != http.StatusCreated {
		t.Fatalf("the first example, by card: %s", n.cuerpo)
	}
	var p struct {
		ID       string   `json:"id"`
		Estado   string   `json:"estado"`
		Acciones []string `json:"acciones"`
	}
	n.leer(&p)
	c.Until("the order is confirmado", func() bool {
		n.pedir("GET", c.URL+"/api/v1/pedidos/"+p.ID, "", nil)
		n.leer(&p)
		return p.Estado == "confirmado"
	})
	if len(p.Acciones) == 0 {
		t.Errorf("nothing may be done: %s", n.cuerpo)
	}
	primero.Valor["total_centavos"] = 1
	if n.pedir("POST", c.URL+"/api/v1/pedidos", "compra-2", primero.Valor) != http.StatusConflict {
		t.Fatalf("another price: %s", n.cuerpo)
	}
	o, _ := d.Find("POST", "/pedidos")
	for _, falta := range d.Validate(o.Responses["409"].Content["application/problem+json"].Schema, n.cuerpo) {
		t.Errorf("the problem of a changed price: %s: %s", falta, n.cuerpo)
	}
	if !bytes.Contains(n.cuerpo, []byte(`"cotizacion":{"`)) {
		t.Errorf("no quote: %s", n.cuerpo)
	}
}

// TestEveryCodeHasAPage: the page at the address in type explains, in Spanish, each code of the document and the
// caller's next step.
func TestEveryCodeHasAPage(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	n := &novato{Program: c}
	d := kit.Document(t, c.ServedDocument())
	if n.pedir("GET", c.URL+"/problemas/", "", nil) != http.StatusOK {
		t.Fatalf("the index: %s", n.cuerpo)
	}
	var indice struct {
		Datos []struct {
			Code        string `json:"code"`
			Significa   string `json:"significa"`
			QueHacer    string `json:"que_hacer"`
			Operaciones []any  `json:"operaciones"`
		} `json:"datos"`
	}
	n.leer(&indice)
	if len(indice.Datos) != len(d.Codes) {
		t.Errorf("%d codes in the index, %d in the document", len(indice.Datos), len(d.Codes))
	}
	de := map[string]int{}
	for _, o := range d.Operations() {
		for code := range o.Codes {
			de[code]++
			if _, ok := d.Codes[code]; !ok {
				t.Errorf("%s answers %s, which the document does not list", o.ID, code)
			}
		}
	}
	for _, x := range indice.Datos {
		if x.Significa == "" || x.QueHacer == "" ||
			strings.Contains(x.Significa, "No se puede hacer lo que pediste") {
			t.Errorf("%s has no words of its own", x.Code)
		}
		if len(x.Operaciones) != de[x.Code] {
			t.Errorf("%s names %d operations of %d", x.Code, len(x.Operaciones), de[x.Code])
		}
	}
}

// novato is a client that knows the program from the API document alone.
type novato struct {
	*kit.Program
	crudo, cuerpo []byte
	bearer        string
}

// pedir makes a call, keeps the answer's body and returns the status.
func (n *novato) pedir(metodo, direccion, clave string, cuerpo any) int {
	n.T.Helper()
	b, err := json.Marshal(cuerpo)
	if err != nil {
		n.T.Fatal(err)
	}
	r, err := http.NewRequestWithContext(n.T.Context(), metodo, direccion, bytes.NewReader(b))
	if err != nil {
		n.T.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if cuerpo == nil {
		r.Body, r.ContentLength = http.NoBody, 0
	}
	if clave != "" {
		r.Header.Set("Idempotency-Key", clave)
	}
	if n.bearer != "" {
		r.Header.Set("Authorization", "Bearer "+n.bearer)
	}
	return n.mandar(r)
}

func (n *novato) mandar(r *http.Request) int {
	n.T.Helper()
	res, err := n.HTTP.Do(r)
	if err != nil {
		n.T.Fatal(err)
	}
	defer res.Body.Close()
	if n.cuerpo, err = io.ReadAll(res.Body); err != nil {
		n.T.Fatal(err)
	}
	return res.StatusCode
}

func (n *novato) leer(v any) {
	n.T.Helper()
	if err := json.Unmarshal(n.cuerpo, v); err != nil {
		n.T.Fatalf("%v: %s", err, n.cuerpo)
	}
}

// tokenDeMaquina gets a token at the address of the security scheme, with the demo machine that the scheme's
// description names.
func (n *novato) tokenDeMaquina(via contrato.SecurityScheme) string {
	n.T.Helper()
	if n.pedir("GET", via.Discovery, "", nil) != http.StatusOK {
		n.T.Fatalf("%s: %s", via.Discovery, n.cuerpo)
	}
	var emisor struct {
		Token string `json:"token_endpoint"`
	}
	n.leer(&emisor)
	maquina := regexp.MustCompile("`(despensa-[a-z]+)` as `client_id`").
		FindStringSubmatch(via.Description)
	if maquina == nil {
		n.T.Fatalf("no machine in %s", via.Description)
	}
	var alcances []string
	for a := range via.Scopes {
		if strings.Contains(a, ":") {
			alcances = append(alcances, a)
		}
	}
	f := url.Values{
		"grant_type":    {"client_credentials"},
		"client_id":     {maquina[1]},
		"client_secret": {maquina[1]},
		"audience":      {via.Audience},
		"scope":         {strings.Join(alcances, " ")},
	}
	r, err := http.NewRequestWithContext(
		n.T.Context(),
		http.MethodPost,
		emisor.Token,
		strings.NewReader(f.Encode()),
	)
	if err != nil {
		n.T.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if n.mandar(r) != http.StatusOK {
		n.T.Fatalf("a machine's token: %s", n.cuerpo)
	}
	var emitido struct {
		Token string `json:"access_token"`
	}
	n.leer(&emitido)
	return emitido.Token
}

// tarjeta gets a card token as the beginning of the document says.
func (n *novato) tarjeta() string {
	n.T.Helper()
	var d struct {
		Info struct {
			Descripcion string `json:"description"`
		} `json:"info"`
	}
	if err := json.Unmarshal(n.crudo, &d); err != nil {
		n.T.Fatal(err)
	}
	camino := regexp.MustCompile("`POST (/dev/mercadopago/[^`]+)`").
		FindStringSubmatch(d.Info.Descripcion)
	tarjeta := regexp.MustCompile("(?s)```json\\n(.*?)```").
		FindStringSubmatch(d.Info.Descripcion)
	if camino == nil || tarjeta == nil {
		n.T.Fatalf("no way to a card token: %s", d.Info.Descripcion)
	}
	if n.pedir("POST", n.URL+camino[1], "", json.RawMessage(tarjeta[1])) != http.StatusCreated {
		n.T.Fatalf("a card token: %s", n.cuerpo)
	}
	var hecho struct {
		ID string `json:"id"`
	}
	n.leer(&hecho)
	return hecho.ID
}

// ejemplo is an example of a body.
type ejemplo struct {
	Resumen string         `json:"summary"`
	Valor   map[string]any `json:"value"`
}

// primerEjemplo is the example of POST /pedidos that a page of the document offers to try.
func primerEjemplo(t *testing.T, crudo []byte) (e ejemplo) {
	t.Helper()
	var d struct {
		Paths map[string]map[string]struct {
			Cuerpo struct {
				Contenido map[string]struct {
					Ejemplos json.RawMessage `json:"examples"`
				} `json:"content"`
			} `json:"requestBody"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(crudo, &d); err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(
		bytes.NewReader(
			d.Paths["/pedidos"]["post"].Cuerpo.Contenido["application/json"].Ejemplos,
		),
	)
	for range 2 { // the brace, and the first name
		if _, err := dec.Token(); err != nil {
			t.Fatal(err)
		}
	}
	if err := dec.Decode(&e); err != nil {
		t.Fatal(err)
	}
	return e
}
