// Package money counts money as the company does: in integer centavos of ARS, with IVA included.
package money

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Centavos is an amount in hundredths of a peso. It stays an int64 in JSON, BSON and SQL.
type Centavos int64

// Currency is the company's only currency (ISO 4217).
const Currency = "ARS"

// ErrDecimal says that a text is not an amount without decimals or with two.
var ErrDecimal = errors.New("money: not a decimal amount")

// Decimal writes c in the payment gateway's format: "200.00". c must not be negative.
func (c Centavos) Decimal() string { return fmt.Sprintf("%d.%02d", c/100, c%100) }

// ParseDecimal reads "200" or "200.00" without floats. Error: ErrDecimal.
func ParseDecimal(s string) (Centavos, error) {
	entero, cent, punto := strings.Cut(s, ".")
	if !punto {
		cent = "00"
	}
	n, err := strconv.ParseUint(entero+cent, 10, 63)
	if err != nil || entero == "" || len(cent) != 2 {
		return 0, ErrDecimal
	}
	return Centavos(n), nil
}

// IVA is a rate of Argentina's value added tax as the API spells it.
type IVA string

// The rates in force; IVAExent is for goods that are not taxed at all.
const (
	IVA21    IVA = "21"
	IVA105   IVA = "10.5"
	IVA27    IVA = "27"
	IVACero  IVA = "0"
	IVAExent IVA = "exento"
)

// thousandths is each rate in thousandths.
var thousandths = map[IVA]int64{IVA21: 210, IVA105: 105, IVA27: 270, IVACero: 0, IVAExent: 0}

// Valid reports whether i is one of the rates above.
func (i IVA) Valid() bool { _, ok := thousandths[i]; return ok }

// Split splits a gross amount into net and IVA, the net rounded half away from
// zero: neto = bruto / (1 + rate); neto + iva is always bruto.
func (i IVA) Split(bruto Centavos) (neto, iva Centavos) {
	d := 1000 + thousandths[i]
	n := int64(bruto) * 1000
	if n >= 0 {
		n = (2*n + d) / (2 * d)
	} else {
		n = -((-2*n + d) / (2 * d))
	}
	return Centavos(n), bruto - Centavos(n)
}
