// Package cli runs a tree of cobra commands with this program's help texts, exit codes and error lines.
package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"strings"
	"syscall"

	"despensa/platform/config"

	"github.com/spf13/cobra"
)

// The exit codes.
const (
	Bien   = 0
	Mal    = 1
	MalUso = 2 // a bad setting, command, argument or flag
)

// ErrUso says that a command was called with a wrong argument or flag.
var ErrUso = errors.New("usage")

// Flujos are the writers of a command.
type Flujos struct {
	Salida  io.Writer // results
	Errores io.Writer // progress and logs
	Fallos  io.Writer // the reason of a failure, in one Write; nil: Errores
}

const ayuda = `{{.CommandPath}}: {{.Short}}{{with .Long}}

{{.}}{{end}}

{{.UsageString}}
Exit codes: 0 done, also when SIGTERM or SIGINT ends it; 2 a bad setting, command, argument or flag; 1 anything else.
`

// Ejecutar runs the command below raiz that args name and gives the exit code: Bien, Mal or MalUso. SIGINT and
// SIGTERM end the command's context. Ejecutar changes raiz, so a raiz serves one call.
func Ejecutar(ctx context.Context, raiz *cobra.Command, args []string, flujos Flujos) int {
	ctx, parar := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer parar()
	empezo := false
	raiz.PersistentPreRun = func(*cobra.Command, []string) { empezo = true }
	raiz.SetArgs(append([]string{}, args...)) // never nil: cobra would read the process's own
	salida := &resultados{w: flujos.Salida}
	raiz.SetOut(salida)
	raiz.SetErr(flujos.Errores)
	completar(raiz)
	comando, err := raiz.ExecuteContextC(ctx)
	if flujos.Fallos == nil {
		flujos.Fallos = flujos.Errores
	}
	switch {
	case err == nil && salida.err == nil:
		return Bien
	case salida.err != nil && (err == nil || errors.Is(err, salida.err)): // the result could not be written: a full disk
		fmt.Fprintf(flujos.Fallos, "%s: %v\n", comando.CommandPath(), salida.err)
		return Mal
	}
	if !empezo { // cobra itself refused the words of the call
		fmt.Fprintf(flujos.Fallos, "%s: %s; --help tells more\n", comando.CommandPath(), unaLinea(err))
		return MalUso
	}
	fmt.Fprintf(flujos.Fallos, "%s: %v\n", comando.CommandPath(), err)
	if errors.Is(err, ErrUso) || errors.Is(err, config.ErrConfig) {
		return MalUso
	}
	return Mal
}

// resultados is the writer of results. It keeps the first error of writing them.
type resultados struct {
	w   io.Writer
	err error
}

func (r *resultados) Write(p []byte) (int, error) {
	n, err := r.w.Write(p)
	if r.err == nil {
		r.err = err
	}
	return n, err
}

// unaLinea writes an error of cobra, which has its suggestions on further lines, as one line.
func unaLinea(err error) string {
	dicho, parecidas, _ := strings.Cut(err.Error(), "Did you mean this?")
	dicho = strings.Join(strings.Fields(dicho), " ")
	if p := strings.Fields(parecidas); len(p) > 0 {
		dicho += "; did you mean " + strings.Join(p, " or ")
	}
	return dicho
}

// completar gives raiz the commands help and completion, the house's help texts, and its errors for wrong calls.
func completar(raiz *cobra.Command) {
	raiz.SilenceErrors, raiz.SilenceUsage = true, true
	raiz.SetHelpTemplate(ayuda)
	raiz.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	raiz.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		if strings.Contains(err.Error(), "unknown shorthand") {
			return fmt.Errorf("%w (flags have two dashes: --flag)", err)
		}
		return err
	})
	raiz.InitDefaultHelpCmd()
	raiz.InitDefaultCompletionCmd()
	for _, c := range raiz.Commands() {
		switch {
		case c.Name() == "help":
			c.Args = conocido
		case c.HasSubCommands():
			c.Args, c.RunE = subcomando, func(c *cobra.Command, _ []string) error { return c.Help() }
		}
	}
}

// conocido refuses arguments of help that name no command.
func conocido(c *cobra.Command, args []string) error {
	de, resto, err := c.Root().Find(args)
	if err == nil && len(resto) > 0 {
		err = fmt.Errorf("unknown command %q for %q", resto[0], de.CommandPath())
	}
	return err
}

// subcomando refuses a command that does nothing without one of its subcommands.
func subcomando(c *cobra.Command, args []string) error {
	var hay []string
	for _, s := range c.Commands() {
		hay = append(hay, s.Name())
	}
	return fmt.Errorf("one of its commands is expected: %s", strings.Join(hay, ", "))
}

// SinArgumentos is the Args of a command without arguments. Errors: any argument.
func SinArgumentos(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("unexpected %q: this command takes no arguments", args[0])
	}
	return nil
}

// Entre checks that the value v of the flag bandera is between desde and hasta, both allowed. Errors: ErrUso, naming
// the flag.
func Entre[T cmp.Ordered](bandera string, v, desde, hasta T) error {
	if v >= desde && v <= hasta {
		return nil
	}
	return fmt.Errorf("%w: --%s %v: %v to %v expected", ErrUso, bandera, v, desde, hasta)
}
