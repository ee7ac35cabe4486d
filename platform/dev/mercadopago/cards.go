package mercadopago

import "strings"

// outcome is the outcome of a card payment: approved, or status with its detail.
type outcome struct {
	approved bool
	status   string // of a payment that is not approved: failed or inProcess
	detail   string
}

// outcomes maps the cardholder's name to the outcome: the test names of MERCADOPAGO.md.
var outcomes = map[string]outcome{
	"APRO": {approved: true},
	"OTHE": {status: failed, detail: "rejected_by_issuer"},
	"CONT": {status: inProcess, detail: detInProcess},
	"CALL": {status: failed, detail: "required_call_for_authorize"},
	"FUND": {status: failed, detail: "insufficient_amount"},
	"SECU": {status: failed, detail: "bad_filled_card_data"},
	"EXPI": {status: failed, detail: "bad_filled_card_data"},
	"FORM": {status: failed, detail: "bad_filled_card_data"},
	"CARD": {status: failed, detail: "bad_filled_card_data"},
	"DUPL": {status: failed, detail: "processing_error"},
	"CTNA": {status: failed, detail: "processing_error"},
	"INST": {status: failed, detail: "invalid_installments"},
	"LOCK": {status: failed, detail: "card_disabled"},
	"ATTE": {status: failed, detail: "max_attempts_exceeded"},
	"BLAC": {status: failed, detail: "high_risk"},
}

// otherName is the test name that stands for any other name: the payment is declined. The name itself is not stored.
const otherName = "OTHE"

// badToken is the outcome for a card token that is unknown, expired or used.
var badToken = outcome{status: failed, detail: "invalid_card_token"}

// testNameOf gives the test name for the cardholder's name titular; otherName when titular is none.
func testNameOf(titular string) string {
	n := strings.ToUpper(strings.TrimSpace(titular))
	if _, ok := outcomes[n]; ok {
		return n
	}
	return otherName
}

// testCard is the brand and the length of the security code of a test card. Its kind, credit or debit, is not
// compared with the order's payment type.
type testCard struct {
	brand      string // payment method of a credit card of that brand
	codeLength int    // digits of its security code
}

// testCards are the test cards of MERCADOPAGO.md, by number. The simulator takes no other number, so that it
// never receives a real card.
var testCards = map[string]testCard{
	// MLA, MLU; MPE: its Mastercard and Amex
	"5031755734530604": {brandMaster, 3},
	"5287338310253304": {brandMaster, 3}, // debit
	"4509953566233704": {brandVisa, 3},
	"4002768694395619": {brandVisa, 3}, // debit
	"371180303257522":  {brandAmex, 4},
	// MLB
	"5031433215406351": {brandMaster, 3},
	"4235647728025682": {brandVisa, 3},
	"375365153556885":  {brandAmex, 4},
	// MLC
	"5416752602582580": {brandMaster, 3},
	"4168818844447115": {brandVisa, 3},
	"375778174461804":  {brandAmex, 4},
	// MLM
	"5474925432670366": {brandMaster, 3},
	"4075595716483764": {brandVisa, 3},
	// MCO
	"5254133674403564": {brandMaster, 3},
	"4013540682746260": {brandVisa, 3},
	"374378187755283":  {brandAmex, 4},
	// MPE
	"4009175332806176": {brandVisa, 3},
}

// The brands of the test cards.
const (
	brandMaster = "master"
	brandVisa   = "visa"
	brandAmex   = "amex"
)

// binLength is how many of a card's first digits identify its brand.
const binLength = 6

// ofBrand reports whether the card that begins with primeros has the brand of the payment method medio. The brand of
// debvisa is visa.
func ofBrand(primeros, medio string) bool {
	for numero, t := range testCards {
		if numero[:binLength] == primeros {
			return t.brand == strings.TrimPrefix(medio, "deb")
		}
	}
	return false
}

// luhn reports whether the check digit of a card number is right.
func luhn(numero string) bool {
	suma := 0
	for i := range len(numero) {
		d := int(numero[len(numero)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		suma += d
	}
	return suma%10 == 0
}

// Kinds of payment method.
const (
	creditCard   = "credit_card"
	debitCard    = "debit_card"
	ticket       = "ticket"
	bankTransfer = "bank_transfer"
)

// methodInfo is one row of GET /v1/payment_methods.
type methodInfo struct {
	ID              string   `json:"id"`
	Name            string   `json:"name"`
	PaymentTypeID   string   `json:"payment_type_id"`
	Status          string   `json:"status"`
	DeferredCapture string   `json:"deferred_capture"`
	MinAllowed      float64  `json:"min_allowed_amount"`
	MaxAllowed      float64  `json:"max_allowed_amount"`
	Accreditation   int      `json:"accreditation_time"` // minutes
	ProcessingModes []string `json:"processing_modes"`
}

func newPaymentMethod(id, nombre, tipo string) methodInfo {
	m := methodInfo{
		ID:              id,
		Name:            nombre,
		PaymentTypeID:   tipo,
		Status:          "active",
		DeferredCapture: "unsupported",
		MaxAllowed:      99_999_999,
		ProcessingModes: []string{"aggregator"},
	}
	switch tipo {
	case creditCard, debitCard:
		m.DeferredCapture, m.Accreditation = "supported", 2880
	default:
		m.DeferredCapture = "does_not_apply"
	}
	return m
}

// paymentMethods are the payment methods of the simulated account, an Argentine one.
var paymentMethods = []methodInfo{
	newPaymentMethod(brandVisa, "Visa", creditCard),
	newPaymentMethod(brandMaster, "Mastercard", creditCard),
	newPaymentMethod(brandAmex, "American Express", creditCard),
	newPaymentMethod("debvisa", "Visa Débito", debitCard),
	newPaymentMethod("debmaster", "Mastercard Débito", debitCard),
	newPaymentMethod("rapipago", "Rapipago", ticket),
	newPaymentMethod("pagofacil", "Pago Fácil", ticket),
	newPaymentMethod("cvu", "Transferencia (CVU)", bankTransfer),
}

// isUsable reports whether an order may name the payment method id with the payment type tipo. The method of a credit
// brand may be named with debit_card too.
func isUsable(id, tipo string) bool {
	for _, m := range paymentMethods {
		if m.ID == id &&
			(m.PaymentTypeID == tipo || (m.PaymentTypeID == creditCard && tipo == debitCard)) {
			return true
		}
	}
	return false
}
