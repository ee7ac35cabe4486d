package oidc

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	jose "github.com/go-jose/go-jose/v4"
)

// Reason is the reason why a token was refused, for the log: one of a closed set, and never a part of the token.
type Reason string

// The reasons, each with its cause.
const (
	ReasonHeader        Reason = "cabecera"     // the header Authorization is not one bearer token
	ReasonForm          Reason = "forma"        // no signed JWT, or longer than 8 kB
	ReasonAlgorithm     Reason = "algoritmo"    // not signed with RS256
	ReasonSignature     Reason = "firma"        // no key of the issuer has signed it
	ReasonIssuer        Reason = "emisor"       // iss is not oidc.emisor, to the last slash
	ReasonAudience      Reason = "audiencia"    // aud has no oidc.audiencia
	ReasonExpiry        Reason = "vencimiento"  // exp is missing or no time
	ReasonExpired       Reason = "vencido"      // the token has expired
	ReasonNotYet        Reason = "todavia_no"   // nbf or iat is in the future: clocks differ
	ReasonSubject       Reason = "sujeto"       // sub is missing or longer than 255 bytes
	ReasonKind          Reason = "no_de_acceso" // its claims are those of another kind of token, such as an ID token
	ReasonNoPermissions Reason = "sin_permisos" // no claim permissions, which oidc.exige_permisos asks for
	ReasonPermissions   Reason = "permisos"     // permissions or scope is neither text nor list of texts nor object
	ReasonRoles         Reason = "roles"        // oidc.rol_claim is neither text nor list of texts nor object
	ReasonClaims        Reason = "reclamos"     // another claim has a type that it cannot have
	ReasonNonce         Reason = "otro_ingreso" // an ID token of another login
)

// refusalPause is how often one reason is logged.
const refusalPause = time.Second

// Refusals logs the reasons of refused tokens: each reason once a second at most, with the number of refusals that
// were left out (callados). It is safe for concurrent use.
type Refusals struct {
	log *slog.Logger
	now func() time.Time

	mu       sync.Mutex
	byReason map[Reason]refusalCount
}

type refusalCount struct {
	last    time.Time
	omitted int
}

// NewRefusals makes a Refusals that writes to log.
func NewRefusals(log *slog.Logger, ahora func() time.Time) *Refusals {
	return &Refusals{log: log, now: ahora, byReason: map[Reason]refusalCount{}}
}

// Note logs that a token was refused for reason, or counts it when reason was logged within the last second. An
// expired token is an everyday event (info); every other reason is a warning.
func (r *Refusals) Note(ctx context.Context, reason Reason) {
	callados, ya := r.take(reason)
	if !ya {
		return
	}
	nivel := slog.LevelWarn
	if reason == ReasonExpired {
		nivel = slog.LevelInfo
	}
	r.log.Log(ctx, nivel, "token refused", "motivo", string(reason), "callados", callados)
}

// take reports whether reason is logged now, and how many refusals for reason were left out before.
func (r *Refusals) take(reason Reason) (callados int, ya bool) {
	ahora := r.now()
	r.mu.Lock()
	defer r.mu.Unlock()
	c, hubo := r.byReason[reason]
	if d := ahora.Sub(c.last); hubo && d >= 0 && d < refusalPause {
		c.omitted++
		r.byReason[reason] = c
		return 0, false
	}
	r.byReason[reason] = refusalCount{last: ahora}
	return c.omitted, true
}

// refusal is a refusal with its reason: callers see err alone.
type refusal struct {
	reason Reason
	err    error
}

func (r refusal) Error() string { return r.err.Error() }
func (r refusal) Unwrap() error { return r.err }

// because refuses a token for reason.
func because(reason Reason) error { return refusal{reason: reason, err: ErrToken} }

// refuse logs the Reason of err, if it has one, and gives the declared error that callers see.
func (v *Verifier) refuse(ctx context.Context, err error) error {
	var r refusal
	if !errors.As(err, &r) {
		return err
	}
	v.refusals.Note(ctx, r.reason)
	return r.err
}

// reading holds the notes of VerifySignature about one token, because go-oidc drops the errors of its key set.
type reading struct {
	noKeys       bool   // the provider's keys could not be fetched
	badSignature bool   // no key of the provider has signed the token
	payload      []byte // the signed payload
}

type readingKey struct{}

// reasonOf finds the reason why go-oidc has refused crudo, out of err and the notes in l. Claims without a good
// signature are read for the reason alone, and never trusted. Errors: ErrProvider, ErrTokenExpired, ErrToken, the
// last two with their Reason.
func (l *reading) reasonOf(err error, crudo, emisor, audiencia string) error {
	var vencido *oidc.TokenExpiredError
	switch {
	case l.noKeys:
		return ErrProvider
	case l.badSignature:
		return because(ReasonSignature)
	case l.payload == nil:
		return because(formReason(crudo))
	case errors.As(err, &vencido) && vencido.Expiry.Unix() > 0:
		return refusal{reason: ReasonExpired, err: ErrTokenExpired}
	}
	return because(claimsReason(l.payload, emisor, audiencia))
}

// formReason tells a text that is no JWT from a JWT signed with another algorithm than RS256.
func formReason(crudo string) Reason {
	cabeza, _, _ := strings.Cut(crudo, ".")
	b, err := base64.RawURLEncoding.DecodeString(cabeza)
	var h struct {
		Alg string `json:"alg"`
	}
	if err != nil || json.Unmarshal(b, &h) != nil || h.Alg == "" ||
		h.Alg == string(jose.RS256) {
		return ReasonForm
	}
	return ReasonAlgorithm
}

// claimsReason finds the claim for which go-oidc has refused a token with a good signature, in the order in which
// go-oidc checks the claims.
func claimsReason(texto []byte, emisor, audiencia string) Reason {
	var leidos struct {
		Emisor    json.RawMessage `json:"iss"`
		Audiencia json.RawMessage `json:"aud"`
		Vence     json.RawMessage `json:"exp"`
		DesdeNo   json.RawMessage `json:"nbf"`
	}
	if json.Unmarshal(texto, &leidos) != nil {
		return ReasonForm
	}
	var iss string
	if json.Unmarshal(leidos.Emisor, &iss) != nil || iss != emisor {
		return ReasonIssuer
	}
	if aud, err := readList(leidos.Audiencia); err != nil || !slices.Contains(aud, audiencia) {
		return ReasonAudience
	}
	var n json.Number
	if json.Unmarshal(leidos.Vence, &n) != nil || n == "" ||
		strings.HasPrefix(string(n), "-") ||
		n == "0" {
		return ReasonExpiry
	}
	if leidos.DesdeNo != nil && json.Unmarshal(leidos.DesdeNo, &n) == nil {
		return ReasonNotYet
	}
	return ReasonClaims
}
