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
	// espera is the time within which the provider must answer.
	espera = 3 * time.Second
	// respuestaMax is the largest answer that is read, in bytes.
	respuestaMax = 256 << 10
)

// proveedor is the client of the identity provider. Addresses that the configuration does not give are found by
// discovery, when they are first needed.
type proveedor struct {
	emisor  string
	cliente *http.Client

	mu       sync.Mutex
	halladas direcciones
}

// direcciones are the provider's endpoints that this package uses, as discovery names them.
type direcciones struct {
	Emisor    string `json:"issuer"`
	JWKS      string `json:"jwks_uri"`
	Userinfo  string `json:"userinfo_endpoint"`
	Autorizar string `json:"authorization_endpoint"`
	Token     string `json:"token_endpoint"`
	Salir     string `json:"end_session_endpoint"`
	Revocar   string `json:"revocation_endpoint"`
	DiceQuien bool   `json:"authorization_response_iss_parameter_supported"`
}

// Lugares are the provider's addresses for browsers and their sessions.
type Lugares struct {
	Autorizar, Token string
	Salir            string // ends the provider's own session; empty: the provider cannot
	Revocar          string // revokes refresh tokens; empty: the provider cannot
	Emisor           string // the provider's issuer
	DiceQuien        bool   // the provider's authorization answers carry the issuer as iss (RFC 9207)
}

// Lugares gives the provider's addresses for login and logout, by discovery at the first call. Errors: ErrProveedor.
func (v *Verificador) Lugares(ctx context.Context) (Lugares, error) {
	d, err := v.proveedor.descubrir(ctx, func(d direcciones) bool { return d.Autorizar != "" && d.Token != "" })
	if err != nil || d.Autorizar == "" || d.Token == "" {
		return Lugares{}, errors.Join(ErrProveedor, err)
	}
	return Lugares{
		Autorizar: d.Autorizar,
		Token:     d.Token,
		Salir:     d.Salir,
		Revocar:   d.Revocar,
		Emisor:    v.proveedor.emisor,
		DiceQuien: d.DiceQuien,
	}, nil
}

// traerClaves fetches the provider's keys. Errors: no answer, or one without a public key for signatures.
func (p *proveedor) traerClaves(ctx context.Context) ([]jose.JSONWebKey, error) {
	d, err := p.descubrir(ctx, func(d direcciones) bool { return d.JWKS != "" })
	if err != nil {
		return nil, err
	}
	b, err := p.traer(ctx, d.JWKS, "")
	if err != nil {
		return nil, fmt.Errorf("oidc: keys: %w", err)
	}
	return leerClaves(b)
}

// descubrir gives the provider's addresses. It asks the provider when bastan reports that the known ones do not
// suffice. A failure is not remembered: the next call asks again.
func (p *proveedor) descubrir(ctx context.Context, bastan func(direcciones) bool) (direcciones, error) {
	p.mu.Lock()
	conocidas := p.halladas
	p.mu.Unlock()
	if bastan(conocidas) {
		return conocidas, nil
	}
	b, err := p.traer(ctx, strings.TrimSuffix(p.emisor, "/")+"/.well-known/openid-configuration", "")
	if err != nil {
		return conocidas, fmt.Errorf("oidc: discovery: %w", err)
	}
	var n direcciones
	if err := json.Unmarshal(b, &n); err != nil {
		return conocidas, fmt.Errorf("oidc: discovery: %w", err)
	}
	if n.Emisor != p.emisor || n.JWKS == "" {
		return conocidas, errors.New("oidc: discovery: another issuer, or no keys")
	}
	if n.Userinfo == "" {
		n.Userinfo = strings.TrimSuffix(p.emisor, "/") + "/userinfo"
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.halladas = n
	return n, nil
}

// errEstado is an HTTP status other than 200.
type errEstado int

func (e errEstado) Error() string { return fmt.Sprintf("status %d", int(e)) }

// traer gets the document at url, with token as bearer token unless it is empty. Errors: no connection, errEstado,
// more than respuestaMax bytes.
func (p *proveedor) traer(ctx context.Context, url, token string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, errors.New("the address cannot be used")
	}
	r.Header.Set("Accept", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := p.cliente.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }() // read-only
	b, err := io.ReadAll(io.LimitReader(res.Body, respuestaMax+1))
	switch {
	case err != nil:
		return nil, err
	case res.StatusCode != http.StatusOK:
		return nil, errEstado(res.StatusCode)
	case len(b) > respuestaMax:
		return nil, errors.New("answer too large")
	}
	return b, nil
}
