package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	clientesmod "despensa/modules/clientes/module"
)

// clavesDePrueba is a master key, made as development makes one.
func clavesDePrueba(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	c, err := leerConfiguracion(nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := clientesmod.New(t.Context(), clientesmod.Opciones{Config: c.Clientes, Auditoria: c.Auditoria, Datos: dir})
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
