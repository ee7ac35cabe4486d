// Package telemetry makes the program's log, which holds no personal data, and its registry of metrics.
package telemetry

import (
	"errors"
	"io"
	"log/slog"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// Config is the section registro.
type Config struct {
	// Formato is text or json.
	Formato string `yaml:"formato"`
	// Nivel is debug, info, warn or error.
	Nivel string `yaml:"nivel"`
	// Solicitudes is how many ordinary requests are logged per second, a line each; 0: none. Slow requests and answers
	// 5xx are always logged.
	Solicitudes int `yaml:"solicitudes"`
	// Lenta is the duration from which a request is slow; 0: no request is slow.
	Lenta time.Duration `yaml:"lenta"`
}

// Validate checks every setting. Errors: each key with an impossible value, and its range.
func (c Config) Validate() error {
	var errs []error
	if c.Formato != "text" && c.Formato != "json" {
		errs = append(errs, errors.New("registro.formato: text or json expected"))
	}
	if new(slog.Level).UnmarshalText([]byte(c.Nivel)) != nil {
		errs = append(errs, errors.New("registro.nivel: debug, info, warn or error expected"))
	}
	if c.Solicitudes < 0 || c.Solicitudes > 100_000 {
		errs = append(errs, errors.New("registro.solicitudes: 0 to 100000"))
	}
	if c.Lenta < 0 || c.Lenta > time.Hour {
		errs = append(errs, errors.New("registro.lenta: 0s to 1h"))
	}
	return errors.Join(errs...)
}

// hidden are the attributes with personal data or secrets: the log shows *** in the place of their values.
var hidden = []string{
	"correo", "email", "nombre", "telefono", "calle", "notas", "documento",
	"token", "authorization", "clave", "password", "secreto", "cookie",
}

// NewLog makes a logger on out. Of the lines about a store that is away, one of each message is written every ten
// seconds, with the number of lines left out (callados). Errors: those of config.Validate.
func NewLog(out io.Writer, config Config) (*slog.Logger, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	var nivel slog.Level
	_ = nivel.UnmarshalText([]byte(config.Nivel)) // Validate has checked it
	o := &slog.HandlerOptions{Level: nivel, ReplaceAttr: hide}
	if config.Formato == "json" {
		return slog.New(throttled(slog.NewJSONHandler(out, o))), nil
	}
	return slog.New(throttled(slog.NewTextHandler(out, o))), nil
}

// hide hides the values of attributes that may hold personal data or secrets.
func hide(_ []string, attr slog.Attr) slog.Attr {
	if slices.Contains(hidden, attr.Key) {
		return slog.String(attr.Key, "***")
	}
	return attr
}

// NewMetrics makes a registry with the metrics of the Go runtime and of the process.
func NewMetrics() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return r
}
