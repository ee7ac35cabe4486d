// Package watch tells watchers that a stored object (by its key) has a new version. A change by this process is
// reported at once (Changed). For changes by other processes, the Watcher reads the versions of all watched keys in one
// query every Interval; it reads nothing while no key is watched.
package watch

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"despensa/platform/guard"
)

// Interval is the default of Options.Interval.
const Interval = 250 * time.Millisecond

// Options are the settings of New. Versions is required.
type Options struct {
	// Versions reads the versions of the keys claves. A key that is missing in the answer counts as unchanged.
	Versions func(ctx context.Context, claves []string) (map[string]int64, error)
	// Interval is the interval between two readings (default Interval).
	Interval time.Duration
	// Log receives the errors of readings (default slog.Default).
	Log *slog.Logger
}

// Watcher watches stored objects by their keys. Safe for concurrent use.
type Watcher struct {
	o Options

	mu      sync.Mutex
	watched map[string]map[*Watch]struct{}
	stop    context.CancelFunc // ends the reader's goroutine; nil: no reader runs
	wg      sync.WaitGroup
	closed  bool
}

// New makes a Watcher. It starts reading with the first Watch.
func New(options Options) *Watcher {
	if options.Interval <= 0 {
		options.Interval = Interval
	}
	if options.Log == nil {
		options.Log = slog.Default()
	}
	return &Watcher{o: options, watched: map[string]map[*Watch]struct{}{}}
}

// Watch is one watcher of one key. Changed receives a token when the key has a version that the watcher has not been
// told of. Several changes before the watcher takes the token are one token.
type Watch struct {
	Changed <-chan struct{}

	changed chan struct{}
	key     string
	version int64 // the last one that the watcher was told of
	floor   int64 // the last version of Changed; a reading with a lower version began before that change
	watcher *Watcher
}

// Watch begins to watch the key clave. version is the one that the caller has read last. Stop ends the watching.
func (v *Watcher) Watch(clave string, version int64) *Watch {
	hay := make(chan struct{}, 1)
	nuevo := &Watch{Changed: hay, changed: hay, key: clave, version: version, watcher: v}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.watched[clave] == nil {
		v.watched[clave] = map[*Watch]struct{}{}
	}
	v.watched[clave][nuevo] = struct{}{}
	if v.stop == nil && !v.closed {
		var ctx context.Context
		ctx, v.stop = context.WithCancel(context.Background())
		v.wg.Go(func() { v.read(ctx) })
	}
	return nuevo
}

// Stop ends the watching. The Watcher stops reading when no watcher is left. A second call has no effect.
func (m *Watch) Stop() {
	v := m.watcher
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.watched[m.key], m)
	if len(v.watched[m.key]) == 0 {
		delete(v.watched, m.key)
	}
	if len(v.watched) == 0 {
		v.stopReading()
	}
}

// Changed tells the watchers of clave that this process has stored version. The caller calls it after the durable save,
// so that a watcher then reads version or a later one; the versions of clave must only grow. Without watchers of clave
// it costs one look-up in a map.
func (v *Watcher) Changed(clave string, version int64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for m := range v.watched[clave] {
		if version > m.version {
			m.floor = version
			m.tell(version)
		}
	}
}

// stopReading ends the reader's goroutine. The caller holds mu.
func (v *Watcher) stopReading() {
	if v.stop != nil {
		v.stop()
		v.stop = nil
	}
}

// Close ends the reading for good and waits for the reader's goroutine. Later changes in the store are not reported.
func (v *Watcher) Close() {
	v.mu.Lock()
	v.closed = true
	v.stopReading()
	v.mu.Unlock()
	v.wg.Wait()
}

// read reads the versions of the watched keys every Options.Interval until ctx ends.
func (v *Watcher) read(ctx context.Context) {
	tick := time.NewTicker(v.o.Interval)
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
			versiones, err = v.o.Versions(ctx, v.keys())
			return err
		})
		if err != nil {
			if ctx.Err() == nil {
				v.o.Log.WarnContext(ctx, "watching", "error", err)
			}
			continue
		}
		v.notify(versiones)
	}
}

func (v *Watcher) keys() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	out := make([]string, 0, len(v.watched))
	for k := range v.watched {
		out = append(out, k)
	}
	return out
}

// notify gives a token to each watcher of a key with a new version in versiones, the result of a reading.
func (v *Watcher) notify(versiones map[string]int64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for clave, n := range versiones {
		for m := range v.watched[clave] {
			if n != m.version && n >= m.floor {
				m.tell(n)
			}
		}
	}
}

// tell gives m a token for version. The caller holds the mu of the Watcher.
func (m *Watch) tell(version int64) {
	m.version = version
	select {
	case m.changed <- struct{}{}:
	default:
	}
}
