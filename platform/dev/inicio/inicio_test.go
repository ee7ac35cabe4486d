package inicio_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"despensa/platform/dev/inicio"
)

// TestTheFirstPageWarns: the first page warns if and only if other machines can reach the program.
func TestTheFirstPageWarns(t *testing.T) {
	for _, abierta := range []bool{false, true} {
		ninguna := func(http.ResponseWriter, *http.Request) (inicio.Person, bool) { return inicio.Person{}, false }
		h := inicio.Handler(inicio.Options{Abierta: abierta, Quien: ninguna})
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", inicio.Prefix, nil))
		if w.Code != http.StatusOK ||
			strings.Contains(w.Body.String(), "Cualquiera puede entrar") != abierta {
			t.Errorf("open %v: %d %s", abierta, w.Code, w.Body)
		}
	}
}
