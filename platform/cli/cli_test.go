package cli

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"testing"

	"despensa/platform/config"
)

func TestEjecutar(t *testing.T) {
	var n int
	cs := []Comando{
		{Nombre: "serve", Resumen: "serves", Correr: func(_ context.Context, _ []string, w, _ io.Writer) error { fmt.Fprint(w, "serving"); return nil }},
		{Nombre: "contar", Resumen: "counts", Ayuda: "Counts things.", Banderas: func(f *flag.FlagSet) { f.IntVar(&n, "hasta", 3, "how far") },
			Correr: func(_ context.Context, args []string, w, _ io.Writer) error {
				fmt.Fprint(w, n, args)
				return SinArgumentos(args)
			}},
		{Nombre: "mal", Correr: func(context.Context, []string, io.Writer, io.Writer) error { return errors.New("broken") }},
		{Nombre: "clave", Correr: func(context.Context, []string, io.Writer, io.Writer) error {
			return fmt.Errorf("%w: x", config.ErrConfig)
		}},
	}
	tests := map[string]struct {
		args            []string
		codigo          int
		salida, errores string
	}{
		"nothing serves":    {nil, Bien, "serving", ""},
		"a flag":            {[]string{"contar", "--hasta", "5"}, Bien, "5 []", ""},
		"help":              {[]string{"--help"}, Bien, "contar", ""},
		"help of a command": {[]string{"contar", "-h"}, Bien, "how far", ""},
		"unknown command":   {[]string{"nada"}, MalUso, "", "no command"},
		"unknown flag":      {[]string{"contar", "--no"}, MalUso, "", "not defined"},
		"too many words":    {[]string{"contar", "x"}, MalUso, "", "no arguments"},
		"failure":           {[]string{"mal"}, Mal, "", "broken"},
		"bad setting":       {[]string{"clave"}, MalUso, "", "x"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var s, e bytes.Buffer
			if got := Ejecutar(t.Context(), "despensa", "Intro.", cs, tt.args, &s, &e); got != tt.codigo {
				t.Errorf("exit code %d", got)
			}
			if !strings.Contains(s.String(), tt.salida) || !strings.Contains(e.String(), tt.errores) {
				t.Errorf("out %q, err %q", s.String(), e.String())
			}
		})
	}
}
