package rechazos_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"despensa/internal/apiclient"
	devoidc "despensa/platform/dev/oidc"
	"despensa/pruebas/kit"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"golang.org/x/oauth2"
)

// deTokens: requests with a token that the program does not accept, or without one.
func (e *escena) deTokens() map[string]malo {
	buena, otra := e.llavero(), clavePropia(e.T)
	e.comprobarLlavero()
	autorizado := func(texto, code string) malo {
		return malo{
			metodo:   "GET",
			camino:   "/pedidos",
			cabecera: map[string]string{"Authorization": texto},
			status:   401,
			code:     code,
		}
	}
	hecho := func(clave *rsa.PrivateKey, cambio map[string]any) malo {
		return autorizado("Bearer "+e.firmado(clave, cambio), "token-invalido")
	}
	haceUnMinuto := map[string]any{"exp": time.Now().Add(-time.Minute).Unix()}
	vencido := autorizado("Bearer "+e.firmado(buena, haceUnMinuto), "token-vencido")
	contrasenia := base64.StdEncoding.EncodeToString([]byte("cliente1:" + rechazado))
	sinFirma := base64.RawURLEncoding.EncodeToString(
		[]byte(`{"alg":"none","typ":"JWT"}`),
	) + "." +
		strings.Split(e.token("cliente1"), ".")[1] + "."
	return map[string]malo{
		"none": {
			metodo: "GET",
			camino: "/pedidos",
			status: 401,
			code:   "token-ausente",
		},
		"none, to order": {
			metodo: "POST",
			camino: "/pedidos",
			cuerpo: e.bien(),
			status: 401,
			code:   "token-ausente",
		},
		"garbage": autorizado("Bearer "+rechazado, "token-invalido"),
		"garbage, public path": {metodo: "GET", camino: "/productos",
			cabecera: map[string]string{
				"Authorization": "Bearer " + rechazado,
			},
			status: 401,
			code:   "token-invalido"},
		"empty":      autorizado("Bearer ", "token-invalido"),
		"a password": autorizado("Basic "+contrasenia, "token-invalido"),
		"cut off": autorizado(
			"Bearer "+strings.TrimRight(e.token("cliente1"), "=")[:200],
			"token-invalido",
		),
		"too long":               autorizado("Bearer "+strings.Repeat("a", 10_000), "token-invalido"),
		"not signed":             autorizado("Bearer "+sinFirma, "token-invalido"),
		"expired":                vencido,
		"an ID token":            autorizado("Bearer "+e.identidad("cliente1"), "token-invalido"),
		"ID token by its claims": hecho(buena, map[string]any{"aud": devoidc.AppCLI}),
		"another key":            hecho(otra, nil),
		"another issuer":         hecho(buena, map[string]any{"iss": "https://otra.parte/"}),
		"another audience":       hecho(buena, map[string]any{"aud": "https://otra.api/"}),
		"without permissions":    hecho(buena, map[string]any{"permissions": nil}),
		"nobody's":               hecho(buena, map[string]any{"sub": ""}),
		"issued tomorrow": hecho(
			buena,
			map[string]any{"iat": time.Now().Add(24 * time.Hour).Unix()},
		),
	}
}

// comprobarLlavero makes sure that an unchanged token of firmado is accepted, so that a changed one is refused for
// its change and not for its making.
func (e *escena) comprobarLlavero() {
	e.T.Helper()
	c := apiclient.New(e.URL, apiclient.Fixed(e.firmado(e.llavero(), nil)), e.HTTP)
	if err := c.Do(e.T.Context(), "GET", "/pedidos", nil, nil); err != nil {
		e.T.Fatalf("a token as the provider makes them: %v", err)
	}
}

// llavero is the key with which the embedded provider signs.
func (e *escena) llavero() *rsa.PrivateKey {
	e.T.Helper()
	b, err := os.ReadFile(e.File("dev", "oidc-clave.pem"))
	if err != nil {
		e.T.Fatal(err)
	}
	bloque, _ := pem.Decode(b)
	k, err := x509.ParsePKCS8PrivateKey(bloque.Bytes)
	if err != nil {
		e.T.Fatal(err)
	}
	return k.(*rsa.PrivateKey)
}

func clavePropia(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// firmado is an access token of cliente1 as the provider would make it, changed by cambio; a nil value removes a
// claim.
func (e *escena) firmado(clave *rsa.PrivateKey, cambio map[string]any) string {
	e.T.Helper()
	ahora := time.Now()
	c := map[string]any{"iss": e.URL + "/dev/oidc/", "sub": devoidc.Subject("cliente1"),
		"aud": "https://api.despensa.local",
		"iat": ahora.Add(-time.Hour).
			Unix(),
		"exp": ahora.Add(time.Hour).Unix(), "permissions": []string{},
		"https://despensa.local/roles": []string{"cliente"}}
	maps.Copy(c, cambio)
	maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
	llave := jose.JSONWebKey{Key: e.llavero().Public()}
	huella, err := llave.Thumbprint(crypto.SHA256)
	if err != nil {
		e.T.Fatal(err)
	}
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256,
		Key: jose.JSONWebKey{Key: clave, KeyID: base64.RawURLEncoding.EncodeToString(huella)}},
		(&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		e.T.Fatal(err)
	}
	out, err := jwt.Signed(s).Claims(c).Serialize()
	if err != nil {
		e.T.Fatal(err)
	}
	return out
}

var ingresoPendiente = regexp.MustCompile(`name="pendiente" value="([^"]+)"`)

// identidad is an ID token of login, obtained by the code flow as a browser's application does.
func (e *escena) identidad(login string) string {
	e.T.Helper()
	o := oauth2.Config{
		ClientID:    devoidc.AppCLI,
		RedirectURL: e.URL + "/sesion/vuelta",
		Scopes:      []string{"openid"},
		Endpoint: oauth2.Endpoint{
			AuthURL: e.URL + "/dev/oidc/authorize", TokenURL: e.URL + "/dev/oidc/oauth/token",
			AuthStyle: oauth2.AuthStyleInParams},
	}
	navegador := &http.Client{
		Transport: e.HTTP.Transport,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}
	v := oauth2.GenerateVerifier()
	pagina, _ := e.navegar(
		navegador,
		"GET",
		o.AuthCodeURL("estado", oauth2.S256ChallengeOption(v)),
		nil,
	)
	m := ingresoPendiente.FindStringSubmatch(pagina)
	if m == nil {
		e.T.Fatalf("no login page: %s", pagina)
	}
	_, vuelta := e.navegar(navegador, "POST", e.URL+"/dev/oidc/u/login",
		url.Values{"pendiente": {m[1]}, "username": {login}, "password": {devoidc.Password}})
	ctx := context.WithValue(e.T.Context(), oauth2.HTTPClient, navegador)
	tk, err := o.Exchange(ctx, vuelta.Query().Get("code"), oauth2.VerifierOption(v))
	if err != nil {
		e.T.Fatal(err)
	}
	id, _ := tk.Extra("id_token").(string)
	return id
}

// navegar opens a page, or posts a form, and returns the address of the redirect.
func (e *escena) navegar(
	client *http.Client,
	metodo, a string,
	values url.Values,
) (pagina string, vuelta *url.URL) {
	e.T.Helper()
	q, err := http.NewRequestWithContext(
		e.T.Context(),
		metodo,
		a,
		strings.NewReader(values.Encode()),
	)
	if err != nil {
		e.T.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := client.Do(q)
	if err != nil {
		e.T.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		e.T.Fatal(err)
	}
	if vuelta, err = res.Location(); err != nil {
		vuelta = &url.URL{}
	}
	return string(b), vuelta
}

// deAjenos: requests for another customer's orders get the same answer as requests for an id that does not exist.
func (e *escena) deAjenos() map[string]malo {
	m := map[string]malo{}
	como := func(nombre, metodo, camino, ajeno string, cuerpo any, status int, code string) {
		m[nombre] = malo{
			login:  "cliente1",
			metodo: metodo,
			camino: strings.Replace(camino, "{id}", ajeno, 1),
			cuerpo: cuerpo,
			status: status,
			code:   code,
			mas: func(t *testing.T, r rehuse) {
				deNadie := strings.Replace(camino, "{id}", kit.NoID(), 1)
				nada := e.mandar(
					t,
					malo{login: "cliente1", metodo: metodo, camino: deNadie, cuerpo: cuerpo},
				)
				if r.status != nada.status || r.sinSolicitud() != nada.sinSolicitud() {
					t.Errorf(
						"%d %s, where nothing is %d %s",
						r.status,
						r.texto,
						nada.status,
						nada.texto,
					)
				}
			},
		}
	}
	motivo, pago := kit.Body{"motivo": rechazado}, e.pagoAjeno()
	como("order", "GET", "/pedidos/{id}", e.ajeno.ID, nil, 404, "pedido-no-existe")
	como(
		"order's events",
		"GET",
		"/pedidos/{id}/eventos",
		e.ajeno.ID,
		nil,
		404,
		"pedido-no-existe",
	)
	como(
		"order, to retry",
		"POST",
		"/pedidos/{id}/reintento",
		e.ajeno.ID,
		kit.Body{},
		404,
		"pedido-no-existe",
	)
	como(
		"order, to cancel",
		"POST",
		"/pedidos/{id}/cancelacion",
		e.ajeno.ID,
		motivo,
		404,
		"pedido-no-existe",
	)
	como(
		"order, to return",
		"POST",
		"/pedidos/{id}/devoluciones",
		e.ajeno.ID,
		kit.Body{
			"lineas": []kit.Line{{Producto: e.prod, Cantidad: 1}},
			"motivo": rechazado,
		},
		404,
		"pedido-no-existe",
	)
	como(
		"order's returns",
		"GET",
		"/pedidos/{id}/devoluciones",
		e.ajeno.ID,
		nil,
		404,
		"pedido-no-existe",
	)
	como("payment", "GET", "/pagos/{id}", pago, nil, 404, "sin-cobro")
	como(
		"address",
		"GET",
		"/clientes/yo/direcciones/{id}",
		e.dirAjena,
		nil,
		404,
		"direccion-no-existe",
	)
	como(
		"address, to change",
		"PATCH",
		"/clientes/yo/direcciones/{id}",
		e.dirAjena,
		kit.Body{"calle": rechazado},
		404,
		"direccion-no-existe",
	)
	como(
		"address, to delete",
		"DELETE",
		"/clientes/yo/direcciones/{id}",
		e.dirAjena,
		nil,
		404,
		"direccion-no-existe",
	)
	m["order in another's name"] = pedirMal(
		e.bien().With("cliente_id", e.otro),
		404,
		"cliente-no-existe",
		"",
	)
	m["order in nobody's name"] = pedirMal(
		e.bien().With("cliente_id", kit.NoID()),
		404,
		"cliente-no-existe",
		"",
	)
	deOperador := func(cuerpo kit.Body, status int, code, donde string) malo {
		return malo{login: "operador", metodo: "POST", camino: "/pedidos", cuerpo: cuerpo,
			status: status, code: code, donde: donde}
	}
	m["operator without a customer"] = deOperador(
		e.bien(),
		422,
		"cliente-faltante",
		"body.cliente_id",
	)
	m["operator for nobody"] = deOperador(
		e.bien().With("cliente_id", kit.NoID()),
		404,
		"cliente-no-existe",
		"",
	)
	m["operator, address of another customer"] = deOperador(e.bien().With("cliente_id", e.otro),
		422, "direccion-desconocida", "")
	return m
}

// pagoAjeno is the id of cliente2's payment.
func (e *escena) pagoAjeno() string {
	e.T.Helper()
	ps := kit.All[struct {
		ID string `json:"id"`
	}](e.Client, "operador", "/pagos?pedido_id="+e.ajeno.ID)
	if len(ps) != 1 {
		e.T.Fatalf("%d payments", len(ps))
	}
	return ps[0].ID
}

// operacion has the members of an operation in the OpenAPI document that tests read.
type operacion struct {
	ID      string   `json:"operationId"`
	Publica bool     `json:"x-publico"`
	Roles   []string `json:"x-roles"`

	Permisos []string `json:"x-permisos"`
}

// uuidEn is where a path of the document has an id.
var uuidEn = regexp.MustCompile(`\{(\w+_)?id\}`)

// TestRolesThatMayNot calls every operation of the document as every role that the operation does not name.
func TestRolesThatMayNot(t *testing.T) {
	t.Parallel()
	e := &escena{Program: kit.Start(t), tokens: map[string]string{}}
	e.tokens["maquina"] = e.Machine("leer:auditoria")
	antes := e.Stock()
	var doc struct {
		Paths map[string]map[string]operacion `json:"paths"`
	}
	e.Must("admin", "GET", "/openapi.json", nil, &doc)
	n := 0
	for camino, metodos := range doc.Paths {
		for metodo, op := range metodos {
			if !op.Publica {
				n += e.negar(
					t,
					strings.ToUpper(metodo),
					uuidEn.ReplaceAllString(camino, kit.NoID()),
					op,
				)
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d refusals were looked at", n)
	}
	if !maps.Equal(antes, e.Stock()) {
		t.Error("the stock has changed")
	}
}

// negar calls operacion without a token, as one login of every role that operacion does not name, and as a machine
// with another permission; it returns the number of refusals.
func (e *escena) negar(t *testing.T, metodo, camino string, operacion operacion) (n int) {
	roles := map[string]string{"maquina": "maquina"} // login by role
	for _, i := range devoidc.Logins() {
		roles[i.Roles[0]] = i.Login
	}
	t.Run(operacion.ID, func(t *testing.T) {
		malo{
			metodo: metodo,
			camino: camino,
			cuerpo: conCuerpoSi(metodo),
			status: 401,
			code:   "token-ausente",
		}.probar(t, e)
		for rol, login := range roles {
			if !slices.Contains(operacion.Roles, rol) {
				malo{login: login, metodo: metodo, camino: camino, cuerpo: conCuerpoSi(metodo),
					status: 403, code: "sin-permiso"}.probar(t, e)
				n++
			}
		}
	})
	return n
}

// conCuerpoSi is a body that would be refused as well, for methods with a body. A caller without the right is refused
// before the program reads the body.
func conCuerpoSi(metodo string) any {
	if metodo == http.MethodGet || metodo == http.MethodDelete {
		return nil
	}
	return kit.Body{"sorpresa": rechazado}
}
