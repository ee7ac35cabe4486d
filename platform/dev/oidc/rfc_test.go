package oidc

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/oauth2"
)

// TestTokenRequests: the token endpoint takes the requests that RFC 6749 describes, and answers any other with the
// RFC's error code.
func TestTokenRequests(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	const maquina = "grant_type=client_credentials&client_id=" + AppMachine + "&client_secret=" + SecretMachine
	const (
		formulario = "application/x-www-form-urlencoded"
		ninguno    = "-" // no Content-Type at all
	)
	for nombre, x := range map[string]struct {
		camino string // "": the token endpoint
		tipo   string // Content-Type; "": form
		cuerpo string
		basic  string // client that authenticates by its header
		estado int
		codigo string // "": tokens
	}{
		"a form":                   {cuerpo: maquina, estado: 200},
		"a form with its encoding": {tipo: formulario + "; charset=UTF-8", cuerpo: maquina, estado: 200},
		"JSON": {
			tipo: "application/json",
			cuerpo: `{"grant_type":"client_credentials","client_id":"` + AppMachine +
				`","client_secret":"` + SecretMachine + `"}`,
			estado: 400, codigo: "invalid_request",
		},
		"JSON called a form": {cuerpo: `{"grant_type":"client_credentials"}`, estado: 401, codigo: "invalid_client"},
		"a form called JSON": {tipo: "application/json", cuerpo: maquina, estado: 400, codigo: "invalid_request"},
		"no type":            {tipo: ninguno, cuerpo: maquina, estado: 400, codigo: "invalid_request"},
		"multipart": {
			tipo: "multipart/form-data; boundary=x", cuerpo: "--x--",
			estado: 400, codigo: "invalid_request",
		},
		"a form that cannot be read": {cuerpo: maquina + "&a=%zz", estado: 400, codigo: "invalid_request"},
		"too large": {
			cuerpo: maquina + "&a=" + strings.Repeat("a", 40_000),
			estado: 400, codigo: "invalid_request",
		},
		"nothing":      {estado: 401, codigo: "invalid_client"},
		"in the query": {camino: "oauth/token?" + maquina, estado: 401, codigo: "invalid_client"},
		"no grant type": {
			cuerpo: "client_id=" + AppMachine + "&client_secret=" + SecretMachine,
			estado: 400, codigo: "invalid_request",
		},
		"an unknown grant type": {
			cuerpo: strings.Replace(maquina, "client_credentials", "otro", 1),
			estado: 400, codigo: "unsupported_grant_type",
		},
		"a grant type twice": {
			cuerpo: maquina + "&grant_type=client_credentials",
			estado: 400, codigo: "invalid_request",
		},
		"no code": {
			cuerpo: "grant_type=authorization_code&redirect_uri=x&code_verifier=x&client_id=" + AppCLI,
			estado: 400, codigo: "invalid_request",
		},
		"no redirect": {
			cuerpo: "grant_type=authorization_code&code=x&code_verifier=x&client_id=" + AppCLI,
			estado: 400, codigo: "invalid_request",
		},
		"no refresh token": {
			cuerpo: "grant_type=refresh_token&client_id=" + AppCLI,
			estado: 400, codigo: "invalid_request",
		},
		"by header": {cuerpo: "grant_type=client_credentials", basic: AppMachine, estado: 200},
		"by header, its own id too": {
			cuerpo: "grant_type=client_credentials&client_id=" + AppMachine, basic: AppMachine,
			estado: 200,
		},
		"by header, another's id": {
			cuerpo: "grant_type=client_credentials&client_id=" + AppWeb, basic: AppMachine,
			estado: 400, codigo: "invalid_request",
		},
		"by header and form": {cuerpo: maquina, basic: AppMachine, estado: 400, codigo: "invalid_request"},
		"revoke, JSON": {
			camino: "oauth/revoke",
			tipo:   "application/json",
			cuerpo: `{"token":"x"}`,
			estado: 400, codigo: "invalid_request",
		},
		"revoke, no token": {
			camino: "oauth/revoke",
			cuerpo: "client_id=" + AppCLI,
			estado: 400, codigo: "invalid_request",
		},
		"revoke, an unknown token": {camino: "oauth/revoke", cuerpo: "token=x&client_id=" + AppCLI, estado: 200},
	} {
		t.Run(nombre, func(t *testing.T) {
			direccion := b.url + cmp.Or(x.camino, "oauth/token")
			r, err := http.NewRequestWithContext(
				t.Context(),
				"POST",
				direccion,
				strings.NewReader(x.cuerpo),
			)
			if err != nil {
				t.Fatal(err)
			}
			if x.tipo != ninguno {
				r.Header.Set("Content-Type", cmp.Or(x.tipo, formulario))
			}
			if x.basic != "" {
				r.SetBasicAuth(x.basic, SecretMachine)
			}
			res, cuerpo := b.leer(b.hc.Do(r))
			var dicho struct{ Error string }
			err = json.Unmarshal([]byte(cuerpo), &dicho)
			if err != nil || res.StatusCode != x.estado || dicho.Error != x.codigo {
				t.Errorf("%d %s, want %d %q", res.StatusCode, cuerpo, x.estado, x.codigo)
			}
			if (res.Header.Get("WWW-Authenticate") != "") != (x.estado == 401) {
				t.Errorf("the challenge is %q", res.Header.Get("WWW-Authenticate"))
			}
		})
	}
}

// TestAnswersSayWhose: each authorization answer, good or bad, carries the issuer in iss, and the discovery document
// says so (RFC 9207).
func TestAnswersSayWhose(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	_, d := b.get(b.url + ".well-known/openid-configuration")
	if !strings.Contains(d, `"authorization_response_iss_parameter_supported":true`) {
		t.Error(d)
	}
	bueno := b.config(AppCLI, "").
		AuthCodeURL("s", oauth2.S256ChallengeOption(oauth2.GenerateVerifier()))
	for nombre, x := range map[string]struct {
		cambiar func(q url.Values)
		error   string
	}{
		"good":                  {func(url.Values) {}, ""},
		"no response type":      {func(q url.Values) { q.Del("response_type") }, "invalid_request"},
		"an empty one":          {func(q url.Values) { q.Set("response_type", "") }, "invalid_request"},
		"another response type": {func(q url.Values) { q.Set("response_type", "token") }, "unsupported_response_type"},
		"response type twice":   {func(q url.Values) { q.Add("response_type", "code") }, "invalid_request"},
		"scope twice":           {func(q url.Values) { q.Add("scope", "openid") }, "invalid_request"},
		"no challenge":          {func(q url.Values) { q.Del("code_challenge") }, "invalid_request"},
		"nobody is logged in":   {func(q url.Values) { q.Set("prompt", "none") }, "login_required"},
		"redirect twice":        {func(q url.Values) { q.Add("redirect_uri", vuelta) }, "a page"},
		"client twice":          {func(q url.Values) { q.Add("client_id", AppCLI) }, "a page"},
	} {
		t.Run(nombre, func(t *testing.T) {
			u, _ := url.Parse(bueno)
			q := u.Query()
			x.cambiar(q)
			u.RawQuery = q.Encode()
			res, html := b.get(u.String())
			if m := enForm.FindStringSubmatch(html); m != nil {
				res, html = b.post(
					b.url+"u/login",
					url.Values{
						"pendiente": {m[1]},
						"username":  {"cliente1"},
						"password":  {Password},
					},
				)
			}
			lugar, err := res.Location()
			if x.error == "a page" {
				if err == nil || res.StatusCode != http.StatusBadRequest {
					t.Errorf("%d %v", res.StatusCode, lugar)
				}
				return
			}
			if err != nil {
				t.Fatalf("%d %v %s", res.StatusCode, err, html)
			}
			dicho := lugar.Query()
			if dicho.Get("iss") != b.url || dicho.Get("error") != x.error ||
				dicho.Get("state") != "s" ||
				(dicho.Get("code") != "") != (x.error == "") {
				t.Errorf("%d %v %s", res.StatusCode, lugar, html)
			}
		})
	}
}

// TestUserinfoChallenges: the WWW-Authenticate of userinfo is as RFC 6750 says: without an error code when the request
// has no token, and with insufficient_scope for a good token without openid.
func TestUserinfoChallenges(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	c := b.config(AppCLI, "")
	c.Scopes = []string{"profile"}
	sinOpenID := b.tokens(c, "cliente1").AccessToken
	for cabecera, x := range map[string]struct {
		estado int
		quiero string
	}{
		"":                    {401, `Bearer realm="despensa"`},
		"Basic YTpi":          {401, `Bearer realm="despensa"`},
		"Bearer nada":         {401, `Bearer realm="despensa", error="invalid_token"`},
		"bearer " + sinOpenID: {403, `Bearer realm="despensa", error="insufficient_scope", scope="openid"`},
	} {
		r, err := http.NewRequestWithContext(t.Context(), "GET", b.url+"userinfo", nil)
		if err != nil {
			t.Fatal(err)
		}
		if cabecera != "" {
			r.Header.Set("Authorization", cabecera)
		}
		if res, cuerpo := b.leer(b.hc.Do(r)); res.StatusCode != x.estado ||
			res.Header.Get("WWW-Authenticate") != x.quiero {
			t.Errorf(
				"%.12s: %d %q %s",
				cabecera,
				res.StatusCode,
				res.Header.Get("WWW-Authenticate"),
				cuerpo,
			)
		}
	}
}
