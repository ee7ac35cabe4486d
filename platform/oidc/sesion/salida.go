package sesion

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// fin ends the session that this browser carries, with every copy of its cookie on any
// replica, or with todas=1 all of the person's, here and at the provider. What cannot be
// ended is 503, and the browser keeps its cookie to try again.
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
	if todas && errors.Is(err, ErrSesion) { // whose the others are is not known any more
		s.borrar(w)
		s.fallar(w, http.StatusUnauthorized, "Esta sesión ya había terminado, así que no se cerraron las demás. Ingresá y volvé a intentarlo.")
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

// terminar ends the session c, or all of its person's. Errors: those of Cortes.
func (s *Sesiones) terminar(ctx context.Context, c contenido, todas bool) error {
	id := c.sesion()
	if todas {
		id = c.ID
	}
	return s.o.Cortes.Cortar(ctx, id, c.finDe(s.o.Ahora()))
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
