// Package cli is the command line: commands, their help, their exit codes.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os/signal"
	"strings"
	"syscall"

	"despensa/platform/config"
)

// The exit codes.
const (
	Bien       = 0
	Mal        = 1
	MalUso     = 2 // a bad setting, command or flag
	porDefecto = "serve"
)

// ErrUso says that the command was called the wrong way.
var ErrUso = errors.New("usage")

// Comando is one thing that the program does.
type Comando struct {
	Nombre, Resumen string
	// Ayuda is what --help adds: arguments, settings, an example.
	Ayuda string
	// Banderas adds flags; may be nil.
	Banderas func(f *flag.FlagSet)
	// Correr does it. Results go to salida, everything else to errores.
	Correr func(ctx context.Context, args []string, salida, errores io.Writer) error
}

// Ejecutar runs the command that args name, serve when they name none, and gives the
// exit code. SIGINT and SIGTERM end ctx.
func Ejecutar(ctx context.Context, programa, intro string, cs []Comando, args []string, salida, errores io.Writer) int {
	ctx, parar := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer parar()
	nombre := porDefecto
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		nombre, args = args[0], args[1:]
	} else if len(args) > 0 && esAyuda(args[0]) {
		nombre = "help"
	}
	if nombre == "help" {
		fmt.Fprint(salida, Ayuda(programa, intro, cs))
		return Bien
	}
	for _, c := range cs {
		if c.Nombre == nombre {
			return correr(ctx, programa, c, args, salida, errores)
		}
	}
	fmt.Fprintf(errores, "%s: there is no command %q; %s --help lists them\n", programa, nombre, programa)
	return MalUso
}

func esAyuda(a string) bool { return a == "-h" || a == "--help" || a == "-help" }

// correr parses a command's flags and runs it.
func correr(ctx context.Context, programa string, c Comando, args []string, salida, errores io.Writer) int {
	f := banderas(c)
	f.SetOutput(io.Discard)
	if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(salida, AyudaDe(programa, c))
		return Bien
	} else if err != nil {
		fmt.Fprintf(errores, "%s %s: %v; --help tells more\n", programa, c.Nombre, err)
		return MalUso
	}
	err := c.Correr(ctx, f.Args(), salida, errores)
	switch {
	case err == nil:
		return Bien
	case errors.Is(err, ErrUso), errors.Is(err, config.ErrConfig):
		fmt.Fprintf(errores, "%s %s: %v\n", programa, c.Nombre, err)
		return MalUso
	}
	fmt.Fprintf(errores, "%s %s: %v\n", programa, c.Nombre, err)
	return Mal
}

func banderas(c Comando) *flag.FlagSet {
	f := flag.NewFlagSet(c.Nombre, flag.ContinueOnError)
	if c.Banderas != nil {
		c.Banderas(f)
	}
	return f
}

// SinArgumentos refuses what a command does not take. Errors: ErrUso.
func SinArgumentos(args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%w: this command takes no arguments", ErrUso)
	}
	return nil
}

// Ayuda is the help of the whole program.
func Ayuda(programa, intro string, cs []Comando) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\nUsage: %s [command] [flags]\n\nCommands:\n", intro, programa)
	for _, c := range cs {
		fmt.Fprintf(&b, "  %-12s %s\n", c.Nombre, c.Resumen)
	}
	fmt.Fprintf(&b, "\nWithout a command: %s. %s COMMAND --help tells more about one.\n", porDefecto, programa)
	b.WriteString("Exit codes: 0 well, 1 failed, 2 a bad setting, command or flag.\n")
	return b.String()
}

// AyudaDe is the help of one command.
func AyudaDe(programa string, c Comando) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %s\n", programa, c.Nombre, c.Resumen)
	if c.Ayuda != "" {
		fmt.Fprintf(&b, "\n%s\n", c.Ayuda)
	}
	f := banderas(c)
	hay := false
	f.VisitAll(func(*flag.Flag) { hay = true })
	if hay {
		b.WriteString("\nFlags:\n")
		f.SetOutput(&b)
		f.PrintDefaults()
	}
	return b.String()
}
