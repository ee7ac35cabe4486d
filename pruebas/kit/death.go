package kit

import (
	"sync"

	"despensa/internal/programa"
	"despensa/platform/sqldb"
)

// Death ends a Program of InMemory as a power cut would, as near as one process comes to it. From one effect on, no
// write and no call of the gateway takes place, and every connection is cut, so that no caller gets an answer.
// Earlier writes stay. Death does not cut a write in two: a killed process does.
type Death struct {
	// Dead is closed when the Program has died.
	Dead    chan struct{}
	network *Network
	mu      sync.Mutex
	left    int // effects until the death; 0: it lives on
	died    bool
}

// Mortal returns the Death of the program that the test opens next.
func (c *Program) Mortal() *Death {
	d := &Death{Dead: make(chan struct{}), network: c.network}
	c.Pruebas.Cut = d.cut
	return d
}

// In lets the Program die at the n-th boundary of an effect, counted from 1 and from now.
func (d *Death) In(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.left = n
}

// Now lets the Program die at once.
func (d *Death) Now() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.die()
}

// cut is a sqldb.Cut: it counts the effects until the death, and refuses every effect after it.
func (d *Death) cut(string, sqldb.Moment) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.died {
		return programa.ErrMuerto
	}
	if d.left > 0 {
		if d.left--; d.left == 0 {
			d.die()
			return programa.ErrMuerto
		}
	}
	return nil
}

// die cuts the connections before any effect is refused, so that no answer tells of an effect that did not take
// place. The caller holds mu.
func (d *Death) die() {
	if !d.died {
		d.died = true
		d.network.Cut()
		close(d.Dead)
	}
}
