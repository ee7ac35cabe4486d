package reservas

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"despensa/modules/pedidos/internal/existencias"
)

// plazo bounds one turn of a leader, however often the leader meets a conflict.
const plazo = 20 * time.Second

// partesDeUna bounds the aggregates that the operations of one pass name, beyond the first operation's own.
const partesDeUna = 256

// parte is one aggregate that an operation changes.
type parte struct {
	id                 string
	producto, deposito string // of an aggregate that may not be there yet
}

// nuevaParte names an aggregate that need not be stored yet.
func nuevaParte(producto, deposito string) parte {
	return parte{id: existencias.ID(producto, deposito), producto: producto, deposito: deposito}
}

// operacion is one caller's change of one or more aggregates: of all or, where one refuses, of none. aplicar gets
// their documents in the order of partes. It may run more than once, each time on aggregates just read. When it fails,
// the pass undoes its changes.
type operacion struct {
	partes      []parte
	clave       *existencias.Clave // a tombstone under this key refuses the operation; nil: no tombstone does
	movimientos []string           // ids to look up among the published movements
	publica     bool               // wants the unpublished movements published
	aplicar     func(ds []*documento) error

	ctx       context.Context
	err       error // of the latest pass
	respuesta chan error
}

// cola lines operations up. A leader takes the operations that wait, so that they share one read and one write. When no
// operation waits there is no leader.
type cola struct {
	mu      sync.Mutex
	esperan []*operacion
	lidera  bool
	atender func(ctx context.Context, lote []*operacion)
}

// pedir queues o and waits for its answer. Once ctx has ended, the error of ctx is the answer, and o may still happen.
func (c *cola) pedir(ctx context.Context, o *operacion) error {
	errs, err := c.pedirVarias(ctx, []*operacion{o})
	if err != nil {
		return err
	}
	return errs[0]
}

// pedirVarias queues operaciones and waits for their answers, which it gives in the order of operaciones. Errors:
// that of ctx, and then operaciones may still happen.
func (c *cola) pedirVarias(
	ctx context.Context,
	operaciones []*operacion,
) (errs []error, _ error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, o := range operaciones {
		o.ctx, o.respuesta = ctx, make(chan error, 1)
	}
	if c.entrar(operaciones) {
		go c.liderar(context.WithoutCancel(ctx))
	}
	for _, o := range operaciones {
		select {
		case err := <-o.respuesta:
			errs = append(errs, err)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return errs, nil
}

// entrar queues operaciones and reports whether the caller has to start a leader.
func (c *cola) entrar(operaciones []*operacion) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.esperan = append(c.esperan, operaciones...)
	quiere := !c.lidera && len(c.esperan) > 0
	c.lidera = c.lidera || quiere
	return quiere
}

// liderar serves until no operation waits. ctx ends with no caller, because the end of one caller must not end the
// operations of the other callers.
func (c *cola) liderar(ctx context.Context) {
	for lote := c.sacar(); lote != nil; lote = c.sacar() {
		turno, fin := context.WithTimeout(ctx, plazo)
		c.atender(turno, lote)
		fin()
	}
}

// sacar takes the operations that wait, first come first, up to partesDeUna aggregates. When none waits it gives nil
// and the place of the leader is free again.
func (c *cola) sacar() []*operacion {
	c.mu.Lock()
	defer c.mu.Unlock()
	n, partes := 0, 0
	for n < len(c.esperan) && (n == 0 || partes+len(c.esperan[n].partes) <= partesDeUna) {
		partes += len(c.esperan[n].partes)
		n++
	}
	if n == 0 {
		c.lidera, c.esperan = false, nil
		return nil
	}
	lote := slices.Clone(c.esperan[:n])
	c.esperan = slices.Delete(c.esperan, 0, n)
	return lote
}

// despedir gives lote without the operations of callers that have gone.
func despedir(lote []*operacion) (quedan []*operacion) {
	for _, o := range lote {
		if o.ctx.Err() == nil {
			quedan = append(quedan, o)
		}
	}
	return quedan
}

func porID(a, b *existencias.Existencia) int { return strings.Compare(a.ID, b.ID) }
