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

// duraFicha is the lifetime of a card token.
const duraFicha = 8 * 24 * time.Hour

// peticionFicha is the body of POST /v1/card_tokens.
type peticionFicha struct {
	CardNumber      string  `json:"card_number"`
	ExpirationMonth numero  `json:"expiration_month"`
	ExpirationYear  numero  `json:"expiration_year"`
	SecurityCode    string  `json:"security_code"`
	Cardholder      titular `json:"cardholder"`
	SiteID          string  `json:"site_id"`
}

type titular struct {
	Name           string    `json:"name"`
	Identification documento `json:"identification"`
}

type documento struct {
	Type   string `json:"type"`
	Number string `json:"number"`
}

// numero is an integer that a request may write as a JSON number or as a string.
type numero int

// UnmarshalJSON reads 11 and "11" alike. Error: errTipo.
func (n *numero) UnmarshalJSON(b []byte) error {
	v, err := strconv.Atoi(strings.Trim(string(b), `"`))
	if err != nil {
		return errTipo.de("expiration_month", "expiration_year")
	}
	*n = numero(v)
	return nil
}

// fichaVista is a card token as the API shows it.
type fichaVista struct {
	ID                 string  `json:"id"`
	FirstSixDigits     string  `json:"first_six_digits"`
	LastFourDigits     string  `json:"last_four_digits"`
	ExpirationMonth    int     `json:"expiration_month"`
	ExpirationYear     int     `json:"expiration_year"`
	Cardholder         titular `json:"cardholder"`
	Status             string  `json:"status"`
	DateCreated        string  `json:"date_created"`
	DateLastUpdated    string  `json:"date_last_updated"`
	DateDue            string  `json:"date_due"`
	LuhnValidation     bool    `json:"luhn_validation"`
	LiveMode           bool    `json:"live_mode"`
	RequireEsc         bool    `json:"require_esc"`
	CardNumberLength   int     `json:"card_number_length"`
	SecurityCodeLength int     `json:"security_code_length"`
}

// ficha is POST /v1/card_tokens. A browser makes the call, so it needs no access token, but the browser's page must
// have the same origin. The card number, the security code and the holder's name are not stored.
func (s *Simulador) ficha(r *http.Request) (respuesta, error) {
	if s.cors.Check(r) != nil {
		return respuesta{}, errOrigen
	}
	b, err := cuerpo(r)
	if err != nil {
		return respuesta{}, err
	}
	var solicitud peticionFicha
	if err := leer(b, &solicitud); err != nil {
		return respuesta{}, err
	}
	ahora := s.ahora()
	if err := solicitud.validar(ahora); err != nil {
		return respuesta{}, err
	}
	id, err := s.azar.hex()
	if err != nil {
		return respuesta{}, err
	}
	nueva := solicitud.fila(id, ahora)
	err = s.libro.db.Escribir(r.Context(), "dev.mercadopago.ficha", func(tx *gorm.DB) error {
		g := nueva
		return crear(tx, &g)
	})
	if err != nil {
		return respuesta{}, err
	}
	return enJSON(http.StatusCreated, solicitud.vista(nueva)), nil
}

func (p *peticionFicha) validar(ahora time.Time) error {
	p.CardNumber = strings.NewReplacer(" ", "", "-", "").Replace(p.CardNumber)
	prueba, deLaCasa := tarjetasDePrueba[p.CardNumber]
	fin := time.Date(int(p.ExpirationYear), time.Month(p.ExpirationMonth)+1, 1, 0, 0, 0, 0, time.UTC)
	switch {
	case p.CardNumber == "":
		return errFalta.de("card_number")
	case !deLaCasa: // a real card number is never taken
		return errValor.de("card_number: only the test cards")
	case len(p.SecurityCode) != prueba.codigo || strings.Trim(p.SecurityCode, "0123456789") != "":
		return errValor.de("security_code")
	case p.ExpirationMonth < 1 || p.ExpirationMonth > 12,
		p.ExpirationYear < 2000 || p.ExpirationYear > 2100,
		!ahora.Before(fin):
		return errValor.de("expiration_month", "expiration_year")
	case p.Cardholder.Name == "":
		return errFalta.de("cardholder.name")
	}
	return nil
}

func (p *peticionFicha) fila(id string, ahora time.Time) filaFicha {
	n := p.CardNumber
	return filaFicha{
		ID:          id,
		Primeros:    n[:bines],
		Ultimos:     n[len(n)-4:],
		Resultado:   nombreDe(p.Cardholder.Name),
		Mes:         int(p.ExpirationMonth),
		Anio:        int(p.ExpirationYear),
		Largo:       len(n),
		LargoCodigo: len(p.SecurityCode),
		Creado:      ahora.UnixMilli(),
		Caduca:      ahora.Add(duraFicha).UnixMilli(),
	}
}

func (p *peticionFicha) vista(nueva filaFicha) fichaVista {
	creado := fecha(time.UnixMilli(nueva.Creado))
	return fichaVista{
		ID:                 nueva.ID,
		FirstSixDigits:     nueva.Primeros,
		LastFourDigits:     nueva.Ultimos,
		ExpirationMonth:    nueva.Mes,
		ExpirationYear:     nueva.Anio,
		Cardholder:         p.Cardholder,
		Status:             "active",
		DateCreated:        creado,
		DateLastUpdated:    creado,
		DateDue:            fecha(time.UnixMilli(nueva.Caduca)),
		LuhnValidation:     luhn(p.CardNumber),
		CardNumberLength:   nueva.Largo,
		SecurityCodeLength: nueva.LargoCodigo,
	}
}

// gastar marks the card token id as used for the order orden. buena is false when the token is unknown, expired or
// used.
func gastar(tx *gorm.DB, id, orden string, ahora time.Time) (f filaFicha, buena bool, err error) {
	var gastadas []filaFicha
	r := tx.Raw("update fichas set orden = ? where id = ? and orden = '' and caduca > ?"+
		" returning id, primeros, ultimos, resultado, mes, anio, largo, largo_codigo, creado, caduca, orden",
		orden, id, ahora.UnixMilli()).Scan(&gastadas)
	if r.Error != nil {
		return filaFicha{}, false, fmt.Errorf("mercadopago: ledger: %w", r.Error)
	}
	if len(gastadas) != 1 {
		return filaFicha{}, false, nil
	}
	return gastadas[0], true, nil
}

var _ json.Unmarshaler = (*numero)(nil)
