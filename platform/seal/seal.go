// Package seal is the port through which modules keep people's own words: the reasons that somebody types on cancelling,
// returning, refunding, or failing to deliver. They are stored encrypted and shown in the clear. Reason codes of the house
// are no words: they are stored as they are, and searched by.
package seal

import (
	"context"
	"strings"
)

// Words is one text of a person.
type Words struct {
	// Owner is the house id of the customer whom the words are about: their key seals the words, and its destruction
	// makes the words unreadable. Empty: the words are about no customer, and the house's key seals them.
	Owner string
	// Place binds the sealed form to where it is stored ("pedido.<id>.motivo"); elsewhere it does not open.
	Place string
	// Text is the words as people read them, or as Seal gave them.
	Text string
}

// Port seals and opens words. Safe for concurrent use.
type Port interface {
	// Seal returns the stored form of w.Text, which Sealed recognises; "" stays "". A text that is sealed for good is
	// returned as it is. While the customers' keys cannot be read, the house's key seals the words for the time being:
	// Pending recognises the result, and a later Seal of it puts it under the customer's key. The words about a
	// customer who has been erased are dropped. Errors: those of cryptography alone; a store that is away is none.
	Seal(ctx context.Context, w Words) (string, error)
	// Open returns the texts of ws in their order: what is not sealed as it is, Erased for a customer whose key has
	// been destroyed, Away for words whose key cannot be read now, Broken for what does not open.
	Open(ctx context.Context, ws []Words) []string
}

// What people read in place of words that do not open.
const (
	Erased = "(borrado)"
	Away   = "(no disponible)"
	Broken = "(ilegible)"
)

// mark begins every sealed form: a control character, which no request may hold, so that no person's text is taken for a
// sealed one. The kind follows it, then the ciphertext in base64.
const mark = "\x1f"

// Kind is the key under which a text is sealed.
type Kind byte

// The kinds of a sealed form.
const (
	None     Kind = 0   // not sealed
	Customer Kind = 'c' // under the customer's key
	House    Kind = 'h' // under the house's key, for good: there is no customer
	Interim  Kind = 'p' // under the house's key until the customer's can be read
	Gone     Kind = 'b' // dropped: the customer had been erased
)

// Stored is the stored form of a ciphertext in base64.
func Stored(k Kind, body string) string { return mark + string(rune(k)) + body }

// Split takes a stored form apart; None for a text that is not sealed.
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

// Pending reports whether stored is sealed only for the time being.
func Pending(stored string) bool {
	k, _ := Split(stored)
	return k == Interim
}
