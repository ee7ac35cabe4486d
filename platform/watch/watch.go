// Package watch tells watchers that a stored object (by its key) has a new version. A change by this process is
// reported at once (Cambio). For changes by other processes, the Watcher reads the versions of all watched keys in one
// query every Cada; it reads nothing while no key is watched.
package watch

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"despensa/platform/guard"
)

// Cada is the default of Options.Cada.
const Cada = 250 * time.Millisecond

// Options are the settings of New. Versiones is required.
type Options struct {
	// Versiones reads the versions of the keys claves. A key that is missing in the answer counts as unchanged.
	Versiones func(ctx context.Context, claves []string) (map[string]int64, error)
	// Cada is the interval between two readings (default Cada).
	Cada time.Duration
	// Log receives the errors of readings (default slog.Default).
	Log *slog.Logger
}

// Watcher watches stored objects by their keys. Safe for concurrent use.
type Watcher struct {
	o Options

	mu      sync.Mutex
	mirados map[string]map[*Watch]struct{}
	parar   context.CancelFunc // ends the reader's goroutine; nil: no reader runs
	wg      sync.WaitGroup
	cerrado bool
}

// New makes a Watcher. It starts reading with the first Mirar.
func New(o Options) *Watcher {
	if o.Cada <= 0 {
		o.Cada = Cada
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Watcher{o: o, mirados: map[string]map[*Watch]struct{}{}}
}

// Watch is one watcher of one key. Hay receives a token when the key has a version that the watcher has not been told
// of. Several changes before the watcher takes the token are one token.
type Watch struct {
	Hay <-chan struct{}

	hay     chan struct{}
	clave   string
	version int64 // the last one that the watcher was told of
	piso    int64 // the last version of Cambio; a reading with a lower version began before that change
	v       *Watcher
}

// Mirar begins to watch the key clave. version is the one that the caller has read last. Soltar ends the watching.
func (v *Watcher) Mirar(clave string, version int64) *Watch {
	hay := make(chan struct{}, 1)
	nuevo := &Watch{Hay: hay, hay: hay, clave: clave, version: version, v: v}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.mirados[clave] == nil {
		v.mirados[clave] = map[*Watch]struct{}{}
	}
	v.mirados[clave][nuevo] = struct{}{}
	if v.parar == nil && !v.cerrado {
		var ctx context.Context
		ctx, v.parar = context.WithCancel(context.Background())
		v.wg.Go(func() { v.leer(ctx) })
	}
	return nuevo
}

// Soltar ends the watching. The Watcher stops reading when no watcher is left. A second call has no effect.
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

// Cambio tells the watchers of clave that this process has stored version. The caller calls it after the durable save,
// so that a watcher then reads version or a later one; the versions of clave must only grow. Without watchers of clave
// it costs one look-up in a map.
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

// detener ends the reader's goroutine. The caller holds mu.
func (v *Watcher) detener() {
	if v.parar != nil {
		v.parar()
		v.parar = nil
	}
}

// Cerrar ends the reading for good and waits for the reader's goroutine. Later changes in the store are not reported.
func (v *Watcher) Cerrar() {
	v.mu.Lock()
	v.cerrado = true
	v.detener()
	v.mu.Unlock()
	v.wg.Wait()
}

// leer reads the versions of the watched keys every Options.Cada until ctx ends.
func (v *Watcher) leer(ctx context.Context) {
	tick := time.NewTicker(v.o.Cada)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if ctx.Err() != nil { // select may choose the tick although ctx has ended
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

// avisar gives a token to each watcher of a key with a new version in versiones, the result of a reading.
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

// oir gives m a token for version. The caller holds the mu of the Watcher.
func (m *Watch) oir(version int64) {
	m.version = version
	select {
	case m.hay <- struct{}{}:
	default:
	}
}
