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

// TestChallenges: each refusal carries the challenge of RFC 6750 for its cause: no token, a bad token, a missing role
// or scope. A refusal for another cause carries none.
func TestChallenges(t *testing.T) {
	for code, row := range map[string]struct {
		estado int
		quiero string
	}{
		oidc.ErrNoToken.Code:      {http.StatusUnauthorized, `Bearer realm="despensa"`},
		oidc.ErrToken.Code:        {http.StatusUnauthorized, `Bearer realm="despensa", error="invalid_token"`},
		oidc.ErrTokenExpired.Code: {http.StatusUnauthorized, `Bearer realm="despensa", error="invalid_token"`},
		"sesion-vencida":          {http.StatusUnauthorized, `Bearer realm="despensa", error="invalid_token"`},
		ErrForbidden.Code:         {http.StatusForbidden, `Bearer realm="despensa", error="insufficient_scope"`},
		oidc.ErrProfileDenied.Code: {http.StatusForbidden,
			`Bearer realm="despensa", error="insufficient_scope", scope="openid"`},
		ErrOrigin.Code:   {http.StatusForbidden, ""},
		ErrNotFound.Code: {http.StatusNotFound, ""},
	} {
		if got := (&Problema{Status: row.estado, Code: code}).GetHeaders().Get("WWW-Authenticate"); got != row.quiero {
			t.Errorf("%d %s: %q, want %q", row.estado, code, got, row.quiero)
		}
	}
}

// TestHeadersThatAreNoBearerToken: a header that is refused before it reaches the Verifier is logged with its
// reason, and without its value.
func TestHeadersThatAreNoBearerToken(t *testing.T) {
	for nombre, h := range map[string][]string{
		"another scheme": {"Basic bXVlc3RyYQ=="}, "twice": {"Bearer muestra", "Bearer muestra"}, "nothing": {"muestra"},
	} {
		var b bytes.Buffer
		s := &Server{
			refusals: oidc.NewRefusals(slog.New(slog.NewTextHandler(&b, nil)), time.Now),
		}
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		if _, err := s.byToken(r, h, false); err == nil {
			t.Errorf("%s: taken", nombre)
		}
		l := b.String()
		if !strings.Contains(l, "motivo=cabecera") || strings.Contains(l, "muestra") ||
			strings.Contains(l, "bXV") {
			t.Errorf("%s: the log has %s", nombre, l)
		}
	}
}
