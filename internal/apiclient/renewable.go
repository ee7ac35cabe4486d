package apiclient

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"
	"sync"
	"time"
)

// renewBefore is how long before its end a token is replaced.
const renewBefore = 30 * time.Second

// refused is the context key of a second try, after the server has refused the token of the first one.
type refused struct{}

// Renewable is a Token that calls obtener for a new token shortly before the present one ends, and when the server
// refuses it. A token without a readable end is used until the server refuses it. Safe for concurrent use; obtener is
// called once at a time.
func Renewable(obtener func(context.Context) (string, error)) Token {
	var mu sync.Mutex
	var crudo string
	var fin time.Time
	return func(ctx context.Context) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		viejo, _ := ctx.Value(refused{}).(string)
		if crudo != "" && crudo != viejo &&
			(fin.IsZero() || time.Now().Before(fin.Add(-renewBefore))) {
			return crudo, nil
		}
		nuevo, err := obtener(ctx)
		if err != nil {
			return "", err
		}
		crudo, fin = nuevo, expiryOf(nuevo)
		return crudo, nil
	}
}

// expiryOf reads the end, exp, of a JWT (RFC 7519, 4.1.4). It checks no signature: that is up to the server.
func expiryOf(crudo string) time.Time {
	var datos struct {
		Exp int64 `json:"exp"`
	}
	partes := strings.Split(crudo, ".")
	if len(partes) != 3 {
		return time.Time{}
	}
	b, err := base64.RawURLEncoding.DecodeString(partes[1])
	if err != nil || json.Unmarshal(b, &datos) != nil || datos.Exp <= 0 {
		return time.Time{}
	}
	return time.Unix(datos.Exp, 0)
}
