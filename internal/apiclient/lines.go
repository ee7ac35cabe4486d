package apiclient

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
)

// ErrIncomplete: a list was broken off before its last line.
var ErrIncomplete = errors.New("apiclient: the list ends before its last line")

// lines reads a list that comes as one answer, a JSON document a line, until the reader stops or the list ends. An
// error is the last pair: *Problema for a refusal, ErrIncomplete for a list that was broken off, which is not tried
// again.
func lines[T any](
	ctx context.Context,
	client *Client,
	camino string,
	opciones []Option,
) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var nada T
		ctx, cancelar := context.WithCancel(ctx)
		defer cancelar()
		cuerpo, err := client.openLines(ctx, camino, opciones)
		if err != nil {
			yield(nada, err)
			return
		}
		defer func() { _ = cuerpo.Close() }() // read-only
		renglones := bufio.NewScanner(cuerpo)
		renglones.Buffer(nil, eventMax)
		for renglones.Scan() {
			var fin struct {
				Fin *int64 `json:"fin"`
			}
			var x T
			err := json.Unmarshal(renglones.Bytes(), &fin)
			if err == nil && fin.Fin != nil {
				return
			}
			if err = errors.Join(err, json.Unmarshal(renglones.Bytes(), &x)); err != nil {
				yield(nada, fmt.Errorf("%w: %w", ErrIncomplete, err))
				return
			}
			if !yield(x, nil) {
				return
			}
		}
		yield(nada, errors.Join(ErrIncomplete, ctx.Err(), renglones.Err()))
	}
}

func (c *Client) openLines(
	ctx context.Context,
	camino string,
	opciones []Option,
) (io.ReadCloser, error) {
	l := &call{method: http.MethodGet, path: camino, header: http.Header{}, stream: true}
	if err := l.prepare(nil); err != nil {
		return nil, err
	}
	l.header.Set("Accept", "application/x-ndjson")
	for _, o := range opciones {
		o(l)
	}
	var r Response
	_, err := c.retry(ctx, l, &r)
	return l.open, err
}
