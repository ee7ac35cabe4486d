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

	extra      map[string]any
	retryAfter time.Duration
}

// Error makes a Problema an error.
func (p *Problema) Error() string { return p.Code + ": " + p.Detail }

// GetStatus gives the HTTP status.
func (p *Problema) GetStatus() int { return p.Status }

// ContentType turns JSON into problem+json.
func (p *Problema) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

// GetHeaders gives the headers of the answer: Retry-After in seconds for 429 and 503, WWW-Authenticate.
func (p *Problema) GetHeaders() http.Header {
	h := http.Header{}
	if p.Status == http.StatusTooManyRequests || p.Status == http.StatusServiceUnavailable {
		h.Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(p.retryAfter.Seconds())))))
	}
	if d := challenge(p.Status, p.Code); d != "" {
		h.Set("WWW-Authenticate", d)
	}
	return h
}

// challenge is the challenge of RFC 6750 for WWW-Authenticate: without an error when no token was sent, invalid_token
// for a bad token, insufficient_scope for a good one that does not admit the caller; "" for every other answer.
func challenge(estado int, code string) string {
	switch {
	case estado == http.StatusUnauthorized && code == codeNoToken:
		return `Bearer realm="despensa"`
	case estado == http.StatusUnauthorized:
		return `Bearer realm="despensa", error="invalid_token"`
	case estado == http.StatusForbidden && code == ErrForbidden.Code:
		return `Bearer realm="despensa", error="insufficient_scope"`
	case estado == http.StatusForbidden && code == oidc.ErrProfileDenied.Code:
		return `Bearer realm="despensa", error="insufficient_scope", scope="openid"`
	}
	return ""
}

// MarshalJSON writes the members of extra beside the standard members. Where both have a name, the standard one is
// written.
func (p *Problema) MarshalJSON() ([]byte, error) {
	type plano Problema
	b, err := toJSON((*plano)(p))
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
	return toJSON(todo)
}

// problemOf is the one place where errors become answers. An error that no module declared is a 500: it is logged
// with the request's id, and its text is never shown.
func problemOf(ctx context.Context, err error) *Problema {
	var p *Problema
	if errors.As(err, &p) {
		return p
	}
	return compose(ctx, faultOf(ctx, err))
}

// faultOf finds the declared error in err, or chooses one: that of huma's status, ErrTimeout when ctx is over,
// ErrInternal. It logs errors that are undeclared, Internal, Unavailable or Broken.
func faultOf(ctx context.Context, err error) *fault.Error {
	if e, ok := fault.As(err); ok && e.Kind != fault.Internal {
		if e.Kind == fault.Unavailable {
			requestOf(
				ctx,
			).log().
				WarnContext(ctx, "not available", "solicitud", requestOf(ctx).id, "error", err)
		}
		if e.Kind == fault.Broken {
			requestOf(
				ctx,
			).log().
				ErrorContext(ctx, "stored data are damaged", "solicitud", requestOf(ctx).id, "error", err)
		}
		return e
	}
	var se huma.StatusError
	if errors.As(err, &se) && se.GetStatus() < http.StatusInternalServerError {
		return faultForStatus(se.GetStatus())
	}
	if errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil {
		requestOf(
			ctx,
		).log().
			WarnContext(ctx, "request given up", "solicitud", requestOf(ctx).id, "error", err)
		return ErrTimeout
	}
	requestOf(
		ctx,
	).log().
		ErrorContext(ctx, "request failed", "solicitud", requestOf(ctx).id, "error", err)
	if e, ok := fault.As(err); ok {
		return e
	}
	return ErrInternal
}

// compose builds the problem that answers the request of ctx with e.
func compose(ctx context.Context, e *fault.Error) *Problema {
	s := statusOf(e)
	detalle, code := e.Sentence, e.Code
	if s == http.StatusInternalServerError && e.Kind != fault.Broken {
		e, detalle, code = ErrInternal, ErrInternal.Sentence, ErrInternal.Code
	}
	q := requestOf(ctx)
	q.learn(e)
	return &Problema{
		Type: q.base() + "/problemas/" + code, Title: http.StatusText(s), Status: s, Detail: detalle, Code: code,
		Solicitud: q.id, Errors: e.Fields, extra: e.Extra, retryAfter: e.RetryAfter,
	}
}

// request is the data of one request that problems, limits and logs need.
type request struct {
	id, address string
	network     string // network of address, the key of the limits by network
	server      *Server
}

type requestKey struct{}

// requestOf finds the request of ctx; outside a Server it is the zero value.
func requestOf(ctx context.Context) request {
	q, _ := ctx.Value(requestKey{}).(request)
	return q
}

func (q request) log() *slog.Logger {
	if q.server == nil {
		return slog.Default()
	}
	return q.server.o.Log
}

func (q request) base() string {
	if q.server == nil {
		return ""
	}
	return q.server.URL()
}

func (q request) learn(e *fault.Error) {
	if q.server != nil {
		q.server.codes.note(e)
	}
}

// ClientNetwork gives the caller's address of the request that ctx belongs to, as the limits count it: an IPv4 address,
// the /64 network of an IPv6 address; "" outside of a request. The address is personal data: it must not be logged,
// and is stored only as a keyed digest.
func ClientNetwork(ctx context.Context) string { return requestOf(ctx).network }

// RequestID gives the id of the request that ctx belongs to; "" outside of a request.
func RequestID(ctx context.Context) string { return requestOf(ctx).id }
