package pedido

import (
	"maps"
	"slices"
	"strings"

	"despensa/platform/fault"
	"despensa/platform/text"
)

// Errors of the texts that an integrator writes on an order.
var (
	// ErrPersonal: a text of an integrator looks like personal data.
	ErrPersonal = fault.New(fault.Invalid, "dato-personal",
		"referencia and metadatos hold no personal data: this looks like an e-mail address, a telephone or card number.")
	// ErrReferencia: blanks at an end of the reference.
	ErrReferencia = fault.New(fault.Invalid, "referencia-invalida", "The reference is not one.").
			WithField("body.referencia", "begins or ends with a blank")
	// ErrMetadatos: too many members, too long, or a name outside of the alphabet.
	ErrMetadatos = fault.New(fault.Invalid, "metadatos-invalidos", "The metadata break a limit.")
)

// Bounds of the texts that an integrator writes on an order. Lengths of texts are in characters.
const (
	MaxReferencia       = 64
	MaxMetadatos        = 20
	MaxNombreMetadato   = 40
	MaxMetadato         = 200
	MaxBytesDeMetadatos = 4096 // of all names and values, in UTF-8
)

// Propio is the texts that an integrator writes on an order when they create it: their own name for the order, and
// texts by name. Propio never changes and holds no personal data. It is empty in orders that a customer placed in
// person.
type Propio struct {
	Referencia string
	Metadatos  map[string]string
}

// BuscarReferencia gives a reference in the form in which the store keeps references.
func BuscarReferencia(s string) string { return text.Normal(s) }

// Revisar checks the rules that a JSON Schema cannot say. Errors: ErrReferencia, ErrMetadatos, ErrPersonal; no error
// repeats a text of the integrator.
func (p Propio) Revisar() error {
	switch {
	case strings.TrimSpace(p.Referencia) != p.Referencia:
		return ErrReferencia
	case text.LooksPersonal(p.Referencia):
		return ErrPersonal.WithField("body.referencia", "looks like personal data")
	}
	return p.revisarMetadatos()
}

// revisarMetadatos checks the number, the names and the lengths of the metadata. Errors: ErrMetadatos, ErrPersonal.
func (p Propio) revisarMetadatos() error {
	const todos = "body.metadatos"
	if len(p.Metadatos) > MaxMetadatos {
		return ErrMetadatos.WithField(todos, "too many members")
	}
	bytes := 0
	for _, nombre := range slices.Sorted(maps.Keys(p.Metadatos)) {
		valor := p.Metadatos[nombre]
		bytes += len(nombre) + len(valor)
		switch {
		case !esNombre(nombre):
			return ErrMetadatos.WithField(
				todos,
				"a name is not 1 to 40 letters, digits, _ or -",
			)
		case text.LooksPersonal(nombre):
			return ErrPersonal.WithField(todos, "a name looks like personal data")
		case len([]rune(valor)) > MaxMetadato:
			return ErrMetadatos.WithField(todos+"."+nombre, "too long")
		case text.LooksPersonal(valor):
			return ErrPersonal.WithField(todos+"."+nombre, "looks like personal data")
		}
	}
	if bytes > MaxBytesDeMetadatos {
		return ErrMetadatos.WithField(todos, "more than 4096 bytes of names and values")
	}
	return nil
}

// esNombre reports whether s may name a member of the metadata.
func esNombre(s string) bool {
	return s != "" && len(s) <= MaxNombreMetadato &&
		!strings.ContainsFunc(s, func(r rune) bool {
			return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '-'
		})
}
