package mercadopago

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"strings"
	"time"

	"despensa/platform/money"
)

// orderRequest is the body of POST /v1/orders. A body with any other member is refused.
type orderRequest struct {
	Type              string              `json:"type"`
	ProcessingMode    string              `json:"processing_mode"`
	CaptureMode       string              `json:"capture_mode"`
	ExternalReference string              `json:"external_reference"`
	TotalAmount       string              `json:"total_amount"`
	Description       string              `json:"description"`
	Transactions      *transactionRequest `json:"transactions"`
	Payer             *payer              `json:"payer"`
	Items             []item              `json:"items"`
	Config            *configRequest      `json:"config"`
	Shipment          json.RawMessage     `json:"shipment"`
	IntegrationData   json.RawMessage     `json:"integration_data"`
}

type transactionRequest struct {
	Payments []paymentRequest `json:"payments"`
}

type paymentRequest struct {
	Amount         string         `json:"amount"`
	ExpirationTime string         `json:"expiration_time"`
	PaymentMethod  *methodRequest `json:"payment_method"`
}

type methodRequest struct {
	ID                  string `json:"id"`
	Type                string `json:"type"`
	Token               string `json:"token"`
	Installments        int    `json:"installments"`
	StatementDescriptor string `json:"statement_descriptor"`
}

// payer is the payer. The e-mail is validated; nothing of the payer is stored.
type payer struct {
	Email          string          `json:"email"`
	FirstName      string          `json:"first_name"`
	LastName       string          `json:"last_name"`
	Identification json.RawMessage `json:"identification"`
	Phone          json.RawMessage `json:"phone"`
	Address        json.RawMessage `json:"address"`
}

type item struct {
	Title        string `json:"title"`
	UnitPrice    string `json:"unit_price"`
	Quantity     int    `json:"quantity"`
	Description  string `json:"description,omitempty"`
	ExternalCode string `json:"external_code,omitempty"`
	PictureURL   string `json:"picture_url,omitempty"`
	CategoryID   string `json:"category_id,omitempty"`
}

type configRequest struct {
	Online json.RawMessage `json:"online,omitempty"`
}

// decode decodes a JSON body into destino and refuses unknown members. Errors: errSyntax, errUnsupported and errType,
// which name the member and never its value.
func decode(cuerpo []byte, destino any) error {
	decoder := json.NewDecoder(bytes.NewReader(cuerpo))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(destino)
	var tipo *json.UnmarshalTypeError
	var propio *apiError
	switch {
	case errors.As(err, &propio):
		return propio
	case errors.As(err, &tipo):
		return errType.about(tipo.Field)
	case err != nil && strings.HasPrefix(err.Error(), "json: unknown field "):
		return errUnsupported.about(
			strings.Trim(strings.TrimPrefix(err.Error(), "json: unknown field "), `"`),
		)
	case err != nil:
		return errSyntax
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errSyntax
	}
	return nil
}

var referenceForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// validate checks the request and fills in the defaults. Errors: those of MERCADOPAGO.md.
func (p *orderRequest) validate() error {
	for _, regla := range []func() error{
		p.validateModes, p.validateAmounts, p.validatePayer, p.validateItems, p.validateMethod,
	} {
		if err := regla(); err != nil {
			return err
		}
	}
	return nil
}

func (p *orderRequest) validateModes() error {
	p.ProcessingMode = orElse(p.ProcessingMode, modeAutomatic)
	p.CaptureMode = orElse(p.CaptureMode, modeAutomatic)
	switch {
	case p.Type == "":
		return errMissing.about("type")
	case p.Type != "online":
		return errOrderType.about("type")
	case p.ProcessingMode == modeManual:
		return errMode.about("processing_mode")
	case p.ProcessingMode != modeAutomatic:
		return errValue.about("processing_mode")
	case p.CaptureMode != modeAutomatic && p.CaptureMode != modeManual && p.CaptureMode != modeAsync:
		return errValue.about("capture_mode")
	case p.ExternalReference == "":
		return errMissing.about("external_reference")
	case !referenceForm.MatchString(p.ExternalReference):
		return errValue.about("external_reference")
	}
	return nil
}

// validateAmounts checks that the order has one payment, of the order's total. Errors: errMissing, errValue,
// errNoTransaction, errTransactions, errTotal.
func (p *orderRequest) validateAmounts() error {
	if p.TotalAmount == "" {
		return errMissing.about("total_amount")
	}
	total, err := money.ParseDecimal(p.TotalAmount)
	if err != nil || total <= 0 {
		return errValue.about("total_amount")
	}
	if p.Transactions == nil || len(p.Transactions.Payments) == 0 {
		return errNoTransaction.about("transactions.payments")
	}
	if len(p.Transactions.Payments) > 1 {
		return errTransactions.about("transactions.payments")
	}
	monto, err := money.ParseDecimal(p.payment().Amount)
	if err != nil {
		return errValue.about("transactions.payments[0].amount")
	}
	if monto != total {
		return errTotal.about("total_amount")
	}
	return nil
}

func (p *orderRequest) payment() *paymentRequest { return &p.Transactions.Payments[0] }

func (p *orderRequest) validatePayer() error {
	switch {
	case p.Payer == nil || p.Payer.Email == "":
		return errMissing.about("payer.email")
	case !strings.Contains(p.Payer.Email, "@testuser.com"):
		return errEmail.about("payer.email")
	}
	return nil
}

func (p *orderRequest) validateItems() error {
	for _, a := range p.Items {
		switch {
		case a.Title == "" || lengthOf(a.Title) > 150:
			return errValue.about("items.title")
		case a.UnitPrice == "" || len(a.UnitPrice) > 18:
			return errValue.about("items.unit_price")
		case a.Quantity < 1:
			return errValue.about("items.quantity")
		case lengthOf(a.Description) > 100:
			return errValue.about("items.description")
		}
	}
	return nil
}

func (p *orderRequest) validateMethod() error {
	metodo := p.payment().PaymentMethod
	switch {
	case metodo == nil || metodo.ID == "" || metodo.Type == "":
		return errMissing.about("payment_method.id", "payment_method.type")
	case !isUsable(metodo.ID, metodo.Type):
		return errValue.about("payment_method.id", "payment_method.type")
	case lengthOf(metodo.StatementDescriptor) > 50:
		return errValue.about("payment_method.statement_descriptor")
	}
	if metodo.Type == creditCard || metodo.Type == debitCard {
		return p.validateCard(metodo)
	}
	return p.validateSlow(metodo)
}

func (p *orderRequest) validateCard(metodo *methodRequest) error {
	switch {
	case metodo.Token == "":
		return errMissing.about("payment_method.token")
	case len(metodo.Token) != 32 && len(metodo.Token) != 33:
		return errValue.about("payment_method.token")
	case metodo.Installments == 0:
		return errMissing.about("payment_method.installments")
	case metodo.Installments < 0 || metodo.Installments > 36:
		return errValue.about("payment_method.installments")
	case p.payment().ExpirationTime != "":
		return errUnsupported.about("expiration_time")
	}
	return nil
}

// validateSlow checks a voucher or a transfer. Their money is never reserved, so capture_mode manual is an error.
func (p *orderRequest) validateSlow(metodo *methodRequest) error {
	switch {
	case metodo.Token != "":
		return errUnsupported.about("payment_method.token")
	case metodo.Installments != 0:
		return errUnsupported.about("payment_method.installments")
	case p.CaptureMode == modeManual:
		return errUnsupported.about("capture_mode")
	}
	if t := p.payment().ExpirationTime; t != "" {
		if d, ok := parseDuration(t); !ok || d <= 0 || d > 30*24*time.Hour {
			return errValue.about("expiration_time")
		}
	}
	return nil
}

func orElse(s, otro string) string {
	if s == "" {
		return otro
	}
	return s
}

func lengthOf(s string) int { return len([]rune(s)) }
