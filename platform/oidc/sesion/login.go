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
	Prefix   = "/sesion/"
	callback = "/sesion/vuelta"
)

// loginLife is how long a login may take, from login to callback.
const loginLife = 10 * time.Minute

// pendingLogin is a login in progress, in a sealed cookie of its own.
type pendingLogin struct {
	Estado, Nonce, Verificador, Destino string
	Vence                               int64 // Unix seconds
}

// Handler serves /sesion/inicio, /sesion/vuelta and /sesion/fin; it expects whole paths.
func (s *Sessions) Handler() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /sesion/inicio", s.login)
	m.HandleFunc("GET "+callback, s.callback)
	m.HandleFunc("POST /sesion/fin", s.logout)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		m.ServeHTTP(w, r)
	})
}

// oauth is the configuration of the provider for golang.org/x/oauth2. Errors: oidc.ErrProvider.
func (s *Sessions) oauth(ctx context.Context) (*oauth2.Config, error) {
	l, err := s.o.Verifier.Endpoints(ctx)
	if err != nil {
		return nil, err
	}
	return &oauth2.Config{
		ClientID:     s.o.ClientID,
		ClientSecret: s.o.Secret,
		RedirectURL:  s.o.URL() + callback,
		Scopes:       []string{"openid", "profile", "email", "offline_access"},
		Endpoint: oauth2.Endpoint{
			AuthURL:   l.Authorize,
			TokenURL:  l.Token,
			AuthStyle: oauth2.AuthStyleInParams,
		},
	}, nil
}

// login sends the browser to the provider's login; ?a= is the page to open after it.
func (s *Sessions) login(w http.ResponseWriter, r *http.Request) {
	if s.otherName(r.Host) {
		http.Redirect(w, r, s.o.URL()+r.URL.RequestURI(), http.StatusSeeOther)
		return
	}
	proveedor, err := s.oauth(r.Context())
	if err != nil {
		s.o.Log.WarnContext(r.Context(), "login not begun", "error", err)
		s.fail(
			w,
			http.StatusServiceUnavailable,
			"No se puede ingresar en este momento. Probá de nuevo en un rato.",
		)
		return
	}
	i := pendingLogin{
		Estado:      oauth2.GenerateVerifier(),
		Nonce:       oauth2.GenerateVerifier(),
		Verificador: oauth2.GenerateVerifier(),
		Destino:     localPath(r.URL.Query().Get("a")),
		Vence:       s.o.Now().Add(loginLife).Unix(),
	}
	texto, err := s.sealer.seal(loginCookie, i)
	if err == nil {
		err = s.setCookie(w, loginCookie, texto, loginLife)
	}
	if err != nil {
		s.fail(w, http.StatusBadRequest, "La dirección de retorno es demasiado larga.")
		return
	}
	opciones := []oauth2.AuthCodeOption{
		oauth2.S256ChallengeOption(i.Verificador),
		oauth2.SetAuthURLParam("nonce", i.Nonce),
		oauth2.SetAuthURLParam("audience", s.o.Audience),
	}
	if h := r.URL.Query().Get("login_hint"); h != "" && len(h) <= 254 {
		opciones = append(opciones, oauth2.SetAuthURLParam("login_hint", h))
	}
	http.Redirect(w, r, proveedor.AuthCodeURL(i.Estado, opciones...), http.StatusSeeOther)
}

// otherName reports whether host is this machine under another name than that of the server's URL, such as localhost
// for 127.0.0.1. The provider sends browsers back to the URL, and a browser does not send the cookies of one name to
// another.
func (s *Sessions) otherName(host string) bool {
	u, err := url.Parse(s.o.URL())
	return err == nil && u.Host != host && isLocal(u.Host) && isLocal(host) &&
		portOf(u.Host) == portOf(host)
}

func isLocal(host string) bool {
	nombre := (&url.URL{Host: host}).Hostname()
	ip := net.ParseIP(nombre)
	return nombre == "localhost" || ip != nil && ip.IsLoopback()
}

func portOf(host string) string { return (&url.URL{Host: host}).Port() }

// localPath gives a when it is a path of this server outside of /sesion/, and "/" for any other text.
func localPath(a string) string {
	u, err := url.Parse(a)
	if err != nil || len(a) > 1000 || u.IsAbs() || u.Host != "" || !strings.HasPrefix(a, "/") ||
		strings.HasPrefix(a, "//") || strings.ContainsAny(a, "\\\r\n\t") ||
		strings.HasPrefix(u.Path, "//") || strings.HasPrefix(u.Path, Prefix) {
		return "/"
	}
	return a
}

// callback answers the browser that comes back from the provider, and opens its session. The login must have begun in
// the same browser.
func (s *Sessions) callback(w http.ResponseWriter, r *http.Request) {
	var i pendingLogin
	err := s.sealer.open(loginCookie, s.readCookie(r, loginCookie), &i)
	_ = s.setCookie(w, loginCookie, "", 0) // a login is used up, also one that fails
	consulta := r.URL.Query()
	esSuyo := subtle.ConstantTimeCompare([]byte(consulta.Get("state")), []byte(i.Estado)) == 1
	if err != nil || s.o.Now().Unix() >= i.Vence || !esSuyo {
		s.fail(
			w,
			http.StatusBadRequest,
			"Este ingreso caducó o empezó en otro navegador. Empezá de nuevo.",
		)
		return
	}
	if !s.fromProvider(r.Context(), consulta["iss"]) {
		s.o.Log.WarnContext(r.Context(), "login not completed", "error",
			"the answer is another provider's, or does not say whose (iss)")
		s.fail(
			w,
			http.StatusBadRequest,
			"La respuesta no es de nuestro proveedor de identidad. Empezá de nuevo.",
		)
		return
	}
	if consulta.Get("error") != "" || consulta.Get("code") == "" {
		s.fail(w, http.StatusForbidden, "El proveedor de identidad no aceptó el ingreso.")
		return
	}
	c, err := s.exchange(r.Context(), consulta.Get("code"), i)
	if err == nil {
		err = s.save(w, c)
	}
	if err != nil {
		s.o.Log.WarnContext(r.Context(), "login not completed", "error", summary(err))
		s.fail(w, http.StatusBadRequest, "No se pudo completar el ingreso. Empezá de nuevo.")
		return
	}
	http.Redirect(w, r, i.Destino, http.StatusSeeOther)
}

// fromProvider reports whether an authorization answer with these values of iss comes from our provider (RFC 9207). A
// provider that does not announce iss may leave it out. While the provider does not answer, exchange reports the
// failure.
func (s *Sessions) fromProvider(ctx context.Context, iss []string) bool {
	l, err := s.o.Verifier.Endpoints(ctx)
	if err != nil {
		return len(iss) <= 1
	}
	if len(iss) == 0 {
		return !l.SaysIssuer
	}
	return len(iss) == 1 && iss[0] == l.Issuer
}

// exchange exchanges the code for the content of a new session; an earlier cookie of the browser plays no part.
// Errors: those of the provider, of VerifyID and of Verify; oidc.ErrToken when the two tokens name different
// people.
func (s *Sessions) exchange(
	ctx context.Context,
	codigo string,
	pendingLogin pendingLogin,
) (c content, err error) {
	ctx, soltar := context.WithTimeout(ctx, callTimeout)
	defer soltar()
	o, err := s.oauth(ctx)
	if err != nil {
		return c, err
	}
	conCliente := context.WithValue(ctx, oauth2.HTTPClient, s.o.HTTP)
	t, err := o.Exchange(conCliente, codigo, oauth2.VerifierOption(pendingLogin.Verificador))
	if err != nil {
		return c, err
	}
	crudo, _ := t.Extra("id_token").(string)
	sub, err := s.o.Verifier.VerifyID(ctx, crudo, s.o.ClientID, pendingLogin.Nonce)
	if err != nil {
		return c, err
	}
	p, err := s.o.Verifier.Verify(ctx, t.AccessToken)
	if err != nil {
		return c, err
	}
	if p.Sub != sub {
		return c, oidc.ErrToken
	}
	ahora := s.o.Now()
	return content{
		Access: t.AccessToken, Refresh: t.RefreshToken, ID: p.ID,
		Began: ahora.UnixMilli(), Seen: ahora.Unix(), Given: ahora.Unix(), Expires: p.Expires.Unix(),
	}, nil
}
