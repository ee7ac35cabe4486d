package mercadopago

import (
	"encoding/json"
	"net/http"
)

// errorAPI is an answer that refuses, in MercadoPago's words. Details name
// properties, never values.
type errorAPI struct {
	estado   int
	codigo   string
	mensaje  string
	detalles []string
}

func (e *errorAPI) Error() string { return e.codigo }

// de returns a copy that names what it is about.
func (e *errorAPI) de(detalles ...string) *errorAPI {
	c := *e
	c.detalles = detalles
	return &c
}

// The errors of MERCADOPAGO.md.
var (
	errSintaxis       = &errorAPI{400, "json_syntax_error", "The body is not valid JSON.", nil}
	errFalta          = &errorAPI{400, "required_properties", "A required property is missing.", nil}
	errSobra          = &errorAPI{400, "unsupported_properties", "A property is not supported here.", nil}
	errTipo           = &errorAPI{400, "property_type", "A property has the wrong type.", nil}
	errValor          = &errorAPI{400, "property_value", "A property has an invalid value.", nil}
	errMaximo         = &errorAPI{400, "maximum_items", "A list has too many items.", nil}
	errMinimo         = &errorAPI{400, "minimum_items", "A list has too few items.", nil}
	errTotal          = &errorAPI{400, "invalid_total_amount", "The total must equal the sum of the payments.", nil}
	errTransacciones  = &errorAPI{400, "exceeded_number_of_transactions", "At most one payment.", nil}
	errSinTransaccion = &errorAPI{400, "order_builder_without_transactions", "An order needs a payment.", nil}
	errTipoOrden      = &errorAPI{400, "invalid_order_type", "The type must be online.", nil}
	errModo           = &errorAPI{400, "invalid_order_mode_for_operation", "Only automatic processing is simulated.", nil}
	errCorreo         = &errorAPI{400, "invalid_email_for_sandbox", "In the sandbox the e-mail contains @testuser.com.", nil}
	errRuta           = &errorAPI{400, "invalid_path_param", "A path parameter is malformed.", nil}
	errIDTransaccion  = &errorAPI{400, "invalid_transaction_id", "The transaction id is malformed.", nil}
	errExcede         = &errorAPI{400, "refund_amount_exceeds", "The amount exceeds what can be refunded.", nil}
	errSinClave       = &errorAPI{400, "empty_required_header", "X-Idempotency-Key is required.", nil}
	errClaveLarga     = &errorAPI{400, "invalid_idempotency_key_length", "X-Idempotency-Key has 1 to 128 characters.", nil}
	errCredencial     = &errorAPI{401, "invalid_credentials", "The access token is missing or wrong.", nil}
	errOrigen         = &errorAPI{403, "forbidden", "Calls from another origin are refused.", nil}
	errSinRuta        = &errorAPI{404, "not_found", "There is no such resource.", nil}
	errMetodo         = &errorAPI{405, "method_not_allowed", "The resource does not know this method.", nil}
	errNoHay          = &errorAPI{404, "order_not_found", "There is no such order.", nil}
	errNoHayPago      = &errorAPI{404, "transaction_not_found", "The order has no such transaction.", nil}
	errClaveUsada     = &errorAPI{409, "idempotency_key_already_used", "The key was used before.", nil}
	errNoCapturar     = &errorAPI{409, "cannot_capture_order", "The order cannot be captured.", nil}
	errNoCancelar     = &errorAPI{409, "cannot_cancel_order", "The order cannot be canceled.", nil}
	errYaCancelada    = &errorAPI{409, "order_already_canceled", "The order is canceled already.", nil}
	errYaReembolsada  = &errorAPI{409, "order_already_refunded", "The order is refunded already.", nil}
	errNoReembolsar   = &errorAPI{409, "cannot_refund_order", "The order cannot be refunded.", nil}
	errOperacion      = &errorAPI{409, "operation_not_supported", "The order's state does not allow it.", nil}
	errProhibido      = &errorAPI{403, "forbidden", "The caller may not do this.", nil}
	errRehusada       = &errorAPI{402, "failed", "The following transactions failed.", nil}
	errEnCurso        = &errorAPI{423, "resource_locked", "An earlier call is still running.", nil}
	errDemasiadas     = &errorAPI{429, "too_many_requests", "Too many calls.", nil}
	errReembolsando   = &errorAPI{409, "order_refund_already_in_process", "Another refund is running.", nil}
	errValidacion     = &errorAPI{500, "idempotency_validation_failed", "The key could not be checked.", nil}
	errInterno        = &errorAPI{500, "internal_error", "Internal error.", nil}
	errCaida          = &errorAPI{503, "internal_error", "The service is not available.", nil}
)

type unError struct {
	Code    string   `json:"code"`
	Message string   `json:"message"`
	Details []string `json:"details"`
}

// unaCausa is a detail of an error in the words of MercadoPago's older APIs.
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
	relleno int // so many MiB of blanks follow the body
}

func (e *errorAPI) respuesta() respuesta { return enJSON(e.estado, e.cuerpo(nil)) }

// cuerpo is the body that says e about the order doc; nil: about none.
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
	if err != nil { // only a type that JSON does not know
		return respuesta{
			estado: http.StatusInternalServerError,
			cuerpo: []byte(`{"errors":[],"message":"Internal error.","error":"internal_error","status":500,"cause":[]}`),
		}
	}
	return respuesta{estado: estado, cuerpo: b}
}

// rechazada is 402: the order exists, its payment was declined.
func rechazada(doc []byte, p pago) respuesta {
	e := errRehusada.de(p.ID + ": " + p.StatusDetail)
	return enJSON(e.estado, e.cuerpo(doc))
}
