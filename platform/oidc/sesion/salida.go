package sesion

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// fin ends the session of the cookie, with every copy of it on any replica; with todas=1 it ends all sessions of the
// person, here and at the provider. When a session cannot be ended the answer is 503, and the browser keeps its
// cookie to try again.
func (s *Sesiones) fin(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	if !s.Propia(r) {
		s.fallar(w, http.StatusForbidden, "Esta página no puede cerrar tu sesión.")
		return
	}
	todas := r.PostFormValue("todas") == "1"
	c, err := s.vigente(r)
	if err == nil {
		err = s.terminar(r.Context(), c, todas)
	}
	if todas && errors.Is(err, ErrSesion) { // the person is not known, so their other sessions cannot be ended
		s.borrar(w)
		s.fallar(w, http.StatusUnauthorized,
			"Esta sesión ya había terminado, así que no se cerraron las demás. Ingresá y volvé a intentarlo.")
		return
	}
	if err != nil && !errors.Is(err, ErrSesion) {
		s.o.Log.ErrorContext(r.Context(), "session not ended", "todas", todas, "error", err)
		s.fallar(w, http.StatusServiceUnavailable, "No se pudo cerrar la sesión: sigue abierta. Probá de nuevo.")
		return
	}
	s.revocar(r.Context(), c.Refresco, todas)
	s.borrar(w)
	http.Redirect(w, r, s.salida(r.Context()), http.StatusSeeOther)
}

// terminar ends the session c, or with todas all sessions of its person. Errors: those of Cortes.
func (s *Sesiones) terminar(ctx context.Context, c contenido, todas bool) error {
	id := c.sesion()
	if todas {
		id = c.ID
	}
	return s.o.Cortes.Cortar(ctx, id, c.finDe(s.o.Ahora()))
}

// revocar asks the provider to revoke the refresh token of an ended session, so that a stolen cookie is useless once
// its access token expires. The session is ended here also when the provider cannot revoke or does not answer.
func (s *Sesiones) revocar(ctx context.Context, refresco string, todas bool) {
	lugares, err := s.o.Verificador.Lugares(ctx)
	if err != nil || lugares.Revocar == "" || refresco == "" {
		return
	}
	ctx, soltar := context.WithTimeout(ctx, paciencia)
	defer soltar()
	q := url.Values{"token": {refresco}, "token_type_hint": {"refresh_token"}, "client_id": {s.o.Cliente}}
	if s.o.Secreto != "" {
		q.Set("client_secret", s.o.Secreto)
	}
	if todas {
		q.Set("todas", "1") // the embedded provider revokes all of the person's refresh tokens; others ignore the member
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, lugares.Revocar, strings.NewReader(q.Encode()))
	if err != nil {
		return
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := s.o.HTTP.Do(r)
	if err != nil {
		s.o.Log.WarnContext(ctx, "refresh token not revoked", "error", resumen(err))
		return
	}
	_ = res.Body.Close() // the body carries no data
	if res.StatusCode != http.StatusOK {
		s.o.Log.WarnContext(ctx, "refresh token not revoked", "estado", res.StatusCode)
	}
}

// salida is the address at which the provider ends its own session and sends the browser back here; "/" when the
// provider has none or does not answer.
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

// Propia reports whether a page of this server sent r. Browsers say so in Sec-Fetch-Site, which no page can set, or
// in Origin, which some pages hide ("null"). A request with neither counts as foreign.
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

// origenDe writes the origin of an address as browsers do: in small letters, without the scheme's own port.
func origenDe(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if u.Scheme == "https" {
		return "https://" + strings.TrimSuffix(host, ":443")
	}
	return u.Scheme + "://" + strings.TrimSuffix(host, ":80")
}
