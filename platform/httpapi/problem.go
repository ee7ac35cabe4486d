package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"math"
	"net/http"
	"strconv"
	"time"

	"despensa/platform/fault"
	"despensa/platform/oidc"

	"github.com/danielgtaylor/huma/v2"
)

// Problema is the body of every error answer (RFC 9457).
type Problema struct {
	Type      string        `json:"type" format:"uri-reference" doc:"A page of this server that explains the code."`
	Title     string        `json:"title" doc:"The status in words."`
	Status    int           `json:"status" doc:"The HTTP status."`
	Detail    string        `json:"detail" doc:"What is wrong, for the engineer who reads it; its words may change."`
	Code      string        `json:"code" doc:"Stable, for programs: one of x-codigos. New ones may come."`
	Solicitud string        `json:"solicitud" doc:"The request's id, also in X-Request-Id."`
	Errors    []fault.Field `json:"errors,omitempty" doc:"What was wrong where; never the values."`
	_         struct{}      `additionalProperties:"true"`

	extra     map[string]any
	reintento time.Duration
}

// Error makes a Problema an error.
func (p *Problema) Error() string { return p.Code + ": " + p.Detail }

// GetStatus gives the HTTP status.
func (p *Problema) GetStatus() int { return p.Status }

// ContentType turns JSON into problem+json.
func (p *Problema) ContentType(string) string { return tipoProblema }

const tipoProblema = "application/problem+json"

// GetHeaders gives the headers of the answer: Retry-After in seconds for 429 and 503, WWW-Authenticate.
func (p *Problema) GetHeaders() http.Header {
	h := http.Header{}
	if p.Status == http.StatusTooManyRequests || p.Status == http.StatusServiceUnavailable {
		h.Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(p.reintento.Seconds())))))
	}
	if d := desafio(p.Status, p.Code); d != "" {
		h.Set("WWW-Authenticate", d)
	}
	return h
}

// desafio is the challenge of RFC 6750 for WWW-Authenticate: without an error when no token was sent, invalid_token
// for a bad token, insufficient_scope for a good one that does not admit the caller; "" for every other answer.
func desafio(estado int, code string) string {
	switch {
	case estado == http.StatusUnauthorized && code == errAusente:
		return `Bearer realm="despensa"`
	case estado == http.StatusUnauthorized:
		return `Bearer realm="despensa", error="invalid_token"`
	case estado == http.StatusForbidden && code == ErrPermiso.Code:
		return `Bearer realm="despensa", error="insufficient_scope"`
	case estado == http.StatusForbidden && code == oidc.ErrPerfilNegado.Code:
		return `Bearer realm="despensa", error="insufficient_scope", scope="openid"`
	}
	return ""
}

// MarshalJSON writes the members of extra beside the standard members. Where both have a name, the standard one is
// written.
func (p *Problema) MarshalJSON() ([]byte, error) {
	type plano Problema
	b, err := enJSON((*plano)(p))
	if err != nil || len(p.extra) == 0 {
		return b, err
	}
	todo := maps.Clone(p.extra)
	var propios map[string]json.RawMessage
	if err := json.Unmarshal(b, &propios); err != nil {
		return nil, err
	}
	for k, v := range propios {
		todo[k] = v
	}
	return enJSON(todo)
}

// aProblema is the one place where errors become answers. An error that no module declared is a 500: it is logged
// with the request's id, and its text is never shown.
func aProblema(ctx context.Context, err error) *Problema {
	var p *Problema
	if errors.As(err, &p) {
		return p
	}
	return componer(ctx, aFalla(ctx, err))
}

// aFalla finds the declared error in err, or chooses one: that of huma's status, ErrTiempo when ctx is over,
// ErrInterno. It logs errors that are undeclared, Internal, Unavailable or Broken.
func aFalla(ctx context.Context, err error) *fault.Error {
	if e, ok := fault.As(err); ok && e.Kind != fault.Internal {
		if e.Kind == fault.Unavailable {
			pedidoDe(ctx).registro().WarnContext(ctx, "not available", "solicitud", pedidoDe(ctx).id, "error", err)
		}
		if e.Kind == fault.Broken {
			pedidoDe(ctx).registro().ErrorContext(ctx, "stored data are damaged", "solicitud", pedidoDe(ctx).id, "error", err)
		}
		return e
	}
	var se huma.StatusError
	if errors.As(err, &se) && se.GetStatus() < http.StatusInternalServerError {
		return deEstado(se.GetStatus())
	}
	if errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil {
		pedidoDe(ctx).registro().WarnContext(ctx, "request given up", "solicitud", pedidoDe(ctx).id, "error", err)
		return ErrTiempo
	}
	pedidoDe(ctx).registro().ErrorContext(ctx, "request failed", "solicitud", pedidoDe(ctx).id, "error", err)
	if e, ok := fault.As(err); ok {
		return e
	}
	return ErrInterno
}

// componer builds the problem that answers the request of ctx with e.
func componer(ctx context.Context, e *fault.Error) *Problema {
	s := estadoDe(e)
	detalle, code := e.Sentence, e.Code
	if s == http.StatusInternalServerError && e.Kind != fault.Broken {
		e, detalle, code = ErrInterno, ErrInterno.Sentence, ErrInterno.Code
	}
	q := pedidoDe(ctx)
	q.aprender(e)
	return &Problema{
		Type: q.base() + "/problemas/" + code, Title: http.StatusText(s), Status: s, Detail: detalle, Code: code,
		Solicitud: q.id, Errors: e.Fields, extra: e.Extra, reintento: e.RetryAfter,
	}
}

// pedido is the data of one request that problems, limits and logs need.
type pedido struct {
	id, direccion string
	red           string // network of direccion, the key of the limits by network
	servidor      *Servidor
}

type clavePedido struct{}

// pedidoDe finds the pedido of ctx; outside a Servidor it is the zero value.
func pedidoDe(ctx context.Context) pedido {
	q, _ := ctx.Value(clavePedido{}).(pedido)
	return q
}

func (q pedido) registro() *slog.Logger {
	if q.servidor == nil {
		return slog.Default()
	}
	return q.servidor.o.Log
}

func (q pedido) base() string {
	if q.servidor == nil {
		return ""
	}
	return q.servidor.URL()
}

func (q pedido) aprender(e *fault.Error) {
	if q.servidor != nil {
		q.servidor.codigos.anotar(e)
	}
}

// Direccion gives the caller's address of the request that ctx belongs to, as the limits count it: an IPv4 address,
// the /64 network of an IPv6 address; "" outside of a request. The address is personal data: it must not be logged,
// and is stored only as a keyed digest.
func Direccion(ctx context.Context) string { return pedidoDe(ctx).red }

// Solicitud gives the id of the request that ctx belongs to; "" outside of a request.
func Solicitud(ctx context.Context) string { return pedidoDe(ctx).id }
