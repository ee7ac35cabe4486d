package telemetry

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestLogHidesPersonalData(t *testing.T) {
	for _, formato := range []string{"text", "json"} {
		t.Run(formato, func(t *testing.T) {
			var b bytes.Buffer
			l, err := NewLog(&b, Config{Formato: formato, Nivel: "info"})
			if err != nil {
				t.Fatal(err)
			}
			l.With("token", "abc").
				WithGroup("g").
				Info("x", "correo", "ana@x", slog.Group("h", "calle", "Una 1"),
					"pedido", "p1")
			l.Debug("quiet")
			s := b.String()
			if strings.Contains(s, "abc") || strings.Contains(s, "ana@x") || strings.Contains(s, "Una 1") ||
				!strings.Contains(s, "p1") ||
				strings.Contains(s, "quiet") {
				t.Fatal(s)
			}
		})
	}
}

func TestWrongSettings(t *testing.T) {
	good := Config{Formato: "text", Nivel: "info", Solicitudes: 20, Lenta: time.Second}
	for key, spoil := range map[string]func(*Config){
		"":                     func(*Config) {},
		"registro.formato":     func(c *Config) { c.Formato = "xml" },
		"registro.nivel":       func(c *Config) { c.Nivel = "mucho" },
		"registro.solicitudes": func(c *Config) { c.Solicitudes = -1 },
		"registro.lenta":       func(c *Config) { c.Lenta = -time.Second },
	} {
		c := good
		spoil(&c)
		_, err := NewLog(&bytes.Buffer{}, c)
		if (err == nil) != (key == "") ||
			err != nil && !strings.HasPrefix(err.Error(), key+":") {
			t.Errorf("%s: %v", key, err)
		}
	}
}
