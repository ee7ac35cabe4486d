package programa

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"despensa/internal/ajustes"
	"despensa/platform/config"
	"despensa/platform/oidc/sesion"
)

// Development derives the session key from the configured master key, so that replicas with the same master key have
// the same session key. Without a master key it keeps a key of its own.
func TestDevelopmentDerivesItsSessionKey(t *testing.T) {
	claves := []string{"a master key", "another master key", ""}
	visto := map[string]string{}
	for _, k := range append(claves, claves...) {
		c := ajustes.Configuracion{Datos: t.TempDir()}
		c.Clientes.Claves = config.Secret(k)
		if err := os.MkdirAll(carpetaDev(c), 0o700); err != nil {
			t.Fatal(err)
		}
		s, err := claveDeDesarrollo(c)
		if err != nil || k != "" && strings.Contains(s.Value(), k) {
			t.Errorf("%v", err)
		}
		antes, hay := visto[k]
		if hay && (antes == s.Value()) != (k != "") {
			t.Errorf(
				"with the master key set: %v, the same key twice: %v",
				k != "",
				antes == s.Value(),
			)
		}
		visto[k] = s.Value()
	}
	if visto[claves[0]] == visto[claves[1]] {
		t.Error("two master keys give one session key")
	}
}

// Development keeps its session key in a file with mode 0600, and makes another one when a crash has cut the file off.
func TestDevelopmentKeepsItsSessionKey(t *testing.T) {
	archivo := filepath.Join(t.TempDir(), "sesion.clave")
	if err := os.WriteFile(archivo, []byte("cortada"), 0o600); err != nil {
		t.Fatal(err)
	}
	una, err := claveDeSesion(archivo)
	if err != nil || len(una) < sesion.KeyMin {
		t.Fatalf("%d bytes, %v", len(una), err)
	}
	if otra, err := claveDeSesion(archivo); err != nil || otra != una {
		t.Errorf("the second start has another key: %v", err)
	}
	if f, err := os.Stat(archivo); err != nil || f.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", f.Mode(), err)
	}
}
