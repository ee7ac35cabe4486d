package comandos

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// cadaReposo is how often the program looks whether it rests, and poco how many bytes it allocates in that time at most
// when it does: what it polls by itself takes 3 MB, an order about 1 MB.
const (
	cadaReposo = 30 * time.Second
	poco       = 16 << 20
)

// recolector lets garbage grow with the load, unless GOGC says how far, and gives it back at rest, as it does before serving
// with what opening has left behind.
func recolector(ctx context.Context) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300) // 70 MB more buy an eighth of the CPU: docs/rendimiento.md
	}
	debug.FreeOSMemory()
	go reposar(ctx, time.Tick(cadaReposo), debug.FreeOSMemory)
}

// reposar calls devolver at each tick before which little was allocated, until ctx ends.
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
