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

// authorize is the authorization endpoint: it shows the login form. It redirects to registered addresses alone; for
// any other it shows an error.
func (p *Proveedor) authorize(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	cliente, ok := p.app(query.Get("client_id"))
	vuelta := query.Get("redirect_uri")
	if !ok || !p.vuelveA(cliente, vuelta) || len(query["client_id"]) > 1 || len(query["redirect_uri"]) > 1 {
		p.pagina.error(w, http.StatusBadRequest, dichoDesconocida)
		return
	}
	if e := p.revisar(query); e != nil {
		p.contestar(w, r, vuelta, url.Values{
			"error":             {e.codigo},
			"error_description": {e.texto},
			"state":             {query.Get("state")},
		})
		return
	}
	id, err := p.secreto()
	if err != nil {
		p.pagina.error(w, http.StatusInternalServerError, dichoFallo)
		return
	}
	p.pendientes.poner(id, permiso{
		app:         cliente.id,
		redireccion: vuelta,
		reto:        query.Get("code_challenge"),
		nonce:       query.Get("nonce"),
		state:       query.Get("state"),
		alcances:    strings.Fields(query.Get("scope")),
	}, p.o.Ahora())
	p.mostrar(w, http.StatusOK, vista{Pendiente: id, Usuario: query.Get("login_hint")}, vuelta)
}

// vuelveA reports whether a code of the application cliente may be sent to the address vuelta: a registered one or,
// with Opciones.Locales, a registered path at another port of this machine.
func (p *Proveedor) vuelveA(cliente app, vuelta string) bool {
	if slices.Contains(cliente.redirecciones, vuelta) {
		return true
	}
	if !p.deAca(vuelta) {
		return false
	}
	suya, err := url.Parse(vuelta)
	return err == nil && slices.ContainsFunc(cliente.redirecciones, func(r string) bool {
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
func (p *Proveedor) revisar(query url.Values) *errorOAuth {
	if mal := unaVez(query); mal != nil {
		return mal
	}
	reto, err := base64.RawURLEncoding.DecodeString(query.Get("code_challenge"))
	switch {
	case query.Get("response_type") == "":
		return malPedido("response_type is required")
	case query.Get("response_type") != "code":
		return &errorOAuth{codigo: "unsupported_response_type", texto: "only code"}
	case query.Has("response_mode") && query.Get("response_mode") != "query":
		return malPedido("response_mode: only query")
	case query.Has("request"):
		return &errorOAuth{codigo: "request_not_supported", texto: "parameters come in the query"}
	case query.Has("request_uri"):
		return &errorOAuth{codigo: "request_uri_not_supported", texto: "parameters come in the query"}
	case query.Get("code_challenge_method") != "S256" || err != nil || len(reto) != 32:
		return &errorOAuth{codigo: "invalid_request", texto: "PKCE with S256 is required"}
	case query.Has("audience") && query.Get("audience") != p.o.Audiencia:
		return &errorOAuth{codigo: "invalid_target", texto: "unknown audience"}
	case len(query.Get("state"))+len(query.Get("nonce"))+len(query.Get("scope")) > maxParametro:
		return &errorOAuth{codigo: "invalid_request", texto: "a parameter is too long"}
	case query.Get("prompt") == "none": // the provider keeps no session, so each login needs the form
		return &errorOAuth{codigo: "login_required", texto: "the user has to log in"}
	}
	return nil
}

// login is POST /u/login, the form of the page: it checks the password and sends the code to the application.
func (p *Proveedor) login(w http.ResponseWriter, r *http.Request) {
	ahora := p.o.Ahora()
	id := r.PostFormValue("pendiente")
	enCurso, ok := p.pendientes.ver(id, ahora)
	if !ok {
		p.pagina.error(w, http.StatusBadRequest, dichoCaduco)
		return
	}
	datos := vista{Pendiente: id, Usuario: r.PostFormValue("username")}
	quien := direccion(r)
	if p.freno.frenado(quien, ahora) {
		datos.Error = dichoDemasiados
		w.Header().Set("Retry-After", "60")
		p.mostrar(w, http.StatusTooManyRequests, datos, enCurso.redireccion)
		return
	}
	persona, ok := identificar(r.PostFormValue("username"), r.PostFormValue("password"))
	if !ok {
		p.freno.anotar(quien, ahora)
		datos.Error = dichoIncorrectos
		p.mostrar(w, http.StatusUnauthorized, datos, enCurso.redireccion)
		return
	}
	p.entrar(w, r, id, persona)
}

// entrar uses the login in progress id and redirects to the application with a code for the user persona.
func (p *Proveedor) entrar(w http.ResponseWriter, r *http.Request, id string, persona usuario) {
	ahora := p.o.Ahora()
	codigo, err := p.secreto()
	if err != nil {
		p.pagina.error(w, http.StatusInternalServerError, dichoFallo)
		return
	}
	enCurso, que := p.pendientes.tomar(id, ahora)
	if que != primera {
		p.pagina.error(w, http.StatusBadRequest, dichoCaduco)
		return
	}
	enCurso.usuario, enCurso.momento, enCurso.familia = persona, ahora, id
	p.codigos.poner(codigo, enCurso, ahora)
	p.contestar(w, r, enCurso.redireccion, url.Values{"code": {codigo}, "state": {enCurso.state}})
}

// contestar redirects to vuelta with the authorization answer query and the issuer in iss (RFC 9207).
func (p *Proveedor) contestar(w http.ResponseWriter, r *http.Request, vuelta string, query url.Values) {
	query.Set("iss", p.o.Emisor)
	redirigir(w, r, vuelta, query)
}

// mostrar answers with the login form.
func (p *Proveedor) mostrar(w http.ResponseWriter, estado int, datos vista, vuelta string) {
	datos.Accion = p.base + "/u/login"
	p.pagina.formulario(w, estado, datos, vuelta)
}

// redirigir redirects to the registered address direccion with the parameters query; it leaves out empty ones.
func redirigir(w http.ResponseWriter, r *http.Request, direccion string, query url.Values) {
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
