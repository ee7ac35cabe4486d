// Package loopback carries HTTP requests to a handler of the same process, without a socket. Client and handler see
// the same as over a connection: requests and answers byte for byte, deadlines, answers that never end, and a
// connection that breaks off.
package loopback

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"despensa/platform/guard"
)

// ErrBroken is the client's error when the handler panics before its answer is complete.
var ErrBroken = errors.New("loopback: the connection was broken off")

// Address is the client's address, which handlers see in Request.RemoteAddr.
const Address = "127.0.0.1:0"

// Transport is an http.RoundTripper. It runs Handler for each request in a goroutine of its own. The handler's context
// has no values of the client's context, and ends when the client gives up or closes the answer. Safe for concurrent
// use.
type Transport struct{ Handler http.Handler }

var _ http.RoundTripper = Transport{}

// RoundTrip implements http.RoundTripper. Errors: that of the request's context; ErrBroken; a URL that cannot be
// parsed.
func (t Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	served, end := context.WithCancel(context.Background())
	r, err := received(served, req)
	if err != nil {
		end()
		return nil, err
	}
	pr, pw := io.Pipe()
	w := &writer{
		live:   http.Header{},
		head:   make(chan *http.Response, 1),
		broken: make(chan error, 1),
		req:    req,
		pw:     pw,
		pr:     pr,
		end:    end,
	}
	release := context.AfterFunc(ctx, func() {
		end()
		_ = pw.CloseWithError(context.Cause(ctx))
	})
	go func() {
		defer end()
		defer release()
		defer func() { _ = r.Body.Close() }()
		w.serve(t.Handler, r)
	}()
	select {
	case res := <-w.head:
		return res, nil
	case err := <-w.broken:
		return nil, err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// received is the request that a server would read from a connection on which req was sent.
func received(ctx context.Context, req *http.Request) (*http.Request, error) {
	u, err := url.ParseRequestURI(req.URL.RequestURI())
	if err != nil {
		return nil, fmt.Errorf("loopback: %w", err)
	}
	r := &http.Request{
		Method:        cmp.Or(req.Method, http.MethodGet),
		URL:           u,
		RequestURI:    req.URL.RequestURI(),
		Host:          cmp.Or(req.Host, req.URL.Host),
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        req.Header.Clone(),
		RemoteAddr:    Address,
		Body:          req.Body,
		ContentLength: req.ContentLength,
	}
	if r.Body == nil {
		r.Body = http.NoBody
	}
	if r.Header == nil {
		r.Header = http.Header{}
	}
	if r.Header.Get("User-Agent") == "" {
		r.Header.Set("User-Agent", "Go-http-client/1.1") // as http.Transport does
	}
	return r.WithContext(ctx), nil
}

// whole is the size in bytes up to which an answer is kept until the handler returns. The client receives a longer
// answer while the handler writes it.
const whole = 64 << 10

// writer is the http.ResponseWriter of one request.
type writer struct {
	live    http.Header // as Header gives it to the handler
	sent    http.Header // a copy of live from the time at which the status was written
	status  int
	kept    []byte // the body until the answer has started
	started bool   // the client has the answer's head; the rest of the body goes through pw
	pw      *io.PipeWriter
	pr      *io.PipeReader
	head    chan *http.Response
	broken  chan error
	req     *http.Request
	end     func() // ends the handler's context
}

var _ http.Flusher = (*writer)(nil)

// serve runs handler and ends the answer. When handler panics, the answer breaks off with ErrBroken.
func (w *writer) serve(handler http.Handler, r *http.Request) {
	err := guard.Do(func() error { handler.ServeHTTP(w, r); return nil })
	if err != nil {
		err = fmt.Errorf("%w: %w", ErrBroken, err)
	}
	switch {
	case w.started:
		_ = w.pw.CloseWithError(err)
	case err != nil:
		w.broken <- err
	default:
		w.WriteHeader(http.StatusOK)
		w.send(io.NopCloser(bytes.NewReader(w.kept)), int64(len(w.kept)))
	}
}

// send gives the client the answer with the body of length bytes; -1: the length is not known.
func (w *writer) send(body io.ReadCloser, length int64) {
	w.head <- &http.Response{
		Status:        fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)),
		StatusCode:    w.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        w.sent,
		Body:          body,
		ContentLength: length,
		Request:       w.req,
	}
}

// Header implements http.ResponseWriter.
func (w *writer) Header() http.Header { return w.live }

// WriteHeader implements http.ResponseWriter. It ignores informational statuses (1xx).
func (w *writer) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.status, w.sent = status, w.live.Clone()
	}
}

// Write implements http.ResponseWriter. Errors: http.ErrBodyNotAllowed; io.ErrClosedPipe when the client has closed
// the answer; the error of the client's context when the client has given up.
func (w *writer) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	switch {
	case w.status == http.StatusNoContent || w.status == http.StatusNotModified:
		return 0, http.ErrBodyNotAllowed
	case w.req.Method == http.MethodHead:
		return len(b), nil
	case !w.started && len(w.kept)+len(b) <= whole:
		w.kept = append(w.kept, b...)
		return len(b), nil
	}
	w.Flush()
	return w.pw.Write(b)
}

// Flush implements http.Flusher. It gives the client the answer's head and the bytes written so far.
func (w *writer) Flush() {
	if w.started {
		return
	}
	w.WriteHeader(http.StatusOK)
	w.started = true
	w.send(&stream{Reader: io.MultiReader(bytes.NewReader(w.kept), w.pr), w: w}, -1)
}

// stream is the body of an answer that the handler still writes while the client reads it.
type stream struct {
	io.Reader
	w *writer
}

// Close implements io.Closer. It ends the handler's context, because the client has stopped reading.
func (s *stream) Close() error {
	s.w.end()
	return s.w.pr.Close()
}
