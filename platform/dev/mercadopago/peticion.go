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

// peticion is the body of POST /v1/orders. A body with any other member is refused.
type peticion struct {
	Type              string               `json:"type"`
	ProcessingMode    string               `json:"processing_mode"`
	CaptureMode       string               `json:"capture_mode"`
	ExternalReference string               `json:"external_reference"`
	TotalAmount       string               `json:"total_amount"`
	Description       string               `json:"description"`
	Transactions      *peticionTransaccion `json:"transactions"`
	Payer             *pagador             `json:"payer"`
	Items             []articulo           `json:"items"`
	Config            *peticionConfig      `json:"config"`
	Shipment          json.RawMessage      `json:"shipment"`
	IntegrationData   json.RawMessage      `json:"integration_data"`
}

type peticionTransaccion struct {
	Payments []peticionPago `json:"payments"`
}

type peticionPago struct {
	Amount         string         `json:"amount"`
	ExpirationTime string         `json:"expiration_time"`
	PaymentMethod  *peticionMedio `json:"payment_method"`
}

type peticionMedio struct {
	ID                  string `json:"id"`
	Type                string `json:"type"`
	Token               string `json:"token"`
	Installments        int    `json:"installments"`
	StatementDescriptor string `json:"statement_descriptor"`
}

// pagador is the payer. The e-mail is validated; nothing of the payer is stored.
type pagador struct {
	Email          string          `json:"email"`
	FirstName      string          `json:"first_name"`
	LastName       string          `json:"last_name"`
	Identification json.RawMessage `json:"identification"`
	Phone          json.RawMessage `json:"phone"`
	Address        json.RawMessage `json:"address"`
}

type articulo struct {
	Title        string `json:"title"`
	UnitPrice    string `json:"unit_price"`
	Quantity     int    `json:"quantity"`
	Description  string `json:"description,omitempty"`
	ExternalCode string `json:"external_code,omitempty"`
	PictureURL   string `json:"picture_url,omitempty"`
	CategoryID   string `json:"category_id,omitempty"`
}

type peticionConfig struct {
	Online json.RawMessage `json:"online,omitempty"`
}

// leer decodes a JSON body into destino and refuses unknown members. Errors: errSintaxis, errSobra and errTipo, which
// name the member and never its value.
func leer(cuerpo []byte, destino any) error {
	decoder := json.NewDecoder(bytes.NewReader(cuerpo))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(destino)
	var tipo *json.UnmarshalTypeError
	var propio *errorAPI
	switch {
	case errors.As(err, &propio):
		return propio
	case errors.As(err, &tipo):
		return errTipo.de(tipo.Field)
	case err != nil && strings.HasPrefix(err.Error(), "json: unknown field "):
		return errSobra.de(strings.Trim(strings.TrimPrefix(err.Error(), "json: unknown field "), `"`))
	case err != nil:
		return errSintaxis
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errSintaxis
	}
	return nil
}

var enReferencia = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// validar checks the request and fills in the defaults. Errors: those of MERCADOPAGO.md.
func (p *peticion) validar() error {
	for _, regla := range []func() error{
		p.validarModos, p.validarMontos, p.validarPagador, p.validarArticulos, p.validarMedio,
	} {
		if err := regla(); err != nil {
			return err
		}
	}
	return nil
}

func (p *peticion) validarModos() error {
	p.ProcessingMode, p.CaptureMode = oBien(p.ProcessingMode, modoAutomatico), oBien(p.CaptureMode, modoAutomatico)
	switch {
	case p.Type == "":
		return errFalta.de("type")
	case p.Type != "online":
		return errTipoOrden.de("type")
	case p.ProcessingMode == modoManual:
		return errModo.de("processing_mode")
	case p.ProcessingMode != modoAutomatico:
		return errValor.de("processing_mode")
	case p.CaptureMode != modoAutomatico && p.CaptureMode != modoManual && p.CaptureMode != modoAsincrono:
		return errValor.de("capture_mode")
	case p.ExternalReference == "":
		return errFalta.de("external_reference")
	case !enReferencia.MatchString(p.ExternalReference):
		return errValor.de("external_reference")
	}
	return nil
}

// validarMontos checks that the order has one payment, of the order's total. Errors: errFalta, errValor,
// errSinTransaccion, errTransacciones, errTotal.
func (p *peticion) validarMontos() error {
	if p.TotalAmount == "" {
		return errFalta.de("total_amount")
	}
	total, err := money.LeerDecimal(p.TotalAmount)
	if err != nil || total <= 0 {
		return errValor.de("total_amount")
	}
	if p.Transactions == nil || len(p.Transactions.Payments) == 0 {
		return errSinTransaccion.de("transactions.payments")
	}
	if len(p.Transactions.Payments) > 1 {
		return errTransacciones.de("transactions.payments")
	}
	monto, err := money.LeerDecimal(p.pago().Amount)
	if err != nil {
		return errValor.de("transactions.payments[0].amount")
	}
	if monto != total {
		return errTotal.de("total_amount")
	}
	return nil
}

func (p *peticion) pago() *peticionPago { return &p.Transactions.Payments[0] }

func (p *peticion) validarPagador() error {
	switch {
	case p.Payer == nil || p.Payer.Email == "":
		return errFalta.de("payer.email")
	case !strings.Contains(p.Payer.Email, "@testuser.com"):
		return errCorreo.de("payer.email")
	}
	return nil
}

func (p *peticion) validarArticulos() error {
	for _, a := range p.Items {
		switch {
		case a.Title == "" || largo(a.Title) > 150:
			return errValor.de("items.title")
		case a.UnitPrice == "" || len(a.UnitPrice) > 18:
			return errValor.de("items.unit_price")
		case a.Quantity < 1:
			return errValor.de("items.quantity")
		case largo(a.Description) > 100:
			return errValor.de("items.description")
		}
	}
	return nil
}

func (p *peticion) validarMedio() error {
	metodo := p.pago().PaymentMethod
	switch {
	case metodo == nil || metodo.ID == "" || metodo.Type == "":
		return errFalta.de("payment_method.id", "payment_method.type")
	case !sirve(metodo.ID, metodo.Type):
		return errValor.de("payment_method.id", "payment_method.type")
	case largo(metodo.StatementDescriptor) > 50:
		return errValor.de("payment_method.statement_descriptor")
	}
	if metodo.Type == credito || metodo.Type == debito {
		return p.validarTarjeta(metodo)
	}
	return p.validarLento(metodo)
}

func (p *peticion) validarTarjeta(metodo *peticionMedio) error {
	switch {
	case metodo.Token == "":
		return errFalta.de("payment_method.token")
	case len(metodo.Token) != 32 && len(metodo.Token) != 33:
		return errValor.de("payment_method.token")
	case metodo.Installments == 0:
		return errFalta.de("payment_method.installments")
	case metodo.Installments < 0 || metodo.Installments > 36:
		return errValor.de("payment_method.installments")
	case p.pago().ExpirationTime != "":
		return errSobra.de("expiration_time")
	}
	return nil
}

// validarLento checks a voucher or a transfer. Their money is never reserved, so capture_mode manual is an error.
func (p *peticion) validarLento(metodo *peticionMedio) error {
	switch {
	case metodo.Token != "":
		return errSobra.de("payment_method.token")
	case metodo.Installments != 0:
		return errSobra.de("payment_method.installments")
	case p.CaptureMode == modoManual:
		return errSobra.de("capture_mode")
	}
	if t := p.pago().ExpirationTime; t != "" {
		if d, ok := duracion(t); !ok || d <= 0 || d > 30*24*time.Hour {
			return errValor.de("expiration_time")
		}
	}
	return nil
}

func oBien(s, otro string) string {
	if s == "" {
		return otro
	}
	return s
}

func largo(s string) int { return len([]rune(s)) }
