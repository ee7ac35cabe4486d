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

// Problema is the body of every error (RFC 9457).
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

// GetHeaders gives what belongs into the header: when to come back, how to log in.
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

// desafio is the challenge of RFC 6750: without an error when no token was sent, and for a token that is good and not
// enough, insufficient_scope. Empty: the answer is about something else.
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

// MarshalJSON writes the further members beside the standard ones, which win.
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

// aProblema is the one place where errors become answers. What nobody declared is a
// 500: logged with the request's id, its text never shown.
func aProblema(ctx context.Context, err error) *Problema {
	var p *Problema
	if errors.As(err, &p) {
		return p
	}
	return componer(ctx, aFalla(ctx, err))
}

// aFalla finds or chooses the declared error, and logs what was not declared.
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

// componer builds the answer of one request.
func componer(ctx context.Context, e *fault.Error) *Problema {
	s, detalle, code := estadoDe(e), e.Sentence, e.Code
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

// pedido is what one request carries for its errors.
type pedido struct {
	id, direccion string
	red           string // of direccion: what the limits count by
	servidor      *Servidor
}

type clavePedido struct{}

// pedidoDe finds it; outside a Servidor it is empty.
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

// Direccion gives the address of the caller of the request that ctx belongs to, as the limits know it: an IPv4 address,
// the /64 network of an IPv6 address; "" outside of a request. It is personal data: not for logs, and stored only as a
// keyed digest.
func Direccion(ctx context.Context) string { return pedidoDe(ctx).red }

// Solicitud gives the id of the request that ctx belongs to; "" outside of one.
func Solicitud(ctx context.Context) string { return pedidoDe(ctx).id }
