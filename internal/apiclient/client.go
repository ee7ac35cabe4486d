// Package apiclient is the Go client of the HTTP API: a method and a type for every operation and schema of its
// document, calls with a key that stays the same over repetitions, lists that go on, streams that resume, problems as
// errors, tokens that renew themselves, and a login at the embedded provider.
package apiclient

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Token gives the access token of the next call; with an empty one, the call has no Authorization header.
type Token func(context.Context) (string, error)

// Fixed is a Token that never changes.
func Fixed(crudo string) Token {
	return func(context.Context) (string, error) { return crudo, nil }
}

// Defaults of a Client.
const (
	triesMax  = 4
	answerMax = 32 << 20 // bytes
	waitMax   = 5 * time.Second
)

// Client calls one server. Safe for concurrent use.
type Client struct {
	url   string
	token Token
	http  *http.Client

	// Tries is how many times the client tries a call in all (default 4).
	Tries int
	// Patience, unless 0, replaces Tries: a call is tried again for so long. A Patience longer than a restart of the
	// server hides the restart from the caller.
	Patience time.Duration
	// Wait waits before another try; tests replace it.
	Wait func(context.Context, time.Duration) error
	// Key makes Idempotency-Keys (default random UUIDs).
	Key func() string
}

// New makes a client of the server at url ("http://127.0.0.1:8080"); token may be nil.
func New(url string, token Token, client *http.Client) *Client {
	if token == nil {
		token = Fixed("")
	}
	if client == nil {
		client = &http.Client{Timeout: 30 * time.Second}
	}
	return &Client{
		url:   strings.TrimSuffix(url, "/"),
		token: token,
		http:  client,
		Tries: triesMax,
		Wait:  wait,
		Key:   uuid.NewString,
	}
}

// call is one call with all its tries.
type call struct {
	method, path string
	body         []byte
	header       http.Header
	response     *Response
	stream       bool          // the answer is a stream
	open         io.ReadCloser // body of the stream, once it is open
}

// Response is the part of an answer besides its body.
type Response struct {
	Status int
	Header http.Header
	// Tries is how many times the call was tried.
	Tries int
}

// Repeated reports whether an earlier call with the same key has had the effect.
func (r Response) Repeated() bool { return r.Header.Get("Idempotent-Replayed") == "true" }

// Option changes one call.
type Option func(*call)

// WithKey sends this Idempotency-Key instead of a new one.
func WithKey(clave string) Option { return WithHeader("Idempotency-Key", clave) }

// IfMatch sends If-Match.
func IfMatch(etag string) Option { return WithHeader("If-Match", etag) }

// WithHeader adds one header.
func WithHeader(nombre, valor string) Option {
	return func(l *call) { l.header.Set(nombre, valor) }
}

// IntoResponse stores status and header of the answer in response.
func IntoResponse(response *Response) Option {
	return func(l *call) { l.response = response }
}

// Do calls metodo on camino ("/pedidos", under /api/v1; a path that begins with /api/ or /dev/ is taken as it is).
// body is sent as JSON unless nil; the answer is read into salida unless nil. A POST carries an Idempotency-Key that
// stays the same over the tries. Network errors, 429, 502, 503 and 504 are tried again where a repetition is safe.
// Each operation of the document has a method of its own, which calls Do. Errors: *Problema for an answer of 400
// and above.
func (c *Client) Do(
	ctx context.Context,
	metodo, camino string,
	cuerpo, salida any,
	opciones ...Option,
) error {
	l := &call{method: metodo, path: camino, header: http.Header{}}
	if err := l.prepare(cuerpo); err != nil {
		return err
	}
	if metodo == http.MethodPost {
		l.header.Set("Idempotency-Key", c.Key())
	}
	for _, o := range opciones {
		o(l)
	}
	var r Response
	b, err := c.retry(ctx, l, &r)
	if l.response != nil {
		*l.response = r
	}
	if err != nil || salida == nil || len(b) == 0 {
		return err
	}
	if err := json.Unmarshal(b, salida); err != nil {
		return fmt.Errorf("apiclient: %s %s: answer: %w", metodo, camino, err)
	}
	return nil
}

func (l *call) prepare(cuerpo any) error {
	if !strings.HasPrefix(l.path, "/api/") && !strings.HasPrefix(l.path, "/dev/") {
		l.path = "/api/v1" + l.path
	}
	l.header.Set("Accept", "application/json")
	if cuerpo == nil {
		return nil
	}
	var err error
	if l.body, err = json.Marshal(cuerpo); err != nil {
		return fmt.Errorf("apiclient: body: %w", err)
	}
	l.header.Set("Content-Type", "application/json")
	return nil
}

// safe reports whether the call may be sent again without harm.
func (l *call) safe() bool {
	return l.method != http.MethodPost && l.method != http.MethodPatch ||
		l.header.Get("Idempotency-Key") != ""
}

// retry tries the call until an answer or an error is final.
func (c *Client) retry(ctx context.Context, call *call, response *Response) ([]byte, error) {
	empezo := time.Now()
	for {
		response.Tries++
		b, pausa, err := c.try(ctx, call, response)
		if err == nil || pausa < 0 || !call.safe() || c.exhausted(response.Tries, empezo) {
			return b, err
		}
		if pausa == 0 {
			pausa = 50 * time.Millisecond << min(response.Tries, 6)
		}
		if pausa > waitMax {
			return b, err
		}
		if e := c.Wait(ctx, pausa); e != nil {
			return b, errors.Join(err, e)
		}
	}
}

// exhausted reports whether a call has been tried often or long enough.
func (c *Client) exhausted(intentos int, desde time.Time) bool {
	if c.Patience > 0 {
		return time.Since(desde) >= c.Patience
	}
	return intentos >= c.Tries
}

// try sends the call, and a second time when the server refuses its token and the client gets another one.
func (c *Client) try(
	ctx context.Context,
	call *call,
	response *Response,
) (b []byte, pausa time.Duration, err error) {
	crudo, err := c.token(ctx)
	if err != nil {
		return nil, c.afterToken(ctx, err), fmt.Errorf("apiclient: token: %w", err)
	}
	b, pausa, err = c.send(ctx, call, crudo, response)
	if crudo == "" || response.Status != http.StatusUnauthorized {
		return b, pausa, err
	}
	otro, e := c.token(context.WithValue(ctx, refused{}, crudo))
	if e != nil || otro == crudo {
		return b, pausa, err
	}
	return c.send(ctx, call, otro, response)
}

// afterToken is the wait before another try after a token could not be got; negative when the provider has refused the
// login, so that another try is no use.
func (c *Client) afterToken(ctx context.Context, err error) time.Duration {
	if c.Patience == 0 || ctx.Err() != nil || errors.Is(err, ErrLogin) ||
		errors.Is(err, ErrIssuer) {
		return -1
	}
	return 0
}

// send sends the call once. pausa is the wait before another try: negative when another try is no use, 0 when the
// client may choose.
func (c *Client) send(
	ctx context.Context, call *call, crudo string, response *Response,
) (b []byte, pausa time.Duration, err error) {
	q, err := c.request(ctx, call, crudo)
	if err != nil {
		return nil, -1, err
	}
	response.Status = 0
	res, err := c.httpFor(call).Do(q)
	if err != nil {
		if ctx.Err() != nil {
			return nil, -1, fmt.Errorf("apiclient: %s %s: %w", call.method, call.path, err)
		}
		return nil, 0, fmt.Errorf("apiclient: %s %s: %w", call.method, call.path, err)
	}
	response.Status, response.Header = res.StatusCode, res.Header
	if call.stream && res.StatusCode == http.StatusOK {
		call.open = res.Body
		return nil, -1, nil
	}
	defer func() { _ = res.Body.Close() }() // read-only
	b, err = io.ReadAll(io.LimitReader(res.Body, answerMax+1))
	switch {
	case err != nil:
		return nil, 0, fmt.Errorf("apiclient: %s %s: answer: %w", call.method, call.path, err)
	case len(b) > answerMax:
		return nil, -1, fmt.Errorf("apiclient: %s %s: answer too large", call.method, call.path)
	case res.StatusCode >= http.StatusBadRequest:
		return nil, pauseOf(res), problemOf(res.StatusCode, b)
	case res.StatusCode >= http.StatusMultipleChoices:
		return nil, -1, fmt.Errorf(
			"apiclient: %s %s: status %d",
			call.method,
			call.path,
			res.StatusCode,
		)
	}
	return b, -1, nil
}

// httpFor is the HTTP client of the call. The one of a stream has no timeout.
func (c *Client) httpFor(call *call) *http.Client {
	if !call.stream {
		return c.http
	}
	sin := *c.http
	sin.Timeout = 0
	return &sin
}

func (c *Client) request(ctx context.Context, call *call, crudo string) (*http.Request, error) {
	q, err := http.NewRequestWithContext(
		ctx,
		call.method,
		c.url+call.path,
		bytes.NewReader(call.body),
	)
	if err != nil {
		return nil, fmt.Errorf("apiclient: %s %s: %w", call.method, call.path, err)
	}
	q.Header = call.header.Clone()
	if crudo != "" {
		q.Header.Set("Authorization", "Bearer "+crudo)
	}
	return q, nil
}

// pauseOf is the wait before another try after an answer of 429 or 503, or of 502 or 504, by which a proxy says that
// the server is away.
func pauseOf(res *http.Response) time.Duration {
	switch res.StatusCode {
	case http.StatusTooManyRequests,
		http.StatusServiceUnavailable,
		http.StatusBadGateway,
		http.StatusGatewayTimeout:
	default:
		return -1
	}
	s, err := strconv.Atoi(res.Header.Get("Retry-After"))
	if err != nil || s < 0 {
		return 0
	}
	return time.Duration(s) * time.Second
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
