package catalogo

import (
	"strings"
	"unicode/utf8"

	"despensa/platform/fault"
)

// Bounds of a product: lengths in characters, precio in centavos, peso in grams, volumen in ml,
// vida in days.
const (
	MaxNombre    = 120
	MaxCategoria = 60
	MaxPrecio    = 1_000_000_000
	MaxPeso      = 50_000
	MaxVolumen   = 200_000
	MaxVida      = 365
)

// ErrProducto: one or more values of a product are wrong; its fields say which.
var ErrProducto = fault.New(fault.Invalid, "producto-invalido", "The product is not valid.")

// Validar checks every value of the product. Errors: ErrProducto with a field for each wrong one.
func (p *Producto) Validar() error {
	falta, bien := ErrProducto, true
	mal := func(vale bool, campo, mensaje string) {
		if !vale {
			falta, bien = falta.WithField("body."+campo, mensaje), false
		}
	}
	mal(
		textoValido(p.Nombre, MaxNombre),
		"nombre",
		"must have 1 to 120 characters and no blanks around them",
	)
	mal(
		textoValido(p.Categoria, MaxCategoria),
		"categoria",
		"must have 1 to 60 characters and no blanks around them",
	)
	mal(
		p.Precio >= 1 && p.Precio <= MaxPrecio,
		"precio_centavos",
		"must be from 1 to 1000000000",
	)
	mal(p.IVA.Valid(), "iva", "must be one of 21, 10.5, 27, 0, exento")
	mal(p.Peso >= 1 && p.Peso <= MaxPeso, "peso_gramos", "must be from 1 to 50000")
	mal(p.Volumen >= 1 && p.Volumen <= MaxVolumen, "volumen_ml", "must be from 1 to 200000")
	vida := p.VidaMinima
	mal(
		vida == nil || *vida >= 0 && *vida <= MaxVida,
		"vida_minima_dias",
		"must be from 0 to 365",
	)
	if bien {
		return nil
	}
	return falta
}

// textoValido: 1 to hasta characters of UTF-8, none of them a control, no blanks at the ends.
func textoValido(s string, hasta int) bool {
	n := utf8.RuneCountInString(s)
	return n >= 1 && n <= hasta && utf8.ValidString(s) && s == strings.TrimSpace(s) &&
		!strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}
