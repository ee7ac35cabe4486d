// Medir is behind .ci/banco: it starts the program, or two revisions of it in turn, lets `despensa bench` order from
// each, and prints medians and counts as rows for docs/rendimiento.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
)

// Exit codes.
const (
	bien    = 0
	mal     = 1
	malUso  = 2
	ocupado = 3
)

// errOcupada: other processes use the machine, so that the figures would include their work.
var errOcupada = errors.New("the machine is busy")

// errUso is a wrong flag.
var errUso = errors.New("wrong use")

// opciones are the flags.
type opciones struct {
	contra           string
	ocupada          bool
	rondas, pedidos  int
	clientes, lineas []int
	formas           []string
	ritmo            float64
	previos          int
	servidores       bool
	cuentas          bool
	memoria          int
	carpeta          string
	salida, progreso io.Writer
}

const ayuda = `usage: .ci/banco [flags]

Measures the program of this folder, and with --contra that of another revision in turn with it, by the client of this
folder. Prints Markdown tables; progress goes to standard error. Exit codes: 0 measured, 1 something failed, 2 wrong
flags, 3 the machine is busy (--ocupada measures all the same, and the figures say little).

A form is how clients order:
  seguido   each client posts its next order as soon as the last is answered; nobody waits for confirmado
  cerrado   each client quotes, gets a card token, posts and reads until confirmado before its next order
  ritmo     orders are due at random moments (Poisson), --ritmo a second, and a POST lasts from when it was due

Each round is a new process over an empty folder, warmed up by 200 orders. Counts (statements, syncs, bytes) come from a
run of their own; syncs and bytes of the log need strace. Medians are of the rounds.

`

func main() {
	ctx, fin := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer fin()
	os.Exit(correr(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// correr runs the command line args and returns its exit code.
func correr(ctx context.Context, args []string, salida, errores io.Writer) int {
	o, err := leer(args, errores)
	if err == nil {
		o.salida, o.progreso = salida, errores
		err = medir(ctx, o)
	}
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return bien
	case errors.Is(err, errUso):
		fmt.Fprintf(errores, "banco: %v; see --help\n", err)
		return malUso
	case errors.Is(err, errOcupada):
		fmt.Fprintf(errores, "banco: %v; wait until it is quiet, or --ocupada\n", err)
		return ocupado
	}
	fmt.Fprintf(errores, "banco: %v\n", err)
	return mal
}

// leer reads the flags. Errors: errUso; flag.ErrHelp.
func leer(args []string, errores io.Writer) (opciones, error) {
	var o opciones
	var clientes, lineas, formas string
	f := flag.NewFlagSet("banco", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(
		&o.contra,
		"contra",
		"",
		"revision (commit, branch) to measure in turn with this folder",
	)
	f.BoolVar(&o.ocupada, "ocupada", false, "measure although others use the machine")
	f.IntVar(&o.rondas, "rondas", 3, "rounds of each binary, 1 to 20")
	f.IntVar(&o.pedidos, "pedidos", 1200, "orders of a round, 10 to 100000")
	f.StringVar(&clientes, "clientes", "8,32", "numbers of clients")
	f.StringVar(&lineas, "lineas", "1,20", "numbers of lines of an order")
	f.StringVar(&formas, "formas", "seguido,cerrado,ritmo", "forms of ordering")
	f.Float64Var(&o.ritmo, "ritmo", 60, "orders a second of the form ritmo")
	f.IntVar(&o.previos, "previos", 0, "orders that are there already when a round begins")
	f.BoolVar(&o.servidores, "servidores", false,
		"on the servers that DESPENSA_TEST_POSTGRES and DESPENSA_TEST_MONGODB name")
	f.BoolVar(&o.cuentas, "cuentas", true, "count statements, syncs and bytes, too")
	f.IntVar(&o.memoria, "memoria", 0,
		"instead of all that: how memory grows over so many orders placed without a restart")
	f.StringVar(
		&o.carpeta,
		"carpeta",
		"",
		"where data folders are made; empty: the system's temporary folder",
	)
	err := f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(errores, ayuda)
		f.SetOutput(errores)
		f.PrintDefaults()
		return o, err
	}
	if err == nil && f.NArg() > 0 {
		err = fmt.Errorf("%q is no flag", f.Arg(0))
	}
	if err != nil {
		return o, fmt.Errorf("%w: %w", errUso, err)
	}
	if o.clientes, err = numeros(clientes); err == nil {
		o.lineas, err = numeros(lineas)
	}
	o.formas = strings.Split(formas, ",")
	return o, errors.Join(err, o.validar())
}

func numeros(lista string) (out []int, err error) {
	for s := range strings.SplitSeq(lista, ",") {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > 256 {
			return nil, fmt.Errorf(
				"%w: %q is not a list of numbers from 1 to 256",
				errUso,
				lista,
			)
		}
		out = append(out, n)
	}
	return out, nil
}

// validar checks the flags' values as far as the flag package does not. Errors: errUso.
func (o opciones) validar() error {
	for _, f := range o.formas {
		if f != "seguido" && f != "cerrado" && f != "ritmo" {
			return fmt.Errorf("%w: %q is no form", errUso, f)
		}
	}
	switch {
	case o.rondas < 1 || o.rondas > 20:
		return fmt.Errorf("%w: --rondas %d", errUso, o.rondas)
	case o.pedidos < 10 || o.pedidos > 100_000:
		return fmt.Errorf("%w: --pedidos %d", errUso, o.pedidos)
	case o.ritmo <= 0 || o.previos < 0 || o.memoria < 0:
		return fmt.Errorf("%w: a number is below zero", errUso)
	}
	return nil
}
