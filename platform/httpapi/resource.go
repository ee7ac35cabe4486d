package httpapi

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
)

// pattern is the path of a resource of the API, and the methods that it has.
type pattern struct {
	parts   []string // ":id" stands for any part that is not empty
	methods []string
}

// resource lets a request pass only to the resource that its path names, and answers OPTIONS. echo alone would be too
// lax: its last parameter takes slashes too, and GET /pedidos/cotizacion, a path that only has POST, would be read as
// the order "cotizacion". Errors: ErrNotFound, ErrMethod, ErrRequest.
func (s *Server) resource(sigue echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if !isAPI(r) || s.mounted[c.Path()] {
			return sigue(c)
		}
		hallado, ok := s.named(r.URL.EscapedPath())
		if !ok {
			return ErrNotFound
		}
		if r.Method == http.MethodOptions {
			c.Response().
				Header().
				Set(echo.HeaderAllow, strings.Join(append(hallado.allowed(), r.Method), ", "))
			return c.NoContent(http.StatusNoContent)
		}
		if slices.Contains(hallado.methods, r.Method) {
			if err := canonicalParams(c); err != nil {
				return err
			}
			return sigue(c)
		}
		// For the metrics: echo took the word for a parameter.
		c.SetPath(strings.Join(hallado.parts, "/"))
		c.Response().Header().Set(echo.HeaderAllow, strings.Join(hallado.allowed(), ", "))
		return ErrMethod
	}
}

// named finds the resource that a path names. Of several patterns that match, a word goes before a parameter.
func (s *Server) named(camino string) (pattern, bool) {
	partes := strings.Split(camino, "/")
	mejor := pattern{}
	for _, p := range s.patterns()[len(partes)] {
		if p.matches(partes) && (mejor.parts == nil || p.moreLiteral(mejor)) {
			mejor = p
		}
	}
	return mejor, mejor.parts != nil
}

// readPatterns reads the routes of the API and groups them by the number of their parts.
func (s *Server) readPatterns() map[int][]pattern {
	metodos := map[string][]string{}
	for _, r := range s.echo.Routes() {
		if strings.HasPrefix(r.Path, "/api/") && !s.mounted[r.Path] {
			metodos[r.Path] = append(metodos[r.Path], r.Method)
		}
	}
	out := map[int][]pattern{}
	for ruta, m := range metodos {
		partes := strings.Split(ruta, "/")
		out[len(partes)] = append(out[len(partes)], pattern{partes, m})
	}
	return out
}

// matches reports whether a path with as many parts as p matches p.
func (p pattern) matches(partes []string) bool {
	for i, x := range p.parts {
		if strings.HasPrefix(x, ":") {
			if partes[i] == "" {
				return false
			}
			continue
		}
		if y, err := url.PathUnescape(partes[i]); err != nil || y != x {
			return false
		}
	}
	return true
}

func (p pattern) moreLiteral(pattern pattern) bool {
	for i, x := range p.parts {
		if a, b := strings.HasPrefix(x, ":"), strings.HasPrefix(pattern.parts[i], ":"); a != b {
			return b
		}
	}
	return false
}

// allowed lists the methods of p for the header Allow, sorted.
func (p pattern) allowed() []string {
	m := slices.Clone(p.methods)
	if slices.Contains(m, http.MethodGet) {
		m = append(m, http.MethodHead)
	}
	slices.Sort(m)
	return slices.Compact(m)
}
