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
	// crudoMax is how long a token may be, in bytes.
	crudoMax = 8 << 10
	// subMax is how long a subject may be, in bytes.
	subMax = 255
	// adelanto is how far in the future a token may have been issued: clocks differ.
	adelanto = time.Minute
)

// Opciones say which provider is trusted.
type Opciones struct {
	Config Config
	// JWKS is where the provider's keys are, and Userinfo where it tells about people;
	// what is empty is found by discovery, when first needed.
	JWKS, Userinfo string
	// Transporte carries the calls to the provider (default: one of its own).
	Transporte http.RoundTripper
	// Ahora is the clock (default time.Now).
	Ahora func() time.Time
	// Log is told when the provider's keys cannot be had (default slog.Default).
	Log *slog.Logger
}

// Verificador verifies access tokens. Safe for concurrent use.
type Verificador struct {
	o         Opciones
	proveedor *proveedor
	verifica  *oidc.IDTokenVerifier
	llaves    *claves
	memoria   *memoria
}

// Nuevo builds a Verificador; the provider is not called. Errors: Config.Validar's.
func Nuevo(o Opciones) (*Verificador, error) {
	if err := o.Config.Validar(); err != nil {
		return nil, err
	}
	if o.Config.Emisor == "" {
		return nil, errors.New("oidc.emisor: missing")
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Ahora == nil {
		o.Ahora = time.Now
	}
	if o.Transporte == nil {
		t := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // the standard library's
		t.MaxIdleConnsPerHost, t.IdleConnTimeout = 2, 30*time.Second
		o.Transporte = t
	}
	c := &http.Client{Transport: o.Transporte, Timeout: espera, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse // a token goes nowhere else
	}}
	p := &proveedor{emisor: o.Config.Emisor, cliente: c, halladas: direcciones{JWKS: o.JWKS, Userinfo: o.Userinfo}}
	llaves := &claves{traer: p.traerClaves, log: o.Log, ahora: o.Ahora, pausa: o.Config.ClavesPausa, refresco: o.Config.ClavesRefresco, edad: o.Config.ClavesEdad}
	return &Verificador{
		o: o, proveedor: p, llaves: llaves, memoria: nuevaMemoria(o.Config.Memoria),
		verifica: oidc.NewVerifier(o.Config.Emisor, llaves, &oidc.Config{
			ClientID: o.Config.Audiencia, SupportedSigningAlgs: []string{string(jose.RS256)}, Now: o.Ahora,
		}),
	}, nil
}

// Cerrar lets go of connections to the provider.
func (v *Verificador) Cerrar() { v.proveedor.cliente.CloseIdleConnections() }

// Verificar tells whose access token crudo is. Errors: ErrToken, ErrTokenVencido,
// ErrProveedor while the provider's keys cannot be had.
func (v *Verificador) Verificar(ctx context.Context, crudo string) (Principal, error) {
	if crudo == "" || len(crudo) > crudoMax {
		return Principal{}, ErrToken
	}
	ahora := v.o.Ahora()
	if p, ok := v.memoria.ver(crudo, ahora); ok {
		p.token = &crudo
		return p, nil
	}
	var sinClaves bool // the library drops what its key set says
	t, err := v.verifica.Verify(context.WithValue(ctx, avisoClaves{}, &sinClaves), crudo)
	if sinClaves {
		return Principal{}, ErrProveedor
	}
	if err != nil {
		return Principal{}, traducir(err)
	}
	p, err := v.principal(t, ahora)
	if err != nil {
		return Principal{}, err
	}
	v.memoria.guardar(crudo, p, t.Expiry, ahora)
	p.token = &crudo
	return p, nil
}

// VerificarID tells whose ID token crudo is, which must be for cliente and carry nonce.
// Errors: ErrToken, ErrTokenVencido, ErrProveedor.
func (v *Verificador) VerificarID(ctx context.Context, crudo, cliente, nonce string) (sub string, err error) {
	if crudo == "" || len(crudo) > crudoMax || cliente == "" || nonce == "" {
		return "", ErrToken
	}
	var sinClaves bool
	t, err := oidc.NewVerifier(v.o.Config.Emisor, v.llaves, &oidc.Config{
		ClientID: cliente, SupportedSigningAlgs: []string{string(jose.RS256)}, Now: v.o.Ahora,
	}).Verify(context.WithValue(ctx, avisoClaves{}, &sinClaves), crudo)
	switch {
	case sinClaves:
		return "", ErrProveedor
	case err != nil:
		return "", traducir(err)
	case subtle.ConstantTimeCompare([]byte(t.Nonce), []byte(nonce)) != 1 || t.Subject == "":
		return "", ErrToken
	}
	return t.Subject, nil
}

// traducir turns the library's word into ours, without its text.
func traducir(err error) error {
	var vencido *oidc.TokenExpiredError
	if errors.As(err, &vencido) && vencido.Expiry.Unix() > 0 {
		return ErrTokenVencido
	}
	return ErrToken
}

// principal reads the claims. Errors: ErrToken.
func (v *Verificador) principal(t *oidc.IDToken, ahora time.Time) (Principal, error) {
	var c reclamos
	if err := t.Claims(&c); err != nil || t.Subject == "" || len(t.Subject) > subMax {
		return Principal{}, ErrToken
	}
	if t.IssuedAt.After(ahora.Add(adelanto)) || c.ajeno() || (v.o.Config.ExigePermisos && c.Permisos == nil) {
		return Principal{}, ErrToken
	}
	p := Principal{Sub: t.Subject, ID: IDDe(t.Subject), Vence: t.Expiry}
	p.Maquina = c.Gty == "client-credentials" || strings.HasSuffix(t.Subject, "@clients")
	if p.Maquina {
		p.Permisos = c.alcances()
		return p, nil
	}
	var err error
	if p.Roles, err = rolesDe(t, v.o.Config.RolClaim); err != nil {
		return Principal{}, ErrToken
	}
	return p, nil
}
