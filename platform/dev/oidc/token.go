package oidc

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// oauthError is an error answer of RFC 6749. text, in English, is for the developer of the application.
type oauthError struct {
	status     int
	code, text string
}

// errorOf makes the error of an HTTP status, a code of RFC 6749 or RFC 6750 and an English text.
func errorOf(estado int, codigo, texto string) *oauthError {
	return &oauthError{status: estado, code: codigo, text: texto}
}

// Error gives the error's code.
func (e *oauthError) Error() string { return e.code }

// Errors of the token endpoint.
var (
	errClient = errorOf(http.StatusUnauthorized, "invalid_client", "unknown client or wrong secret")
	errGrant  = errorOf(http.StatusBadRequest, "invalid_grant",
		"the grant is unknown, expired, used up or not yours")
	errUnauthorizedClient = errorOf(http.StatusBadRequest, "unauthorized_client",
		"this client may not use this grant type")
	errGrantType = errorOf(http.StatusBadRequest, "unsupported_grant_type",
		"authorization_code, refresh_token or client_credentials")
	errScope    = errorOf(http.StatusBadRequest, "invalid_scope", "a scope that was not granted")
	errAudience = errorOf(http.StatusBadRequest, "invalid_target", "unknown audience")
	errToken    = errorOf(http.StatusUnauthorized, "invalid_token", "not an access token of this issuer for userinfo")
	errNoToken  = errorOf(http.StatusUnauthorized, "invalid_request",
		"an access token is required: Authorization: Bearer")
	errOpenID = errorOf(http.StatusForbidden, "insufficient_scope", "the access token lacks the scope openid")
	errServer = errorOf(http.StatusInternalServerError, "server_error", "the token could not be made")
)

// token is the token endpoint.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	cliente, err := p.clientOf(r, "grant_type")
	if err != nil {
		fail(w, err)
		return
	}
	out, err := p.byGrant(r, cliente)
	if err != nil {
		fail(w, err)
		return
	}
	respond(w, http.StatusOK, out)
}

// byGrant exchanges the grant of r (a code, a refresh token or the client's credentials) for tokens.
func (p *Provider) byGrant(r *http.Request, cliente app) (map[string]any, *oauthError) {
	switch r.PostFormValue("grant_type") {
	case "authorization_code":
		if err := require(r.PostForm, "code", "redirect_uri", "code_verifier"); err != nil {
			return nil, err
		}
		return p.byCode(r, cliente)
	case "refresh_token":
		if err := require(r.PostForm, "refresh_token"); err != nil {
			return nil, err
		}
		return p.byRefresh(r, cliente)
	case "client_credentials":
		return p.byMachine(r, cliente)
	}
	return nil, errGrantType
}

// clientOf reads a request of the token endpoints: a form without repeated parameters (RFC 6749). It authenticates
// the client and requires the parameters deben. Errors: badRequest's; errClient.
func (p *Provider) clientOf(r *http.Request, deben ...string) (app, *oauthError) {
	tipo, _, malTipo := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if malTipo != nil || tipo != "application/x-www-form-urlencoded" {
		return app{}, badRequest(
			"a form is required: Content-Type: application/x-www-form-urlencoded",
		)
	}
	if err := r.ParseForm(); err != nil {
		return app{}, badRequest("the form cannot be read")
	}
	if err := checkOnce(r.PostForm); err != nil {
		return app{}, err
	}
	cliente, err := p.authenticate(r)
	if err == nil {
		err = require(r.PostForm, deben...)
	}
	return cliente, err
}

// badRequest is the error of a malformed request: invalid_request, 400.
func badRequest(texto string) *oauthError {
	return &oauthError{status: http.StatusBadRequest, code: "invalid_request", text: texto}
}

// checkOnce refuses a request with a repeated parameter.
func checkOnce(values url.Values) *oauthError {
	for _, valores := range values {
		if len(valores) > 1 {
			return badRequest("a parameter comes more than once")
		}
	}
	return nil
}

// require refuses a form in which one of the parameters deben is missing or empty.
func require(values url.Values, deben ...string) *oauthError {
	for _, d := range deben {
		if values.Get(d) == "" {
			return badRequest(d + " is required")
		}
	}
	return nil
}

// authenticate authenticates the client by basic authentication or by the form's client_id and client_secret. Errors:
// errClient; badRequest's when the request uses both.
func (p *Provider) authenticate(r *http.Request) (app, *oauthError) {
	id, secreto, basic := r.BasicAuth()
	otraID := r.PostForm.Has("client_id") && r.PostFormValue("client_id") != unescape(id)
	if basic && (r.PostForm.Has("client_secret") || otraID) {
		return app{}, badRequest("one way of authentication is taken, not two")
	}
	if basic { // RFC 6749, 2.3.1: both are form-encoded first
		id, secreto = unescape(id), unescape(secreto)
	} else {
		id, secreto = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	cliente, ok := p.app(id)
	if !ok || !equal(cliente.secret, secreto) {
		return app{}, errClient
	}
	return cliente, nil
}

func unescape(s string) string {
	if t, err := url.QueryUnescape(s); err == nil {
		return t
	}
	return s
}

// byCode exchanges a code for tokens. The code is used even if the exchange fails. A second use of the code revokes
// the tokens of the first.
func (p *Provider) byCode(r *http.Request, cliente app) (map[string]any, *oauthError) {
	concedido, que := p.codes.take(r.PostFormValue("code"), p.o.Now())
	if que == repeatedUse {
		p.revoke(concedido.family)
	}
	if que != firstUse || concedido.app != cliente.id ||
		concedido.redirect != r.PostFormValue("redirect_uri") ||
		!proves(r.PostFormValue("code_verifier"), concedido.challenge) {
		return nil, errGrant
	}
	return p.issue(concedido)
}

// proves reports whether the verifier fits the challenge reto by PKCE's method S256.
func proves(verificador, reto string) bool {
	suma := sha256.Sum256([]byte(verificador))
	largo := len(verificador) >= 43 && len(verificador) <= 128
	return largo && equal(base64.RawURLEncoding.EncodeToString(suma[:]), reto)
}

// byRefresh exchanges a refresh token for new tokens. The use of an old refresh token shows that it was stolen, by
// its present or by its earlier user: all refresh tokens of the login end.
func (p *Provider) byRefresh(r *http.Request, cliente app) (map[string]any, *oauthError) {
	ahora := p.o.Now()
	crudo := r.PostFormValue("refresh_token")
	if concedido, ok := p.refreshTokens.get(crudo, ahora); ok && concedido.app != cliente.id {
		return nil, errGrant // the token of another application: it stays unused
	}
	concedido, que := p.refreshTokens.take(crudo, ahora)
	if que == repeatedUse {
		p.revoke(concedido.family)
	}
	if que != firstUse || concedido.app != cliente.id {
		return nil, errGrant
	}
	concedido.nonce = ""
	return p.issue(concedido)
}

// revoke ends all refresh tokens of one login (familia), those too that a concurrent request is making (refreshToken).
func (p *Provider) revoke(familia string) {
	p.revoked.put(familia, familia, p.o.Now())
	p.refreshTokens.remove(func(g grant) bool { return g.family == familia })
}

// revocation is the revocation endpoint (RFC 7009): it ends a refresh token and all that came from the same login.
// With todas=1, an extension of this provider, it ends all refresh tokens of the person at the application. An unknown
// token is answered as a revoked one.
func (p *Provider) revocation(w http.ResponseWriter, r *http.Request) {
	cliente, err := p.clientOf(r, "token")
	if err != nil {
		fail(w, err)
		return
	}
	ahora := p.o.Now()
	crudo := r.PostFormValue("token")
	esEste := func(n string, g grant) bool { return equal(n, crudo) && g.app == cliente.id }
	for _, g := range p.refreshTokens.all(ahora, esEste) {
		p.revoke(g.family)
		if r.PostFormValue("todas") != "1" {
			continue
		}
		delMismo := func(_ string, o grant) bool { return o.app == cliente.id && o.user == g.user }
		for _, otra := range p.refreshTokens.all(ahora, delMismo) {
			p.revoke(otra.family)
		}
	}
	respond(w, http.StatusOK, map[string]any{})
}

// byMachine gives another system an access token with the scopes that it asks for, or with all its own. Errors:
// errUnauthorizedClient, errAudience, errScope.
func (p *Provider) byMachine(r *http.Request, cliente app) (map[string]any, *oauthError) {
	if !cliente.isMachine() {
		return nil, errUnauthorizedClient
	}
	if d := r.PostFormValue("audience"); d != "" && d != p.o.Audience {
		return nil, errAudience
	}
	alcances := cliente.scopes
	if s := strings.Fields(r.PostFormValue("scope")); len(s) > 0 {
		if slices.ContainsFunc(
			s,
			func(x string) bool { return !slices.Contains(cliente.scopes, x) },
		) {
			return nil, errScope
		}
		alcances = s
	}
	return p.issueToMachine(cliente, alcances)
}

// fail answers with the error e and its WWW-Authenticate challenge.
func fail(w http.ResponseWriter, oauthError *oauthError) {
	switch oauthError {
	case errClient:
		w.Header().Set("WWW-Authenticate", `Basic realm="despensa"`)
	case errNoToken:
		w.Header().Set("WWW-Authenticate", `Bearer realm="despensa"`)
	case errToken:
		w.Header().Set("WWW-Authenticate", `Bearer realm="despensa", error="invalid_token"`)
	case errOpenID:
		w.Header().
			Set("WWW-Authenticate", `Bearer realm="despensa", error="insufficient_scope", scope="openid"`)
	}
	respond(
		w,
		oauthError.status,
		map[string]string{"error": oauthError.code, "error_description": oauthError.text},
	)
}

func respond(w http.ResponseWriter, estado int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Pragma", "no-cache")
	w.WriteHeader(estado)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // the client may have gone
}
