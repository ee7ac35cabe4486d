// Package oidc is the identity provider for local runs: real OpenID Connect (code
// flow with PKCE, refresh, client credentials) over a fixed list of demo logins.
// Its signing key survives a restart; logins in progress, codes and refresh tokens
// live in memory and do not, so a refresh after a restart asks for a new login.
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

// Opciones say what a Proveedor is called and where it keeps its key.
type Opciones struct {
	// Emisor is the issuer: an absolute URL that ends in a slash. Its path is where
	// Handler is mounted.
	Emisor string
	// Audiencia is the API's, in every access token.
	Audiencia string
	// RolClaim is the name of the claim that carries the roles.
	RolClaim string
	// Carpeta keeps the signing key; it is made when absent.
	Carpeta string
	// Redirecciones are the exact addresses to which a code may be sent; a logout may
	// lead to any page of their origins.
	Redirecciones []string
	// Locales lets codes go to the paths of Redirecciones at any port of this machine
	// too, for replicas that are not known beforehand.
	Locales bool
	// Ahora is the clock (default time.Now).
	Ahora func() time.Time
	// Azar is where codes and tokens come from (default crypto/rand).
	Azar io.Reader
	// TTL is how long access and ID tokens live (default 1 h).
	TTL time.Duration
	// TTLRefresco is how long each refresh token lives (default 24 h).
	TTLRefresco time.Duration
	// Gracia is how long after its use a refresh token is still taken: two requests of one
	// browser may reach two replicas at once (default none).
	Gracia time.Duration
}

// Limits of what is kept in memory.
const (
	maxPendientes  = 10_000
	maxCodigos     = 10_000
	maxRefrescos   = 50_000
	maxDirecciones = 10_000
)

// Lifetimes of a login in progress and of a code, and how often an address may fail
// to log in within a minute.
const (
	ttlPendiente = 10 * time.Minute
	ttlCodigo    = time.Minute
	maxFallos    = 20
)

// Proveedor is the identity provider. Safe for concurrent use.
type Proveedor struct {
	o      Opciones
	base   string // path of the issuer without the last slash
	apps   []app
	clave  jose.JSONWebKey
	firma  jose.Signer
	pagina *pagina

	pendientes *almacen[permiso]
	codigos    *almacen[permiso]
	refrescos  *almacen[permiso]
	revocadas  *almacen[string] // families
	freno      freno
}

// permiso is a login on its way from the authorize call to tokens.
type permiso struct {
	app, redireccion, reto, nonce, state string
	alcances                             []string
	usuario                              usuario
	momento                              time.Time // of the login
	familia                              string    // all tokens that come from one login
}

// Nuevo opens or makes the signing key. Errors: options that make no sense, a key
// that cannot be read or stored.
func Nuevo(o Opciones) (*Proveedor, error) {
	u, err := url.Parse(o.Emisor)
	if err != nil || u.Host == "" || !strings.HasSuffix(u.Path, "/") {
		return nil, errors.New("oidc: the issuer must be an absolute URL that ends in a slash")
	}
	if o.Audiencia == "" || o.RolClaim == "" || o.Carpeta == "" {
		return nil, errors.New("oidc: audience, role claim and folder are required")
	}
	o = o.completas()
	p := &Proveedor{
		o:          o,
		base:       strings.TrimSuffix(u.Path, "/"),
		apps:       apps(slices.Clone(o.Redirecciones)),
		pagina:     nuevaPagina(),
		pendientes: nuevoAlmacen[permiso](maxPendientes, ttlPendiente),
		codigos:    nuevoAlmacen[permiso](maxCodigos, ttlCodigo),
		refrescos:  nuevoAlmacen[permiso](maxRefrescos, o.TTLRefresco),
		revocadas:  nuevoAlmacen[string](maxRefrescos, o.TTLRefresco),
		freno:      freno{tope: maxFallos},
	}
	p.refrescos.gracia = o.Gracia
	if p.clave, err = abrirClave(o.Carpeta); err != nil {
		return nil, err
	}
	conTipo := (&jose.SignerOptions{}).WithType("JWT")
	p.firma, err = jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: p.clave}, conTipo)
	if err != nil {
		return nil, fmt.Errorf("oidc: signer: %w", err)
	}
	return p, nil
}

func (o Opciones) completas() Opciones {
	if o.Ahora == nil {
		o.Ahora = time.Now
	}
	if o.Azar == nil {
		o.Azar = rand.Reader
	}
	if o.TTL <= 0 {
		o.TTL = time.Hour
	}
	if o.TTLRefresco <= 0 {
		o.TTLRefresco = 24 * time.Hour
	}
	return o
}

// JWKSURL is where the public keys are.
func (p *Proveedor) JWKSURL() string { return p.o.Emisor + ".well-known/jwks.json" }

// Handler serves every path under the issuer's; it expects the whole path.
func (p *Proveedor) Handler() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /{$}", p.presentar)
	m.HandleFunc("GET /.well-known/openid-configuration", p.descubrimiento)
	m.HandleFunc("GET /.well-known/jwks.json", p.jwks)
	m.HandleFunc("GET /authorize", p.authorize)
	m.HandleFunc("POST /u/login", p.login)
	m.HandleFunc("POST /oauth/token", p.token)
	m.HandleFunc("POST /oauth/revoke", p.revocacion)
	m.HandleFunc("GET /userinfo", p.userinfo)
	m.HandleFunc("POST /userinfo", p.userinfo)
	m.HandleFunc("GET /oidc/logout", p.logout)
	m.HandleFunc("POST /oidc/logout", p.logout)
	return http.StripPrefix(p.base, http.MaxBytesHandler(m, 32<<10))
}

func (p *Proveedor) descubrimiento(w http.ResponseWriter, _ *http.Request) {
	e := p.o.Emisor
	responder(w, http.StatusOK, map[string]any{
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
			"sub", "name", "nickname", "email", "email_verified", p.o.RolClaim,
		},
		"ui_locales_supported": []string{"es-AR"},
	})
}

// presentar is the page at the issuer's own address, which programs print and people open.
func (p *Proveedor) presentar(w http.ResponseWriter, _ *http.Request) {
	p.pagina.presentar(w, p.o.Emisor)
}

func (p *Proveedor) jwks(w http.ResponseWriter, _ *http.Request) {
	responder(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{p.clave.Public()}})
}

func (p *Proveedor) app(id string) (app, bool) {
	i := slices.IndexFunc(p.apps, func(a app) bool { return a.id == id })
	if i < 0 {
		return app{}, false
	}
	return p.apps[i], true
}

// secreto makes a name that nobody can guess.
func (p *Proveedor) secreto() (string, error) {
	var b [20]byte
	if _, err := io.ReadFull(p.o.Azar, b[:]); err != nil {
		return "", fmt.Errorf("oidc: randomness: %w", err)
	}
	return base32.StdEncoding.EncodeToString(b[:]), nil
}
