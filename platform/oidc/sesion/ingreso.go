package sesion

import (
	"context"
	"crypto/subtle"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"despensa/platform/oidc"

	"golang.org/x/oauth2"
)

// The path under which the server mounts Handler, and the path to which the provider sends browsers back.
const (
	Prefijo = "/sesion/"
	vuelta  = "/sesion/vuelta"
)

// ingresoDura is how long a login may take, from inicio to vuelta.
const ingresoDura = 10 * time.Minute

// ingreso is a login in progress, in a sealed cookie of its own.
type ingreso struct {
	Estado, Nonce, Verificador, Destino string
	Vence                               int64 // Unix seconds
}

// Handler serves /sesion/inicio, /sesion/vuelta and /sesion/fin; it expects whole paths.
func (s *Sesiones) Handler() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /sesion/inicio", s.inicio)
	m.HandleFunc("GET "+vuelta, s.vuelta)
	m.HandleFunc("POST /sesion/fin", s.fin)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		m.ServeHTTP(w, r)
	})
}

// oauth is the configuration of the provider for golang.org/x/oauth2. Errors: oidc.ErrProveedor.
func (s *Sesiones) oauth(ctx context.Context) (*oauth2.Config, error) {
	l, err := s.o.Verificador.Lugares(ctx)
	if err != nil {
		return nil, err
	}
	return &oauth2.Config{
		ClientID:     s.o.Cliente,
		ClientSecret: s.o.Secreto,
		RedirectURL:  s.o.URL() + vuelta,
		Scopes:       []string{"openid", "profile", "email", "offline_access"},
		Endpoint:     oauth2.Endpoint{AuthURL: l.Autorizar, TokenURL: l.Token, AuthStyle: oauth2.AuthStyleInParams},
	}, nil
}

// inicio sends the browser to the provider's login; ?a= is the page to open after it.
func (s *Sesiones) inicio(w http.ResponseWriter, r *http.Request) {
	if s.otroNombre(r.Host) {
		http.Redirect(w, r, s.o.URL()+r.URL.RequestURI(), http.StatusSeeOther)
		return
	}
	proveedor, err := s.oauth(r.Context())
	if err != nil {
		s.o.Log.WarnContext(r.Context(), "login not begun", "error", err)
		s.fallar(w, http.StatusServiceUnavailable, "No se puede ingresar en este momento. Probá de nuevo en un rato.")
		return
	}
	i := ingreso{
		Estado:      oauth2.GenerateVerifier(),
		Nonce:       oauth2.GenerateVerifier(),
		Verificador: oauth2.GenerateVerifier(),
		Destino:     destino(r.URL.Query().Get("a")),
		Vence:       s.o.Ahora().Add(ingresoDura).Unix(),
	}
	texto, err := s.sello.cerrar(nombreIngreso, i)
	if err == nil {
		err = s.poner(w, nombreIngreso, texto, ingresoDura)
	}
	if err != nil {
		s.fallar(w, http.StatusBadRequest, "La dirección de retorno es demasiado larga.")
		return
	}
	opciones := []oauth2.AuthCodeOption{
		oauth2.S256ChallengeOption(i.Verificador),
		oauth2.SetAuthURLParam("nonce", i.Nonce),
		oauth2.SetAuthURLParam("audience", s.o.Audiencia),
	}
	if h := r.URL.Query().Get("login_hint"); h != "" && len(h) <= 254 {
		opciones = append(opciones, oauth2.SetAuthURLParam("login_hint", h))
	}
	http.Redirect(w, r, proveedor.AuthCodeURL(i.Estado, opciones...), http.StatusSeeOther)
}

// otroNombre reports whether host is this machine under another name than that of the server's URL, such as localhost
// for 127.0.0.1. The provider sends browsers back to the URL, and a browser does not send the cookies of one name to
// another.
func (s *Sesiones) otroNombre(host string) bool {
	u, err := url.Parse(s.o.URL())
	return err == nil && u.Host != host && deAca(u.Host) && deAca(host) && puerto(u.Host) == puerto(host)
}

func deAca(host string) bool {
	nombre := (&url.URL{Host: host}).Hostname()
	ip := net.ParseIP(nombre)
	return nombre == "localhost" || ip != nil && ip.IsLoopback()
}

func puerto(host string) string { return (&url.URL{Host: host}).Port() }

// destino gives a when it is a path of this server outside of /sesion/, and "/" for any other text.
func destino(a string) string {
	u, err := url.Parse(a)
	if err != nil || len(a) > 1000 || u.IsAbs() || u.Host != "" || !strings.HasPrefix(a, "/") ||
		strings.HasPrefix(a, "//") || strings.ContainsAny(a, "\\\r\n\t") ||
		strings.HasPrefix(u.Path, "//") || strings.HasPrefix(u.Path, Prefijo) {
		return "/"
	}
	return a
}

// vuelta answers the browser that comes back from the provider, and opens its session. The login must have begun in
// the same browser.
func (s *Sesiones) vuelta(w http.ResponseWriter, r *http.Request) {
	var i ingreso
	err := s.sello.abrir(nombreIngreso, s.leer(r, nombreIngreso), &i)
	_ = s.poner(w, nombreIngreso, "", 0) // a login is used up, also one that fails
	consulta := r.URL.Query()
	esSuyo := subtle.ConstantTimeCompare([]byte(consulta.Get("state")), []byte(i.Estado)) == 1
	if err != nil || s.o.Ahora().Unix() >= i.Vence || !esSuyo {
		s.fallar(w, http.StatusBadRequest, "Este ingreso caducó o empezó en otro navegador. Empezá de nuevo.")
		return
	}
	if !s.deQuien(r.Context(), consulta["iss"]) {
		s.o.Log.WarnContext(r.Context(), "login not completed", "error",
			"the answer is another provider's, or does not say whose (iss)")
		s.fallar(w, http.StatusBadRequest, "La respuesta no es de nuestro proveedor de identidad. Empezá de nuevo.")
		return
	}
	if consulta.Get("error") != "" || consulta.Get("code") == "" {
		s.fallar(w, http.StatusForbidden, "El proveedor de identidad no aceptó el ingreso.")
		return
	}
	c, err := s.canjear(r.Context(), consulta.Get("code"), i)
	if err == nil {
		err = s.guardar(w, c)
	}
	if err != nil {
		s.o.Log.WarnContext(r.Context(), "login not completed", "error", resumen(err))
		s.fallar(w, http.StatusBadRequest, "No se pudo completar el ingreso. Empezá de nuevo.")
		return
	}
	http.Redirect(w, r, i.Destino, http.StatusSeeOther)
}

// deQuien reports whether an authorization answer with these values of iss comes from our provider (RFC 9207). A
// provider that does not announce iss may leave it out. While the provider does not answer, canjear reports the
// failure.
func (s *Sesiones) deQuien(ctx context.Context, iss []string) bool {
	l, err := s.o.Verificador.Lugares(ctx)
	if err != nil {
		return len(iss) <= 1
	}
	if len(iss) == 0 {
		return !l.DiceQuien
	}
	return len(iss) == 1 && iss[0] == l.Emisor
}

// canjear exchanges the code for the content of a new session; an earlier cookie of the browser plays no part.
// Errors: those of the provider, of VerificarID and of Verificar; oidc.ErrToken when the two tokens name different
// people.
func (s *Sesiones) canjear(ctx context.Context, codigo string, i ingreso) (c contenido, err error) {
	ctx, soltar := context.WithTimeout(ctx, paciencia)
	defer soltar()
	o, err := s.oauth(ctx)
	if err != nil {
		return c, err
	}
	conCliente := context.WithValue(ctx, oauth2.HTTPClient, s.o.HTTP)
	t, err := o.Exchange(conCliente, codigo, oauth2.VerifierOption(i.Verificador))
	if err != nil {
		return c, err
	}
	crudo, _ := t.Extra("id_token").(string)
	sub, err := s.o.Verificador.VerificarID(ctx, crudo, s.o.Cliente, i.Nonce)
	if err != nil {
		return c, err
	}
	p, err := s.o.Verificador.Verificar(ctx, t.AccessToken)
	if err != nil {
		return c, err
	}
	if p.Sub != sub {
		return c, oidc.ErrToken
	}
	ahora := s.o.Ahora()
	return contenido{
		Acceso: t.AccessToken, Refresco: t.RefreshToken, ID: p.ID,
		Empezo: ahora.UnixMilli(), Visto: ahora.Unix(), Dado: ahora.Unix(), Vence: p.Vence.Unix(),
	}, nil
}
