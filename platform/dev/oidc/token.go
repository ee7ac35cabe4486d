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

// errorOAuth is an error answer of RFC 6749. texto, in English, is for the developer of the application.
type errorOAuth struct {
	estado        int
	codigo, texto string
}

// errorDe makes the error of an HTTP status, a code of RFC 6749 or RFC 6750 and an English text.
func errorDe(estado int, codigo, texto string) *errorOAuth {
	return &errorOAuth{estado: estado, codigo: codigo, texto: texto}
}

// Error gives the error's code.
func (e *errorOAuth) Error() string { return e.codigo }

// Errors of the token endpoint.
var (
	errCliente = errorDe(http.StatusUnauthorized, "invalid_client", "unknown client or wrong secret")
	errPermiso = errorDe(http.StatusBadRequest, "invalid_grant", "the grant is unknown, expired, used up or not yours")
	errNoPuede = errorDe(http.StatusBadRequest, "unauthorized_client", "this client may not use this grant type")
	errTipo    = errorDe(http.StatusBadRequest, "unsupported_grant_type",
		"authorization_code, refresh_token or client_credentials")
	errAlcance   = errorDe(http.StatusBadRequest, "invalid_scope", "a scope that was not granted")
	errAudiencia = errorDe(http.StatusBadRequest, "invalid_target", "unknown audience")
	errToken     = errorDe(http.StatusUnauthorized, "invalid_token", "not an access token of this issuer for userinfo")
	errSinToken  = errorDe(http.StatusUnauthorized, "invalid_request",
		"an access token is required: Authorization: Bearer")
	errOpenID   = errorDe(http.StatusForbidden, "insufficient_scope", "the access token lacks the scope openid")
	errServidor = errorDe(http.StatusInternalServerError, "server_error", "the token could not be made")
)

// token is the token endpoint.
func (p *Proveedor) token(w http.ResponseWriter, r *http.Request) {
	cliente, err := p.solicitante(r, "grant_type")
	if err != nil {
		fallar(w, err)
		return
	}
	out, err := p.porConcesion(r, cliente)
	if err != nil {
		fallar(w, err)
		return
	}
	responder(w, http.StatusOK, out)
}

// porConcesion exchanges the grant of r (a code, a refresh token or the client's credentials) for tokens.
func (p *Proveedor) porConcesion(r *http.Request, cliente app) (map[string]any, *errorOAuth) {
	switch r.PostFormValue("grant_type") {
	case "authorization_code":
		if err := exigir(r.PostForm, "code", "redirect_uri", "code_verifier"); err != nil {
			return nil, err
		}
		return p.porCodigo(r, cliente)
	case "refresh_token":
		if err := exigir(r.PostForm, "refresh_token"); err != nil {
			return nil, err
		}
		return p.porRefresco(r, cliente)
	case "client_credentials":
		return p.porMaquina(r, cliente)
	}
	return nil, errTipo
}

// solicitante reads a request of the token endpoints: a form without repeated parameters (RFC 6749). It authenticates
// the client and requires the parameters deben. Errors: malPedido's; errCliente.
func (p *Proveedor) solicitante(r *http.Request, deben ...string) (app, *errorOAuth) {
	tipo, _, malTipo := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if malTipo != nil || tipo != "application/x-www-form-urlencoded" {
		return app{}, malPedido("a form is required: Content-Type: application/x-www-form-urlencoded")
	}
	if err := r.ParseForm(); err != nil {
		return app{}, malPedido("the form cannot be read")
	}
	if err := unaVez(r.PostForm); err != nil {
		return app{}, err
	}
	cliente, err := p.autenticar(r)
	if err == nil {
		err = exigir(r.PostForm, deben...)
	}
	return cliente, err
}

// malPedido is the error of a malformed request: invalid_request, 400.
func malPedido(texto string) *errorOAuth {
	return &errorOAuth{estado: http.StatusBadRequest, codigo: "invalid_request", texto: texto}
}

// unaVez refuses a request with a repeated parameter.
func unaVez(q url.Values) *errorOAuth {
	for _, valores := range q {
		if len(valores) > 1 {
			return malPedido("a parameter comes more than once")
		}
	}
	return nil
}

// exigir refuses a form in which one of the parameters deben is missing or empty.
func exigir(q url.Values, deben ...string) *errorOAuth {
	for _, d := range deben {
		if q.Get(d) == "" {
			return malPedido(d + " is required")
		}
	}
	return nil
}

// autenticar authenticates the client by basic authentication or by the form's client_id and client_secret. Errors:
// errCliente; malPedido's when the request uses both.
func (p *Proveedor) autenticar(r *http.Request) (app, *errorOAuth) {
	id, secreto, basic := r.BasicAuth()
	otraID := r.PostForm.Has("client_id") && r.PostFormValue("client_id") != desescapar(id)
	if basic && (r.PostForm.Has("client_secret") || otraID) {
		return app{}, malPedido("one way of authentication is taken, not two")
	}
	if basic { // RFC 6749, 2.3.1: both are form-encoded first
		id, secreto = desescapar(id), desescapar(secreto)
	} else {
		id, secreto = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	cliente, ok := p.app(id)
	if !ok || !igual(cliente.secreto, secreto) {
		return app{}, errCliente
	}
	return cliente, nil
}

func desescapar(s string) string {
	if t, err := url.QueryUnescape(s); err == nil {
		return t
	}
	return s
}

// porCodigo exchanges a code for tokens. The code is used even if the exchange fails. A second use of the code revokes
// the tokens of the first.
func (p *Proveedor) porCodigo(r *http.Request, cliente app) (map[string]any, *errorOAuth) {
	concedido, que := p.codigos.tomar(r.PostFormValue("code"), p.o.Ahora())
	if que == repetida {
		p.revocar(concedido.familia)
	}
	if que != primera || concedido.app != cliente.id || concedido.redireccion != r.PostFormValue("redirect_uri") ||
		!prueba(r.PostFormValue("code_verifier"), concedido.reto) {
		return nil, errPermiso
	}
	return p.emitir(concedido)
}

// prueba reports whether the verifier fits the challenge reto by PKCE's method S256.
func prueba(verificador, reto string) bool {
	suma := sha256.Sum256([]byte(verificador))
	largo := len(verificador) >= 43 && len(verificador) <= 128
	return largo && igual(base64.RawURLEncoding.EncodeToString(suma[:]), reto)
}

// porRefresco exchanges a refresh token for new tokens. The use of an old refresh token shows that it was stolen, by
// its present or by its earlier user: all refresh tokens of the login end.
func (p *Proveedor) porRefresco(r *http.Request, cliente app) (map[string]any, *errorOAuth) {
	ahora := p.o.Ahora()
	crudo := r.PostFormValue("refresh_token")
	if concedido, ok := p.refrescos.ver(crudo, ahora); ok && concedido.app != cliente.id {
		return nil, errPermiso // the token of another application: it stays unused
	}
	concedido, que := p.refrescos.tomar(crudo, ahora)
	if que == repetida {
		p.revocar(concedido.familia)
	}
	if que != primera || concedido.app != cliente.id {
		return nil, errPermiso
	}
	concedido.nonce = ""
	return p.emitir(concedido)
}

// revocar ends all refresh tokens of one login (familia), those too that a concurrent request is making (refresco).
func (p *Proveedor) revocar(familia string) {
	p.revocadas.poner(familia, familia, p.o.Ahora())
	p.refrescos.quitar(func(g permiso) bool { return g.familia == familia })
}

// revocacion is the revocation endpoint (RFC 7009): it ends a refresh token and all that came from the same login.
// With todas=1, an extension of this provider, it ends all refresh tokens of the person at the application. An unknown
// token is answered as a revoked one.
func (p *Proveedor) revocacion(w http.ResponseWriter, r *http.Request) {
	cliente, err := p.solicitante(r, "token")
	if err != nil {
		fallar(w, err)
		return
	}
	ahora := p.o.Ahora()
	crudo := r.PostFormValue("token")
	esEste := func(n string, g permiso) bool { return igual(n, crudo) && g.app == cliente.id }
	for _, g := range p.refrescos.todas(ahora, esEste) {
		p.revocar(g.familia)
		if r.PostFormValue("todas") != "1" {
			continue
		}
		delMismo := func(_ string, o permiso) bool { return o.app == cliente.id && o.usuario == g.usuario }
		for _, otra := range p.refrescos.todas(ahora, delMismo) {
			p.revocar(otra.familia)
		}
	}
	responder(w, http.StatusOK, map[string]any{})
}

// porMaquina gives another system an access token with the scopes that it asks for, or with all its own. Errors:
// errNoPuede, errAudiencia, errAlcance.
func (p *Proveedor) porMaquina(r *http.Request, cliente app) (map[string]any, *errorOAuth) {
	if !cliente.maquina() {
		return nil, errNoPuede
	}
	if d := r.PostFormValue("audience"); d != "" && d != p.o.Audiencia {
		return nil, errAudiencia
	}
	alcances := cliente.alcances
	if s := strings.Fields(r.PostFormValue("scope")); len(s) > 0 {
		if slices.ContainsFunc(s, func(x string) bool { return !slices.Contains(cliente.alcances, x) }) {
			return nil, errAlcance
		}
		alcances = s
	}
	return p.emitirMaquina(cliente, alcances)
}

// fallar answers with the error e and its WWW-Authenticate challenge.
func fallar(w http.ResponseWriter, e *errorOAuth) {
	switch e {
	case errCliente:
		w.Header().Set("WWW-Authenticate", `Basic realm="despensa"`)
	case errSinToken:
		w.Header().Set("WWW-Authenticate", `Bearer realm="despensa"`)
	case errToken:
		w.Header().Set("WWW-Authenticate", `Bearer realm="despensa", error="invalid_token"`)
	case errOpenID:
		w.Header().Set("WWW-Authenticate", `Bearer realm="despensa", error="insufficient_scope", scope="openid"`)
	}
	responder(w, e.estado, map[string]string{"error": e.codigo, "error_description": e.texto})
}

func responder(w http.ResponseWriter, estado int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Pragma", "no-cache")
	w.WriteHeader(estado)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // the client may have gone
}
