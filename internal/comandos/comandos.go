// Package comandos is the command line of despensa: serve, dev, migrate, config and the others.
package comandos

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"despensa/internal/ajustes"
	"despensa/internal/apiclient"
	"despensa/internal/comandos/bench"
	"despensa/internal/comandos/demo"
	"despensa/internal/comandos/explicar"
	"despensa/internal/comandos/licencias"
	"despensa/internal/programa"
	clientesmod "despensa/modules/clientes/module"
	"despensa/platform/cli"
	"despensa/platform/config"
	devoidc "despensa/platform/dev/oidc"
	"despensa/platform/oidc"
	"despensa/platform/telemetry"
)

// Todos is the command line.
func Todos() []cli.Comando {
	cs := []cli.Comando{
		{Nombre: "serve", Resumen: "serves the API, with stand-ins for what is not configured", Correr: servir,
			Ayuda: "Prints `listo URL` on standard output when it is ready. Settings: despensa config."},
		{Nombre: "dev", Resumen: "serves the stand-ins alone, for several replicas or another program", Correr: suplir,
			Ayuda: "Identity provider and gateway simulator at http.direccion; codes of the provider may go to any port of\nthis machine, webhooks go to mercadopago.avisos. Prints `listo URL` when it is ready. The programs that use\nit name it as oidc.emisor and mercadopago.url, as the start-up message shows."},
		{Nombre: "migrate", Resumen: "brings every schema up to date and ends", Correr: migrar,
			Ayuda: "serve does the same before it starts."},
		{Nombre: "config", Resumen: "prints the effective settings, secrets hidden", Correr: imprimirConfig,
			Ayuda: "Defaults, then the file that DESPENSA_CONFIG names, then the environment: http.direccion is\nDESPENSA_HTTP_DIRECCION; DESPENSA_…_FILE names a file that holds the value."},
		{Nombre: "retomar", Resumen: "takes up again what was set aside because it could not be read", Correr: retomar,
			Ayuda: "In the stores that the settings name, beside the instances that run; how much, by module. What still cannot\n" +
				"be read is set aside anew. despensa_apartados counts what is set aside."},
		{Nombre: "healthcheck", Resumen: "asks a running instance whether it is ready", Correr: salud,
			Ayuda: "DESPENSA_URL says which (default " + urlPorDefecto + ")."},
		{Nombre: "token", Resumen: "prints an access token of a demo login", Correr: ficha,
			Ayuda: "despensa token LOGIN logs in at the identity provider embedded in a running instance, as a browser\nwould; any other provider is refused. DESPENSA_URL says where (default " + urlPorDefecto + ")."},
		bench.Comando(instancia, ingresarDemo),
		demo.Comando(instancia, Gente()),
		explicar.Comando(instancia, ingresarDemo),
		licencias.Comando(),
		{Nombre: "version", Resumen: "prints the version", Correr: imprimirVersion},
	}
	return slices.Insert(cs, len(cs)-2, clientesmod.Comandos(opcionesDeClientes)...)
}

// opcionesDeClientes are the settings of clientes, for its commands.
func opcionesDeClientes() (clientesmod.Opciones, error) {
	c, err := ajustes.Leer(os.Environ())
	return clientesmod.Opciones{Config: c.Clientes, Auditoria: c.Auditoria, Datos: c.Datos, Ahora: time.Now}, err
}

// ingresarDemo logs a demo user in at the provider embedded in a running instance.
func ingresarDemo(ctx context.Context, url, login string) (string, error) {
	return apiclient.IngresoDemo(ctx, url, login, devoidc.Clave)
}

// Gente is who lives in the demo data.
func Gente() demo.Gente {
	g := demo.Gente{Ingresar: ingresarDemo, Choferes: map[string]string{}, Aparatos: map[string]int{},
		Aparato: func(ctx context.Context, url string, n int) (string, error) {
			return apiclient.IngresoMaquina(ctx, url, devoidc.AppDispositivo(n), devoidc.SecretoDispositivo)
		}}
	for _, i := range devoidc.Ingresos() {
		g.Choferes[oidc.IDDe(devoidc.Sujeto(i.Login))] = i.Login
	}
	for n, sub := range devoidc.Dispositivos() {
		g.Aparatos[oidc.IDDe(sub)] = n + 1
	}
	return g
}

const urlPorDefecto = "http://127.0.0.1:8080"

// instancia is the running instance that a command talks to.
func instancia() string {
	if u := os.Getenv("DESPENSA_URL"); u != "" {
		return strings.TrimSuffix(u, "/")
	}
	return urlPorDefecto
}

func imprimirConfig(_ context.Context, args []string, salida, _ io.Writer) error {
	if err := cli.SinArgumentos(args); err != nil {
		return err
	}
	c, err := ajustes.Leer(os.Environ())
	if err != nil {
		return err
	}
	return config.Imprimir(salida, c)
}

func migrar(ctx context.Context, args []string, salida, errores io.Writer) error {
	if err := cli.SinArgumentos(args); err != nil {
		return err
	}
	c, err := ajustes.Leer(os.Environ())
	if err != nil {
		return err
	}
	log, err := telemetry.NuevoLog(errores, c.Registro)
	if err != nil {
		return fmt.Errorf("%w: %w", config.ErrConfig, err)
	}
	c.HTTP.Direccion = "127.0.0.1:0"
	p, err := programa.Abrir(ctx, c, log, programa.Pruebas{})
	if err != nil {
		return err
	}
	fmt.Fprintln(salida, "up to date")
	return p.Cerrar()
}

func retomar(ctx context.Context, args []string, salida, _ io.Writer) error {
	if err := cli.SinArgumentos(args); err != nil {
		return err
	}
	c, err := ajustes.Leer(os.Environ())
	if err != nil {
		return err
	}
	hechas, err := programa.Retomar(ctx, c)
	for _, r := range hechas {
		fmt.Fprintf(salida, "%s: %d\n", r.Modulo, r.Cuanto)
	}
	return err
}

func salud(ctx context.Context, args []string, salida, _ io.Writer) error {
	if err := cli.SinArgumentos(args); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, instancia()+"/salud/listo", nil)
	if err != nil {
		return fmt.Errorf("%w: DESPENSA_URL is no address", cli.ErrUso)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return errors.New("the instance does not answer")
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("not ready: status %d", res.StatusCode)
	}
	fmt.Fprintln(salida, "ready")
	return nil
}

func ficha(ctx context.Context, args []string, salida, _ io.Writer) error {
	if len(args) != 1 {
		return fmt.Errorf("%w: despensa token LOGIN", cli.ErrUso)
	}
	t, err := apiclient.IngresoDemo(ctx, instancia(), args[0], devoidc.Clave)
	if err != nil {
		return err
	}
	fmt.Fprintln(salida, t)
	return nil
}

func imprimirVersion(_ context.Context, args []string, salida, _ io.Writer) error {
	if err := cli.SinArgumentos(args); err != nil {
		return err
	}
	revision := "unknown revision"
	if i, ok := debug.ReadBuildInfo(); ok {
		for _, s := range i.Settings {
			if s.Key == "vcs.revision" {
				revision = s.Value
			}
		}
	}
	fmt.Fprintf(salida, "despensa %s (%s)\n", programa.Version, revision)
	return nil
}

// pruebas reads what crash tests ask of the program through DESPENSA_TEST_…; produccion
// refuses them.
func pruebas(c ajustes.Configuracion, getenv func(string) string) (programa.Pruebas, error) {
	pr := programa.Pruebas{SinRelevos: getenv("DESPENSA_TEST_SIN_RELEVOS") != ""}
	if c.Produccion() && (pr.SinRelevos || getenv("DESPENSA_TEST_CORTE") != "" || getenv("DESPENSA_TEST_RELOJ") != "") {
		return pr, fmt.Errorf("%w: DESPENSA_TEST_…: refused in produccion", config.ErrConfig)
	}
	if n := getenv("DESPENSA_TEST_CORTE"); n != "" {
		var frontera int64
		if _, err := fmt.Sscan(n, &frontera); err != nil {
			return pr, fmt.Errorf("%w: DESPENSA_TEST_CORTE: a number expected", config.ErrConfig)
		}
		pr.Corte = programa.CortarEn(frontera, func() { os.Exit(137) })
	}
	if d := getenv("DESPENSA_TEST_RELOJ"); d != "" {
		adelanto, err := time.ParseDuration(d)
		if err != nil {
			return pr, fmt.Errorf("%w: DESPENSA_TEST_RELOJ: a duration expected", config.ErrConfig)
		}
		pr.Ahora = func() time.Time { return time.Now().Add(adelanto) }
	}
	return pr, nil
}

// Intro is what `despensa --help` says first.
const Intro = "despensa takes the orders of a food company, charges them and delivers them."

// Ejecutar runs the command that args name and gives its exit code.
func Ejecutar(ctx context.Context, args []string, salida, errores io.Writer) int {
	return cli.Ejecutar(ctx, "despensa", Intro, Todos(), args, salida, errores)
}
