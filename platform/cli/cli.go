// Package cli runs a tree of cobra commands the way this program wants it: its help, its exit codes, its errors.
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

// ErrUso says that the command was called the wrong way.
var ErrUso = errors.New("usage")

// Flujos are where a command writes.
type Flujos struct {
	Salida  io.Writer // results
	Errores io.Writer // progress and logs
	Fallos  io.Writer // why the command failed, one Write; nil: Errores
}

const ayuda = `{{.CommandPath}}: {{.Short}}{{with .Long}}

{{.}}{{end}}

{{.UsageString}}
Exit codes: 0 done, also when SIGTERM or SIGINT ends it; 2 a bad setting, command, argument or flag; 1 anything else.
`

// Ejecutar runs the command below raiz that args name and gives the exit code. SIGINT and SIGTERM end the context.
// It changes raiz, which serves one call.
func Ejecutar(ctx context.Context, raiz *cobra.Command, args []string, f Flujos) int {
	ctx, parar := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer parar()
	empezo := false
	raiz.PersistentPreRun = func(*cobra.Command, []string) { empezo = true }
	raiz.SetArgs(append([]string{}, args...)) // never nil: cobra would read the process's own
	salida := &resultados{w: f.Salida}
	raiz.SetOut(salida)
	raiz.SetErr(f.Errores)
	completar(raiz)
	c, err := raiz.ExecuteContextC(ctx)
	if f.Fallos == nil {
		f.Fallos = f.Errores
	}
	switch {
	case err == nil && salida.err == nil:
		return Bien
	case salida.err != nil && (err == nil || errors.Is(err, salida.err)): // a result that nobody got: a full disk
		fmt.Fprintf(f.Fallos, "%s: %v\n", c.CommandPath(), salida.err)
		return Mal
	}
	if !empezo { // cobra itself refused the words of the call
		fmt.Fprintf(f.Fallos, "%s: %s; --help tells more\n", c.CommandPath(), unaLinea(err))
		return MalUso
	}
	fmt.Fprintf(f.Fallos, "%s: %v\n", c.CommandPath(), err)
	if errors.Is(err, ErrUso) || errors.Is(err, config.ErrConfig) {
		return MalUso
	}
	return Mal
}

// resultados is where results go. It keeps the first error of writing them.
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

// unaLinea writes cobra's error, whose suggestions stand on lines of their own, as one line.
func unaLinea(err error) string {
	dicho, parecidas, _ := strings.Cut(err.Error(), "Did you mean this?")
	dicho = strings.Join(strings.Fields(dicho), " ")
	if p := strings.Fields(parecidas); len(p) > 0 {
		dicho += "; did you mean " + strings.Join(p, " or ")
	}
	return dicho
}

// completar gives raiz what every program here has: help and completion as commands, help texts, errors of use.
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

// conocido refuses words that name no command, for help.
func conocido(c *cobra.Command, args []string) error {
	de, resto, err := c.Root().Find(args)
	if err == nil && len(resto) > 0 {
		err = fmt.Errorf("unknown command %q for %q", resto[0], de.CommandPath())
	}
	return err
}

// subcomando refuses a command that only its subcommands make sense of.
func subcomando(c *cobra.Command, args []string) error {
	var hay []string
	for _, s := range c.Commands() {
		hay = append(hay, s.Name())
	}
	return fmt.Errorf("one of its commands is expected: %s", strings.Join(hay, ", "))
}

// SinArgumentos refuses arguments.
func SinArgumentos(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("unexpected %q: this command takes no arguments", args[0])
	}
	return nil
}

// Entre refuses the value v of a flag that is not between desde and hasta, both allowed. Errors: ErrUso, naming the flag.
func Entre[T cmp.Ordered](bandera string, v, desde, hasta T) error {
	if v >= desde && v <= hasta {
		return nil
	}
	return fmt.Errorf("%w: --%s %v: %v to %v expected", ErrUso, bandera, v, desde, hasta)
}
