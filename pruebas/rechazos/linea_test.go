package rechazos_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"despensa/internal/comandos"
	"despensa/internal/programa"
	devoidc "despensa/platform/dev/oidc"
	"despensa/platform/sqldb"
	"despensa/pruebas/kit"
)

// valorSecreto is the value of a secret setting, which no command may print.
const valorSecreto = "xyzzyplugh"

// TestOneProgramPerFolder: a second program on a folder refuses to start and names the folder.
func TestOneProgramPerFolder(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	_, err := programa.Open(t.Context(), kit.Settings(c.Dir), c.Logger(), programa.Pruebas{})
	if !errors.Is(err, sqldb.ErrInUse) || !strings.Contains(err.Error(), c.Dir) {
		t.Errorf("a second program on the same folder: %v", err)
	}
	codigo, _, errores := kit.Run(
		t,
		[]string{"DESPENSA_DATOS=" + c.Dir, "DESPENSA_HTTP_DIRECCION=127.0.0.1:0"},
		"serve",
	)
	if codigo != 1 || !strings.Contains(errores, c.Dir) {
		t.Errorf("exit %d: %s", codigo, errores)
	}
}

// TestCommandLine: each command ends with its exit code and its sentence, and none prints a secret.
func TestCommandLine(t *testing.T) {
	t.Parallel()
	p := kit.Launch(t)
	p.MustStart()
	esta := "DESPENSA_URL=" + p.URL
	const produccion = "DESPENSA_ENV=produccion"
	casos := map[string]struct {
		entorno []string
		args    []string
		codigo  int
		dice    string
	}{
		"help":    {args: []string{"--help"}, codigo: 0, dice: "healthcheck"},
		"version": {args: []string{"version"}, codigo: 0, dice: "despensa " + programa.Version},
		"config": {
			entorno: []string{"DESPENSA_MERCADOPAGO_TOKEN=" + valorSecreto},
			args:    []string{"config"},
			codigo:  0,
			dice:    "token: '***'",
		},
		"healthcheck": {
			entorno: []string{esta},
			args:    []string{"healthcheck"},
			codigo:  0,
			dice:    "ready",
		},
		"healthcheck, down": {
			entorno: []string{"DESPENSA_URL=http://127.0.0.1:1"},
			args:    []string{"healthcheck"},
			codigo:  1,
			dice:    "does not answer (DESPENSA_URL is http://127.0.0.1:1)",
		},
		"token": {
			entorno: []string{esta},
			args:    []string{"token", "cliente1"},
			codigo:  0,
			dice:    "ey",
		},
		"token of nobody": {
			entorno: []string{esta},
			args:    []string{"token", "fulano"},
			codigo:  1,
			dice:    "refused",
		},
		"token without name": {
			entorno: []string{esta},
			args:    []string{"token"},
			codigo:  2,
			dice:    "LOGIN",
		},
		"migrate": {
			entorno: []string{"DESPENSA_DATOS=" + t.TempDir()},
			args:    []string{"migrate"},
			codigo:  0,
			dice:    "up to date",
		},
		"unknown command":  {args: []string{"volar"}, codigo: 2, dice: "volar"},
		"unknown flag":     {args: []string{"bench", "--volar"}, codigo: 2, dice: "--volar"},
		"a flag of before": {args: []string{"bench", "-volar"}, codigo: 2, dice: "two dashes"},
		"misspelt":         {args: []string{"sevre"}, codigo: 2, dice: "did you mean serve"},
		"version as a flag": {
			args:   []string{"--version"},
			codigo: 0,
			dice:   "despensa " + programa.Version,
		},
		"help of serve": {args: []string{"help", "serve"}, codigo: 0, dice: "listo URL"},
		"completion": {
			args:   []string{"completion", "bash"},
			codigo: 0,
			dice:   "__start_despensa",
		},
		"demo without work": {entorno: []string{esta}, args: []string{"demo", "--pedidos", "0"},
			codigo: 2, dice: "--pedidos 0"},
		"bad setting": {
			entorno: []string{"DESPENSA_HTTP_LIMITE=" + valorSecreto},
			args:    []string{"serve"},
			codigo:  2,
			dice:    "http.limite",
		},
		"unknown setting": {entorno: []string{"DESPENSA_NO_EXISTE=1"}, args: []string{"config"},
			codigo: 2, dice: "DESPENSA_NO_EXISTE"},
		"dev in production": {
			entorno: []string{produccion},
			args:    []string{"dev"},
			codigo:  2,
			dice:    "oidc.emisor",
		},
		"config, production": {
			entorno: []string{produccion},
			args:    []string{"config"},
			codigo:  2,
			dice:    "pedidos.mongodb",
		},
		"production, empty": {
			entorno: []string{produccion},
			args:    []string{"serve"},
			codigo:  2,
			dice:    "oidc.emisor",
		},
	}
	for _, k := range comandos.Raiz().Commands() {
		casos[k.Name()+" --help"] = struct {
			entorno []string
			args    []string
			codigo  int
			dice    string
		}{args: []string{k.Name(), "--help"}, codigo: 0, dice: k.Short}
	}
	for nombre, x := range casos {
		t.Run(nombre, func(t *testing.T) {
			codigo, salida, errores := kit.Run(t, x.entorno, x.args...)
			if codigo != x.codigo || !strings.Contains(salida+errores, x.dice) ||
				strings.Contains(salida+errores, valorSecreto) {
				t.Errorf(
					"exit %d, want %d and %q:\n%s%s",
					codigo,
					x.codigo,
					x.dice,
					salida,
					errores,
				)
			}
		})
	}
}

// TestReadyLine: standard output has the ready line alone, standard error every other line.
func TestReadyLine(t *testing.T) {
	t.Parallel()
	p := kit.Launch(t)
	inicio := time.Now()
	p.MustStart()
	t.Logf("ready after %v, an empty folder seeded", time.Since(inicio).Round(time.Millisecond))
	p.Until(
		"the demo logins are shown",
		func() bool { return p.Code("cliente1", "GET", "/clientes/yo", nil) == "" },
	)
	p.Stop()
	for _, s := range []string{"documentation", "cliente1", "repartidor3", devoidc.Password} {
		if !strings.Contains(p.Stderr.String(), s) {
			t.Errorf("standard error does not say %s:\n%s", s, p.Stderr.String())
		}
	}
}
