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
	OK     = 0
	Failed = 1
	Misuse = 2 // a bad setting, command, argument or flag
)

// ErrUsage says that a command was called with a wrong argument or flag.
var ErrUsage = errors.New("usage")

// Streams are the writers of a command.
type Streams struct {
	Out      io.Writer // results
	Err      io.Writer // progress and logs
	Failures io.Writer // the reason of a failure, in one Write; nil: Err
}

const helpTemplate = `{{.CommandPath}}: {{.Short}}{{with .Long}}

{{.}}{{end}}

{{.UsageString}}
Exit codes: 0 done, also when SIGTERM or SIGINT ends it; 2 a bad setting, command, argument or flag; 1 anything else.
`

// Run runs the command below raiz that args name and gives the exit code: OK, Failed or Misuse. SIGINT and
// SIGTERM end the command's context. Run changes raiz, so a raiz serves one call.
func Run(ctx context.Context, raiz *cobra.Command, args []string, flujos Streams) int {
	ctx, parar := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer parar()
	empezo := false
	raiz.PersistentPreRun = func(*cobra.Command, []string) { empezo = true }
	raiz.SetArgs(append([]string{}, args...)) // never nil: cobra would read the process's own
	salida := &results{w: flujos.Out}
	raiz.SetOut(salida)
	raiz.SetErr(flujos.Err)
	complete(raiz)
	comando, err := raiz.ExecuteContextC(ctx)
	if flujos.Failures == nil {
		flujos.Failures = flujos.Err
	}
	switch {
	case err == nil && salida.err == nil:
		return OK
	case salida.err != nil && (err == nil || errors.Is(err, salida.err)): // the result could not be written: a full disk
		fmt.Fprintf(flujos.Failures, "%s: %v\n", comando.CommandPath(), salida.err)
		return Failed
	}
	if !empezo { // cobra itself refused the words of the call
		fmt.Fprintf(
			flujos.Failures,
			"%s: %s; --help tells more\n",
			comando.CommandPath(),
			oneLine(err),
		)
		return Misuse
	}
	fmt.Fprintf(flujos.Failures, "%s: %v\n", comando.CommandPath(), err)
	if errors.Is(err, ErrUsage) || errors.Is(err, config.ErrConfig) {
		return Misuse
	}
	return Failed
}

// results is the writer of results. It keeps the first error of writing them.
type results struct {
	w   io.Writer
	err error
}

func (r *results) Write(p []byte) (int, error) {
	n, err := r.w.Write(p)
	if r.err == nil {
		r.err = err
	}
	return n, err
}

// oneLine writes an error of cobra, which has its suggestions on further lines, as one line.
func oneLine(err error) string {
	dicho, parecidas, _ := strings.Cut(err.Error(), "Did you mean this?")
	dicho = strings.Join(strings.Fields(dicho), " ")
	if p := strings.Fields(parecidas); len(p) > 0 {
		dicho += "; did you mean " + strings.Join(p, " or ")
	}
	return dicho
}

// complete gives raiz the commands help and completion, the house's help texts, and its errors for wrong calls.
func complete(raiz *cobra.Command) {
	raiz.SilenceErrors, raiz.SilenceUsage = true, true
	raiz.SetHelpTemplate(helpTemplate)
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
			c.Args = knownCommand
		case c.HasSubCommands():
			c.Args, c.RunE = needsSubcommand, func(c *cobra.Command, _ []string) error { return c.Help() }
		}
	}
}

// knownCommand refuses arguments of help that name no command.
func knownCommand(command *cobra.Command, args []string) error {
	de, resto, err := command.Root().Find(args)
	if err == nil && len(resto) > 0 {
		err = fmt.Errorf("unknown command %q for %q", resto[0], de.CommandPath())
	}
	return err
}

// needsSubcommand refuses a command that does nothing without one of its subcommands.
func needsSubcommand(command *cobra.Command, args []string) error {
	var hay []string
	for _, s := range command.Commands() {
		hay = append(hay, s.Name())
	}
	return fmt.Errorf("one of its commands is expected: %s", strings.Join(hay, ", "))
}

// NoArgs is the Args of a command without arguments. Errors: any argument.
func NoArgs(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("unexpected %q: this command takes no arguments", args[0])
	}
	return nil
}

// Between checks that the value v of the flag bandera is between desde and hasta, both allowed. Errors: ErrUsage,
// naming the flag.
func Between[T cmp.Ordered](bandera string, v, desde, hasta T) error {
	if v >= desde && v <= hasta {
		return nil
	}
	return fmt.Errorf("%w: --%s %v: %v to %v expected", ErrUsage, bandera, v, desde, hasta)
}
