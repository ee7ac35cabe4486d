package reservas

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/guard"
)

// plazo bounds one turn of a leader, however often it meets a conflict.
const plazo = 20 * time.Second

// mutacion is one caller's change of one aggregate. aplicar may run more than once,
// each time on an aggregate just read, and leaves it alone when it fails.
type mutacion struct {
	producto, deposito string
	clave              *existencias.Clave // whose tombstone refuses it; nil: nobody's
	deshace            bool               // put the tombstone itself
	ids                []string           // movements to look up among the published ones
	publica            bool               // wants what is unpublished published
	aplicar            func(*documento) error

	ctx       context.Context
	respuesta chan error
}

func (m *mutacion) id() string { return existencias.ID(m.producto, m.deposito) }

// cola lines mutations up per aggregate. A leader takes all that wait for one; an
// aggregate for which nobody waits takes no memory.
type cola struct {
	mu      sync.Mutex
	esperan map[string][]*mutacion // a key without members: its leader is at work
	atender func(ctx context.Context, id string, lote []*mutacion)
}

// pedir waits for the answer to m. Once ctx has ended its error is the answer, and m
// may still happen.
func (c *cola) pedir(ctx context.Context, m *mutacion) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.ctx, m.respuesta = ctx, make(chan error, 1)
	if c.entrar(m) {
		go c.liderar(context.WithoutCancel(ctx), m.id())
	}
	select {
	case err := <-m.respuesta:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// entrar queues m and tells whether a leader is wanted.
func (c *cola) entrar(m *mutacion) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.esperan == nil {
		c.esperan = map[string][]*mutacion{}
	}
	lote, hay := c.esperan[m.id()]
	c.esperan[m.id()] = append(lote, m)
	return !hay
}

// liderar serves the aggregate until nobody waits. One caller's end is not the end of
// the others, so ctx is nobody's.
func (c *cola) liderar(ctx context.Context, id string) {
	for lote := c.sacar(id); lote != nil; lote = c.sacar(id) {
		turno, fin := context.WithTimeout(ctx, plazo)
		c.atender(turno, id, lote)
		fin()
	}
}

// sacar takes all who wait; nobody: the leader's place is free again.
func (c *cola) sacar(id string) []*mutacion {
	c.mu.Lock()
	defer c.mu.Unlock()
	lote := c.esperan[id]
	if len(lote) == 0 {
		delete(c.esperan, id)
		return nil
	}
	c.esperan[id] = nil
	return lote
}

// atender answers every mutation of lote, rereading on conflict.
func (a *Reservas) atender(ctx context.Context, id string, lote []*mutacion) {
	for lote = despedir(lote); len(lote) > 0; {
		var errs []error
		err := a.guarda.Run(ctx, "pedidos.existencias", func() (err error) {
			errs, err = a.pasada(ctx, id, lote)
			return err
		})
		var caida *mutacionCaida
		switch {
		case errors.As(err, &caida): // the others go on without it
			caida.m.respuesta <- caida.error
			lote = slices.DeleteFunc(lote, func(m *mutacion) bool { return m == caida.m })
		case !errors.Is(err, store.ErrConflicto) || ctx.Err() != nil:
			responder(lote, errs, err)
			return
		}
	}
}

// responder answers every mutation of lote: with err when nothing was stored, else with its own.
func responder(lote []*mutacion, errs []error, err error) {
	for i, m := range lote {
		if err != nil {
			m.respuesta <- err // errs speak of a state that was never stored
			continue
		}
		m.respuesta <- errs[i]
	}
}

// mutacionCaida says that one mutation panicked; the aggregate it was applied to is not to be saved.
type mutacionCaida struct {
	error
	m *mutacion
}

// Unwrap gives the panic.
func (c *mutacionCaida) Unwrap() error { return c.error }

// despedir leaves out those whose callers have gone.
func despedir(lote []*mutacion) (quedan []*mutacion) {
	for _, m := range lote {
		if m.ctx.Err() == nil {
			quedan = append(quedan, m)
		}
	}
	return quedan
}

// pasada reads the aggregate once, applies each mutation and saves once. errs are the
// mutations' own; err is everybody's. Errors: store.ErrConflicto, *mutacionCaida.
func (a *Reservas) pasada(ctx context.Context, id string, lote []*mutacion) (errs []error, err error) {
	d, err := a.abrir(ctx, id, lote)
	if err != nil {
		return nil, err
	}
	errs = make([]error, len(lote))
	for i, m := range lote {
		if errs[i] = a.rechazada(ctx, m); errs[i] == nil {
			errs[i] = guard.Do(func() error { return m.aplicar(d) })
		}
		if caido := new(guard.Panic); errors.As(errs[i], &caido) {
			return nil, &mutacionCaida{errs[i], m}
		}
	}
	if !d.cambiado {
		return errs, nil
	}
	if err := a.tienda.Guardar(ctx, d.Existencia); err != nil {
		return nil, fmt.Errorf("save stock: %w", err)
	}
	return errs, nil
}

// rechazada looks for m's tombstone: after the aggregate was read, before it is saved.
func (a *Reservas) rechazada(ctx context.Context, m *mutacion) error {
	if m.clave == nil || m.deshace {
		return nil
	}
	hay, err := a.tienda.HayLapida(ctx, *m.clave)
	if err != nil {
		return fmt.Errorf("tombstone: %w", err)
	}
	if hay {
		return ErrLiberada
	}
	return nil
}

// abrir reads the aggregate, then the published movements that lote asks about.
func (a *Reservas) abrir(ctx context.Context, id string, lote []*mutacion) (*documento, error) {
	e, err := a.tienda.Leer(ctx, id)
	if errors.Is(err, store.ErrNoExiste) {
		e, err = existencias.Nueva(lote[0].producto, lote[0].deposito), nil
	}
	if err != nil {
		return nil, fmt.Errorf("read stock: %w", err)
	}
	d := &documento{Existencia: e}
	if err := a.vaciar(ctx, d, lote); err != nil {
		return nil, err
	}
	var ids []string
	for _, m := range lote {
		ids = append(ids, m.ids...)
	}
	d.publicados, err = a.publicados(ctx, ids)
	return d, err
}

// publicados gives those of ids that are published.
func (a *Reservas) publicados(ctx context.Context, ids []string) (map[string]existencias.Movimiento, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	ms, err := a.tienda.Movimientos(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read movements: %w", err)
	}
	out := make(map[string]existencias.Movimiento, len(ms))
	for _, m := range ms {
		out[m.ID] = m
	}
	return out, nil
}
