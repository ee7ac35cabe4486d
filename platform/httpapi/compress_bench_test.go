package httpapi_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"despensa/platform/httpapi"
)

// BenchmarkAnswer measures the cost of the layers: calls of the API without a network, to an operation that does
// nothing.
func BenchmarkAnswer(b *testing.B) {
	bench := nuevoBanco(
		b,
		func(o *httpapi.Options) { o.Config.Limite, o.Config.LimiteFallos = 1e9, 1e9 },
	)
	for name, x := range map[string]struct{ path, encoding string }{
		"short":       {"/api/v1/cosas/a", ""},
		"short, gzip": {"/api/v1/cosas/a", "gzip"},
		"long, gzip":  {"/api/v1/cosas/larga", "gzip"},
	} {
		b.Run(name, func(b *testing.B) {
			r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, x.path, nil)
			h := bench.s.Handler()
			b.ReportAllocs()
			for b.Loop() {
				r.Header = http.Header{
					"Accept-Encoding": {x.encoding},
					"Authorization":   {"Bearer cliente"},
				}
				w := httptest.NewRecorder()
				if h.ServeHTTP(w, r); w.Code != http.StatusOK {
					b.Fatal(w.Code, w.Body)
				}
			}
		})
	}
}
