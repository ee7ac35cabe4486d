package httpapi

import (
	"net/http"
	"time"

	"despensa/platform/fault"
)

// Errors that the HTTP layer itself answers; what modules declare comes on top.
var (
	// ErrInterno stands for whatever nobody declared; its cause is only logged.
	ErrInterno = fault.New(fault.Internal, "error-interno", "Something went wrong on our side.")
	// ErrTiempo answers a request that did not end within its time.
	ErrTiempo = fault.New(fault.Unavailable, "tiempo-agotado",
		"The request took too long and was given up.").WithRetry(time.Second)
	// ErrJSON answers a body that is no JSON document, or not one that we read.
	ErrJSON = fault.New(fault.Malformed, "json-invalido",
		"The body is not one JSON document in UTF-8 without repeated names and nested at most 20 deep.")
	// ErrPeticion answers what is no proper HTTP request.
	ErrPeticion = fault.New(fault.Malformed, "peticion-invalida", "The request cannot be read.")
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
	// ErrPermiso answers a caller whose role or scope does not allow the operation.
	ErrPermiso = fault.New(fault.Forbidden, "sin-permiso", "Your role does not allow this.")
	// ErrOrigen answers a change that a browser was made to ask for by somebody else's page.
	ErrOrigen = fault.New(fault.Forbidden, "origen-ajeno",
		"With a session, changes are taken from pages of this server alone.")
	// ErrSinIfMatch answers an edit that must say which version it is for.
	ErrSinIfMatch = fault.New(fault.PreconditionRequired, "falta-if-match", "Send If-Match with the ETag that was read.")
	// ErrVersion answers an edit of a version that is not the present one.
	ErrVersion = fault.New(fault.Stale, "version-vieja", "It has been changed since it was read.")
	// ErrDemasiadas answers a caller above the limit.
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

// raros are the statuses that only HTTP itself knows.
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

// deEstado gives the error for a status that a library chose.
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
