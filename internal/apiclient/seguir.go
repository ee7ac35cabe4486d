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
	sucesoMax  = 1 << 20          // bytes of one line
	silencio   = 45 * time.Second // three heartbeats of the server: a silent connection counts as dead
	reconexion = time.Second      // wait before the next connection, unless the server sets another
)

// The two ends of reading a connection: it was cut, and another one follows; or the reader has had enough.
var (
	errCorte = errors.New("apiclient: the stream was cut")
	errBasta = errors.New("apiclient: the reader has had enough")
)

// Suceso is one event of a stream.
type Suceso[T any] struct {
	ID    string // a new connection can resume after it; empty: not after this event
	Tipo  string
	Datos T
}

// seguir reads a stream (Server-Sent Events, WHATWG HTML 9.2) until the reader stops, ctx ends or the server refuses.
// When the connection is cut it opens another one that resumes after the last event, so that no event is missed or
// repeated where events have ids. An error is the last pair: *Problema for a refusal, ctx's own at its end, and the
// network's when the server stays away for longer than the client is patient.
func seguir[T any](
	ctx context.Context, cliente *Cliente, camino string, opciones []Opcion,
) iter.Seq2[Suceso[T], error] {
	return func(yield func(Suceso[T], error) bool) {
		f := &flujo{c: cliente, camino: camino, opciones: opciones, pausa: reconexion}
		for {
			err := f.conectar(ctx, func(tipo string, datos []byte) error {
				s := Suceso[T]{ID: f.ultimo, Tipo: tipo}
				if err := json.Unmarshal(datos, &s.Datos); err != nil {
					return fmt.Errorf("apiclient: %s: event: %w", camino, err)
				}
				if !yield(s, nil) {
					return errBasta
				}
				return nil
			})
			if errors.Is(err, errBasta) {
				return
			}
			if errors.Is(err, errCorte) {
				err = cliente.Espera(ctx, f.pausa)
			}
			if ctx.Err() != nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(Suceso[T]{}, err)
				return
			}
		}
	}
}

// flujo is the state of a stream that outlives one connection.
type flujo struct {
	c        *Cliente
	camino   string
	opciones []Opcion
	ultimo   string        // id of the last event
	pausa    time.Duration // before the next connection
}

// conectar opens a connection, with as many tries as any call, and reads it to its end. Errors: errBasta when the
// reader has had enough, errCorte when the connection was cut.
func (f *flujo) conectar(ctx context.Context, entregar func(tipo string, datos []byte) error) error {
	l := &llamada{metodo: http.MethodGet, camino: f.camino, cabecera: http.Header{}, flujo: true}
	if err := l.preparar(nil); err != nil {
		return err
	}
	l.cabecera.Set("Accept", "text/event-stream")
	for _, o := range f.opciones {
		o(l)
	}
	if f.ultimo != "" {
		l.cabecera.Set("Last-Event-ID", f.ultimo)
	}
	ctx, cancelar := context.WithCancel(ctx)
	defer cancelar()
	var r Respuesta
	if _, err := f.c.insistir(ctx, l, &r); err != nil {
		return err
	}
	defer func() { _ = l.abierta.Close() }() // read-only
	perro := time.AfterFunc(silencio, cancelar)
	defer perro.Stop()
	return f.leer(l.abierta, perro, entregar)
}

// leer hands over one event after the other, and winds perro with each line.
func (f *flujo) leer(cuerpo io.Reader, perro *time.Timer, entregar func(tipo string, datos []byte) error) error {
	lineas := bufio.NewScanner(cuerpo)
	lineas.Buffer(nil, sucesoMax)
	tipo, id, datos := "message", f.ultimo, []byte(nil)
	for lineas.Scan() {
		perro.Reset(silencio)
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
				f.pausa = time.Duration(ms) * time.Millisecond
			}
		case "":
			if lineas.Text() != "" || datos == nil { // a comment line, or an event without data
				continue
			}
			f.ultimo = id
			if err := entregar(tipo, bytes.TrimSuffix(datos, []byte("\n"))); err != nil {
				return err
			}
			tipo, datos = "message", nil
		}
	}
	return errCorte
}
