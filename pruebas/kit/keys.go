package kit

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"despensa/internal/ajustes"
	clientesmod "despensa/modules/clientes/module"
	"despensa/platform/wiring"
)

// MasterKey is a master key, made as development makes one.
func MasterKey(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	c, err := ajustes.Leer(nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := clientesmod.New(
		t.Context(),
		clientesmod.Opciones{
			Options: wiring.Options{
				Folder: dir,
			},
			Config:    c.Clientes,
			Auditoria: c.Auditoria,
		},
	)
	if err == nil {
		err = m.Cerrar()
	}
	var hecha struct {
		Claves string `json:"claves"`
	}
	b, e := os.ReadFile(filepath.Join(dir, "dev", "claves.json"))
	if err := errors.Join(err, e, json.Unmarshal(b, &hecha)); err != nil {
		t.Fatal(err)
	}
	return hecha.Claves
}
