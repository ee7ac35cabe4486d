package mercadopago

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"despensa/platform/money"

	"github.com/mercadopago/sdk-go/pkg/order"
)

// TestRefusalsInBothForms: an error has both forms that MercadoPago's SDKs read: errors; message, error, status and
// cause.
func TestRefusalsInBothForms(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	for codigo, e := range refusals {
		b.fallar(Failure{Clase: failureRefused, Accion: "leer", Valor: codigo, Veces: 1})
		estado, cuerpo := b.get("/orders/ORDTST01AAAAAAAAAAAAAAAAAAAAAAAA")
		var c errorBody
		if err := json.Unmarshal([]byte(cuerpo), &c); err != nil {
			t.Fatalf("%s: %v: %s", codigo, err, cuerpo)
		}
		if estado != e.status || c.Status != e.status || c.Error != codigo ||
			c.Message != e.message ||
			c.Cause == nil {
			t.Errorf("%s: HTTP %d, %s", codigo, estado, cuerpo)
		}
		if len(c.Errors) != 1 || c.Errors[0].Code != codigo ||
			c.Errors[0].Message != e.message ||
			c.Errors[0].Details == nil {
			t.Errorf("%s: errors: %s", codigo, cuerpo)
		}
	}
}

// TestACauseForEachDetail: an error has a cause for each of its details, also the error of a declined payment, which
// contains the order.
func TestACauseForEachDetail(t *testing.T) {
	c := errMissing.about("payment_method.id", "payment_method.type").body(nil)
	if len(c.Cause) != 2 || c.Cause[1].Code != "required_properties" ||
		c.Cause[1].Description != "payment_method.type" {
		t.Errorf("%+v", c.Cause)
	}
	r := declined([]byte(`{"id":"ORD1"}`), payment{ID: "PAY1", StatusDetail: "high_risk"})
	var d errorBody
	err := json.Unmarshal(r.body, &d)
	if err != nil || r.status != 402 || string(d.Data) != `{"id":"ORD1"}` || d.Message == "" ||
		d.Status != 402 ||
		d.Cause[0].Description != "PAY1: high_risk" ||
		d.Errors[0].Details[0] != "PAY1: high_risk" {
		t.Errorf("%v: %s", err, r.body)
	}
}

func TestPathsThatAreNone(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	tests := map[string]struct {
		metodo, ruta string
		estado       int
		codigo       string
		permite      string
	}{
		"a resource of another API": {"GET", "/v1/payments/1", 404, "not_found", ""},
		"an action that is none": {
			"POST",
			"/v1/orders/ORDTST01AAAAAAAAAAAAAAAAAAAAAAAA/process",
			404,
			"not_found",
			"",
		},
		"below nothing":              {"GET", "/v2", 404, "not_found", ""},
		"a slash too many":           {"GET", "/v1//orders", 404, "not_found", ""},
		"a slash before the version": {"GET", "//v1/orders", 404, "not_found", ""},
		"up and down":                {"GET", "/v1/../v1/orders", 404, "not_found", ""},
		"a slash at the end":         {"GET", "/v1/orders/", 404, "not_found", ""},
		"a control that is none":     {"GET", "/_control/x", 404, "not_found", ""},
		"another method": {
			"DELETE",
			"/v1/orders",
			405,
			"method_not_allowed",
			"GET, HEAD, POST",
		},
		"a page by another method": {"PUT", "/", 405, "method_not_allowed", "GET, HEAD"},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), tt.metodo, b.url+tt.ruta, nil)
			if err != nil {
				t.Fatal(err)
			}
			res, err := http.DefaultTransport.RoundTrip(req) // it does not follow redirects
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = res.Body.Close() }()
			var c errorBody
			err = json.NewDecoder(res.Body).Decode(&c)
			if err != nil || res.StatusCode != tt.estado || c.Error != tt.codigo || c.Errors[0].Code != tt.codigo ||
				c.Message == "" ||
				res.Header.Get("Content-Type") != "application/json" ||
				res.Header.Get("Location") != "" {
				t.Errorf("HTTP %d, %v, %+v, %+v", res.StatusCode, err, c, res.Header)
			}
			if a := res.Header.Get("Allow"); a != tt.permite {
				t.Errorf("Allow: %q", a)
			}
		})
	}
}

// TestTooManyCallsSayWhenToComeBack: the answer 429 has a Retry-After, which the SDKs wait for.
func TestTooManyCallsSayWhenToComeBack(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	b.fallar(Failure{Clase: failureRefused, Valor: "too_many_requests", Veces: 1})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.url+"/v1/orders", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != 429 || res.Header.Get("Retry-After") != "1" {
		t.Errorf("HTTP %d, %q", res.StatusCode, res.Header.Get("Retry-After"))
	}
}

// TestTheBrandIsTheCards: an order with another brand than its card's is refused, and the card token stays unused.
func TestTheBrandIsTheCards(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	tests := map[string]struct {
		medio, tipo string
		buena       bool
	}{
		"the card's own":             {"master", creditCard, true},
		"the card's own, as a debit": {"debmaster", debitCard, true},
		"under a debit type":         {"master", debitCard, true},
		"visa":                       {"visa", creditCard, false},
		"visa, as a debit":           {"debvisa", debitCard, false},
		"visa, under a debit type":   {"visa", debitCard, false},
		"amex":                       {"amex", creditCard, false},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			ficha := b.ficha("APRO")
			cobrar := func(medio, tipo, clave string) error {
				_, err := b.ordenes.Create(
					b.clave(nombre+clave),
					pedido("p-1", "automatic", order.PaymentRequest{
						Amount: money.Centavos(200_00).Decimal(),
						PaymentMethod: &order.PaymentMethodRequest{
							ID:           medio,
							Type:         tipo,
							Token:        ficha,
							Installments: 1,
						},
					}),
				)
				return err
			}
			err := cobrar(tt.medio, tt.tipo, "")
			if tt.buena {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			niega(t, err, http.StatusBadRequest, "property_value")
			if !strings.Contains(err.Error(), "payment_method.id") {
				t.Errorf("it does not say which property: %v", err)
			}
			if err := cobrar("master", creditCard, " again"); err != nil {
				t.Errorf("the token is used up: %v", err)
			}
		})
	}
}

// TestEachTestCardHasItsBrand: an order takes a test card under the card's own brand and under no other.
func TestEachTestCardHasItsBrand(t *testing.T) {
	primeras := map[byte]string{'5': brandMaster, '4': brandVisa, '3': brandAmex}
	for numero, x := range testCards {
		if x.brand != primeras[numero[0]] || !luhn(numero) {
			t.Errorf("%s: %s", numero, x.brand)
		}
		for _, medio := range []string{brandMaster, brandVisa, brandAmex} {
			if ofBrand(numero[:binLength], medio) != (medio == x.brand) {
				t.Errorf("%s as %s", numero, medio)
			}
		}
	}
	if ofBrand("411111", brandVisa) {
		t.Error("a card that is none of them")
	}
}
