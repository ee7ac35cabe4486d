package comandos

import (
	"context"
	"log/slog"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"time"
)

// cadaReposo is the interval at which reposar looks whether the program rests. poco is how many bytes a resting
// program allocates in that interval at most: its polling takes 3 MB, one order about 1 MB.
const (
	cadaReposo = 30 * time.Second
	poco       = 16 << 20
)

// recolector sets the garbage collector's target, unless GOGC sets it, and returns the memory and the code that only
// opening needed to the operating system; later it does so whenever the program rests.
// The log hears of code that cannot be given back, once.
func recolector(ctx context.Context, log *slog.Logger) {
	if os.Getenv("GOGC") == "" {
		// Costs 70 MB and saves an eighth of the CPU: docs/rendimiento.md.
		debug.SetGCPercent(300)
	}
	var once sync.Once
	giveBack := func() {
		debug.FreeOSMemory()
		if err := trim(); err != nil {
			once.Do(
				func() { log.DebugContext(ctx, "code that only the start needed stays in memory", "error", err) },
			)
		}
	}
	giveBack()
	go reposar(ctx, time.Tick(cadaReposo), giveBack)
}

// reposar calls devolver at each tick before which at most poco bytes were allocated, until ctx ends.
func reposar(ctx context.Context, tic <-chan time.Time, devolver func()) {
	for antes := asignados(); ; {
		select {
		case <-ctx.Done():
			return
		case <-tic:
		}
		ahora := asignados()
		if ahora-antes <= poco {
			devolver()
		}
		antes = ahora
	}
}

// asignados is how many bytes the process has allocated since it began.
func asignados() uint64 {
	m := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(m)
	return m[0].Value.Uint64()
}
