package httpapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"time"

	"despensa/platform/fault"
	"despensa/platform/oidc"

	"github.com/danielgtaylor/huma/v2"
)

const (
	heartbeat      = 15 * time.Second // between two comments on a silent stream
	eventTimeout   = 10 * time.Second // for the reader to take one event
	reconnectAfter = time.Second      // after which a browser comes back
	checkEvery     = time.Second / 2  // between two checks that a stream's session is still open
	streamType     = "text/event-stream"
)

// ErrStreams answers a caller with http.flujos streams and downloads open already.
var ErrStreams = fault.New(fault.TooMany, "demasiados-flujos",
	"Too many streams are open; close some.").WithRetry(5 * time.Second)

// WithResume is embedded in the input of a stream of events with ids.
type WithResume struct {
	Ultimo string `header:"Last-Event-ID" doc:"Id of the last event that arrived; the stream goes on after it. What is no id of this stream's: it begins anew."`
}

// After gives the id after which the stream goes on; ultimo is the id of its last event. An id that the stream has
// not given yields 0, the beginning: a reader that waited for events after an unknown id could wait for ever.
func (c WithResume) After(ultimo int64) int64 {
	n, err := strconv.ParseInt(c.Ultimo, 10, 64)
	if err != nil || n < 0 || n > ultimo {
		return 0
	}
	return n
}

// Event is one event of a stream.
type Event struct {
	ID   int64 // of the event, from 1; 0: the event has no id
	Type string
	Data any // written as JSON
}

// RegisterStream registers a stream of Server-Sent Events; operation.Path ends in /vivo. sucesos names the types of
// events, each with a value of its data's type. abrir checks the call (its errors become problems) and returns the
// function that sends events until it gets an error from Send or Wait or has one of its own. Any error ends the
// stream, and the client connects again for the rest.
func RegisterStream[I any](
	api huma.API,
	operation huma.Operation,
	access Access,
	sucesos map[string]any,
	abrir func(context.Context, *I) (func(context.Context, *Stream) error, error),
) {
	operation.MaxBodyBytes = -1
	prepare(api, &operation, access)
	operation.Responses = map[string]*huma.Response{"200": {
		Description: "Events as they happen, with a comment every 15 seconds.",
		Content: map[string]*huma.MediaType{
			streamType: {Schema: streamSchema(api, sucesos)},
		},
	}}
	registerLong(api, operation, abrir, runStream)
}

// registerLong registers an operation with a long answer. abrir checks the call; correr writes the answer, which
// counts among the caller's streams until correr returns.
func registerLong[I, F any](
	api huma.API,
	operation huma.Operation,
	abrir func(context.Context, *I) (F, error),
	correr func(huma.Context, F),
) {
	huma.Register(
		api,
		operation,
		func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
			canonicalQuery(in)
			f, err := abrir(ctx, in)
			if err != nil {
				return nil, problemOf(ctx, err)
			}
			soltar, err := requestOf(ctx).openStream(ctx)
			if err != nil {
				return nil, problemOf(ctx, err)
			}
			return &huma.StreamResponse{Body: func(hc huma.Context) {
				defer soltar()
				correr(hc, f)
			}}, nil
		},
	)
}

// streamSchema describes the events of a stream, each as an object of its fields: OpenAPI 3.1 cannot describe a stream.
func streamSchema(api huma.API, sucesos map[string]any) *huma.Schema {
	var uno []*huma.Schema
	for _, tipo := range slices.Sorted(maps.Keys(sucesos)) {
		dato := *api.OpenAPI().Components.Schemas.Schema(reflect.TypeOf(sucesos[tipo]), true, tipo)
		dato.Description = "What happened, as JSON."
		uno = append(uno, &huma.Schema{
			Title: "Event " + tipo, Type: huma.TypeObject, Required: []string{"event", "data"},
			Properties: map[string]*huma.Schema{
				"id": {Type: huma.TypeInteger, Description: "For Last-Event-ID."},
				"event": {
					Type:        huma.TypeString,
					Enum:        []any{tipo},
					Description: "What kind of event it is.",
				},
				"data": &dato,
			},
		})
	}
	return &huma.Schema{
		Title: "Server-Sent Events",
		Type:  huma.TypeArray,
		Items: &huma.Schema{OneOf: uno},
	}
}

// runStream answers with the stream that correr sends. The stream ends when the program stops, the caller's token
// expires or the session is closed.
func runStream(hctx huma.Context, correr func(context.Context, *Stream) error) {
	w, ok := hctx.BodyWriter().(http.ResponseWriter)
	if !ok {
		return
	}
	ctx := hctx.Context()
	ahora := time.Now()
	c := &Stream{
		ctx: ctx, w: w, control: http.NewResponseController(w),
		heartbeat: time.NewTimer(heartbeat), checked: ahora, seenOpen: ahora,
	}
	defer c.heartbeat.Stop()
	defer c.cutWith(ctx)()
	hctx.SetHeader("Content-Type", streamType)
	hctx.SetHeader("X-Accel-Buffering", "no") // proxies that hold answers back know it
	hctx.SetStatus(http.StatusOK)
	if isHead(ctx) {
		return // the client needs the connection for its next request, and an answer to HEAD carries no events
	}
	if p, ok := oidc.Caller(ctx); ok && !p.Expires.IsZero() {
		fin := time.NewTimer(time.Until(p.Expires))
		defer fin.Stop()
		c.expired = fin.C
	}
	if vigente, ok := ctx.Value(stillOpenKey{}).(func() error); ok {
		mirar := time.NewTicker(checkEvery)
		defer mirar.Stop()
		c.stillOpen, c.check = vigente, mirar.C
	}
	err := c.write(fmt.Appendf(nil, ": despensa\nretry: %d\n\n", reconnectAfter.Milliseconds()))
	if err == nil {
		err = correr(ctx, c)
	}
	if err != nil && ctx.Err() == nil && !errors.Is(err, errTokenOver) {
		requestOf(
			ctx,
		).log().
			DebugContext(ctx, "stream ended", "solicitud", requestOf(ctx).id, "error", err)
	}
}

// cutWith makes a hanging write fail as soon as ctx ends. The caller must call soltar, which undoes that and waits
// for a cut under way: afterwards the server reuses the ResponseWriter for another request.
func (c *Stream) cutWith(ctx context.Context) (soltar func()) {
	cortada := make(chan struct{})
	parar := context.AfterFunc(ctx, func() {
		defer close(cortada)
		_ = c.control.SetWriteDeadline(time.Now())
	})
	return func() {
		if !parar() {
			<-cortada
		}
	}
}

// errTokenOver ends a stream when the caller's token expires.
var errTokenOver = errors.New("httpapi: the caller's token is over")

// Stream is an open stream; one goroutine uses it.
type Stream struct {
	ctx       context.Context
	w         io.Writer
	control   *http.ResponseController
	heartbeat *time.Timer
	expired   <-chan time.Time
	stillOpen func() error     // asks whether the browser's session is open; nil: the caller has a token
	check     <-chan time.Time // ticks when a silent stream must call stillOpen
	checked   time.Time        // when stillOpen was last called
	seenOpen  time.Time        // when stillOpen last said that the session is open
}

// Send sends one event. Errors: the client has gone, the session is closed, suceso.Data cannot be written as JSON;
// the stream is over.
func (c *Stream) Send(suceso Event) error {
	if time.Since(c.checked) > checkEvery { // a busy stream has no pauses in which Wait asks
		if err := c.checkSession(); err != nil {
			return err
		}
	}
	datos, err := toJSON(suceso.Data)
	if err != nil {
		return fmt.Errorf("httpapi: event: %w", err)
	}
	var b bytes.Buffer
	if suceso.ID > 0 {
		fmt.Fprintf(&b, "id: %d\n", suceso.ID)
	}
	fmt.Fprintf(&b, "event: %s\ndata: %s\n\n", suceso.Type, datos)
	return c.write(b.Bytes())
}

// Wait returns nil when hay delivers, and keeps the connection alive meanwhile. An error means that the stream is
// over.
func (c *Stream) Wait(hay <-chan struct{}) error {
	for {
		select {
		case <-hay:
			return nil
		case <-c.ctx.Done():
			return c.ctx.Err()
		case <-c.expired:
			return errTokenOver
		case <-c.check:
			if err := c.checkSession(); err != nil {
				return err
			}
		case <-c.heartbeat.C:
			if err := c.beat(); err != nil {
				return err
			}
		}
	}
}

// beat sends a comment, so that proxies keep the connection open.
func (c *Stream) beat() error { return c.write([]byte(":\n\n")) }

// checkSession asks whether the session is still open. While the store of sessions does not answer, the stream goes on
// for heartbeat: otherwise every browser would connect again at once.
func (c *Stream) checkSession() error {
	c.checked = time.Now()
	if c.stillOpen == nil {
		return nil
	}
	err := c.stillOpen()
	if err == nil {
		c.seenOpen = c.checked
	}
	if e, ok := fault.As(err); ok && e.Kind == fault.Unavailable &&
		c.checked.Sub(c.seenOpen) < heartbeat {
		return nil
	}
	return err
}

// write sends b at once. Errors: a reader that does not take b within eventTimeout; the program stops.
func (c *Stream) write(b []byte) error {
	// Not every writer has deadlines (tests).
	_ = c.control.SetWriteDeadline(time.Now().Add(eventTimeout))
	if err := c.ctx.Err(); err != nil {
		return err
	}
	if _, err := c.w.Write(b); err != nil {
		return err
	}
	c.heartbeat.Reset(heartbeat)
	return c.control.Flush()
}

// openStream counts one more stream of the caller until soltar is called. Errors: ErrStreams.
func (q request) openStream(ctx context.Context) (soltar func(), err error) {
	s := q.server
	if s == nil {
		return func() {}, nil
	}
	principal, _ := oidc.Caller(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.streams[principal.Sub] >= s.o.Config.Flujos {
		return nil, ErrStreams
	}
	s.streams[principal.Sub]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.streams[principal.Sub]--; s.streams[principal.Sub] == 0 {
			delete(s.streams, principal.Sub)
		}
	}, nil
}
