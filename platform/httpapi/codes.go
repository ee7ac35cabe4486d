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

// ownErrors are the errors that this layer answers.
var ownErrors = []*fault.Error{
	ErrInternal, ErrTimeout, ErrJSON, ErrRequest, ErrInvalid, ErrTooLarge, ErrContentType,
	ErrNotFound, ErrMethod, ErrSlow,
	ErrForbidden, ErrOrigin, ErrNoIfMatch, ErrVersion, ErrTooMany, ErrKeyReused, ErrCursor, ErrDay, ErrStreams,
	fault.ErrStoreAway, oidc.ErrNoToken, oidc.ErrToken, oidc.ErrTokenExpired,
	oidc.ErrProvider, oidc.ErrProfile, oidc.ErrProfileDenied,
}

// Help explains a code to people, in the Spanish of Argentina: its meaning, and the next step for the caller.
type Help struct{ Meaning, Advice string }

// codesMax bounds how many codes are remembered.
const codesMax = 2000

// codes holds the error codes that this server knows: the published ones, and those that it has answered so far.
type codes struct {
	mu        sync.RWMutex
	all       map[string]explanation
	published map[string]int // statuses of the published ones, by code
	helps     map[string]Help
}

// explanation is the content of the page about a code.
type explanation struct {
	Code        string  `json:"code"`
	Status      int     `json:"status"`
	Title       string  `json:"title"`
	Detail      string  `json:"detail"`
	Significa   string  `json:"significa"`
	QueHacer    string  `json:"que_hacer"`
	Operaciones []usage `json:"operaciones"`
	// Todas says that every operation may answer the code.
	Todas bool `json:"todas,omitempty"`
}

func newCodes(conocidos []*fault.Error, ayudas map[string]Help) *codes {
	c := &codes{
		all:       map[string]explanation{},
		published: map[string]int{},
		helps:     maps.Clone(ownHelps),
	}
	maps.Copy(c.helps, ayudas)
	c.publish(ownErrors)
	c.publish(conocidos)
	return c
}

// publish adds errors to the codes that the document lists.
func (c *codes) publish(errores []*fault.Error) {
	for _, e := range errores {
		c.note(e)
		c.mu.Lock()
		c.published[e.Code] = statusOf(e)
		c.mu.Unlock()
	}
}

// declared are the statuses of all errors that were published, by code.
func (c *codes) declared() map[string]int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return maps.Clone(c.published)
}

func (c *codes) note(e *fault.Error) {
	if _, ok := c.get(e.Code); ok {
		return
	}
	s := statusOf(e)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.all) < codesMax {
		c.all[e.Code] = explanation{
			Code:   e.Code,
			Status: s,
			Title:  http.StatusText(s),
			Detail: e.Sentence,
		}
	}
}

// get gives the explanation of a code, without the operations that answer it; false for an unknown code.
func (c *codes) get(code string) (explanation, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	x, ok := c.all[code]
	ayuda, dicha := c.helps[code]
	if !dicha {
		ayuda = helpForStatus(x.Status)
	}
	x.Significa, x.QueHacer = ayuda.Meaning, ayuda.Advice
	return x, ok
}

// list gives the explanation of every published code, sorted by status and code.
func (c *codes) list() (todas []explanation) {
	for code := range c.declared() {
		x, _ := c.get(code)
		todas = append(todas, x)
	}
	slices.SortFunc(todas, func(a, b explanation) int {
		if a.Status != b.Status {
			return a.Status - b.Status
		}
		return strings.Compare(a.Code, b.Code)
	})
	return todas
}
