package guard

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	propio := errors.New("no")
	conDatos := errors.New("Ana Perez")
	var nada *struct{ err error }
	tests := map[string]struct {
		f      func() error
		panico bool
		texto  string // part of the error's text
	}{
		"nothing happens": {func() error { return nil }, false, ""},
		"an error":        {func() error { return propio }, false, "no"},
		"a panic of ours": {
			func() error { panic("Ana Perez") },
			true,
			"a value of type string",
		},
		"a panic of an error": {
			func() error { panic(conDatos) },
			true,
			"a value of type *errors.errorString",
		},
		"a panic of the rules": {func() error { return nada.err }, true, "nil pointer"},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			var salida bytes.Buffer
			donde := ""
			g := Guard{
				Log:    slog.New(slog.NewTextHandler(&salida, nil)),
				Caught: func(w string) { donde = w },
			}
			err := g.Run(t.Context(), "prueba", tt.f, "pedido", "7")
			var p *Panic
			if errors.As(err, &p) != tt.panico || (donde == "prueba") != tt.panico {
				t.Errorf("error %v, counted under %q", err, donde)
			}
			if err != nil && !strings.Contains(err.Error(), tt.texto) {
				t.Errorf("error %q", err)
			}
			log := salida.String()
			conPila := strings.Contains(log, "guard_test.go") &&
				strings.Contains(log, "pedido=7")
			if strings.Contains(log, "Ana") || tt.panico && !conPila {
				t.Errorf("log: %s", log)
			}
		})
	}
}
