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

// TestOneProgramPerFolder: a second one is refused and names the folder.
func TestOneProgramPerFolder(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	_, err := programa.Abrir(t.Context(), kit.Settings(c.Dir), c.Logger(), programa.Pruebas{})
	if !errors.Is(err, sqldb.ErrOcupada) || !strings.Contains(err.Error(), c.Dir) {
		t.Errorf("a second program on the same folder: %v", err)
	}
	codigo, _, errores := kit.Run(t, []string{"DESPENSA_DATOS=" + c.Dir, "DESPENSA_HTTP_DIRECCION=127.0.0.1:0"}, "serve")
	if codigo != 1 || !strings.Contains(errores, c.Dir) {
		t.Errorf("exit %d: %s", codigo, errores)
	}
}

func TestCommandLine(t *testing.T) {
	t.Parallel()
	p := kit.Launch(t)
	p.MustStart()
	esta := "DESPENSA_URL=" + p.URL
	casos := map[string]struct {
		entorno []string
		args    []string
		codigo  int
		dice    string
	}{
		"help":               {nil, []string{"--help"}, 0, "healthcheck"},
		"version":            {nil, []string{"version"}, 0, "despensa " + programa.Version},
		"config":             {[]string{"DESPENSA_MERCADOPAGO_TOKEN=" + valorSecreto}, []string{"config"}, 0, "token: '***'"},
		"healthcheck":        {[]string{esta}, []string{"healthcheck"}, 0, "ready"},
		"healthcheck, down":  {[]string{"DESPENSA_URL=http://127.0.0.1:1"}, []string{"healthcheck"}, 1, "does not answer (DESPENSA_URL is http://127.0.0.1:1)"},
		"token":              {[]string{esta}, []string{"token", "cliente1"}, 0, "ey"},
		"token of nobody":    {[]string{esta}, []string{"token", "fulano"}, 1, "refused"},
		"token without name": {[]string{esta}, []string{"token"}, 2, "LOGIN"},
		"migrate":            {[]string{"DESPENSA_DATOS=" + t.TempDir()}, []string{"migrate"}, 0, "up to date"},
		"unknown command":    {nil, []string{"volar"}, 2, "volar"},
		"unknown flag":       {nil, []string{"bench", "--volar"}, 2, "--volar"},
		"a flag of before":   {nil, []string{"bench", "-volar"}, 2, "two dashes"},
		"misspelt":           {nil, []string{"sevre"}, 2, "did you mean serve"},
		"version as a flag":  {nil, []string{"--version"}, 0, "despensa " + programa.Version},
		"help of serve":      {nil, []string{"help", "serve"}, 0, "listo URL"},
		"completion":         {nil, []string{"completion", "bash"}, 0, "__start_despensa"},
		"demo without work":  {[]string{esta}, []string{"demo", "--pedidos", "0"}, 2, "--pedidos 0"},
		"bad setting":        {[]string{"DESPENSA_HTTP_LIMITE=" + valorSecreto}, []string{"serve"}, 2, "http.limite"},
		"unknown setting":    {[]string{"DESPENSA_NO_EXISTE=1"}, []string{"config"}, 2, "DESPENSA_NO_EXISTE"},
		"dev in production":  {[]string{"DESPENSA_ENV=produccion"}, []string{"dev"}, 2, "oidc.emisor"},
		"config, production": {[]string{"DESPENSA_ENV=produccion"}, []string{"config"}, 2, "pedidos.mongodb"},
		"production, empty":  {[]string{"DESPENSA_ENV=produccion"}, []string{"serve"}, 2, "oidc.emisor"},
	}
	for _, k := range comandos.Raiz().Commands() {
		casos[k.Name()+" --help"] = struct {
			entorno []string
			args    []string
			codigo  int
			dice    string
		}{nil, []string{k.Name(), "--help"}, 0, k.Short}
	}
	for nombre, x := range casos {
		t.Run(nombre, func(t *testing.T) {
			codigo, salida, errores := kit.Run(t, x.entorno, x.args...)
			if codigo != x.codigo || !strings.Contains(salida+errores, x.dice) || strings.Contains(salida+errores, valorSecreto) {
				t.Errorf("exit %d, want %d and %q:\n%s%s", codigo, x.codigo, x.dice, salida, errores)
			}
		})
	}
}

// TestReadyLine: the ready line alone on standard output, the rest on the other one.
func TestReadyLine(t *testing.T) {
	t.Parallel()
	p := kit.Launch(t)
	inicio := time.Now()
	p.MustStart()
	t.Logf("ready after %v, an empty folder seeded", time.Since(inicio).Round(time.Millisecond))
	p.Until("the demo logins are shown", func() bool { return p.Code("cliente1", "GET", "/clientes/yo", nil) == "" })
	p.Stop()
	for _, s := range []string{"documentation", "cliente1", "repartidor3", devoidc.Clave} {
		if !strings.Contains(p.Stderr.String(), s) {
			t.Errorf("standard error does not say %s:\n%s", s, p.Stderr.String())
		}
	}
}
