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
func (s *Servidor) middleware() {
	s.eco.Use(s.identificar, s.observar)
	s.eco.Use(middleware.RecoverWithConfig(middleware.RecoverConfig{DisableStackAll: true, LogErrorFunc: s.panico}))
	s.eco.Use(s.cabeceras, s.cors, s.plazos, ordenarCabeceras, s.comprimir)
	s.eco.Use(s.legible, s.ingreso, s.recurso)
}

var idValido = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// identificar gives each request an id: the caller's X-Request-Id if it matches idValido, otherwise a new UUID.
func (s *Servidor) identificar(sigue echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := c.Request().Header.Get(echo.HeaderXRequestID)
		if !idValido.MatchString(id) {
			id = uuid.NewString()
		}
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		poner(context.WithValue(c.Request().Context(), clavePedido{}, pedido{
			id: id, direccion: c.RealIP(), red: network(c.RealIP()), servidor: s,
		}), c)
		return sigue(c)
	}
}

func poner(ctx context.Context, c echo.Context) { c.SetRequest(c.Request().WithContext(ctx)) }

// panico logs a panic; the answer is ErrInterno.
func (s *Servidor) panico(c echo.Context, err error, pila []byte) error {
	ctx := c.Request().Context()
	s.o.Log.ErrorContext(ctx, "panic", "solicitud", pedidoDe(ctx).id, "error", err, "stack", string(pila))
	return componer(ctx, ErrInterno)
}

// cabeceras sets the security headers of every answer; pages replace the Content-Security-Policy with their own.
func (s *Servidor) cabeceras(sigue echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Frame-Options", "DENY")
		if strings.HasPrefix(strings.ToLower(s.URL()), "https://") {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if !s.montados[c.Path()] {
			h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
		}
		if deAPI(c.Request()) {
			h.Set("Cache-Control", "no-store")
		}
		return sigue(c)
	}
}

// margen is the time for reading a request, and, beyond http.plazo, for sending its answer.
const margen = 30 * time.Second

// plazos limits each request to http.plazo. A stream has no limit and ends with the server. A mounted handler gets
// the deadlines of the connection alone.
func (s *Servidor) plazos(sigue echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		fin, escritura := time.Now().Add(margen), time.Now().Add(s.o.Config.Plazo+margen)
		if esFlujo(c) {
			fin, escritura = time.Time{}, time.Time{}
		}
		rc := http.NewResponseController(c.Response())
		_ = rc.SetReadDeadline(fin) // not every writer has deadlines (tests)
		_ = rc.SetWriteDeadline(escritura)
		if s.montados[c.Path()] {
			return sigue(c)
		}
		ctx, soltar := s.plazo(c)
		defer soltar()
		poner(ctx, c)
		return sigue(c)
	}
}

func (s *Servidor) plazo(c echo.Context) (context.Context, context.CancelFunc) {
	if !esFlujo(c) {
		return context.WithTimeout(c.Request().Context(), s.o.Config.Plazo)
	}
	ctx, soltar := context.WithCancel(c.Request().Context())
	olvidar := context.AfterFunc(s.paro, soltar)
	return ctx, func() { olvidar(); soltar() }
}

// legible refuses paths and queries that cannot be read or stored as text.
func (s *Servidor) legible(sigue echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		u := c.Request().URL
		if s.montados[c.Path()] {
			return sigue(c)
		}
		if !esTexto(u.Path) {
			return ErrPeticion
		}
		q, err := url.ParseQuery(u.RawQuery)
		if err != nil {
			return ErrDatos.WithField("query", "cannot be read")
		}
		for k, valores := range q {
			if !esTexto(k) || slices.ContainsFunc(valores, func(v string) bool { return !esTexto(v) }) {
				return ErrDatos.WithField(recortar("query."+k), "not UTF-8 text without NUL")
			}
		}
		return sigue(c)
	}
}

func esTexto(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// prefijoSesion is where logins are mounted.
const prefijoSesion = "/sesion/"

// ingreso authenticates the callers of the API and limits their calls. One measure counts each call: by subject when
// the token or the session verifies, by network otherwise.
func (s *Servidor) ingreso(sigue echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		q := pedidoDe(c.Request().Context())
		if strings.HasPrefix(c.Path(), prefijoSesion) { // each request may cost a call to the identity provider
			if err := count(c, s.measures.logins, q.red); err != nil {
				return err
			}
		}
		if !deAPI(c.Request()) || s.montados[c.Path()] {
			return sigue(c)
		}
		principal, err := s.autenticar(c, q.red)
		if sinCredencial(err) {
			s.sinToken(q.direccion)
		}
		if e := s.judge(c, principal, err); e != nil {
			return e
		}
		if err != nil {
			// Composed now: the outer layer answers when the deadline of the context may have passed.
			return aProblema(c.Request().Context(), err)
		}
		if principal.Sub != "" {
			poner(oidc.Con(c.Request().Context(), principal), c)
		}
		return sigue(c)
	}
}

// judge counts a call by the one measure that fits it. p and refusal are the results of autenticar. Errors:
// ErrDemasiadas.
func (s *Servidor) judge(c echo.Context, p oidc.Principal, refusal error) error {
	red := pedidoDe(c.Request().Context()).red
	switch {
	case sinCredencial(refusal):
		return count(c, s.measures.refused, red)
	case p.Sub != "":
		return count(c, s.measures.callers, p.Sub)
	case s.notices()[c.Path()]:
		return count(c, s.measures.notices, red)
	}
	return count(c, s.measures.anon, red)
}

// autenticar verifies the token or the session of the request; a request with neither gives the zero Principal. For a
// network that has used up its refused tokens the identity provider is not asked for new keys any more: its tokens
// are verified by the keys at hand. Errors: those of Verificador and Sesiones, oidc.ErrToken, ErrOrigen.
func (s *Servidor) autenticar(c echo.Context, red string) (oidc.Principal, error) {
	r := c.Request()
	spent := s.measures.refused.spent(red)
	if spent {
		poner(oidc.WithKnownKeys(r.Context()), c)
		r = c.Request()
	}
	if h := r.Header.Values(echo.HeaderAuthorization); len(h) > 0 {
		return s.porToken(r, h, spent)
	}
	if s.o.Sesion != nil && s.o.Sesion.Lleva(r) && !s.foreign(r) {
		return s.porSesion(c)
	}
	return oidc.Principal{}, nil
}

// porToken verifies the one bearer token in h, the lines of Authorization. spent: the caller's network has used up
// its refused tokens, so that its signatures are checked one at a time. Errors: oidc.ErrToken for any other form of
// h, those of Verificador.
func (s *Servidor) porToken(r *http.Request, h []string, spent bool) (oidc.Principal, error) {
	esquema, crudo, _ := strings.Cut(h[0], " ")
	if len(h) != 1 || !strings.EqualFold(esquema, "Bearer") {
		s.rechazos.Anotar(r.Context(), oidc.MotivoCabecera)
		return oidc.Principal{}, oidc.ErrToken
	}
	if spent {
		release, err := s.measures.refused.alone(r.Context(), pedidoDe(r.Context()).red)
		if err != nil {
			return oidc.Principal{}, err
		}
		defer release()
	}
	return s.o.Verificador.Verificar(r.Context(), strings.TrimSpace(crudo))
}

// porSesion verifies the session of a browser. Errors: those of Sesiones and Verificador; ErrOrigen for a change that
// a page of another origin asks for.
func (s *Servidor) porSesion(c echo.Context) (oidc.Principal, error) {
	r := c.Request()
	crudo, err := s.o.Sesion.Token(c.Response(), r)
	if err != nil {
		return oidc.Principal{}, err
	}
	p, err := s.o.Verificador.Verificar(r.Context(), crudo)
	if err != nil {
		return p, err
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead && !s.o.Sesion.Propia(r) {
		return oidc.Principal{}, ErrOrigen
	}
	poner(context.WithValue(r.Context(), claveVigente{}, func() error { return s.o.Sesion.Vigente(r) }), c)
	return p, nil
}

// claveVigente is the context key of a func() error that asks whether the session of the request is still open.
type claveVigente struct{}
