package worker

import "sync"

// fila is what a worker knows of the line of its store: the orders that are due and have no place. The line itself is the
// store's, by the time since which an order is due.
type fila struct {
	hueco chan struct{} // a place may be free for the first in the line; holds one

	mu    sync.Mutex
	llena bool
	altas int64 // how often somebody has told of an order in the line
}

// hay reports whether an order may stand in the line.
func (f *fila) hay() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.llena
}

// crecer says that an order may stand in the line.
func (f *fila) crecer() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.llena, f.altas = true, f.altas+1
}

// vista is taken before a look at the line, for vaciar.
func (f *fila) vista() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.altas
}

// vaciar says that the look which began at vista has found nobody in the line; an order that came since still may be.
func (f *fila) vaciar(vista int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.altas == vista {
		f.llena = false
	}
}

// avisar wakes whoever claims from the line, if an order may stand in it.
func (f *fila) avisar() {
	if !f.hay() {
		return
	}
	select {
	case f.hueco <- struct{}{}:
	default:
	}
}
