package apiclient

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Limits of a stream.
const (
	eventMax       = 1 << 20          // bytes of one line
	silence        = 45 * time.Second // three heartbeats of the server: a silent connection counts as dead
	reconnectAfter = time.Second      // wait before the next connection, unless the server sets another
)

// The two ends of reading a connection: it was cut, and another one follows; or the reader has had enough.
var (
	errCut    = errors.New("apiclient: the stream was cut")
	errEnough = errors.New("apiclient: the reader has had enough")
)

// Event is one event of a stream.
type Event[T any] struct {
	ID   string // a new connection can resume after it; empty: not after this event
	Type string
	Data T
}

// follow reads a stream (Server-Sent Events, WHATWG HTML 9.2) until the reader stops, ctx ends or the server refuses.
// When the connection is cut it opens another one that resumes after the last event, so that no event is missed or
// repeated where events have ids. An error is the last pair: *Problema for a refusal, ctx's own at its end, and the
// network's when the server stays away for longer than the client is patient.
func follow[T any](
	ctx context.Context, cliente *Client, camino string, opciones []Option,
) iter.Seq2[Event[T], error] {
	return func(yield func(Event[T], error) bool) {
		f := &stream{c: cliente, path: camino, options: opciones, pause: reconnectAfter}
		for {
			err := f.connect(ctx, func(tipo string, datos []byte) error {
				s := Event[T]{ID: f.last, Type: tipo}
				if err := json.Unmarshal(datos, &s.Data); err != nil {
					return fmt.Errorf("apiclient: %s: event: %w", camino, err)
				}
				if !yield(s, nil) {
					return errEnough
				}
				return nil
			})
			if errors.Is(err, errEnough) {
				return
			}
			if errors.Is(err, errCut) {
				err = cliente.Wait(ctx, f.pause)
			}
			if ctx.Err() != nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(Event[T]{}, err)
				return
			}
		}
	}
}

// stream is the state of a stream that outlives one connection.
type stream struct {
	c       *Client
	path    string
	options []Option
	last    string        // id of the last event
	pause   time.Duration // before the next connection
}

// connect opens a connection, with as many tries as any call, and reads it to its end. Errors: errEnough when the
// reader has had enough, errCut when the connection was cut.
func (f *stream) connect(
	ctx context.Context,
	entregar func(tipo string, datos []byte) error,
) error {
	l := &call{method: http.MethodGet, path: f.path, header: http.Header{}, stream: true}
	if err := l.prepare(nil); err != nil {
		return err
	}
	l.header.Set("Accept", "text/event-stream")
	for _, o := range f.options {
		o(l)
	}
	if f.last != "" {
		l.header.Set("Last-Event-ID", f.last)
	}
	ctx, cancelar := context.WithCancel(ctx)
	defer cancelar()
	var r Response
	if _, err := f.c.retry(ctx, l, &r); err != nil {
		return err
	}
	defer func() { _ = l.open.Close() }() // read-only
	perro := time.AfterFunc(silence, cancelar)
	defer perro.Stop()
	return f.read(l.open, perro, entregar)
}

// read hands over one event after the other, and winds perro with each line.
func (f *stream) read(
	cuerpo io.Reader,
	perro *time.Timer,
	entregar func(tipo string, datos []byte) error,
) error {
	lineas := bufio.NewScanner(cuerpo)
	lineas.Buffer(nil, eventMax)
	tipo, id, datos := "message", f.last, []byte(nil)
	for lineas.Scan() {
		perro.Reset(silence)
		campo, valor, _ := strings.Cut(lineas.Text(), ":")
		valor = strings.TrimPrefix(valor, " ")
		switch campo {
		case "event":
			tipo = valor
		case "id":
			id = valor
		case "data":
			datos = append(append(datos, valor...), '\n')
		case "retry":
			if ms, err := strconv.ParseUint(valor, 10, 16); err == nil {
				f.pause = time.Duration(ms) * time.Millisecond
			}
		case "":
			if lineas.Text() != "" { // a comment line
				continue
			}
			f.last = id
			if datos == nil { // an event without data is dropped, and its type with it
				tipo = "message"
				continue
			}
			if err := entregar(tipo, bytes.TrimSuffix(datos, []byte("\n"))); err != nil {
				return err
			}
			tipo, datos = "message", nil
		}
	}
	return errCut
}
