// Package catalogo is the products that the company sells: their rules, no I/O.
package catalogo

import (
	"strings"
	"time"
	"unicode"

	"despensa/platform/money"
)

// Producto is something to order. Precio is what the customer pays, IVA included.
type Producto struct {
	ID        string         `bson:"_id"`
	Nombre    string         `bson:"nombre"`
	Buscable  string         `bson:"buscable"` // Plegar(Nombre)
	Categoria string         `bson:"categoria"`
	Precio    money.Centavos `bson:"precio"`
	IVA       money.IVA      `bson:"iva"`
	Peso      int64          `bson:"peso"`    // grams
	Volumen   int64          `bson:"volumen"` // millilitres
	Frio      bool           `bson:"frio"`
	Activo    bool           `bson:"activo"`
	Version   int64          `bson:"version"`
	Creado    time.Time      `bson:"creado"`
	Huella    string         `bson:"huella"` // digest of the body that created it
	// VidaMinima is how many days beyond its delivery the product is good for, at least; nil:
	// as many as the house asks for.
	VidaMinima *int64         `bson:"vida_minima,omitempty"`
	Resto      map[string]any `bson:",inline"`
}

// acentos is how people leave accents out.
var acentos = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ü", "u", "ñ", "n")

// Plegar folds s for searching: lower case, no accents, words split by one space.
func Plegar(s string) string {
	return strings.Join(strings.FieldsFunc(acentos.Replace(strings.ToLower(s)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ")
}
