package cobros

import (
	"context"
	"sync"
)

// cerrojos lets callers of this process wait for each other, one at a time per key.
// It is a courtesy: what keeps charges apart is the row and its version.
type cerrojos struct {
	mu *sync.Mutex
	de map[string]*cerrojo
}

type cerrojo struct {
	turno   chan struct{} // holds a token while taken
	cuantos int
}

func nuevosCerrojos() cerrojos { return cerrojos{&sync.Mutex{}, map[string]*cerrojo{}} }

// tomar waits for its turn; the function gives it back. Error: that of ctx.
func (c cerrojos) tomar(ctx context.Context, clave string) (func(), error) {
	c.mu.Lock()
	x := c.de[clave]
	if x == nil {
		x = &cerrojo{turno: make(chan struct{}, 1)}
		c.de[clave] = x
	}
	x.cuantos++
	c.mu.Unlock()
	select {
	case x.turno <- struct{}{}:
		return func() { <-x.turno; c.dejar(clave, x) }, nil
	case <-ctx.Done():
		c.dejar(clave, x)
		return nil, context.Cause(ctx)
	}
}

func (c cerrojos) dejar(clave string, x *cerrojo) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if x.cuantos--; x.cuantos == 0 {
		delete(c.de, clave)
	}
}
