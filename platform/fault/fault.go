// Package fault holds the errors that answers may show: a kind, a stable code, and a sentence without data for the
// caller. httpapi alone turns kinds into statuses.
package fault

import (
	"errors"
	"time"
)

// Kind is the sort of a refusal; httpapi maps each one to an HTTP status.
type Kind int

// The kinds, with the status that httpapi gives to each.
const (
	Internal             Kind = iota // 500, logged, its text never shown
	Malformed                        // 400
	Unauthenticated                  // 401
	Forbidden                        // 403
	NotFound                         // 404, also "not yours"
	Conflict                         // 409
	Stale                            // 412
	TooLarge                         // 413
	Unsupported                      // 415
	Invalid                          // 422
	PreconditionRequired             // 428
	TooMany                          // 429
	Unavailable                      // 503
	Broken                           // 500, logged: stored data are damaged; its sentence is shown
)

// Field is one wrong value of a request: its place ("body.lineas[0].cantidad") and the reason of the refusal. The
// value itself is never repeated.
type Field struct {
	Location string `json:"location" doc:"Where the value stood: body.lineas[0].cantidad, query.limite, header.If-Match."`
	Message  string `json:"message" doc:"Why it was refused; never the value."`
}

// Error is a refusal with a stable kebab-case Code. Two errors are the same to errors.Is when their codes are equal;
// the additions of WithField, WithExtra and WithRetry do not count.
type Error struct {
	Kind       Kind
	Code       string
	Sentence   string
	Fields     []Field
	Extra      map[string]any // further members of the problem, such as "permitidos"
	RetryAfter time.Duration  // 429 and 503 only
}

// New declares a public error. Sentence is English, ends with a full stop and holds no data.
func New(kind Kind, code, sentence string) *Error {
	return &Error{Kind: kind, Code: code, Sentence: sentence}
}

// Error gives the code and the sentence, safe to log.
func (e *Error) Error() string { return e.Code + ": " + e.Sentence }

// Is reports whether target carries the same code.
func (e *Error) Is(target error) bool {
	var t *Error
	return errors.As(target, &t) && t.Code == e.Code
}

// WithField returns a copy that names one more wrong value.
func (e *Error) WithField(location, message string) *Error {
	c := *e
	c.Fields = append(append([]Field{}, e.Fields...), Field{location, message})
	return &c
}

// WithExtra returns a copy with one more member in its problem document.
func (e *Error) WithExtra(name string, value any) *Error {
	c := *e
	c.Extra = map[string]any{name: value}
	for k, v := range e.Extra {
		if k != name {
			c.Extra[k] = v
		}
	}
	return &c
}

// WithRetry returns a copy that tells the caller to come back after d.
func (e *Error) WithRetry(d time.Duration) *Error {
	c := *e
	c.RetryAfter = d
	return &c
}

// As finds the Error inside err, if there is one.
func As(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// ErrStoreAway answers a request that needs a database with a server that is away or too slow just now. Every store on
// such a server wraps it.
var ErrStoreAway = New(Unavailable, "base-no-disponible",
	"A database that this needs does not answer just now.").WithRetry(5 * time.Second)
