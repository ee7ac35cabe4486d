package comandos

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"time"
)

// cadaReposo is how often the program looks whether it rests, and poco how many bytes it allocates in that time at most
// when it does: what it polls by itself takes 3 MB, an order about 1 MB.
const (
	cadaReposo = 30 * time.Second
	poco       = 16 << 20
)

// recolector lets garbage grow with the load, unless GOGC says how far, and gives it back at rest. Before serving it gives
// back what opening has left behind: garbage, and pages of the program's own file that nothing but opening has read.
func recolector(ctx context.Context) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300) // 70 MB more buy an eighth of the CPU: docs/rendimiento.md
	}
	debug.FreeOSMemory()
	doc, _ := os.ReadFile("/proc/self/maps") // none: not Linux
	exe, _ := os.Readlink("/proc/self/exe")
	for _, t := range propios(string(doc), exe) {
		soltar(t)
	}
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

// tramo is a part of the address space: [desde, hasta).
type tramo struct{ desde, hasta uintptr }

// propios gives the parts of maps (proc_pid_maps(5)) that show the file exe and that nobody can have written, so that they
// are as the file is.
func propios(maps, exe string) (out []tramo) {
	for l := range strings.Lines(maps) {
		c := strings.Fields(l)
		if len(c) != 6 || c[5] != exe || c[1] != "r-xp" {
			continue
		}
		a, z, _ := strings.Cut(c[0], "-")
		desde, err := strconv.ParseUint(a, 16, 64)
		hasta, otro := strconv.ParseUint(z, 16, 64)
		if err == nil && otro == nil {
			out = append(out, tramo{uintptr(desde), uintptr(hasta)})
		}
	}
	return out
}
