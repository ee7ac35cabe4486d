// Package sesion keeps browsers logged in. The tokens of the identity provider travel in a sealed cookie, so that
// every replica can serve every browser; only the ends of sessions are stored (Cortes).
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

// ErrSesion answers a session cookie that is forged or expired, or belongs to a session that was ended.
var ErrSesion = fault.New(fault.Unauthenticated, "sesion-vencida", "The session is over; log in again.")

// Config is the section sesion of the configuration.
type Config struct {
	// Clave holds the keys that seal the cookies, 32 bytes or more each, separated by commas. The first one seals and
	// all of them open. Empty: a key is made once and kept in datos/dev; refused in produccion.
	Clave config.Secreto `yaml:"clave"`
	// Edad is the longest life of a session.
	Edad time.Duration `yaml:"edad"`
	// Inactividad is how long a session lasts without a request.
	Inactividad time.Duration `yaml:"inactividad"`
	// Renovar is how long before its end an access token is exchanged for the next one.
	Renovar time.Duration `yaml:"renovar"`
}

// Validar checks every setting. Errors: the first key with an impossible value, and its range.
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

// Cortes is the store of the ends of sessions, which all replicas share. Each request of a browser reads it: no
// replica caches an end, so that an end counts everywhere at once.
type Cortes interface {
	// Cortar ends at cuando the session id, or, when id is the house id of a person, every session of the person that
	// began by then. Errors: those of the store.
	Cortar(ctx context.Context, id string, cuando time.Time) error
	// Corte gives the time up to which sessions of persona (house id) have been ended; zero: none has been. terminada:
	// the session with the id sesion has been ended on its own. Errors: those of the store.
	Corte(ctx context.Context, persona, sesion string) (corte time.Time, terminada bool, err error)
}

// Verificador verifies the tokens of the provider and knows its addresses; oidc.Verificador is one.
type Verificador interface {
	// Verificar checks the access token crudo and gives its subject. Errors: as oidc.Verificador.Verificar.
	Verificar(ctx context.Context, crudo string) (oidc.Principal, error)
	// VerificarID checks the ID token crudo, which must have the audience cliente and carry nonce, and gives its
	// subject. Errors: as oidc.Verificador.VerificarID.
	VerificarID(ctx context.Context, crudo, cliente, nonce string) (string, error)
	// Lugares gives the provider's addresses for login, tokens, revocation and logout. Errors: oidc.ErrProveedor.
	Lugares(ctx context.Context) (oidc.Lugares, error)
}

// Opciones are the parts and settings of Sesiones. HTTP, Ahora, Log and Secreto may be absent.
type Opciones struct {
	Config      Config
	Cliente     string // id of our application at the provider
	Secreto     string // secret of that application; empty: it has none (a public client)
	Audiencia   string // audience of this API in access tokens
	URL         func() string
	Verificador Verificador
	Cortes      Cortes
	HTTP        *http.Client // carries the calls to the provider; nil: a client with the deadline paciencia
	Ahora       func() time.Time
	Log         *slog.Logger
}

// Sesiones keeps browsers logged in. It is safe for concurrent use.
type Sesiones struct {
	o     Opciones
	sello *sello
	vuelo singleflight.Group

	mu         sync.Mutex
	renovadas  map[[sha256.Size]byte]renovada // by the digest of the used refresh token
	renovacion func(ctx context.Context, refresco string) (*oauth2.Token, error)
}

// paciencia bounds a call to the provider.
const paciencia = 5 * time.Second

// Nueva makes the sessions of one server. Errors: a key of sesion.clave that is too short.
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

// Cerrar closes the idle connections to the provider.
func (s *Sesiones) Cerrar() { s.o.HTTP.CloseIdleConnections() }

// contenido is the content of a session's cookie.
type contenido struct {
	Acceso   string `json:"a"`
	Refresco string `json:"r,omitempty"`
	ID       string `json:"i"` // house id of the person
	Empezo   int64  `json:"e"` // Unix ms
	Visto    int64  `json:"u"` // Unix seconds
	Dado     int64  `json:"d"` // when the access token was given, Unix seconds
	Vence    int64  `json:"v"` // when it ends, Unix seconds
}

// sesion is the id of the session, made of the person's id and the time at which the session began. Renewals change
// neither, so that every copy of the cookie has the same id.
func (c contenido) sesion() string {
	return idempotency.Derive("sesion", c.ID, strconv.FormatInt(c.Empezo, 10))
}

// finDe is the time to give to Cortar at ahora so that this session ends too: another replica, with a clock ahead of
// this one, may have begun it.
func (c contenido) finDe(ahora time.Time) time.Time {
	if empezo := time.UnixMilli(c.Empezo); empezo.After(ahora) {
		return empezo
	}
	return ahora
}

// Lleva reports whether r carries a cookie of a session, good or bad.
func (s *Sesiones) Lleva(r *http.Request) bool { return s.leer(r, nombreSesion) != "" }

// Token gives the access token of the session that r carries, and renews token and cookie near their end. Errors:
// ErrSesion, with the cookie deleted unless another tab may have renewed it; oidc.ErrProveedor; fault.ErrAlmacen
// while Cortes does not answer.
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

// suya verifies the access token in c, which must belong to the person of the session. Errors: ErrSesion,
// oidc.ErrProveedor.
func (s *Sesiones) suya(ctx context.Context, c contenido) error {
	p, err := s.o.Verificador.Verificar(ctx, c.Acceso)
	if e, ok := fault.As(err); ok && e.Kind == fault.Unauthenticated || err == nil && p.ID != c.ID {
		return ErrSesion
	}
	return err
}

// Vigente returns nil while the session that r carries is open. Errors: ErrSesion; fault.ErrAlmacen while Cortes does
// not answer.
func (s *Sesiones) Vigente(r *http.Request) error {
	_, err := s.vigente(r)
	return err
}

// vigente opens the cookie of r and gives its content while the session is open. Errors: those of Vigente.
func (s *Sesiones) vigente(r *http.Request) (c contenido, err error) {
	if s.sello.abrir(nombreSesion, s.leer(r, nombreSesion), &c) != nil {
		return c, ErrSesion
	}
	ahora, empezo := s.o.Ahora(), time.UnixMilli(c.Empezo)
	if ahora.Sub(empezo) >= s.o.Config.Edad || ahora.Sub(time.Unix(c.Visto, 0)) >= s.o.Config.Inactividad {
		return c, ErrSesion
	}
	if !skew.Past(empezo, ahora).Equal(empezo) { // begun by a clock that was ahead: the session would outlast Edad
		return c, ErrSesion
	}
	corte, terminada, err := s.o.Cortes.Corte(r.Context(), c.ID, c.sesion())
	if err == nil && corte.After(skew.Limit(ahora, skew.MaxCut)) {
		err = s.o.Cortes.Cortar(r.Context(), c.ID, ahora) // lowered: a clock ahead wrote corte
	}
	if err != nil {
		return c, incierta(err)
	}
	if terminada || !empezo.After(corte) && !corte.IsZero() {
		return c, ErrSesion
	}
	return c, nil
}

// incierta turns any error of Cortes into one of 503: the session may have been ended, so it must not be accepted.
func incierta(err error) error {
	if e, ok := fault.As(err); ok && e.Kind == fault.Unavailable {
		return err
	}
	return fmt.Errorf("%w: %w", fault.ErrAlmacen, err)
}

// guardar sets the cookie of the session c.
func (s *Sesiones) guardar(w http.ResponseWriter, c contenido) error {
	texto, err := s.sello.cerrar(nombreSesion, c)
	if err != nil {
		return err
	}
	return s.poner(w, nombreSesion, texto, s.o.Config.Edad)
}

func (s *Sesiones) borrar(w http.ResponseWriter) { _ = s.poner(w, nombreSesion, "", 0) } // an empty value always fits
