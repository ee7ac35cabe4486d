package comandos

import (
	"context"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"
)

const mapas = `00400000-01812000 r-xp 00000000 fe:00 12567009                           /opt/despensa
01812000-02da8000 r--p 01412000 fe:00 12567009                           /opt/despensa
02da8000-02ec7000 rw-p 029a8000 fe:00 12567009                           /opt/despensa
38a472800000-38a473c00000 rw-p 00000000 00:00 0
7f1b62591000-7f1b626e7000 r-xp 00026000 fe:00 326269                     /usr/lib/x86_64-linux-gnu/libc.so.6
7ffd1b1f2000-7ffd1b1f4000 r-xp 00000000 00:00 0                          [vdso]
`

// Only what is as it is in the program's own file may be let go: neither what can be written, nor what a loader has written
// and protected again, nor what belongs to others.
func TestPropios(t *testing.T) {
	for exe, want := range map[string][]tramo{
		"/opt/despensa": {{0x400000, 0x1812000}},
		"/opt/otro":     nil,
		"":              nil,
	} {
		if got := propios(mapas, exe); !slices.Equal(got, want) {
			t.Errorf("%q: %x, want %x", exe, got, want)
		}
	}
}

// A program whose pages were let go runs on: this one.
func TestSoltar(t *testing.T) {
	doc, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Skip("SKIPPED: pages of the program's file are let go on Linux: there is no /proc")
	}
	exe, err := os.Readlink("/proc/self/exe")
	ts := propios(string(doc), exe)
	if err != nil || len(ts) == 0 {
		t.Fatalf("no pages of %q: %v\n%s", exe, err, doc)
	}
	for range 3 {
		for _, p := range ts {
			soltar(p)
		}
		runtime.GC()
	}
}

// Memory is given back after a while in which little was allocated, and not after another one.
func TestReposar(t *testing.T) {
	ctx, parar := context.WithCancel(t.Context())
	tic, fin, veces := make(chan time.Time), make(chan struct{}), 0
	devuelto := make(chan struct{}, 1)
	go func() {
		defer close(fin)
		reposar(ctx, tic, func() { veces++; devuelto <- struct{}{} })
	}()
	tic <- time.Time{}
	<-devuelto
	basura = make([]byte, 2*poco)
	tic <- time.Time{}
	tic <- time.Time{} // taken once the busy one has been judged
	<-devuelto
	parar()
	if <-fin; veces != 2 {
		t.Errorf("given back %d times in two whiles of rest and one of work", veces)
	}
}

// basura keeps the compiler from leaving an allocation out.
var basura []byte
