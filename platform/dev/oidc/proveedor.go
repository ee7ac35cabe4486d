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

// Opciones are the settings of Nuevo. Emisor, Audiencia, RolClaim and Carpeta are required.
type Opciones struct {
	// Emisor is the issuer: an absolute URL that ends in a slash. Handler serves below its path.
	Emisor string
	// Audiencia is the audience of the API, which all access tokens carry.
	Audiencia string
	// RolClaim is the name of the claim that carries the roles.
	RolClaim string
	// Carpeta is the folder of the signing key; Nuevo makes it when absent.
	Carpeta string
	// Redirecciones are the exact addresses to which a code may be sent. A logout may lead to any page of their origins.
	Redirecciones []string
	// Locales lets codes go to the paths of Redirecciones at any port of this machine too, for replicas with ports that
	// are not known beforehand.
	Locales bool
	// Ahora is the clock (default time.Now).
	Ahora func() time.Time
	// Azar is the source of the random bytes of codes and tokens (default crypto/rand).
	Azar io.Reader
	// TTL is the lifetime of access and ID tokens (default 1 h).
	TTL time.Duration
	// TTLRefresco is the lifetime of a refresh token (default 24 h).
	TTLRefresco time.Duration
	// Gracia is the time after its first use in which a refresh token may be used again, because two requests of one
	// browser may reach two replicas at once (default 0).
	Gracia time.Duration
}

// Maximum numbers of entries in memory.
const (
	maxPendientes  = 10_000 // logins in progress
	maxCodigos     = 10_000
	maxRefrescos   = 50_000 // refresh tokens, and revoked families
	maxDirecciones = 10_000 // client addresses with failed logins
)

// Limits of a login.
const (
	ttlPendiente = 10 * time.Minute // from the authorization request to the password
	ttlCodigo    = time.Minute      // lifetime of a code
	maxFallos    = 20               // failed logins of one client address within a minute
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
	revocadas  *almacen[string] // the families of revoked refresh tokens
	freno      freno
}

// permiso is a login, from the authorization request to its tokens: the grant behind a code or a refresh token.
type permiso struct {
	app, redireccion, reto, nonce, state string
	alcances                             []string
	usuario                              usuario
	momento                              time.Time // of the login
	familia                              string    // id of the login; all refresh tokens of one login share it
}

// Nuevo opens or makes the signing key. Errors: an issuer that is no absolute URL with a final slash; a required
// option is missing; a key that cannot be read or stored.
func Nuevo(o Opciones) (*Proveedor, error) {
	emisor, err := url.Parse(o.Emisor)
	if err != nil || emisor.Host == "" || !strings.HasSuffix(emisor.Path, "/") {
		return nil, errors.New("oidc: the issuer must be an absolute URL that ends in a slash")
	}
	if o.Audiencia == "" || o.RolClaim == "" || o.Carpeta == "" {
		return nil, errors.New("oidc: audience, role claim and folder are required")
	}
	o = o.completas()
	p := &Proveedor{
		o:          o,
		base:       strings.TrimSuffix(emisor.Path, "/"),
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

// JWKSURL is the address of the public keys.
func (p *Proveedor) JWKSURL() string { return p.o.Emisor + ".well-known/jwks.json" }

// Handler serves the paths below the issuer's; it expects the whole path.
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

// descubrimiento is the discovery document of OpenID Connect.
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

// presentar is the page at the issuer's own address, because the program prints that address and people open it.
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

// secreto makes an unguessable name of 20 random bytes.
func (p *Proveedor) secreto() (string, error) {
	var b [20]byte
	if _, err := io.ReadFull(p.o.Azar, b[:]); err != nil {
		return "", fmt.Errorf("oidc: randomness: %w", err)
	}
	return base32.StdEncoding.EncodeToString(b[:]), nil
}
