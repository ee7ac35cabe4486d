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
	// Log is told when the provider's keys cannot be had, and why tokens are refused (default slog.Default).
	Log *slog.Logger
}

// Verificador verifies access tokens. Safe for concurrent use.
type Verificador struct {
	o         Opciones
	proveedor *proveedor
	verifica  *oidc.IDTokenVerifier
	llaves    *claves
	memoria   *memoria
	rechazos  *Rechazos
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
	c := &http.Client{Transport: o.Transporte, Timeout: espera,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // a token goes nowhere else
		}}
	p := &proveedor{emisor: o.Config.Emisor, cliente: c, halladas: direcciones{JWKS: o.JWKS, Userinfo: o.Userinfo}}
	llaves := &claves{traer: p.traerClaves, log: o.Log, ahora: o.Ahora, pausa: o.Config.ClavesPausa,
		refresco: o.Config.ClavesRefresco, edad: o.Config.ClavesEdad}
	return &Verificador{
		o: o, proveedor: p, llaves: llaves, memoria: nuevaMemoria(o.Config.Memoria),
		rechazos: NuevosRechazos(o.Log, o.Ahora),
		verifica: oidc.NewVerifier(o.Config.Emisor, llaves, &oidc.Config{
			ClientID: o.Config.Audiencia, SupportedSigningAlgs: []string{string(jose.RS256)}, Now: o.Ahora,
		}),
	}, nil
}

// Cerrar lets go of connections to the provider.
func (v *Verificador) Cerrar() { v.proveedor.cliente.CloseIdleConnections() }

// Verificar tells whose access token crudo is. Errors: ErrToken, ErrTokenVencido,
// ErrProveedor while the provider's keys cannot be had. Why a token is refused is logged.
func (v *Verificador) Verificar(ctx context.Context, crudo string) (Principal, error) {
	p, err := v.verificar(ctx, crudo)
	if err != nil {
		return Principal{}, v.rechazar(ctx, err)
	}
	p.token = &crudo
	return p, nil
}

func (v *Verificador) verificar(ctx context.Context, crudo string) (Principal, error) {
	if crudo == "" || len(crudo) > crudoMax {
		return Principal{}, porque(MotivoForma)
	}
	ahora := v.o.Ahora()
	if p, ok := v.memoria.ver(crudo, ahora); ok {
		return p, nil
	}
	var l lectura
	t, err := v.verifica.Verify(context.WithValue(ctx, enLectura{}, &l), crudo)
	if err != nil {
		return Principal{}, l.motivoDe(err, crudo, v.o.Config.Emisor, v.o.Config.Audiencia)
	}
	p, err := v.principal(t, ahora)
	if err == nil {
		v.memoria.guardar(crudo, p, t.Expiry, ahora)
	}
	return p, err
}

// VerificarID tells whose ID token crudo is, which must be for cliente and carry nonce.
// Errors: ErrToken, ErrTokenVencido, ErrProveedor. Why a token is refused is logged.
func (v *Verificador) VerificarID(ctx context.Context, crudo, cliente, nonce string) (sub string, err error) {
	if crudo == "" || len(crudo) > crudoMax || cliente == "" || nonce == "" {
		return "", v.rechazar(ctx, porque(MotivoForma))
	}
	var l lectura
	t, err := oidc.NewVerifier(v.o.Config.Emisor, v.llaves, &oidc.Config{
		ClientID: cliente, SupportedSigningAlgs: []string{string(jose.RS256)}, Now: v.o.Ahora,
	}).Verify(context.WithValue(ctx, enLectura{}, &l), crudo)
	switch {
	case err != nil:
		err = l.motivoDe(err, crudo, v.o.Config.Emisor, cliente)
	case t.Subject == "":
		err = porque(MotivoSujeto)
	case subtle.ConstantTimeCompare([]byte(t.Nonce), []byte(nonce)) != 1:
		err = porque(MotivoNonce)
	}
	if err != nil {
		return "", v.rechazar(ctx, err)
	}
	return t.Subject, nil
}

// principal reads the claims. Errors: ErrToken, with its reason.
func (v *Verificador) principal(t *oidc.IDToken, ahora time.Time) (Principal, error) {
	var c reclamos
	switch err := t.Claims(&c); {
	case errors.Is(err, errLista):
		return Principal{}, porque(MotivoPermisos)
	case err != nil:
		return Principal{}, porque(MotivoReclamos)
	case t.Subject == "" || len(t.Subject) > subMax:
		return Principal{}, porque(MotivoSujeto)
	case t.IssuedAt.After(ahora.Add(adelanto)):
		return Principal{}, porque(MotivoTodaviaNo)
	case c.ajeno():
		return Principal{}, porque(MotivoClase)
	case v.o.Config.ExigePermisos && !c.Permisos.hay:
		return Principal{}, porque(MotivoSinPermisos)
	}
	p := Principal{Sub: t.Subject, ID: IDDe(t.Subject), Vence: t.Expiry}
	p.Maquina = c.Gty == "client-credentials" || strings.HasSuffix(t.Subject, "@clients")
	if p.Maquina {
		p.Permisos = c.alcances()
		return p, nil
	}
	var err error
	if p.Roles, err = rolesDe(t, v.o.Config.RolClaim); err != nil {
		return Principal{}, porque(MotivoRoles)
	}
	return p, nil
}
