package httpapi

import (
	"errors"
	"net/http"
	"strings"
	"sync"

	"despensa/platform/fault"

	"github.com/danielgtaylor/huma/v2"
)

// fieldsMax bounds the list of wrong values in one answer.
const fieldsMax = 50

// setUpHuma sets the package variables of huma, once, before the first operation is registered. Errors carry no
// values of the request. Lists are never null. Names match by their exact letters: otherwise a member "Cantidad"
// would be decoded over "cantidad".
var setUpHuma = sync.OnceFunc(func() {
	huma.DefaultArrayNullable = false
	huma.ValidateStrictCasing = true
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return fromHuma(nil, status, msg, errs...)
	}
	huma.NewErrorWithContext = fromHuma
})

// fromHuma builds the answer to a request that huma refuses, with the house's codes and sentences instead of huma's.
func fromHuma(hctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
	if hctx == nil {
		e := faultForStatus(status)
		return &Problema{
			Status: status,
			Title:  http.StatusText(status),
			Code:   e.Code,
			Detail: e.Sentence,
		}
	}
	if status >= http.StatusInternalServerError && msg != "cannot read request body" {
		return problemOf(
			hctx.Context(),
			errors.Join(append([]error{errors.New(msg)}, errs...)...),
		)
	}
	campos, valores := fieldsOf(errs)
	e := faultForStatus(status)
	switch {
	case status >= http.StatusInternalServerError: // the caller broke off, or the framing is wrong
		e, campos = ErrRequest, nil
	case status == http.StatusBadRequest && valores:
		e = ErrInvalid
	case status == http.StatusBadRequest:
		e = ErrJSON
	case status == http.StatusUnsupportedMediaType:
		campos = nil
	}
	for _, c := range campos {
		e = e.WithField(c.Location, c.Message)
	}
	return compose(hctx.Context(), e)
}

// fieldsOf turns huma's details into fields of a fault, fieldsMax at most. The second result says that the body was
// JSON with a value that its type cannot hold.
func fieldsOf(errs []error) ([]fault.Field, bool) {
	var out []fault.Field
	valores := false
	for _, err := range errs {
		if len(out) == fieldsMax {
			break
		}
		var d huma.ErrorDetailer
		if !errors.As(err, &d) {
			continue
		}
		c := d.ErrorDetail()
		lugar, mensaje := c.Location, withoutValue(c.Message)
		if l, m, ok := strings.Cut(c.Message, separator); ok {
			lugar, mensaje, valores = l, m, true
		}
		out = append(out, fault.Field{Location: truncate(lugar), Message: truncate(mensaje)})
	}
	return out, valores
}

// withoutValue cuts off the cause that huma appends to the message about a format: the cause may quote the value.
func withoutValue(m string) string {
	for _, inicio := range []string{"expected string to be ", "expected duration", "invalid value", "invalid JSON"} {
		if strings.HasPrefix(m, inicio) {
			m, _, _ = strings.Cut(m, ": ")
		}
	}
	return m
}

// ValueError writes huma's error about one value the way this API's answers write it: the place and the reason, without
// the value.
func ValueError(err error) string {
	campos, _ := fieldsOf([]error{err})
	if len(campos) == 0 {
		return "not of the expected form"
	}
	return strings.TrimPrefix(campos[0].Location+": "+campos[0].Message, ": ")
}
