package mercadopago

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mercadopago/sdk-go/pkg/cardtoken"
	"github.com/mercadopago/sdk-go/pkg/mperror"
	"github.com/mercadopago/sdk-go/pkg/order"
)

func TestReservaYCaptura(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	o := b.crear("c1", tarjeta("p-1", "manual", b.ficha("APRO")))
	b.espera(o, actionRequired, detReserved)
	if !strings.HasPrefix(o.ID, "ORDTST01") || o.TotalPaidAmount != "" ||
		o.ExternalReference != "p-1" {
		t.Fatalf("%+v", o)
	}
	o, err := b.ordenes.Capture(b.clave("c2"), o.ID)
	if err != nil {
		t.Fatal(err)
	}
	b.espera(o, processed, detAccredited)
	if o.TotalPaidAmount != "200.00" || o.Transactions.Payments[0].PaidAmount != "200.00" {
		t.Fatalf("%+v", o)
	}
	_, err = b.ordenes.Capture(b.clave("c3"), o.ID)
	niega(t, err, http.StatusConflict, "cannot_capture_order")
	_, err = b.ordenes.Cancel(b.clave("c4"), o.ID)
	niega(t, err, http.StatusConflict, "cannot_cancel_order")
	b.espera(b.ver(o.ID), processed, detAccredited)
	if l := b.libro(); len(l) != 1 || l[0].Cobrado != 20000 || l[0].Reembolsado != 0 ||
		l[0].Referencia != "p-1" {
		t.Fatalf("ledger: %+v", l)
	}
}

func TestAnular(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	o := b.crear("c1", tarjeta("p-1", "manual", b.ficha("APRO")))
	o, err := b.ordenes.Cancel(b.clave("c2"), o.ID)
	if err != nil {
		t.Fatal(err)
	}
	b.espera(o, canceled, detCanceled)
	_, err = b.ordenes.Cancel(b.clave("c3"), o.ID)
	niega(t, err, http.StatusConflict, "order_already_canceled")
	_, err = b.ordenes.Refund(b.clave("c4"), o.ID, nil)
	niega(t, err, http.StatusConflict, "cannot_refund_order")
	_, err = b.ordenes.Capture(b.clave("c5"), o.ID)
	niega(t, err, http.StatusConflict, "cannot_capture_order")
}

// parteDe asks for monto back from the payment pago.
func parteDe(pago, monto string) *order.RefundRequest {
	return &order.RefundRequest{
		Transactions: []order.RefundTransaction{{ID: pago, Amount: monto}},
	}
}

func TestReembolsos(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	o := b.crear("c1", tarjeta("p-1", "automatic", b.ficha("APRO")))
	b.espera(o, processed, detAccredited)
	parte := func(clave, pago, monto string) (*order.Response, error) {
		return b.ordenes.Refund(b.clave(clave), o.ID, parteDe(pago, monto))
	}
	pago := o.Transactions.Payments[0].ID
	for range 2 { // the repeated call makes no second refund
		r, err := parte("r1", pago, "24.50")
		if err != nil {
			t.Fatal(err)
		}
		b.espera(r, processed, detPartial)
		rs := r.Transactions.Refunds
		if len(rs) != 1 || rs[0].Amount != "24.50" || rs[0].TransactionID != pago {
			t.Fatalf("%+v", r.Transactions)
		}
	}
	_, err := parte("r2", pago, "175.51")
	niega(t, err, http.StatusBadRequest, "refund_amount_exceeds")
	_, err = parte("r3", "PAYOTRO", "1.00")
	niega(t, err, http.StatusNotFound, "transaction_not_found")
	_, err = parte("r4", "otro", "1.00")
	niega(t, err, http.StatusBadRequest, "invalid_transaction_id")
	_, err = parte("r5", pago, "1.005")
	niega(t, err, http.StatusBadRequest, "property_value")
	r, err := b.ordenes.Refund(b.clave("r6"), o.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	b.espera(r, refunded, refunded)
	if r.Transactions.Refunds[1].Amount != "175.50" ||
		r.Transactions.Payments[0].RefundedAmount != "200.00" {
		t.Fatalf("%+v", r.Transactions)
	}
	_, err = b.ordenes.Refund(b.clave("r7"), o.ID, nil)
	niega(t, err, http.StatusConflict, "order_already_refunded")
	if l := b.libro(); l[0].Cobrado != 20000 || l[0].Reembolsado != 20000 {
		t.Fatalf("ledger: %+v", l)
	}
	otra := b.crear("c2", tarjeta("p-2", "automatic", b.ficha("APRO")))
	b.r.pasar(refundLife + time.Hour)
	_, err = b.ordenes.Refund(b.clave("r8"), otra.ID, nil)
	niega(t, err, http.StatusConflict, "cannot_refund_order")
}

func TestTitulares(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	malos := map[string]string{
		"OTHE":       "rejected_by_issuer",
		"CALL":       "required_call_for_authorize",
		"FUND":       "insufficient_amount",
		"SECU":       "bad_filled_card_data",
		"EXPI":       "bad_filled_card_data",
		"FORM":       "bad_filled_card_data",
		"CARD":       "bad_filled_card_data",
		"DUPL":       "processing_error",
		"CTNA":       "processing_error",
		"INST":       "invalid_installments",
		"LOCK":       "card_disabled",
		"ATTE":       "max_attempts_exceeded",
		"BLAC":       "high_risk",
		"Juan Pérez": "rejected_by_issuer",
	}
	for titular, detalle := range malos {
		t.Run(titular, func(t *testing.T) {
			p := tarjeta("p-x", "manual", b.ficha(titular))
			for range 2 { // a repeated call is declined as the first was
				_, err := b.ordenes.Create(b.clave("k-"+detalle+titular[:4]), p)
				var pe *mperror.PaymentError
				if !errors.As(err, &pe) || pe.StatusCode != http.StatusPaymentRequired {
					t.Fatalf("%T %v", err, err)
				}
				var c struct {
					Errors []struct{ Details []string }
					Data   order.Response
				}
				if err := json.Unmarshal([]byte(pe.Message), &c); err != nil {
					t.Fatal(err)
				}
				pago := c.Data.Transactions.Payments[0]
				if pago.StatusDetail != detalle ||
					c.Errors[0].Details[0] != pago.ID+": "+detalle {
					t.Fatalf("%s", pe.Message)
				}
				// The order exists although its payment was declined.
				b.espera(b.ver(c.Data.ID), failed, failed)
			}
		})
	}
	for _, a := range b.libro() {
		if a.Cobrado != 0 {
			t.Fatalf("charged: %+v", a)
		}
	}
}

func TestPendiente(t *testing.T) {
	for nombre, tt := range map[string]struct{ modo, que, estado, detalle string }{
		"reserved later": {"manual", "pagar", actionRequired, detReserved},
		"paid later":     {"automatic", "pagar", processed, detAccredited},
		"declined later": {"manual", "rechazar", failed, failed},
		"lapsed":         {"manual", "vencer", canceled, detLapsed},
	} {
		t.Run(nombre, func(t *testing.T) {
			b := nuevoBanco(t, t.TempDir())
			o := b.crear("c1", tarjeta("p-1", tt.modo, b.ficha("cont")))
			b.espera(o, inProcess, detInProcess)
			_, err := b.ordenes.Capture(b.clave("c2"), o.ID)
			niega(t, err, http.StatusConflict, "cannot_capture_order")
			if n, c := b.llamar(http.MethodPost, "/_control/ordenes/"+o.ID+"/"+tt.que, "", nil); n != http.StatusOK {
				t.Fatalf("%d %s", n, c)
			}
			b.espera(b.ver(o.ID), tt.estado, tt.detalle)
		})
	}
}

func TestAsincrono(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	o := b.crear("c1", tarjeta("p-1", modeAsync, b.ficha("APRO")))
	b.espera(o, inProcess, detInProcess)
	b.r.pasar(2 * asyncLife)
	b.espera(b.ver(o.ID), processed, detAccredited)
}

func TestLentos(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	boletaDe := func(plazo string) order.PaymentRequest {
		return order.PaymentRequest{
			Amount:         "150",
			ExpirationTime: plazo,
			PaymentMethod:  &order.PaymentMethodRequest{ID: "rapipago", Type: ticket},
		}
	}
	o := b.crear("c1", pedido("p-1", "", boletaDe("P1DT12H")))
	b.espera(o, actionRequired, detTicket)
	p := o.Transactions.Payments[0]
	vence, err := time.Parse(time.RFC3339, p.DateOfExpiration)
	if m := p.PaymentMethod; err != nil || time.Until(vence).Round(time.Hour) != 36*time.Hour ||
		m.Reference == "" || m.BarcodeContent == "" {
		t.Fatalf("%+v: %v", p, err)
	}
	if err := b.s.Pay(t.Context(), o.ID); err != nil {
		t.Fatal(err)
	}
	o = b.ver(o.ID)
	b.espera(o, processed, detAccredited)
	if o.TotalPaidAmount != "150.00" {
		t.Fatalf("%+v", o)
	}
	tr := b.crear("c2", pedido("p-2", "automatic", order.PaymentRequest{
		Amount:        "99.90",
		PaymentMethod: &order.PaymentMethodRequest{ID: "cvu", Type: bankTransfer},
	}))
	b.espera(tr, actionRequired, detWaitingTransfer)
	if len(tr.Transactions.Payments[0].PaymentMethod.Reference) != 22 {
		t.Fatalf("%+v", tr.Transactions)
	}
	b.r.pasar(ticketLife)
	b.espera(b.ver(tr.ID), canceled, detLapsed)
	if err := b.s.Pay(t.Context(), tr.ID); !errors.Is(err, errOperation) {
		t.Fatalf("paid after the end: %v", err)
	}
	anulada := b.crear("c3", pedido("p-3", "", boletaDe("")))
	if anulada, err = b.ordenes.Cancel(b.clave("c4"), anulada.ID); err != nil {
		t.Fatal(err)
	}
	b.espera(anulada, canceled, detCanceled)
}

func TestReservaCaduca(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	o := b.crear("c1", tarjeta("p-1", "manual", b.ficha("APRO")))
	b.r.pasar(reservationLife - time.Minute)
	b.espera(b.ver(o.ID), actionRequired, detReserved)
	b.r.pasar(time.Minute)
	_, err := b.ordenes.Capture(b.clave("c2"), o.ID)
	niega(t, err, http.StatusConflict, "cannot_capture_order")
	b.espera(b.ver(o.ID), canceled, detLapsed)
}

func TestFichas(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	f := b.ficha("APRO")
	o := b.crear("c1", tarjeta("p-1", "manual", f))
	if o2 := b.crear("c1", tarjeta("p-1", "manual", f)); o2.ID != o.ID {
		t.Fatal("the repetition is another order")
	}
	_, err := b.ordenes.Create(b.clave("c2"), tarjeta("p-2", "manual", f))
	niega(t, err, http.StatusPaymentRequired, "failed")
	if !strings.Contains(err.Error(), "invalid_card_token") {
		t.Fatal(err)
	}
	_, err = b.ordenes.Create(b.clave("c3"), tarjeta("p-3", "manual", strings.Repeat("a", 32)))
	niega(t, err, http.StatusPaymentRequired, "failed")
	vieja := b.ficha("APRO")
	b.r.pasar(tokenLife)
	_, err = b.ordenes.Create(b.clave("c4"), tarjeta("p-4", "manual", vieja))
	niega(t, err, http.StatusPaymentRequired, "failed")
}

func TestFichaNiega(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	cuerpo := func(cambia ...string) string {
		c := `{"card_number":"5031 7557 3453 0604","expiration_month":11,"expiration_year":"2030",` +
			`"security_code":"123",` +
			`"cardholder":{"name":"APRO","identification":{"type":"DNI","number":"12345678"}}}`
		return strings.NewReplacer(cambia...).Replace(c)
	}
	tests := map[string]struct {
		cuerpo string
		origen string
		estado int
		codigo string
	}{
		"good, without a token": {cuerpo(), "", 201, ""},
		"another origin":        {cuerpo(), "http://evil.example", 403, "forbidden"},
		"a real card": {
			cuerpo("5031 7557 3453 0604", "4111111111111111"),
			"",
			400,
			"property_value",
		},
		"expired":         {cuerpo("2030", "2024"), "", 400, "property_value"},
		"month 13":        {cuerpo(":11,", ":13,"), "", 400, "property_value"},
		"month as a word": {cuerpo(":11,", `:"once",`), "", 400, "property_type"},
		"short code":      {cuerpo(`"123"`, `"12"`), "", 400, "property_value"},
		"no holder":       {cuerpo("APRO", ""), "", 400, "required_properties"},
		"not JSON":        {"{", "", 400, "json_syntax_error"},
		"nothing":         {"", "", 400, "json_syntax_error"},
		"unknown member":  {`{"pin":"1"}`, "", 400, "unsupported_properties"},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			cab := map[string]string{}
			if tt.origen != "" {
				cab["Origin"] = tt.origen
			}
			n, c := b.llamar(http.MethodPost, "/v1/card_tokens", tt.cuerpo, cab)
			if n != tt.estado || !strings.Contains(c, tt.codigo) {
				t.Fatalf("%d %s", n, c)
			}
		})
	}
	f, err := b.fichas.Create(t.Context(), cardtoken.Request{
		CardNumber:      "371180303257522",
		ExpirationMonth: "1",
		ExpirationYear:  "2031",
		SecurityCode:    "1234",
		Cardholder:      &cardtoken.CardholderRequest{Name: "APRO"},
	})
	if err != nil || f.FirstSixDigits != "371180" || f.LastFourDigits != "7522" ||
		f.CardNumberLength != 15 || f.SecurityCodeLength != 4 || f.DateDue.Sub(f.DateCreated) != tokenLife {
		t.Fatalf("%+v: %v", f, err)
	}
}

func TestCrearNiega(t *testing.T) {
	type obj = map[string]any
	b := nuevoBanco(t, t.TempDir())
	base := func() obj {
		var m obj
		j, _ := json.Marshal(tarjeta("p-1", "manual", strings.Repeat("f", 32)))
		_ = json.Unmarshal(j, &m)
		return m
	}
	pago := func(m obj) obj {
		return m["transactions"].(obj)["payments"].([]any)[0].(obj)
	}
	medio := func(m obj) obj { return pago(m)["payment_method"].(obj) }
	tests := map[string]struct {
		cambia func(m obj)
		codigo string
	}{
		"no type":    {func(m obj) { delete(m, "type") }, "required_properties"},
		"other type": {func(m obj) { m["type"] = "qr" }, "invalid_order_type"},
		"manual processing": {
			func(m obj) { m["processing_mode"] = "manual" },
			"invalid_order_mode_for_operation",
		},
		"odd capture": {func(m obj) { m["capture_mode"] = "later" }, "property_value"},
		"no reference": {
			func(m obj) { delete(m, "external_reference") },
			"required_properties",
		},
		"reference with dots": {
			func(m obj) { m["external_reference"] = "a.b" },
			"property_value",
		},
		"long reference": {
			func(m obj) { m["external_reference"] = strings.Repeat("a", 65) },
			"property_value",
		},
		"no total": {
			func(m obj) { delete(m, "total_amount") },
			"required_properties",
		},
		"one decimal":       {func(m obj) { m["total_amount"] = "200.0" }, "property_value"},
		"total as a number": {func(m obj) { m["total_amount"] = 200 }, "property_type"},
		"zero": {
			func(m obj) { m["total_amount"], pago(m)["amount"] = "0.00", "0.00" },
			"property_value",
		},
		"sum differs": {
			func(m obj) { m["total_amount"] = "200.01" },
			"invalid_total_amount",
		},
		"no payments": {
			func(m obj) { m["transactions"] = obj{} },
			"order_builder_without_transactions",
		},
		"two payments": {func(m obj) {
			m["transactions"] = obj{"payments": []any{pago(m), pago(m)}}
		}, "exceeded_number_of_transactions"},
		"no payer": {func(m obj) { delete(m, "payer") }, "required_properties"},
		"real e-mail": {
			func(m obj) { m["payer"] = obj{"email": "a@b.com"} },
			"invalid_email_for_sandbox",
		},
		"unknown brand":        {func(m obj) { medio(m)["id"] = "diners" }, "property_value"},
		"brand of another way": {func(m obj) { medio(m)["id"] = "rapipago" }, "property_value"},
		"no token": {
			func(m obj) { delete(medio(m), "token") },
			"required_properties",
		},
		"short token": {func(m obj) { medio(m)["token"] = "abc" }, "property_value"},
		"no installments": {
			func(m obj) { delete(medio(m), "installments") },
			"required_properties",
		},
		"37 installments": {
			func(m obj) { medio(m)["installments"] = 37 },
			"property_value",
		},
		"long descriptor": {func(m obj) {
			medio(m)["statement_descriptor"] = strings.Repeat("x", 51)
		}, "property_value"},
		"card that expires": {
			func(m obj) { pago(m)["expiration_time"] = "P1D" },
			"unsupported_properties",
		},
		"reserved voucher": {func(m obj) {
			pago(m)["payment_method"] = obj{"id": "rapipago", "type": "ticket"}
		}, "unsupported_properties"},
		"bad duration": {func(m obj) {
			delete(m, "capture_mode")
			pago(m)["payment_method"] = obj{"id": "rapipago", "type": "ticket"}
			pago(m)["expiration_time"] = "3 days"
		}, "property_value"},
		"item without title": {
			func(m obj) { m["items"] = []any{obj{"unit_price": "1", "quantity": 1}} },
			"property_value",
		},
		"notification_url": {
			func(m obj) { m["config"] = obj{"notification_url": "http://x"} },
			"unsupported_properties",
		},
		"unknown member": {
			func(m obj) { m["marketplace"] = "x" },
			"unsupported_properties",
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			m := base()
			tt.cambia(m)
			j, _ := json.Marshal(m)
			n, c := b.llamar(http.MethodPost, "/v1/orders", string(j), map[string]string{
				"Authorization":     "Bearer " + credencial,
				"X-Idempotency-Key": "k",
			})
			if n != http.StatusBadRequest || !strings.Contains(c, `"code":"`+tt.codigo+`"`) {
				t.Fatalf("%d %s", n, c)
			}
		})
	}
	if l := b.libro(); len(l) != 0 {
		t.Fatalf("something was half done: %+v", l)
	}
}

func TestCredencialYRutas(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	_, err := b.ordenes.Get(t.Context(), "ORDTST01AAAAAAAAAAAAAAAAAAAAAAAA")
	niega(t, err, http.StatusNotFound, "order_not_found")
	_, err = b.ordenes.Get(t.Context(), "otra-cosa")
	niega(t, err, http.StatusBadRequest, "invalid_path_param")
	_, err = b.ordenes.Capture(t.Context(), "ORDTST01AAAAAAAAAAAAAAAAAAAAAAAA")
	niega(t, err, http.StatusNotFound, "order_not_found")
	b.sdk("otro")
	_, err = b.ordenes.Get(t.Context(), "ORDTST01AAAAAAAAAAAAAAAAAAAAAAAA")
	niega(t, err, http.StatusUnauthorized, "invalid_credentials")
}

func TestMedios(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	conToken := map[string]string{"Authorization": "Bearer " + credencial}
	n, c := b.llamar(http.MethodGet, "/v1/payment_methods", "", conToken)
	if n != http.StatusOK || !strings.Contains(c, `"id":"master"`) ||
		!strings.Contains(c, `"payment_type_id":"ticket"`) {
		t.Fatalf("%d %s", n, c)
	}
}

func TestBuscar(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	for i := range 5 {
		b.crear(
			fmt.Sprint("c", i),
			tarjeta(fmt.Sprintf("p-%d", i%2), "manual", b.ficha("APRO")),
		)
	}
	ahora := time.Now().UTC()
	rango := func(mas map[string]string) order.SearchRequest {
		f := map[string]string{
			"begin_date": ahora.Add(-time.Hour).Format(time.RFC3339),
			"end_date":   ahora.Add(time.Hour).Format(time.RFC3339),
		}
		for k, v := range mas {
			f[k] = v
		}
		return order.SearchRequest{Filters: f}
	}
	r, err := b.ordenes.Search(
		t.Context(),
		rango(map[string]string{"external_reference": "p-0", "status": actionRequired}),
	)
	if err != nil || len(r.Data) != 3 || r.Paging.Total != "3" ||
		r.Data[0].ExternalReference != "p-0" {
		t.Fatalf("%+v: %v", r, err)
	}
	q := rango(nil)
	q.Limit, q.Offset = 2, 4
	if r, err = b.ordenes.Search(t.Context(), q); err != nil || len(r.Data) != 1 ||
		r.Paging.Total != "5" {
		t.Fatalf("%+v: %v", r, err)
	}
	r, err = b.ordenes.Search(
		t.Context(),
		rango(map[string]string{"external_reference": "nada"}),
	)
	if err != nil || len(r.Data) != 0 {
		t.Fatalf("%+v: %v", r, err)
	}
	_, err = b.ordenes.Search(t.Context(), order.SearchRequest{})
	niega(t, err, http.StatusBadRequest, "required_properties")
	q.Limit = 101
	_, err = b.ordenes.Search(t.Context(), q)
	niega(t, err, http.StatusBadRequest, "property_value")
}

func TestClaves(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	f := b.ficha("APRO")
	o := b.crear("c1", tarjeta("p-1", "manual", f))
	_, err := b.ordenes.Create(b.clave("c1"), tarjeta("p-2", "manual", f))
	niega(t, err, http.StatusConflict, "idempotency_key_already_used")
	_, err = b.ordenes.Capture(b.clave("c1"), o.ID)
	niega(t, err, http.StatusConflict, "idempotency_key_already_used")
	_, err = b.ordenes.Create(b.clave(strings.Repeat("k", 129)), tarjeta("p-1", "manual", f))
	niega(t, err, http.StatusBadRequest, "invalid_idempotency_key_length")
	sinClave := map[string]string{"Authorization": "Bearer " + credencial}
	n, c := b.llamar(http.MethodPost, "/v1/orders/"+o.ID+"/capture", "", sinClave)
	if n != http.StatusBadRequest || !strings.Contains(c, "empty_required_header") {
		t.Fatalf("%d %s", n, c)
	}
	for range 2 { // the capture, and the same call once more
		c, err := b.ordenes.Capture(b.clave("c2"), o.ID)
		if err != nil {
			t.Fatal(err)
		}
		b.espera(c, processed, detAccredited)
	}
	a := b.s.Settings()
	a.KeyAlways409 = true
	if err := b.s.Configure(a); err != nil {
		t.Fatal(err)
	}
	_, err = b.ordenes.Create(b.clave("c1"), tarjeta("p-1", "manual", f))
	niega(t, err, http.StatusConflict, "idempotency_key_already_used")
}

func TestCarreras(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	p := tarjeta("p-1", "manual", b.ficha("APRO"))
	var mu sync.Mutex
	ids := map[string]bool{}
	aLaVez(t, 50, func(int) error {
		o, err := b.ordenes.Create(b.clave("c1"), p)
		if err == nil {
			mu.Lock()
			ids[o.ID] = true
			mu.Unlock()
		}
		return err
	})
	if l := b.libro(); len(ids) != 1 || len(l) != 1 {
		t.Fatalf("%d ids, %d orders", len(ids), len(l))
	}
	var id string
	for id = range ids {
	}
	aLaVez(t, 8, func(int) error { _, err := b.ordenes.Capture(b.clave("c2"), id); return err })
	buenas := make(chan struct{}, 8)
	aLaVez(t, 8, func(i int) error { // eight different refunds of 60 out of 200
		pago := b.ver(id).Transactions.Payments[0].ID
		_, err := b.ordenes.Refund(b.clave(fmt.Sprint("r", i)), id, parteDe(pago, "60.00"))
		if err == nil {
			buenas <- struct{}{}
		}
		return nil
	})
	if l := b.libro(); len(buenas) != 3 || l[0].Cobrado != 20000 || l[0].Reembolsado != 18000 {
		t.Fatalf("%d refunds: %+v", len(buenas), l)
	}
}

// aLaVez calls f n times at once; each error fails the test.
func aLaVez(t *testing.T, n int, f func(i int) error) {
	t.Helper()
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			if err := f(i); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestSobreviveReinicio(t *testing.T) {
	carpeta := t.TempDir()
	uno := nuevoBanco(t, carpeta)
	f, g := uno.ficha("APRO"), uno.ficha("FUND")
	o := uno.crear("c1", tarjeta("p-1", "manual", f))
	uno.cerrar()
	dos := nuevoBanco(t, carpeta)
	if r := dos.crear("c1", tarjeta("p-1", "manual", f)); r.ID != o.ID {
		t.Fatal("the key was forgotten")
	}
	_, err := dos.ordenes.Create(dos.clave("c2"), tarjeta("p-2", "manual", g))
	niega(t, err, http.StatusPaymentRequired, "failed")
	if _, err := dos.ordenes.Capture(dos.clave("c3"), o.ID); err != nil {
		t.Fatal(err)
	}
	if l := dos.libro(); len(l) != 2 || l[0].Cobrado != 20000 {
		t.Fatalf("%+v", l)
	}
}

func TestDuracion(t *testing.T) {
	for s, d := range map[string]time.Duration{
		"P3D":        72 * time.Hour,
		"PT30M":      30 * time.Minute,
		"P1W":        168 * time.Hour,
		"P1DT1H1M1S": 25*time.Hour + 61*time.Second,
	} {
		if got, ok := parseDuration(s); !ok || got != d {
			t.Errorf("%s: %v", s, got)
		}
	}
	for _, s := range []string{"", "3D", "P1Y", "P-1D", "PT"} {
		if d, ok := parseDuration(s); ok && d > 0 {
			t.Errorf("%q is %v", s, d)
		}
	}
}
