package httpapi

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
)

// patron is the path of a resource of the API, and the methods that it has.
type patron struct {
	partes  []string // ":id" stands for any part that is not empty
	metodos []string
}

// recurso lets a request pass only to the resource that its path names, and answers OPTIONS. echo alone would be too
// lax: its last parameter takes slashes too, and GET /pedidos/cotizacion, a path that only has POST, would be read as
// the order "cotizacion". Errors: ErrRuta, ErrMetodo, ErrPeticion.
func (s *Servidor) recurso(sigue echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if !deAPI(r) || s.montados[c.Path()] {
			return sigue(c)
		}
		hallado, ok := s.nombrado(r.URL.EscapedPath())
		if !ok {
			return ErrRuta
		}
		if r.Method == http.MethodOptions {
			c.Response().Header().Set(echo.HeaderAllow, strings.Join(append(hallado.permitidos(), r.Method), ", "))
			return c.NoContent(http.StatusNoContent)
		}
		if slices.Contains(hallado.metodos, r.Method) {
			if err := canonicalParams(c); err != nil {
				return err
			}
			return sigue(c)
		}
		c.SetPath(strings.Join(hallado.partes, "/")) // for the metrics: echo took the word for a parameter
		c.Response().Header().Set(echo.HeaderAllow, strings.Join(hallado.permitidos(), ", "))
		return ErrMetodo
	}
}

// nombrado finds the resource that a path names. Of several patterns that match, a word goes before a parameter.
func (s *Servidor) nombrado(camino string) (patron, bool) {
	partes := strings.Split(camino, "/")
	mejor := patron{}
	for _, p := range s.patrones()[len(partes)] {
		if p.es(partes) && (mejor.partes == nil || p.masLiteral(mejor)) {
			mejor = p
		}
	}
	return mejor, mejor.partes != nil
}

// leerPatrones reads the routes of the API and groups them by the number of their parts.
func (s *Servidor) leerPatrones() map[int][]patron {
	metodos := map[string][]string{}
	for _, r := range s.eco.Routes() {
		if strings.HasPrefix(r.Path, "/api/") && !s.montados[r.Path] {
			metodos[r.Path] = append(metodos[r.Path], r.Method)
		}
	}
	out := map[int][]patron{}
	for ruta, m := range metodos {
		partes := strings.Split(ruta, "/")
		out[len(partes)] = append(out[len(partes)], patron{partes, m})
	}
	return out
}

// es reports whether a path with as many parts as p matches p.
func (p patron) es(partes []string) bool {
	for i, x := range p.partes {
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

func (p patron) masLiteral(q patron) bool {
	for i, x := range p.partes {
		if a, b := strings.HasPrefix(x, ":"), strings.HasPrefix(q.partes[i], ":"); a != b {
			return b
		}
	}
	return false
}

// permitidos lists the methods of p for the header Allow, sorted.
func (p patron) permitidos() []string {
	m := slices.Clone(p.metodos)
	if slices.Contains(m, http.MethodGet) {
		m = append(m, http.MethodHead)
	}
	slices.Sort(m)
	return slices.Compact(m)
}
