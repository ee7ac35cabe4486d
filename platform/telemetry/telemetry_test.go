package telemetry

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

func TestLogHidesPersonalData(t *testing.T) {
	for _, formato := range []string{"text", "json"} {
		t.Run(formato, func(t *testing.T) {
			var b bytes.Buffer
			l, err := NuevoLog(&b, Config{formato, "info"})
			if err != nil {
				t.Fatal(err)
			}
			l.With("token", "abc").WithGroup("g").Info("x", "correo", "ana@x", slog.Group("h", "calle", "Una 1"), "pedido", "p1")
			l.Debug("quiet")
			s := b.String()
			if strings.Contains(s, "abc") || strings.Contains(s, "ana@x") || strings.Contains(s, "Una 1") || !strings.Contains(s, "p1") || strings.Contains(s, "quiet") {
				t.Fatal(s)
			}
		})
	}
}

func TestWrongSettings(t *testing.T) {
	for _, c := range []Config{{"xml", "info"}, {"text", "mucho"}} {
		if _, err := NuevoLog(&bytes.Buffer{}, c); err == nil || !strings.Contains(err.Error(), "registro.") {
			t.Errorf("%v: %v", c, err)
		}
	}
}
