package httpapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

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

// paginas adds what is not the API itself.
func (s *Servidor) paginas() {
	s.eco.GET(rutaDocumento, s.openAPI())
	s.eco.GET("/salud/vivo", func(c echo.Context) error { return c.JSON(http.StatusOK, salud{Estado: "vivo"}) })
	s.eco.GET("/salud/listo", s.listo)
	s.eco.GET("/problemas", func(c echo.Context) error { return c.Redirect(http.StatusMovedPermanently, rutaProblemas) })
	s.eco.GET(rutaProblemas, s.enumerar)
	s.eco.GET(rutaProblemas+":code", s.explicar)
	s.eco.GET("/docs", func(c echo.Context) error { return c.Redirect(http.StatusMovedPermanently, rutaDocs) })
	s.eco.GET(rutaDocs+"*", docs())
	if s.o.Config.Metricas == "" && !s.o.Produccion {
		s.eco.GET(rutaMetricas, echo.WrapHandler(s.exposicion()))
	}
}

// openAPI serves the document.
func (s *Servidor) openAPI() echo.HandlerFunc {
	return func(c echo.Context) error {
		d, err := s.redactado()
		if err != nil {
			return err
		}
		return c.Blob(http.StatusOK, "application/openapi+json", d.texto)
	}
}

// redactado is the document as it is served, and which operations answer which code.
type redactado struct {
	texto       []byte
	usos        map[string][]uso
	operaciones int // how many there are
}

// redactar writes the document, once, at the first call: all operations are registered by then.
func (s *Servidor) redactar() (redactado, error) {
	r := &redactor{api: s.api, publicados: s.codigos.declarados(), sesion: s.o.CodigosDeSesion}
	texto, err := r.redactar()
	return redactado{texto: texto, usos: r.usos, operaciones: r.operaciones}, err
}

func (s *Servidor) exposicion() http.Handler {
	return promhttp.HandlerFor(s.o.Recolector, promhttp.HandlerOpts{
		DisableCompression: true,                     // our own layer compresses
		ErrorHandling:      promhttp.ContinueOnError, // a store that is away takes its own numbers with it, and no others
	})
}

// salud is the body of the health checks.
type salud struct {
	Estado string            `json:"estado"`
	Partes map[string]string `json:"partes,omitempty"`
}

// listo answers 200 when every check passes, 503 when one fails or the server stops.
func (s *Servidor) listo(c echo.Context) error {
	r, estado := salud{Estado: "listo", Partes: map[string]string{}}, http.StatusOK
	for nombre, err := range s.probar(c.Request().Context()) {
		r.Partes[nombre] = "bien"
		if err != nil {
			s.o.Log.WarnContext(c.Request().Context(), "not ready", "parte", nombre, "error", err)
			r.Partes[nombre], estado = "mal", http.StatusServiceUnavailable
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

// probar makes all checks at the same time, so that one that hangs spoils no other.
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

// docs is Swagger UI out of the program itself; its policy lets it talk to this
// server only and run nothing but its own scripts.
func docs() echo.HandlerFunc {
	h := v5emb.NewHandlerWithConfig(swgui.Config{
		Title: "Despensa", SwaggerJSON: rutaDocumento, BasePath: rutaDocs,
		SettingsUI: map[string]string{"validatorUrl": "null"},
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
	return "default-src 'none'; script-src 'self'" + digestos.String() + "; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
		"font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
}

// memoria keeps an answer.
type memoria struct {
	bytes.Buffer
	cabecera http.Header
}

func (m *memoria) Header() http.Header { return m.cabecera }
func (m *memoria) WriteHeader(int)     {}
