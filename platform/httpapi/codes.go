package httpapi

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"despensa/platform/fault"
	"despensa/platform/oidc"
)

// propios are the errors that this layer answers.
var propios = []*fault.Error{
	ErrInterno, ErrTiempo, ErrJSON, ErrPeticion, ErrDatos, ErrGrande, ErrTipo, ErrRuta, ErrMetodo, ErrLento,
	ErrPermiso, ErrOrigen, ErrSinIfMatch, ErrVersion, ErrDemasiadas, ErrClave, ErrCursor, ErrDia, ErrFlujos,
	fault.ErrAlmacen, oidc.ErrTokenAusente, oidc.ErrToken, oidc.ErrTokenVencido,
	oidc.ErrProveedor, oidc.ErrPerfil, oidc.ErrPerfilNegado,
}

// Ayuda explains a code to people, in the Spanish of Argentina: its meaning, and the next step for the caller.
type Ayuda struct{ Significa, Hacer string }

// codigosMax bounds how many codes are remembered.
const codigosMax = 2000

// codigos holds the error codes that this server knows: the published ones, and those that it has answered so far.
type codigos struct {
	mu         sync.RWMutex
	todos      map[string]explicacion
	publicados map[string]int // statuses of the published ones, by code
	ayudas     map[string]Ayuda
}

// explicacion is the content of the page about a code.
type explicacion struct {
	Code        string `json:"code"`
	Status      int    `json:"status"`
	Title       string `json:"title"`
	Detail      string `json:"detail"`
	Significa   string `json:"significa"`
	QueHacer    string `json:"que_hacer"`
	Operaciones []uso  `json:"operaciones"`
	// Todas says that every operation may answer the code.
	Todas bool `json:"todas,omitempty"`
}

func nuevosCodigos(conocidos []*fault.Error, ayudas map[string]Ayuda) *codigos {
	c := &codigos{todos: map[string]explicacion{}, publicados: map[string]int{}, ayudas: maps.Clone(ayudasPropias)}
	maps.Copy(c.ayudas, ayudas)
	c.publicar(propios)
	c.publicar(conocidos)
	return c
}

// publicar adds errors to the codes that the document lists.
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

// ver gives the explanation of a code, without the operations that answer it; false for an unknown code.
func (c *codigos) ver(code string) (explicacion, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	x, ok := c.todos[code]
	ayuda, dicha := c.ayudas[code]
	if !dicha {
		ayuda = ayudaDeEstado(x.Status)
	}
	x.Significa, x.QueHacer = ayuda.Significa, ayuda.Hacer
	return x, ok
}

// lista gives the explanation of every published code, sorted by status and code.
func (c *codigos) lista() (todas []explicacion) {
	for code := range c.declarados() {
		x, _ := c.ver(code)
		todas = append(todas, x)
	}
	slices.SortFunc(todas, func(a, b explicacion) int {
		if a.Status != b.Status {
			return a.Status - b.Status
		}
		return strings.Compare(a.Code, b.Code)
	})
	return todas
}
