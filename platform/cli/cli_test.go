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

// tree is the tree of a program with a command of each kind.
func tree() *cobra.Command {
	falla := func(err error) func(*cobra.Command, []string) error {
		return func(*cobra.Command, []string) error { return err }
	}
	sirve := func(c *cobra.Command, _ []string) error { fmt.Fprint(c.OutOrStdout(), "serving"); return nil }
	raiz := &cobra.Command{Use: "despensa", Short: "sells", RunE: sirve, Version: "1.2.3 (abc)"}
	var n int
	contar := &cobra.Command{
		Use:   "contar",
		Short: "counts",
		Long:  "Counts things.",
		Args:  NoArgs,
		RunE: func(c *cobra.Command, args []string) error {
			fmt.Fprint(c.OutOrStdout(), n)
			return Between("hasta", n, 1, 9)
		},
	}
	contar.Flags().IntVar(&n, "hasta", 3, "how far")
	padre := &cobra.Command{Use: "libro", Short: "of books"}
	padre.AddCommand(
		&cobra.Command{Use: "cerrar", Short: "closes a book", Args: NoArgs, RunE: sirve},
	)
	raiz.AddCommand(
		contar,
		padre,
		&cobra.Command{Use: "serve", Short: "serves", Args: NoArgs, RunE: sirve},
		&cobra.Command{Use: "mas", Short: "adds", RunE: sirve},
		&cobra.Command{Use: "mal", Short: "fails", RunE: falla(errors.New("broken"))},
		&cobra.Command{
			Use:   "clave",
			Short: "is set wrong",
			RunE:  falla(fmt.Errorf("%w: x", config.ErrConfig)),
		},
	)
	return raiz
}

func TestEjecutar(t *testing.T) {
	tests := map[string]struct {
		args            []string
		codigo          int
		salida, errores string
	}{
		"nothing serves": {codigo: OK, salida: "serving"},
		"a flag": {
			args:   []string{"contar", "--hasta", "5"},
			codigo: OK,
			salida: "5",
		},
		"help":              {args: []string{"--help"}, codigo: OK, salida: "contar "},
		"help, one letter":  {args: []string{"-h"}, codigo: OK, salida: "contar "},
		"help as a command": {args: []string{"help"}, codigo: OK, salida: "contar "},
		"help of a command": {args: []string{"contar", "-h"}, codigo: OK, salida: "how far"},
		"help says more": {
			args:   []string{"contar", "--help"},
			codigo: OK,
			salida: "Counts things.",
		},
		"help with a command": {
			args:   []string{"help", "contar"},
			codigo: OK,
			salida: "how far",
		},
		"help of a subcommand": {args: []string{"help", "libro", "cerrar"}, codigo: OK,
			salida: "despensa libro cerrar: closes a book"},
		"help of a subcommand's flag": {args: []string{"libro", "cerrar", "--help"}, codigo: OK,
			salida: "despensa libro cerrar: closes a book"},
		"help of what is not there": {args: []string{"help", "volar"}, codigo: Misuse,
			errores: `unknown command "volar"`},
		"help of half a subcommand": {args: []string{"help", "libro", "abrir"}, codigo: Misuse,
			errores: `unknown command "abrir"`},
		"version": {
			args:   []string{"--version"},
			codigo: OK,
			salida: "despensa 1.2.3 (abc)\n",
		},
		"completion, bash": {
			args:   []string{"completion", "bash"},
			codigo: OK,
			salida: "__start_despensa",
		},
		"completion, zsh": {
			args:   []string{"completion", "zsh"},
			codigo: OK,
			salida: "compdef",
		},
		"completion, fish": {args: []string{"completion", "fish"}, codigo: OK,
			salida: "complete -c despensa"},
		"completion, powershell": {args: []string{"completion", "powershell"}, codigo: OK,
			salida: "Register-ArgumentCompleter"},
		"completion of what": {args: []string{"completion"}, codigo: Misuse,
			errores: "bash, fish, powershell, zsh"},
		"completions of a command": {
			args:   []string{"__complete", "con"},
			codigo: OK,
			salida: "contar\tcounts",
		},
		"unknown command": {
			args:    []string{"nada"},
			codigo:  Misuse,
			errores: `unknown command "nada"`,
		},
		"misspelt": {
			args:    []string{"contra"},
			codigo:  Misuse,
			errores: "contar",
		},
		"misspelt, two are near": {
			args:    []string{"mav"},
			codigo:  Misuse,
			errores: "did you mean mal or mas; --help",
		},
		"misspelt, one letter": {
			args:    []string{"serv"},
			codigo:  Misuse,
			errores: "did you mean serve; --help",
		},
		"half a command": {
			args:    []string{"libro"},
			codigo:  Misuse,
			errores: "cerrar",
		},
		"half a command, wrongly": {
			args:    []string{"libro", "abrir"},
			codigo:  Misuse,
			errores: "cerrar",
		},
		"unknown flag": {
			args:    []string{"contar", "--no"},
			codigo:  Misuse,
			errores: "unknown flag: --no",
		},
		"a flag with one dash": {
			args:    []string{"contar", "-a", "3"},
			codigo:  Misuse,
			errores: "two dashes",
		},
		"a flag without a value": {
			args:    []string{"contar", "--hasta"},
			codigo:  Misuse,
			errores: "--hasta",
		},
		"a flag that is no number": {
			args:    []string{"contar", "--hasta", "x"},
			codigo:  Misuse,
			errores: "--hasta",
		},
		"a flag out of its range": {args: []string{"contar", "--hasta", "0"}, codigo: Misuse,
			errores: "--hasta 0: 1 to 9 expected"},
		"too many words": {
			args:    []string{"contar", "x"},
			codigo:  Misuse,
			errores: "no arguments",
		},
		"failure": {
			args:    []string{"mal"},
			codigo:  Failed,
			errores: "despensa mal: broken",
		},
		"bad setting": {args: []string{"clave"}, codigo: Misuse,
			errores: "despensa clave: configuration: x"},
		"an unknown flag serves no one": {
			args:    []string{"--nada"},
			codigo:  Misuse,
			errores: "unknown flag: --nada",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var s, e bytes.Buffer
			if got := Run(t.Context(), tree(), tt.args, Streams{Out: &s, Err: &e}); got != tt.codigo {
				t.Errorf("exit code %d", got)
			}
			if !strings.Contains(s.String(), tt.salida) ||
				!strings.Contains(e.String(), tt.errores) {
				t.Errorf("out %q, err %q", s.String(), e.String())
			}
			if tt.codigo == Misuse && tt.args[0] != "contar" && s.Len() > 0 ||
				tt.codigo == OK && tt.args != nil && tt.args[0] != "__complete" && e.Len() > 0 {
				t.Errorf("the wrong stream: out %q, err %q", s.String(), e.String())
			}
		})
	}
}

// TestExitCodesInEveryHelp: the help of every command and subcommand lists the exit codes.
func TestExitCodesInEveryHelp(t *testing.T) {
	for _, c := range []string{"", "contar", "libro", "libro cerrar", "completion", "completion bash", "help"} {
		var s, e bytes.Buffer
		codigo := Run(
			t.Context(),
			tree(),
			append(strings.Fields(c), "--help"),
			Streams{Out: &s, Err: &e},
		)
		if codigo != OK || !strings.Contains(s.String(), "Exit codes: 0 ") ||
			!strings.Contains(s.String(), "2 a bad setting") {
			t.Errorf("%q: %d, %q", c, codigo, s.String())
		}
	}
}

// TestFailuresHaveTheirOwnWriter: the reason of a failure is one Write to Failures.
func TestFailuresHaveTheirOwnWriter(t *testing.T) {
	for _, c := range []string{"mal", "clave", "nada", "contar x"} {
		var s, e bytes.Buffer
		var f writeCount
		Run(t.Context(), tree(), strings.Fields(c), Streams{Out: &s, Err: &e, Failures: &f})
		if len(f) != 1 || e.Len() > 0 {
			t.Errorf("%s: written %q, and %q", c, f, e.String())
		}
	}
}

// TestResultsThatNobodyGets: a result that cannot be written, as on a full disk, is a failure (Failed) and not a wrong
// call (Misuse).
func TestResultsThatNobodyGets(t *testing.T) {
	for _, c := range []string{"contar --hasta 3", "serve", "--version", "--help", "help contar", "completion bash"} {
		var e bytes.Buffer
		got := Run(t.Context(), tree(), strings.Fields(c), Streams{Out: full{}, Err: &e})
		if got != Failed || !strings.Contains(e.String(), "no room") {
			t.Errorf("%s: exit code %d, err %q", c, got, e.String())
		}
	}
}

// full is a writer that fails like a full disk.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no room") }

// writeCount keeps the text of each Write.
type writeCount []string

func (e *writeCount) Write(
	b []byte,
) (int, error) {
	*e = append(*e, string(b))
	return len(b), nil
}

func TestEntre(t *testing.T) {
	var nan float64
	nan -= nan / nan
	tests := map[string]struct {
		err error
		mal bool
	}{
		"least": {
			Between("a", 1, 1, 3),
			false,
		}, "most": {Between("a", 3, 1, 3), false}, "under": {Between("a", 0, 1, 3), true},
		"over": {Between("a", 4, 1, 3), true}, "no number": {Between("a", nan, 1, 3), true},
		"a duration": {Between("a", time.Hour, 0, time.Minute), true},
	}
	for name, tt := range tests {
		if errors.Is(tt.err, ErrUsage) != tt.mal ||
			tt.mal && !strings.Contains(tt.err.Error(), "--a ") {
			t.Errorf("%s: %v", name, tt.err)
		}
	}
}
