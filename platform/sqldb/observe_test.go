package sqldb

import (
	"context"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"
)

// heard collects the statements that an engine ran.
type heard struct {
	mu  sync.Mutex
	all []Execution
}

func (h *heard) hear(execution Execution) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all = append(h.all, execution)
}

// take gives the statements collected since the last call, each as "effect: statement" in lower case.
func (h *heard) take() (out []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.all {
		out = append(out, s.Effect+": "+strings.ToLower(s.SQL))
	}
	h.all = nil
	return out
}

func TestObserverIsToldOfEachStatement(t *testing.T) {
	var h heard
	archivo := filepath.Join(t.TempDir(), "a.db")
	d, err := Open(
		t.Context(),
		Options{Name: "prueba", File: archivo, Migrations: pasos, Observe: h.hear},
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	h.take()
	before := d.Statements()
	if err := poner(t.Context(), d, 4711); err != nil {
		t.Fatal(err)
	}
	contar(t, d)
	_ = d.Write(t.Context(), "nada", func(*gorm.DB) error { return context.Canceled })
	want := []string{
		"poner: begin immediate", "poner: insert into t values (?, 1)", "poner: commit",
		": select count(*) from t",
		"nada: begin immediate", "nada: rollback",
	}
	if diff := cmp.Diff(want, h.take()); diff != "" {
		t.Errorf("statements (-want +got):\n%s", diff)
	}
	if n := d.Statements() - before; n != uint64(len(want)) {
		t.Errorf("%d statements were counted, %d were run", n, len(want))
	}
}
