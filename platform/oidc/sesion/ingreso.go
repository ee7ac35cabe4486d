package sesion

import (
	"context"
	"crypto/subtle"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"despensa/platform/oidc"

	"golang.org/x/oauth2"
)

// Where the server mounts Handler, and where the provider sends people back to.
const (
	Prefijo = "/sesion/"
	vuelta  = "/sesion/vuelta"
)

// ingresoDura is how long a login may take.
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

func (s *Sesiones) oauth(ctx context.Context) (*oauth2.Config, error) {
	l, err := s.o.Verificador.Lugares(ctx)
	if err != nil {
		return nil, err
	}
	return &oauth2.Config{ClientID: s.o.Cliente, ClientSecret: s.o.Secreto, RedirectURL: s.o.URL() + vuelta,
		Scopes:   []string{"openid", "profile", "email", "offline_access"},
		Endpoint: oauth2.Endpoint{AuthURL: l.Autorizar, TokenURL: l.Token, AuthStyle: oauth2.AuthStyleInParams}}, nil
}

// inicio sends the browser to the provider; ?a= is the page to come back to.
func (s *Sesiones) inicio(w http.ResponseWriter, r *http.Request) {
	if s.otroNombre(r.Host) {
		http.Redirect(w, r, s.o.URL()+r.URL.RequestURI(), http.StatusSeeOther)
		return
	}
	o, err := s.oauth(r.Context())
	if err != nil {
		s.o.Log.WarnContext(r.Context(), "login not begun", "error", err)
		s.fallar(w, http.StatusServiceUnavailable, "No se puede ingresar en este momento. Probá de nuevo en un rato.")
		return
	}
	i := ingreso{Estado: oauth2.GenerateVerifier(), Nonce: oauth2.GenerateVerifier(), Verificador: oauth2.GenerateVerifier(),
		Destino: destino(r.URL.Query().Get("a")), Vence: s.o.Ahora().Add(ingresoDura).Unix()}
	texto, err := s.sello.cerrar(nombreIngreso, i)
	if err == nil {
		err = s.poner(w, nombreIngreso, texto, ingresoDura)
	}
	if err != nil {
		s.fallar(w, http.StatusBadRequest, "La dirección de retorno es demasiado larga.")
		return
	}
	opciones := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(i.Verificador), oauth2.SetAuthURLParam("nonce", i.Nonce),
		oauth2.SetAuthURLParam("audience", s.o.Audiencia)}
	if h := r.URL.Query().Get("login_hint"); h != "" && len(h) <= 254 {
		opciones = append(opciones, oauth2.SetAuthURLParam("login_hint", h))
	}
	http.Redirect(w, r, o.AuthCodeURL(i.Estado, opciones...), http.StatusSeeOther)
}

// otroNombre reports whether host is this machine by another name than ours, such as
// localhost for 127.0.0.1: the provider sends people back to ours, where the browser does
// not show what it keeps for the other.
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

// destino is a page of ours: anything else leads to the first one.
func destino(a string) string {
	u, err := url.Parse(a)
	if err != nil || len(a) > 1000 || u.IsAbs() || u.Host != "" || !strings.HasPrefix(a, "/") || strings.HasPrefix(a, "//") ||
		strings.ContainsAny(a, "\\\r\n\t") || strings.HasPrefix(u.Path, "//") || strings.HasPrefix(u.Path, Prefijo) {
		return "/"
	}
	return a
}

// vuelta is where the provider sends the browser back to: the login must have begun in
// this very browser.
func (s *Sesiones) vuelta(w http.ResponseWriter, r *http.Request) {
	var i ingreso
	err := s.sello.abrir(nombreIngreso, s.leer(r, nombreIngreso), &i)
	_ = s.poner(w, nombreIngreso, "", 0) // whatever comes of it, it is used up
	q := r.URL.Query()
	if err != nil || s.o.Ahora().Unix() >= i.Vence || subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(i.Estado)) != 1 {
		s.fallar(w, http.StatusBadRequest, "Este ingreso caducó o empezó en otro navegador. Empezá de nuevo.")
		return
	}
	if q.Get("error") != "" || q.Get("code") == "" {
		s.fallar(w, http.StatusForbidden, "El proveedor de identidad no aceptó el ingreso.")
		return
	}
	c, err := s.canjear(r.Context(), q.Get("code"), i)
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

// canjear turns the code into the content of a new session: whatever cookie there was
// before has no part in it.
func (s *Sesiones) canjear(ctx context.Context, codigo string, i ingreso) (c contenido, err error) {
	ctx, soltar := context.WithTimeout(ctx, paciencia)
	defer soltar()
	o, err := s.oauth(ctx)
	if err != nil {
		return c, err
	}
	t, err := o.Exchange(context.WithValue(ctx, oauth2.HTTPClient, s.o.HTTP), codigo, oauth2.VerifierOption(i.Verificador))
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
	return contenido{Acceso: t.AccessToken, Refresco: t.RefreshToken, ID: p.ID, Empezo: ahora.UnixMilli(), Visto: ahora.Unix(), Dado: ahora.Unix(), Vence: p.Vence.Unix()}, nil
}

// fin ends the session in this browser, or with todas=1 in all of them, here and at the
// provider.
func (s *Sesiones) fin(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	if !s.Propia(r) {
		s.fallar(w, http.StatusForbidden, "Esta página no puede cerrar tu sesión.")
		return
	}
	todas := r.PostFormValue("todas") == "1"
	c, err := s.vigente(r)
	if todas && err == nil {
		err = s.o.Cortes.Cortar(r.Context(), c.ID, s.o.Ahora())
	}
	if todas && errors.Is(err, ErrSesion) { // whose the others are is not known any more
		s.borrar(w)
		s.fallar(w, http.StatusUnauthorized, "Esta sesión ya había terminado, así que no se cerraron las demás. Ingresá y volvé a intentarlo.")
		return
	}
	if todas && err != nil {
		s.o.Log.ErrorContext(r.Context(), "sessions not ended", "error", err)
		s.fallar(w, http.StatusServiceUnavailable, "No se pudieron cerrar las otras sesiones. Probá de nuevo.")
		return
	}
	s.revocar(r.Context(), c.Refresco, todas)
	s.borrar(w)
	http.Redirect(w, r, s.salida(r.Context()), http.StatusSeeOther)
}

// revocar asks the provider to take no more the refresh token of a session that has been
// ended, so that a stolen cookie dies with its access token. A provider that cannot, or
// does not answer, keeps nobody logged in here.
func (s *Sesiones) revocar(ctx context.Context, refresco string, todas bool) {
	l, err := s.o.Verificador.Lugares(ctx)
	if err != nil || l.Revocar == "" || refresco == "" {
		return
	}
	ctx, soltar := context.WithTimeout(ctx, paciencia)
	defer soltar()
	q := url.Values{"token": {refresco}, "token_type_hint": {"refresh_token"}, "client_id": {s.o.Cliente}}
	if s.o.Secreto != "" {
		q.Set("client_secret", s.o.Secreto)
	}
	if todas {
		q.Set("todas", "1") // ours understands it: all of this person's; others pass over it
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, l.Revocar, strings.NewReader(q.Encode()))
	if err != nil {
		return
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := s.o.HTTP.Do(r)
	if err != nil {
		s.o.Log.WarnContext(ctx, "refresh token not revoked", "error", resumen(err))
		return
	}
	_ = res.Body.Close() // nothing in it is needed
	if res.StatusCode != http.StatusOK {
		s.o.Log.WarnContext(ctx, "refresh token not revoked", "estado", res.StatusCode)
	}
}

// salida is where the provider ends its own session, and leads back to us.
func (s *Sesiones) salida(ctx context.Context) string {
	l, err := s.o.Verificador.Lugares(ctx)
	u, e := url.Parse(l.Salir)
	if err != nil || e != nil || l.Salir == "" {
		return "/"
	}
	q := u.Query()
	q.Set("client_id", s.o.Cliente)
	q.Set("post_logout_redirect_uri", s.o.URL()+"/")
	u.RawQuery = q.Encode()
	return u.String()
}

// Propia reports whether a page of ours sent r. Browsers say so in Sec-Fetch-Site, which no
// page can set, or in Origin, which some pages hide ("null"). Who says neither is not
// believed.
func (s *Sesiones) Propia(r *http.Request) bool {
	origen, sitio := r.Header.Values("Origin"), r.Header.Values("Sec-Fetch-Site")
	if len(origen) > 1 || len(sitio) > 1 {
		return false
	}
	u, err := url.Parse(s.o.URL())
	if err != nil || len(sitio) == 1 && sitio[0] != "same-origin" {
		return false
	}
	if len(origen) == 0 || origen[0] == "null" {
		return len(sitio) == 1
	}
	return origen[0] == origenDe(u)
}

// origenDe writes an address's origin as browsers do.
func origenDe(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if u.Scheme == "https" {
		return "https://" + strings.TrimSuffix(host, ":443")
	}
	return u.Scheme + "://" + strings.TrimSuffix(host, ":80")
}
