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

// Prefix is the path under which the API is.
const Prefix = "/api/v1"

// Verifier identifies callers by their access tokens.
type Verifier interface {
	// Verify checks the access token crudo and returns its subject, roles and scopes. Errors: oidc.ErrToken,
	// oidc.ErrTokenExpired, oidc.ErrProvider.
	Verify(ctx context.Context, crudo string) (oidc.Principal, error)
}

// Sessions identifies callers by the session cookie of a browser.
type Sessions interface {
	// Carries reports whether r carries a session's cookie, good or bad.
	Carries(r *http.Request) bool
	// Token gives the access token of the session that r carries, and may renew its
	// cookie. Errors: declared ones.
	Token(w http.ResponseWriter, r *http.Request) (string, error)
	// StillOpen asks whether the session of r is still open: nil if so. Errors: declared ones.
	StillOpen(r *http.Request) error
	// OwnPage reports whether a page of this server sent r.
	OwnPage(r *http.Request) bool
}

// Options are the parts and settings of a Server. Config and Verifier are required.
type Options struct {
	Config   Config
	Verifier Verifier
	// Sessions lets browsers in by their cookie; nil: only tokens are taken.
	Sessions Sessions
	// Version stands in the OpenAPI document, and Description, Markdown, at its beginning.
	Version, Description string
	// Trail records refused calls for the audit trail; nil: no refusal is recorded.
	Trail Trail
	// Production keeps /metricas off the main listener.
	Production bool
	// Now is the clock of the limits; it does not go back (default time.Now).
	Now func() time.Time
	// Log takes the lines of the server: failures, panics, requests (default slog.Default).
	Log *slog.Logger
	// DevicePermission is the scope of the machines that have no other one and are devices for the log; "": none.
	DevicePermission string
	// Requests say how requests are logged; the zero value: only those that are slow or end in 5xx.
	Requests Requests
	// Metrics takes the server's own metrics; Gatherer gives all of them to
	// /metricas (default: a registry that holds nothing else).
	Metrics  prometheus.Registerer
	Gatherer prometheus.Gatherer
	// MetricsListener is a listener at http.metricas, which Serve closes. nil: Serve opens the listener itself; an
	// address in use is then found only after the program has said that it is ready.
	MetricsListener net.Listener
	// Ready are the checks of readiness, by name; each has two seconds. A check answers fault.ErrStoreAway when a store
	// that other processes use too is away, and any other error when this process alone cannot serve.
	Ready map[string]func(context.Context) error
	// Codes are the errors of the modules, for /problemas/{code}.
	Codes []*fault.Error
	// SessionCodes are the errors of Sessions, which every operation may answer.
	SessionCodes []*fault.Error
	// Helps explain the modules' codes to people, by code.
	Helps map[string]Help
	// Identity is where tokens come from, for the OpenAPI document.
	Identity Identity
}

// Server is the HTTP server. Register and mount everything before Serve.
type Server struct {
	o        Options
	echo     *echo.Echo
	api      huma.API
	codes    *codes
	measures measures
	refusals *oidc.Refusals  // of tokens that no Verifier gets to see
	mounted  map[string]bool // route patterns
	endless  map[string]bool // route patterns of MountStream
	patterns func() map[int][]pattern
	notices  func() map[string]bool // routes of operations that Notice has marked
	metrics  *metrics
	requests *requestLog
	// compressor wraps a handler so that its answer is compressed.
	compressor func(http.Handler) http.HandlerFunc
	// document writes the OpenAPI document, at the first call.
	document func() (writtenDocument, error)

	mu       sync.RWMutex
	url      string
	streams  map[string]int  // open streams by caller
	stopping context.Context // ends when the server stops: streams end with it
	stop     context.CancelFunc
}

// New builds a server that does not listen yet. Errors: a setting of options.Config that Validate refuses, no Verifier,
// a metric that options.Metrics has already.
func New(options Options) (*Server, error) {
	if err := options.Config.Validate(); err != nil {
		return nil, err
	}
	if options.Verifier == nil {
		return nil, errors.New("httpapi: a token verifier is required")
	}
	options = options.withDefaults()
	s := &Server{
		o: options, echo: echo.New(), codes: newCodes(slices.Concat(options.Codes, options.SessionCodes), options.Helps),
		mounted: map[string]bool{}, endless: map[string]bool{}, streams: map[string]int{}, url: options.Config.URL,
		measures: newMeasures(
			options.Config,
			options.Now,
		), refusals: oidc.NewRefusals(options.Log, options.Now),
	}
	var err error
	if s.metrics, err = newMetrics(options.Metrics); err != nil {
		return nil, err
	}
	if s.compressor, err = newCompressor(); err != nil {
		return nil, err
	}
	s.requests = &requestLog{
		Requests: options.Requests,
		log:      options.Log,
		now:      options.Now,
		omitted:  s.metrics.unlogged,
	}
	s.document = sync.OnceValues(s.writeDocument)
	// When the first request comes all routes are there.
	s.patterns = sync.OnceValue(s.readPatterns)
	s.notices = sync.OnceValue(s.readNotices)
	s.stopping, s.stop = context.WithCancel(context.Background())
	if s.echo.IPExtractor, err = extractor(options.Config.Proxies); err != nil {
		return nil, err
	}
	s.echo.HTTPErrorHandler = s.fail
	s.echo.Logger.SetOutput(silence{})
	s.middleware()
	s.api = humaecho.NewV4WithGroup(s.echo, s.echo.Group(Prefix), humaConfig(options))
	s.pages()
	return s, nil
}

// withDefaults returns o with the defaults in the place of absent options.
func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Version == "" {
		o.Version = "0.0.0"
	}
	if o.Metrics == nil || o.Gatherer == nil {
		r := prometheus.NewRegistry()
		if o.Metrics == nil {
			o.Metrics = r
		}
		if o.Gatherer == nil {
			o.Gatherer = r
		}
	}
	return o
}

// API is where rooms register their operations, with Register.
func (s *Server) API() huma.API { return s.api }

// Mount gives every request under prefijo, which ends in a slash, to next. next sees the whole path. Of the layers
// of this package only request ids, metrics and the recovery of panics apply. next finds the client's address, by
// http.proxies, in RemoteAddr. Where next answers 404 or 405 in plain text, as a mux does, the client gets this
// server's problem instead.
func (s *Server) Mount(prefijo string, next http.Handler) {
	next = fromClient(next)
	for _, ruta := range []string{prefijo, prefijo + "*"} {
		s.mounted[ruta] = true
		s.echo.Any(
			ruta,
			func(c echo.Context) error { return mounted(next, c.Response(), c.Request()) },
		)
	}
}

// mounted lets next answer r. Errors: ErrNotFound and ErrMethod for a 404 and a 405 in plain text, which are not sent.
func mounted(next http.Handler, w http.ResponseWriter, r *http.Request) error {
	m := &muxWriter{ResponseWriter: w}
	next.ServeHTTP(m, r)
	switch m.refused {
	case http.StatusNotFound:
		return ErrNotFound
	case http.StatusMethodNotAllowed:
		return ErrMethod
	}
	return nil
}

// muxWriter keeps back the plain texts with which a mux refuses a path or a method.
type muxWriter struct {
	http.ResponseWriter
	refused int // 404 or 405; 0: the answer is not such a refusal and is sent
}

// WriteHeader implements http.ResponseWriter.
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

// Write implements http.ResponseWriter.
func (w *muxWriter) Write(b []byte) (int, error) {
	if w.refused != 0 {
		return len(b), nil
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (w *muxWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// MountStream gives GET ruta to next, whose answer has no end of its own: the context of the request ends when the
// server stops. The layers are those of Mount.
func (s *Server) MountStream(ruta string, next http.Handler) {
	s.mounted[ruta], s.endless[ruta] = true, true
	s.echo.GET(ruta, func(c echo.Context) error {
		ctx, soltar := context.WithCancel(c.Request().Context())
		defer soltar()
		defer context.AfterFunc(s.stopping, soltar)()
		var w http.ResponseWriter = c.Response()
		if isHead(ctx) {
			w = headWriter{ResponseWriter: w, end: soltar}
		}
		next.ServeHTTP(w, c.Request().WithContext(ctx))
		return nil
	})
}

// headWriter ends an endless answer to a HEAD request at the first byte of the body: by then the header has been
// sent, and net/http drops the body.
type headWriter struct {
	http.ResponseWriter
	end func()
}

// Write implements http.ResponseWriter.
func (w headWriter) Write(b []byte) (int, error) {
	defer w.end()
	return w.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (w headWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// fromClient puts the client's address into RemoteAddr, where a proxy's address would be. The port is 0: the client's
// port is unknown.
func fromClient(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.RemoteAddr = net.JoinHostPort(requestOf(r.Context()).address, "0")
		next.ServeHTTP(w, r)
	})
}

// Redirect answers GET de with a redirection (302) to a.
func (s *Server) Redirect(de, a string) {
	s.echo.GET(de, func(c echo.Context) error { return c.Redirect(http.StatusFound, a) })
}

// AddCodes adds errors for /problemas/{code} after New.
func (s *Server) AddCodes(errores ...*fault.Error) { s.codes.publish(errores) }

// URL is the address under which clients reach this server, without a slash at the end; "" before Serve when
// http.url is not set.
func (s *Server) URL() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.url
}

// fail answers an error of a handler, a layer or echo itself as a problem.
func (s *Server) fail(err error, ectx echo.Context) {
	if ectx.Response().Committed {
		return
	}
	ctx := ectx.Request().Context()
	var he *echo.HTTPError
	if errors.As(err, &he) {
		err = s.fromEcho(he)
	}
	problema := problemOf(ctx, err)
	h := ectx.Response().Header()
	for k, v := range problema.GetHeaders() {
		h[k] = v
	}
	h.Del(echo.HeaderContentEncoding)
	h.Set(echo.HeaderContentType, problemType)
	b, err := problema.MarshalJSON()
	if err != nil {
		s.o.Log.ErrorContext(ctx, "problem not written", "error", err)
		return
	}
	ectx.Response().WriteHeader(problema.Status)
	_, _ = ectx.Response().Write(b) // the client may have gone
}

// fromEcho turns an error of echo into a declared error. An error of 5xx that wraps no declared one stays as it is.
func (s *Server) fromEcho(httpError *echo.HTTPError) error {
	if httpError.Code < http.StatusInternalServerError {
		return faultForStatus(httpError.Code)
	}
	if e, ok := fault.As(httpError.Internal); ok {
		return e
	}
	return httpError
}

// isAPI reports whether the request is for the API, existing path or not.
func isAPI(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/api/") }

// isStream reports whether the route is a stream, of events or of a whole list.
func isStream(ectx echo.Context) bool {
	return strings.HasPrefix(ectx.Path(), Prefix+"/") &&
		(strings.HasSuffix(ectx.Path(), "/vivo") || strings.HasSuffix(ectx.Path(), "/exportacion") &&
			ectx.Request().Method == http.MethodGet)
}

// silence discards the lines that echo would print; fail answers and logs errors.
type silence struct{}

func (silence) Write(b []byte) (int, error) { return len(b), nil }
