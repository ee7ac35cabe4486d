package httpapi

import (
	"encoding/json"
	"html/template"
	"maps"
	"net/http"
	"strings"
	"sync"

	"despensa/platform/fault"
	"despensa/platform/oidc"
)

// propios are the errors that this layer answers.
var propios = []*fault.Error{
	ErrInterno, ErrTiempo, ErrJSON, ErrPeticion, ErrDatos, ErrGrande, ErrTipo, ErrRuta, ErrMetodo, ErrLento, ErrPermiso, ErrOrigen,
	ErrSinIfMatch, ErrVersion, ErrDemasiadas, ErrClave, ErrCursor, ErrDia, ErrFlujos,
	fault.ErrAlmacen, oidc.ErrTokenAusente, oidc.ErrToken, oidc.ErrTokenVencido, oidc.ErrProveedor, oidc.ErrPerfil, oidc.ErrPerfilNegado,
}

// codigosMax bounds how many codes are remembered.
const codigosMax = 2000

// codigos is what this server knows about error codes: those it was told at the
// start, and those that it has answered.
type codigos struct {
	mu         sync.RWMutex
	todos      map[string]explicacion
	publicados map[string]int // statuses of those that it was told
}

// explicacion is what the page of a code says.
type explicacion struct {
	Code   string `json:"code"`
	Status int    `json:"status"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
}

func nuevosCodigos(conocidos []*fault.Error) *codigos {
	c := &codigos{todos: map[string]explicacion{}, publicados: map[string]int{}}
	c.publicar(propios)
	c.publicar(conocidos)
	return c
}

// publicar notes errors that the document lists.
func (c *codigos) publicar(es []*fault.Error) {
	for _, e := range es {
		c.anotar(e)
		c.mu.Lock()
		c.publicados[e.Code] = estadoDe(e)
		c.mu.Unlock()
	}
}

// declarados are the statuses of all errors that were published, by code.
func (c *codigos) declarados() map[string]int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return maps.Clone(c.publicados)
}

func (c *codigos) anotar(e *fault.Error) {
	if _, ok := c.ver(e.Code); ok {
		return
	}
	s := estadoDe(e)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.todos) < codigosMax {
		c.todos[e.Code] = explicacion{Code: e.Code, Status: s, Title: http.StatusText(s), Detail: e.Sentence}
	}
}

func (c *codigos) ver(code string) (explicacion, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	x, ok := c.todos[code]
	return x, ok
}

var pagina = template.Must(template.New("problema").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Code}} · Despensa</title></head>
<body><main><h1>{{.Code}}</h1><p>{{.Status}} {{.Title}}</p><p>{{.Detail}}</p></main></body></html>
`))

// explicar answers /problemas/{code}, as a page to browsers and as JSON to programs.
// False: the code is unknown.
func (c *codigos) explicar(w http.ResponseWriter, r *http.Request, code string) bool {
	x, ok := c.ver(code)
	if !ok {
		return false
	}
	w.Header().Set("Vary", "Accept")
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = pagina.Execute(w, x) // the client may have gone
		return true
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(x) // the client may have gone
	return true
}
