package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	jose "github.com/go-jose/go-jose/v4"
)

const (
	// answerTimeout is the time within which the provider must answer.
	answerTimeout = 3 * time.Second
	// answerMax is the largest answer that is read, in bytes.
	answerMax = 256 << 10
)

// provider is the client of the identity provider. Addresses that the configuration does not give are found by
// discovery, when they are first needed.
type provider struct {
	issuer string
	client *http.Client

	mu    sync.Mutex
	found addresses
}

// addresses are the provider's endpoints that this package uses, as discovery names them.
type addresses struct {
	Issuer     string `json:"issuer"`
	JWKS       string `json:"jwks_uri"`
	Userinfo   string `json:"userinfo_endpoint"`
	Authorize  string `json:"authorization_endpoint"`
	Token      string `json:"token_endpoint"`
	EndSession string `json:"end_session_endpoint"`
	Revoke     string `json:"revocation_endpoint"`
	SaysIssuer bool   `json:"authorization_response_iss_parameter_supported"`
}

// Endpoints are the provider's addresses for browsers and their sessions.
type Endpoints struct {
	Authorize, Token string
	EndSession       string // ends the provider's own session; empty: the provider cannot
	Revoke           string // revokes refresh tokens; empty: the provider cannot
	Issuer           string // the provider's issuer
	SaysIssuer       bool   // the provider's authorization answers carry the issuer as iss (RFC 9207)
}

// Endpoints gives the provider's addresses for login and logout, by discovery at the first call. Errors: ErrProvider.
func (v *Verifier) Endpoints(ctx context.Context) (Endpoints, error) {
	d, err := v.provider.discover(
		ctx,
		func(d addresses) bool { return d.Authorize != "" && d.Token != "" },
	)
	if err != nil || d.Authorize == "" || d.Token == "" {
		return Endpoints{}, errors.Join(ErrProvider, err)
	}
	return Endpoints{
		Authorize:  d.Authorize,
		Token:      d.Token,
		EndSession: d.EndSession,
		Revoke:     d.Revoke,
		Issuer:     v.provider.issuer,
		SaysIssuer: d.SaysIssuer,
	}, nil
}

// fetchKeys fetches the provider's keys. Errors: no answer, or one without a public key for signatures.
func (p *provider) fetchKeys(ctx context.Context) ([]jose.JSONWebKey, error) {
	d, err := p.discover(ctx, func(d addresses) bool { return d.JWKS != "" })
	if err != nil {
		return nil, err
	}
	b, err := p.fetch(ctx, d.JWKS, "")
	if err != nil {
		return nil, fmt.Errorf("oidc: keys: %w", err)
	}
	return readKeys(b)
}

// discover gives the provider's addresses. It asks the provider when bastan reports that the known ones do not
// suffice. A failure is not remembered: the next call asks again.
func (p *provider) discover(
	ctx context.Context,
	bastan func(addresses) bool,
) (addresses, error) {
	p.mu.Lock()
	conocidas := p.found
	p.mu.Unlock()
	if bastan(conocidas) {
		return conocidas, nil
	}
	b, err := p.fetch(
		ctx,
		strings.TrimSuffix(p.issuer, "/")+"/.well-known/openid-configuration",
		"",
	)
	if err != nil {
		return conocidas, fmt.Errorf("oidc: discovery: %w", err)
	}
	var n addresses
	if err := json.Unmarshal(b, &n); err != nil {
		return conocidas, fmt.Errorf("oidc: discovery: %w", err)
	}
	if n.Issuer != p.issuer || n.JWKS == "" {
		return conocidas, errors.New("oidc: discovery: another issuer, or no keys")
	}
	if n.Userinfo == "" {
		n.Userinfo = strings.TrimSuffix(p.issuer, "/") + "/userinfo"
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.found = n
	return n, nil
}

// statusError is an HTTP status other than 200.
type statusError int

func (e statusError) Error() string { return fmt.Sprintf("status %d", int(e)) }

// fetch gets the document at url, with token as bearer token unless it is empty. Errors: no connection, statusError,
// more than answerMax bytes.
func (p *provider) fetch(ctx context.Context, url, token string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, errors.New("the address cannot be used")
	}
	r.Header.Set("Accept", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := p.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }() // read-only
	b, err := io.ReadAll(io.LimitReader(res.Body, answerMax+1))
	switch {
	case err != nil:
		return nil, err
	case res.StatusCode != http.StatusOK:
		return nil, statusError(res.StatusCode)
	case len(b) > answerMax:
		return nil, errors.New("answer too large")
	}
	return b, nil
}
