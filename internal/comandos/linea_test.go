package comandos

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"despensa/platform/cli"
)

// correr runs a command in this process.
func correr(t *testing.T, args ...string) (codigo int, salida, errores string) {
	t.Helper()
	var s, e bytes.Buffer
	codigo = Ejecutar(t.Context(), args, &s, &e)
	return codigo, s.String(), e.String()
}

// TestErrorsNameTheInstance: a command that talks to an instance says which one failed it, without a password.
func TestErrorsNameTheInstance(t *testing.T) {
	no := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer no.Close()
	tests := map[string]struct {
		args   []string
		url    string
		codigo int
		dice   string
	}{
		"healthcheck, nothing there": {[]string{"healthcheck"}, "http://127.0.0.1:1", cli.Mal,
			"does not answer (DESPENSA_URL is http://127.0.0.1:1)"},
		"healthcheck, not ready": {[]string{"healthcheck"}, no.URL, cli.Mal, "status 503 (DESPENSA_URL is " + no.URL +
			")"},
		"token": {[]string{"token", "cliente1"}, "http://127.0.0.1:1", cli.Mal, "http://127.0.0.1:1"},
		"explicar": {[]string{"explicar", "ABCDEFGHJ1"}, "http://127.0.0.1:1", cli.Mal,
			"http://127.0.0.1:1"},
		"bench": {[]string{"bench"}, "http://127.0.0.1:1", cli.Mal, "http://127.0.0.1:1"},
		"demo": {[]string{"demo", "--paciencia", "0s"}, "http://127.0.0.1:1", cli.Mal,
			"http://127.0.0.1:1"},
		"a password":     {[]string{"healthcheck"}, "http://ana:xyzzy@127.0.0.1:1", cli.Mal, "127.0.0.1:1"},
		"nobody":         {[]string{"token", ""}, "http://127.0.0.1:1", cli.MalUso, "one LOGIN is expected"},
		"no order":       {[]string{"explicar", ""}, "http://127.0.0.1:1", cli.MalUso, "one order is expected"},
		"no address":     {[]string{"healthcheck"}, "xyzzy", cli.MalUso, "DESPENSA_URL"},
		"another scheme": {[]string{"token", "cliente1"}, "ftp://xyzzy", cli.MalUso, "DESPENSA_URL"},
		"a flag":         {[]string{"demo", "--pedidos", "0"}, "http://127.0.0.1:1", cli.MalUso, "--pedidos 0"},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Setenv("DESPENSA_URL", tt.url)
			codigo, salida, errores := correr(t, tt.args...)
			if codigo != tt.codigo || salida != "" || !strings.Contains(errores, tt.dice) ||
				strings.Contains(errores, "xyzzy") {
				t.Errorf("exit %d: %q, %q", codigo, salida, errores)
			}
		})
	}
}

// TestHealthcheckSaysWhatIsAway: a store that others share does not end it with 1, the process's own disk does.
func TestHealthcheckSaysWhatIsAway(t *testing.T) {
	tests := map[string]struct {
		status, codigo int
		cuerpo, dice   string
	}{
		"all is well": {200, cli.Bien, `{"estado":"listo","partes":{"pagos":"bien"}}`, "ready\n"},
		"degraded": {200, cli.Bien, `{"estado":"degradado","partes":{"pagos":"degradado","rutas":"bien"}}`,
			"ready, but pagos degradado\n"},
		"a full disk": {503, cli.Mal, `{"estado":"no listo","partes":{"pagos":"mal"}}`, "not ready: status 503: pagos mal"},
		"no words":    {503, cli.Mal, `<html>`, "not ready: status 503 ("},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(tt.status)
				_, _ = w.Write([]byte(tt.cuerpo))
			}))
			defer s.Close()
			t.Setenv("DESPENSA_URL", s.URL)
			codigo, salida, errores := correr(t, "healthcheck")
			if codigo != tt.codigo || !strings.Contains(salida+errores, tt.dice) {
				t.Errorf("exit %d: %q, %q", codigo, salida, errores)
			}
		})
	}
}

// TestNewDataFolder: a folder that no program has used is named, whole, before a shop is begun in it.
func TestNewDataFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("DESPENSA_DATOS", "./datos")
	aqui, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	aviso := "new data folder: " + filepath.Join(aqui, "datos") + "\n"
	if codigo, _, errores := correr(t, "migrate"); codigo != cli.Bien || !strings.HasPrefix(errores, aviso) {
		t.Errorf("the first time: exit %d, %q", codigo, errores)
	}
	if codigo, _, errores := correr(t, "migrate"); codigo != cli.Bien || strings.Contains(errores, "new") {
		t.Errorf("the second time: exit %d, %q", codigo, errores)
	}
	if codigo, salida, _ := correr(t, "config"); codigo != cli.Bien ||
		!strings.Contains(salida, filepath.Join(aqui, "datos")) {
		t.Errorf("config does not name the folder: exit %d, %q", codigo, salida)
	}
	t.Setenv("DESPENSA_DATOS", "datos/cerrojo") // a file
	if codigo, _, errores := correr(t, "migrate"); codigo != cli.Mal ||
		!strings.Contains(errores, filepath.Join(aqui, "datos", "cerrojo")) {
		t.Errorf("a file in its place: exit %d, %q", codigo, errores)
	}
}

// TestStandardErrorIsJSON: where the log is JSON, so is all that commands say beside it.
func TestStandardErrorIsJSON(t *testing.T) {
	archivo := filepath.Join(t.TempDir(), "despensa.yaml")
	if err := os.WriteFile(archivo, []byte("registro: {formato: json}\nno_existe: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		entorno map[string]string
		args    []string
		codigo  int
		dice    string // level and message, as they are written
	}{
		"a wrong setting": {map[string]string{"DESPENSA_HTTP_LIMITE": "x"}, []string{"serve"}, cli.MalUso,
			`"ERROR","msg":"despensa serve: configuration: http.limite`},
		"several": {map[string]string{"DESPENSA_HTTP_LIMITE": "x", "DESPENSA_NADA": "1"}, []string{"serve"},
			cli.MalUso, `DESPENSA_NADA`},
		"a wrong file": {map[string]string{"DESPENSA_CONFIG": archivo, "DESPENSA_REGISTRO_FORMATO": ""},
			[]string{"serve"}, cli.MalUso, `no_existe`},
		"no such file": {map[string]string{"DESPENSA_CONFIG": archivo + "x"}, []string{"serve"}, cli.MalUso,
			`DESPENSA_CONFIG`},
		"a wrong command": {nil, []string{"volar"}, cli.MalUso, `unknown command \"volar\"`},
		"a wrong flag":    {nil, []string{"serve", "--volar"}, cli.MalUso, `unknown flag: --volar`},
		"an address": {map[string]string{"DESPENSA_HTTP_DIRECCION": "192.0.2.1:1"}, []string{"serve"}, cli.Mal,
			`"ERROR","msg":"despensa serve: http.direccion`},
		"a new folder": {nil, []string{"migrate"}, cli.Bien, `"INFO","msg":"new data folder: `},
		"progress": {map[string]string{"DESPENSA_URL": "http://127.0.0.1:1"}, []string{"bench"}, cli.Mal,
			`"INFO","msg":"preparing 2000 orders of 1 lines"`},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Setenv("DESPENSA_DATOS", filepath.Join(t.TempDir(), "datos"))
			t.Setenv("DESPENSA_REGISTRO_FORMATO", "json")
			for k, v := range tt.entorno {
				if t.Setenv(k, v); v == "" {
					os.Unsetenv(k)
				}
			}
			codigo, _, errores := correr(t, tt.args...)
			if codigo != tt.codigo || !strings.Contains(errores, tt.dice) {
				t.Errorf("exit %d, want %d and %s:\n%s", codigo, tt.codigo, tt.dice, errores)
			}
			for linea := range strings.Lines(errores) {
				if !json.Valid([]byte(linea)) {
					t.Errorf("not JSON: %s", linea)
				}
			}
		})
	}
}
