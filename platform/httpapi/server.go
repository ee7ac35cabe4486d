// Package httpapi is the HTTP face of the program: the server, the API that rooms register operations with, roles and
// scopes, limits, and the one place where errors become answers (RFC 9457). No other package imports echo.
package httpapi

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"despensa/platform/fault"
	"despensa/platform/oidc"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
)

// Prefijo is the path under which the API is.
const Prefijo = "/api/v1"

// Verificador identifies callers by their access tokens.
type Verificador interface {
	// Verificar checks the access token crudo and returns its subject, roles and scopes. Errors: oidc.ErrToken,
	// oidc.ErrTokenVencido, oidc.ErrProveedor.
	Verificar(ctx context.Context, crudo string) (oidc.Principal, error)
}

// Sesiones identifies callers by the session cookie of a browser.
type Sesiones interface {
	// Lleva reports whether r carries a session's cookie, good or bad.
	Lleva(r *http.Request) bool
	// Token gives the access token of the session that r carries, and may renew its
	// cookie. Errors: declared ones.
	Token(w http.ResponseWriter, r *http.Request) (string, error)
	// Vigente asks whether the session of r is still open: nil if so. Errors: declared ones.
	Vigente(r *http.Request) error
	// Propia reports whether a page of this server sent r.
	Propia(r *http.Request) bool
}

// Opciones are the parts and settings of a Servidor. Config and Verificador are required.
type Opciones struct {
	Config      Config
	Verificador Verificador
	// Sesion lets browsers in by their cookie; nil: only tokens are taken.
	Sesion Sesiones
	// Version stands in the OpenAPI document, and Descripcion, Markdown, at its beginning.
	Version, Descripcion string
	// Rastro records refused calls for the audit trail; nil: no refusal is recorded.
	Rastro Rastro
	// Produccion keeps /metricas off the main listener.
	Produccion bool
	// Ahora is the clock of the limits; it does not go back (default time.Now).
	Ahora func() time.Time
	// Log takes the lines of the server: failures, panics, requests (default slog.Default).
	Log *slog.Logger
	// PermisoDispositivo is the scope of the machines that have no other one and are devices for the log; "": none.
	PermisoDispositivo string
	// Solicitudes say how requests are logged; the zero value: only those that are slow or end in 5xx.
	Solicitudes Requests
	// Metricas takes the server's own metrics; Recolector gives all of them to
	// /metricas (default: a registry that holds nothing else).
	Metricas   prometheus.Registerer
	Recolector prometheus.Gatherer
	// OyenteMetricas is a listener at http.metricas, which Servir closes. nil: Servir opens the listener itself; an
	// address in use is then found only after the program has said that it is ready.
	OyenteMetricas net.Listener
	// Listo are the checks of readiness, by name; each has two seconds. A check answers fault.ErrAlmacen when a store
	// that other processes use too is away, and any other error when this process alone cannot serve.
	Listo map[string]func(context.Context) error
	// Codigos are the errors of the modules, for /problemas/{code}.
	Codigos []*fault.Error
	// CodigosDeSesion are the errors of Sesion, which every operation may answer.
	CodigosDeSesion []*fault.Error
	// Ayudas explain the modules' codes to people, by code.
	Ayudas map[string]Ayuda
	// Identidad is where tokens come from, for the OpenAPI document.
	Identidad Identidad
}

// Servidor is the HTTP server. Register and mount everything before Servir.
type Servidor struct {
	o        Opciones
	eco      *echo.Echo
	api      huma.API
	codigos  *codigos
	measures measures
	rechazos *oidc.Rechazos  // of tokens that no Verificador gets to see
	montados map[string]bool // route patterns
	endless  map[string]bool // route patterns of MontarFlujo
	patrones func() map[int][]patron
	notices  func() map[string]bool // routes of operations that Notice has marked
	metrics  *metrics
	requests *requestLog
	// compressor wraps a handler so that its answer is compressed.
	compressor func(http.Handler) http.HandlerFunc
	// redactado writes the OpenAPI document, at the first call.
	redactado func() (redactado, error)

	mu     sync.RWMutex
	url    string
	flujos map[string]int  // open streams by caller
	paro   context.Context // ends when the server stops: streams end with it
	parar  context.CancelFunc
}

// Nuevo builds a server that does not listen yet. Errors: a setting of o.Config that Validar refuses, no Verificador,
// a metric that o.Metricas has already.
func Nuevo(o Opciones) (*Servidor, error) {
	if err := o.Config.Validar(); err != nil {
		return nil, err
	}
	if o.Verificador == nil {
		return nil, errors.New("httpapi: a token verifier is required")
	}
	o = o.completas()
	s := &Servidor{
		o: o, eco: echo.New(), codigos: nuevosCodigos(slices.Concat(o.Codigos, o.CodigosDeSesion), o.Ayudas),
		montados: map[string]bool{}, endless: map[string]bool{}, flujos: map[string]int{}, url: o.Config.URL,
		measures: newMeasures(o.Config, o.Ahora), rechazos: oidc.NuevosRechazos(o.Log, o.Ahora),
	}
	var err error
	if s.metrics, err = newMetrics(o.Metricas); err != nil {
		return nil, err
	}
	if s.compressor, err = newCompressor(); err != nil {
		return nil, err
	}
	s.requests = &requestLog{Requests: o.Solicitudes, log: o.Log, now: o.Ahora, omitted: s.metrics.unlogged}
	s.redactado = sync.OnceValues(s.redactar)
	s.patrones = sync.OnceValue(s.leerPatrones) // when the first request comes all routes are there
	s.notices = sync.OnceValue(s.readNotices)
	s.paro, s.parar = context.WithCancel(context.Background())
	if s.eco.IPExtractor, err = extractor(o.Config.Proxies); err != nil {
		return nil, err
	}
	s.eco.HTTPErrorHandler = s.fallar
	s.eco.Logger.SetOutput(silencio{})
	s.middleware()
	s.api = humaecho.NewV4WithGroup(s.eco, s.eco.Group(Prefijo), documento(o))
	s.paginas()
	return s, nil
}

// completas returns o with the defaults in the place of absent options.
func (o Opciones) completas() Opciones {
	if o.Ahora == nil {
		o.Ahora = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Version == "" {
		o.Version = "0.0.0"
	}
	if o.Metricas == nil || o.Recolector == nil {
		r := prometheus.NewRegistry()
		if o.Metricas == nil {
			o.Metricas = r
		}
		if o.Recolector == nil {
			o.Recolector = r
		}
	}
	return o
}

// API is where rooms register their operations, with Registrar.
func (s *Servidor) API() huma.API { return s.api }

// Montar gives every request under prefijo, which ends in a slash, to h. h sees the whole path. Of the layers of this
// package only request ids, metrics and the recovery of panics apply. h finds the client's address, by http.proxies,
// in RemoteAddr. Where h answers 404 or 405 in plain text, as a mux does, the client gets this server's problem
// instead.
func (s *Servidor) Montar(prefijo string, h http.Handler) {
	h = fromClient(h)
	for _, ruta := range []string{prefijo, prefijo + "*"} {
		s.montados[ruta] = true
		s.eco.Any(ruta, func(c echo.Context) error { return mounted(h, c.Response(), c.Request()) })
	}
}

// mounted lets h answer r. Errors: ErrRuta and ErrMetodo for a 404 and a 405 in plain text, which are not sent.
func mounted(h http.Handler, w http.ResponseWriter, r *http.Request) error {
	m := &muxWriter{ResponseWriter: w}
	h.ServeHTTP(m, r)
	switch m.refused {
	case http.StatusNotFound:
		return ErrRuta
	case http.StatusMethodNotAllowed:
		return ErrMetodo
	}
	return nil
}

// muxWriter keeps back the plain texts with which a mux refuses a path or a method.
type muxWriter struct {
	http.ResponseWriter
	refused int // 404 or 405; 0: the answer is not such a refusal and is sent
}

// WriteHeader is http.ResponseWriter's.
func (w *muxWriter) WriteHeader(status int) {
	h := w.Header()
	if (status == http.StatusNotFound || status == http.StatusMethodNotAllowed) &&
		strings.HasPrefix(h.Get("Content-Type"), "text/plain") {
		w.refused = status
		h.Del("Content-Type")
		return
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write is http.ResponseWriter's.
func (w *muxWriter) Write(b []byte) (int, error) {
	if w.refused != 0 {
		return len(b), nil
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (w *muxWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// MontarFlujo gives GET ruta to h, whose answer has no end of its own: the context of the request ends when the
// server stops. The layers are those of Montar.
func (s *Servidor) MontarFlujo(ruta string, h http.Handler) {
	s.montados[ruta], s.endless[ruta] = true, true
	s.eco.GET(ruta, func(c echo.Context) error {
		ctx, soltar := context.WithCancel(c.Request().Context())
		defer soltar()
		defer context.AfterFunc(s.paro, soltar)()
		var w http.ResponseWriter = c.Response()
		if isHead(ctx) {
			w = headWriter{ResponseWriter: w, end: soltar}
		}
		h.ServeHTTP(w, c.Request().WithContext(ctx))
		return nil
	})
}

// headWriter ends an endless answer to a HEAD request at the first byte of the body: by then the header has been
// sent, and net/http drops the body.
type headWriter struct {
	http.ResponseWriter
	end func()
}

// Write is http.ResponseWriter's.
func (w headWriter) Write(b []byte) (int, error) {
	defer w.end()
	return w.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (w headWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// fromClient puts the client's address into RemoteAddr, where a proxy's address would be. The port is 0: the client's
// port is unknown.
func fromClient(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.RemoteAddr = net.JoinHostPort(pedidoDe(r.Context()).direccion, "0")
		h.ServeHTTP(w, r)
	})
}

// Redirigir answers GET de with a redirection (302) to a.
func (s *Servidor) Redirigir(de, a string) {
	s.eco.GET(de, func(c echo.Context) error { return c.Redirect(http.StatusFound, a) })
}

// Codigos adds errors for /problemas/{code} after Nuevo.
func (s *Servidor) Codigos(e ...*fault.Error) { s.codigos.publicar(e) }

// URL is the address under which clients reach this server, without a slash at the end; "" before Servir when
// http.url is not set.
func (s *Servidor) URL() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.url
}

// fallar answers an error of a handler, a layer or echo itself as a problem.
func (s *Servidor) fallar(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	ctx := c.Request().Context()
	var he *echo.HTTPError
	if errors.As(err, &he) {
		err = s.deEco(he)
	}
	problema := aProblema(ctx, err)
	h := c.Response().Header()
	for k, v := range problema.GetHeaders() {
		h[k] = v
	}
	h.Del(echo.HeaderContentEncoding)
	h.Set(echo.HeaderContentType, tipoProblema)
	b, err := problema.MarshalJSON()
	if err != nil {
		s.o.Log.ErrorContext(ctx, "problem not written", "error", err)
		return
	}
	c.Response().WriteHeader(problema.Status)
	_, _ = c.Response().Write(b) // the client may have gone
}

// deEco turns an error of echo into a declared error. An error of 5xx that wraps no declared one stays as it is.
func (s *Servidor) deEco(he *echo.HTTPError) error {
	if he.Code < http.StatusInternalServerError {
		return deEstado(he.Code)
	}
	if e, ok := fault.As(he.Internal); ok {
		return e
	}
	return he
}

// deAPI reports whether the request is for the API, existing path or not.
func deAPI(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/api/") }

// esFlujo reports whether the route is a stream, of events or of a whole list.
func esFlujo(c echo.Context) bool {
	return strings.HasPrefix(c.Path(), Prefijo+"/") &&
		(strings.HasSuffix(c.Path(), "/vivo") || strings.HasSuffix(c.Path(), "/exportacion") &&
			c.Request().Method == http.MethodGet)
}

// silencio discards the lines that echo would print; fallar answers and logs errors.
type silencio struct{}

func (silencio) Write(b []byte) (int, error) { return len(b), nil }
