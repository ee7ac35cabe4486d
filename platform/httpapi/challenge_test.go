package httpapi

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"despensa/platform/oidc"
)

// Each refusal says what RFC 6750 has a client do: log in, log in anew, ask for more; or nothing of it.
func TestChallenges(t *testing.T) {
	for code, x := range map[string]struct {
		estado int
		quiero string
	}{
		oidc.ErrTokenAusente.Code: {http.StatusUnauthorized, `Bearer realm="despensa"`},
		oidc.ErrToken.Code:        {http.StatusUnauthorized, `Bearer realm="despensa", error="invalid_token"`},
		oidc.ErrTokenVencido.Code: {http.StatusUnauthorized, `Bearer realm="despensa", error="invalid_token"`},
		"sesion-vencida":          {http.StatusUnauthorized, `Bearer realm="despensa", error="invalid_token"`},
		ErrPermiso.Code:           {http.StatusForbidden, `Bearer realm="despensa", error="insufficient_scope"`},
		oidc.ErrPerfilNegado.Code: {http.StatusForbidden,
			`Bearer realm="despensa", error="insufficient_scope", scope="openid"`},
		ErrOrigen.Code: {http.StatusForbidden, ""},
		ErrRuta.Code:   {http.StatusNotFound, ""},
	} {
		if got := (&Problema{Status: x.estado, Code: code}).GetHeaders().Get("WWW-Authenticate"); got != x.quiero {
			t.Errorf("%d %s: %q, want %q", x.estado, code, got, x.quiero)
		}
	}
}

// A header that no verifier gets to see has its reason in the log too.
func TestHeadersThatAreNoBearerToken(t *testing.T) {
	for nombre, h := range map[string][]string{"another scheme": {"Basic bXVlc3RyYQ=="},
		"twice": {"Bearer muestra", "Bearer muestra"}, "nothing": {"muestra"}} {
		var b bytes.Buffer
		s := &Servidor{rechazos: oidc.NuevosRechazos(slog.New(slog.NewTextHandler(&b, nil)), time.Now)}
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		if _, err := s.porToken(r, h, false); err == nil {
			t.Errorf("%s: taken", nombre)
		}
		if l := b.String(); !strings.Contains(l, "motivo=cabecera") || strings.Contains(l, "muestra") ||
			strings.Contains(l, "bXV") {
			t.Errorf("%s: the log has %s", nombre, l)
		}
	}
}
