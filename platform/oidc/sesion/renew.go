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

// usedToken is the result of using a refresh token, kept for requests that still carry the used one.
type usedToken struct {
	t     *oauth2.Token
	err   error // the provider has refused the refresh token for good
	since time.Time
}

// rememberFor is how long a usedToken is kept.
const rememberFor = 10 * time.Minute

var (
	// errRefused says that the provider no longer accepts a refresh token.
	errRefused = errors.New("sesion: the provider refused the refresh token")
	// errOtherTab stands for ErrSession in the first moments after a refusal: another tab may have got the next cookie
	// from another replica, and this answer must not delete that cookie.
	errOtherTab = errors.New("sesion: the refresh token has just been refused")
)

// renewIfDue renews the access token in content when it is near its end, and reports whether content has changed.
// Requests of one browser race here. None may replace a newer cookie with an older one, so a cookie with a refresh
// token that another request may be using is not written again. Errors: ErrSession, errOtherTab, oidc.ErrProvider.
func (s *Sessions) renewIfDue(
	ctx context.Context,
	content *content,
	ahora time.Time,
) (bool, error) {
	queda := time.Unix(content.Expires, 0).Sub(ahora)
	switch {
	case content.Refresh == "" && queda <= 0:
		return false, ErrSession
	case content.Refresh == "" || queda > 2*s.margin(*content):
		return s.touch(content, ahora), nil
	case queda > s.margin(*content):
		return false, nil
	}
	t, err := s.exchangeOnce(ctx, content.Refresh, ahora)
	if err == nil {
		if err = s.take(ctx, content, t); err == nil {
			content.Given, content.Seen = ahora.Unix(), ahora.Unix()
			return true, nil
		}
	}
	s.o.Log.WarnContext(ctx, "session not renewed", "error", summary(err))
	switch {
	case queda > 0: // the present access token is good until it expires
		return false, nil
	case errors.Is(err, ErrSession), errors.Is(err, errOtherTab):
		return false, err
	}
	return false, oidc.ErrProvider
}

// margin is how long before its end the access token of content is renewed: sesion.renovar, at most a quarter of the
// token's life.
func (s *Sessions) margin(content content) time.Duration {
	return min(s.o.Config.Renovar, time.Duration(content.Expires-content.Given)*time.Second/4)
}

// touch sets the time of last use in content, once per tenth of sesion.inactividad, and reports whether it has.
func (s *Sessions) touch(content *content, ahora time.Time) bool {
	if ahora.Sub(time.Unix(content.Seen, 0)) <= s.o.Config.Inactividad/10 {
		return false
	}
	content.Seen = ahora.Unix()
	return true
}

// take puts the new tokens token into content. Errors: ErrSession for tokens of another person, those of Verify.
func (s *Sessions) take(ctx context.Context, content *content, token *oauth2.Token) error {
	p, err := s.o.Verifier.Verify(ctx, token.AccessToken)
	if err != nil {
		return err
	}
	if p.ID != content.ID {
		return ErrSession
	}
	content.Access, content.Expires = token.AccessToken, p.Expires.Unix()
	if token.RefreshToken != "" {
		content.Refresh = token.RefreshToken
	}
	return nil
}

// exchangeOnce exchanges a refresh token once, however many tabs ask: a provider that rotates refresh tokens takes a
// second use for theft. Errors: errOtherTab for callTimeout after the provider has refused the token, then ErrSession;
// undeclared ones while the provider does not answer.
func (s *Sessions) exchangeOnce(
	ctx context.Context,
	refresco string,
	ahora time.Time,
) (*oauth2.Token, error) {
	huella := sha256.Sum256([]byte(refresco))
	if r, ok := s.remembered(huella, ahora); ok {
		if r.err != nil && ahora.Sub(r.since) > callTimeout {
			return nil, ErrSession
		}
		return r.t, r.err
	}
	renovado, err, _ := s.flight.Do(string(huella[:]), func() (any, error) {
		if r, ok := s.remembered(huella, ahora); ok { // another request has renewed it meanwhile
			return r.t, r.err
		}
		ctx, soltar := context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
		defer soltar()
		t, err := s.renewal(ctx, refresco)
		if errors.Is(err, errRefused) {
			err = errOtherTab
		}
		if err == nil || errors.Is(err, errOtherTab) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.renewed[huella] = usedToken{t: t, err: err, since: ahora}
		}
		return t, err
	})
	if err != nil {
		return nil, err
	}
	return renovado.(*oauth2.Token), nil
}

// remembered gives the result of using the refresh token with the digest k, if that was less than rememberFor ago.
func (s *Sessions) remembered(k [sha256.Size]byte, ahora time.Time) (usedToken, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for clave, r := range s.renewed {
		if ahora.Sub(r.since) > rememberFor {
			delete(s.renewed, clave)
		}
	}
	r, ok := s.renewed[k]
	return r, ok
}

// requestRenewal asks the provider to exchange the refresh token. Errors: errRefused; undeclared ones while the
// provider does not answer.
func (s *Sessions) requestRenewal(ctx context.Context, refresco string) (*oauth2.Token, error) {
	o, err := s.oauth(ctx)
	if err != nil {
		return nil, err
	}
	ctx = context.WithValue(ctx, oauth2.HTTPClient, s.o.HTTP)
	t, err := o.TokenSource(ctx, &oauth2.Token{RefreshToken: refresco}).Token()
	var e *oauth2.RetrieveError
	if errors.As(err, &e) && e.ErrorCode == "invalid_grant" {
		return nil, errRefused
	}
	return t, err
}

// summary describes an error of the provider for the log, without tokens and codes.
func summary(err error) string {
	var e *oauth2.RetrieveError
	switch {
	case errors.As(err, &e):
		return fmt.Sprintf("the provider refused: %s", e.ErrorCode)
	case errors.Is(err, ErrSession), errors.Is(err, errOtherTab):
		return "the provider refused: invalid_grant"
	}
	return "no answer of the provider"
}
