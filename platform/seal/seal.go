// Package seal is the port through which modules store free text of people: the reason that a customer, an operator or
// a driver types for a cancellation, a return, a refund or a failed delivery. Such text is stored encrypted and shown
// in the clear. The company's reason codes are not free text: they are stored in the clear and can be searched for.
package seal

import (
	"context"
	"strings"
)

// Words is one text that a person typed.
type Words struct {
	// Owner is the house id of the customer that the text is about. The customer's key seals the text, and the
	// destruction of that key makes the text unreadable. Empty: the text is about no customer, and the house's key seals
	// it.
	Owner string
	// Place is the place where the text is stored ("pedido.<id>.motivo"). The sealed form opens with the same Place
	// alone.
	Place string
	// Text is the text in the clear, or its sealed form from Seal.
	Text string
}

// Port seals and opens texts. Safe for concurrent use.
type Port interface {
	// Seal returns the sealed form of w.Text, which Sealed recognises. "" stays "", and a text that is sealed for good
	// comes back as it is. While the customers' keys cannot be read, the house's key seals the text for the time being:
	// Pending recognises that form, and a later Seal puts it under the customer's key. The text about an erased customer
	// is dropped. Errors: those of cryptography; a store that is away causes none.
	Seal(ctx context.Context, w Words) (string, error)
	// Open returns the texts of ws in the clear, in their order. A text that is not sealed comes back as it is. In place
	// of a text it returns Erased when the customer's key has been destroyed, Away when the key cannot be read now, and
	// Broken when the sealed form does not open.
	Open(ctx context.Context, ws []Words) []string
}

// The texts that people read in place of one that does not open.
const (
	Erased = "(borrado)"
	Away   = "(no disponible)"
	Broken = "(ilegible)"
)

// mark is the first byte of a sealed form; the Kind and the ciphertext in base64 follow. It is a control character,
// which requests may not contain, so no text that a person typed is taken for a sealed form.
const mark = "\x1f"

// Kind is the key under which a text is sealed.
type Kind byte

// The kinds of a sealed form.
const (
	None     Kind = 0   // not sealed
	Customer Kind = 'c' // under the customer's key
	House    Kind = 'h' // under the house's key for good, because the text is about no customer
	Interim  Kind = 'p' // under the house's key until the customer's key can be read
	Gone     Kind = 'b' // dropped, because the customer had been erased
)

// Stored is the sealed form of body, a ciphertext in base64, under the key kind.
func Stored(kind Kind, body string) string { return mark + string(rune(kind)) + body }

// Split takes a sealed form apart. For a text that is not sealed it returns None and the text.
func Split(stored string) (k Kind, body string) {
	rest, ok := strings.CutPrefix(stored, mark)
	if !ok || rest == "" {
		return None, stored
	}
	return Kind(rest[0]), rest[1:]
}

// Sealed reports whether stored is a sealed form.
func Sealed(stored string) bool {
	k, _ := Split(stored)
	return k != None
}

// Pending reports whether stored is sealed for the time being, by the house's key in place of the customer's.
func Pending(stored string) bool {
	k, _ := Split(stored)
	return k == Interim
}
