package oidc

import (
	"context"
	"crypto/subtle"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	jose "github.com/go-jose/go-jose/v4"
)

const (
	// rawMax is the longest token that is read, in bytes.
	rawMax = 8 << 10
	// subMax is the longest subject that is accepted, in bytes.
	subMax = 255
	// maxAhead is how far in the future the time of issue (iat) may lie: the provider's clock and ours differ.
	maxAhead = time.Minute
)

// Options name the trusted identity provider and the parts of a Verifier. Config is required.
type Options struct {
	Config Config
	// JWKS is the address of the provider's keys, and Userinfo that of its profiles of people. An empty address is found
	// by discovery, when it is first needed.
	JWKS, Userinfo string
	// Transport carries the calls to the provider (default: one of its own).
	Transport http.RoundTripper
	// Now is the clock (default time.Now).
	Now func() time.Time
	// Log takes the failures to fetch the provider's keys, and the reasons of refused tokens (default slog.Default).
	Log *slog.Logger
}

// Verifier verifies the access tokens and the ID tokens of one provider. It is safe for concurrent use.
type Verifier struct {
	o        Options
	provider *provider
	verifier *oidc.IDTokenVerifier
	keys     *signingKeys
	memory   *memory
	refusals *Refusals
}

// NewVerifier builds a Verifier; the provider is not called. Errors: those of Config.Validate, an empty oidc.emisor.
func NewVerifier(options Options) (*Verifier, error) {
	if err := options.Config.Validate(); err != nil {
		return nil, err
	}
	if options.Config.Emisor == "" {
		return nil, errors.New("oidc.emisor: missing")
	}
	if options.Log == nil {
		options.Log = slog.Default()
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // the standard library's
		t.MaxIdleConnsPerHost = 2
		t.IdleConnTimeout = 30 * time.Second
		options.Transport = t
	}
	c := &http.Client{
		Transport: options.Transport,
		Timeout:   answerTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // a token is never sent to another address
		},
	}
	p := &provider{
		issuer: options.Config.Emisor,
		client: c,
		found:  addresses{JWKS: options.JWKS, Userinfo: options.Userinfo},
	}
	llaves := &signingKeys{
		fetch: p.fetchKeys, log: options.Log, now: options.Now,
		pause: options.Config.ClavesPausa, refresh: options.Config.ClavesRefresco, maxAge: options.Config.ClavesEdad,
	}
	return &Verifier{
		o: options, provider: p, keys: llaves, memory: newMemory(options.Config.Memoria),
		refusals: NewRefusals(options.Log, options.Now),
		verifier: oidc.NewVerifier(options.Config.Emisor, llaves, &oidc.Config{
			ClientID: options.Config.Audiencia, SupportedSigningAlgs: []string{string(jose.RS256)}, Now: options.Now,
		}),
	}, nil
}

// Close closes the idle connections to the provider.
func (v *Verifier) Close() { v.provider.client.CloseIdleConnections() }

// Verify checks the access token crudo and gives its subject, with roles or scopes. Errors: ErrToken,
// ErrTokenExpired, ErrProvider while the provider's keys cannot be fetched. The reason of a refusal is logged.
func (v *Verifier) Verify(ctx context.Context, crudo string) (Principal, error) {
	p, err := v.verify(ctx, crudo)
	if err != nil {
		return Principal{}, v.refuse(ctx, err)
	}
	p.token = &crudo
	return p, nil
}

func (v *Verifier) verify(ctx context.Context, crudo string) (Principal, error) {
	if crudo == "" || len(crudo) > rawMax {
		return Principal{}, because(ReasonForm)
	}
	ahora := v.o.Now()
	if p, ok := v.memory.get(crudo, ahora); ok {
		return p, nil
	}
	var l reading
	t, err := v.verifier.Verify(context.WithValue(ctx, readingKey{}, &l), crudo)
	if err != nil {
		return Principal{}, l.reasonOf(err, crudo, v.o.Config.Emisor, v.o.Config.Audiencia)
	}
	p, err := v.principal(t, ahora)
	if err == nil {
		v.memory.put(crudo, p, t.Expiry, ahora)
	}
	return p, err
}

// VerifyID checks the ID token crudo, which must have the audience cliente and carry nonce, and gives its subject.
// Errors: ErrToken, ErrTokenExpired, ErrProvider. The reason of a refusal is logged.
func (v *Verifier) VerifyID(
	ctx context.Context,
	crudo, cliente, nonce string,
) (sub string, err error) {
	if crudo == "" || len(crudo) > rawMax || cliente == "" || nonce == "" {
		return "", v.refuse(ctx, because(ReasonForm))
	}
	var l reading
	t, err := oidc.NewVerifier(v.o.Config.Emisor, v.keys, &oidc.Config{
		ClientID: cliente, SupportedSigningAlgs: []string{string(jose.RS256)}, Now: v.o.Now,
	}).Verify(context.WithValue(ctx, readingKey{}, &l), crudo)
	switch {
	case err != nil:
		err = l.reasonOf(err, crudo, v.o.Config.Emisor, cliente)
	case t.Subject == "":
		err = because(ReasonSubject)
	case subtle.ConstantTimeCompare([]byte(t.Nonce), []byte(nonce)) != 1:
		err = because(ReasonNonce)
	}
	if err != nil {
		return "", v.refuse(ctx, err)
	}
	return t.Subject, nil
}

// principal reads the caller out of the claims of a token with a good signature. Errors: ErrToken, with its Reason.
func (v *Verifier) principal(idToken *oidc.IDToken, ahora time.Time) (Principal, error) {
	var c claims
	switch err := idToken.Claims(&c); {
	case errors.Is(err, errList):
		return Principal{}, because(ReasonPermissions)
	case err != nil:
		return Principal{}, because(ReasonClaims)
	case idToken.Subject == "" || len(idToken.Subject) > subMax:
		return Principal{}, because(ReasonSubject)
	case idToken.IssuedAt.After(ahora.Add(maxAhead)):
		return Principal{}, because(ReasonNotYet)
	case c.foreign():
		return Principal{}, because(ReasonKind)
	case v.o.Config.ExigePermisos && !c.Permissions.present:
		return Principal{}, because(ReasonNoPermissions)
	}
	p := Principal{Sub: idToken.Subject, ID: IDOf(idToken.Subject), Expires: idToken.Expiry}
	p.Machine = c.Gty == "client-credentials" || strings.HasSuffix(idToken.Subject, "@clients")
	if p.Machine {
		p.Permissions = c.scopes()
		return p, nil
	}
	var err error
	if p.Roles, err = rolesOf(idToken, v.o.Config.RolClaim); err != nil {
		return Principal{}, because(ReasonRoles)
	}
	return p, nil
}
