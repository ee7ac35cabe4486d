package httpapi

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"despensa/platform/oidc"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// middleware installs the layers that every request passes, the outermost first.
func (s *Server) middleware() {
	s.echo.Use(s.identify, s.observe)
	s.echo.Use(
		middleware.RecoverWithConfig(
			middleware.RecoverConfig{DisableStackAll: true, LogErrorFunc: s.recovered},
		),
	)
	s.echo.Use(s.headers, s.cors, s.timeouts, normalizeHeaders, s.compress)
	s.echo.Use(s.readable, s.login, s.resource)
}

var validID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// identify gives each request an id: the caller's X-Request-Id if it matches validID, otherwise a new UUID.
func (s *Server) identify(sigue echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := c.Request().Header.Get(echo.HeaderXRequestID)
		if !validID.MatchString(id) {
			id = uuid.NewString()
		}
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		setContext(context.WithValue(c.Request().Context(), requestKey{}, request{
			id: id, address: c.RealIP(), network: network(c.RealIP()), server: s,
		}), c)
		return sigue(c)
	}
}

func setContext(ctx context.Context, ectx echo.Context) {
	ectx.SetRequest(ectx.Request().WithContext(ctx))
}

// recovered logs a panic; the answer is ErrInternal.
func (s *Server) recovered(ectx echo.Context, err error, pila []byte) error {
	ctx := ectx.Request().Context()
	s.o.Log.ErrorContext(
		ctx, "panic",
		"solicitud", requestOf(ctx).id, "error", err, "stack", string(pila),
	)
	return compose(ctx, ErrInternal)
}

// headers sets the security headers of every answer; pages replace the Content-Security-Policy with their own.
func (s *Server) headers(sigue echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Frame-Options", "DENY")
		if strings.HasPrefix(strings.ToLower(s.URL()), "https://") {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if !s.mounted[c.Path()] {
			h.Set(
				"Content-Security-Policy",
				"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
			)
		}
		if isAPI(c.Request()) {
			h.Set("Cache-Control", "no-store")
		}
		return sigue(c)
	}
}

// margin is the time for reading a request, and, beyond http.plazo, for sending its answer.
const margin = 30 * time.Second

// timeouts limits each request to http.plazo. A stream has no limit and ends with the server. A mounted handler gets
// the deadlines of the connection alone.
func (s *Server) timeouts(sigue echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		fin, escritura := time.Now().Add(margin), time.Now().Add(s.o.Config.Plazo+margin)
		if isStream(c) {
			fin, escritura = time.Time{}, time.Time{}
		}
		rc := http.NewResponseController(c.Response())
		_ = rc.SetReadDeadline(fin) // not every writer has deadlines (tests)
		_ = rc.SetWriteDeadline(escritura)
		if s.mounted[c.Path()] {
			return sigue(c)
		}
		ctx, soltar := s.timeout(c)
		defer soltar()
		setContext(ctx, c)
		return sigue(c)
	}
}

func (s *Server) timeout(ectx echo.Context) (context.Context, context.CancelFunc) {
	if !isStream(ectx) {
		return context.WithTimeout(ectx.Request().Context(), s.o.Config.Plazo)
	}
	ctx, soltar := context.WithCancel(ectx.Request().Context())
	olvidar := context.AfterFunc(s.stopping, soltar)
	return ctx, func() { olvidar(); soltar() }
}

// readable refuses paths and queries that cannot be read or stored as text.
func (s *Server) readable(sigue echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		u := c.Request().URL
		if s.mounted[c.Path()] {
			return sigue(c)
		}
		if !isText(u.Path) {
			return ErrRequest
		}
		q, err := url.ParseQuery(u.RawQuery)
		if err != nil {
			return ErrInvalid.WithField("query", "cannot be read")
		}
		for k, valores := range q {
			if !isText(k) ||
				slices.ContainsFunc(valores, func(v string) bool { return !isText(v) }) {
				return ErrInvalid.WithField(truncate("query."+k), "not UTF-8 text without NUL")
			}
		}
		return sigue(c)
	}
}

func isText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// sessionPrefix is where logins are mounted.
const sessionPrefix = "/sesion/"

// login authenticates the callers of the API and limits their calls. One measure counts each call: by subject when
// the token or the session verifies, by network otherwise.
func (s *Server) login(sigue echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		q := requestOf(c.Request().Context())
		if strings.HasPrefix(c.Path(), sessionPrefix) { // each request may cost a call to the identity provider
			if err := count(c, s.measures.logins, q.network); err != nil {
				return err
			}
		}
		if !isAPI(c.Request()) || s.mounted[c.Path()] {
			return sigue(c)
		}
		principal, err := s.authenticate(c, q.network)
		if noCredentials(err) {
			s.noToken(q.address)
		}
		if e := s.judge(c, principal, err); e != nil {
			return e
		}
		if err != nil {
			// Composed now: the outer layer answers when the deadline of the context may have passed.
			return problemOf(c.Request().Context(), err)
		}
		if principal.Sub != "" {
			setContext(oidc.WithCaller(c.Request().Context(), principal), c)
		}
		return sigue(c)
	}
}

// judge counts a call by the one measure that fits it. principal and refusal are the results of authenticate. Errors:
// ErrTooMany.
func (s *Server) judge(ectx echo.Context, principal oidc.Principal, refusal error) error {
	red := requestOf(ectx.Request().Context()).network
	switch {
	case noCredentials(refusal):
		return count(ectx, s.measures.refused, red)
	case principal.Sub != "":
		return count(ectx, s.measures.callers, principal.Sub)
	case s.notices()[ectx.Path()]:
		return count(ectx, s.measures.notices, red)
	}
	return count(ectx, s.measures.anon, red)
}

// authenticate verifies the token or the session of the request; a request with neither gives the zero Principal. For a
// network that has used up its refused tokens the identity provider is not asked for new keys any more: its tokens
// are verified by the keys at hand. Errors: those of Verifier and Sessions, oidc.ErrToken, ErrOrigin.
func (s *Server) authenticate(ectx echo.Context, red string) (oidc.Principal, error) {
	r := ectx.Request()
	spent := s.measures.refused.spent(red)
	if spent {
		setContext(oidc.WithKnownKeys(r.Context()), ectx)
		r = ectx.Request()
	}
	if h := r.Header.Values(echo.HeaderAuthorization); len(h) > 0 {
		return s.byToken(r, h, spent)
	}
	if s.o.Sessions != nil && s.o.Sessions.Carries(r) && !s.foreign(r) {
		return s.bySession(ectx)
	}
	return oidc.Principal{}, nil
}

// byToken verifies the one bearer token in h, the lines of Authorization. spent: the caller's network has used up
// its refused tokens, so that its signatures are checked one at a time. Errors: oidc.ErrToken for any other form of
// h, those of Verifier.
func (s *Server) byToken(r *http.Request, h []string, spent bool) (oidc.Principal, error) {
	esquema, crudo, _ := strings.Cut(h[0], " ")
	if len(h) != 1 || !strings.EqualFold(esquema, "Bearer") {
		s.refusals.Note(r.Context(), oidc.ReasonHeader)
		return oidc.Principal{}, oidc.ErrToken
	}
	if spent {
		release, err := s.measures.refused.alone(r.Context(), requestOf(r.Context()).network)
		if err != nil {
			return oidc.Principal{}, err
		}
		defer release()
	}
	return s.o.Verifier.Verify(r.Context(), strings.TrimSpace(crudo))
}

// bySession verifies the session of a browser. Errors: those of Sessions and Verifier; ErrOrigin for a change that
// a page of another origin asks for.
func (s *Server) bySession(ectx echo.Context) (oidc.Principal, error) {
	r := ectx.Request()
	crudo, err := s.o.Sessions.Token(ectx.Response(), r)
	if err != nil {
		return oidc.Principal{}, err
	}
	p, err := s.o.Verifier.Verify(r.Context(), crudo)
	if err != nil {
		return p, err
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead && !s.o.Sessions.OwnPage(r) {
		return oidc.Principal{}, ErrOrigin
	}
	setContext(
		context.WithValue(
			r.Context(),
			stillOpenKey{},
			func() error { return s.o.Sessions.StillOpen(r) },
		),
		ectx,
	)
	return p, nil
}

// stillOpenKey is the context key of a func() error that asks whether the session of the request is still open.
type stillOpenKey struct{}
