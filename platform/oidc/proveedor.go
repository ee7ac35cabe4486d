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
	// espera is how long the provider has for an answer.
	espera = 3 * time.Second
	// respuestaMax bounds what is read of it, in bytes.
	respuestaMax = 256 << 10
)

// proveedor is the provider as seen from here; its addresses are found by discovery
// when they are first needed and not given.
type proveedor struct {
	emisor  string
	cliente *http.Client

	mu       sync.Mutex
	halladas direcciones
}

// direcciones are the endpoints that we use.
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
	Salir            string // ends the provider's own session; empty: it has no such place
	Revocar          string // takes refresh tokens back; empty: it has no such place
	Emisor           string // who the provider is
	DiceQuien        bool   // its authorization answers say so, as iss (RFC 9207)
}

// Lugares asks the provider, once, where people get in and out. Errors: ErrProveedor.
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

// traerClaves fetches the key set.
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

// descubrir gives the addresses, asking the provider when bastan is not content with
// those at hand; a failure is not remembered.
func (p *proveedor) descubrir(ctx context.Context, bastan func(direcciones) bool) (direcciones, error) {
	p.mu.Lock()
	d := p.halladas
	p.mu.Unlock()
	if bastan(d) {
		return d, nil
	}
	b, err := p.traer(ctx, strings.TrimSuffix(p.emisor, "/")+"/.well-known/openid-configuration", "")
	if err != nil {
		return d, fmt.Errorf("oidc: discovery: %w", err)
	}
	var n direcciones
	if err := json.Unmarshal(b, &n); err != nil {
		return d, fmt.Errorf("oidc: discovery: %w", err)
	}
	if n.Emisor != p.emisor || n.JWKS == "" {
		return d, errors.New("oidc: discovery: another issuer, or no keys")
	}
	if n.Userinfo == "" {
		n.Userinfo = strings.TrimSuffix(p.emisor, "/") + "/userinfo"
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.halladas = n
	return n, nil
}

// errEstado is a status other than 200.
type errEstado int

func (e errEstado) Error() string { return fmt.Sprintf("status %d", int(e)) }

// traer gets one JSON document; token may be empty.
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
