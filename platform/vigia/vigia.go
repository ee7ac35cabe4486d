// Package vigia tells who watches a thing that it has changed, whichever process
// changed it: while anybody watches, the versions of the watched are read from their
// store, all in one question, and nobody watching costs nothing.
package vigia

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Cada is how often versions are read unless Opciones say otherwise.
const Cada = 250 * time.Millisecond

// Opciones of a Vigia. Versiones is required.
type Opciones struct {
	// Versiones reads the versions of claves; one that is missing has not changed.
	Versiones func(ctx context.Context, claves []string) (map[string]int64, error)
	// Cada is the pause between two readings (default Cada).
	Cada time.Duration
	// Log takes readings that failed (default slog.Default).
	Log *slog.Logger
}

// Vigia watches things by their keys. Safe for concurrent use.
type Vigia struct {
	o Opciones

	mu      sync.Mutex
	mirados map[string]map[*Mirada]struct{}
	parar   context.CancelFunc // of the reader; nil: there is none
	wg      sync.WaitGroup
	cerrado bool
}

// Nuevo makes a Vigia that reads nothing yet.
func Nuevo(o Opciones) *Vigia {
	if o.Cada <= 0 {
		o.Cada = Cada
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Vigia{o: o, mirados: map[string]map[*Mirada]struct{}{}}
}

// Mirada is one watcher. Hay gets a token when the thing has another version than the
// watcher has heard of, however often it changed.
type Mirada struct {
	Hay <-chan struct{}

	hay     chan struct{}
	clave   string
	version int64
	v       *Vigia
}

// Mirar begins to watch clave, of which the caller has read version. Soltar ends it.
func (v *Vigia) Mirar(clave string, version int64) *Mirada {
	hay := make(chan struct{}, 1)
	m := &Mirada{Hay: hay, hay: hay, clave: clave, version: version, v: v}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.mirados[clave] == nil {
		v.mirados[clave] = map[*Mirada]struct{}{}
	}
	v.mirados[clave][m] = struct{}{}
	if v.parar == nil && !v.cerrado {
		var ctx context.Context
		ctx, v.parar = context.WithCancel(context.Background())
		v.wg.Go(func() { v.leer(ctx) })
	}
	return m
}

// Soltar ends the watching; with the last watcher the reading ends too.
func (m *Mirada) Soltar() {
	v := m.v
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.mirados[m.clave], m)
	if len(v.mirados[m.clave]) == 0 {
		delete(v.mirados, m.clave)
	}
	if len(v.mirados) == 0 {
		v.detener()
	}
}

func (v *Vigia) detener() {
	if v.parar != nil {
		v.parar()
		v.parar = nil
	}
}

// Cerrar ends the reading for good and waits for it; watchers hear nothing more.
func (v *Vigia) Cerrar() {
	v.mu.Lock()
	v.cerrado = true
	v.detener()
	v.mu.Unlock()
	v.wg.Wait()
}

// leer reads until ctx ends.
func (v *Vigia) leer(ctx context.Context) {
	t := time.NewTicker(v.o.Cada)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		if ctx.Err() != nil { // both were ready
			return
		}
		versiones, err := v.o.Versiones(ctx, v.claves())
		if err != nil {
			if ctx.Err() == nil {
				v.o.Log.WarnContext(ctx, "watching", "error", err)
			}
			continue
		}
		v.avisar(versiones)
	}
}

func (v *Vigia) claves() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	out := make([]string, 0, len(v.mirados))
	for k := range v.mirados {
		out = append(out, k)
	}
	return out
}

// avisar tells the watchers of what has another version than they know.
func (v *Vigia) avisar(versiones map[string]int64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for clave, n := range versiones {
		for m := range v.mirados[clave] {
			if m.version == n {
				continue
			}
			m.version = n
			select {
			case m.hay <- struct{}{}:
			default:
			}
		}
	}
}
