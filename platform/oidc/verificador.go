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
	// crudoMax is the longest token that is read, in bytes.
	crudoMax = 8 << 10
	// subMax is the longest subject that is accepted, in bytes.
	subMax = 255
	// adelanto is how far in the future the time of issue (iat) may lie: the provider's clock and ours differ.
	adelanto = time.Minute
)

// Opciones name the trusted identity provider and the parts of a Verificador. Config is required.
type Opciones struct {
	Config Config
	// JWKS is the address of the provider's keys, and Userinfo that of its profiles of people. An empty address is found
	// by discovery, when it is first needed.
	JWKS, Userinfo string
	// Transporte carries the calls to the provider (default: one of its own).
	Transporte http.RoundTripper
	// Ahora is the clock (default time.Now).
	Ahora func() time.Time
	// Log takes the failures to fetch the provider's keys, and the reasons of refused tokens (default slog.Default).
	Log *slog.Logger
}

// Verificador verifies the access tokens and the ID tokens of one provider. It is safe for concurrent use.
type Verificador struct {
	o         Opciones
	proveedor *proveedor
	verifica  *oidc.IDTokenVerifier
	llaves    *claves
	memoria   *memoria
	rechazos  *Rechazos
}

// Nuevo builds a Verificador; the provider is not called. Errors: those of Config.Validar, an empty oidc.emisor.
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
		t.MaxIdleConnsPerHost = 2
		t.IdleConnTimeout = 30 * time.Second
		o.Transporte = t
	}
	c := &http.Client{
		Transport: o.Transporte,
		Timeout:   espera,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // a token is never sent to another address
		},
	}
	p := &proveedor{emisor: o.Config.Emisor, cliente: c, halladas: direcciones{JWKS: o.JWKS, Userinfo: o.Userinfo}}
	llaves := &claves{
		traer: p.traerClaves, log: o.Log, ahora: o.Ahora,
		pausa: o.Config.ClavesPausa, refresco: o.Config.ClavesRefresco, edad: o.Config.ClavesEdad,
	}
	return &Verificador{
		o: o, proveedor: p, llaves: llaves, memoria: nuevaMemoria(o.Config.Memoria),
		rechazos: NuevosRechazos(o.Log, o.Ahora),
		verifica: oidc.NewVerifier(o.Config.Emisor, llaves, &oidc.Config{
			ClientID: o.Config.Audiencia, SupportedSigningAlgs: []string{string(jose.RS256)}, Now: o.Ahora,
		}),
	}, nil
}

// Cerrar closes the idle connections to the provider.
func (v *Verificador) Cerrar() { v.proveedor.cliente.CloseIdleConnections() }

// Verificar checks the access token crudo and gives its subject, with roles or scopes. Errors: ErrToken,
// ErrTokenVencido, ErrProveedor while the provider's keys cannot be fetched. The reason of a refusal is logged.
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

// VerificarID checks the ID token crudo, which must have the audience cliente and carry nonce, and gives its subject.
// Errors: ErrToken, ErrTokenVencido, ErrProveedor. The reason of a refusal is logged.
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

// principal reads the caller out of the claims of a token with a good signature. Errors: ErrToken, with its Motivo.
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
