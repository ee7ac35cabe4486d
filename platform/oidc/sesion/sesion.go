// Package sesion keeps browsers logged in without storing anything about them but the ends
// of their sessions: the tokens of the identity provider travel in a sealed cookie, so any
// replica serves.
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

// ErrSesion answers a cookie that is forged, over, or ended by its owner elsewhere.
var ErrSesion = fault.New(fault.Unauthenticated, "sesion-vencida", "The session is over; log in again.")

// Config is the section sesion of the configuration.
type Config struct {
	// Clave seals the cookies: 32 bytes or more; several between commas, of which the
	// first seals and all open. Empty: made once and kept in datos/dev; refused in
	// produccion.
	Clave config.Secreto `yaml:"clave"`
	// Edad is how long a session lasts at most.
	Edad time.Duration `yaml:"edad"`
	// Inactividad is how long it lasts without a request.
	Inactividad time.Duration `yaml:"inactividad"`
	// Renovar is how long before its end an access token is exchanged for the next.
	Renovar time.Duration `yaml:"renovar"`
}

// Validar names the first key whose value is not possible.
func (c Config) Validar() error {
	if c.Clave != "" {
		if _, err := nuevoSello(c.Clave.Valor()); err != nil {
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

// Cortes are the ends of sessions. All replicas share them, and each request of a browser
// looks there: nothing is remembered here, so that an end counts everywhere at once.
type Cortes interface {
	// Cortar ends, at cuando, the session of that id, or every session of a person (house id) that began by then.
	Cortar(ctx context.Context, id string, cuando time.Time) error
	// Corte gives the moment up to which the sessions of persona (house id) are over, zero: none; terminada: the
	// session of the id sesion has been ended by itself.
	Corte(ctx context.Context, persona, sesion string) (corte time.Time, terminada bool, err error)
}

// Verificador knows tokens; oidc.Verificador is one.
type Verificador interface {
	// Verificar tells whose access token crudo is.
	Verificar(ctx context.Context, crudo string) (oidc.Principal, error)
	// VerificarID tells whose ID token crudo is; cliente and nonce must be its own.
	VerificarID(ctx context.Context, crudo, cliente, nonce string) (string, error)
	// Lugares tells where the provider lets people in, gives tokens, takes them back and
	// lets people out.
	Lugares(ctx context.Context) (oidc.Lugares, error)
}

// Opciones of Sesiones. Every member is needed but Ahora and Log.
type Opciones struct {
	Config      Config
	Cliente     string // id of our application at the provider
	Secreto     string // its secret; empty: it has none
	Audiencia   string // of our API
	URL         func() string
	Verificador Verificador
	Cortes      Cortes
	HTTP        *http.Client // carries the calls of the provider; nil: one with a deadline
	Ahora       func() time.Time
	Log         *slog.Logger
}

// Sesiones keeps browsers logged in. Safe for concurrent use.
type Sesiones struct {
	o     Opciones
	sello *sello
	vuelo singleflight.Group

	mu         sync.Mutex
	renovadas  map[[sha256.Size]byte]renovada // by the refresh token that was used up
	renovacion func(ctx context.Context, refresco string) (*oauth2.Token, error)
}

// paciencia bounds a call of the provider.
const paciencia = 5 * time.Second

// Nueva makes the sessions of one server. Errors: a key that is too short.
func Nueva(o Opciones) (*Sesiones, error) {
	if o.Ahora == nil {
		o.Ahora = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.HTTP == nil {
		o.HTTP = &http.Client{Timeout: paciencia}
	}
	sello, err := nuevoSello(o.Config.Clave.Valor())
	if err != nil {
		return nil, err
	}
	s := &Sesiones{o: o, sello: sello, renovadas: map[[sha256.Size]byte]renovada{}}
	s.renovacion = s.pedirRenovacion
	return s, nil
}

// Cerrar lets go of connections to the provider.
func (s *Sesiones) Cerrar() { s.o.HTTP.CloseIdleConnections() }

// contenido is what the cookie of a session carries.
type contenido struct {
	Acceso   string `json:"a"`
	Refresco string `json:"r,omitempty"`
	ID       string `json:"i"` // house id of the person
	Empezo   int64  `json:"e"` // Unix ms
	Visto    int64  `json:"u"` // Unix seconds
	Dado     int64  `json:"d"` // when the access token was given, Unix seconds
	Vence    int64  `json:"v"` // when it ends, Unix seconds
}

// sesion is the id of the session itself. It follows from whose it is and when it began, which renewals keep, so that
// every copy of the cookie has it.
func (c contenido) sesion() string {
	return idempotency.Derive("sesion", c.ID, strconv.FormatInt(c.Empezo, 10))
}

// finDe is the moment to give to Cortar at ahora so that this session is among those that end: another replica, whose
// clock was ahead, may have begun it.
func (c contenido) finDe(ahora time.Time) time.Time {
	if empezo := time.UnixMilli(c.Empezo); empezo.After(ahora) {
		return empezo
	}
	return ahora
}

// Lleva reports whether r carries a cookie of a session, good or bad.
func (s *Sesiones) Lleva(r *http.Request) bool { return s.leer(r, nombreSesion) != "" }

// Token gives the access token of the session that r carries, and renews cookie and
// token when it is time. Errors: ErrSesion, after which the cookie is gone, unless another
// tab may have a better one; oidc.ErrProveedor; what Cortes says.
func (s *Sesiones) Token(w http.ResponseWriter, r *http.Request) (string, error) {
	c, err := s.vigente(r)
	cambio := false
	if err == nil {
		cambio, err = s.alDia(r.Context(), &c, s.o.Ahora())
	}
	if err == nil {
		err = s.suya(r.Context(), c)
	}
	if errors.Is(err, errOtraPestana) {
		return "", ErrSesion
	}
	if errors.Is(err, ErrSesion) {
		s.borrar(w)
	}
	if err == nil && cambio {
		err = s.guardar(w, c)
	}
	if err != nil {
		return "", err
	}
	return c.Acceso, nil
}

// suya checks the access token, which its provider may have taken back. Errors:
// ErrSesion, oidc.ErrProveedor.
func (s *Sesiones) suya(ctx context.Context, c contenido) error {
	p, err := s.o.Verificador.Verificar(ctx, c.Acceso)
	if e, ok := fault.As(err); ok && e.Kind == fault.Unauthenticated || err == nil && p.ID != c.ID {
		return ErrSesion
	}
	return err
}

// Vigente reports whether the session that r carried has not been ended since. Errors:
// ErrSesion; what Cortes says.
func (s *Sesiones) Vigente(r *http.Request) error {
	_, err := s.vigente(r)
	return err
}

func (s *Sesiones) vigente(r *http.Request) (c contenido, err error) {
	if s.sello.abrir(nombreSesion, s.leer(r, nombreSesion), &c) != nil {
		return c, ErrSesion
	}
	ahora, empezo := s.o.Ahora(), time.UnixMilli(c.Empezo)
	if ahora.Sub(empezo) >= s.o.Config.Edad || ahora.Sub(time.Unix(c.Visto, 0)) >= s.o.Config.Inactividad {
		return c, ErrSesion
	}
	if !skew.Past(empezo, ahora).Equal(empezo) { // a clock that was ahead began it: it would outlast Edad
		return c, ErrSesion
	}
	corte, terminada, err := s.o.Cortes.Corte(r.Context(), c.ID, c.sesion())
	if err == nil && corte.After(skew.Limit(ahora, skew.MaxCut)) {
		err = s.o.Cortes.Cortar(r.Context(), c.ID, ahora) // so that this person can log in again
	}
	if err != nil {
		return c, incierta(err)
	}
	if terminada || !empezo.After(corte) && !corte.IsZero() {
		return c, ErrSesion
	}
	return c, nil
}

// incierta answers 503 where it cannot be looked up whether a session has been ended, whatever the reason: it may
// have been.
func incierta(err error) error {
	if e, ok := fault.As(err); ok && e.Kind == fault.Unavailable {
		return err
	}
	return fmt.Errorf("%w: %w", fault.ErrAlmacen, err)
}

// guardar puts the session into the browser.
func (s *Sesiones) guardar(w http.ResponseWriter, c contenido) error {
	texto, err := s.sello.cerrar(nombreSesion, c)
	if err != nil {
		return err
	}
	return s.poner(w, nombreSesion, texto, s.o.Config.Edad)
}

func (s *Sesiones) borrar(w http.ResponseWriter) { _ = s.poner(w, nombreSesion, "", 0) } // nothing is too long here
