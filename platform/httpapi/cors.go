package httpapi

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// exposed are the headers of an answer that scripts of the origins in http.cors may read.
var exposed = []string{
	"ETag", "Location", "Retry-After", "X-Request-Id", "Idempotent-Replayed", headerRateLimit, headerRateLimitPolicy,
	"WWW-Authenticate", "Deprecation", "Content-Disposition",
}

// sendable are the headers of a request that scripts of the origins in http.cors may send.
var sendable = []string{
	"Accept", "Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match",
	"Last-Event-ID", "X-Request-Id",
}

// preflightAge is how long a browser may remember a preflight's answer, in seconds.
const preflightAge = 600

// cors lets the pages of the origins in http.cors call the API with a bearer token, and answers their preflights,
// which no measure counts. Cookies are never allowed (no Access-Control-Allow-Credentials). Other origins are
// answered without CORS headers, as if http.cors were empty.
func (s *Server) cors(next echo.HandlerFunc) echo.HandlerFunc {
	if len(s.o.Config.CORS) == 0 {
		return next
	}
	allowed := middleware.CORSWithConfig(middleware.CORSConfig{
		AllowOriginFunc: func(string) (bool, error) { return true, nil }, // foreign has looked
		AllowHeaders:    sendable,
		ExposeHeaders:   exposed,
		MaxAge:          preflightAge,
	})(next)
	return func(c echo.Context) error {
		switch {
		case !isAPI(c.Request()) || s.mounted[c.Path()]:
			return next(c)
		case s.foreign(c.Request()):
			return allowed(c)
		}
		c.Response().Header().Add(echo.HeaderVary, echo.HeaderOrigin)
		return next(c)
	}
}

// foreign reports whether a page of an origin in http.cors sent r. Such a request is judged by its token alone: the
// session cookie of the request is ignored.
func (s *Server) foreign(r *http.Request) bool {
	origins := r.Header.Values(echo.HeaderOrigin)
	return len(origins) == 1 && slices.Contains(s.o.Config.CORS, origins[0])
}

// validateOrigins checks http.cors; own is http.url. Errors: more than listMax origins, a text that browsers do not
// send as an origin, "*", "null", this server's own origin.
func validateOrigins(origins []string, own string) error {
	if len(origins) > listMax {
		return fmt.Errorf("http.cors: %d at most", listMax)
	}
	for _, o := range origins {
		if !isOrigin(o) {
			return fmt.Errorf(
				"http.cors: origins such as https://tienda.example.com expected: " +
					"exact, in small letters, no path, no wildcard",
			)
		}
		if u, err := url.Parse(own); err == nil && own != "" && originOf(u) == o {
			return fmt.Errorf("http.cors: this server's own origin needs no entry")
		}
	}
	return nil
}

// isOrigin reports whether s is written as browsers write an origin of the web.
func isOrigin(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Hostname() != "" && (u.Scheme == "http" || u.Scheme == "https") &&
		originOf(u) == s &&
		!strings.ContainsAny(s, "*?, ")
}

// originOf writes the origin of an address as browsers do: without the scheme's own port.
func originOf(u *url.URL) string {
	port := map[string]string{"http": ":80", "https": ":443"}[u.Scheme]
	return u.Scheme + "://" + strings.TrimSuffix(strings.ToLower(u.Host), port)
}
