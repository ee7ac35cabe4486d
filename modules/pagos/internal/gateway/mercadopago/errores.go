package mercadopago

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"despensa/modules/pagos/internal/gateway"

	"github.com/mercadopago/sdk-go/pkg/mperror"
	"github.com/mercadopago/sdk-go/pkg/order"
)

// fracaso is the body of an answer that refuses. It may carry an order.
type fracaso struct {
	Errors []struct {
		Code    any             `json:"code"`
		Details json.RawMessage `json:"details"`
	} `json:"errors"`
	Data order.Response `json:"data"`
}

func (f fracaso) codigo() string {
	if len(f.Errors) == 0 {
		return ""
	}
	return fmt.Sprint(f.Errors[0].Code)
}

// culpables are the properties of a request that a customer can put right, by a part of
// their name, and the reason that the customer is told.
var culpables = []struct{ parte, motivo string }{
	{"token", "token-invalido"},
	{"installments", "cuotas-invalidas"},
	{"payment_method", "datos-de-tarjeta"},
}

// negativa says why a request was refused for good. Details name properties.
func (f fracaso) negativa() error {
	for _, e := range f.Errors {
		for _, c := range culpables {
			if strings.Contains(string(e.Details), c.parte) {
				return &gateway.Negativa{Motivo: c.motivo}
			}
		}
	}
	return gateway.ErrPeticion
}

// codigos maps an error code of MercadoPago to an error of the port, where the HTTP status alone does not decide. The
// SDK turns every 409 into an IdempotencyError; of the codes with a 409, only the first row's is about a used key.
var codigos = map[string]error{
	"idempotency_key_already_used":    gateway.ErrClave,
	"idempotency_validation_failed":   gateway.ErrClave, // comes as 500
	"cannot_capture_order":            gateway.ErrEstado,
	"cannot_cancel_order":             gateway.ErrEstado,
	"order_already_canceled":          gateway.ErrEstado,
	"order_already_cancelled":         gateway.ErrEstado,
	"order_already_refunded":          gateway.ErrEstado,
	"cannot_refund_order":             gateway.ErrEstado,
	"forbidden":                       gateway.ErrCredencial,
	"invalid_credentials":             gateway.ErrCredencial,
	"operation_not_supported":         gateway.ErrEstado,
	"order_refund_already_in_process": gateway.ErrOcupada,
	"refund_amount_exceeds":           gateway.ErrExcede,
	"order_not_found":                 gateway.ErrNoHay,
	"transaction_not_found":           gateway.ErrEstado, // of a refund: the order is there, its payment is not
	"resource_locked":                 gateway.ErrOcupada,
}

// estados maps an HTTP status to an error of the port, for answers whose code is not in codigos.
var estados = map[int]error{
	http.StatusUnauthorized:      gateway.ErrCredencial,
	http.StatusPaymentRequired:   gateway.ErrRehusada,
	http.StatusForbidden:         gateway.ErrCredencial,
	http.StatusNotFound:          gateway.ErrNoHay,
	http.StatusRequestTimeout:    gateway.ErrSilencio,
	http.StatusConflict:          gateway.ErrEstado,
	http.StatusProxyAuthRequired: gateway.ErrSilencio,
	http.StatusTooEarly:          gateway.ErrSilencio,
	http.StatusLocked:            gateway.ErrOcupada,
	http.StatusFailedDependency:  gateway.ErrSilencio,
	http.StatusTooManyRequests:   gateway.ErrLimite,
}

// traducir says in the port's words why a call failed. The answer's body stays here:
// it is not for logs.
func traducir(err error) error {
	var re *mperror.ResponseError
	if !errors.As(err, &re) { // the network, a deadline, an answer that is no JSON
		return fmt.Errorf("%w: %w", gateway.ErrSilencio, causa(err))
	}
	f := leer(re)
	if e, ok := codigos[f.codigo()]; ok {
		return fmt.Errorf("%w (HTTP %d)", e, re.StatusCode)
	}
	if e, ok := estados[re.StatusCode]; ok {
		return fmt.Errorf("%w (HTTP %d)", e, re.StatusCode)
	}
	if re.StatusCode >= http.StatusInternalServerError ||
		re.StatusCode < http.StatusBadRequest {
		return fmt.Errorf("%w (HTTP %d)", gateway.ErrSilencio, re.StatusCode)
	}
	return fmt.Errorf("%w (HTTP %d)", f.negativa(), re.StatusCode)
}

// causa is one of four errors with a fixed text in the place of err: errPlazo for the end of a time limit, errGrande,
// errDesvio, and errRed for any other failure. The text of err itself may repeat values of the request.
func causa(err error) error {
	var red interface{ Timeout() bool }
	switch {
	case errors.As(err, &red) && red.Timeout():
		return errPlazo
	case errors.Is(err, errGrande):
		return errGrande
	case errors.Is(err, errDesvio):
		return errDesvio
	}
	return errRed
}

var (
	errPlazo = errors.New("deadline exceeded")
	errRed   = errors.New("transport failed")
)

func leer(responseError *mperror.ResponseError) fracaso {
	var f fracaso
	_ = json.Unmarshal([]byte(responseError.Message), &f) // no JSON: the status alone judges
	return f
}

// rechazada reads the failure of a creation: 402 is a refusal, with the order inside.
func rechazada(err error) (gateway.Orden, error) {
	var re *mperror.ResponseError
	if !errors.As(err, &re) || re.StatusCode != http.StatusPaymentRequired {
		return gateway.Orden{}, traducir(err)
	}
	f := leer(re)
	o := orden(&f.Data)
	if o.ID == "" ||
		o.Estado != gateway.Rechazada { // the search by reference may know the order
		return gateway.Orden{}, traducir(err)
	}
	return o, nil
}
