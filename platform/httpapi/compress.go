package httpapi

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzhttp"
	"github.com/labstack/echo/v4"
)

// compressFrom is the size in bytes from which an answer is compressed.
const compressFrom = 2048

// newCompressor makes the layer that compresses. It takes a compressor out of the pool only when an answer has
// reached compressFrom: resetting a compressor costs more than all of a short answer. The ETag of a compressed answer
// gets gzipSuffix.
func newCompressor() (func(http.Handler) http.HandlerFunc, error) {
	w, err := gzhttp.NewWrapper(
		gzhttp.MinSize(compressFrom),
		gzhttp.SuffixETag(gzipSuffix),
		gzhttp.EnableZstd(false),
	)
	if err != nil {
		return nil, fmt.Errorf("httpapi: compressor: %w", err)
	}
	return w, nil
}

// compress compresses answers of compressFrom bytes and more for callers that accept gzip, except streams, mounted
// handlers and the embedded documentation. An error of the inner layers is answered by the outer ones, uncompressed.
func (s *Server) compress(sigue echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		if s.withoutGzip(c) {
			return sigue(c)
		}
		res := c.Response()
		plain := res.Writer
		defer func() { res.Writer = plain }()
		s.compressor(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			res.Writer = w
			err = sigue(c)
		})).ServeHTTP(plain, c.Request())
		return err
	}
}

func (s *Server) withoutGzip(ectx echo.Context) bool {
	return isStream(ectx) || s.mounted[ectx.Path()] || strings.HasPrefix(ectx.Path(), docsPath)
}

// normalizeHeaders rewrites two request headers for the inner layers. The lines of If-Match become one line, because
// huma reads only the first. Accept-Encoding becomes "gzip" or is removed.
func normalizeHeaders(sigue echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Request().Header
		if len(h[ifMatchHeader]) > 1 {
			h[ifMatchHeader] = []string{strings.Join(h[ifMatchHeader], ", ")}
		}
		toma := acceptsGzip(h.Values(echo.HeaderAcceptEncoding))
		h.Del(echo.HeaderAcceptEncoding)
		if toma {
			h.Set(echo.HeaderAcceptEncoding, "gzip")
		}
		return sigue(c)
	}
}

// acceptsGzip reports whether the lines of Accept-Encoding name gzip or x-gzip, in small or capital letters, with a
// weight above zero (RFC 9110).
func acceptsGzip(lineas []string) bool {
	for miembro := range strings.SplitSeq(strings.Join(lineas, ","), ",") {
		nombre, parametro, _ := strings.Cut(miembro, ";")
		if nombre = strings.TrimSpace(nombre); !strings.EqualFold(nombre, "gzip") &&
			!strings.EqualFold(nombre, "x-gzip") {
			continue
		}
		_, peso, hay := strings.Cut(parametro, "=")
		q, err := strconv.ParseFloat(strings.TrimSpace(peso), 64)
		return !hay || err == nil && q > 0
	}
	return false
}
