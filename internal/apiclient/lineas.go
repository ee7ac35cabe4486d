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

// ErrIncompleta: a list was broken off before its last line.
var ErrIncompleta = errors.New("apiclient: the list ends before its last line")

// lineas reads a list that comes as one answer, a JSON document a line, until the reader stops or the list ends. An
// error is the last pair: *Problema for a refusal, ErrIncompleta for a list that was broken off, which is not tried
// again.
func lineas[T any](ctx context.Context, c *Cliente, camino string, opciones []Opcion) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var nada T
		ctx, cancelar := context.WithCancel(ctx)
		defer cancelar()
		cuerpo, err := c.abrirLineas(ctx, camino, opciones)
		if err != nil {
			yield(nada, err)
			return
		}
		defer func() { _ = cuerpo.Close() }() // read-only
		renglones := bufio.NewScanner(cuerpo)
		renglones.Buffer(nil, sucesoMax)
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
				yield(nada, fmt.Errorf("%w: %w", ErrIncompleta, err))
				return
			}
			if !yield(x, nil) {
				return
			}
		}
		yield(nada, errors.Join(ErrIncompleta, ctx.Err(), renglones.Err()))
	}
}

func (c *Cliente) abrirLineas(ctx context.Context, camino string, opciones []Opcion) (io.ReadCloser, error) {
	l := &llamada{metodo: http.MethodGet, camino: camino, cabecera: http.Header{}, flujo: true}
	if err := l.preparar(nil); err != nil {
		return nil, err
	}
	l.cabecera.Set("Accept", "application/x-ndjson")
	for _, o := range opciones {
		o(l)
	}
	var r Respuesta
	_, err := c.insistir(ctx, l, &r)
	return l.abierta, err
}
