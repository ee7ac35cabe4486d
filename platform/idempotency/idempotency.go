// Package idempotency makes the keys under which an effect happens once: ids derived from the caller, the operation
// and the Idempotency-Key of the request.
package idempotency

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
)

// Key is an Idempotency-Key as the rules and stores see it.
type Key struct {
	// ID is a UUID: of version 8, derived from the caller, the operation and the key; or, when the caller gave no key, a
	// new one of version 7.
	ID string
	// Fingerprint is the SHA-256, in hex, of the decoded body.
	Fingerprint string
	// Given says that the caller gave a key, so that a repeated request can be recognised.
	Given bool
}

// Derive makes a UUID of version 8 (RFC 9562) from the SHA-256 of partes and their lengths: equal parts give equal
// UUIDs.
func Derive(partes ...string) string {
	h := sha256.New()
	for _, p := range partes {
		fmt.Fprintf(h, "%d:%s|", len(p), p)
	}
	var u uuid.UUID
	copy(u[:], h.Sum(nil))
	u[6] = u[6]&0x0f | 0x80
	u[8] = u[8]&0x3f | 0x80
	return u.String()
}

// New makes the Key of one request. quien is the caller's id; clave is the Idempotency-Key, and an empty one gives a
// new ID. cuerpo is the decoded body: two bodies that decode alike have the same Fingerprint. Errors: a cuerpo that is
// not JSON.
func New(quien, operacion, clave string, cuerpo any) (Key, error) {
	b, err := json.Marshal(cuerpo)
	if err != nil {
		return Key{}, fmt.Errorf("idempotency: body digest: %w", err)
	}
	suma := sha256.Sum256(b)
	l := Key{Fingerprint: hex.EncodeToString(suma[:]), Given: clave != ""}
	if l.Given {
		l.ID = Derive(quien, operacion, clave)
		return l, nil
	}
	u, err := uuid.NewV7()
	l.ID = u.String()
	return l, err
}
