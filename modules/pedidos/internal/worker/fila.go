package worker

import "sync"

// fila is a worker's guess about the line: the due orders in its store that no worker holds. The line itself is
// in the store, in the order of the times since which its orders are due. While llena is set, an order may
// stand in the line, and no newer order may take a place before it.
type fila struct {
	hueco chan struct{} // a place may be free for the first order in the line; holds one signal

	mu    sync.Mutex
	llena bool
	altas int64 // how often crecer has been called
}

// hay reports whether an order may stand in the line.
func (f *fila) hay() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.llena
}

// crecer notes that an order may stand in the line.
func (f *fila) crecer() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.llena, f.altas = true, f.altas+1
}

// vista counts the calls of crecer so far. A claimer takes it before it looks at the line, for vaciar.
func (f *fila) vista() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.altas
}

// vaciar notes that the look which began at vista found the line empty. It has no effect after a crecer since
// then: that order may have come behind the look.
func (f *fila) vaciar(vista int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.altas == vista {
		f.llena = false
	}
}

// avisar wakes Correr, the claimer of the line, if an order may stand in it. It does not block.
func (f *fila) avisar() {
	if !f.hay() {
		return
	}
	select {
	case f.hueco <- struct{}{}:
	default:
	}
}
