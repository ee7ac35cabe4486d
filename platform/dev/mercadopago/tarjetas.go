package mercadopago

import "strings"

// desenlace is what becomes of a card payment: aprobar, or a declared status.
type desenlace struct {
	aprobada bool
	estado   string // when not approved: failed or processing
	detalle  string
}

// desenlaces maps the cardholder's name to the result: MERCADOPAGO.md, test names.
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

// sinNombre is the result of every other name: declined, like OTHE. The name itself
// is never stored.
const sinNombre = "OTHE"

// fichaMala is the result of a card token that is unknown, expired or used up.
var fichaMala = desenlace{estado: fallida, detalle: "invalid_card_token"}

// nombreDe finds the test name in what the cardholder typed.
func nombreDe(titular string) string {
	n := strings.ToUpper(strings.TrimSpace(titular))
	if _, ok := desenlaces[n]; ok {
		return n
	}
	return sinNombre
}

// tarjetaDePrueba is what is known of a test card. Its kind, credit or debit, is not compared with what an order asks for.
type tarjetaDePrueba struct {
	marca  string // payment method of a credit card of that brand
	codigo int    // digits of its security code
}

// tarjetasDePrueba are the cards of MERCADOPAGO.md. No other number is taken, so that nobody's real card ever lands here.
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

// bines is how many first digits of a card tell its brand.
const bines = 6

// deMarca reports whether a card that begins with primeros is of the brand of a payment method: debvisa is a visa.
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

// medios are the ways to pay of the simulated account (Argentina).
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

// sirve reports whether a payment method may be asked for under a type: the brands
// of credit serve for debit as well.
func sirve(id, tipo string) bool {
	for _, m := range medios {
		if m.ID == id && (m.PaymentTypeID == tipo || (m.PaymentTypeID == credito && tipo == debito)) {
			return true
		}
	}
	return false
}
