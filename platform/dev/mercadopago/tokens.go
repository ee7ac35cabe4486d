package mercadopago

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"
)

// tokenLife is the lifetime of a card token.
const tokenLife = 8 * 24 * time.Hour

// tokenRequest is the body of POST /v1/card_tokens.
type tokenRequest struct {
	CardNumber      string     `json:"card_number"`
	ExpirationMonth number     `json:"expiration_month"`
	ExpirationYear  number     `json:"expiration_year"`
	SecurityCode    string     `json:"security_code"`
	Cardholder      cardholder `json:"cardholder"`
	SiteID          string     `json:"site_id"`
}

type cardholder struct {
	Name           string           `json:"name"`
	Identification identityDocument `json:"identification"`
}

type identityDocument struct {
	Type   string `json:"type"`
	Number string `json:"number"`
}

// number is an integer that a request may write as a JSON number or as a string.
type number int

// UnmarshalJSON reads 11 and "11" alike. Error: errType.
func (n *number) UnmarshalJSON(b []byte) error {
	v, err := strconv.Atoi(strings.Trim(string(b), `"`))
	if err != nil {
		return errType.about("expiration_month", "expiration_year")
	}
	*n = number(v)
	return nil
}

// tokenView is a card token as the API shows it.
type tokenView struct {
	ID                 string     `json:"id"`
	FirstSixDigits     string     `json:"first_six_digits"`
	LastFourDigits     string     `json:"last_four_digits"`
	ExpirationMonth    int        `json:"expiration_month"`
	ExpirationYear     int        `json:"expiration_year"`
	Cardholder         cardholder `json:"cardholder"`
	Status             string     `json:"status"`
	DateCreated        string     `json:"date_created"`
	DateLastUpdated    string     `json:"date_last_updated"`
	DateDue            string     `json:"date_due"`
	LuhnValidation     bool       `json:"luhn_validation"`
	LiveMode           bool       `json:"live_mode"`
	RequireEsc         bool       `json:"require_esc"`
	CardNumberLength   int        `json:"card_number_length"`
	SecurityCodeLength int        `json:"security_code_length"`
}

// cardToken is POST /v1/card_tokens. A browser makes the call, so it needs no access token, but the browser's page must
// have the same origin. The card number, the security code and the holder's name are not stored.
func (s *Simulator) cardToken(r *http.Request) (answer, error) {
	if s.cors.Check(r) != nil {
		return answer{}, errOrigin
	}
	b, err := readBody(r)
	if err != nil {
		return answer{}, err
	}
	var solicitud tokenRequest
	if err := decode(b, &solicitud); err != nil {
		return answer{}, err
	}
	ahora := s.now()
	if err := solicitud.validate(ahora); err != nil {
		return answer{}, err
	}
	id, err := s.random.hex()
	if err != nil {
		return answer{}, err
	}
	nueva := solicitud.row(id, ahora)
	err = s.ledger.db.Write(r.Context(), "dev.mercadopago.ficha", func(tx *gorm.DB) error {
		g := nueva
		return insertRow(tx, &g)
	})
	if err != nil {
		return answer{}, err
	}
	return toJSON(http.StatusCreated, solicitud.view(nueva)), nil
}

func (p *tokenRequest) validate(ahora time.Time) error {
	p.CardNumber = strings.NewReplacer(" ", "", "-", "").Replace(p.CardNumber)
	prueba, deLaCasa := testCards[p.CardNumber]
	fin := time.Date(
		int(p.ExpirationYear),
		time.Month(p.ExpirationMonth)+1,
		1,
		0,
		0,
		0,
		0,
		time.UTC,
	)
	switch {
	case p.CardNumber == "":
		return errMissing.about("card_number")
	case !deLaCasa: // a real card number is never taken
		return errValue.about("card_number: only the test cards")
	case len(p.SecurityCode) != prueba.codeLength || strings.Trim(p.SecurityCode, "0123456789") != "":
		return errValue.about("security_code")
	case p.ExpirationMonth < 1 || p.ExpirationMonth > 12,
		p.ExpirationYear < 2000 || p.ExpirationYear > 2100,
		!ahora.Before(fin):
		return errValue.about("expiration_month", "expiration_year")
	case p.Cardholder.Name == "":
		return errMissing.about("cardholder.name")
	}
	return nil
}

func (p *tokenRequest) row(id string, ahora time.Time) tokenRow {
	n := p.CardNumber
	return tokenRow{
		ID:          id,
		Primeros:    n[:binLength],
		Ultimos:     n[len(n)-4:],
		Resultado:   testNameOf(p.Cardholder.Name),
		Mes:         int(p.ExpirationMonth),
		Anio:        int(p.ExpirationYear),
		Largo:       len(n),
		LargoCodigo: len(p.SecurityCode),
		Creado:      ahora.UnixMilli(),
		Caduca:      ahora.Add(tokenLife).UnixMilli(),
	}
}

func (p *tokenRequest) view(nueva tokenRow) tokenView {
	creado := formatTime(time.UnixMilli(nueva.Creado))
	return tokenView{
		ID:                 nueva.ID,
		FirstSixDigits:     nueva.Primeros,
		LastFourDigits:     nueva.Ultimos,
		ExpirationMonth:    nueva.Mes,
		ExpirationYear:     nueva.Anio,
		Cardholder:         p.Cardholder,
		Status:             "active",
		DateCreated:        creado,
		DateLastUpdated:    creado,
		DateDue:            formatTime(time.UnixMilli(nueva.Caduca)),
		LuhnValidation:     luhn(p.CardNumber),
		CardNumberLength:   nueva.Largo,
		SecurityCodeLength: nueva.LargoCodigo,
	}
}

// spend marks the card token id as used for the order orden. buena is false when the token is unknown, expired or
// used.
func spend(tx *gorm.DB, id, orden string, ahora time.Time) (f tokenRow, buena bool, err error) {
	var gastadas []tokenRow
	r := tx.Raw("update fichas set orden = ? where id = ? and orden = '' and caduca > ?"+
		" returning id, primeros, ultimos, resultado, mes, anio, largo, largo_codigo, creado, caduca, orden",
		orden, id, ahora.UnixMilli()).Scan(&gastadas)
	if r.Error != nil {
		return tokenRow{}, false, fmt.Errorf("mercadopago: ledger: %w", r.Error)
	}
	if len(gastadas) != 1 {
		return tokenRow{}, false, nil
	}
	return gastadas[0], true, nil
}

var _ json.Unmarshaler = (*number)(nil)
