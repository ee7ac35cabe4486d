package mercadopago

import "strings"

// desenlace is the outcome of a card payment: approved, or the status estado with its detail.
type desenlace struct {
	aprobada bool
	estado   string // of a payment that is not approved: fallida or enProceso
	detalle  string
}

// desenlaces maps the cardholder's name to the outcome: the test names of MERCADOPAGO.md.
var desenlaces = map[string]desenlace{
	"APRO": {aprobada: true},
	"OTHE": {estado: fallida, detalle: "rejected_by_issuer"},
	"CONT": {estado: enProceso, detalle: detEnProceso},
	"CALL": {estado: fallida, detalle: "required_call_for_authorize"},
	"FUND": {estado: fallida, detalle: "insufficient_amount"},
	"SECU": {estado: fallida, detalle: "bad_filled_card_data"},
	"EXPI": {estado: fallida, detalle: "bad_filled_card_data"},
	"FORM": {estado: fallida, detalle: "bad_filled_card_data"},
	"CARD": {estado: fallida, detalle: "bad_filled_card_data"},
	"DUPL": {estado: fallida, detalle: "processing_error"},
	"CTNA": {estado: fallida, detalle: "processing_error"},
	"INST": {estado: fallida, detalle: "invalid_installments"},
	"LOCK": {estado: fallida, detalle: "card_disabled"},
	"ATTE": {estado: fallida, detalle: "max_attempts_exceeded"},
	"BLAC": {estado: fallida, detalle: "high_risk"},
}

// sinNombre is the test name that stands for any other name: the payment is declined. The name itself is not stored.
const sinNombre = "OTHE"

// fichaMala is the outcome for a card token that is unknown, expired or used.
var fichaMala = desenlace{estado: fallida, detalle: "invalid_card_token"}

// nombreDe gives the test name for the cardholder's name titular; sinNombre when titular is none.
func nombreDe(titular string) string {
	n := strings.ToUpper(strings.TrimSpace(titular))
	if _, ok := desenlaces[n]; ok {
		return n
	}
	return sinNombre
}

// tarjetaDePrueba is the brand and the length of the security code of a test card. Its kind, credit or debit, is not
// compared with the order's payment type.
type tarjetaDePrueba struct {
	marca  string // payment method of a credit card of that brand
	codigo int    // digits of its security code
}

// tarjetasDePrueba are the test cards of MERCADOPAGO.md, by number. The simulator takes no other number, so that it
// never receives a real card.
var tarjetasDePrueba = map[string]tarjetaDePrueba{
	// MLA, MLU; MPE: its Mastercard and Amex
	"5031755734530604": {marcaMaster, 3},
	"5287338310253304": {marcaMaster, 3}, // debit
	"4509953566233704": {marcaVisa, 3},
	"4002768694395619": {marcaVisa, 3}, // debit
	"371180303257522":  {marcaAmex, 4},
	// MLB
	"5031433215406351": {marcaMaster, 3},
	"4235647728025682": {marcaVisa, 3},
	"375365153556885":  {marcaAmex, 4},
	// MLC
	"5416752602582580": {marcaMaster, 3},
	"4168818844447115": {marcaVisa, 3},
	"375778174461804":  {marcaAmex, 4},
	// MLM
	"5474925432670366": {marcaMaster, 3},
	"4075595716483764": {marcaVisa, 3},
	// MCO
	"5254133674403564": {marcaMaster, 3},
	"4013540682746260": {marcaVisa, 3},
	"374378187755283":  {marcaAmex, 4},
	// MPE
	"4009175332806176": {marcaVisa, 3},
}

// The brands of the test cards.
const (
	marcaMaster = "master"
	marcaVisa   = "visa"
	marcaAmex   = "amex"
)

// bines is how many of a card's first digits identify its brand.
const bines = 6

// deMarca reports whether the card that begins with primeros has the brand of the payment method medio. The brand of
// debvisa is visa.
func deMarca(primeros, medio string) bool {
	for numero, t := range tarjetasDePrueba {
		if numero[:bines] == primeros {
			return t.marca == strings.TrimPrefix(medio, "deb")
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
	credito       = "credit_card"
	debito        = "debit_card"
	boleta        = "ticket"
	transferencia = "bank_transfer"
)

// medio is one row of GET /v1/payment_methods.
type medio struct {
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

func nuevoMedio(id, nombre, tipo string) medio {
	m := medio{
		ID:              id,
		Name:            nombre,
		PaymentTypeID:   tipo,
		Status:          "active",
		DeferredCapture: "unsupported",
		MaxAllowed:      99_999_999,
		ProcessingModes: []string{"aggregator"},
	}
	switch tipo {
	case credito, debito:
		m.DeferredCapture, m.Accreditation = "supported", 2880
	default:
		m.DeferredCapture = "does_not_apply"
	}
	return m
}

// medios are the payment methods of the simulated account, an Argentine one.
var medios = []medio{
	nuevoMedio(marcaVisa, "Visa", credito),
	nuevoMedio(marcaMaster, "Mastercard", credito),
	nuevoMedio(marcaAmex, "American Express", credito),
	nuevoMedio("debvisa", "Visa Débito", debito),
	nuevoMedio("debmaster", "Mastercard Débito", debito),
	nuevoMedio("rapipago", "Rapipago", boleta),
	nuevoMedio("pagofacil", "Pago Fácil", boleta),
	nuevoMedio("cvu", "Transferencia (CVU)", transferencia),
}

// sirve reports whether an order may name the payment method id with the payment type tipo. The method of a credit
// brand may be named with debit_card too.
func sirve(id, tipo string) bool {
	for _, m := range medios {
		if m.ID == id && (m.PaymentTypeID == tipo || (m.PaymentTypeID == credito && tipo == debito)) {
			return true
		}
	}
	return false
}
