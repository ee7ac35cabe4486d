package auditoria

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"despensa/platform/fault"
)

// intentoCada is the time from a call that failed to the next try of Observado.Listo.
const intentoCada = 10 * time.Second

// Observado is a Buscador on a server that other processes use too. It remembers whether that server answered the last
// call. Safe for concurrent use.
type Observado struct {
	Buscador
	ahora func() time.Time

	mu      sync.Mutex
	err     error     // of the last call; nil: the server answered
	proximo time.Time // when to try again, while err is one
}

// Observar watches buscador by the clock ahora.
func Observar(buscador Buscador, ahora func() time.Time) *Observado {
	return &Observado{Buscador: buscador, ahora: ahora}
}

// Enviar is Buscador's.
func (o *Observado) Enviar(ctx context.Context, asientos []Asiento) error {
	return o.anotar(ctx, o.Buscador.Enviar(ctx, asientos))
}

// Buscar is Buscador's.
func (o *Observado) Buscar(ctx context.Context, consulta Consulta) ([]Asiento, error) {
	as, err := o.Buscador.Buscar(ctx, consulta)
	return as, o.anotar(ctx, err)
}

// Borrar is Buscador's.
func (o *Observado) Borrar(ctx context.Context, indice string) error {
	return o.anotar(ctx, o.Buscador.Borrar(ctx, indice))
}

// anotar remembers whether the server answered a call, unless the caller gave up before.
func (o *Observado) anotar(ctx context.Context, err error) error {
	if err == nil || errors.Is(err, ErrBuscador) && ctx.Err() == nil {
		o.mu.Lock()
		defer o.mu.Unlock()
		if o.err = err; err != nil {
			o.proximo = o.ahora().Add(intentoCada)
		}
	}
	return err
}

// Listo reports how the last call ended. While that was a failure, it searches for one record, at most once in
// intentoCada. Errors: fault.ErrStoreAway.
func (o *Observado) Listo(ctx context.Context) error {
	o.mu.Lock()
	err, toca := o.err, o.err != nil && !o.ahora().Before(o.proximo)
	if toca {
		o.proximo = o.ahora().Add(intentoCada) // one caller tries
	}
	o.mu.Unlock()
	if toca {
		_, err = o.Buscar(ctx, Consulta{Limite: 1})
	}
	if err != nil {
		return fmt.Errorf("%w: %w", fault.ErrStoreAway, err)
	}
	return nil
}
