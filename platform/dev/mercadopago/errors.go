package mercadopago

import (
	"encoding/json"
	"net/http"
)

// apiError is an error answer of the API, with MercadoPago's codes. The details name properties, never values.
type apiError struct {
	status  int
	code    string
	message string
	details []string
}

// errorOf makes the error of an HTTP status, MercadoPago's code and its English text.
func errorOf(estado int, codigo, mensaje string) *apiError {
	return &apiError{status: estado, code: codigo, message: mensaje}
}

// Error gives the error's code.
func (e *apiError) Error() string { return e.code }

// about returns a copy of e with detalles, the properties that e is about.
func (e *apiError) about(detalles ...string) *apiError {
	c := *e
	c.details = detalles
	return &c
}

// The errors of MERCADOPAGO.md.
var (
	errSyntax          = errorOf(400, "json_syntax_error", "The body is not valid JSON.")
	errMissing         = errorOf(400, "required_properties", "A required property is missing.")
	errUnsupported     = errorOf(400, "unsupported_properties", "A property is not supported here.")
	errType            = errorOf(400, "property_type", "A property has the wrong type.")
	errValue           = errorOf(400, "property_value", "A property has an invalid value.")
	errMaximum         = errorOf(400, "maximum_items", "A list has too many items.")
	errMinimum         = errorOf(400, "minimum_items", "A list has too few items.")
	errTotal           = errorOf(400, "invalid_total_amount", "The total must equal the sum of the payments.")
	errTransactions    = errorOf(400, "exceeded_number_of_transactions", "At most one payment.")
	errNoTransaction   = errorOf(400, "order_builder_without_transactions", "An order needs a payment.")
	errOrderType       = errorOf(400, "invalid_order_type", "The type must be online.")
	errMode            = errorOf(400, "invalid_order_mode_for_operation", "Only automatic processing is simulated.")
	errEmail           = errorOf(400, "invalid_email_for_sandbox", "In the sandbox the e-mail contains @testuser.com.")
	errPath            = errorOf(400, "invalid_path_param", "A path parameter is malformed.")
	errTransactionID   = errorOf(400, "invalid_transaction_id", "The transaction id is malformed.")
	errExceeds         = errorOf(400, "refund_amount_exceeds", "The amount exceeds what can be refunded.")
	errNoKey           = errorOf(400, "empty_required_header", "X-Idempotency-Key is required.")
	errLongKey         = errorOf(400, "invalid_idempotency_key_length", "X-Idempotency-Key has 1 to 128 characters.")
	errCredential      = errorOf(401, "invalid_credentials", "The access token is missing or wrong.")
	errOrigin          = errorOf(403, "forbidden", "Calls from another origin are refused.")
	errNoRoute         = errorOf(404, "not_found", "There is no such resource.")
	errMethod          = errorOf(405, "method_not_allowed", "The resource does not know this method.")
	errNoOrder         = errorOf(404, "order_not_found", "There is no such order.")
	errNoPayment       = errorOf(404, "transaction_not_found", "The order has no such transaction.")
	errUsedKey         = errorOf(409, "idempotency_key_already_used", "The key was used before.")
	errNoCapture       = errorOf(409, "cannot_capture_order", "The order cannot be captured.")
	errNoCancel        = errorOf(409, "cannot_cancel_order", "The order cannot be canceled.")
	errAlreadyCanceled = errorOf(409, "order_already_canceled", "The order is canceled already.")
	errAlreadyRefunded = errorOf(409, "order_already_refunded", "The order is refunded already.")
	errNoRefund        = errorOf(409, "cannot_refund_order", "The order cannot be refunded.")
	errOperation       = errorOf(409, "operation_not_supported", "The order's state does not allow it.")
	errForbidden       = errorOf(403, "forbidden", "The caller may not do this.")
	errRefused         = errorOf(402, "failed", "The following transactions failed.")
	errUnderWay        = errorOf(423, "resource_locked", "An earlier call is still running.")
	errTooMany         = errorOf(429, "too_many_requests", "Too many calls.")
	errRefunding       = errorOf(409, "order_refund_already_in_process", "Another refund is running.")
	errValidation      = errorOf(500, "idempotency_validation_failed", "The key could not be checked.")
	errInternal        = errorOf(500, "internal_error", "Internal error.")
	errOutage          = errorOf(503, "internal_error", "The service is not available.")
)

type errorDetail struct {
	Code    string   `json:"code"`
	Message string   `json:"message"`
	Details []string `json:"details"`
}

// errorCause is a detail of an error in the form of MercadoPago's older APIs.
type errorCause struct {
	Code        string `json:"code"`
	Description string `json:"description"`
}

// errorBody is the body of every refusal, in two forms at once. Errors is the form of the Orders API; Data is the
// order of a declined payment. The other members are the form of the older APIs, which MercadoPago's SDKs for Node and
// Python read: without Message their errors have no text.
type errorBody struct {
	Errors  []errorDetail   `json:"errors"`
	Data    json.RawMessage `json:"data,omitempty"`
	Message string          `json:"message"`
	Error   string          `json:"error"`  // the code
	Status  int             `json:"status"` // of HTTP
	Cause   []errorCause    `json:"cause"`
}

// answer is an answer before it is written.
type answer struct {
	status  int
	body    []byte
	padding int // MiB of blanks that follow the body
}

func (e *apiError) answer() answer { return toJSON(e.status, e.body(nil)) }

// body is the body of the error e. doc is the order that the error is about, as JSON; nil: none.
func (e *apiError) body(doc []byte) errorBody {
	c := errorBody{
		Errors: []errorDetail{
			{Code: e.code, Message: e.message, Details: append([]string{}, e.details...)},
		},
		Data:    doc,
		Message: e.message,
		Error:   e.code,
		Status:  e.status,
		Cause:   []errorCause{},
	}
	for _, d := range e.details {
		c.Cause = append(c.Cause, errorCause{Code: e.code, Description: d})
	}
	return c
}

func toJSON(estado int, v any) answer {
	b, err := json.Marshal(v)
	if err != nil { // only for a type that JSON cannot express
		return answer{
			status: http.StatusInternalServerError,
			body: []byte(
				`{"errors":[],"message":"Internal error.","error":"internal_error","status":500,"cause":[]}`,
			),
		}
	}
	return answer{status: estado, body: b}
}

// declined is the answer 402: the order doc exists, and its payment was declined.
func declined(doc []byte, payment payment) answer {
	e := errRefused.about(payment.ID + ": " + payment.StatusDetail)
	return toJSON(e.status, e.body(doc))
}
