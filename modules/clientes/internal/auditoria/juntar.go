package auditoria

import (
	"context"
	"errors"
	"sync"
	"time"

	"despensa/platform/fault"
	"despensa/platform/guard"
)

const (
	porTanda   = 500              // rows of one shared write
	plazoTanda = 10 * time.Second // of one shared write
)

// junta lets callers that append at the same time share a write: one statement, one commit. A caller that comes while
// no write is under way writes alone and at once. Callers that come during a write wait for its end, and their rows
// are then written together. No caller is answered before the commit that covers its rows. The zero value is ready.
type junta struct {
	mu      sync.Mutex
	ocupada bool // a write is under way, and writes the rows of the waiting callers after it
	esperan []*anexo
}

// anexo is the rows that one waiting caller appends.
type anexo struct {
	filas []fila
	fin   chan error // gets the one answer; buffered, because the caller may have left
}

// anexar has filas written by escribir, which writes all of its rows or none. Errors: those of escribir; ctx's, after
// which the rows may still be written.
func (j *junta) anexar(
	ctx context.Context,
	filas []fila,
	escribir func(context.Context, []fila) error,
) error {
	j.mu.Lock()
	if !j.ocupada {
		j.ocupada = true
		j.mu.Unlock()
		defer j.seguir(escribir)
		return escribir(ctx, filas)
	}
	x := &anexo{filas: filas, fin: make(chan error, 1)}
	j.esperan = append(j.esperan, x)
	j.mu.Unlock()
	select {
	case err := <-x.fin:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// seguir writes the rows of the waiting callers in a goroutine, so that the caller whose own write has just ended is
// answered without waiting for them.
func (j *junta) seguir(escribir func(context.Context, []fila) error) {
	if xs := j.tomar(); len(xs) > 0 {
		go func() {
			for ; len(xs) > 0; xs = j.tomar() {
				escribirTanda(xs, escribir)
			}
		}()
	}
}

// tomar takes waiting callers from the queue, up to porTanda rows. Where none waits it ends the write under way, so
// that the next caller begins one.
func (j *junta) tomar() []*anexo {
	j.mu.Lock()
	defer j.mu.Unlock()
	filas, n := 0, 0
	for n < len(j.esperan) && (n == 0 || filas+len(j.esperan[n].filas) <= porTanda) {
		filas += len(j.esperan[n].filas)
		n++
	}
	xs := j.esperan[:n:n]
	j.esperan = j.esperan[n:]
	j.ocupada = n > 0
	return xs
}

// escribirTanda writes the rows of anexos together. Where that fails, and the store is not away, it writes those of
// each caller apart, so that rows that cannot be written fail for their own caller alone.
func escribirTanda(anexos []*anexo, escribir func(context.Context, []fila) error) {
	ctx, soltar := context.WithTimeout(context.Background(), plazoTanda)
	defer soltar()
	var filas []fila
	for _, x := range anexos {
		filas = append(filas, x.filas...)
	}
	err := guard.Do(func() error { return escribir(ctx, filas) })
	aparte := err != nil && len(anexos) > 1 && !errors.Is(err, fault.ErrStoreAway)
	for _, x := range anexos {
		if aparte {
			err = guard.Do(func() error { return escribir(ctx, x.filas) })
		}
		x.fin <- err
	}
}
