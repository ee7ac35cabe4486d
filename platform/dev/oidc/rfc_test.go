package oidc

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/oauth2"
)

// The token endpoint takes what RFC 6749 describes and says what is wrong with the rest in its words.
func TestTokenRequests(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	const maquina = "grant_type=client_credentials&client_id=" + AppMaquina + "&client_secret=" + SecretoMaquina
	const formulario = "application/x-www-form-urlencoded"
	for nombre, x := range map[string]struct {
		camino, tipo, cuerpo string
		basic                string // client that authenticates by its header
		estado               int
		codigo               string // "": tokens
	}{
		"a form":                     {"oauth/token", formulario, maquina, "", 200, ""},
		"a form with its encoding":   {"oauth/token", formulario + "; charset=UTF-8", maquina, "", 200, ""},
		"JSON":                       {"oauth/token", "application/json", `{"grant_type":"client_credentials","client_id":"` + AppMaquina + `","client_secret":"` + SecretoMaquina + `"}`, "", 400, "invalid_request"},
		"JSON called a form":         {"oauth/token", formulario, `{"grant_type":"client_credentials"}`, "", 401, "invalid_client"},
		"a form called JSON":         {"oauth/token", "application/json", maquina, "", 400, "invalid_request"},
		"no type":                    {"oauth/token", "", maquina, "", 400, "invalid_request"},
		"multipart":                  {"oauth/token", "multipart/form-data; boundary=x", "--x--", "", 400, "invalid_request"},
		"a form that cannot be read": {"oauth/token", formulario, maquina + "&a=%zz", "", 400, "invalid_request"},
		"too large":                  {"oauth/token", formulario, maquina + "&a=" + strings.Repeat("a", 40_000), "", 400, "invalid_request"},
		"nothing":                    {"oauth/token", formulario, "", "", 401, "invalid_client"},
		"in the query":               {"oauth/token?" + maquina, formulario, "", "", 401, "invalid_client"},
		"no grant type":              {"oauth/token", formulario, "client_id=" + AppMaquina + "&client_secret=" + SecretoMaquina, "", 400, "invalid_request"},
		"an unknown grant type":      {"oauth/token", formulario, strings.Replace(maquina, "client_credentials", "otro", 1), "", 400, "unsupported_grant_type"},
		"a grant type twice":         {"oauth/token", formulario, maquina + "&grant_type=client_credentials", "", 400, "invalid_request"},
		"no code":                    {"oauth/token", formulario, "grant_type=authorization_code&redirect_uri=x&code_verifier=x&client_id=" + AppCLI, "", 400, "invalid_request"},
		"no redirect":                {"oauth/token", formulario, "grant_type=authorization_code&code=x&code_verifier=x&client_id=" + AppCLI, "", 400, "invalid_request"},
		"no refresh token":           {"oauth/token", formulario, "grant_type=refresh_token&client_id=" + AppCLI, "", 400, "invalid_request"},
		"by header":                  {"oauth/token", formulario, "grant_type=client_credentials", AppMaquina, 200, ""},
		"by header, its own id too":  {"oauth/token", formulario, "grant_type=client_credentials&client_id=" + AppMaquina, AppMaquina, 200, ""},
		"by header, another's id":    {"oauth/token", formulario, "grant_type=client_credentials&client_id=" + AppWeb, AppMaquina, 400, "invalid_request"},
		"by header and form":         {"oauth/token", formulario, maquina, AppMaquina, 400, "invalid_request"},
		"revoke, JSON":               {"oauth/revoke", "application/json", `{"token":"x"}`, "", 400, "invalid_request"},
		"revoke, no token":           {"oauth/revoke", formulario, "client_id=" + AppCLI, "", 400, "invalid_request"},
		"revoke, an unknown token":   {"oauth/revoke", formulario, "token=x&client_id=" + AppCLI, "", 200, ""},
	} {
		t.Run(nombre, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), "POST", b.url+x.camino, strings.NewReader(x.cuerpo))
			if err != nil {
				t.Fatal(err)
			}
			if x.tipo != "" {
				r.Header.Set("Content-Type", x.tipo)
			}
			if x.basic != "" {
				r.SetBasicAuth(x.basic, SecretoMaquina)
			}
			res, cuerpo := b.leer(b.hc.Do(r))
			var dicho struct{ Error string }
			if err := json.Unmarshal([]byte(cuerpo), &dicho); err != nil || res.StatusCode != x.estado || dicho.Error != x.codigo {
				t.Errorf("%d %s, want %d %q", res.StatusCode, cuerpo, x.estado, x.codigo)
			}
			if (res.Header.Get("WWW-Authenticate") != "") != (x.estado == 401) {
				t.Errorf("the challenge is %q", res.Header.Get("WWW-Authenticate"))
			}
		})
	}
}

// Every authorization answer, good or bad, says whose it is, and discovery says that it does (RFC 9207).
func TestAnswersSayWhose(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	_, d := b.get(b.url + ".well-known/openid-configuration")
	if !strings.Contains(d, `"authorization_response_iss_parameter_supported":true`) {
		t.Error(d)
	}
	bueno := b.config(AppCLI, "").AuthCodeURL("s", oauth2.S256ChallengeOption(oauth2.GenerateVerifier()))
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
				res, html = b.post(b.url+"u/login", url.Values{"pendiente": {m[1]}, "username": {"cliente1"}, "password": {Clave}})
			}
			lugar, err := res.Location()
			if x.error == "a page" {
				if err == nil || res.StatusCode != http.StatusBadRequest {
					t.Errorf("%d %v", res.StatusCode, lugar)
				}
				return
			}
			if err != nil || lugar.Query().Get("iss") != b.url || lugar.Query().Get("error") != x.error || lugar.Query().Get("state") != "s" ||
				(lugar.Query().Get("code") != "") != (x.error == "") {
				t.Errorf("%d %v %s", res.StatusCode, lugar, html)
			}
		})
	}
}

// userinfo challenges as RFC 6750 says: without an error when no token came, and for a good token that opens nothing.
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
		if res, cuerpo := b.leer(b.hc.Do(r)); res.StatusCode != x.estado || res.Header.Get("WWW-Authenticate") != x.quiero {
			t.Errorf("%.12s: %d %q %s", cabecera, res.StatusCode, res.Header.Get("WWW-Authenticate"), cuerpo)
		}
	}
}
