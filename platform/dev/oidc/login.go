package oidc

import (
	"encoding/base64"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// The texts of the page.
const (
	textUnknown = "La aplicación o la dirección de retorno no están registradas."
	textExpired = "Este ingreso caducó. Volvé a la aplicación y empezá de nuevo."
	textWrong   = "El usuario o la clave no son correctos."
	textTooMany = "Hubo demasiados intentos fallidos. Esperá un minuto y probá otra vez."
	textFailed  = "No se pudo completar el ingreso. Probá otra vez."
)

// maxParameter is the maximum length of state, nonce and scope together, in bytes. A login in progress keeps them in
// memory.
const maxParameter = 2048

// authorize is the authorization endpoint: it shows the login form. It redirects to registered addresses alone; for
// any other it shows an error.
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	cliente, ok := p.app(query.Get("client_id"))
	vuelta := query.Get("redirect_uri")
	if !ok || !p.mayReturnTo(cliente, vuelta) || len(query["client_id"]) > 1 ||
		len(query["redirect_uri"]) > 1 {
		p.page.error(w, http.StatusBadRequest, textUnknown)
		return
	}
	if e := p.check(query); e != nil {
		p.answer(w, r, vuelta, url.Values{
			"error":             {e.code},
			"error_description": {e.text},
			"state":             {query.Get("state")},
		})
		return
	}
	id, err := p.secret()
	if err != nil {
		p.page.error(w, http.StatusInternalServerError, textFailed)
		return
	}
	p.pending.put(id, grant{
		app:       cliente.id,
		redirect:  vuelta,
		challenge: query.Get("code_challenge"),
		nonce:     query.Get("nonce"),
		state:     query.Get("state"),
		scopes:    strings.Fields(query.Get("scope")),
	}, p.o.Now())
	p.show(w, http.StatusOK, view{Pendiente: id, Usuario: query.Get("login_hint")}, vuelta)
}

// mayReturnTo reports whether a code of the application cliente may be sent to the address vuelta: a registered one or,
// with Options.Local, a registered path at another port of this machine.
func (p *Provider) mayReturnTo(cliente app, vuelta string) bool {
	if slices.Contains(cliente.redirects, vuelta) {
		return true
	}
	if !p.isLocal(vuelta) {
		return false
	}
	suya, err := url.Parse(vuelta)
	return err == nil && slices.ContainsFunc(cliente.redirects, func(r string) bool {
		u, err := url.Parse(r)
		return err == nil && "http://"+suya.Host+u.Path == vuelta
	})
}

// isLocal reports whether direccion is an http address of this machine, with any port (RFC 8252, 7.3), and
// Options.Local allows them.
func (p *Provider) isLocal(direccion string) bool {
	u, err := url.Parse(direccion)
	if err != nil || !p.o.Local || u.Scheme != "http" || u.User != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return ip != nil && ip.IsLoopback() || u.Hostname() == "localhost"
}

// check gives the error of an authorization request; nil when the request is good.
func (p *Provider) check(query url.Values) *oauthError {
	if mal := checkOnce(query); mal != nil {
		return mal
	}
	reto, err := base64.RawURLEncoding.DecodeString(query.Get("code_challenge"))
	switch {
	case query.Get("response_type") == "":
		return badRequest("response_type is required")
	case query.Get("response_type") != "code":
		return &oauthError{code: "unsupported_response_type", text: "only code"}
	case query.Has("response_mode") && query.Get("response_mode") != "query":
		return badRequest("response_mode: only query")
	case query.Has("request"):
		return &oauthError{code: "request_not_supported", text: "parameters come in the query"}
	case query.Has("request_uri"):
		return &oauthError{
			code: "request_uri_not_supported",
			text: "parameters come in the query",
		}
	case query.Get("code_challenge_method") != "S256" || err != nil || len(reto) != 32:
		return &oauthError{code: "invalid_request", text: "PKCE with S256 is required"}
	case query.Has("audience") && query.Get("audience") != p.o.Audience:
		return &oauthError{code: "invalid_target", text: "unknown audience"}
	case len(query.Get("state"))+len(query.Get("nonce"))+len(query.Get("scope")) > maxParameter:
		return &oauthError{code: "invalid_request", text: "a parameter is too long"}
	case query.Get("prompt") == "none": // the provider keeps no session, so each login needs the form
		return &oauthError{code: "login_required", text: "the user has to log in"}
	}
	return nil
}

// login is POST /u/login, the form of the page: it checks the password and sends the code to the application.
func (p *Provider) login(w http.ResponseWriter, r *http.Request) {
	ahora := p.o.Now()
	id := r.PostFormValue("pendiente")
	enCurso, ok := p.pending.get(id, ahora)
	if !ok {
		p.page.error(w, http.StatusBadRequest, textExpired)
		return
	}
	datos := view{Pendiente: id, Usuario: r.PostFormValue("username")}
	quien := addressOf(r)
	if p.throttle.refused(quien, ahora) {
		datos.Error = textTooMany
		w.Header().Set("Retry-After", "60")
		p.show(w, http.StatusTooManyRequests, datos, enCurso.redirect)
		return
	}
	persona, ok := identify(r.PostFormValue("username"), r.PostFormValue("password"))
	if !ok {
		p.throttle.note(quien, ahora)
		datos.Error = textWrong
		p.show(w, http.StatusUnauthorized, datos, enCurso.redirect)
		return
	}
	p.enter(w, r, id, persona)
}

// enter uses the login in progress id and redirects to the application with a code for the user persona.
func (p *Provider) enter(w http.ResponseWriter, r *http.Request, id string, persona user) {
	ahora := p.o.Now()
	codigo, err := p.secret()
	if err != nil {
		p.page.error(w, http.StatusInternalServerError, textFailed)
		return
	}
	enCurso, que := p.pending.take(id, ahora)
	if que != firstUse {
		p.page.error(w, http.StatusBadRequest, textExpired)
		return
	}
	enCurso.user, enCurso.at, enCurso.family = persona, ahora, id
	p.codes.put(codigo, enCurso, ahora)
	p.answer(w, r, enCurso.redirect, url.Values{"code": {codigo}, "state": {enCurso.state}})
}

// answer redirects to vuelta with the authorization answer query and the issuer in iss (RFC 9207).
func (p *Provider) answer(
	w http.ResponseWriter,
	r *http.Request,
	vuelta string,
	query url.Values,
) {
	query.Set("iss", p.o.Issuer)
	redirect(w, r, vuelta, query)
}

// show answers with the login form.
func (p *Provider) show(w http.ResponseWriter, estado int, datos view, vuelta string) {
	datos.Accion = p.base + "/u/login"
	p.page.form(w, estado, datos, vuelta)
}

// redirect redirects to the registered address direccion with the parameters query; it leaves out empty ones.
func redirect(w http.ResponseWriter, r *http.Request, direccion string, query url.Values) {
	destino, err := url.Parse(direccion)
	if err != nil {
		http.Error(w, "bad redirect", http.StatusBadRequest)
		return
	}
	todos := destino.Query()
	for k, v := range query {
		if v[0] != "" {
			todos.Set(k, v[0])
		}
	}
	destino.RawQuery = todos.Encode()
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, destino.String(), http.StatusSeeOther)
}

// addressOf is the client's address without the port.
func addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// logout is the end-session endpoint: it redirects to a page of a registered origin, or shows a page of its own. The
// provider keeps no session that it could end.
func (p *Provider) logout(w http.ResponseWriter, r *http.Request) {
	a := r.FormValue("post_logout_redirect_uri")
	if a == "" {
		p.page.notice(w, "Cerraste la sesión.")
		return
	}
	if !p.isRegistered(a) {
		p.page.error(w, http.StatusBadRequest, textUnknown)
		return
	}
	redirect(w, r, a, url.Values{"state": {r.FormValue("state")}})
}

// isRegistered reports whether the address a has the origin of a registered redirect, or is one of this machine
// (isLocal).
func (p *Provider) isRegistered(a string) bool {
	esSuyo := func(u string) bool { return originOf(u) == originOf(a) }
	return p.isLocal(a) || originOf(a) != "" && slices.ContainsFunc(p.o.Redirects, esSuyo)
}

// originOf is scheme, host and port of an http(s) address; "" for anything else.
func originOf(a string) string {
	u, err := url.Parse(a)
	if err != nil || u.Host == "" || u.User != nil ||
		(u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
