// Package comandos is the command line of despensa: serve, dev, migrate, config and the other commands.
package comandos

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
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
	"despensa/platform/wiring"

	"github.com/spf13/cobra"
)

// Raiz is the command line. Without a command it runs serve.
func Raiz() *cobra.Command {
	raiz := &cobra.Command{Use: "despensa", Short: intro, Long: "Without a command: serve.",
		Version: fmt.Sprintf("%s (%s)", programa.Version, programa.Revision()), RunE: servir}
	raiz.AddCommand(
		&cobra.Command{
			Use:   "serve",
			Short: "serves the API, with stand-ins for each server that is not configured",
			Args:  cli.NoArgs,
			RunE:  servir,
			Long:  "Prints `listo URL` on standard output when it is ready. Settings: despensa config.",
		},
		&cobra.Command{
			Use:   "dev",
			Short: "serves the stand-ins alone, for several replicas or another program",
			Args:  cli.NoArgs,
			RunE:  suplir,
			Long: "Identity provider and gateway simulator at http.direccion; codes of the provider may go to any port of\n" +
				"this machine, webhooks go to mercadopago.avisos. Prints `listo URL` when it is ready. The programs that use\n" +
				"it name it as oidc.emisor and mercadopago.url, as the start-up message shows.",
		},
		&cobra.Command{Use: "migrate", Short: "brings every schema up to date and ends",
			Args: cli.NoArgs, RunE: migrar,
			Long: "serve does the same before it starts."},
		&cobra.Command{Use: "config", Short: "prints the effective settings, secrets hidden",
			Args: cli.NoArgs, RunE: imprimirConfig,
			Long: "Defaults, then the file that DESPENSA_CONFIG names, then the environment: http.direccion is\n" +
				"DESPENSA_HTTP_DIRECCION; DESPENSA_…_FILE names a file that holds the value."},
		&cobra.Command{
			Use:   "retomar",
			Short: "takes up again the rows that were set aside because they could not be read",
			Args:  cli.NoArgs,
			RunE:  retomar,
			Long: "In the stores that the settings name, beside the instances that run; how much, by module.\n" +
				"A row that still cannot be read is set aside anew. despensa_apartados counts the rows that are set aside.",
		},
		deInstancia(
			&cobra.Command{
				Use:   "healthcheck",
				Short: "asks a running instance whether it is ready",
				Args:  cli.NoArgs,
				RunE:  salud,
				Long:  "DESPENSA_URL says which (default " + urlPorDefecto + ").",
			},
		),
		deInstancia(
			&cobra.Command{Use: "token LOGIN", Short: "prints an access token of a demo login",
				Args: unLogin, RunE: accessToken,
				Long: "Logs in at the identity provider embedded in a running instance, as a browser would; " +
					"any other provider is\n" +
					"refused. DESPENSA_URL says where (default " + urlPorDefecto + ")."},
		),
		deInstancia(bench.Comando(instancia, ingresarDemo)),
		deInstancia(demo.Comando(instancia, Gente())),
		deInstancia(explicar.Comando(instancia, ingresarDemo)),
		clientesmod.Comando(opcionesDeClientes),
		licencias.Comando(),
		&cobra.Command{
			Use:   "version",
			Short: "prints version and revision",
			Args:  cli.NoArgs,
			RunE:  imprimirVersion,
		},
	)
	return raiz
}

// opcionesDeClientes are the settings of clientes, for its commands.
func opcionesDeClientes() (clientesmod.Opciones, error) {
	c, err := leer()
	return clientesmod.Opciones{
		Options: wiring.Options{
			Folder: c.Datos,
			Now:    time.Now,
		},
		Config:    c.Clientes,
		Auditoria: c.Auditoria,
	}, err
}

// ingresarDemo logs a demo user in at the provider embedded in a running instance.
func ingresarDemo(ctx context.Context, url, login string) (string, error) {
	return apiclient.DemoLogin(ctx, url, login, devoidc.Password)
}

// Gente are the logins, drivers and devices of the demo data.
func Gente() demo.Gente {
	g := demo.Gente{
		Ingresar: ingresarDemo,
		Choferes: map[string]string{},
		Aparatos: map[string]int{},
		Aparato: func(ctx context.Context, url string, n int) (string, error) {
			return apiclient.MachineLogin(ctx, url, devoidc.AppDevice(n), devoidc.SecretDevice)
		},
	}
	for _, i := range devoidc.Logins() {
		g.Choferes[oidc.IDOf(devoidc.Subject(i.Login))] = i.Login
	}
	for n, sub := range devoidc.Devices() {
		g.Aparatos[oidc.IDOf(sub)] = n + 1
	}
	return g
}

// urlPorDefecto is the instance of commands that talk to one, unless DESPENSA_URL names another.
const urlPorDefecto = "http://127.0.0.1:8080"

// instancia is the address of the running instance that a command talks to.
func instancia() string {
	if u := os.Getenv("DESPENSA_URL"); u != "" {
		return strings.TrimSuffix(u, "/")
	}
	return urlPorDefecto
}

// deInstancia makes the errors of comando, which talks to a running instance, name the instance. Errors: cli.ErrUsage
// when DESPENSA_URL is no address.
func deInstancia(comando *cobra.Command) *cobra.Command {
	correr := comando.RunE
	comando.RunE = func(comando *cobra.Command, args []string) error {
		u, err := url.Parse(instancia())
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return fmt.Errorf(
				"%w: DESPENSA_URL: an address such as %s expected",
				cli.ErrUsage,
				urlPorDefecto,
			)
		}
		err = correr(comando, args)
		if err == nil || errors.Is(err, cli.ErrUsage) {
			return err
		}
		return fmt.Errorf("%w (DESPENSA_URL is %s)", err, u.Redacted())
	}
	return comando
}

// leer reads the settings, and makes the path of the data folder absolute. Errors: config.ErrConfig.
func leer() (ajustes.Configuracion, error) {
	c, err := ajustes.Leer(os.Environ())
	if err != nil {
		return c, err
	}
	if c.Datos, err = filepath.Abs(c.Datos); err != nil {
		return c, fmt.Errorf("%w: datos: %w", config.ErrConfig, err)
	}
	return c, nil
}

// abrirRegistro opens the log of the process. Libraries that write to the standard log write to it too. Errors:
// config.ErrConfig.
func abrirRegistro(out io.Writer, configuracion ajustes.Configuracion) (*slog.Logger, error) {
	log, err := telemetry.NewLog(out, configuracion.Registro)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", config.ErrConfig, err)
	}
	slog.SetDefault(log)
	return log, nil
}

func imprimirConfig(cmd *cobra.Command, _ []string) error {
	c, err := leer()
	if err != nil {
		return err
	}
	return config.Print(cmd.OutOrStdout(), c)
}

func migrar(cmd *cobra.Command, _ []string) error {
	configuracion, err := leer()
	if err != nil {
		return err
	}
	log, err := abrirRegistro(cmd.ErrOrStderr(), configuracion)
	if err != nil {
		return err
	}
	// An instance may serve at the configured addresses meanwhile.
	configuracion.HTTP.Direccion, configuracion.HTTP.Metricas = "127.0.0.1:0", ""
	avisarCarpeta(cmd.ErrOrStderr(), configuracion)
	p, err := programa.Open(cmd.Context(), configuracion, log, programa.Pruebas{})
	if err != nil {
		return err
	}
	fmt.Fprintln(cmd.OutOrStdout(), "up to date")
	return p.Cerrar()
}

// avisarCarpeta warns that the program is about to make a data folder: started in a wrong folder, it begins a new,
// empty shop.
func avisarCarpeta(out io.Writer, configuracion ajustes.Configuracion) {
	if configuracion.EnDatos() && !programa.HayDatos(configuracion.Datos) {
		fmt.Fprintf(out, "new data folder: %s\n", configuracion.Datos)
	}
}

func retomar(cmd *cobra.Command, _ []string) error {
	c, err := leer()
	if err != nil {
		return err
	}
	hechas, err := programa.Retomar(cmd.Context(), c)
	for _, r := range hechas {
		fmt.Fprintf(cmd.OutOrStdout(), "%s: %d\n", r.Modulo, r.Cuanto)
	}
	return err
}

// salud is `despensa healthcheck`: it prints the state of the instance, and fails unless the instance is ready, with
// or without a degraded part.
func salud(cmd *cobra.Command, _ []string) error {
	ctx, cancel := context.WithTimeout(cmd.Context(), 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, instancia()+"/salud/listo", nil)
	if err != nil {
		return fmt.Errorf("%w: DESPENSA_URL is no address", cli.ErrUsage)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return errors.New("the instance does not answer")
	}
	defer res.Body.Close()
	var s struct {
		Partes map[string]string `json:"partes"`
	}
	_ = json.NewDecoder(io.LimitReader(res.Body, 64<<10)).
		Decode(&s)
		// an unreadable body is no error: the status decides
	var faltan []string
	for _, parte := range slices.Sorted(maps.Keys(s.Partes)) {
		if s.Partes[parte] != "bien" {
			faltan = append(faltan, parte+" "+s.Partes[parte])
		}
	}
	switch {
	case res.StatusCode != http.StatusOK && len(faltan) > 0:
		return fmt.Errorf(
			"not ready: status %d: %s",
			res.StatusCode,
			strings.Join(faltan, ", "),
		)
	case res.StatusCode != http.StatusOK:
		return fmt.Errorf("not ready: status %d", res.StatusCode)
	case len(faltan) > 0:
		fmt.Fprintln(cmd.OutOrStdout(), "ready, but", strings.Join(faltan, ", "))
	default:
		fmt.Fprintln(cmd.OutOrStdout(), "ready")
	}
	return nil
}

// unLogin requires the one argument of token. Errors: cli.ErrUsage.
func unLogin(_ *cobra.Command, args []string) error {
	if len(args) != 1 || args[0] == "" {
		return errors.New("one LOGIN is expected")
	}
	return nil
}

func accessToken(cmd *cobra.Command, args []string) error {
	t, err := ingresarDemo(cmd.Context(), instancia(), args[0])
	if err != nil {
		return err
	}
	fmt.Fprintln(cmd.OutOrStdout(), t)
	return nil
}

func imprimirVersion(cmd *cobra.Command, _ []string) error {
	fmt.Fprintf(cmd.OutOrStdout(), "despensa %s\n", cmd.Root().Version)
	return nil
}

// pruebas reads the DESPENSA_TEST_… variables of crash tests. Errors: config.ErrConfig when production has any.
func pruebas(
	configuracion ajustes.Configuracion,
	getenv func(string) string,
) (programa.Pruebas, error) {
	pr := programa.Pruebas{SinRelevos: getenv("DESPENSA_TEST_SIN_RELEVOS") != ""}
	if configuracion.Produccion() &&
		(pr.SinRelevos || getenv("DESPENSA_TEST_CORTE") != "" || getenv("DESPENSA_TEST_RELOJ") != "") {
		return pr, fmt.Errorf("%w: DESPENSA_TEST_…: refused in produccion", config.ErrConfig)
	}
	if n := getenv("DESPENSA_TEST_CORTE"); n != "" {
		var frontera int64
		if _, err := fmt.Sscan(n, &frontera); err != nil {
			return pr, fmt.Errorf(
				"%w: DESPENSA_TEST_CORTE: a number expected",
				config.ErrConfig,
			)
		}
		pr.Cut = programa.CortarEn(frontera, func() { os.Exit(137) })
	}
	if d := getenv("DESPENSA_TEST_RELOJ"); d != "" {
		adelanto, err := time.ParseDuration(d)
		if err != nil {
			return pr, fmt.Errorf(
				"%w: DESPENSA_TEST_RELOJ: a duration expected",
				config.ErrConfig,
			)
		}
		pr.Ahora = func() time.Time { return time.Now().Add(adelanto) }
	}
	return pr, nil
}

const intro = "takes the orders of a food company, charges them and delivers them"

// Ejecutar runs the command that args name and gives its exit code. With registro.formato json each line on errores is
// JSON: progress, warnings and the reason of a failure too.
func Ejecutar(ctx context.Context, args []string, salida, errores io.Writer) int {
	f := cli.Streams{Out: salida, Err: errores}
	if ajustes.FormatoDeRegistro(os.Environ()) == "json" {
		f.Err = telemetry.AsJSON(errores, slog.LevelInfo)
		f.Failures = telemetry.AsJSON(errores, slog.LevelError)
	}
	return cli.Run(ctx, Raiz(), args, f)
}
