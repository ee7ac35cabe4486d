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
	dichoDesconocida = "La aplicación o la dirección de retorno no están registradas."
	dichoCaduco      = "Este ingreso caducó. Volvé a la aplicación y empezá de nuevo."
	dichoIncorrectos = "El usuario o la clave no son correctos."
	dichoDemasiados  = "Hubo demasiados intentos fallidos. Esperá un minuto y probá otra vez."
	dichoFallo       = "No se pudo completar el ingreso. Probá otra vez."
)

// maxParametro is the maximum length of state, nonce and scope together, in bytes. A login in progress keeps them in
// memory.
const maxParametro = 2048

// authorize is the authorization endpoint: it shows the login form. It redirects to registered addresses alone; for any
// other it shows an error.
func (p *Proveedor) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	a, ok := p.app(q.Get("client_id"))
	vuelta := q.Get("redirect_uri")
	if !ok || !p.vuelveA(a, vuelta) || len(q["client_id"]) > 1 || len(q["redirect_uri"]) > 1 {
		p.pagina.error(w, http.StatusBadRequest, dichoDesconocida)
		return
	}
	if e := p.revisar(q); e != nil {
		p.contestar(w, r, vuelta, url.Values{
			"error":             {e.codigo},
			"error_description": {e.texto},
			"state":             {q.Get("state")},
		})
		return
	}
	id, err := p.secreto()
	if err != nil {
		p.pagina.error(w, http.StatusInternalServerError, dichoFallo)
		return
	}
	p.pendientes.poner(id, permiso{
		app:         a.id,
		redireccion: vuelta,
		reto:        q.Get("code_challenge"),
		nonce:       q.Get("nonce"),
		state:       q.Get("state"),
		alcances:    strings.Fields(q.Get("scope")),
	}, p.o.Ahora())
	p.mostrar(w, http.StatusOK, vista{Pendiente: id, Usuario: q.Get("login_hint")}, vuelta)
}

// vuelveA reports whether a code of the application a may be sent to the address vuelta: a registered one or, with
// Opciones.Locales, a registered path at another port of this machine.
func (p *Proveedor) vuelveA(a app, vuelta string) bool {
	if slices.Contains(a.redirecciones, vuelta) {
		return true
	}
	if !p.deAca(vuelta) {
		return false
	}
	suya, err := url.Parse(vuelta)
	return err == nil && slices.ContainsFunc(a.redirecciones, func(r string) bool {
		u, err := url.Parse(r)
		return err == nil && "http://"+suya.Host+u.Path == vuelta
	})
}

// deAca reports whether direccion is an http address of this machine, with any port (RFC 8252, 7.3), and
// Opciones.Locales allows them.
func (p *Proveedor) deAca(direccion string) bool {
	u, err := url.Parse(direccion)
	if err != nil || !p.o.Locales || u.Scheme != "http" || u.User != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return ip != nil && ip.IsLoopback() || u.Hostname() == "localhost"
}

// revisar gives the error of an authorization request; nil when the request is good.
func (p *Proveedor) revisar(q url.Values) *errorOAuth {
	if e := unaVez(q); e != nil {
		return e
	}
	reto, err := base64.RawURLEncoding.DecodeString(q.Get("code_challenge"))
	switch {
	case q.Get("response_type") == "":
		return malPedido("response_type is required")
	case q.Get("response_type") != "code":
		return &errorOAuth{codigo: "unsupported_response_type", texto: "only code"}
	case q.Has("response_mode") && q.Get("response_mode") != "query":
		return malPedido("response_mode: only query")
	case q.Has("request"):
		return &errorOAuth{codigo: "request_not_supported", texto: "parameters come in the query"}
	case q.Has("request_uri"):
		return &errorOAuth{codigo: "request_uri_not_supported", texto: "parameters come in the query"}
	case q.Get("code_challenge_method") != "S256" || err != nil || len(reto) != 32:
		return &errorOAuth{codigo: "invalid_request", texto: "PKCE with S256 is required"}
	case q.Has("audience") && q.Get("audience") != p.o.Audiencia:
		return &errorOAuth{codigo: "invalid_target", texto: "unknown audience"}
	case len(q.Get("state"))+len(q.Get("nonce"))+len(q.Get("scope")) > maxParametro:
		return &errorOAuth{codigo: "invalid_request", texto: "a parameter is too long"}
	case q.Get("prompt") == "none": // the provider keeps no session, so each login needs the form
		return &errorOAuth{codigo: "login_required", texto: "the user has to log in"}
	}
	return nil
}

// login is POST /u/login, the form of the page: it checks the password and sends the code to the application.
func (p *Proveedor) login(w http.ResponseWriter, r *http.Request) {
	ahora, id := p.o.Ahora(), r.PostFormValue("pendiente")
	g, ok := p.pendientes.ver(id, ahora)
	if !ok {
		p.pagina.error(w, http.StatusBadRequest, dichoCaduco)
		return
	}
	v := vista{Pendiente: id, Usuario: r.PostFormValue("username")}
	quien := direccion(r)
	if p.freno.frenado(quien, ahora) {
		v.Error = dichoDemasiados
		w.Header().Set("Retry-After", "60")
		p.mostrar(w, http.StatusTooManyRequests, v, g.redireccion)
		return
	}
	u, ok := identificar(r.PostFormValue("username"), r.PostFormValue("password"))
	if !ok {
		p.freno.anotar(quien, ahora)
		v.Error = dichoIncorrectos
		p.mostrar(w, http.StatusUnauthorized, v, g.redireccion)
		return
	}
	p.entrar(w, r, id, u)
}

// entrar uses the login in progress id and redirects to the application with a code for the user u.
func (p *Proveedor) entrar(w http.ResponseWriter, r *http.Request, id string, u usuario) {
	ahora := p.o.Ahora()
	codigo, err := p.secreto()
	if err != nil {
		p.pagina.error(w, http.StatusInternalServerError, dichoFallo)
		return
	}
	g, que := p.pendientes.tomar(id, ahora)
	if que != primera {
		p.pagina.error(w, http.StatusBadRequest, dichoCaduco)
		return
	}
	g.usuario, g.momento, g.familia = u, ahora, id
	p.codigos.poner(codigo, g, ahora)
	p.contestar(w, r, g.redireccion, url.Values{"code": {codigo}, "state": {g.state}})
}

// contestar redirects to vuelta with the authorization answer q and the issuer in iss (RFC 9207).
func (p *Proveedor) contestar(w http.ResponseWriter, r *http.Request, vuelta string, q url.Values) {
	q.Set("iss", p.o.Emisor)
	redirigir(w, r, vuelta, q)
}

// mostrar answers with the login form.
func (p *Proveedor) mostrar(w http.ResponseWriter, estado int, v vista, vuelta string) {
	v.Accion = p.base + "/u/login"
	p.pagina.formulario(w, estado, v, vuelta)
}

// redirigir redirects to the registered address a with the parameters q; it leaves out empty ones.
func redirigir(w http.ResponseWriter, r *http.Request, a string, q url.Values) {
	u, err := url.Parse(a)
	if err != nil {
		http.Error(w, "bad redirect", http.StatusBadRequest)
		return
	}
	todos := u.Query()
	for k, v := range q {
		if v[0] != "" {
			todos.Set(k, v[0])
		}
	}
	u.RawQuery = todos.Encode()
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, u.String(), http.StatusSeeOther)
}

// direccion is the client's address without the port.
func direccion(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// logout is the end-session endpoint: it redirects to a page of a registered origin, or shows a page of its own. The
// provider keeps no session that it could end.
func (p *Proveedor) logout(w http.ResponseWriter, r *http.Request) {
	a := r.FormValue("post_logout_redirect_uri")
	if a == "" {
		p.pagina.aviso(w, "Cerraste la sesión.")
		return
	}
	if !p.registrado(a) {
		p.pagina.error(w, http.StatusBadRequest, dichoDesconocida)
		return
	}
	redirigir(w, r, a, url.Values{"state": {r.FormValue("state")}})
}

// registrado reports whether the address a has the origin of a registered redirect, or is one of this machine (deAca).
func (p *Proveedor) registrado(a string) bool {
	esSuyo := func(u string) bool { return origen(u) == origen(a) }
	return p.deAca(a) || origen(a) != "" && slices.ContainsFunc(p.o.Redirecciones, esSuyo)
}

// origen is scheme, host and port of an http(s) address; "" for anything else.
func origen(a string) string {
	u, err := url.Parse(a)
	if err != nil || u.Host == "" || u.User != nil || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
