// Package watch tells the watchers of a thing that it has changed. A change by this process is told at once (Cambio);
// for those by other processes the versions of all watched things are read from their store in one question, every
// Cada. While nothing is watched nothing is read.
package watch

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"despensa/platform/guard"
)

// Cada is how often versions are read unless Options say otherwise.
const Cada = 250 * time.Millisecond

// Options of a Watcher. Versiones is required.
type Options struct {
	// Versiones reads the versions of claves; one that is missing has not changed.
	Versiones func(ctx context.Context, claves []string) (map[string]int64, error)
	// Cada is the pause between two readings (default Cada).
	Cada time.Duration
	// Log takes readings that failed (default slog.Default).
	Log *slog.Logger
}

// Watcher watches things by their keys. Safe for concurrent use.
type Watcher struct {
	o Options

	mu      sync.Mutex
	mirados map[string]map[*Watch]struct{}
	parar   context.CancelFunc // of the reader; nil: there is none
	wg      sync.WaitGroup
	cerrado bool
}

// New makes a Watcher that reads nothing yet.
func New(o Options) *Watcher {
	if o.Cada <= 0 {
		o.Cada = Cada
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Watcher{o: o, mirados: map[string]map[*Watch]struct{}{}}
}

// Watch is one watcher. Hay gets a token when the thing has another version than the
// watcher has heard of, however often it changed.
type Watch struct {
	Hay <-chan struct{}

	hay     chan struct{}
	clave   string
	version int64 // last heard of
	piso    int64 // last told by Cambio: a reading of a lower one began before that change
	v       *Watcher
}

// Mirar begins to watch clave, of which the caller has read version. Soltar ends it.
func (v *Watcher) Mirar(clave string, version int64) *Watch {
	hay := make(chan struct{}, 1)
	m := &Watch{Hay: hay, hay: hay, clave: clave, version: version, v: v}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.mirados[clave] == nil {
		v.mirados[clave] = map[*Watch]struct{}{}
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
func (m *Watch) Soltar() {
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

// Cambio tells the watchers of clave that this process has stored version. It is for things whose versions only grow,
// and for after the durable save: a watcher that hears of it reads version or a later one. It costs a look into a map
// where nothing is watched.
func (v *Watcher) Cambio(clave string, version int64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for m := range v.mirados[clave] {
		if version > m.version {
			m.piso = version
			m.oir(version)
		}
	}
}

func (v *Watcher) detener() {
	if v.parar != nil {
		v.parar()
		v.parar = nil
	}
}

// Cerrar ends the reading for good and waits for it; watchers hear nothing more.
func (v *Watcher) Cerrar() {
	v.mu.Lock()
	v.cerrado = true
	v.detener()
	v.mu.Unlock()
	v.wg.Wait()
}

// leer reads until ctx ends.
func (v *Watcher) leer(ctx context.Context) {
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
		var versiones map[string]int64
		err := guard.Guard{Log: v.o.Log}.Run(ctx, "vigia.lectura", func() (err error) {
			versiones, err = v.o.Versiones(ctx, v.claves())
			return err
		})
		if err != nil {
			if ctx.Err() == nil {
				v.o.Log.WarnContext(ctx, "watching", "error", err)
			}
			continue
		}
		v.avisar(versiones)
	}
}

func (v *Watcher) claves() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	out := make([]string, 0, len(v.mirados))
	for k := range v.mirados {
		out = append(out, k)
	}
	return out
}

// avisar tells the watchers of what has another version than they know.
func (v *Watcher) avisar(versiones map[string]int64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for clave, n := range versiones {
		for m := range v.mirados[clave] {
			if n != m.version && n >= m.piso {
				m.oir(n)
			}
		}
	}
}

// oir gives m its token; the watcher is locked.
func (m *Watch) oir(version int64) {
	m.version = version
	select {
	case m.hay <- struct{}{}:
	default:
	}
}
