//go:build !race

package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	devoidc "despensa/platform/dev/oidc"
	"despensa/platform/sqldb"
)

// valorSecreto is what no command may print.
const valorSecreto = "xyzzyplugh"

// TestOneProgramPerFolder: a second one is refused and names the folder.
func TestOneProgramPerFolder(t *testing.T) {
	t.Parallel()
	c := alquilar(t)
	_, err := abrir(t.Context(), configDePrueba(c.dir), c.registro(), Pruebas{})
	if !errors.Is(err, sqldb.ErrOcupada) || !strings.Contains(err.Error(), c.dir) {
		t.Errorf("a second program on the same folder: %v", err)
	}
	codigo, _, errores := ejecutar(t, []string{"DESPENSA_DATOS=" + c.dir, "DESPENSA_HTTP_DIRECCION=127.0.0.1:0"}, "serve")
	if codigo != 1 || !strings.Contains(errores, c.dir) {
		t.Errorf("exit %d: %s", codigo, errores)
	}
}

// ejecutar runs a command of the binary to its end.
func ejecutar(t *testing.T, entorno []string, args ...string) (codigo int, salida, errores string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), paciencia)
	defer cancel()
	cmd := exec.CommandContext(ctx, binario(t), args...)
	cmd.Env = append(os.Environ(), entorno...)
	var o, e strings.Builder
	cmd.Stdout, cmd.Stderr = &o, &e
	err := cmd.Run()
	var fin *exec.ExitError
	if err != nil && !errors.As(err, &fin) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), o.String(), e.String()
}

func TestCommandLine(t *testing.T) {
	t.Parallel()
	p := lanzar(t)
	p.debeArrancar()
	esta := "DESPENSA_URL=" + p.url
	casos := map[string]struct {
		entorno []string
		args    []string
		codigo  int
		dice    string
	}{
		"help":               {nil, []string{"--help"}, 0, "healthcheck"},
		"version":            {nil, []string{"version"}, 0, "despensa " + version},
		"config":             {[]string{"DESPENSA_MERCADOPAGO_TOKEN=" + valorSecreto}, []string{"config"}, 0, "token: '***'"},
		"healthcheck":        {[]string{esta}, []string{"healthcheck"}, 0, "ready"},
		"healthcheck, down":  {[]string{"DESPENSA_URL=http://127.0.0.1:1"}, []string{"healthcheck"}, 1, "does not answer"},
		"token":              {[]string{esta}, []string{"token", "cliente1"}, 0, "ey"},
		"token of nobody":    {[]string{esta}, []string{"token", "fulano"}, 1, "refused"},
		"token without name": {[]string{esta}, []string{"token"}, 2, "LOGIN"},
		"migrate":            {[]string{"DESPENSA_DATOS=" + t.TempDir()}, []string{"migrate"}, 0, "up to date"},
		"unknown command":    {nil, []string{"volar"}, 2, "volar"},
		"unknown flag":       {nil, []string{"bench", "-volar"}, 2, "volar"},
		"bad setting":        {[]string{"DESPENSA_HTTP_LIMITE=" + valorSecreto}, []string{"serve"}, 2, "http.limite"},
		"unknown setting":    {[]string{"DESPENSA_NO_EXISTE=1"}, []string{"config"}, 2, "DESPENSA_NO_EXISTE"},
		"dev in production":  {[]string{"DESPENSA_ENV=produccion"}, []string{"dev"}, 2, "oidc.emisor"},
		"config, production": {[]string{"DESPENSA_ENV=produccion"}, []string{"config"}, 2, "pedidos.mongodb"},
		"production, empty":  {[]string{"DESPENSA_ENV=produccion"}, []string{"serve"}, 2, "oidc.emisor"},
	}
	for _, k := range comandos() {
		casos[k.Nombre+" --help"] = struct {
			entorno []string
			args    []string
			codigo  int
			dice    string
		}{nil, []string{k.Nombre, "--help"}, 0, k.Resumen}
	}
	for nombre, x := range casos {
		t.Run(nombre, func(t *testing.T) {
			codigo, salida, errores := ejecutar(t, x.entorno, x.args...)
			if codigo != x.codigo || !strings.Contains(salida+errores, x.dice) || strings.Contains(salida+errores, valorSecreto) {
				t.Errorf("exit %d, want %d and %q:\n%s%s", codigo, x.codigo, x.dice, salida, errores)
			}
		})
	}
}

// TestReadyLine: the ready line alone on standard output, the rest on the other one.
func TestReadyLine(t *testing.T) {
	t.Parallel()
	p := lanzar(t)
	inicio := time.Now()
	p.debeArrancar()
	t.Logf("ready after %v, an empty folder seeded", time.Since(inicio).Round(time.Millisecond))
	p.hasta("the demo logins are shown", func() bool { return p.codigo("cliente1", "GET", "/clientes/yo", nil) == "" })
	p.terminar()
	for _, s := range []string{"documentation", "cliente1", "repartidor3", devoidc.Clave} {
		if !strings.Contains(p.errores.String(), s) {
			t.Errorf("standard error does not say %s:\n%s", s, p.errores.String())
		}
	}
}
