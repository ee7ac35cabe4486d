// Package oidc is the identity provider for local runs: real OpenID Connect (code flow with PKCE, refresh tokens,
// client credentials) for a fixed list of demo logins. Its signing key is on disk and survives a restart. Logins in
// progress, codes and refresh tokens are in memory, so after a restart a refresh fails and people log in again.
package oidc

import (
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	jose "github.com/go-jose/go-jose/v4"
)

// Options are the settings of New. Issuer, Audience, RoleClaim and Folder are required.
type Options struct {
	// Issuer is the issuer: an absolute URL that ends in a slash. Handler serves below its path.
	Issuer string
	// Audience is the audience of the API, which all access tokens carry.
	Audience string
	// RoleClaim is the name of the claim that carries the roles.
	RoleClaim string
	// Folder is the folder of the signing key; New makes it when absent.
	Folder string
	// Redirects are the exact addresses to which a code may be sent. A logout may lead to any page of their origins.
	Redirects []string
	// Local lets codes go to the paths of Redirects at any port of this machine too, for replicas with ports that
	// are not known beforehand.
	Local bool
	// Now is the clock (default time.Now).
	Now func() time.Time
	// Random is the source of the random bytes of codes and tokens (default crypto/rand).
	Random io.Reader
	// TTL is the lifetime of access and ID tokens (default 1 h).
	TTL time.Duration
	// RefreshTTL is the lifetime of a refresh token (default 24 h).
	RefreshTTL time.Duration
	// Grace is the time after its first use in which a refresh token may be used again, because two requests of one
	// browser may reach two replicas at once (default 0).
	Grace time.Duration
}

// Maximum numbers of entries in memory.
const (
	maxPending       = 10_000 // logins in progress
	maxCodes         = 10_000
	maxRefreshTokens = 50_000 // refresh tokens, and revoked families
	maxAddresses     = 10_000 // client addresses with failed logins
)

// Limits of a login.
const (
	ttlPending  = 10 * time.Minute // from the authorization request to the password
	ttlCode     = time.Minute      // lifetime of a code
	maxFailures = 20               // failed logins of one client address within a minute
)

// Provider is the identity provider. Safe for concurrent use.
type Provider struct {
	o      Options
	base   string // path of the issuer without the last slash
	apps   []app
	key    jose.JSONWebKey
	signer jose.Signer
	page   *page

	pending       *grants[grant]
	codes         *grants[grant]
	refreshTokens *grants[grant]
	revoked       *grants[string] // the families of revoked refresh tokens
	throttle      throttle
}

// grant is a login, from the authorization request to its tokens: the grant behind a code or a refresh token.
type grant struct {
	app, redirect, challenge, nonce, state string
	scopes                                 []string
	user                                   user
	at                                     time.Time // of the login
	family                                 string    // id of the login; all refresh tokens of one login share it
}

// New opens or makes the signing key. Errors: an issuer that is no absolute URL with a final slash; a required
// option is missing; a key that cannot be read or stored.
func New(options Options) (*Provider, error) {
	emisor, err := url.Parse(options.Issuer)
	if err != nil || emisor.Host == "" || !strings.HasSuffix(emisor.Path, "/") {
		return nil, errors.New("oidc: the issuer must be an absolute URL that ends in a slash")
	}
	if options.Audience == "" || options.RoleClaim == "" || options.Folder == "" {
		return nil, errors.New("oidc: audience, role claim and folder are required")
	}
	options = options.withDefaults()
	p := &Provider{
		o:             options,
		base:          strings.TrimSuffix(emisor.Path, "/"),
		apps:          apps(slices.Clone(options.Redirects)),
		page:          newPage(),
		pending:       newGrants[grant](maxPending, ttlPending),
		codes:         newGrants[grant](maxCodes, ttlCode),
		refreshTokens: newGrants[grant](maxRefreshTokens, options.RefreshTTL),
		revoked:       newGrants[string](maxRefreshTokens, options.RefreshTTL),
		throttle:      throttle{limit: maxFailures},
	}
	p.refreshTokens.grace = options.Grace
	if p.key, err = openKey(options.Folder); err != nil {
		return nil, err
	}
	conTipo := (&jose.SignerOptions{}).WithType("JWT")
	p.signer, err = jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: p.key}, conTipo)
	if err != nil {
		return nil, fmt.Errorf("oidc: signer: %w", err)
	}
	return p, nil
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.TTL <= 0 {
		o.TTL = time.Hour
	}
	if o.RefreshTTL <= 0 {
		o.RefreshTTL = 24 * time.Hour
	}
	return o
}

// JWKSURL is the address of the public keys.
func (p *Provider) JWKSURL() string { return p.o.Issuer + ".well-known/jwks.json" }

// Handler serves the paths below the issuer's; it expects the whole path.
func (p *Provider) Handler() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /{$}", p.present)
	m.HandleFunc("GET /.well-known/openid-configuration", p.discovery)
	m.HandleFunc("GET /.well-known/jwks.json", p.jwks)
	m.HandleFunc("GET /authorize", p.authorize)
	m.HandleFunc("POST /u/login", p.login)
	m.HandleFunc("POST /oauth/token", p.token)
	m.HandleFunc("POST /oauth/revoke", p.revocation)
	m.HandleFunc("GET /userinfo", p.userinfo)
	m.HandleFunc("POST /userinfo", p.userinfo)
	m.HandleFunc("GET /oidc/logout", p.logout)
	m.HandleFunc("POST /oidc/logout", p.logout)
	return http.StripPrefix(p.base, http.MaxBytesHandler(m, 32<<10))
}

// discovery is the discovery document of OpenID Connect.
func (p *Provider) discovery(w http.ResponseWriter, _ *http.Request) {
	e := p.o.Issuer
	respond(w, http.StatusOK, map[string]any{
		"issuer":                 e,
		"authorization_endpoint": e + "authorize",
		"token_endpoint":         e + "oauth/token",
		"userinfo_endpoint":      e + "userinfo",
		"jwks_uri":               p.JWKSURL(),
		"end_session_endpoint":   e + "oidc/logout",
		"revocation_endpoint":    e + "oauth/revoke",
		"authorization_response_iss_parameter_supported": true,
		"response_types_supported":                       []string{"code"},
		"response_modes_supported":                       []string{"query"},
		"subject_types_supported":                        []string{"public"},
		"id_token_signing_alg_values_supported":          []string{string(jose.RS256)},
		"grant_types_supported": []string{
			"authorization_code", "refresh_token", "client_credentials",
		},
		"code_challenge_methods_supported": []string{"S256"},
		"token_endpoint_auth_methods_supported": []string{
			"client_secret_post", "client_secret_basic", "none",
		},
		"scopes_supported": []string{"openid", "profile", "email", "offline_access"},
		"claims_supported": []string{
			"sub", "name", "nickname", "email", "email_verified", p.o.RoleClaim,
		},
		"ui_locales_supported": []string{"es-AR"},
	})
}

// present is the page at the issuer's own address, because the program prints that address and people open it.
func (p *Provider) present(w http.ResponseWriter, _ *http.Request) {
	p.page.present(w, p.o.Issuer)
}

func (p *Provider) jwks(w http.ResponseWriter, _ *http.Request) {
	respond(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{p.key.Public()}})
}

func (p *Provider) app(id string) (app, bool) {
	i := slices.IndexFunc(p.apps, func(a app) bool { return a.id == id })
	if i < 0 {
		return app{}, false
	}
	return p.apps[i], true
}

// secret makes an unguessable name of 20 random bytes.
func (p *Provider) secret() (string, error) {
	var b [20]byte
	if _, err := io.ReadFull(p.o.Random, b[:]); err != nil {
		return "", fmt.Errorf("oidc: randomness: %w", err)
	}
	return base32.StdEncoding.EncodeToString(b[:]), nil
}
