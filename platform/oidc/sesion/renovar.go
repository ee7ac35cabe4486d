package sesion

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"despensa/platform/oidc"

	"golang.org/x/oauth2"
)

// renovada is the result of using a refresh token, kept for requests that still carry the used one.
type renovada struct {
	t     *oauth2.Token
	err   error // the provider has refused the refresh token for good
	desde time.Time
}

// recuerdo is how long a renovada is kept.
const recuerdo = 10 * time.Minute

var (
	// errNegada says that the provider no longer accepts a refresh token.
	errNegada = errors.New("sesion: the provider refused the refresh token")
	// errOtraPestana stands for ErrSesion in the first moments after a refusal: another tab may have got the next cookie
	// from another replica, and this answer must not delete that cookie.
	errOtraPestana = errors.New("sesion: the refresh token has just been refused")
)

// alDia renews the access token in c when it is near its end, and reports whether c has changed. Requests of one
// browser race here. None may replace a newer cookie with an older one, so a cookie with a refresh token that another
// request may be using is not written again. Errors: ErrSesion, errOtraPestana, oidc.ErrProveedor.
func (s *Sesiones) alDia(ctx context.Context, c *contenido, ahora time.Time) (bool, error) {
	queda := time.Unix(c.Vence, 0).Sub(ahora)
	switch {
	case c.Refresco == "" && queda <= 0:
		return false, ErrSesion
	case c.Refresco == "" || queda > 2*s.margen(*c):
		return s.tocar(c, ahora), nil
	case queda > s.margen(*c):
		return false, nil
	}
	t, err := s.una(ctx, c.Refresco, ahora)
	if err == nil {
		if err = s.tomar(ctx, c, t); err == nil {
			c.Dado, c.Visto = ahora.Unix(), ahora.Unix()
			return true, nil
		}
	}
	s.o.Log.WarnContext(ctx, "session not renewed", "error", resumen(err))
	switch {
	case queda > 0: // the present access token is good until it expires
		return false, nil
	case errors.Is(err, ErrSesion), errors.Is(err, errOtraPestana):
		return false, err
	}
	return false, oidc.ErrProveedor
}

// margen is how long before its end the access token of c is renewed: sesion.renovar, at most a quarter of the
// token's life.
func (s *Sesiones) margen(c contenido) time.Duration {
	return min(s.o.Config.Renovar, time.Duration(c.Vence-c.Dado)*time.Second/4)
}

// tocar sets the time of last use in c, once per tenth of sesion.inactividad, and reports whether it has.
func (s *Sesiones) tocar(c *contenido, ahora time.Time) bool {
	if ahora.Sub(time.Unix(c.Visto, 0)) <= s.o.Config.Inactividad/10 {
		return false
	}
	c.Visto = ahora.Unix()
	return true
}

// tomar puts the new tokens t into c. Errors: ErrSesion for tokens of another person, those of Verificar.
func (s *Sesiones) tomar(ctx context.Context, c *contenido, t *oauth2.Token) error {
	p, err := s.o.Verificador.Verificar(ctx, t.AccessToken)
	if err != nil {
		return err
	}
	if p.ID != c.ID {
		return ErrSesion
	}
	c.Acceso, c.Vence = t.AccessToken, p.Vence.Unix()
	if t.RefreshToken != "" {
		c.Refresco = t.RefreshToken
	}
	return nil
}

// una exchanges a refresh token once, however many tabs ask: a provider that rotates refresh tokens takes a second
// use for theft. Errors: errOtraPestana for paciencia after the provider has refused the token, then ErrSesion;
// undeclared ones while the provider does not answer.
func (s *Sesiones) una(ctx context.Context, refresco string, ahora time.Time) (*oauth2.Token, error) {
	huella := sha256.Sum256([]byte(refresco))
	if r, ok := s.recordada(huella, ahora); ok {
		if r.err != nil && ahora.Sub(r.desde) > paciencia {
			return nil, ErrSesion
		}
		return r.t, r.err
	}
	renovado, err, _ := s.vuelo.Do(string(huella[:]), func() (any, error) {
		if r, ok := s.recordada(huella, ahora); ok { // another request has renewed it meanwhile
			return r.t, r.err
		}
		ctx, soltar := context.WithTimeout(context.WithoutCancel(ctx), paciencia)
		defer soltar()
		t, err := s.renovacion(ctx, refresco)
		if errors.Is(err, errNegada) {
			err = errOtraPestana
		}
		if err == nil || errors.Is(err, errOtraPestana) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.renovadas[huella] = renovada{t: t, err: err, desde: ahora}
		}
		return t, err
	})
	if err != nil {
		return nil, err
	}
	return renovado.(*oauth2.Token), nil
}

// recordada gives the result of using the refresh token with the digest k, if that was less than recuerdo ago.
func (s *Sesiones) recordada(k [sha256.Size]byte, ahora time.Time) (renovada, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for clave, r := range s.renovadas {
		if ahora.Sub(r.desde) > recuerdo {
			delete(s.renovadas, clave)
		}
	}
	r, ok := s.renovadas[k]
	return r, ok
}

// pedirRenovacion asks the provider to exchange the refresh token. Errors: errNegada; undeclared ones while the
// provider does not answer.
func (s *Sesiones) pedirRenovacion(ctx context.Context, refresco string) (*oauth2.Token, error) {
	o, err := s.oauth(ctx)
	if err != nil {
		return nil, err
	}
	ctx = context.WithValue(ctx, oauth2.HTTPClient, s.o.HTTP)
	t, err := o.TokenSource(ctx, &oauth2.Token{RefreshToken: refresco}).Token()
	var e *oauth2.RetrieveError
	if errors.As(err, &e) && e.ErrorCode == "invalid_grant" {
		return nil, errNegada
	}
	return t, err
}

// resumen describes an error of the provider for the log, without tokens and codes.
func resumen(err error) string {
	var e *oauth2.RetrieveError
	switch {
	case errors.As(err, &e):
		return fmt.Sprintf("the provider refused: %s", e.ErrorCode)
	case errors.Is(err, ErrSesion), errors.Is(err, errOtraPestana):
		return "the provider refused: invalid_grant"
	}
	return "no answer of the provider"
}
