package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"despensa/platform/guard"

	"github.com/coreos/go-oidc/v3/oidc"
	jose "github.com/go-jose/go-jose/v4"
	"golang.org/x/sync/singleflight"
)

// errSignature says that no key of the provider has signed the token.
var errSignature = errors.New("oidc: no key of the issuer has signed this")

// knownKeys is the key of a context that allows no new fetch of keys.
type knownKeys struct{}

// WithKnownKeys restricts verifications to the keys that have been fetched: a token that names another key is refused
// without a call to the provider. It is for networks with so many refused tokens that the next one must cost no such
// call.
func WithKnownKeys(ctx context.Context) context.Context {
	return context.WithValue(ctx, knownKeys{}, true)
}

// KnownKeys reports whether ctx comes from WithKnownKeys.
func KnownKeys(ctx context.Context) bool { return ctx.Value(knownKeys{}) != nil }

// signingKeys holds the provider's keys. They are fetched when they are first needed, when they are older than refresh,
// and when a token names an unknown key, but never twice within pause. Keys older than maxAge are not used.
type signingKeys struct {
	fetch                  func(context.Context) ([]jose.JSONWebKey, error)
	now                    func() time.Time
	log                    *slog.Logger
	pause, refresh, maxAge time.Duration
	flight                 singleflight.Group

	mu      sync.RWMutex
	current []jose.JSONWebKey
	fetched time.Time // when current were fetched
	tried   time.Time // when the last fetch began
	failure error     // of the last fetch; nil: it succeeded
}

var _ oidc.KeySet = (*signingKeys)(nil)

// VerifySignature gives the payload of crudo if one of the provider's keys has signed it. Errors: errSignature,
// ErrProvider.
func (c *signingKeys) VerifySignature(ctx context.Context, crudo string) ([]byte, error) {
	nota, ok := ctx.Value(readingKey{}).(*reading)
	if !ok {
		nota = &reading{}
	}
	jws, err := jose.ParseSignedCompact(crudo, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil || len(jws.Signatures) != 1 {
		return nil, errSignature
	}
	kid := jws.Signatures[0].Header.KeyID
	todas, err := c.keysFor(ctx, kid)
	if err != nil {
		nota.noKeys = true
		return nil, err
	}
	for _, k := range todas {
		if kid != "" && k.KeyID != kid {
			continue
		}
		if texto, err := jws.Verify(&k); err == nil {
			nota.payload = texto
			return texto, nil
		}
	}
	nota.badSignature = true
	return nil, errSignature
}

// keysFor gives the keys to try for a token that names the key kid; "": the token names none. Errors: ErrProvider while
// the keys cannot be fetched.
func (c *signingKeys) keysFor(ctx context.Context, kid string) ([]jose.JSONWebKey, error) {
	ahora := c.now()
	c.mu.RLock()
	tengo := c.current
	edad := ahora.Sub(c.fetched)
	pronto := ahora.Sub(
		c.tried,
	) < c.pause
	fallo := c.failure
	c.mu.RUnlock()
	viva := tengo != nil && edad < c.maxAge
	switch {
	case viva && (kid == "" || hasKey(tengo, kid)):
		if edad >= c.refresh && !pronto {
			c.request() // in the background: this call goes on with the keys at hand
		}
		return tengo, nil
	case viva && enough(ctx, pronto, fallo):
		return tengo, nil // no key of these is kid: the signature fails
	case pronto && fallo != nil:
		return nil, ErrProvider
	}
	select {
	case r := <-c.request():
		if r.Err != nil {
			return nil, ErrProvider
		}
		return r.Val.([]jose.JSONWebKey), nil
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", ErrProvider, ctx.Err())
	}
}

// enough reports whether the known keys must suffice: ctx comes from WithKnownKeys, or the last fetch succeeded less
// than pause ago.
func enough(ctx context.Context, pronto bool, fallo error) bool {
	return KnownKeys(ctx) || pronto && fallo == nil
}

func hasKey(todas []jose.JSONWebKey, kid string) bool {
	for _, k := range todas {
		if k.KeyID == kid {
			return true
		}
	}
	return false
}

// request fetches the keys. Calls at the same time share one fetch.
func (c *signingKeys) request() <-chan singleflight.Result {
	return c.flight.DoChan("", func() (any, error) {
		c.mu.RLock()
		pronto, fallo, tengo := c.now().Sub(c.tried) < c.pause, c.failure, c.current
		c.mu.RUnlock()
		if pronto { // another call has fetched the keys meanwhile
			return tengo, fallo
		}
		ctx, soltar := context.WithTimeout(context.Background(), answerTimeout)
		defer soltar()
		ahora := c.now()
		var nuevas []jose.JSONWebKey
		err := guard.Do(
			func() (err error) { // singleflight's goroutine: a panic here would end the process
				nuevas, err = c.fetch(ctx)
				return err
			},
		)
		if err != nil {
			c.log.WarnContext(ctx, "the identity provider's keys cannot be had", "error", err)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.tried, c.failure = ahora, err
		if err == nil {
			c.current, c.fetched = nuevas, ahora
		}
		return nuevas, err
	})
}

// readKeys reads the public keys for signatures out of a key set; other keys are left out. Errors: no JSON, no such
// key.
func readKeys(b []byte) ([]jose.JSONWebKey, error) {
	var crudas struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(b, &crudas); err != nil {
		return nil, fmt.Errorf("oidc: key set: %w", err)
	}
	out := []jose.JSONWebKey{}
	for _, cruda := range crudas.Keys {
		var k jose.JSONWebKey
		if err := json.Unmarshal(cruda, &k); err != nil || !k.IsPublic() ||
			(k.Use != "" && k.Use != "sig") {
			continue
		}
		out = append(out, k)
	}
	if len(out) == 0 {
		return nil, errors.New("oidc: the key set has no key for signatures")
	}
	return out, nil
}
