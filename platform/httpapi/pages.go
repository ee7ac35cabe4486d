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
	rutaDocs      = "/docs/"
	rutaDocumento = Prefijo + "/openapi.json"
	rutaMetricas  = "/metricas"
	rutaProblemas = "/problemas/"
)

// paginas adds the routes beside the API: document, health checks, pages of problems, Swagger UI, metrics.
func (s *Servidor) paginas() {
	s.eco.GET(rutaDocumento, s.openAPI())
	s.eco.GET("/salud/vivo", func(c echo.Context) error { return c.JSON(http.StatusOK, salud{Estado: "vivo"}) })
	s.eco.GET("/salud/listo", s.listo)
	s.eco.GET("/problemas", func(c echo.Context) error { return c.Redirect(http.StatusMovedPermanently, rutaProblemas) })
	s.eco.GET(rutaProblemas, s.enumerar)
	s.eco.GET(rutaProblemas+":code", s.explicar)
	s.eco.GET("/docs", func(c echo.Context) error { return c.Redirect(http.StatusMovedPermanently, rutaDocs) })
	s.eco.GET(rutaDocs+"*", docs())
	s.Redirigir("/favicon.ico", rutaDocs+"favicon-32x32.png")
	for _, raiz := range []string{Prefijo, Prefijo + "/"} { // printed at the start, and opened by people
		s.Redirigir(raiz, rutaDocs)
	}
	if s.o.Config.Metricas == "" && !s.o.Produccion {
		s.eco.GET(rutaMetricas, echo.WrapHandler(s.exposicion()))
	}
}

// openAPI serves the OpenAPI document.
func (s *Servidor) openAPI() echo.HandlerFunc {
	return func(c echo.Context) error {
		d, err := s.redactado()
		if err != nil {
			return err
		}
		return c.Blob(http.StatusOK, "application/openapi+json", d.texto)
	}
}

// redactado is the document as it is served, and the operations that answer each code.
type redactado struct {
	texto       []byte
	usos        map[string][]uso
	operaciones int // how many operations the API has
}

// redactar writes the document, once, at the first call: all operations are registered by then.
func (s *Servidor) redactar() (redactado, error) {
	r := &redactor{api: s.api, publicados: s.codigos.declarados(), sesion: s.o.CodigosDeSesion}
	texto, err := r.redactar()
	return redactado{texto: texto, usos: r.usos, operaciones: r.operaciones}, err
}

func (s *Servidor) exposicion() http.Handler {
	return promhttp.HandlerFor(s.o.Recolector, promhttp.HandlerOpts{
		DisableCompression: true,                     // the layer comprimir compresses
		ErrorHandling:      promhttp.ContinueOnError, // a store that is away leaves out its own numbers alone
	})
}

// salud is the body of the health checks.
type salud struct {
	Estado string            `json:"estado"`
	Partes map[string]string `json:"partes,omitempty"`
}

// The states of a part in the health checks.
const (
	parteBien      = "bien"
	parteMal       = "mal"
	parteDegradada = "degradado"
)

// listo answers 503 when a part of this process itself fails, such as its disk, or when the server stops. A part that
// other processes share with this one (fault.ErrAlmacen) makes the answer "degradado" with 200: with 503 the load
// balancer would take out every process at once, and with them the operations that need no store.
func (s *Servidor) listo(c echo.Context) error {
	r := salud{Estado: "listo", Partes: map[string]string{}}
	estado := http.StatusOK
	for nombre, err := range s.probar(c.Request().Context()) {
		if r.Partes[nombre] = dePartes(err); err == nil {
			continue
		}
		s.o.Log.WarnContext(c.Request().Context(), "not ready", "parte", nombre, "error", err)
		if r.Estado = parteDegradada; r.Partes[nombre] == parteMal {
			estado = http.StatusServiceUnavailable
		}
	}
	if s.paro.Err() != nil {
		estado = http.StatusServiceUnavailable
	}
	if estado != http.StatusOK {
		r.Estado = "no listo"
		c.Response().Header().Set("Retry-After", "1")
	}
	return c.JSON(estado, r)
}

// dePartes gives the state of a part from the error of its check.
func dePartes(err error) string {
	switch {
	case err == nil:
		return parteBien
	case errors.Is(err, fault.ErrAlmacen):
		return parteDegradada
	}
	return parteMal
}

// probar runs all checks at the same time, so that one that hangs does not delay the rest, and returns their errors
// by part.
func (s *Servidor) probar(ctx context.Context) map[string]error {
	ctx, soltar := context.WithTimeout(ctx, 2*time.Second)
	defer soltar()
	var mu sync.Mutex
	var wg sync.WaitGroup
	out := map[string]error{}
	for nombre, probar := range s.o.Listo {
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
		Title: "Despensa", SwaggerJSON: rutaDocumento, BasePath: rutaDocs,
		SettingsUI: map[string]string{"validatorUrl": "null"},
		AppendHead: `<meta name="viewport" content="width=device-width, initial-scale=1">` +
			`<style>.swagger-ui code { overflow-wrap: anywhere }</style>`,
	})
	politica := sync.OnceValue(func() string { return politicaDe(h) })
	return func(c echo.Context) error {
		c.Response().Header().Set("Content-Security-Policy", politica())
		h.ServeHTTP(c.Response(), c.Request())
		return nil
	}
}

var guion = regexp.MustCompile(`(?s)<script>(.*?)</script>`)

// politicaDe allows the page's inline scripts by their digests.
func politicaDe(h http.Handler) string {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, rutaDocs, nil)
	if err != nil {
		return "default-src 'none'"
	}
	w := &memoria{cabecera: http.Header{}}
	h.ServeHTTP(w, r)
	var digestos strings.Builder
	for _, m := range guion.FindAllSubmatch(w.Bytes(), -1) {
		d := sha256.Sum256(m[1])
		digestos.WriteString(" 'sha256-" + base64.StdEncoding.EncodeToString(d[:]) + "'")
	}
	return "default-src 'none'; script-src 'self'" + digestos.String() +
		"; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
		"font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
}

// memoria is a ResponseWriter that keeps the body of an answer.
type memoria struct {
	bytes.Buffer
	cabecera http.Header
}

func (m *memoria) Header() http.Header { return m.cabecera }
func (m *memoria) WriteHeader(int)     {}
