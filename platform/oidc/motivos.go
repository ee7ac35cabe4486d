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

// Motivo is the reason why a token was refused, for the log: one of a closed set, and never a part of the token.
type Motivo string

// The reasons, each with its cause.
const (
	MotivoCabecera    Motivo = "cabecera"     // the header Authorization is not one bearer token
	MotivoForma       Motivo = "forma"        // no signed JWT, or longer than 8 kB
	MotivoAlgoritmo   Motivo = "algoritmo"    // not signed with RS256
	MotivoFirma       Motivo = "firma"        // no key of the issuer has signed it
	MotivoEmisor      Motivo = "emisor"       // iss is not oidc.emisor, to the last slash
	MotivoAudiencia   Motivo = "audiencia"    // aud has no oidc.audiencia
	MotivoVencimiento Motivo = "vencimiento"  // exp is missing or no time
	MotivoVencido     Motivo = "vencido"      // the token has expired
	MotivoTodaviaNo   Motivo = "todavia_no"   // nbf or iat is in the future: clocks differ
	MotivoSujeto      Motivo = "sujeto"       // sub is missing or longer than 255 bytes
	MotivoClase       Motivo = "no_de_acceso" // its claims are those of another kind of token, such as an ID token
	MotivoSinPermisos Motivo = "sin_permisos" // no claim permissions, which oidc.exige_permisos asks for
	MotivoPermisos    Motivo = "permisos"     // permissions or scope is neither text nor list of texts nor object
	MotivoRoles       Motivo = "roles"        // oidc.rol_claim is neither text nor list of texts nor object
	MotivoReclamos    Motivo = "reclamos"     // another claim has a type that it cannot have
	MotivoNonce       Motivo = "otro_ingreso" // an ID token of another login
)

// pausaRechazos is how often one reason is logged.
const pausaRechazos = time.Second

// Rechazos logs the reasons of refused tokens: each reason once a second at most, with the number of refusals that
// were left out (callados). It is safe for concurrent use.
type Rechazos struct {
	log   *slog.Logger
	ahora func() time.Time

	mu  sync.Mutex
	por map[Motivo]cuentaRechazos
}

type cuentaRechazos struct {
	ultimo   time.Time
	callados int
}

// NuevosRechazos makes a Rechazos that writes to log.
func NuevosRechazos(log *slog.Logger, ahora func() time.Time) *Rechazos {
	return &Rechazos{log: log, ahora: ahora, por: map[Motivo]cuentaRechazos{}}
}

// Anotar logs that a token was refused for m, or counts it when m was logged within the last second. An expired token
// is an everyday event (info); every other reason is a warning.
func (r *Rechazos) Anotar(ctx context.Context, m Motivo) {
	callados, ya := r.tomar(m)
	if !ya {
		return
	}
	nivel := slog.LevelWarn
	if m == MotivoVencido {
		nivel = slog.LevelInfo
	}
	r.log.Log(ctx, nivel, "token refused", "motivo", string(m), "callados", callados)
}

// tomar reports whether m is logged now, and how many refusals for m were left out before.
func (r *Rechazos) tomar(m Motivo) (callados int, ya bool) {
	ahora := r.ahora()
	r.mu.Lock()
	defer r.mu.Unlock()
	c, hubo := r.por[m]
	if d := ahora.Sub(c.ultimo); hubo && d >= 0 && d < pausaRechazos {
		c.callados++
		r.por[m] = c
		return 0, false
	}
	r.por[m] = cuentaRechazos{ultimo: ahora}
	return c.callados, true
}

// rechazo is a refusal with its reason: callers see err alone.
type rechazo struct {
	motivo Motivo
	err    error
}

func (r rechazo) Error() string { return r.err.Error() }
func (r rechazo) Unwrap() error { return r.err }

// porque refuses a token for m.
func porque(m Motivo) error { return rechazo{motivo: m, err: ErrToken} }

// rechazar logs the Motivo of err, if it has one, and gives the declared error that callers see.
func (v *Verificador) rechazar(ctx context.Context, err error) error {
	var r rechazo
	if !errors.As(err, &r) {
		return err
	}
	v.rechazos.Anotar(ctx, r.motivo)
	return r.err
}

// lectura holds the notes of VerifySignature about one token, because go-oidc drops the errors of its key set.
type lectura struct {
	sinClaves bool   // the provider's keys could not be fetched
	firmaMala bool   // no key of the provider has signed the token
	texto     []byte // the signed payload
}

type enLectura struct{}

// motivoDe finds the reason why go-oidc has refused crudo, out of err and the notes in l. Claims without a good
// signature are read for the reason alone, and never trusted. Errors: ErrProveedor, ErrTokenVencido, ErrToken, the
// last two with their Motivo.
func (l *lectura) motivoDe(err error, crudo, emisor, audiencia string) error {
	var vencido *oidc.TokenExpiredError
	switch {
	case l.sinClaves:
		return ErrProveedor
	case l.firmaMala:
		return porque(MotivoFirma)
	case l.texto == nil:
		return porque(motivoDeForma(crudo))
	case errors.As(err, &vencido) && vencido.Expiry.Unix() > 0:
		return rechazo{motivo: MotivoVencido, err: ErrTokenVencido}
	}
	return porque(motivoDeReclamos(l.texto, emisor, audiencia))
}

// motivoDeForma tells a text that is no JWT from a JWT signed with another algorithm than RS256.
func motivoDeForma(crudo string) Motivo {
	cabeza, _, _ := strings.Cut(crudo, ".")
	b, err := base64.RawURLEncoding.DecodeString(cabeza)
	var h struct {
		Alg string `json:"alg"`
	}
	if err != nil || json.Unmarshal(b, &h) != nil || h.Alg == "" || h.Alg == string(jose.RS256) {
		return MotivoForma
	}
	return MotivoAlgoritmo
}

// motivoDeReclamos finds the claim for which go-oidc has refused a token with a good signature, in the order in which
// go-oidc checks the claims.
func motivoDeReclamos(texto []byte, emisor, audiencia string) Motivo {
	var leidos struct {
		Emisor    json.RawMessage `json:"iss"`
		Audiencia json.RawMessage `json:"aud"`
		Vence     json.RawMessage `json:"exp"`
		DesdeNo   json.RawMessage `json:"nbf"`
	}
	if json.Unmarshal(texto, &leidos) != nil {
		return MotivoForma
	}
	var iss string
	if json.Unmarshal(leidos.Emisor, &iss) != nil || iss != emisor {
		return MotivoEmisor
	}
	if aud, err := leerLista(leidos.Audiencia); err != nil || !slices.Contains(aud, audiencia) {
		return MotivoAudiencia
	}
	var n json.Number
	if json.Unmarshal(leidos.Vence, &n) != nil || n == "" || strings.HasPrefix(string(n), "-") || n == "0" {
		return MotivoVencimiento
	}
	if leidos.DesdeNo != nil && json.Unmarshal(leidos.DesdeNo, &n) == nil {
		return MotivoTodaviaNo
	}
	return MotivoReclamos
}
