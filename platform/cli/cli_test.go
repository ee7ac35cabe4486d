package cli

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"despensa/platform/config"

	"github.com/spf13/cobra"
)

// arbol is the tree of a program with a command of each kind.
func arbol() *cobra.Command {
	falla := func(err error) func(*cobra.Command, []string) error {
		return func(*cobra.Command, []string) error { return err }
	}
	sirve := func(c *cobra.Command, _ []string) error { fmt.Fprint(c.OutOrStdout(), "serving"); return nil }
	raiz := &cobra.Command{Use: "despensa", Short: "sells", RunE: sirve, Version: "1.2.3 (abc)"}
	var n int
	contar := &cobra.Command{Use: "contar", Short: "counts", Long: "Counts things.", Args: SinArgumentos,
		RunE: func(c *cobra.Command, args []string) error {
			fmt.Fprint(c.OutOrStdout(), n)
			return Entre("hasta", n, 1, 9)
		}}
	contar.Flags().IntVar(&n, "hasta", 3, "how far")
	padre := &cobra.Command{Use: "libro", Short: "of books"}
	padre.AddCommand(&cobra.Command{Use: "cerrar", Short: "closes a book", Args: SinArgumentos, RunE: sirve})
	raiz.AddCommand(contar, padre,
		&cobra.Command{Use: "serve", Short: "serves", Args: SinArgumentos, RunE: sirve},
		&cobra.Command{Use: "mas", Short: "adds", RunE: sirve},
		&cobra.Command{Use: "mal", Short: "fails", RunE: falla(errors.New("broken"))},
		&cobra.Command{Use: "clave", Short: "is set wrong", RunE: falla(fmt.Errorf("%w: x", config.ErrConfig))})
	return raiz
}

func TestEjecutar(t *testing.T) {
	tests := map[string]struct {
		args            []string
		codigo          int
		salida, errores string
	}{
		"nothing serves":      {codigo: Bien, salida: "serving"},
		"a flag":              {args: []string{"contar", "--hasta", "5"}, codigo: Bien, salida: "5"},
		"help":                {args: []string{"--help"}, codigo: Bien, salida: "contar "},
		"help, one letter":    {args: []string{"-h"}, codigo: Bien, salida: "contar "},
		"help as a command":   {args: []string{"help"}, codigo: Bien, salida: "contar "},
		"help of a command":   {args: []string{"contar", "-h"}, codigo: Bien, salida: "how far"},
		"help says more":      {args: []string{"contar", "--help"}, codigo: Bien, salida: "Counts things."},
		"help with a command": {args: []string{"help", "contar"}, codigo: Bien, salida: "how far"},
		"help of a subcommand": {args: []string{"help", "libro", "cerrar"}, codigo: Bien,
			salida: "despensa libro cerrar: closes a book"},
		"help of a subcommand's flag": {args: []string{"libro", "cerrar", "--help"}, codigo: Bien,
			salida: "despensa libro cerrar: closes a book"},
		"help of what is not there": {args: []string{"help", "volar"}, codigo: MalUso,
			errores: `unknown command "volar"`},
		"help of half a subcommand": {args: []string{"help", "libro", "abrir"}, codigo: MalUso,
			errores: `unknown command "abrir"`},
		"version":          {args: []string{"--version"}, codigo: Bien, salida: "despensa 1.2.3 (abc)\n"},
		"completion, bash": {args: []string{"completion", "bash"}, codigo: Bien, salida: "__start_despensa"},
		"completion, zsh":  {args: []string{"completion", "zsh"}, codigo: Bien, salida: "compdef"},
		"completion, fish": {args: []string{"completion", "fish"}, codigo: Bien,
			salida: "complete -c despensa"},
		"completion, powershell": {args: []string{"completion", "powershell"}, codigo: Bien,
			salida: "Register-ArgumentCompleter"},
		"completion of what": {args: []string{"completion"}, codigo: MalUso,
			errores: "bash, fish, powershell, zsh"},
		"completions of a command": {args: []string{"__complete", "con"}, codigo: Bien, salida: "contar\tcounts"},
		"unknown command":          {args: []string{"nada"}, codigo: MalUso, errores: `unknown command "nada"`},
		"misspelt":                 {args: []string{"contra"}, codigo: MalUso, errores: "contar"},
		"misspelt, two are near":   {args: []string{"mav"}, codigo: MalUso, errores: "did you mean mal or mas; --help"},
		"misspelt, one letter":     {args: []string{"serv"}, codigo: MalUso, errores: "did you mean serve; --help"},
		"half a command":           {args: []string{"libro"}, codigo: MalUso, errores: "cerrar"},
		"half a command, wrongly":  {args: []string{"libro", "abrir"}, codigo: MalUso, errores: "cerrar"},
		"unknown flag":             {args: []string{"contar", "--no"}, codigo: MalUso, errores: "unknown flag: --no"},
		"a flag with one dash":     {args: []string{"contar", "-a", "3"}, codigo: MalUso, errores: "two dashes"},
		"a flag without a value":   {args: []string{"contar", "--hasta"}, codigo: MalUso, errores: "--hasta"},
		"a flag that is no number": {args: []string{"contar", "--hasta", "x"}, codigo: MalUso, errores: "--hasta"},
		"a flag out of its range": {args: []string{"contar", "--hasta", "0"}, codigo: MalUso,
			errores: "--hasta 0: 1 to 9 expected"},
		"too many words": {args: []string{"contar", "x"}, codigo: MalUso, errores: "no arguments"},
		"failure":        {args: []string{"mal"}, codigo: Mal, errores: "despensa mal: broken"},
		"bad setting": {args: []string{"clave"}, codigo: MalUso,
			errores: "despensa clave: configuration: x"},
		"an unknown flag serves no one": {args: []string{"--nada"}, codigo: MalUso, errores: "unknown flag: --nada"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var s, e bytes.Buffer
			if got := Ejecutar(t.Context(), arbol(), tt.args, Flujos{Salida: &s, Errores: &e}); got != tt.codigo {
				t.Errorf("exit code %d", got)
			}
			if !strings.Contains(s.String(), tt.salida) || !strings.Contains(e.String(), tt.errores) {
				t.Errorf("out %q, err %q", s.String(), e.String())
			}
			if tt.codigo == MalUso && tt.args[0] != "contar" && s.Len() > 0 ||
				tt.codigo == Bien && tt.args != nil && tt.args[0] != "__complete" && e.Len() > 0 {
				t.Errorf("the wrong stream: out %q, err %q", s.String(), e.String())
			}
		})
	}
}

// TestExitCodesInEveryHelp: the help of every command and subcommand lists the exit codes.
func TestExitCodesInEveryHelp(t *testing.T) {
	for _, c := range []string{"", "contar", "libro", "libro cerrar", "completion", "completion bash", "help"} {
		var s, e bytes.Buffer
		codigo := Ejecutar(t.Context(), arbol(), append(strings.Fields(c), "--help"), Flujos{Salida: &s, Errores: &e})
		if codigo != Bien || !strings.Contains(s.String(), "Exit codes: 0 ") ||
			!strings.Contains(s.String(), "2 a bad setting") {
			t.Errorf("%q: %d, %q", c, codigo, s.String())
		}
	}
}

// TestFailuresHaveTheirOwnWriter: the reason of a failure is one Write to Fallos.
func TestFailuresHaveTheirOwnWriter(t *testing.T) {
	for _, c := range []string{"mal", "clave", "nada", "contar x"} {
		var s, e bytes.Buffer
		var f escrituras
		Ejecutar(t.Context(), arbol(), strings.Fields(c), Flujos{Salida: &s, Errores: &e, Fallos: &f})
		if len(f) != 1 || e.Len() > 0 {
			t.Errorf("%s: written %q, and %q", c, f, e.String())
		}
	}
}

// TestResultsThatNobodyGets: a result that cannot be written, as on a full disk, is a failure (Mal) and not a wrong
// call (MalUso).
func TestResultsThatNobodyGets(t *testing.T) {
	for _, c := range []string{"contar --hasta 3", "serve", "--version", "--help", "help contar", "completion bash"} {
		var e bytes.Buffer
		got := Ejecutar(t.Context(), arbol(), strings.Fields(c), Flujos{Salida: lleno{}, Errores: &e})
		if got != Mal || !strings.Contains(e.String(), "no room") {
			t.Errorf("%s: exit code %d, err %q", c, got, e.String())
		}
	}
}

// lleno is a writer that fails like a full disk.
type lleno struct{}

func (lleno) Write([]byte) (int, error) { return 0, errors.New("no room") }

// escrituras keeps the text of each Write.
type escrituras []string

func (e *escrituras) Write(b []byte) (int, error) { *e = append(*e, string(b)); return len(b), nil }

func TestEntre(t *testing.T) {
	var nan float64
	nan -= nan / nan
	tests := map[string]struct {
		err error
		mal bool
	}{
		"least": {Entre("a", 1, 1, 3), false}, "most": {Entre("a", 3, 1, 3), false}, "under": {Entre("a", 0, 1, 3), true},
		"over": {Entre("a", 4, 1, 3), true}, "no number": {Entre("a", nan, 1, 3), true},
		"a duration": {Entre("a", time.Hour, 0, time.Minute), true},
	}
	for name, tt := range tests {
		if errors.Is(tt.err, ErrUso) != tt.mal || tt.mal && !strings.Contains(tt.err.Error(), "--a ") {
			t.Errorf("%s: %v", name, tt.err)
		}
	}
}
