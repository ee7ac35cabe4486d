package mercadopago

import (
	"encoding/json"
	"net/http"
)

// errorAPI is an error answer of the API, with MercadoPago's codes. The details name properties, never values.
type errorAPI struct {
	estado   int
	codigo   string
	mensaje  string
	detalles []string
}

// errorDe makes the error of an HTTP status, MercadoPago's code and its English text.
func errorDe(estado int, codigo, mensaje string) *errorAPI {
	return &errorAPI{estado: estado, codigo: codigo, mensaje: mensaje}
}

// Error gives the error's code.
func (e *errorAPI) Error() string { return e.codigo }

// de returns a copy of e with detalles, the properties that e is about.
func (e *errorAPI) de(detalles ...string) *errorAPI {
	c := *e
	c.detalles = detalles
	return &c
}

// The errors of MERCADOPAGO.md.
var (
	errSintaxis       = errorDe(400, "json_syntax_error", "The body is not valid JSON.")
	errFalta          = errorDe(400, "required_properties", "A required property is missing.")
	errSobra          = errorDe(400, "unsupported_properties", "A property is not supported here.")
	errTipo           = errorDe(400, "property_type", "A property has the wrong type.")
	errValor          = errorDe(400, "property_value", "A property has an invalid value.")
	errMaximo         = errorDe(400, "maximum_items", "A list has too many items.")
	errMinimo         = errorDe(400, "minimum_items", "A list has too few items.")
	errTotal          = errorDe(400, "invalid_total_amount", "The total must equal the sum of the payments.")
	errTransacciones  = errorDe(400, "exceeded_number_of_transactions", "At most one payment.")
	errSinTransaccion = errorDe(400, "order_builder_without_transactions", "An order needs a payment.")
	errTipoOrden      = errorDe(400, "invalid_order_type", "The type must be online.")
	errModo           = errorDe(400, "invalid_order_mode_for_operation", "Only automatic processing is simulated.")
	errCorreo         = errorDe(400, "invalid_email_for_sandbox", "In the sandbox the e-mail contains @testuser.com.")
	errRuta           = errorDe(400, "invalid_path_param", "A path parameter is malformed.")
	errIDTransaccion  = errorDe(400, "invalid_transaction_id", "The transaction id is malformed.")
	errExcede         = errorDe(400, "refund_amount_exceeds", "The amount exceeds what can be refunded.")
	errSinClave       = errorDe(400, "empty_required_header", "X-Idempotency-Key is required.")
	errClaveLarga     = errorDe(400, "invalid_idempotency_key_length", "X-Idempotency-Key has 1 to 128 characters.")
	errCredencial     = errorDe(401, "invalid_credentials", "The access token is missing or wrong.")
	errOrigen         = errorDe(403, "forbidden", "Calls from another origin are refused.")
	errSinRuta        = errorDe(404, "not_found", "There is no such resource.")
	errMetodo         = errorDe(405, "method_not_allowed", "The resource does not know this method.")
	errNoHay          = errorDe(404, "order_not_found", "There is no such order.")
	errNoHayPago      = errorDe(404, "transaction_not_found", "The order has no such transaction.")
	errClaveUsada     = errorDe(409, "idempotency_key_already_used", "The key was used before.")
	errNoCapturar     = errorDe(409, "cannot_capture_order", "The order cannot be captured.")
	errNoCancelar     = errorDe(409, "cannot_cancel_order", "The order cannot be canceled.")
	errYaCancelada    = errorDe(409, "order_already_canceled", "The order is canceled already.")
	errYaReembolsada  = errorDe(409, "order_already_refunded", "The order is refunded already.")
	errNoReembolsar   = errorDe(409, "cannot_refund_order", "The order cannot be refunded.")
	errOperacion      = errorDe(409, "operation_not_supported", "The order's state does not allow it.")
	errProhibido      = errorDe(403, "forbidden", "The caller may not do this.")
	errRehusada       = errorDe(402, "failed", "The following transactions failed.")
	errEnCurso        = errorDe(423, "resource_locked", "An earlier call is still running.")
	errDemasiadas     = errorDe(429, "too_many_requests", "Too many calls.")
	errReembolsando   = errorDe(409, "order_refund_already_in_process", "Another refund is running.")
	errValidacion     = errorDe(500, "idempotency_validation_failed", "The key could not be checked.")
	errInterno        = errorDe(500, "internal_error", "Internal error.")
	errCaida          = errorDe(503, "internal_error", "The service is not available.")
)

type unError struct {
	Code    string   `json:"code"`
	Message string   `json:"message"`
	Details []string `json:"details"`
}

// unaCausa is a detail of an error in the form of MercadoPago's older APIs.
type unaCausa struct {
	Code        string `json:"code"`
	Description string `json:"description"`
}

// cuerpoError is the body of every refusal, in two forms at once. Errors is the form of the Orders API; Data is the
// order of a declined payment. The other members are the form of the older APIs, which MercadoPago's SDKs for Node and
// Python read: without Message their errors have no text.
type cuerpoError struct {
	Errors  []unError       `json:"errors"`
	Data    json.RawMessage `json:"data,omitempty"`
	Message string          `json:"message"`
	Error   string          `json:"error"`  // the code
	Status  int             `json:"status"` // of HTTP
	Cause   []unaCausa      `json:"cause"`
}

// respuesta is an answer before it is written.
type respuesta struct {
	estado  int
	cuerpo  []byte
	relleno int // MiB of blanks that follow the body
}

func (e *errorAPI) respuesta() respuesta { return enJSON(e.estado, e.cuerpo(nil)) }

// cuerpo is the body of the error e. doc is the order that the error is about, as JSON; nil: none.
func (e *errorAPI) cuerpo(doc []byte) cuerpoError {
	c := cuerpoError{
		Errors:  []unError{{Code: e.codigo, Message: e.mensaje, Details: append([]string{}, e.detalles...)}},
		Data:    doc,
		Message: e.mensaje,
		Error:   e.codigo,
		Status:  e.estado,
		Cause:   []unaCausa{},
	}
	for _, d := range e.detalles {
		c.Cause = append(c.Cause, unaCausa{Code: e.codigo, Description: d})
	}
	return c
}

func enJSON(estado int, v any) respuesta {
	b, err := json.Marshal(v)
	if err != nil { // only for a type that JSON cannot express
		return respuesta{
			estado: http.StatusInternalServerError,
			cuerpo: []byte(`{"errors":[],"message":"Internal error.","error":"internal_error","status":500,"cause":[]}`),
		}
	}
	return respuesta{estado: estado, cuerpo: b}
}

// rechazada is the answer 402: the order doc exists, and its payment p was declined.
func rechazada(doc []byte, p pago) respuesta {
	e := errRehusada.de(p.ID + ": " + p.StatusDetail)
	return enJSON(e.estado, e.cuerpo(doc))
}
