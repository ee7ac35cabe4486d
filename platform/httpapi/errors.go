package httpapi

import (
	"net/http"
	"time"

	"despensa/platform/fault"
)

// Errors that the HTTP layer itself answers; the errors that modules declare come on top.
var (
	// ErrInterno stands for every error that no module declared; the cause is logged and not shown.
	ErrInterno = fault.New(fault.Internal, "error-interno", "Something went wrong on our side.")
	// ErrTiempo answers a request that did not end within http.plazo.
	ErrTiempo = fault.New(fault.Unavailable, "tiempo-agotado",
		"The request took too long and was given up.").WithRetry(time.Second)
	// ErrJSON answers a body that is no JSON document, or one that breaks the house's rules for JSON (the sentence lists
	// them).
	ErrJSON = fault.New(fault.Malformed, "json-invalido",
		"The body is not one JSON document in UTF-8 without repeated names and nested at most 20 deep.")
	// ErrPeticion answers a malformed HTTP request: a path that is no text, a body that breaks off.
	ErrPeticion = fault.New(fault.Malformed, "solicitud-invalida", "The request cannot be read.")
	// ErrDatos answers values that break the rules of the document.
	ErrDatos = fault.New(fault.Invalid, "datos-invalidos", "A value of the request is wrong.")
	// ErrGrande answers a body above the limit of the operation.
	ErrGrande = fault.New(fault.TooLarge, "cuerpo-excesivo", "The body is larger than this operation takes.")
	// ErrTipo answers a body that is not declared as JSON.
	ErrTipo = fault.New(fault.Unsupported, "tipo-no-soportado", "Send application/json without a content encoding.")
	// ErrRuta answers a path that does not exist.
	ErrRuta = fault.New(fault.NotFound, "no-encontrado", "There is nothing here.")
	// ErrMetodo answers a method that the path does not have; status 405.
	ErrMetodo = fault.New(fault.Malformed, "metodo-no-permitido", "This path does not have that method.")
	// ErrLento answers a body that arrives too slowly; status 408.
	ErrLento = fault.New(fault.Malformed, "cuerpo-lento", "The body did not arrive in time.")
	// ErrPermiso answers a caller without a role or scope that the operation needs.
	ErrPermiso = fault.New(fault.Forbidden, "sin-permiso", "Your role does not allow this.")
	// ErrOrigen answers a change with a session cookie that a page of another origin made the browser send.
	ErrOrigen = fault.New(fault.Forbidden, "origen-ajeno",
		"With a session, changes are taken from pages of this server alone.")
	// ErrSinIfMatch answers an edit without If-Match where the operation needs the version that the caller has read.
	ErrSinIfMatch = fault.New(fault.PreconditionRequired, "falta-if-match", "Send If-Match with the ETag that was read.")
	// ErrVersion answers an edit of a version that is not the present one.
	ErrVersion = fault.New(fault.Stale, "version-vieja", "It has been changed since it was read.")
	// ErrDemasiadas answers a call above one of the limits of the section http.
	ErrDemasiadas = fault.New(fault.TooMany, "demasiadas-solicitudes",
		"Too many requests; come back later.").WithRetry(time.Second)
)

// estados is the only table from errors to statuses in this program.
var estados = map[fault.Kind]int{
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

// raros are the statuses of errors for which estados has no kind.
var raros = map[string]int{
	ErrMetodo.Code: http.StatusMethodNotAllowed,
	ErrLento.Code:  http.StatusRequestTimeout,
}

// estadoDe gives the HTTP status of e.
func estadoDe(e *fault.Error) int {
	if s, ok := raros[e.Code]; ok {
		return s
	}
	if s, ok := estados[e.Kind]; ok {
		return s
	}
	return http.StatusInternalServerError
}

// deEstado gives the declared error for a status that huma or echo chose.
func deEstado(status int) *fault.Error {
	switch status {
	case http.StatusNotFound:
		return ErrRuta
	case http.StatusMethodNotAllowed:
		return ErrMetodo
	case http.StatusRequestTimeout:
		return ErrLento
	case http.StatusRequestEntityTooLarge:
		return ErrGrande
	case http.StatusUnsupportedMediaType:
		return ErrTipo
	case http.StatusUnprocessableEntity:
		return ErrDatos
	case http.StatusTooManyRequests:
		return ErrDemasiadas
	case http.StatusServiceUnavailable:
		return ErrTiempo
	}
	if status >= 400 && status < 500 {
		return ErrPeticion
	}
	return ErrInterno
}
