package httpapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"despensa/platform/fault"
	"despensa/platform/guard"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/swaggest/swgui"
	"github.com/swaggest/swgui/v5emb"
)

const (
	docsPath     = "/docs/"
	documentPath = Prefix + "/openapi.json"
	metricsPath  = "/metricas"
	problemsPath = "/problemas/"
)

// pages adds the routes beside the API: document, health checks, pages of problems, Swagger UI, metrics.
func (s *Server) pages() {
	s.echo.GET(documentPath, s.openAPI())
	s.echo.GET(
		"/salud/vivo",
		func(c echo.Context) error { return c.JSON(http.StatusOK, health{Estado: "vivo"}) },
	)
	s.echo.GET("/salud/listo", s.readiness)
	s.echo.GET(
		"/problemas",
		func(c echo.Context) error { return c.Redirect(http.StatusMovedPermanently, problemsPath) },
	)
	s.echo.GET(problemsPath, s.enumerate)
	s.echo.GET(problemsPath+":code", s.explain)
	s.echo.GET(
		"/docs",
		func(c echo.Context) error { return c.Redirect(http.StatusMovedPermanently, docsPath) },
	)
	s.echo.GET(docsPath+"*", docs())
	s.Redirect("/favicon.ico", docsPath+"favicon-32x32.png")
	for _, raiz := range []string{Prefix, Prefix + "/"} { // printed at the start, and opened by people
		s.Redirect(raiz, docsPath)
	}
	if s.o.Config.Metricas == "" && !s.o.Production {
		s.echo.GET(metricsPath, echo.WrapHandler(s.exposition()))
	}
}

// openAPI serves the OpenAPI document.
func (s *Server) openAPI() echo.HandlerFunc {
	return func(c echo.Context) error {
		d, err := s.document()
		if err != nil {
			return err
		}
		return c.Blob(http.StatusOK, "application/openapi+json", d.text)
	}
}

// writtenDocument is the document as it is served, and the operations that answer each code.
type writtenDocument struct {
	text       []byte
	uses       map[string][]usage
	operations int // how many operations the API has
}

// writeDocument writes the document, once, at the first call: all operations are registered by then.
func (s *Server) writeDocument() (writtenDocument, error) {
	r := &documentWriter{api: s.api, published: s.codes.declared(), session: s.o.SessionCodes}
	texto, err := r.write()
	return writtenDocument{text: texto, uses: r.uses, operations: r.operations}, err
}

func (s *Server) exposition() http.Handler {
	return promhttp.HandlerFor(s.o.Gatherer, promhttp.HandlerOpts{
		DisableCompression: true,                     // the layer compress compresses
		ErrorHandling:      promhttp.ContinueOnError, // a store that is away leaves out its own numbers alone
	})
}

// health is the body of the health checks.
type health struct {
	Estado string            `json:"estado"`
	Partes map[string]string `json:"partes,omitempty"`
}

// The states of a part in the health checks.
const (
	partOK       = "bien"
	partBad      = "mal"
	partDegraded = "degradado"
)

// readiness answers 503 when a part of this process itself fails, such as its disk, or when the server stops. A part
// that other processes share with this one (fault.ErrStoreAway) makes the answer "degradado" with 200: with 503 the
// load balancer would take out every process at once, and with them the operations that need no store.
func (s *Server) readiness(ectx echo.Context) error {
	r := health{Estado: "listo", Partes: map[string]string{}}
	estado := http.StatusOK
	for nombre, err := range s.probe(ectx.Request().Context()) {
		if r.Partes[nombre] = partState(err); err == nil {
			continue
		}
		s.o.Log.WarnContext(ectx.Request().Context(), "not ready", "parte", nombre, "error", err)
		if r.Estado = partDegraded; r.Partes[nombre] == partBad {
			estado = http.StatusServiceUnavailable
		}
	}
	if s.stopping.Err() != nil {
		estado = http.StatusServiceUnavailable
	}
	if estado != http.StatusOK {
		r.Estado = "no listo"
		ectx.Response().Header().Set("Retry-After", "1")
	}
	return ectx.JSON(estado, r)
}

// partState gives the state of a part from the error of its check.
func partState(err error) string {
	switch {
	case err == nil:
		return partOK
	case errors.Is(err, fault.ErrStoreAway):
		return partDegraded
	}
	return partBad
}

// probe runs all checks at the same time, so that one that hangs does not delay the rest, and returns their errors
// by part.
func (s *Server) probe(ctx context.Context) map[string]error {
	ctx, soltar := context.WithTimeout(ctx, 2*time.Second)
	defer soltar()
	var mu sync.Mutex
	var wg sync.WaitGroup
	out := map[string]error{}
	for nombre, probar := range s.o.Ready {
		wg.Go(func() {
			err := guard.Do(func() error { return probar(ctx) })
			mu.Lock()
			defer mu.Unlock()
			out[nombre] = err
		})
	}
	wg.Wait()
	return out
}

// docs serves Swagger UI from the files in the program; its Content-Security-Policy lets the page talk to this server
// only and run only its own scripts.
func docs() echo.HandlerFunc {
	h := v5emb.NewHandlerWithConfig(swgui.Config{
		Title: "Despensa", SwaggerJSON: documentPath, BasePath: docsPath,
		SettingsUI: map[string]string{"validatorUrl": "null"},
		AppendHead: `<meta name="viewport" content="width=device-width, initial-scale=1">` +
			`<style>.swagger-ui code { overflow-wrap: anywhere }</style>`,
	})
	politica := sync.OnceValue(func() string { return policyOf(h) })
	return func(c echo.Context) error {
		c.Response().Header().Set("Content-Security-Policy", politica())
		h.ServeHTTP(c.Response(), c.Request())
		return nil
	}
}

var scriptTag = regexp.MustCompile(`(?s)<script>(.*?)</script>`)

// policyOf allows the page's inline scripts by their digests.
func policyOf(next http.Handler) string {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, docsPath, nil)
	if err != nil {
		return "default-src 'none'"
	}
	w := &recorder{header: http.Header{}}
	next.ServeHTTP(w, r)
	var digestos strings.Builder
	for _, m := range scriptTag.FindAllSubmatch(w.Bytes(), -1) {
		d := sha256.Sum256(m[1])
		digestos.WriteString(" 'sha256-" + base64.StdEncoding.EncodeToString(d[:]) + "'")
	}
	return "default-src 'none'; script-src 'self'" + digestos.String() +
		"; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
		"font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
}

// recorder is a ResponseWriter that keeps the body of an answer.
type recorder struct {
	bytes.Buffer
	header http.Header
}

func (m *recorder) Header() http.Header { return m.header }
func (m *recorder) WriteHeader(int)     {}
