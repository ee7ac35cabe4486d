package caidas_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"despensa/internal/apiclient"
	"despensa/pruebas/kit"
)

// TestAFullDisk starts the program on a file system of its own and fills it: writes are refused, lists go on, the
// process is not ready and lives. With room again it is ready by itself, and sells.
func TestAFullDisk(t *testing.T) {
	t.Parallel()
	p := kit.Launch(t)
	if p.Servers.Shared() {
		t.Skip("SKIPPED: the stores are not on this process's disk")
	}
	if err := syscall.Mount("tmpfs", p.Dir, "tmpfs", 0, "size=96m,mode=0700"); err != nil {
		t.Skipf("SKIPPED: a really full disk: no tmpfs can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		p.Stop()
		if err := syscall.Unmount(p.Dir, 0); err != nil {
			t.Error(err)
		}
	})
	p.MustStart()
	p.Await("cliente1", p.Order("cliente1", p.NewPurchase("cliente1")).ID, "confirmado")
	buy := p.NewPurchase("cliente2")
	ballast := filepath.Join(p.Dir, "ballast")
	fill := func() bool {
		f, err := os.OpenFile(ballast, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for err == nil {
			_, err = f.Write(make([]byte, 4096))
		}
		return errors.Is(err, syscall.ENOSPC)
	}
	p.Until("a write is refused", func() bool {
		if !fill() {
			return false
		}
		c := *p.As("cliente2")
		c.Tries = 1
		err := c.Do(t.Context(), http.MethodPost, "/pedidos", buy, nil)
		return slices.Contains(kit.Away, apiclient.Code(err))
	})
	p.Until("it is not ready", func() bool {
		status, s := readiness(t, p)
		return status == http.StatusServiceUnavailable && s.Estado == "no listo"
	})
	if code := p.Code("cliente1", http.MethodGet, "/productos", nil); code != "" {
		t.Errorf("the catalogue cannot be read: %s", code)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	p.Until("it is ready again", func() bool {
		status, s := readiness(t, p)
		return status == http.StatusOK && s.Estado == "listo"
	})
	p.Await("cliente2", p.Order("cliente2", p.NewPurchase("cliente2")).ID, "confirmado")
}

// health is the answer of readiness.
type health struct {
	Estado string            `json:"estado"`
	Partes map[string]string `json:"partes"`
}

func readiness(t *testing.T, process *kit.Process) (status int, h health) {
	t.Helper()
	r, err := http.NewRequestWithContext(
		t.Context(),
		http.MethodGet,
		process.URL+"/salud/listo",
		nil,
	)
	if err != nil {
		t.Fatal(err)
	}
	res, err := process.HTTP.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(&h); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, h
}
