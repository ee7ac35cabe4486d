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

// TestErrorsNameTheInstance: the error of a command that talks to an instance has the address of the instance, without
// a password.
func TestErrorsNameTheInstance(t *testing.T) {
	no := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer no.Close()
	const nadie = "http://127.0.0.1:1"
	tests := map[string]struct {
		args   []string
		url    string
		codigo int
		dice   string
	}{
		"healthcheck, nothing there": {
			args:   []string{"healthcheck"},
			url:    nadie,
			codigo: cli.Failed,
			dice:   "does not answer (DESPENSA_URL is http://127.0.0.1:1)",
		},
		"healthcheck, not ready": {
			args:   []string{"healthcheck"},
			url:    no.URL,
			codigo: cli.Failed,
			dice:   "status 503 (DESPENSA_URL is " + no.URL + ")",
		},
		"token": {
			args:   []string{"token", "cliente1"},
			url:    nadie,
			codigo: cli.Failed,
			dice:   nadie,
		},
		"explicar": {
			args:   []string{"explicar", "ABCDEFGHJ1"},
			url:    nadie,
			codigo: cli.Failed,
			dice:   nadie,
		},
		"bench": {args: []string{"bench"}, url: nadie, codigo: cli.Failed, dice: nadie},
		"demo": {
			args:   []string{"demo", "--paciencia", "0s"},
			url:    nadie,
			codigo: cli.Failed,
			dice:   nadie,
		},
		"a password": {
			args:   []string{"healthcheck"},
			url:    "http://ana:xyzzy@127.0.0.1:1",
			codigo: cli.Failed,
			dice:   "127.0.0.1:1",
		},
		"nobody": {
			args:   []string{"token", ""},
			url:    nadie,
			codigo: cli.Misuse,
			dice:   "one LOGIN is expected",
		},
		"no order": {
			args:   []string{"explicar", ""},
			url:    nadie,
			codigo: cli.Misuse,
			dice:   "one order is expected",
		},
		"no address": {
			args:   []string{"healthcheck"},
			url:    "xyzzy",
			codigo: cli.Misuse,
			dice:   "DESPENSA_URL",
		},
		"another scheme": {
			args:   []string{"token", "cliente1"},
			url:    "ftp://xyzzy",
			codigo: cli.Misuse,
			dice:   "DESPENSA_URL",
		},
		"a flag": {
			args:   []string{"demo", "--pedidos", "0"},
			url:    nadie,
			codigo: cli.Misuse,
			dice:   "--pedidos 0",
		},
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

// TestHealthcheckSaysWhatIsAway: an absent shared store leaves the exit code 0, a full disk of the process makes it 1.
func TestHealthcheckSaysWhatIsAway(t *testing.T) {
	tests := map[string]struct {
		status, codigo int
		cuerpo, dice   string
	}{
		"all is well": {
			status: 200,
			codigo: cli.OK,
			cuerpo: `{"estado":"listo","partes":{"pagos":"bien"}}`,
			dice:   "ready\n",
		},
		"degraded": {status: 200, codigo: cli.OK,
			cuerpo: `{"estado":"degradado","partes":{"pagos":"degradado","rutas":"bien"}}`,
			dice:   "ready, but pagos degradado\n"},
		"a full disk": {
			status: 503,
			codigo: cli.Failed,
			cuerpo: `{"estado":"no listo","partes":{"pagos":"mal"}}`,
			dice:   "not ready: status 503: pagos mal",
		},
		"no words": {
			status: 503,
			codigo: cli.Failed,
			cuerpo: `<html>`,
			dice:   "not ready: status 503 (",
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			s := httptest.NewServer(
				http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					w.WriteHeader(tt.status)
					_, _ = w.Write([]byte(tt.cuerpo))
				}),
			)
			defer s.Close()
			t.Setenv("DESPENSA_URL", s.URL)
			codigo, salida, errores := correr(t, "healthcheck")
			if codigo != tt.codigo || !strings.Contains(salida+errores, tt.dice) {
				t.Errorf("exit %d: %q, %q", codigo, salida, errores)
			}
		})
	}
}

// TestNewDataFolder: before the program makes a data folder, it prints the absolute path.
func TestNewDataFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("DESPENSA_DATOS", "./datos")
	aqui, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	aviso := "new data folder: " + filepath.Join(aqui, "datos") + "\n"
	if codigo, _, errores := correr(t, "migrate"); codigo != cli.OK ||
		!strings.HasPrefix(errores, aviso) {
		t.Errorf("the first time: exit %d, %q", codigo, errores)
	}
	if codigo, _, errores := correr(t, "migrate"); codigo != cli.OK ||
		strings.Contains(errores, "new") {
		t.Errorf("the second time: exit %d, %q", codigo, errores)
	}
	if codigo, salida, _ := correr(t, "config"); codigo != cli.OK ||
		!strings.Contains(salida, filepath.Join(aqui, "datos")) {
		t.Errorf("config does not name the folder: exit %d, %q", codigo, salida)
	}
	t.Setenv("DESPENSA_DATOS", "datos/cerrojo") // a file, not a folder
	if codigo, _, errores := correr(t, "migrate"); codigo != cli.Failed ||
		!strings.Contains(errores, filepath.Join(aqui, "datos", "cerrojo")) {
		t.Errorf("a file in its place: exit %d, %q", codigo, errores)
	}
}

// TestStandardErrorIsJSON: with a log of JSON, each line of a command on standard error is JSON too.
func TestStandardErrorIsJSON(t *testing.T) {
	archivo := filepath.Join(t.TempDir(), "despensa.yaml")
	if err := os.WriteFile(archivo, []byte("registro: {formato: json}\nno_existe: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		entorno map[string]string
		args    []string
		codigo  int
		dice    string // part of the line: level and message
	}{
		"a wrong setting": {
			entorno: map[string]string{"DESPENSA_HTTP_LIMITE": "x"},
			args:    []string{"serve"},
			codigo:  cli.Misuse,
			dice:    `"ERROR","msg":"despensa serve: configuration: http.limite`,
		},
		"several": {
			entorno: map[string]string{"DESPENSA_HTTP_LIMITE": "x", "DESPENSA_NADA": "1"},
			args:    []string{"serve"},
			codigo:  cli.Misuse,
			dice:    `DESPENSA_NADA`,
		},
		"a wrong file": {
			entorno: map[string]string{
				"DESPENSA_CONFIG":           archivo,
				"DESPENSA_REGISTRO_FORMATO": "",
			},
			args:   []string{"serve"},
			codigo: cli.Misuse,
			dice:   `no_existe`,
		},
		"no such file": {
			entorno: map[string]string{"DESPENSA_CONFIG": archivo + "x"},
			args:    []string{"serve"},
			codigo:  cli.Misuse,
			dice:    `DESPENSA_CONFIG`,
		},
		"a wrong command": {
			args:   []string{"volar"},
			codigo: cli.Misuse,
			dice:   `unknown command \"volar\"`,
		},
		"a wrong flag": {
			args:   []string{"serve", "--volar"},
			codigo: cli.Misuse,
			dice:   `unknown flag: --volar`,
		},
		"an address": {
			entorno: map[string]string{"DESPENSA_HTTP_DIRECCION": "192.0.2.1:1"},
			args:    []string{"serve"},
			codigo:  cli.Failed,
			dice:    `"ERROR","msg":"despensa serve: http.direccion`,
		},
		"a new folder": {
			args:   []string{"migrate"},
			codigo: cli.OK,
			dice:   `"INFO","msg":"new data folder: `,
		},
		"progress": {
			entorno: map[string]string{"DESPENSA_URL": "http://127.0.0.1:1"},
			args:    []string{"bench"},
			codigo:  cli.Failed,
			dice:    `"INFO","msg":"preparing 2000 orders of 1 lines"`,
		},
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
