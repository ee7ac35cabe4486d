// Package telemetry is how the program tells of itself: logs without personal data, and
// a registry of metrics.
package telemetry

import (
	"fmt"
	"io"
	"log/slog"
	"slices"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// Config is the section registro.
type Config struct {
	// Formato is text or json.
	Formato string `yaml:"formato"`
	// Nivel is debug, info, warn or error.
	Nivel string `yaml:"nivel"`
}

// tapadas are attributes whose values never reach a log.
var tapadas = []string{"correo", "email", "nombre", "telefono", "calle", "notas", "documento", "token", "authorization",
	"clave", "password", "secreto", "cookie"}

// NuevoLog makes a logger on w. A line whose error is a store that is away is written once
// in ten seconds for each message, with how many were left out (suppressed). An error names the key that is wrong.
func NuevoLog(w io.Writer, c Config) (*slog.Logger, error) {
	var nivel slog.Level
	if err := nivel.UnmarshalText([]byte(c.Nivel)); err != nil {
		return nil, fmt.Errorf("registro.nivel: debug, info, warn or error expected")
	}
	o := &slog.HandlerOptions{Level: nivel, ReplaceAttr: tapar}
	switch c.Formato {
	case "text":
		return slog.New(conMesura(slog.NewTextHandler(w, o))), nil
	case "json":
		return slog.New(conMesura(slog.NewJSONHandler(w, o))), nil
	}
	return nil, fmt.Errorf("registro.formato: text or json expected")
}

// tapar hides the values of attributes that may hold personal data or secrets.
func tapar(_ []string, a slog.Attr) slog.Attr {
	if slices.Contains(tapadas, a.Key) {
		return slog.String(a.Key, "***")
	}
	return a
}

// NuevasMetricas makes a registry with what Go and the kernel know of the process.
func NuevasMetricas() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}
