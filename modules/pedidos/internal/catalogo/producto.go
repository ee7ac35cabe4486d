// Package catalogo is the products that the company sells: their rules, no I/O.
package catalogo

import (
	"time"

	"despensa/platform/money"
	"despensa/platform/text"
)

// Producto is a product of the catalogue. Precio is the price for the customer of one unit, IVA included.
type Producto struct {
	ID        string `bson:"_id"`
	Nombre    string `bson:"nombre"`
	Buscable  string `bson:"buscable"` // Plegar(Nombre), as Indexar writes it
	Categoria string `bson:"categoria"`
	// CategoriaPlegada is PlegarCategoria(Categoria), as Indexar writes it. Documents of release 0.3.0 lack it.
	CategoriaPlegada string `bson:"categoria_plegada,omitempty"`

	Precio  money.Centavos `bson:"precio"`
	IVA     money.IVA      `bson:"iva"`
	Peso    int64          `bson:"peso"`    // grams
	Volumen int64          `bson:"volumen"` // millilitres
	Frio    bool           `bson:"frio"`
	Activo  bool           `bson:"activo"`
	Version int64          `bson:"version"`
	Creado  time.Time      `bson:"creado"`
	Huella  string         `bson:"huella"` // digest of the body that created it
	// VidaMinima is how many days beyond its delivery the product is good for, at least; nil:
	// the number of days in the settings.
	VidaMinima *int64         `bson:"vida_minima,omitempty"`
	Resto      map[string]any `bson:",inline"`
}

// Plegar folds s for searching: words of letters and digits, without case and accents, parted by one blank. Every way
// of writing a character in Unicode gives the same word.
func Plegar(s string) string { return text.Fold(s) }

// PlegarCategoria folds a category for comparing. A category without letters and digits is compared as it is.
func PlegarCategoria(s string) string {
	if plegada := Plegar(s); plegada != "" {
		return plegada
	}
	return s
}

// Indexar writes the members by which the product is searched, and reports whether they have changed.
func (p *Producto) Indexar() bool {
	nombre, categoria := Plegar(p.Nombre), PlegarCategoria(p.Categoria)
	cambia := nombre != p.Buscable || categoria != p.CategoriaPlegada
	p.Buscable, p.CategoriaPlegada = nombre, categoria
	return cambia
}
