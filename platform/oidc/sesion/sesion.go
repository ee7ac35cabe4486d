// Package sesion keeps browsers logged in. The tokens of the identity provider travel in a sealed cookie, so that
// every replica can serve every browser; only the ends of sessions are stored (Ends).
package sesion

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"

	"despensa/platform/config"
	"despensa/platform/fault"
	"despensa/platform/idempotency"
	"despensa/platform/oidc"
	"despensa/platform/skew"

	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"
)

// ErrSession answers a session cookie that is forged or expired, or belongs to a session that was ended.
var ErrSession = fault.New(
	fault.Unauthenticated,
	"sesion-vencida",
	"The session is over; log in again.",
)

// Config is the section sesion of the configuration.
type Config struct {
	// Clave holds the keys that seal the cookies, 32 bytes or more each, separated by commas. The first one seals and
	// all of them open. Empty: a key is made once and kept in datos/dev; refused in produccion.
	Clave config.Secret `yaml:"clave"`
	// Edad is the longest life of a session.
	Edad time.Duration `yaml:"edad"`
	// Inactividad is how long a session lasts without a request.
	Inactividad time.Duration `yaml:"inactividad"`
	// Renovar is how long before its end an access token is exchanged for the next one.
	Renovar time.Duration `yaml:"renovar"`
}

// Validate checks every setting. Errors: the first key with an impossible value, and its range.
func (c Config) Validate() error {
	if c.Clave != "" {
		if _, err := newSealer(c.Clave.Value()); err != nil {
			return err
		}
	}
	switch {
	case c.Edad < time.Minute || c.Edad > 30*24*time.Hour:
		return errors.New("sesion.edad: 1m to 720h")
	case c.Inactividad < time.Minute || c.Inactividad > c.Edad:
		return errors.New("sesion.inactividad: 1m to sesion.edad")
	case c.Renovar < 0 || c.Renovar > time.Hour:
		return errors.New("sesion.renovar: 0s to 1h")
	}
	return nil
}

// Ends is the store of the ends of sessions, which all replicas share. Each request of a browser reads it: no
// replica caches an end, so that an end counts everywhere at once.
type Ends interface {
	// End ends at cuando the session id, or, when id is the house id of a person, every session of the person that
	// began by then. Errors: those of the store.
	End(ctx context.Context, id string, cuando time.Time) error
	// EndedUntil gives the time up to which sessions of persona (house id) have been ended; zero: none has been.
	// terminada: the session with the id sesion has been ended on its own. Errors: those of the store.
	EndedUntil(
		ctx context.Context,
		persona, sesion string,
	) (corte time.Time, terminada bool, err error)
}

// Verifier verifies the tokens of the provider and knows its addresses; oidc.Verifier is one.
type Verifier interface {
	// Verify checks the access token crudo and gives its subject. Errors: as oidc.Verifier.Verify.
	Verify(ctx context.Context, crudo string) (oidc.Principal, error)
	// VerifyID checks the ID token crudo, which must have the audience cliente and carry nonce, and gives its
	// subject. Errors: as oidc.Verifier.VerifyID.
	VerifyID(ctx context.Context, crudo, cliente, nonce string) (string, error)
	// Endpoints gives the provider's addresses for login, tokens, revocation and logout. Errors: oidc.ErrProvider.
	Endpoints(ctx context.Context) (oidc.Endpoints, error)
}

// Options are the parts and settings of Sessions. HTTP, Now, Log and Secret may be absent.
type Options struct {
	Config   Config
	ClientID string // id of our application at the provider
	Secret   string // secret of that application; empty: it has none (a public client)
	Audience string // audience of this API in access tokens
	URL      func() string
	Verifier Verifier
	Ends     Ends
	HTTP     *http.Client // carries the calls to the provider; nil: a client with the deadline callTimeout
	Now      func() time.Time
	Log      *slog.Logger
}

// Sessions keeps browsers logged in. It is safe for concurrent use.
type Sessions struct {
	o      Options
	sealer *sealer
	flight singleflight.Group

	mu      sync.Mutex
	renewed map[[sha256.Size]byte]usedToken // by the digest of the used refresh token
	renewal func(ctx context.Context, refresco string) (*oauth2.Token, error)
}

// callTimeout bounds a call to the provider.
const callTimeout = 5 * time.Second

// New makes the sessions of one server. Errors: a key of sesion.clave that is too short.
func New(options Options) (*Sessions, error) {
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Log == nil {
		options.Log = slog.Default()
	}
	if options.HTTP == nil {
		options.HTTP = &http.Client{Timeout: callTimeout}
	}
	sello, err := newSealer(options.Config.Clave.Value())
	if err != nil {
		return nil, err
	}
	s := &Sessions{o: options, sealer: sello, renewed: map[[sha256.Size]byte]usedToken{}}
	s.renewal = s.requestRenewal
	return s, nil
}

// Close closes the idle connections to the provider.
func (s *Sessions) Close() { s.o.HTTP.CloseIdleConnections() }

// content is the content of a session's cookie.
type content struct {
	Access  string `json:"a"`
	Refresh string `json:"r,omitempty"`
	ID      string `json:"i"` // house id of the person
	Began   int64  `json:"e"` // Unix ms
	Seen    int64  `json:"u"` // Unix seconds
	Given   int64  `json:"d"` // when the access token was given, Unix seconds
	Expires int64  `json:"v"` // when it ends, Unix seconds
}

// session is the id of the session, made of the person's id and the time at which the session began. Renewals change
// neither, so that every copy of the cookie has the same id.
func (c content) session() string {
	return idempotency.Derive("sesion", c.ID, strconv.FormatInt(c.Began, 10))
}

// endAt is the time to give to End at ahora so that this session ends too: another replica, with a clock ahead of
// this one, may have begun it.
func (c content) endAt(ahora time.Time) time.Time {
	if empezo := time.UnixMilli(c.Began); empezo.After(ahora) {
		return empezo
	}
	return ahora
}

// Carries reports whether r carries a cookie of a session, good or bad.
func (s *Sessions) Carries(r *http.Request) bool { return s.readCookie(r, sessionCookie) != "" }

// Token gives the access token of the session that r carries, and renews token and cookie near their end. Errors:
// ErrSession, with the cookie deleted unless another tab may have renewed it; oidc.ErrProvider; fault.ErrStoreAway
// while Ends does not answer.
func (s *Sessions) Token(w http.ResponseWriter, r *http.Request) (string, error) {
	c, err := s.open(r)
	cambio := false
	if err == nil {
		cambio, err = s.renewIfDue(r.Context(), &c, s.o.Now())
	}
	if err == nil {
		err = s.verifyOwn(r.Context(), c)
	}
	if errors.Is(err, errOtherTab) {
		return "", ErrSession
	}
	if errors.Is(err, ErrSession) {
		s.deleteCookie(w)
	}
	if err == nil && cambio {
		err = s.save(w, c)
	}
	if err != nil {
		return "", err
	}
	return c.Access, nil
}

// verifyOwn verifies the access token in content, which must belong to the person of the session. Errors: ErrSession,
// oidc.ErrProvider.
func (s *Sessions) verifyOwn(ctx context.Context, content content) error {
	p, err := s.o.Verifier.Verify(ctx, content.Access)
	if e, ok := fault.As(err); ok && e.Kind == fault.Unauthenticated ||
		err == nil && p.ID != content.ID {
		return ErrSession
	}
	return err
}

// StillOpen returns nil while the session that r carries is open. Errors: ErrSession; fault.ErrStoreAway while Ends
// does not answer.
func (s *Sessions) StillOpen(r *http.Request) error {
	_, err := s.open(r)
	return err
}

// open opens the cookie of r and gives its content while the session is open. Errors: those of StillOpen.
func (s *Sessions) open(r *http.Request) (c content, err error) {
	if s.sealer.open(sessionCookie, s.readCookie(r, sessionCookie), &c) != nil {
		return c, ErrSession
	}
	ahora, empezo := s.o.Now(), time.UnixMilli(c.Began)
	if ahora.Sub(empezo) >= s.o.Config.Edad ||
		ahora.Sub(time.Unix(c.Seen, 0)) >= s.o.Config.Inactividad {
		return c, ErrSession
	}
	if !skew.Past(empezo, ahora).
		Equal(empezo) { // begun by a clock that was ahead: the session would outlast Edad
		return c, ErrSession
	}
	corte, terminada, err := s.o.Ends.EndedUntil(r.Context(), c.ID, c.session())
	if err == nil && corte.After(skew.Limit(ahora, skew.MaxCut)) {
		err = s.o.Ends.End(r.Context(), c.ID, ahora) // lowered: a clock ahead wrote corte
	}
	if err != nil {
		return c, uncertain(err)
	}
	if terminada || !empezo.After(corte) && !corte.IsZero() {
		return c, ErrSession
	}
	return c, nil
}

// uncertain turns any error of Ends into one of 503: the session may have been ended, so it must not be accepted.
func uncertain(err error) error {
	if e, ok := fault.As(err); ok && e.Kind == fault.Unavailable {
		return err
	}
	return fmt.Errorf("%w: %w", fault.ErrStoreAway, err)
}

// save sets the cookie of the session content.
func (s *Sessions) save(w http.ResponseWriter, content content) error {
	texto, err := s.sealer.seal(sessionCookie, content)
	if err != nil {
		return err
	}
	return s.setCookie(w, sessionCookie, texto, s.o.Config.Edad)
}

func (s *Sessions) deleteCookie(w http.ResponseWriter) {
	_ = s.setCookie(w, sessionCookie, "", 0) // an empty value always fits
}
