package oidc

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	goidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

const (
	audiencia = "https://api.despensa.local"
	rolClaim  = "https://despensa.local/roles"
	vuelta    = "http://127.0.0.1:9/sesion/vuelta"
)

// reloj is a clock that tests move.
type reloj struct {
	mu sync.Mutex
	t  time.Time
}

func (r *reloj) ahora() time.Time { r.mu.Lock(); defer r.mu.Unlock(); return r.t }
func (r *reloj) pasar(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.t = r.t.Add(d)
}

// banco is a test bench: a running provider, and a browser that keeps cookies and does not follow redirects.
type banco struct {
	t   *testing.T
	p   *Provider
	url string // issuer
	r   *reloj
	hc  *http.Client
}

func nuevoBanco(t *testing.T, carpeta string) *banco {
	t.Helper()
	s := httptest.NewUnstartedServer(nil)
	b := &banco{
		t:   t,
		r:   &reloj{t: time.Now()},
		url: "http://" + s.Listener.Addr().String() + "/dev/oidc/",
	}
	p, err := New(Options{
		Issuer:    b.url,
		Audience:  audiencia,
		RoleClaim: rolClaim,
		Folder:    carpeta,
		Redirects: []string{vuelta},
		Now:       b.r.ahora,
	})
	if err != nil {
		t.Fatal(err)
	}
	b.p = p
	s.Config.Handler = p.Handler()
	s.Start()
	t.Cleanup(s.Close)
	jar, _ := cookiejar.New(nil)
	b.hc = &http.Client{
		Jar:           jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return b
}

func (b *banco) config(app, secreto string) *oauth2.Config {
	return &oauth2.Config{
		ClientID:     app,
		ClientSecret: secreto,
		RedirectURL:  vuelta,
		Scopes:       []string{"openid", "profile", "email", "offline_access"},
		Endpoint: oauth2.Endpoint{
			AuthURL:  b.url + "authorize",
			TokenURL: b.url + "oauth/token",
		},
	}
}

func (b *banco) leer(res *http.Response, err error) (*http.Response, string) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	c, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return res, string(c)
}

func (b *banco) get(u string) (*http.Response, string) {
	b.t.Helper()
	return b.leer(b.hc.Get(u))
}

func (b *banco) post(u string, values url.Values) (*http.Response, string) {
	b.t.Helper()
	return b.leer(b.hc.PostForm(u, values))
}

var enForm = regexp.MustCompile(`name="pendiente" value="([^"]+)"`)

// pendiente opens the login page of an authorization request and gives the id of the login in progress.
func (b *banco) pendiente(authURL string) string {
	b.t.Helper()
	res, html := b.get(authURL)
	m := enForm.FindStringSubmatch(html)
	if res.StatusCode != http.StatusOK || m == nil {
		b.t.Fatalf("no login page: %d %s", res.StatusCode, html)
	}
	return m[1]
}

// ingresar logs in with login at the application config and gives the code.
func (b *banco) ingresar(config *oauth2.Config, login, verificador string) string {
	b.t.Helper()
	id := b.pendiente(
		config.AuthCodeURL(
			"estado",
			oauth2.S256ChallengeOption(verificador),
			goidc.Nonce("n1"),
		),
	)
	res, html := b.post(
		b.url+"u/login",
		url.Values{"pendiente": {id}, "username": {login}, "password": {Password}},
	)
	u, err := res.Location()
	if err != nil {
		b.t.Fatalf("no redirect: %d %s", res.StatusCode, html)
	}
	if u.Query().Get("state") != "estado" || !strings.HasPrefix(u.String(), vuelta+"?") {
		b.t.Fatalf("redirected to %s", u)
	}
	return u.Query().Get("code")
}

func (b *banco) tokens(config *oauth2.Config, login string) *oauth2.Token {
	b.t.Helper()
	v := oauth2.GenerateVerifier()
	tk, err := config.Exchange(
		b.t.Context(),
		b.ingresar(config, login, v),
		oauth2.VerifierOption(v),
	)
	if err != nil {
		b.t.Fatal(err)
	}
	return tk
}

func TestFlujoCompleto(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	prov, err := goidc.NewProvider(t.Context(), b.url)
	if err != nil {
		t.Fatal(err)
	}
	for nombre, c := range map[string]*oauth2.Config{
		"public":       b.config(AppCLI, ""),
		"confidential": b.config(AppWeb, SecretWeb),
	} {
		t.Run(nombre, func(t *testing.T) {
			c.Endpoint = prov.Endpoint()
			tk := b.tokens(c, "gestor")
			revisarIdentidad(t, prov, c.ClientID, tk)
			revisarAcceso(t, prov, tk)
			info, err := prov.UserInfo(t.Context(), oauth2.StaticTokenSource(tk))
			if err != nil || info.Subject != Subject("gestor") ||
				info.Email != "gestor@testuser.com" ||
				!info.EmailVerified {
				t.Fatalf("userinfo %+v: %v", info, err)
			}
		})
	}
}

func revisarIdentidad(t *testing.T, prov *goidc.Provider, app string, token *oauth2.Token) {
	t.Helper()
	crudo, _ := token.Extra("id_token").(string)
	id, err := prov.Verifier(&goidc.Config{ClientID: app}).Verify(t.Context(), crudo)
	if err != nil {
		t.Fatal(err)
	}
	if id.Nonce != "n1" || id.Subject != "dev|gestor" {
		t.Fatalf("ID token: %+v", id)
	}
	if _, err := prov.Verifier(&goidc.Config{ClientID: audiencia}).Verify(t.Context(), crudo); err == nil {
		t.Fatal("the API would take an ID token")
	}
}

func revisarAcceso(t *testing.T, prov *goidc.Provider, token *oauth2.Token) {
	t.Helper()
	acc, err := prov.Verifier(&goidc.Config{ClientID: audiencia}).
		Verify(t.Context(), token.AccessToken)
	if err != nil {
		t.Fatal(err)
	}
	var c map[string]any
	if err := acc.Claims(&c); err != nil {
		t.Fatal(err)
	}
	roles, _ := c[rolClaim].([]any)
	permisos, _ := c["permissions"].([]any)
	if len(permisos) == 0 || len(roles) != 1 || roles[0] != "gestor_rutas" {
		t.Fatalf("access token: %v", c)
	}
}

func TestIngresos(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	if n := len(Logins()); n != 12 {
		t.Fatalf("%d logins", n)
	}
	for _, i := range Logins() {
		for _, nombre := range []string{i.Login, strings.ToUpper(i.Login) + "@testuser.com "} {
			if b.ingresar(b.config(AppCLI, ""), nombre, oauth2.GenerateVerifier()) == "" {
				t.Errorf("%s cannot log in", nombre)
			}
		}
	}
}

func TestMaquina(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	c := clientcredentials.Config{
		ClientID:     AppMachine,
		ClientSecret: SecretMachine,
		TokenURL:     b.url + "oauth/token",
		Scopes:       []string{"leer:pedidos"},
	}
	tk, err := c.Token(t.Context())
	if err != nil || tk.Extra("scope") != "leer:pedidos" || tk.RefreshToken != "" {
		t.Fatalf("%v: %v", tk, err)
	}
	prov, err := goidc.NewProvider(t.Context(), b.url)
	if err != nil {
		t.Fatal(err)
	}
	acc, err := prov.Verifier(&goidc.Config{ClientID: audiencia}).
		Verify(t.Context(), tk.AccessToken)
	if err != nil || acc.Subject != AppMachine+"@clients" {
		t.Fatalf("%+v: %v", acc, err)
	}
	if _, err := prov.UserInfo(t.Context(), oauth2.StaticTokenSource(tk)); err == nil {
		t.Fatal("userinfo of a machine")
	}
}

func TestAuthorizeNiega(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	reto := oauth2.S256ChallengeFromVerifier(oauth2.GenerateVerifier())
	bueno := url.Values{
		"client_id":             {AppCLI},
		"redirect_uri":          {vuelta},
		"response_type":         {"code"},
		"code_challenge":        {reto},
		"code_challenge_method": {"S256"},
		"state":                 {"s"},
	}
	tests := map[string]struct {
		cambia map[string]string
		error  string // "" = 400 without a redirect
	}{
		"unknown client": {map[string]string{"client_id": "otro"}, ""},
		"machine client": {map[string]string{"client_id": AppMachine}, ""},
		"unknown redirect": {
			map[string]string{"redirect_uri": "https://evil.example/"},
			"",
		},
		"redirect prefix": {map[string]string{"redirect_uri": vuelta + "/x"}, ""},
		"token response": {
			map[string]string{"response_type": "token"},
			"unsupported_response_type",
		},
		"no PKCE": {map[string]string{"code_challenge": ""}, "invalid_request"},
		"another response_mode": {
			map[string]string{"response_mode": "fragment"},
			"invalid_request",
		},
		"a request object": {
			map[string]string{"request": "eyJhbGciOiJub25lIn0.e30."},
			"request_not_supported",
		},
		"a request elsewhere": {
			map[string]string{"request_uri": "https://huerta.com.ar/r"},
			"request_uri_not_supported",
		},
		"plain PKCE": {
			map[string]string{"code_challenge_method": "plain"},
			"invalid_request",
		},
		"bad challenge": {
			map[string]string{"code_challenge": "corto"},
			"invalid_request",
		},
		"other audience": {
			map[string]string{"audience": "https://otra"},
			"invalid_target",
		},
		"silent login": {map[string]string{"prompt": "none"}, "login_required"},
		"parameter too long": {
			map[string]string{"nonce": strings.Repeat("x", maxParameter+1)},
			"invalid_request",
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			q := url.Values{}
			for k := range bueno {
				q.Set(k, bueno.Get(k))
			}
			for k, v := range tt.cambia {
				q.Set(k, v)
			}
			res, _ := b.get(b.url + "authorize?" + q.Encode())
			u, err := res.Location()
			if tt.error == "" {
				if res.StatusCode != http.StatusBadRequest || err == nil {
					t.Fatalf("%d, location %v", res.StatusCode, u)
				}
				return
			}
			if err != nil || u.Query().Get("error") != tt.error ||
				u.Query().Get("state") != "s" {
				t.Fatalf("%d %v", res.StatusCode, u)
			}
		})
	}
}

func TestTokenNiega(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	cli := b.config(AppCLI, "")
	v := oauth2.GenerateVerifier()
	type con = map[string]string
	maquina := func(nombre, valor string) con {
		return con{
			"grant_type":    "client_credentials",
			"client_id":     AppMachine,
			"client_secret": SecretMachine,
			nombre:          valor,
		}
	}
	webSola := con{
		"grant_type":    "client_credentials",
		"client_id":     AppWeb,
		"client_secret": SecretWeb,
	}
	tests := map[string]struct {
		cambia con
		codigo string
		estado int
	}{
		"unknown client": {con{"client_id": "otro"}, "invalid_client", 401},
		"wrong secret":   {con{"client_secret": "no"}, "invalid_client", 401},
		"no secret":      {con{"client_id": AppWeb}, "invalid_client", 401},
		"code of another client": {
			con{"client_id": AppWeb, "client_secret": SecretWeb},
			"invalid_grant",
			400,
		},
		"wrong verifier": {
			con{"code_verifier": oauth2.GenerateVerifier()},
			"invalid_grant",
			400,
		},
		"no verifier": {con{"code_verifier": ""}, "invalid_request", 400},
		"wrong redirect": {
			con{"redirect_uri": "http://127.0.0.1:9/otra"},
			"invalid_grant",
			400,
		},
		"guessed code": {con{"code": "AAAA"}, "invalid_grant", 400},
		"guessed refresh": {
			con{"grant_type": "refresh_token", "refresh_token": "AAAA"},
			"invalid_grant",
			400,
		},
		"password grant": {
			con{"grant_type": "password"},
			"unsupported_grant_type",
			400,
		},
		"no grant type": {con{"grant_type": ""}, "invalid_request", 400},
		"public as machine": {
			con{"grant_type": "client_credentials"},
			"unauthorized_client",
			400,
		},
		"web as machine":          {webSola, "unauthorized_client", 400},
		"machine, foreign scope":  {maquina("scope", "borrar:todo"), "invalid_scope", 400},
		"machine, other audience": {maquina("audience", "x"), "invalid_target", 400},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			codigo := b.ingresar(cli, "cliente1", v)
			q := url.Values{
				"grant_type":    {"authorization_code"},
				"client_id":     {AppCLI},
				"code":          {codigo},
				"redirect_uri":  {vuelta},
				"code_verifier": {v},
			}
			for k, x := range tt.cambia {
				q.Set(k, x)
			}
			res, cuerpo := b.post(b.url+"oauth/token", q)
			if res.StatusCode != tt.estado || !strings.Contains(cuerpo, `"`+tt.codigo+`"`) ||
				res.Header.Get("Cache-Control") != "no-store" {
				t.Fatalf("%d %s", res.StatusCode, cuerpo)
			}
		})
	}
}

func TestCodigo(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	cli := b.config(AppCLI, "")
	v := oauth2.GenerateVerifier()
	canje := func(c string) error {
		_, err := cli.Exchange(t.Context(), c, oauth2.VerifierOption(v))
		return err
	}
	t.Run("used up by a failed exchange", func(t *testing.T) {
		c := b.ingresar(cli, "cliente1", v)
		if _, err := cli.Exchange(t.Context(), c, oauth2.VerifierOption(oauth2.GenerateVerifier())); err == nil {
			t.Fatal("wrong verifier taken")
		}
		if canje(c) == nil {
			t.Fatal("the code still worked")
		}
	})
	t.Run("lives a minute", func(t *testing.T) {
		c, d := b.ingresar(cli, "cliente1", v), b.ingresar(cli, "cliente1", v)
		b.r.pasar(59 * time.Second)
		if err := canje(c); err != nil {
			t.Fatal(err)
		}
		b.r.pasar(time.Second)
		if canje(d) == nil {
			t.Fatal("an expired code worked")
		}
	})
	t.Run("a second use revokes what the first gave", func(t *testing.T) {
		c := b.ingresar(cli, "cliente1", v)
		tk, err := cli.Exchange(t.Context(), c, oauth2.VerifierOption(v))
		if err != nil {
			t.Fatal(err)
		}
		if canje(c) == nil {
			t.Fatal("used twice")
		}
		if _, err := refrescar(t.Context(), cli, tk.RefreshToken); err == nil {
			t.Fatal("its refresh token still works")
		}
	})
}

func refrescar(ctx context.Context, config *oauth2.Config, r string) (*oauth2.Token, error) {
	return config.TokenSource(ctx, &oauth2.Token{RefreshToken: r}).Token()
}

func TestRefresco(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	cli := b.config(AppCLI, "")
	uno := b.tokens(cli, "cliente1").RefreshToken
	dos, err := refrescar(t.Context(), cli, uno)
	if err != nil || dos.RefreshToken == uno || dos.AccessToken == "" {
		t.Fatalf("no rotation: %v", err)
	}
	if _, err := refrescar(t.Context(), b.config(AppWeb, SecretWeb), dos.RefreshToken); err == nil {
		t.Fatal("another client's token taken")
	}
	tres, err := refrescar(t.Context(), cli, dos.RefreshToken)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := refrescar(t.Context(), cli, uno); err == nil {
		t.Fatal("an old token worked")
	}
	if _, err := refrescar(t.Context(), cli, tres.RefreshToken); err == nil {
		t.Fatal("reuse did not revoke the family")
	}
	otro := b.tokens(cli, "cliente1").RefreshToken
	b.r.pasar(25 * time.Hour)
	if _, err := refrescar(t.Context(), cli, otro); err == nil {
		t.Fatal("an expired token worked")
	}
}

// TestGracia: a second use of a refresh token within Grace succeeds, because one browser may send two requests at
// once; a later one counts as theft and ends the login.
func TestGracia(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	b.p.refreshTokens.grace = 10 * time.Second
	cli := b.config(AppCLI, "")
	uno := b.tokens(cli, "cliente1").RefreshToken
	for range 3 {
		dos, err := refrescar(t.Context(), cli, uno)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := refrescar(t.Context(), cli, dos.RefreshToken); err != nil {
			t.Fatal(err)
		}
	}
	b.r.pasar(11 * time.Second)
	if _, err := refrescar(t.Context(), cli, uno); err == nil {
		t.Fatal("an old token worked")
	}
}

func TestRevocacion(t *testing.T) {
	for nombre, tt := range map[string]struct {
		app, secreto, token string // token "": a refresh token of the person
		todas               string
		estado              int
		vive, viveOtro      bool // whether the login of the token goes on, and another login of the same person
	}{
		"one login":           {app: AppWeb, secreto: SecretWeb, estado: 200, vive: false, viveOtro: true},
		"all of them":         {app: AppWeb, secreto: SecretWeb, todas: "1", estado: 200, vive: false, viveOtro: false},
		"another application": {app: AppCLI, todas: "1", estado: 200, vive: true, viveOtro: true},
		"wrong secret":        {app: AppWeb, secreto: "x", estado: 401, vive: true, viveOtro: true},
		"a guess": {
			app: AppWeb, secreto: SecretWeb, token: "AAAA", todas: "1", estado: 200, vive: true, viveOtro: true,
		},
	} {
		t.Run(nombre, func(t *testing.T) {
			b := nuevoBanco(t, t.TempDir())
			web := b.config(AppWeb, SecretWeb)
			uno := b.tokens(web, "cliente1").RefreshToken
			otro := b.tokens(web, "cliente1").RefreshToken
			ajeno := b.tokens(web, "cliente2").RefreshToken
			if tt.token == "" {
				tt.token = uno
			}
			res, _ := b.post(b.url+"oauth/revoke", url.Values{
				"token":         {tt.token},
				"todas":         {tt.todas},
				"client_id":     {tt.app},
				"client_secret": {tt.secreto},
			})
			if res.StatusCode != tt.estado {
				t.Fatalf("status %d", res.StatusCode)
			}
			for cual, x := range map[string]struct {
				token string
				vive  bool
			}{"it": {uno, tt.vive}, "another of the same person": {otro, tt.viveOtro}, "somebody else's": {ajeno, true}} {
				if _, err := refrescar(t.Context(), web, x.token); (err == nil) != x.vive {
					t.Errorf("%s: %v", cual, err)
				}
			}
		})
	}
}

func TestRefrescoCarrera(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	cli := b.config(AppCLI, "")
	uno := b.tokens(cli, "cliente1").RefreshToken
	var wg sync.WaitGroup
	dados := make(chan string, 16)
	for range 16 {
		wg.Go(func() {
			if tk, err := refrescar(t.Context(), cli, uno); err == nil {
				dados <- tk.RefreshToken
			}
		})
	}
	wg.Wait()
	close(dados)
	if len(dados) > 1 {
		t.Fatalf("one token was exchanged %d times", len(dados))
	}
	for d := range dados {
		if _, err := refrescar(t.Context(), cli, d); err == nil {
			t.Fatal("a token survived the reuse of its parent")
		}
	}
}

func TestIngresoNiega(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	auth := b.config(AppCLI, "").
		AuthCodeURL("s", oauth2.S256ChallengeOption(oauth2.GenerateVerifier()))
	res, html := b.post(
		b.url+"u/login",
		url.Values{"pendiente": {"AAAA"}, "username": {"admin"}, "password": {Password}},
	)
	if res.StatusCode != http.StatusBadRequest || !strings.Contains(html, textExpired) {
		t.Fatalf("unknown login: %d", res.StatusCode)
	}
	id := b.pendiente(auth)
	for nombre, q := range map[string]url.Values{
		"wrong password": {"username": {"admin"}, "password": {"no"}},
		"unknown user":   {"username": {"<b>nadie"}, "password": {Password}},
	} {
		q.Set("pendiente", id)
		res, html := b.post(b.url+"u/login", q)
		if res.StatusCode != http.StatusUnauthorized || !strings.Contains(html, textWrong) ||
			strings.Contains(html, "<b>") {
			t.Fatalf("%s: %d %s", nombre, res.StatusCode, html)
		}
	}
	t.Run("slowed down after many failures, for a minute", func(t *testing.T) {
		var res *http.Response
		for range maxFailures {
			res, _ = b.post(
				b.url+"u/login",
				url.Values{"pendiente": {id}, "username": {"admin"}, "password": {"no"}},
			)
		}
		if res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") == "" {
			t.Fatalf("%d", res.StatusCode)
		}
		b.r.pasar(time.Minute)
		res, _ = b.post(
			b.url+"u/login",
			url.Values{"pendiente": {id}, "username": {"admin"}, "password": {Password}},
		)
		if res.StatusCode != http.StatusSeeOther {
			t.Fatalf("after a minute: %d", res.StatusCode)
		}
	})
	t.Run("a login in progress ends", func(t *testing.T) {
		id := b.pendiente(auth)
		b.r.pasar(ttlPending)
		res, _ := b.post(
			b.url+"u/login",
			url.Values{"pendiente": {id}, "username": {"admin"}, "password": {Password}},
		)
		if res.StatusCode != http.StatusBadRequest {
			t.Fatalf("%d", res.StatusCode)
		}
	})
}

func TestPagina(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	res, html := b.get(
		b.config(AppCLI, "").
			AuthCodeURL("s", oauth2.S256ChallengeOption(oauth2.GenerateVerifier())),
	)
	csp := res.Header.Get("Content-Security-Policy")
	for _, debe := range []string{
		"default-src 'none'",
		"style-src 'sha256-",
		"form-action 'self' http://127.0.0.1:9;",
		"frame-ancestors 'none'",
	} {
		if !strings.Contains(csp, debe) {
			t.Errorf("CSP lacks %q: %s", debe, csp)
		}
	}
	for _, debe := range []string{
		`lang="es-AR"`,
		`<label for="username">`,
		`<label for="password">`,
		`action="/dev/oidc/u/login"`,
		styleSheet,
	} {
		if !strings.Contains(html, debe) {
			t.Errorf("page lacks %q", debe)
		}
	}
	if regexp.MustCompile(`(?i)<script|src=|https?://`).MatchString(html) {
		t.Error("the page names another resource")
	}
	if res.Header.Get("Cache-Control") != "no-store" {
		t.Error("the page may be cached")
	}
}

func TestUserinfoNiega(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	tk := b.tokens(b.config(AppCLI, ""), "cliente1")
	id, _ := tk.Extra("id_token").(string)
	sin := b.config(AppCLI, "")
	sin.Scopes = []string{"openid"}
	parco := b.tokens(sin, "cliente1")
	tests := map[string]struct{ crudo string }{
		"none":        {""},
		"garbage":     {"Bearer x.y.z"},
		"an ID token": {"Bearer " + id},
		"altered":     {"Bearer " + tk.AccessToken + "A"},
	}
	pedir := func(aut string) (*http.Response, string) {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, b.url+"userinfo", nil)
		req.Header.Set("Authorization", aut)
		return b.leer(b.hc.Do(req))
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			if res, c := pedir(tt.crudo); res.StatusCode != http.StatusUnauthorized {
				t.Fatalf("%d %s", res.StatusCode, c)
			}
		})
	}
	if res, c := pedir("Bearer " + parco.AccessToken); res.StatusCode != http.StatusOK ||
		strings.Contains(c, "email") {
		t.Fatalf("more than the scopes allow: %d %s", res.StatusCode, c)
	}
	b.r.pasar(2 * time.Hour)
	if res, _ := pedir("Bearer " + tk.AccessToken); res.StatusCode != http.StatusUnauthorized {
		t.Fatal("an expired token was taken")
	}
}

func TestLogout(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	for nombre, tt := range map[string]struct {
		a      string
		estado int
	}{
		"registered origin": {"http://127.0.0.1:9/otra", http.StatusSeeOther},
		"nowhere":           {"", http.StatusOK},
		"other host":        {"http://evil.example/", http.StatusBadRequest},
		"other port":        {"http://127.0.0.1:10/", http.StatusBadRequest},
		"other scheme":      {"javascript://127.0.0.1:9/x", http.StatusBadRequest},
		"user in it":        {"http://127.0.0.1:9@evil.example/", http.StatusBadRequest},
	} {
		t.Run(nombre, func(t *testing.T) {
			res, _ := b.get(
				b.url + "oidc/logout?post_logout_redirect_uri=" + url.QueryEscape(tt.a),
			)
			if res.StatusCode != tt.estado {
				t.Fatalf("%d", res.StatusCode)
			}
		})
	}
}

func TestClaveSobrevive(t *testing.T) {
	carpeta := filepath.Join(t.TempDir(), "dev")
	uno := nuevoBanco(t, carpeta)
	tk := uno.tokens(uno.config(AppCLI, ""), "cliente1")
	dos := nuevoBanco(t, carpeta)
	claves := goidc.NewRemoteKeySet(t.Context(), dos.p.JWKSURL())
	v := goidc.NewVerifier(uno.url, claves, &goidc.Config{ClientID: audiencia})
	if _, err := v.Verify(t.Context(), tk.AccessToken); err != nil {
		t.Fatalf("a token from before the restart: %v", err)
	}
	archivos, _ := filepath.Glob(filepath.Join(carpeta, "*"))
	if len(archivos) != 1 {
		t.Fatalf("left behind: %v", archivos)
	}
	i, err := os.Stat(archivos[0])
	if err != nil || i.Mode().Perm() != 0o600 {
		t.Fatalf("%v %v", i, err)
	}
	if err := os.WriteFile(archivos[0], []byte("rota"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = New(
		Options{Issuer: uno.url, Audience: audiencia, RoleClaim: rolClaim, Folder: carpeta},
	)
	if err == nil {
		t.Fatal("a broken key was replaced silently")
	}
}

func TestAlmacenAcotado(t *testing.T) {
	a := newGrants[int](3, time.Minute)
	ahora := time.Unix(0, 0)
	for i, n := range []string{"a", "b", "c", "d"} {
		a.put(n, i, ahora)
	}
	if _, ok := a.get("a", ahora); ok || len(a.m) != 3 || len(a.queue) != 3 {
		t.Fatalf("%d kept", len(a.m))
	}
	a.put("e", 5, ahora.Add(time.Minute))
	if len(a.m) != 1 || len(a.queue) != 1 {
		t.Fatalf("expired grants stay: %d", len(a.m))
	}
}

func TestOpciones(t *testing.T) {
	for nombre, o := range map[string]Options{
		"no slash":    {Issuer: "http://x/dev/oidc", Audience: "a", RoleClaim: "r", Folder: t.TempDir()},
		"no host":     {Issuer: "/dev/oidc/", Audience: "a", RoleClaim: "r", Folder: t.TempDir()},
		"no audience": {Issuer: "http://x/", RoleClaim: "r", Folder: t.TempDir()},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%s: accepted", nombre)
		}
	}
}
