// Command despensa takes the orders of a food company, charges them and delivers them:
// configuration -> stand-ins -> four modules -> HTTP.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	_ "time/tzdata" // the company's calendar days, wherever the program runs

	"despensa/platform/cli"
	"despensa/platform/config"
	devoidc "despensa/platform/dev/oidc"
	"despensa/platform/telemetry"
)

// version is what the API document and `despensa version` say.
const version = "0.3.0"

// intro is what `despensa --help` says first.
const intro = "despensa takes the orders of a food company, charges them and delivers them."

// ejecutarComando runs the command that args name and gives its exit code.
func ejecutarComando(ctx context.Context, args []string, salida, errores io.Writer) int {
	return cli.Ejecutar(ctx, "despensa", intro, comandos(), args, salida, errores)
}

func main() {
	os.Exit(ejecutarComando(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
}

// servir opens everything, says that it is ready, and serves until ctx ends.
func servir(ctx context.Context, args []string, salida, errores io.Writer) error {
	if err := cli.SinArgumentos(args); err != nil {
		return err
	}
	c, err := leerConfiguracion(os.Environ())
	if err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300) // 70 MB more buy an eighth of the CPU: docs/rendimiento.md
	}
	log, err := telemetry.NuevoLog(errores, c.Registro)
	if err != nil {
		return fmt.Errorf("%w: %w", config.ErrConfig, err)
	}
	pr, err := pruebas(c, os.Getenv)
	if err != nil {
		return err
	}
	p, err := abrir(ctx, c, log, pr)
	if err != nil {
		return err
	}
	p.saludar(errores)
	return atender(ctx, p, salida)
}

// atender says that p is ready, serves until ctx ends, and closes p.
func atender(ctx context.Context, p *programa, salida io.Writer) error {
	fmt.Fprintln(salida, "listo", p.c.HTTP.URL)
	err := p.Correr(ctx)
	if e := p.Cerrar(); err == nil {
		err = e
	}
	return err
}

// saludar tells a newcomer where to look and who can log in.
func (p *programa) saludar(w io.Writer) {
	fmt.Fprintf(w, "\nDespensa %s\n  start here     %s/\n  API            %s/api/v1\n  documentation  %s/docs/\n", version, p.c.HTTP.URL, p.c.HTTP.URL, p.c.HTTP.URL)
	if p.mp != nil {
		fmt.Fprintf(w, "  gateway        embedded simulator, %s\n", p.c.MercadoPago.URL)
	}
	if p.idp == nil {
		return
	}
	fmt.Fprintf(w, "  identity       embedded provider, %s\n  demo logins    (password %q)\n", p.c.OIDC.Emisor, "despensa")
	for _, i := range devoidc.Ingresos() {
		fmt.Fprintf(w, "    %-12s %v\n", i.Login, i.Roles)
	}
	fmt.Fprintf(w, "  a token        go run . token cliente1\n\n")
}
