package programa

import (
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"despensa/internal/ajustes"
)

// TestFilesAreTheirOwnersAlone: after a demo start over a folder that every user could read, each file has 0600 and
// each folder 0700, also when an earlier release has left them readable.
func TestFilesAreTheirOwnersAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("SKIPPED: rights of group and others are not Windows's")
	}
	dir := filepath.Join(t.TempDir(), "datos")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	c, err := ajustes.Leer(
		[]string{"DESPENSA_DATOS=" + dir, "DESPENSA_HTTP_DIRECCION=127.0.0.1:0"},
	)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a new folder", "one that was open to all"} {
		t.Run(name, func(t *testing.T) {
			p, err := Open(t.Context(), c, slog.New(slog.DiscardHandler), Pruebas{})
			if err != nil {
				t.Fatal(err)
			}
			seen := rights(t, dir)
			if err := p.Cerrar(); err != nil {
				t.Fatal(err)
			}
			for _, file := range []string{"cerrojo", "pedidos.db", "pedidos.db-wal", "pedidos.db-shm", "clientes.db",
				"auditoria.db",
				"pagos.db", "rutas.db-wal", "dev/sesion.clave", "dev/claves.json"} {
				if _, ok := seen[file]; !ok {
					t.Errorf("%s is not there: %v", file, slices.Sorted(maps.Keys(seen)))
				}
			}
			for file, mode := range seen {
				want := fs.FileMode(0o600)
				if mode.IsDir() {
					want = 0o700
				}
				if mode.Perm() != want {
					t.Errorf("%s has %v, want %v", file, mode.Perm(), want)
				}
			}
		})
		for file, mode := range rights(t, dir) { // readable, as an earlier release left them
			open := fs.FileMode(0o644)
			if mode.IsDir() {
				open = 0o755
			}
			if err := os.Chmod(filepath.Join(dir, file), open); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// rights are the modes of dir and of everything below it, by path.
func rights(t *testing.T, dir string) map[string]fs.FileMode {
	t.Helper()
	out := map[string]fs.FileMode{}
	err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		i, err := d.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, file)
		out[filepath.ToSlash(name)] = i.Mode()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
