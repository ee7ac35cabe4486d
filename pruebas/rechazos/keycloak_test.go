package rechazos_test

import (
	"bytes"
	"context"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"despensa/internal/ajustes"
	"despensa/internal/apiclient"
	devoidc "despensa/platform/dev/oidc"
	"despensa/pruebas/kit"

	goidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// The applications of .ci/keycloak-despensa.json that the embedded provider does not have.
const (
	appAjena      = "despensa-ajena"      // its tokens are for another API
	appDescuidada = "despensa-descuidada" // its ID tokens have the audience of ours
)

// keycloak is another provider, as .ci/keycloak starts it.
type keycloak struct {
	t       *testing.T
	emisor  string
	http    *http.Client
	lugares oauth2.Endpoint
}

// elKeycloak is the provider that DESPENSA_TEST_OIDC names.
func elKeycloak(t *testing.T) *keycloak {
	t.Helper()
	emisor := os.Getenv("DESPENSA_TEST_OIDC")
	if emisor == "" {
		t.Skip("SKIPPED: the role matrix on tokens of another identity provider: " +
			"DESPENSA_TEST_OIDC names no issuer (.ci/keycloak starts one)")
	}
	t.Log(
		"RAN ON another identity provider, Keycloak: every operation as every role, with its tokens",
	)
	k := &keycloak{
		t:      t,
		emisor: emisor,
		http:   &http.Client{Transport: &http.Transport{}, Timeout: kit.Patience},
	}
	t.Cleanup(k.http.CloseIdleConnections)
	p, err := goidc.NewProvider(k.contexto(), emisor)
	if err != nil {
		t.Fatal(err)
	}
	k.lugares = p.Endpoint()
	return k
}

func (k *keycloak) contexto() context.Context {
	return context.WithValue(k.t.Context(), oauth2.HTTPClient, k.http)
}

// conKeycloak are the settings that docs/auth0.md shows for Keycloak, with the issuer of keycloak.
func conKeycloak(keycloak *keycloak) func(*kit.Program) {
	return kit.WithSettings(func(c *ajustes.Configuracion) {
		ajustesDe(keycloak.t, "keycloak", c)
		c.OIDC.Emisor = keycloak.emisor
	})
}

// jarraLocal keeps Secure cookies for this machine without TLS, as browsers do.
type jarraLocal struct{ http.CookieJar }

func (j jarraLocal) SetCookies(u *url.URL, cookies []*http.Cookie) {
	for _, c := range cookies {
		c.Secure = false
	}
	j.CookieJar.SetCookies(u, cookies)
}

// navegador is a browser without a session at Keycloak; program may be nil.
func (k *keycloak) navegador(program *kit.Program) *kit.Browser {
	k.t.Helper()
	jarra, err := cookiejar.New(nil)
	if err != nil {
		k.t.Fatal(err)
	}
	n := &kit.Browser{T: k.t,
		Client: &http.Client{
			Jar:           jarraLocal{jarra},
			Transport:     k.http.Transport,
			Timeout:       kit.Patience,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}}
	if program != nil {
		n.Program = program.URL
	}
	return n
}

var formularioKeycloak = regexp.MustCompile(
	`(?s)<form[^>]*id="kc-form-login"[^>]*action="([^"]*)"`,
)

// identificarse fills in Keycloak's form at donde, and returns the address of the redirect.
func identificarse(browser *kit.Browser, donde, login string) string {
	browser.T.Helper()
	res, pagina := browser.Visit("GET", donde, "")
	accion := formularioKeycloak.FindStringSubmatch(pagina)
	if accion == nil {
		browser.T.Fatalf("no login form: %d", res.StatusCode)
	}
	res, pagina = browser.Visit("POST", html.UnescapeString(accion[1]),
		url.Values{"username": {login}, "password": {devoidc.Password}}.Encode())
	if res.Header.Get("Location") == "" {
		browser.T.Fatalf("login %s: %d %s", login, res.StatusCode, pagina)
	}
	return res.Header.Get("Location")
}

// tokens logs a person in, by the code flow with PKCE and Keycloak's form.
func (k *keycloak) tokens(app, login string) *oauth2.Token {
	k.t.Helper()
	o := oauth2.Config{ClientID: app, RedirectURL: "http://127.0.0.1:1/vuelta",
		Scopes: []string{"openid", "profile", "email"}, Endpoint: k.lugares}
	v, estado := oauth2.GenerateVerifier(), oauth2.GenerateVerifier()
	vuelta, err := url.Parse(
		identificarse(
			k.navegador(nil),
			o.AuthCodeURL(estado, oauth2.S256ChallengeOption(v)),
			login,
		),
	)
	if err != nil || vuelta.Query().Get("state") != estado {
		k.t.Fatalf("login %s leads to %v: %v", login, vuelta, err)
	}
	tk, err := o.Exchange(k.contexto(), vuelta.Query().Get("code"), oauth2.VerifierOption(v))
	if err != nil {
		k.t.Fatal(err)
	}
	return tk
}

// maquina logs a machine in.
func (k *keycloak) maquina(app, secreto string) string {
	k.t.Helper()
	c := clientcredentials.Config{
		ClientID:     app,
		ClientSecret: secreto,
		TokenURL:     k.lugares.TokenURL,
	}
	tk, err := c.Token(k.contexto())
	if err != nil {
		k.t.Fatal(err)
	}
	return tk.AccessToken
}

// administrar calls Keycloak's own API for the realm and returns the id of the created object.
func (k *keycloak) administrar(metodo, camino string, cuerpo any) string {
	k.t.Helper()
	base, reino, _ := strings.Cut(k.emisor, "/realms/")
	o := oauth2.Config{ClientID: "admin-cli",
		Endpoint: oauth2.Endpoint{
			TokenURL: base + "/realms/master/protocol/openid-connect/token",
		}}
	ctx := context.WithValue(context.WithoutCancel(k.t.Context()), oauth2.HTTPClient, k.http)
	tk, err := o.PasswordCredentialsToken(ctx, "admin", "admin")
	if err != nil {
		k.t.Fatal(err)
	}
	b, err := json.Marshal(cuerpo)
	if err != nil {
		k.t.Fatal(err)
	}
	direccion := base + "/admin/realms/" + reino + camino
	r, err := http.NewRequestWithContext(
		context.WithoutCancel(k.t.Context()),
		metodo,
		direccion,
		bytes.NewReader(b),
	)
	if err != nil {
		k.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	tk.SetAuthHeader(r)
	res, err := k.http.Do(r)
	if err != nil {
		k.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	texto, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 300 {
		k.t.Fatalf("%s %s: %d %s %v", metodo, camino, res.StatusCode, texto, err)
	}
	return path.Base(res.Header.Get("Location"))
}

// withToken makes the client of login call with token, of any provider.
func withToken(client *kit.Client, login, token string) {
	c := apiclient.New(client.URL, apiclient.Fixed(token), client.HTTP)
	c.Tries = 1
	client.Mu.Lock()
	defer client.Mu.Unlock()
	client.Clients[login], client.Tokens[login] = c, token
}
