package sesion

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// logout ends the session of the cookie, with every copy of it on any replica; with todas=1 it ends all sessions of the
// person, here and at the provider. When a session cannot be ended the answer is 503, and the browser keeps its
// cookie to try again.
func (s *Sessions) logout(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	if !s.OwnPage(r) {
		s.fail(w, http.StatusForbidden, "Esta página no puede cerrar tu sesión.")
		return
	}
	todas := r.PostFormValue("todas") == "1"
	c, err := s.open(r)
	if err == nil {
		err = s.end(r.Context(), c, todas)
	}
	if todas &&
		errors.Is(
			err,
			ErrSession,
		) { // the person is not known, so their other sessions cannot be ended
		s.deleteCookie(w)
		s.fail(
			w,
			http.StatusUnauthorized,
			"Esta sesión ya había terminado, así que no se cerraron las demás. Ingresá y volvé a intentarlo.",
		)
		return
	}
	if err != nil && !errors.Is(err, ErrSession) {
		s.o.Log.ErrorContext(r.Context(), "session not ended", "todas", todas, "error", err)
		s.fail(
			w,
			http.StatusServiceUnavailable,
			"No se pudo cerrar la sesión: sigue abierta. Probá de nuevo.",
		)
		return
	}
	s.revoke(r.Context(), c.Refresh, todas)
	s.deleteCookie(w)
	http.Redirect(w, r, s.logoutURL(r.Context()), http.StatusSeeOther)
}

// end ends the session content, or with todas all sessions of its person. Errors: those of Ends.
func (s *Sessions) end(ctx context.Context, content content, todas bool) error {
	id := content.session()
	if todas {
		id = content.ID
	}
	return s.o.Ends.End(ctx, id, content.endAt(s.o.Now()))
}

// revoke asks the provider to revoke the refresh token of an ended session, so that a stolen cookie is useless once
// its access token expires. The session is ended here also when the provider cannot revoke or does not answer.
func (s *Sessions) revoke(ctx context.Context, refresco string, todas bool) {
	lugares, err := s.o.Verifier.Endpoints(ctx)
	if err != nil || lugares.Revoke == "" || refresco == "" {
		return
	}
	ctx, soltar := context.WithTimeout(ctx, callTimeout)
	defer soltar()
	q := url.Values{
		"token":           {refresco},
		"token_type_hint": {"refresh_token"},
		"client_id":       {s.o.ClientID},
	}
	if s.o.Secret != "" {
		q.Set("client_secret", s.o.Secret)
	}
	if todas {
		// The embedded provider revokes all of the person's refresh tokens; others ignore the member.
		q.Set("todas", "1")
	}
	r, err := http.NewRequestWithContext(
		ctx,
		http.MethodPost,
		lugares.Revoke,
		strings.NewReader(q.Encode()),
	)
	if err != nil {
		return
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := s.o.HTTP.Do(r)
	if err != nil {
		s.o.Log.WarnContext(ctx, "refresh token not revoked", "error", summary(err))
		return
	}
	_ = res.Body.Close() // the body carries no data
	if res.StatusCode != http.StatusOK {
		s.o.Log.WarnContext(ctx, "refresh token not revoked", "estado", res.StatusCode)
	}
}

// logoutURL is the address at which the provider ends its own session and sends the browser back here; "/" when the
// provider has none or does not answer.
func (s *Sessions) logoutURL(ctx context.Context) string {
	l, err := s.o.Verifier.Endpoints(ctx)
	u, e := url.Parse(l.EndSession)
	if err != nil || e != nil || l.EndSession == "" {
		return "/"
	}
	q := u.Query()
	q.Set("client_id", s.o.ClientID)
	q.Set("post_logout_redirect_uri", s.o.URL()+"/")
	u.RawQuery = q.Encode()
	return u.String()
}

// OwnPage reports whether a page of this server sent r. Browsers say so in Sec-Fetch-Site, which no page can set, or
// in Origin, which some pages hide ("null"). A request with neither counts as foreign.
func (s *Sessions) OwnPage(r *http.Request) bool {
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
	return origen[0] == originOf(u)
}

// originOf writes the origin of an address as browsers do: in small letters, without the scheme's own port.
func originOf(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if u.Scheme == "https" {
		return "https://" + strings.TrimSuffix(host, ":443")
	}
	return u.Scheme + "://" + strings.TrimSuffix(host, ":80")
}
