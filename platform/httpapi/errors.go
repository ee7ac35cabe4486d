package httpapi

import (
	"net/http"
	"time"

	"despensa/platform/fault"
)

// Errors that the HTTP layer itself answers; the errors that modules declare come on top.
var (
	// ErrInternal stands for every error that no module declared; the cause is logged and not shown.
	ErrInternal = fault.New(fault.Internal, "error-interno", "Something went wrong on our side.")
	// ErrTimeout answers a request that did not end within http.plazo.
	ErrTimeout = fault.New(fault.Unavailable, "tiempo-agotado",
		"The request took too long and was given up.").WithRetry(time.Second)
	// ErrJSON answers a body that is no JSON document, or one that breaks the house's rules for JSON (the sentence lists
	// them).
	ErrJSON = fault.New(fault.Malformed, "json-invalido",
		"The body is not one JSON document in UTF-8 without repeated names and nested at most 20 deep.")
	// ErrRequest answers a malformed HTTP request: a path that is no text, a body that breaks off.
	ErrRequest = fault.New(fault.Malformed, "solicitud-invalida", "The request cannot be read.")
	// ErrInvalid answers values that break the rules of the document.
	ErrInvalid = fault.New(fault.Invalid, "datos-invalidos", "A value of the request is wrong.")
	// ErrTooLarge answers a body above the limit of the operation.
	ErrTooLarge = fault.New(fault.TooLarge, "cuerpo-excesivo", "The body is larger than this operation takes.")
	// ErrContentType answers a body that is not declared as JSON.
	ErrContentType = fault.New(fault.Unsupported, "tipo-no-soportado",
		"Send application/json without a content encoding.")
	// ErrNotFound answers a path that does not exist.
	ErrNotFound = fault.New(fault.NotFound, "no-encontrado", "There is nothing here.")
	// ErrMethod answers a method that the path does not have; status 405.
	ErrMethod = fault.New(fault.Malformed, "metodo-no-permitido", "This path does not have that method.")
	// ErrSlow answers a body that arrives too slowly; status 408.
	ErrSlow = fault.New(fault.Malformed, "cuerpo-lento", "The body did not arrive in time.")
	// ErrForbidden answers a caller without a role or scope that the operation needs.
	ErrForbidden = fault.New(fault.Forbidden, "sin-permiso", "Your role does not allow this.")
	// ErrOrigin answers a change with a session cookie that a page of another origin made the browser send.
	ErrOrigin = fault.New(fault.Forbidden, "origen-ajeno",
		"With a session, changes are taken from pages of this server alone.")
	// ErrNoIfMatch answers an edit without If-Match where the operation needs the version that the caller has read.
	ErrNoIfMatch = fault.New(fault.PreconditionRequired, "falta-if-match",
		"Send If-Match with the ETag that was read.")
	// ErrVersion answers an edit of a version that is not the present one.
	ErrVersion = fault.New(fault.Stale, "version-vieja", "It has been changed since it was read.")
	// ErrTooMany answers a call above one of the limits of the section http.
	ErrTooMany = fault.New(fault.TooMany, "demasiadas-solicitudes",
		"Too many requests; come back later.").WithRetry(time.Second)
)

// statuses is the only table from errors to statuses in this program.
var statuses = map[fault.Kind]int{
	fault.Internal:             http.StatusInternalServerError,
	fault.Malformed:            http.StatusBadRequest,
	fault.Unauthenticated:      http.StatusUnauthorized,
	fault.Forbidden:            http.StatusForbidden,
	fault.NotFound:             http.StatusNotFound,
	fault.Conflict:             http.StatusConflict,
	fault.Stale:                http.StatusPreconditionFailed,
	fault.TooLarge:             http.StatusRequestEntityTooLarge,
	fault.Unsupported:          http.StatusUnsupportedMediaType,
	fault.Invalid:              http.StatusUnprocessableEntity,
	fault.PreconditionRequired: http.StatusPreconditionRequired,
	fault.TooMany:              http.StatusTooManyRequests,
	fault.Unavailable:          http.StatusServiceUnavailable,
	fault.Broken:               http.StatusInternalServerError,
}

// rareStatuses are the statuses of errors for which statuses has no kind.
var rareStatuses = map[string]int{
	ErrMethod.Code: http.StatusMethodNotAllowed,
	ErrSlow.Code:   http.StatusRequestTimeout,
}

// statusOf gives the HTTP status of e.
func statusOf(e *fault.Error) int {
	if s, ok := rareStatuses[e.Code]; ok {
		return s
	}
	if s, ok := statuses[e.Kind]; ok {
		return s
	}
	return http.StatusInternalServerError
}

// faultForStatus gives the declared error for a status that huma or echo chose.
func faultForStatus(status int) *fault.Error {
	switch status {
	case http.StatusNotFound:
		return ErrNotFound
	case http.StatusMethodNotAllowed:
		return ErrMethod
	case http.StatusRequestTimeout:
		return ErrSlow
	case http.StatusRequestEntityTooLarge:
		return ErrTooLarge
	case http.StatusUnsupportedMediaType:
		return ErrContentType
	case http.StatusUnprocessableEntity:
		return ErrInvalid
	case http.StatusTooManyRequests:
		return ErrTooMany
	case http.StatusServiceUnavailable:
		return ErrTimeout
	}
	if status >= 400 && status < 500 {
		return ErrRequest
	}
	return ErrInternal
}
